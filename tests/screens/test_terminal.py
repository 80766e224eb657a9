"""What reaches a real terminal: with hostile text in every field, only what Textual itself makes (hostile input, 1)."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

TOKEN = re.compile(
    rb"\x1b\[(?P<params>[0-9;:?<>=!$ ]*)(?P<final>[@-~])|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    rb"|\x1bP(?P<dcs>[^\x1b]*)\x1b\\|\x1b(?P<esc>.)",
    re.DOTALL,
)
FINALS = frozenset(b"mHhlupnctq")
"""What Textual ends its control sequences with: colours, places, modes, questions."""
OSC = re.compile(rb"22;[a-z-]*|1[01];\?")
"""The mouse's shape, and the question for colours."""


def strangers(output: bytes) -> Iterator[bytes]:
    """Find what a terminal would obey and Textual does not make."""
    for token in TOKEN.finditer(output):
        if token["final"] is not None and (
            token["final"][0] not in FINALS or (token["final"] == b"t" and token["params"][:1] == b"2")
        ):
            yield token[0]
        if token["osc"] is not None and not OSC.fullmatch(token["osc"]):
            yield token[0]
        if token["dcs"] is not None or (token["esc"] is not None and token["esc"] not in (b"7", b"8", b"=", b">")):
            yield token[0]
    rest = TOKEN.sub(b"", output).decode(errors="replace")
    yield from (
        char.encode() for char in re.findall("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f]", rest)
    )


def run(argument: str, keys: Sequence[bytes], log: Path | None = None) -> tuple[bytes, int]:
    """Run the program on a pseudo-terminal, press keys, give its output and exit status."""
    pid, master = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LC_ALL="C.UTF-8")
        for name in ("NO_COLOR", "COLUMNS", "LINES"):
            os.environ.pop(name, None)
        if log is not None:
            os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT, 0o600), 2)
        os.execv(sys.executable, [sys.executable, "-m", "tests.screens.hostile_console", argument])  # noqa: S606
    output = b""

    def read(quiet: float, limit: float) -> None:
        nonlocal output
        end = time.monotonic() + limit
        while time.monotonic() < end and select.select([master], [], [], quiet)[0]:
            try:
                piece = os.read(master, 65536)
            except OSError:
                return
            output += piece

    try:
        deadline = time.monotonic() + 30
        while not (b"help" in output or b"ready" in output) and time.monotonic() < deadline:
            read(0.5, 1)
        read(0.4, 3)
        for key in keys:
            os.write(master, key)
            read(0.25, 2)
        read(1.0, 3)
        done, status = os.waitpid(pid, os.WNOHANG)
        while keys and not done and time.monotonic() < deadline:
            time.sleep(0.05)
            done, status = os.waitpid(pid, os.WNOHANG)
        if not done:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        return output, os.waitstatus_to_exitcode(status) if done else -1
    finally:
        os.close(master)


def test_the_real_console_writes_nothing_of_a_strangers_that_a_terminal_obeys() -> None:
    """I11, R7: the queue, the card, the calendar, help and the filter, in a pseudo-terminal."""
    keys = [
        each.encode()
        for each in ("j", "j", "G", " ", "2", "l", "j", "]", "[", "\t", "j", "q", "?", "j", "q", "/", "x", "\r", "\r", "Q")
    ]
    output, status = run("console", keys)
    assert len(output) > 20_000
    assert b"gpj.exe" in output
    assert list(strangers(output)) == []
    assert status == 0


def test_the_last_net_holds_what_no_door_has_washed() -> None:
    output, _status = run("net", [])
    assert b"ready" in output
    assert list(strangers(output)) == []


def test_without_door_and_net_the_same_text_reaches_the_terminal() -> None:
    """Shows that the two tests above would see it."""
    output, _status = run("bare", [])
    assert any(each.startswith(b"\x1b]") for each in strangers(output))


@pytest.mark.parametrize(
    "payload", [b"\x1b]52;c;eA==\x07", b"\x1b[2J", b"\xc2\x9b2J", b"\x1bPq\x1b\\", b"\x07", "\u202e".encode(), b"\x1bc"]
)
def test_the_scan_knows_a_stranger(payload: bytes) -> None:
    assert list(strangers(b"\x1b[1;1H\x1b[38;5;1mtext" + payload + b"\x1b[0m"))


def test_a_redirected_standard_error_gets_nothing_of_the_screen(tmp_path: Path) -> None:
    """H6: `seccon 2>log` must not write decrypted mail into a file."""
    log = tmp_path / "log"
    output, status = run("console", [b"j", b"Q"], log=log)
    assert b"gpj.exe" in output
    assert status == 0
    assert log.read_bytes() == b""
