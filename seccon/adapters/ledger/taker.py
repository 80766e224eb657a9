"""Which process has an outbox item, and whether it still lives. In doubt it lives: its mail may be on its way."""

import os
from pathlib import Path

import msgspec

_BOOT = Path("/proc/sys/kernel/random/boot_id")


class Taker(msgspec.Struct, frozen=True):
    """A process, named so that neither a number used again nor another host's is taken for it."""

    host: str
    boot: str
    """Names the time since the host started; empty where the system has no such name."""
    pid: int
    born: str
    """When the process started, as the kernel counts; empty where that is not told."""


def myself() -> Taker:
    """Name this process."""
    return Taker(os.uname().nodename, _read(_BOOT), os.getpid(), _born(os.getpid()))


def lives(taker: Taker) -> bool:
    """Say whether that process may still be there."""
    here = myself()
    if taker.host != here.host:
        return True  # nobody here can know
    if taker.boot != here.boot:
        return False
    try:
        os.kill(taker.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's: it is there
        pass
    born = _born(taker.pid)
    return not (born and taker.born) or born == taker.born


def _born(pid: int) -> str:
    """Read field 22 of /proc/PID/stat; the program's name before it may hold spaces and brackets."""
    fields = _read(Path("/proc", str(pid), "stat")).rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 else ""


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace").strip()
    except OSError:  # another system, or a /proc that hides others' processes
        return ""
