"""What a local clone says, as values. All text in here is strangers': authors, messages, names of branches and tags."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from seccon.core.instants import Instant
from seccon.core.watch import Watch


class Ref(msgspec.Struct, frozen=True):
    """A branch or a tag, by its whole name, such as `refs/remotes/origin/master`, and its commit."""

    name: str
    commit: str


class Commit(msgspec.Struct, frozen=True):
    """One commit; `message` is all of it, its subject the first line."""

    id: str
    parents: tuple[str, ...] = ()
    author: str = ""
    """`Name <address>`."""
    authored: Instant | None = None
    """When the patch was written; None where git holds no time that can be read."""
    committed: Instant | None = None
    message: str = ""

    @property
    def subject(self) -> str:
        """Its first line."""
        return self.message.lstrip("\n").partition("\n")[0].strip()


class Message(msgspec.Struct, frozen=True):
    """What a commit or a patch says of itself."""

    subject: str
    body: str = ""
    """Everything below the subject, trailers too."""
    trailers: tuple[str, ...] = ()
    """As git reads them, each `Name: value` on one line."""
    author: str = ""
    commit: str = ""
    """Its id, where it has one."""


class Repositories(Protocol):
    """The local clones of the configuration, read and never changed. Each method raises RepositoryError with a sentence."""

    @property
    def names(self) -> tuple[str, ...]:
        """What the configuration calls them."""
        ...

    def watched(self, watch: Watch) -> "Repositories":
        """Give the same clones, where every question ends as soon as nobody waits for it (StoppedError)."""
        ...

    def refs(self, repository: str) -> tuple[Ref, ...]:
        """Give all branches and tags, tags by version. Refuses a clone whose history is cut off: it proves nothing."""
        ...

    def commit(self, repository: str, name: str) -> Commit | None:
        """Find one commit by its id, or the beginning of it, or a tag; None where there is none."""
        ...

    def log(
        self,
        repository: str,
        tips: Sequence[str],
        without: Sequence[str] = (),
        mentions: Sequence[str] = (),
    ) -> tuple[Commit, ...]:
        """Give the commits of `tips` that are not in `without`, oldest first; only such whose message holds one of `mentions`."""
        ...

    def holding(self, repository: str, commit: str) -> frozenset[str]:
        """Give the whole names of the branches and tags that contain a commit."""
        ...

    def within(self, repository: str, commit: str) -> frozenset[str]:
        """Give the whole names of the branches and tags that a commit contains."""
        ...

    def paths(self, repository: str, commits: Sequence[str]) -> tuple[str, ...]:
        """Give the files that commits change."""
        ...

    def patch_ids(self, repository: str, commits: Sequence[str], *, reverse: bool = False) -> Mapping[str, str]:
        """Give commit -> patch id (git patch-id --stable); with `reverse` of what would undo it. Merges have none."""
        ...

    def touching(self, repository: str, tips: Sequence[str], without: Sequence[str], paths: Sequence[str]) -> Mapping[str, str]:
        """Give the commits of `tips` not in `without` that change one of `paths`, each with the id of its whole patch."""
        ...

    def message(self, commit: Commit) -> Message:
        """Take a commit's message apart."""
        ...


class Patches(Protocol):
    """Reads patches with git, wherever they come from. Raises RepositoryError."""

    def messages(self, data: bytes) -> tuple[Message, ...]:
        """Read a patch, or a mailbox of patches as git format-patch writes them."""
        ...
