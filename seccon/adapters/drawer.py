"""The person's own drafts that no key can seal: files 0600 in a directory 0700. A full disk never costs what was there."""

import os
import re
from pathlib import Path

from seccon.adapters import durable
from seccon.core.errors import LedgerError

_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")


class PrivateDrawer:
    """One directory; a file for each draft."""

    def __init__(self, directory: str | Path) -> None:
        self._path = Path(directory).expanduser() / "drafts"

    def put(self, name: str, data: bytes) -> None:
        """Write, sync, rename: what was there stays until the new one is safe. Raises LedgerError."""
        try:
            self._make()
            durable.put(self._path / _checked(name), data)
        except OSError as error:
            hint = "The draft of before is still there. Make room, then save again."
            raise LedgerError(f"The draft cannot be saved in {self._path}: {error.strerror}.", hint) from None

    def all(self) -> tuple[tuple[str, bytes], ...]:
        """Give every draft, newest first. Raises LedgerError."""
        try:
            if not self._path.is_dir():
                return ()
            found = [one for one in self._path.iterdir() if _NAME.fullmatch(one.name)]
            found.sort(key=lambda one: one.stat().st_mtime_ns, reverse=True)
            return tuple((one.name, one.read_bytes()) for one in found)
        except OSError as error:
            raise LedgerError(f"The drafts in {self._path} cannot be read: {error.strerror}.") from None

    def drop(self, name: str) -> None:
        """Throw one away. Raises LedgerError."""
        try:
            (self._path / _checked(name)).unlink(missing_ok=True)
        except OSError as error:
            raise LedgerError(f"The draft in {self._path} cannot be removed: {error.strerror}.") from None

    def _make(self) -> None:
        """Make the directory, and see that it is ours alone."""
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = self._path.lstat()
        if self._path.is_symlink() or found.st_uid != os.geteuid():
            raise LedgerError(f"{self._path} is not yours: drafts are not written there.", "Remove it, or look who made it.")
        if found.st_mode & 0o077:
            self._path.chmod(0o700)


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise LedgerError(f"'{name[:40]}' is no name of a draft.")
    return name
