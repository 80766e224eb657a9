"""Runs a program on a pseudo-terminal and times what it writes. Standard library only, so that it measures nothing of ours."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


class Terminal:
    """One program on one pseudo-terminal; `started` is the moment before exec."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], size: tuple[int, int] = (120, 40)) -> None:
        self.output = b""
        self.started = time.perf_counter()
        self.last = self.started
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
            os.execvpe(command[0], list(command), dict(env))  # noqa: S606

    def read(self, quiet: float, limit: float = 10.0) -> None:
        """Read until nothing has come for `quiet` seconds."""
        end = time.perf_counter() + limit
        while time.perf_counter() < end and select.select([self._master], [], [], quiet)[0]:
            try:
                piece = os.read(self._master, 1 << 16)
            except OSError:
                return
            self.last = time.perf_counter()
            self.output += piece

    def wait_for(self, pattern: bytes, limit: float = 30.0) -> float:
        """Read until `pattern` has come; give the seconds since the start. Raises TimeoutError with what came instead."""
        wanted = re.compile(pattern)
        end = time.perf_counter() + limit
        while not wanted.search(self.output):
            if time.perf_counter() > end:
                raise TimeoutError(self.output[-2000:])
            if select.select([self._master], [], [], 0.2)[0]:
                try:
                    self.output += os.read(self._master, 1 << 16)
                except OSError:
                    raise TimeoutError(self.output[-2000:]) from None
                self.last = time.perf_counter()
        return self.last - self.started

    def press(self, keys: bytes, quiet: float = 0.06) -> tuple[float, int]:
        """Press a key; give the seconds until the last byte of what it changed, and the number of bytes."""
        before, began = len(self.output), time.perf_counter()
        os.write(self._master, keys)
        self.last = began
        self.read(0.5 if quiet < 0.5 else quiet, 0.5) if not select.select([self._master], [], [], 1.0)[0] else self.read(quiet)
        return self.last - began, len(self.output) - before

    def cpu(self) -> float:
        """Give the seconds of processor time of the program so far, all its threads."""
        tasks = Path(f"/proc/{self.pid}/task")
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9

    def memory(self) -> float:
        """Give the peak memory so far, in MiB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def close(self) -> None:
        """End the program."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._master)


def environment(**more: str) -> dict[str, str]:
    """Give an environment that is the same on every machine."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "LINES", "COLORTERM")}
    return {**kept, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **more}
