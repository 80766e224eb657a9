"""What the process does before it touches a secret, and how it ends when it is told to (hostile input, 1 and 5; H6)."""

import fcntl
import os
import pty
import select
import signal
import stat
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

_SAYS = """
import ctypes, os, resource, sys
sys.argv = ["seccon", "--version"]
import seccon.__main__ as program
try:
    program.main()
except SystemExit:
    pass
before = os.umask(0)
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), oct(before))
"""


def test_the_program_leaves_no_core_lets_nobody_trace_it_and_makes_private_files() -> None:
    def careless() -> None:
        os.umask(0)

    done = subprocess.run([sys.executable, "-c", _SAYS], capture_output=True, text=True, preexec_fn=careless, check=True)
    assert done.stdout.splitlines()[-1] == "(0, 0) 0 0o77"


def console() -> tuple[int, int]:
    """Start the real console, full of hostile text, on a pseudo-terminal of its own."""
    pid, master = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
        os.execv(sys.executable, [sys.executable, "-m", "tests.screens.hostile_console", "console"])  # noqa: S606
    return pid, master


def read(master: int, until: bytes, seconds: float = 20) -> bytes:
    """Read until something came, or the other side has gone."""
    got, end = b"", time.monotonic() + seconds
    while until not in got and time.monotonic() < end:
        if select.select([master], [], [], 0.2)[0]:
            try:
                got += os.read(master, 65536)
            except OSError:
                break
    return got


def ended(pid: int, seconds: float = 10) -> int | None:
    """Wait for the end; give the exit status, None where it goes on."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_console_that_is_told_to_end_gives_the_terminal_back_without_its_text(number: signal.Signals) -> None:
    pid, master = console()
    try:
        assert b"help" in read(master, b"help")
        read(master, b"never", 1)
        os.kill(pid, number)
        last = read(master, b"\x1b[?1049l", 10)
        assert b"\x1b[?1049l" in last
        assert ended(pid) == 128 + number
    finally:
        os.close(master)


def test_a_console_ends_with_its_terminal() -> None:
    pid, master = console()
    assert b"help" in read(master, b"help")
    read(master, b"never", 1)
    os.close(master)
    assert ended(pid) is not None


def test_the_ledger_and_drafts_are_private_whatever_the_umask(tmp_path: Path) -> None:
    from seccon.adapters.drawer import PrivateDrawer

    before = os.umask(0)
    try:
        PrivateDrawer(tmp_path / "state").put("d1", b"secret")
    finally:
        os.umask(before)
    made = tmp_path / "state" / "drafts"
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert stat.S_IMODE((made / "d1").stat().st_mode) == 0o600
