"""SMTP connections that end: the library waits for each byte anew and keeps every line, for as long as the server likes.

A server that gives a byte now and then, or lines without end, would hold a console's courier for ever and fill its memory.
"""

import smtplib
import socket
import time

_MOST = 64 << 10
"""Bytes of one answer (RFC 5321, 4.5.3.1.5: 512 a line; real ones have a few lines)."""


class Answers:
    """What a server says, as the file that the library reads lines from. Each whole answer has its `seconds`."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection, self._rest = connection, b""
        self.begin(seconds)

    def begin(self, seconds: float) -> None:
        """Start an answer: the whole of it gets so much time, and `_MOST` bytes."""
        self._seconds, self._until, self._room = seconds, time.monotonic() + seconds, _MOST

    def readline(self, size: int) -> bytes:
        """Give a line, at most `size` bytes of it; empty at the end. Raises OSError when an answer goes on too long."""
        while b"\n" not in self._rest[:size] and len(self._rest) < size:
            left = self._until - time.monotonic()
            if left <= 0:
                raise TimeoutError("the answer took too long")
            self._connection.settimeout(left)
            piece = self._connection.recv(4096)
            if not piece:
                break
            self._rest += piece
        line = self._rest[: self._rest.find(b"\n", 0, size) + 1 or size]
        self._rest = self._rest[len(line) :]
        self._room -= len(line)
        if self._room < 0:
            raise OSError("the answer is too long")
        self._connection.settimeout(self._seconds)
        return line

    def close(self) -> None:
        """Forget what is left; the connection is the library's."""
        self._rest = b""


class _Bounded(smtplib.SMTP):
    """Reads answers within bounds. Plain text that stands before the TLS handshake is forgotten with its `Answers`."""

    file: Answers | None = None
    """As the library makes one; it asks for `readline` and `close` only."""

    def getreply(self) -> tuple[int, bytes]:
        """Read one answer."""
        if self.file is None and self.sock is not None:
            self.file = Answers(self.sock, float(self.timeout))
        if self.file is not None:
            self.file.begin(float(self.timeout))
        return super().getreply()


class PatientSmtp(_Bounded):
    """A connection in clear, or until STARTTLS."""


class PatientSmtps(_Bounded, smtplib.SMTP_SSL):
    """A connection under TLS from its beginning."""
