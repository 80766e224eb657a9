"""Files that stay whole through a crash or on a full disk: written beside, synced, renamed. Raises OSError."""

import os
from pathlib import Path

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def put(final: Path, data: bytes, mode: int = 0o600) -> None:
    """Write the file, also in the place of one that is there; a link is replaced, not followed."""
    waiting = final.with_name(f".{final.name}.{os.getpid()}")
    waiting.unlink(missing_ok=True)
    try:
        write_new(waiting, data, mode)
        waiting.rename(final)
    except OSError:
        waiting.unlink(missing_ok=True)
        raise
    sync_directory(final.parent)


def write_new(path: Path, data: bytes, mode: int = 0o600, *, whatever_the_umask: bool = False) -> None:
    """Write a file that is not there yet, and be sure that its bytes lie on the disk."""
    handle = os.open(path, _NEW, mode)
    with os.fdopen(handle, "wb") as file:
        if whatever_the_umask:
            os.fchmod(handle, mode)
        file.write(data)
        file.flush()
        os.fsync(handle)


def sync_directory(path: Path) -> None:
    """Be sure that a name given in a directory is there after a power cut."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
