"""A real SMTP server for tests, in a thread of its own: keeps what it takes, and can be told to refuse."""

import asyncio
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword


class Postbox:
    """What the server took. `refuse` maps recipients to answers, and may change.

    `answer` is what follows DATA, `slow` seconds later.
    """

    def __init__(
        self, refuse: Mapping[str, str] | None = None, answer: str = "250 taken", password: bytes = b"", slow: float = 0
    ) -> None:
        self.taken: list[Envelope] = []
        self.hello: list[str] = []
        self.port = 0
        self.refuse = dict(refuse or {})
        self._answer, self._password = answer, password
        self._slow = slow

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.hello.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope)
        await asyncio.sleep(self._slow)
        if self._answer == "drop":
            server.transport.abort()
        return self._answer

    def check(self, server: Any, session: Any, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        """Let in who knows the password."""
        return AuthResult(success=isinstance(data, LoginPassword) and data.password == self._password, handled=False)


@contextmanager
def running(box: Postbox, *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None) -> Iterator[Postbox]:
    """Run the server on a free port of this host; `box.port` says which."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with running_at(box, port, starttls=starttls, tls=tls):
        yield box


@contextmanager
def running_at(
    box: Postbox, port: int, *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[Postbox]:
    """Run the server on that port."""
    box.port = port
    more: dict[str, Any] = {"tls_context": starttls, "require_starttls": starttls is not None}
    if box._password:
        more |= {"authenticator": box.check, "auth_require_tls": bool(starttls)}
    controller = Controller(box, hostname="127.0.0.1", port=box.port, ssl_context=tls, **more)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
