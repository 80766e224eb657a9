"""The local clones of the configuration, read with the real git. Fulfils `core.repository.Repositories`.

Owns which clone is meant, whether it can be trusted to know its whole history, and what git's answers say.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from seccon.adapters.git_patch import trailers
from seccon.adapters.git_run import Answer, run
from seccon.core.errors import RepositoryError
from seccon.core.instants import Instant, instant
from seccon.core.letter import clean_line
from seccon.core.problems import unknown
from seccon.core.repository import Commit, Message, Ref
from seccon.core.watch import Watch

_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+/-]{0,199}")
"""A commit's id or a tag as a person names it: no option, no range, nothing that git's own language of revisions knows."""
_FORM = "%H%x00%P%x00%an%x00%ae%x00%at%x00%ct%x00%B"
_FIELDS = 7
_REFS = ("refs/heads", "refs/remotes", "refs/tags")
_DIFF = ("--no-ext-diff", "--no-textconv", "--no-renames", "--no-color", "--full-index", "-U3", "-O/dev/null", "--root")
_SHALLOW = "Its history is cut off (a shallow clone), so it can not say what a branch contains."


class GitRepositories:
    """Reads clones; `places` is name -> path, as in `[repositories]`."""

    def __init__(self, places: Mapping[str, str], watch: Watch | None = None) -> None:
        self._given, self._watch = places, watch
        self._places = {name: Path(path).expanduser() for name, path in places.items()}

    def watched(self, watch: Watch) -> "GitRepositories":
        """Give the same clones, where every call of git ends as soon as nobody waits for it."""
        return GitRepositories(self._given, watch)

    @property
    def names(self) -> tuple[str, ...]:
        """What the configuration calls them."""
        return tuple(self._places)

    def refs(self, repository: str) -> tuple[Ref, ...]:
        """Give all branches and tags. Raises RepositoryError, also for a shallow clone."""
        if self._run(repository, "rev-parse", "--is-shallow-repository").out.strip() != b"false":
            raise RepositoryError(f"{self._said(repository)} {_SHALLOW}", f"git -C {self._places[repository]} fetch --unshallow")
        form = "--format=%(refname)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)"
        told = self._run(repository, "for-each-ref", "--sort=version:refname", form, *_REFS).out
        return tuple(_refs(told))

    def commit(self, repository: str, name: str) -> Commit | None:
        """Find one commit. None for what is no name, names nothing, or several."""
        if not _NAME.fullmatch(name) or ".." in name:
            return None
        done = self._run(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}", fails=(1, 128))
        found = done.out.decode("ascii", "replace").strip()
        if done.code or not _ID.fullmatch(found):
            return None
        told = self._run(repository, "log", "-1", "-z", "--no-show-signature", f"--format={_FORM}", "--end-of-options", found).out
        return next(_commits(told), None)

    def log(
        self,
        repository: str,
        tips: Sequence[str],
        without: Sequence[str] = (),
        mentions: Sequence[str] = (),
    ) -> tuple[Commit, ...]:
        """Give commits, oldest first. Raises RepositoryError."""
        if not tips:
            return ()
        asked = [option for text in mentions for option in (f"--grep={text}",)]
        told = self._run(
            repository, "log", "-z", "--topo-order", "--reverse", "--no-show-signature", f"--format={_FORM}",
            "--fixed-strings", "--regexp-ignore-case", *asked, "--stdin", stdin=_tips(tips, without),
        ).out  # fmt: skip
        return tuple(_commits(told))

    def holding(self, repository: str, commit: str) -> frozenset[str]:
        """Give the branches and tags that contain a commit."""
        return self._named(repository, f"--contains={_checked(commit)}")

    def within(self, repository: str, commit: str) -> frozenset[str]:
        """Give the branches and tags that a commit contains."""
        return self._named(repository, f"--merged={_checked(commit)}")

    def _named(self, repository: str, which: str) -> frozenset[str]:
        told = self._run(repository, "for-each-ref", "--format=%(refname)", which, *_REFS).out
        return frozenset(_text(line) for line in told.split(b"\n") if line)

    def paths(self, repository: str, commits: Sequence[str]) -> tuple[str, ...]:
        """Give the files that commits change."""
        told = self._run(
            repository, "diff-tree", "-z", "--stdin", "-r", "--root", "--name-only", "--no-commit-id", "--no-renames",
            stdin=_lines(commits),
        ).out  # fmt: skip
        return tuple(dict.fromkeys(_path(name) for name in told.split(b"\0") if name))

    def patch_ids(self, repository: str, commits: Sequence[str], *, reverse: bool = False) -> Mapping[str, str]:
        """Give commit -> patch id."""
        if not commits:
            return {}
        more = ("-R", "--src-prefix=b/", "--dst-prefix=a/") if reverse else ()  # -R turns the names round as well
        # Without messages: a message could hold lines that look like another patch.
        told = self._run(repository, "diff-tree", "--stdin", "-p", "-r", *_DIFF, *more, stdin=_lines(commits)).out
        return self._identified(told)

    def touching(self, repository: str, tips: Sequence[str], without: Sequence[str], paths: Sequence[str]) -> Mapping[str, str]:
        """Give the commits that change one of `paths`, with the ids of their whole patches."""
        if not tips or not paths:
            return {}
        asked = _tips(tips, without) + b"--\n" + b"".join(_named(one) for one in paths)
        told = self._run(
            repository, "log", "--format=%H", "-p", "--full-diff", "--no-merges", "--no-show-signature", *_DIFF, "--stdin",
            stdin=asked,
        ).out  # fmt: skip
        return self._identified(told)

    def _identified(self, patches: bytes) -> dict[str, str]:
        told = run("patch-id", "--stable", stdin=patches, watch=self._watch).out.decode("ascii", "replace")
        pairs = (line.split() for line in told.splitlines())
        return {pair[1]: pair[0] for pair in pairs if len(pair) == 2}

    def message(self, commit: Commit) -> Message:
        """Take a commit's message apart."""
        text = commit.message.strip("\n")
        return Message(commit.subject, text.partition("\n")[2].strip("\n"), trailers(text), commit.author, commit.id)

    # --- the clone ---------------------------------------------------------------------------------------------------

    def _said(self, repository: str) -> str:
        return f"The repository '{repository}' ({self._places[repository]}):"

    def _run(self, repository: str, *args: str, stdin: bytes = b"", fails: tuple[int, ...] = ()) -> Answer:
        path = self._place(repository)
        done = run(*args, where=str(path), ceiling=str(path.resolve().parent), stdin=stdin, watch=self._watch)
        if done.code and (done.code not in fails or _wrong(done.said)):
            raise self._error(repository, done)
        return done

    def _place(self, repository: str) -> Path:
        path = self._places.get(repository)
        if path is None:
            hint = "Name it in the configuration: [repositories]."
            raise RepositoryError(
                unknown(f"No repository is called '{clean_line(repository, 60)}'", repository, self.names), hint
            )
        try:
            if not path.is_dir():
                raise RepositoryError(f"{self._said(repository)} the directory is not there.", "See [repositories].")
        except PermissionError:
            raise RepositoryError(f"{self._said(repository)} may not be read.", "Look at it with ls -ld.") from None
        return path

    def _error(self, repository: str, done: Answer) -> RepositoryError:
        name, path = self._said(repository), self._places[repository]
        said = done.said
        if "dubious ownership" in said:
            return RepositoryError(
                f"{name} it belongs to another user, and git reads no such clone unless you say that it may.",
                f"git config --global --add safe.directory {path.resolve()}",
            )
        if "not a git repository" in said:
            return RepositoryError(f"{name} it is no git repository.", "Name the clone's own directory in [repositories].")
        if "promisor" in said or "lazy fetch" in said or "transport '" in said:
            return RepositoryError(f"{name} it is a partial clone, and nothing is fetched from here.", "Make a whole clone.")
        first = clean_line(next((line for line in said.splitlines() if line.strip()), f"status {done.code}"), 200)
        if _wrong(said):
            return RepositoryError(f"{name} it is damaged ({first}).", f"git -C {path} fsck")
        return RepositoryError(f"{name} git says: {first}.")


def _wrong(said: str) -> bool:
    """Say whether git complains of the clone itself, rather than that something named is not there."""
    signs = ("corrupt", "bad object", "unable to read", "could not read", "missing", "loose object", "dubious ownership",
             "not a git repository", "promisor", "transport '", "bad config", "Permission denied", "broken")  # fmt: skip
    return any(sign in said for sign in signs)


def _checked(commit: str) -> str:
    if not _ID.fullmatch(commit):
        raise RepositoryError(f"'{clean_line(commit, 60)}' is no whole commit id.")
    return commit


def _lines(commits: Sequence[str]) -> bytes:
    return "".join(f"{_checked(one)}\n" for one in commits).encode()


def _tips(tips: Sequence[str], without: Sequence[str]) -> bytes:
    """Write revisions for `--stdin`, where no length of a command line limits them."""
    return "".join([*(f"{_checked(one)}\n" for one in tips), *(f"^{_checked(one)}\n" for one in without)]).encode()


def _named(path: str) -> bytes:
    """Write one path for `--stdin`; a name with a line feed in it cannot be asked for so."""
    return b"" if "\n" in path else f"{path}\n".encode("utf-8", "surrogateescape")


def _refs(told: bytes) -> Iterator[Ref]:
    """Read refs: a tag object stands for its commit; what is no commit (a tag of a file) is left out."""
    for line in told.split(b"\n"):
        fields = line.split(b"\0")
        if len(fields) == 5:
            name, kind, commit, peeled_kind, peeled = fields
            if kind == b"commit":
                yield Ref(_text(name), commit.decode("ascii"))
            elif peeled_kind == b"commit":
                yield Ref(_text(name), peeled.decode("ascii"))


def _commits(told: bytes) -> Iterator[Commit]:
    fields = told.split(b"\0")
    for at in range(0, len(fields) - _FIELDS + 1, _FIELDS):
        ident, parents, name, address, authored, committed, message = fields[at : at + _FIELDS]
        yield Commit(
            id=ident.decode("ascii", "replace").strip(),
            parents=tuple(parents.decode("ascii", "replace").split()),
            author=f"{_text(name)} <{_text(address)}>",
            authored=_moment(authored),
            committed=_moment(committed),
            message=_text(message),
        )


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _path(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _moment(data: bytes) -> Instant | None:
    """Read seconds since 1970; a forged commit can hold any number."""
    try:
        return instant(datetime.fromtimestamp(int(data), UTC))
    except (ValueError, OverflowError, OSError):
        return None
