"""The console as its own process on a pseudo-terminal, which can be killed; what a person would see is read back by pyte."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte

_SIZE = (24, 80)


class Terminal:
    """One process behind one terminal of 80 by 24."""

    def __init__(self, pid: int, master: int) -> None:
        self.pid, self.master = pid, master
        self._screen = pyte.Screen(_SIZE[1], _SIZE[0])
        self._stream = pyte.ByteStream(self._screen)
        self._ended = False

    @property
    def shown(self) -> str:
        """Everything that is to be read now."""
        return "\n".join(self._screen.display)

    def press(self, keys: str) -> None:
        """Type; `\\x13` is ^s."""
        os.write(self.master, keys.encode())

    def sees(self, text: str, within: float = 15.0) -> None:
        """Wait until the terminal shows it."""
        self.until(lambda: text in self.shown, f"{text}\n{self.shown}", within)

    def until(self, holds: Callable[[], object], what: str = "", within: float = 15.0) -> None:
        """Wait until something holds, and read on meanwhile."""
        end = time.monotonic() + within
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"never: {what}\n{self.shown}")
            self.read(0.02)

    def read(self, seconds: float) -> None:
        """Read what comes within some time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self.master], [], [], left)[0]:
                try:
                    piece = os.read(self.master, 65536)
                except OSError:  # the other side is gone
                    return
                self._stream.feed(piece)

    def kill(self) -> None:
        """End it as the kernel would for want of memory: at once, with nothing said."""
        if not self._ended:
            self._ended = True
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            os.close(self.master)


@contextmanager
def terminal(arguments: Sequence[str], cwd: Path) -> Iterator[Terminal]:
    """Start seccon on a terminal of its own; it is killed at the end."""
    pid, master = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", *_SIZE, 0, 0))
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LC_ALL="C.UTF-8")
        os.chdir(cwd)
        os.execv(sys.executable, [sys.executable, "-m", "seccon", *arguments])  # noqa: S606
    found = Terminal(pid, master)
    try:
        yield found
    finally:
        found.kill()
