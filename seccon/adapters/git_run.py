"""Runs git: bytes in, bytes out, in a process group that can be ended, within limits of time and size.

Owns the child and what it may do: nothing that a clone's own configuration names is run (hooks, pager, fsmonitor, text
converters, diff programs, signature checks), nothing is fetched, nothing is written. What the answers mean is `git`'s.
"""

import os
import selectors
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

import msgspec

from seccon.adapters.child import kill
from seccon.core.errors import RepositoryError, StoppedError
from seccon.core.watch import Watch

SECONDS = 300.0
"""For one call: a log of a hundred thousand commits without a commit-graph takes some ten."""
MOST = 256 << 20
"""Bytes of one answer."""
_TALK = 64 << 10
_PIPE = 60 << 10
_BEAT = 0.2
"""Seconds between looks whether somebody still waits."""
_KEPT = ("HOME", "PATH", "XDG_CONFIG_HOME", "USER", "LOGNAME", "TMPDIR")
"""Of our environment: the person's own configuration says which foreign directories are safe. No GIT_* variable."""
_SET = {
    "LC_ALL": "C",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_PAGER": "cat",
    "GIT_ASKPASS": "/bin/false",
    "SSH_ASKPASS": "/bin/false",
    "GIT_SSH_COMMAND": "/bin/false",
}
_OPTIONS = (
    "--no-pager", "--no-replace-objects", "--literal-pathspecs",
    "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.pager=cat", "-c", "core.untrackedCache=false",
    "-c", "core.attributesFile=/dev/null", "-c", "core.alternateRefsCommand=/bin/false", "-c", "core.quotePath=true",
    "-c", "protocol.allow=never", "-c", "credential.helper=", "-c", "gc.auto=0", "-c", "maintenance.auto=false",
    "-c", "log.showSignature=false", "-c", "log.mailmap=false", "-c", "log.follow=false", "-c", "color.ui=never",
    "-c", "diff.noprefix=false", "-c", "diff.mnemonicPrefix=false", "-c", "diff.relative=false",
    "-c", "diff.algorithm=myers", "-c", "diff.suppressBlankEmpty=false", "-c", "diff.interHunkContext=0",
    "-c", "diff.submodule=short", "-c", "i18n.logOutputEncoding=UTF-8",
)  # fmt: skip


class Answer(msgspec.Struct, frozen=True):
    """What one call gave."""

    out: bytes
    said: str
    """Standard error, for people and for telling known failures apart."""
    code: int


def run(
    *args: str,
    where: str = "/",
    ceiling: str = "/",
    stdin: bytes = b"",
    watch: Watch | None = None,
    seconds: float = SECONDS,
    most: int = MOST,
    environment: Mapping[str, str] | None = None,
    fds: Sequence[int] = (),
) -> Answer:
    """Run git in `where` to its end. Raises RepositoryError when it cannot start, takes too long or says too much."""
    process = _start(["git", "-C", where, *_OPTIONS, *args], ceiling, environment or {}, fds)
    streams = _Streams(process, stdin, most)
    try:
        streams.pump(time.monotonic() + seconds, watch)
        process.wait(5)
    except subprocess.TimeoutExpired:
        raise RepositoryError("git did not end.") from None
    finally:
        kill(process)
        streams.close()
    return Answer(streams.out, streams.err.decode("utf-8", "replace"), process.returncode)


def _start(command: list[str], ceiling: str, more: Mapping[str, str], fds: Sequence[int]) -> subprocess.Popen[bytes]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/",
            process_group=0,
            bufsize=0,
            pass_fds=tuple(fds),
            env=kept | _SET | {"GIT_CEILING_DIRECTORIES": ceiling} | dict(more),
        )
    except OSError as error:
        raise RepositoryError(f"git cannot be started: {error.strerror}.", "Install git 2.30 or newer.") from error


class _Streams:
    """The child's three streams, moved together so that none fills up while another is waited for."""

    def __init__(self, process: subprocess.Popen[bytes], stdin: bytes, most: int) -> None:
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise RepositoryError("git was started without its streams.")
        self._files = (process.stdin, process.stdout, process.stderr)
        self._stdin, self._out, self._err = (file.fileno() for file in self._files)
        self._rest = memoryview(stdin)
        self._room = {self._out: most, self._err: _TALK}
        self._kept: dict[int, list[bytes]] = {self._out: [], self._err: []}

    @property
    def out(self) -> bytes:
        """What came."""
        return b"".join(self._kept[self._out])

    @property
    def err(self) -> bytes:
        """What it complained of, as far as it is kept."""
        return b"".join(self._kept[self._err])

    def pump(self, deadline: float, watch: Watch | None) -> None:
        """Move bytes until both ends have closed. Raises RepositoryError."""
        with selectors.DefaultSelector() as selector:
            for fd in self._kept:
                selector.register(fd, selectors.EVENT_READ)
            os.set_blocking(self._stdin, False)
            selector.register(self._stdin, selectors.EVENT_WRITE)
            while any(fd in self._kept for fd in selector.get_map()):
                if watch is not None and watch.stopped:
                    raise StoppedError("Looking into git was stopped; nothing was recorded.")
                if time.monotonic() > deadline:
                    raise RepositoryError("git took too long and was ended.", "git gc in the clone makes it faster.")
                for key, _ in selector.select(_BEAT):
                    if not (self._feed() if key.fd == self._stdin else self._take(key.fd)):
                        selector.unregister(key.fd)
                        if key.fd == self._stdin:
                            self._files[0].close()

    def _feed(self) -> bool:
        try:
            self._rest = self._rest[os.write(self._stdin, self._rest[:_PIPE]) :]
        except BrokenPipeError:
            return False
        except BlockingIOError:
            return True
        return bool(self._rest)

    def _take(self, fd: int) -> bool:
        chunk = os.read(fd, _PIPE)
        self._room[fd] -= len(chunk)
        if self._room[fd] >= 0:
            self._kept[fd].append(chunk)
        elif fd == self._out:
            raise RepositoryError("git's answer is larger than any that is of use.", "Name fewer branches in the policy.")
        return bool(chunk)

    def close(self) -> None:
        """Let go of the three files."""
        for file in self._files:
            with suppress(BrokenPipeError):
                file.close()
