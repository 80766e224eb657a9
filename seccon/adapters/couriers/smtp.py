"""Delivers by SMTP, with TLS whose certificate is checked. Knows the one moment after which a mail is *perhaps sent*."""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Literal

from seccon.adapters.couriers.patience import PatientSmtp, PatientSmtps
from seccon.adapters.couriers.wording import whole
from seccon.core.errors import CourierError
from seccon.core.ports import Receipt

Security = Literal["tls", "starttls", "none"]
LIMIT = 30
"""Seconds to wait for each whole answer of the server, and for it to take one piece of the mail."""
LAST = 120
"""Seconds to wait for the answer to the whole mail: filters read it first (RFC 5321, 4.5.3.2.6 allows them ten minutes), and what
is not answered is perhaps sent, which a person has to find out about."""
_PIECE = 64 << 10
"""Bytes of a piece: the limit of a socket counts for all that is handed to it at once, and a long mail needs longer."""
_HELLO = "[127.0.0.1]"
"""What we call ourselves: the library's default would tell the host's name."""
_LOCAL = ("localhost", "127.0.0.1", "::1")
_PORTS: dict[Security, int] = {"tls": 465, "starttls": 587, "none": 25}
_WRONG = 535
"""Authentication credentials invalid (RFC 4954, 6)."""
_HINT = "Look at [courier] in the configuration."


class Smtp:
    """One server, one way of protecting the connection. `password` is asked for when the server wants a login;
    `refused` is told when it took the password for wrong.
    """

    def __init__(
        self,
        host: str,
        port: int | None = None,
        security: Security = "tls",
        user: str = "",
        password: Callable[[], str | None] = lambda: None,
        context: ssl.SSLContext | None = None,
        limit: float = LIMIT,
        refused: Callable[[], None] = lambda: None,
        last: float = LAST,
    ) -> None:
        self._refused = refused
        self._host, self._security, self._user, self._password = host, security, user, password
        self._port = port or _PORTS[security]
        self._context, self._limit, self._last = context, limit, last

    def deliver(self, message: bytes, sender: str, recipients: Sequence[str]) -> Receipt:
        """Hand over one mail. Raises CourierError in the words of the server."""
        with self._session() as server:
            _accept(*server.mail(sender), what=f"the sender {sender}")
            refused = dict(_refused(server, recipients))
            if len(refused) == len(recipients):
                raise _all_refused(refused)
            _accept(*server.docmd("DATA"), what="the mail", wanted=(354,))
            _send(server, _dotted(message))  # a failure in here: the final dot has not left
            server.timeout = self._last
            _finish(server, self._host)
        told = {one: f"{one}: {code} {words}" for one, (code, words) in refused.items()}
        never = tuple(words for one, words in told.items() if refused[one][0] >= 500)
        return Receipt(f"smtp {self._host}", never, tuple(words for words in told.values() if words not in never))

    def check(self) -> tuple[str, ...]:
        """Say hello and log in; send nothing."""
        try:
            with self._session():
                return ()
        except CourierError as error:
            return (str(error),)

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        if self._security == "none" and self._host not in _LOCAL:
            sentence = f"SMTP without TLS is allowed to this host only, not to {self._host}."
            raise CourierError(sentence, 'Set security = "tls" or "starttls" in [courier].', final=True)
        try:
            server = self._connect()
            try:
                self._login(server)
                yield server
                _leave(server)
            finally:
                server.close()
        except (smtplib.SMTPException, OSError) as error:
            raise _translated(error, self._host, self._port) from None

    def _connect(self) -> smtplib.SMTP:
        context = self._context or ssl.create_default_context()
        if self._security == "tls":
            return PatientSmtps(self._host, self._port, _HELLO, timeout=self._limit, context=context)
        server = PatientSmtp(self._host, self._port, _HELLO, timeout=self._limit)
        try:
            if self._security == "starttls":
                server.starttls(context=context)
            server.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server

    def _login(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if not self._user:
            return
        password = self._password()
        if password is None:
            sentence = f"There is no password for {self._user} at {self._host}."
            raise CourierError(sentence, "Keep it in the keyring, set password_command, or type it.")
        try:
            server.login(self._user, password)
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code == _WRONG:
                self._refused()
            raise


def _accept(code: int, words: bytes, what: str, wanted: tuple[int, ...] = (250,)) -> None:
    if code not in wanted:
        raise CourierError(f"The server refused {what}: {code} {whole(words)}.", _later(code), final=code >= 500)


def _refused(server: smtplib.SMTP, recipients: Sequence[str]) -> Iterator[tuple[str, tuple[int, str]]]:
    for recipient in recipients:
        code, words = server.rcpt(recipient)
        if code not in (250, 251):
            yield recipient, (code, whole(words))


def _all_refused(refused: dict[str, tuple[int, str]]) -> CourierError:
    told = "; ".join(f"{one}: {code} {words}" for one, (code, words) in refused.items())
    final = all(code >= 500 for code, _ in refused.values())
    whom = "every recipient: " if len(refused) > 1 else ""
    return CourierError(f"The server refused {whom}{told}.", _later(500 if final else 400), final=final)


def _later(code: int) -> str:
    return "Change it, then send again from the outbox." if code >= 500 else "It is tried again."


def _dotted(message: bytes) -> bytes:
    """Give the mail as DATA wants it: CRLF, leading dots doubled, a dot at the end (RFC 5321, 4.5.2)."""
    lines = re.sub(rb"\r\n|\n|\r", b"\r\n", message)
    lines = re.sub(rb"(?m)^\.", b"..", lines)
    return lines + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _send(server: smtplib.SMTP, mail: bytes) -> None:
    """Hand the mail over piece by piece, however slow the line is, as long as it moves."""
    for at in range(0, len(mail), _PIECE):
        server.send(mail[at : at + _PIECE])


def _finish(server: smtplib.SMTP, host: str) -> None:
    """Wait for the answer to the final dot: without one, nobody knows."""
    try:
        code, words = server.getreply()
    except (smtplib.SMTPException, OSError):
        sentence = f"The connection to {host} broke after the whole mail was sent and before its answer."
        hint = "Perhaps it was sent: ask, before you send it again."
        raise CourierError(sentence, hint, final=True, perhaps_sent=True) from None
    _accept(code, words, what="the mail")


def _leave(server: smtplib.SMTP) -> None:
    with suppress(smtplib.SMTPException, OSError):  # the mail is accepted: how the goodbye goes does not matter
        server.quit()


def _translated(error: smtplib.SMTPException | OSError, host: str, port: int) -> CourierError:
    match error:
        case ssl.SSLCertVerificationError():
            sentence = f"The certificate of {host} is not to be trusted: {whole(error.verify_message)}."
            return CourierError(sentence, "Nothing was sent. Ask who runs the server.", final=True)
        case ssl.SSLError(reason="WRONG_VERSION_NUMBER"):
            hint = 'Set security = "starttls" in [courier], or the port that speaks TLS from the first byte (465).'
            return CourierError(f"{host} port {port} does not begin with TLS.", hint, final=True)
        case smtplib.SMTPAuthenticationError():
            told = f"{error.smtp_code} {whole(error.smtp_error)}"
            hint = "Look at user and password." if error.smtp_code >= 500 else "It is tried again."
            return CourierError(f"{host} refused the login: {told}.", hint, final=error.smtp_code >= 500)
        case smtplib.SMTPNotSupportedError():
            return CourierError(f"{host} offers no STARTTLS, or no login.", _HINT, final=True)
        case smtplib.SMTPServerDisconnected():
            return CourierError(f"{host} closed the connection before it had the mail.", "It is tried again.")
        case smtplib.SMTPResponseException():
            told = f"{error.smtp_code} {whole(error.smtp_error)}"
            return CourierError(f"{host} answered {told}.", _later(error.smtp_code), final=error.smtp_code >= 500)
        case smtplib.SMTPException():
            return CourierError(f"{host} did not understand: {whole(str(error))}.", _HINT, final=True)
        case TimeoutError():
            return CourierError(f"{host} port {port} gave no answer in time.", "It is tried again.")
        case _:
            words = whole(error.strerror or str(error))
            return CourierError(f"{host} port {port} cannot be reached: {words}.", "It is tried again.")
