"""Which console is at work: a token that names one process of one host, and whether that process still lives."""

import os
import socket
from functools import lru_cache
from pathlib import Path


class ProcessLease:
    """Names this process by host, number and start; numbers are used again, the start tells."""

    def token(self) -> str:
        """Name this process."""
        return f"{_host()} {_boot()} {os.getpid()} {_started(os.getpid())}"

    def is_held(self, token: str) -> bool:
        """Say whether the process of `token` may still run; of another host nobody here can tell."""
        parts = token.split()
        if len(parts) != 4 or not parts[2].isdigit():
            return False
        host, boot, number, started = parts
        if host != _host():
            return True
        return boot == _boot() and _is_alive(int(number)) and _started(int(number)) == started


def _host() -> str:
    return socket.gethostname().replace(" ", "_") or "-"


@lru_cache(1)
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return "-"


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _started(number: int) -> str:
    """Give the start of a process in clock ticks (proc(5), field 22); `-` where the system does not tell."""
    try:
        return Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return "-"
