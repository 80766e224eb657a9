"""The person's own files: attachments that are saved, and files that are attached. Fulfils `core.workplace.Files`.

What is saved is new (never over another file, never through a link), private (0600) and never executable; nothing is run.
"""

import os
import stat
from pathlib import Path

from seccon.adapters import durable
from seccon.core.errors import StoreError
from seccon.core.file_name import numbered, safe_name

_TRIES = 200
"""Files of one name in one directory."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_LOOK = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
"""Without waiting: a named pipe must not hold the console."""


class OwnFiles:
    """Files below the person's own directory, or where they say."""

    def __init__(self, private: str | Path) -> None:
        self._place = Path(private).expanduser() / "saved"

    @property
    def place(self) -> str:
        """The private directory that is proposed for what is saved."""
        return str(self._place)

    def save(self, directory: str, name: str, data: bytes) -> str:
        """Write a new file; a name that is taken gets a number. Raises StoreError; then no part of it stays."""
        where = Path(directory or self._place).expanduser()
        if not where.is_absolute():
            raise StoreError(f"'{directory[:200]}' is not a whole path.", "Begin it with / or ~/.")
        handle = -1
        try:
            where.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(where, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            written = _written(handle, safe_name(name), data)
        except (OSError, ValueError) as error:
            raise StoreError(f"Nothing could be saved in {where}: {_why(error)}.", "Name another directory.") from None
        finally:
            if handle >= 0:
                os.close(handle)
        return str(where / written)

    def put(self, path: str, data: bytes, *, private: bool) -> str:
        """Write, sync, rename: what was there stays until the new one is safe; a link is replaced. Raises StoreError."""
        final = Path(path).expanduser()
        try:
            durable.put(final, data, 0o600 if private else 0o644)
        except (OSError, ValueError) as error:
            raise StoreError(f"{final} cannot be written: {_why(error)}.", "What was there is still there.") from None
        return str(final)

    def read(self, path: str, limit: int) -> tuple[str, bytes]:
        """Give name and bytes of a plain file. Raises StoreError for what is none, or larger than `limit` bytes."""
        where = Path(path.strip()).expanduser()
        try:
            handle = os.open(where, _LOOK)
            with os.fdopen(handle, "rb") as file:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise StoreError(f"{where} is no plain file.", "A directory is packed into one file first.")
                data = file.read(limit + 1)
        except (OSError, ValueError) as error:
            raise StoreError(f"{where} cannot be read: {_why(error)}.", "Type its whole path.") from None
        if len(data) > limit:
            size = f"{limit >> 20} MiB" if limit >= 1 << 20 else f"{max(limit, 0)} bytes"
            raise StoreError(f"{where} is larger than {size}, which is what may still go with this mail.")
        return safe_name(where.name), data


def _written(handle: int, name: str, data: bytes) -> str:
    """Write into the directory `handle`, and be sure that it lies on the disk. Give the name that it got."""
    for number in range(_TRIES):
        taken = numbered(name, number)
        try:
            new = os.open(taken, _NEW, 0o600, dir_fd=handle)
        except FileExistsError:
            continue
        try:
            with os.fdopen(new, "wb") as file:
                os.fchmod(new, 0o600)
                file.write(data)
                file.flush()
                os.fsync(new)
            os.fsync(handle)
        except OSError:
            os.unlink(taken, dir_fd=handle)
            raise
        return taken
    raise FileExistsError(17, f"there are {_TRIES} files of this name")


def _why(error: Exception) -> str:
    return error.strerror if isinstance(error, OSError) and error.strerror else "it is no path"
