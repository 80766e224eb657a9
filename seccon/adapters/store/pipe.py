"""The parent's end of the pipe to the child: starts it, exchanges frames within a time limit, starts it again when it died.

It owns the process and knows no mail. One exchange at a time: a lock serves the worker threads.
"""

import marshal
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from threading import Lock
from typing import Any

from seccon.core.errors import StoreError

_HOUSE = str(Path(__file__).resolve().parents[3])
_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_START = (
    "import sys; sys.path.append(sys.argv[1]); from seccon.adapters.store.child import main; main(sys.argv[2:])"  # has a .pyc
)


class ChildDiedError(Exception):
    """The child ended before it answered."""


class Pipe:
    """One child process, started by the first question. `limit` is what one answer may take, in seconds."""

    def __init__(self, limit: float = 60.0) -> None:
        self.limit = limit
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The child's process id; None where none runs."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the child without waiting for it, so that the first question finds it ready."""
        with self._lock:
            self._running()

    def ask(self, *question: Any) -> tuple[Any, ...]:
        """Ask, and give the answer's frame. Raises ChildDiedError, and StoreError when it took too long."""
        with self._lock:
            process = self._running()
            try:
                return self._exchange(process, question)
            except (OSError, ChildDiedError):
                self._end()
                raise ChildDiedError from None

    def close(self) -> None:
        """End the child, now and for good, also in the middle of an answer that another thread waits for."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()
        with self._lock:
            self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._closed:
            raise StoreError("The mail store was closed.")
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _START, _HOUSE, *(entry for entry in sys.path if entry)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # libnotmuch's own words must not reach the terminal
                bufsize=0,
                env={name: os.environ[name] for name in _KEPT if name in os.environ} | {"HOME": "/"},
                start_new_session=True,  # ^C in the terminal is for the console
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
        process.kill()
        process.wait()

    def _exchange(self, process: subprocess.Popen[bytes], question: tuple[Any, ...]) -> tuple[Any, ...]:
        if process.stdin is None or process.stdout is None:
            raise ChildDiedError
        data = marshal.dumps(question)
        view = memoryview(len(data).to_bytes(4, "big") + data)
        while view:
            view = view[os.write(process.stdin.fileno(), view) :]
        until = time.monotonic() + self.limit
        size = int.from_bytes(self._read(process, 4, until), "big")
        answer: tuple[Any, ...] = marshal.loads(self._read(process, size, until))  # noqa: S302 - our own program wrote it
        return answer

    def _read(self, process: subprocess.Popen[bytes], size: int, until: float) -> bytes:
        found = bytearray()
        source = process.stdout.fileno() if process.stdout else -1
        ready = select.poll()
        ready.register(source, select.POLLIN)
        while len(found) < size:
            if not ready.poll(max(0.0, until - time.monotonic()) * 1000):
                self._end()
                raise StoreError(
                    f"The mail store did not answer within {self.limit:g} seconds.", "Is its disk slow, or the query very wide?"
                )
            piece = os.read(source, min(size - len(found), 1 << 20))
            if not piece:
                raise ChildDiedError
            found += piece
        return bytes(found)
