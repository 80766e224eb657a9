"""Runs gpg: bytes in, bytes out, status lines on a pipe of their own, a time limit, a limit of output, nothing secret in argv.

Owns the process and its pipes. What the status lines mean is `status`'s; which commands are given is the callers'.
"""

import os
import selectors
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path

import msgspec

from seccon.adapters.child import kill
from seccon.core.errors import CryptoError

MAX_OUTPUT = 32 << 20
"""Bytes that gpg may give: a mail of 377 kB was seen to unfold to 300 MB."""
QUICK = 30.0
"""Seconds for what asks nobody."""
PATIENT = 180.0
"""Seconds where a person may have to type a PIN elsewhere."""
_TALK = 1 << 20
"""Bytes of status lines and of standard error that one call may give."""
_MARK = b"[GNUPG:] "
_TOO_MUCH = b"exceeded --max-output limit"
"""No status line tells it; read out of standard error, where a forger can only make a mail refused."""
_PIPE = 60 << 10
"""What fits into a pipe before anybody reads it: 64 KiB on Linux, less some room."""
EXTRA = "{extra}"
_OFFLINE = ("--no-auto-key-locate", "--disable-dirmngr")
_ALWAYS = (
    "--batch", "--no-tty", "--no-auto-key-retrieve", "--no-auto-check-trustdb",
    "--exit-on-status-write-error", "--enable-special-filenames",
)  # fmt: skip
_NO_SHA1 = ("--weak-digest", "SHA1")


class Line(msgspec.Struct, frozen=True):
    """One status line: its keyword and the rest of it, split at spaces."""

    keyword: str
    words: tuple[str, ...] = ()

    def word(self, index: int) -> str:
        """Give one word; empty where the line is shorter."""
        return self.words[index] if index < len(self.words) else ""


class Outcome(msgspec.Struct, frozen=True):
    """What one call of gpg gave. `out` is worth nothing until `status` has judged the lines."""

    out: bytes
    lines: tuple[Line, ...]
    code: int
    said: bytes = b""
    """Standard error, for people: never for a decision."""
    late: bool = False
    """It was killed at its time limit."""
    cut: bool = False
    """It gave as much as it may, so something is missing."""

    def has(self, *keywords: str) -> bool:
        """Say whether any of these status lines was given."""
        return any(line.keyword in keywords for line in self.lines)

    def all(self, *keywords: str) -> tuple[Line, ...]:
        """Give the status lines of these keywords, in order."""
        return tuple(line for line in self.lines if line.keyword in keywords)


class Runner:
    """Calls gpg in one home."""

    def __init__(self, home: str | None = None, binary: str = "gpg") -> None:
        self.home = str(Path(home).expanduser()) if home else None
        self._binary = binary
        self.restricted_until = float("-inf")
        """Until when (monotonic seconds) the agent is taken to be a forwarded one, without asking it again."""

    def run(
        self,
        *args: str,
        stdin: bytes = b"",
        extra: bytes | None = None,
        options: Sequence[str] = (),
        passphrase: bytes | None = None,
        seconds: float = QUICK,
        most: int = MAX_OUTPUT,
        online: bool = False,
        sha1: bool = False,
    ) -> Outcome:
        """Run gpg to its end. `extra` is what the file named EXTRA in `args` holds; `options` are lines of an options file.

        Only with `online` may it use the network, and then only as `args` say. With `sha1` a key's own signatures may be SHA-1,
        as those of older keys are: gpg remembers that it found them good.

        Raises CryptoError when gpg cannot be started, or when a passphrase cannot be one.
        """
        with _pipes() as pipes:
            status, told = pipes.pair()
            option_file = pipes.filled("".join(f"{line}\n" for line in options).encode())
            head = [
                self._binary,
                *(("--homedir", self.home) if self.home else ()),
                "--options",
                f"/dev/fd/{option_file}",
                *_ALWAYS,
                *(() if online else _OFFLINE),
                *(() if sha1 else _NO_SHA1),
            ]
            head += ["--status-fd", str(told), "--max-output", str(most)]
            if passphrase is not None:
                head += ["--pinentry-mode", "loopback", "--passphrase-fd", str(pipes.filled(_checked(passphrase) + b"\n"))]
            if extra is not None:
                name = f"-&{pipes.filled(extra)}"
                args = tuple(name if arg == EXTRA else arg for arg in args)
            process = _start([*head, *args], pipes.given)
            pipes.close_given()
            return _converse(process, status, stdin, time.monotonic() + seconds, most)


class _Pipes:
    """The descriptors of one call: those that gpg inherits, and those that stay here."""

    def __init__(self) -> None:
        self.given: list[int] = []
        self._kept: list[int] = []

    def pair(self) -> tuple[int, int]:
        """Make a pipe that gpg writes to; give our end and its end."""
        read, write = os.pipe()
        self._kept.append(read)
        self.given.append(write)
        return read, write

    def filled(self, data: bytes) -> int:
        """Make a pipe that holds `data`, for gpg to read; give its number. Raises CryptoError for too much."""
        if len(data) > _PIPE:
            raise CryptoError("A signature or list of recipients is larger than any real one.")
        read, write = os.pipe()
        self.given.append(read)
        try:
            os.write(write, data)
        finally:
            os.close(write)
        return read

    def close_given(self) -> None:
        """Close what gpg has by now: our copies would keep its pipes from ever ending."""
        while self.given:
            os.close(self.given.pop())

    def close(self) -> None:
        """Close everything."""
        self.close_given()
        while self._kept:
            os.close(self._kept.pop())


@contextmanager
def _pipes() -> Iterator[_Pipes]:
    pipes = _Pipes()
    try:
        yield pipes
    finally:
        pipes.close()


def _checked(passphrase: bytes) -> bytes:
    """Refuse what would end the line early, or be no passphrase at all."""
    if not passphrase or b"\n" in passphrase or b"\0" in passphrase or len(passphrase) > 1024:
        raise CryptoError("That cannot be a passphrase.", "Type it again.")
    return passphrase


def _start(command: Sequence[str], given: Sequence[int]) -> subprocess.Popen[bytes]:
    """Start gpg in a process group of its own, so that the whole of it can be ended."""
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=tuple(given),
            process_group=0,
            bufsize=0,
            env=_environment(),
        )
    except OSError as error:
        raise CryptoError(f"gpg cannot be started: {error.strerror}.", "Install gnupg 2.2 or newer.") from error


def _environment() -> dict[str, str]:
    """Give gpg our environment without the terminal: a pinentry that draws on it would draw over the console."""
    return {name: value for name, value in os.environ.items() if name != "GPG_TTY"} | {"LC_ALL": "C"}


def _converse(process: subprocess.Popen[bytes], status: int, stdin: bytes, deadline: float, most: int) -> Outcome:
    """Feed gpg and read its three streams until it ends, the deadline passes or it gives too much."""
    streams = _Streams(process, status, stdin, most)
    try:
        end = streams.pump(deadline)
        if end is _End.DONE:
            try:
                process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                end = _End.LATE
    finally:
        kill(process)
        streams.close()
    out, said, told = streams.read
    cut = end is _End.CUT or len(out) >= most or _TOO_MUCH in said
    return Outcome(out, parse(told), process.returncode, said[:4096], end is _End.LATE, cut)


class _End(Enum):
    """How a conversation ended."""

    DONE = "done"
    LATE = "late"
    CUT = "cut"


class _Streams:
    """gpg's standard streams and its status pipe, moved together so that none of them fills up while another is waited for."""

    def __init__(self, process: subprocess.Popen[bytes], status: int, stdin: bytes, most: int) -> None:
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise CryptoError("gpg was started without its streams.")
        self._stdin = process.stdin
        self._files = (process.stdin, process.stdout, process.stderr)
        self._rest = memoryview(stdin)
        self._room = {process.stdout.fileno(): most, process.stderr.fileno(): _TALK, status: _TALK}
        self._kept: dict[int, list[bytes]] = {fd: [] for fd in self._room}

    @property
    def read(self) -> tuple[bytes, ...]:
        """What came: output, error, status."""
        return tuple(b"".join(chunks) for chunks in self._kept.values())

    def pump(self, deadline: float) -> _End:
        """Move bytes until every stream has ended."""
        with selectors.DefaultSelector() as selector:
            for fd in self._kept:
                selector.register(fd, selectors.EVENT_READ)
            os.set_blocking(self._stdin.fileno(), False)
            selector.register(self._stdin.fileno(), selectors.EVENT_WRITE)
            while selector.get_map():
                ready = selector.select(max(deadline - time.monotonic(), 0))
                if not ready:
                    return _End.LATE
                for key, _ in ready:
                    more = self._feed(key.fd) if key.events & selectors.EVENT_WRITE else self._take(key.fd)
                    if not more:
                        selector.unregister(key.fd)
                        if key.fd not in self._kept:
                            self._stdin.close()  # so that gpg sees the end of its input
                    if self._room.get(key.fd, 0) < 0:
                        return _End.CUT
        return _End.DONE

    def _feed(self, fd: int) -> bool:
        """Write some of the input; say whether there is more."""
        try:
            self._rest = self._rest[os.write(fd, self._rest[:_PIPE]) :]
        except BrokenPipeError:  # gpg has seen enough
            return False
        except BlockingIOError:
            return True
        return bool(self._rest)

    def _take(self, fd: int) -> bool:
        """Read some output; say whether there may be more."""
        chunk = os.read(fd, _PIPE)
        self._kept[fd].append(chunk)
        self._room[fd] -= len(chunk)
        return bool(chunk)

    def close(self) -> None:
        """Let go of the three files."""
        for file in self._files:
            with suppress(BrokenPipeError):
                file.close()


def parse(told: bytes) -> tuple[Line, ...]:
    """Read status lines: split at line feeds only, and decoded afterwards, because user ids of strangers stand in them."""
    lines = []
    for raw in told.split(b"\n"):
        if raw.startswith(_MARK):
            keyword, *words = raw[len(_MARK) :].decode("utf-8", "replace").split(" ")
            lines.append(Line(keyword, tuple(words)))
    return tuple(lines)
