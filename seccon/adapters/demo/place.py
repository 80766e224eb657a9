"""Where a demo lies, how it is left behind, and how it is found again."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from seccon.core.errors import ConfigError
from seccon.core.ids import Fingerprint, MessageId


class DemoPlace(msgspec.Struct, frozen=True):
    """The paths of one demo, all inside `directory` but for `borrowed`, and the names by which its history finds things."""

    directory: Path
    mail: Path
    notmuch_config: Path
    config: Path
    """seccon's own configuration."""
    ledger: str
    """The ledger's URL."""
    gpg_home: Path
    others_home: Path
    """The reporters' and colleagues' GnuPG home: their secret keys, which the demo's user does not have."""
    outbox: Path
    """Where mail goes that would be sent."""
    login: str
    keys: Mapping[str, Fingerprint] = {}
    """Person -> fingerprint."""
    logins: Mapping[str, str] = {}
    """Member -> login; `me` is whoever runs the demo."""
    threads: Mapping[str, MessageId] = {}
    """Thread -> Message-ID of its first mail."""
    projects: Mapping[str, str] = {}
    """Thread -> project."""
    mails: Mapping[str, MessageId] = {}
    """`thread/letter` -> Message-ID."""
    clones: Mapping[str, Path] = {}
    """Project -> its local clone."""
    borrowed: tuple[Path, ...] = ()
    """Short ways to the GnuPG homes, made outside `directory`, because the sockets of gpg-agent want short paths."""
    source: Path = Path()
    """The data that it was made from."""

    def environment(self) -> dict[str, str]:
        """Give the variables with which other programs look at this place instead of the person's own."""
        return {
            "HOME": str(self.directory),
            "NOTMUCH_CONFIG": str(self.notmuch_config),
            "GNUPGHOME": str(self.gpg_home),
            "SECCON_CONFIG": str(self.config),
        }

    def close(self) -> None:
        """End the agents that gpg started, and take away what lies outside `directory`; the directory itself stays."""
        from seccon.adapters.demo.gpg import discard, stop_agents

        for home in (self.gpg_home, self.others_home):
            stop_agents(home)
        for short in self.borrowed:
            discard(short)

    def remember(self) -> None:
        """Write down, in the directory, what `reopen` needs."""
        path = self.directory / MEMORY
        path.touch(mode=0o600)
        path.write_bytes(msgspec.json.format(msgspec.json.encode(self, enc_hook=str)))


MEMORY = "demo.json"
"""The file by which a demo's directory is known."""


def reopen(directory: Path) -> DemoPlace | None:
    """Find the demo that was made in `directory`; None where there is none.

    Raises ConfigError when it cannot be used any more.
    """
    _require_own(directory)
    try:
        place = msgspec.json.decode((directory / MEMORY).read_bytes(), type=DemoPlace, dec_hook=_path)
        for short, home in zip(place.borrowed, (place.gpg_home, place.others_home), strict=False):
            short.mkdir(mode=0o700)
            home.symlink_to(directory / ("gnupg" if home == place.gpg_home else "others/gnupg"), target_is_directory=True)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise ConfigError(
            f"The demo in {directory} cannot be opened again: {error}.", "Make a new one in another directory."
        ) from None
    return place


def _require_own(directory: Path) -> None:
    """Refuse a demo that somebody else made or could change: its configuration names programs, and its GnuPG home does."""
    for path in (directory, directory / MEMORY):
        try:
            found = path.stat()
        except FileNotFoundError:
            return
        except OSError as error:
            raise ConfigError(f"{path} cannot be looked at: {error.strerror}.", "Name another directory.") from None
        if found.st_uid != os.geteuid() or found.st_mode & 0o022:
            raise ConfigError(
                f"{path} is not yours alone, so the demo in it is not opened.", "Name a directory that is not there yet."
            )


def _path(shape: type, given: Any) -> Path:
    return Path(given)
