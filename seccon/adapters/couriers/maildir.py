"""Writes mail into a Maildir: a courier for demonstrations and dry runs, and the place for copies of what was sent."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from seccon.adapters import durable
from seccon.core.errors import CourierError
from seccon.core.ports import Receipt


class Maildir:
    """One Maildir. Files appear whole: written in `tmp`, synced, then moved."""

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path).expanduser()

    def deliver(self, message: bytes, sender: str, recipients: Sequence[str]) -> Receipt:
        """Write one mail into `new`. Raises CourierError."""
        self._write("new", hashlib.sha256(message).hexdigest()[:32], message)
        return Receipt(via=f"maildir {self._path}")

    def file(self, name: str, message: bytes) -> None:
        """Keep a copy of what was sent, as seen, in `cur`; the same name twice is one copy. Raises CourierError."""
        self._write("cur", name, message)

    def _write(self, folder: str, name: str, message: bytes) -> None:
        final = self._path / folder / (f"{name}.seccon:2,S" if folder == "cur" else f"{name}.seccon")
        try:
            self._make()
            if final.exists():
                return
            waiting = self._path / "tmp" / f"{name}.{os.getpid()}.seccon"
            waiting.unlink(missing_ok=True)
            shared = bool(self._path.stat().st_mode & 0o020)
            data = message.replace(b"\r\n", b"\n")
            # Where the Maildir is the team's, the team can read what lies in it.
            durable.write_new(waiting, data, 0o660 if shared else 0o600, whatever_the_umask=shared)
            waiting.rename(final)
            durable.sync_directory(final.parent)
        except OSError as error:
            sentence = f"{self._path} cannot be written: {error.strerror}."
            raise CourierError(sentence, "Look at the directory and the space on its disk.") from None

    def _make(self) -> None:
        """Make what is missing; below a directory that is the team's, the new ones are too."""
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        shared = self._path.stat().st_mode & 0o2070
        for part in ("tmp", "new", "cur"):
            if not (self._path / part).exists():
                (self._path / part).mkdir(mode=0o700, exist_ok=True)
                if shared & 0o020:
                    (self._path / part).chmod(0o700 | shared)

    def check(self) -> tuple[str, ...]:
        """Say what stands in the way of writing."""
        place = next(one for one in (self._path, *self._path.parents) if one.exists())
        if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
            return (f"{self._path} cannot be written by you.",)
        return ()
