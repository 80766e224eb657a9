"""Where the ledger lies, and who may read it: the path out of the URL, and the modes of file and directory.

SQLite makes its file 0644 less the umask, and gives -wal and -shm the file's own mode. So the file is made here, with the right
mode, before SQLite sees it. An existing file is never opened here: closing it would drop the locks that SQLite holds on it.
"""

import fcntl
import grp
import os
import shlex
import stat
from pathlib import Path
from urllib.parse import unquote

from seccon.core.errors import LedgerError

_SCHEME = "sqlite:///"
_BESIDE = ("", "-wal", "-shm")


def path_from(place: str | Path) -> Path:
    """Take a path, `sqlite:////absolute` or `sqlite:///relative`. Raises LedgerError for what is none of these."""
    text = str(place)
    if text.startswith(_SCHEME):
        text = unquote(text.removeprefix(_SCHEME))
    elif "://" in text or text.startswith("sqlite:"):
        raise LedgerError(
            f"The ledger cannot be kept at {_without_password(text)}: only SQLite is supported yet.",
            "Write [ledger] url as sqlite:////absolute/path/ledger.db.",
        )
    if not text or text == ":memory:":
        raise LedgerError("The ledger needs a file.", "Write [ledger] url as sqlite:////absolute/path/ledger.db.")
    return Path(text).expanduser().resolve()


def _without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def prepare(path: Path, group: str | None) -> None:
    """Make directory and file where they are not there, with the modes that keep others out; refuse wrong ones."""
    gid = None if group is None else _gid(group)
    try:
        if not path.parent.exists():
            _make_directory(path.parent, gid)
        _check_directory(path.parent, group, gid)
        if not path.exists():
            _make_file(path, group, gid)
        for suffix in _BESIDE:
            _check_file(path.with_name(path.name + suffix), group, gid, main=not suffix)
    except OSError as error:
        raise LedgerError(
            f"The ledger cannot be opened at {path}: {error.strerror or error}.",
            f"Look at the directory with `ls -lad {shlex.quote(str(path.parent))}`.",
        ) from error


def _gid(group: str) -> int:
    try:
        return grp.getgrnam(group).gr_gid
    except KeyError:
        raise LedgerError(
            f"The group '{group}' that the configuration names ([ledger] group) does not exist on this host.",
            f"Make it with `sudo groupadd {shlex.quote(group)}`, or correct the name.",
        ) from None


def _make_directory(directory: Path, gid: int | None) -> None:
    """Make it under another name and move it, one process at a time: who starts at the same moment never sees it half made."""
    import tempfile  # needed once in a ledger's life

    directory.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(directory.parent, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if directory.exists():
            return
        new = Path(tempfile.mkdtemp(prefix=".seccon-", dir=directory.parent))
        try:
            _own(new, gid, 0o700 if gid is None else 0o2770)
            new.rename(directory)
        except OSError:
            new.rmdir()
            raise
    finally:
        os.close(lock)


def _make_file(path: Path, group: str | None, gid: int | None) -> None:
    """Make it under another name and link it: it is never there with a wrong mode, and never made twice."""
    import tempfile  # needed once in a ledger's life

    handle, name = tempfile.mkstemp(prefix=".ledger-", dir=path.parent)
    os.close(handle)
    new = Path(name)
    try:
        _own(new, gid, 0o600 if gid is None else 0o660)
        path.hardlink_to(new)
    except FileExistsError:
        pass
    except PermissionError as error:
        raise LedgerError(
            f"The ledger {path} cannot be given to the group '{group}': you are not in it.",
            f"Have yourself added with `sudo usermod -aG {group} $USER`, and log in again.",
        ) from error
    finally:
        new.unlink()


def _own(path: Path, gid: int | None, mode: int) -> None:
    if gid is not None:
        os.chown(path, -1, gid)
    path.chmod(mode)  # after chown, which takes the setgid bit away


def _check_directory(directory: Path, group: str | None, gid: int | None) -> None:
    found = directory.stat()
    if not stat.S_ISDIR(found.st_mode):
        raise LedgerError(f"The ledger cannot lie in {directory}: that is no directory.", "Correct [ledger] url.")
    mode, name = stat.S_IMODE(found.st_mode), shlex.quote(str(directory))
    if gid is None and mode & 0o077:
        raise LedgerError(
            f"The directory {directory} of the ledger is open to others (mode {mode:04o}).",
            f"Close it with `chmod 700 {name}`, or let the ledger lie in a directory of its own.",
        )
    if gid is not None and (mode & 0o7777 != 0o2770 or found.st_gid != gid):
        raise LedgerError(
            f"The directory {directory} of the ledger does not belong to the group '{group}' alone (mode {mode:04o}).",
            f"Mend it with `chgrp {group} {name} && chmod 2770 {name}`.",
        )


def _check_file(path: Path, group: str | None, gid: int | None, *, main: bool) -> None:
    try:
        found = path.stat()
    except FileNotFoundError:  # -wal and -shm come and go
        return
    mode, name = stat.S_IMODE(found.st_mode), shlex.quote(str(path))
    if not stat.S_ISREG(found.st_mode):
        raise LedgerError(f"{path} is not a file, so it cannot be the ledger.", "Correct [ledger] url.")
    if gid is None and mode & 0o077:
        raise LedgerError(f"The ledger's file {path} is open to others (mode {mode:04o}).", f"Close it with `chmod 600 {name}`.")
    if gid is not None and mode & 0o007:
        raise LedgerError(
            f"The ledger's file {path} is open to everybody (mode {mode:04o}).", f"Close it with `chmod 660 {name}`."
        )
    if main:
        _check_owner(path, found, group, gid)


def _check_owner(path: Path, found: os.stat_result, group: str | None, gid: int | None) -> None:
    mode, name = stat.S_IMODE(found.st_mode), shlex.quote(str(path))
    if gid is not None and (found.st_gid != gid or mode & 0o660 != 0o660):
        raise LedgerError(
            f"The ledger {path} cannot be written by the group '{group}' (mode {mode:04o}).",
            f"Mend it with `chgrp {group} {name} && chmod 660 {name}`.",
        )
    if gid is None and found.st_uid != os.geteuid() != 0:
        raise LedgerError(
            f"The ledger {path} belongs to another user.",
            "To share it, name your team's group in the configuration ([ledger] group).",
        )
    if mode & 0o600 != 0o600:
        raise LedgerError(f"The ledger {path} is write-protected (mode {mode:04o}).", f"Mend it with `chmod u+rw {name}`.")
