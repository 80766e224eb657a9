"""Letter -> bytes: RFC 3156 (PGP/MIME) with protected headers (RFC 9788, and the older `protected-headers="v1"`).

Header lines are written here, not by the email package's folding, which encodes long Message-IDs as if they were words.
Everything is 7bit with CRLF: nothing on the way has a reason to re-wrap it. It tells nothing of the host or the program.
"""

import base64
import secrets
from collections.abc import Sequence

from seccon.adapters.mime_text import body, file_name, mailboxes, media_type, words
from seccon.core.errors import RefusedError
from seccon.core.ids import Fingerprint
from seccon.core.letter import REMINDER, Attachment, Letter, Recipient, Stamp
from seccon.core.ports import Cipher, Phrase
from seccon.core.report import Address

Headers = list[tuple[str, str]]
_CRLF = "\r\n"
_MAX_KEY = 6 << 10
"""Bytes of a key that is offered in a header (Autocrypt 1.1, 2.1: the header stays below 10 KiB)."""
_ENCRYPTED_NOTE = "This is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)"
_SIGNED_NOTE = "This is an OpenPGP/MIME signed message (RFC 4880 and 3156)"


class MimeWriter:
    """Writes letters, protected by a cipher."""

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher

    def write(
        self,
        letter: Letter,
        stamp: Stamp,
        keys: Sequence[Fingerprint] = (),
        signer: Fingerprint | None = None,
        passphrase: Phrase = None,
    ) -> bytes:
        """Write the mail with CRLF line ends. Raises RefusedError for what must never leave so, CryptoError from gpg."""
        headers = _headers(letter, stamp)
        match letter.protection:
            case "encrypted":
                if not keys or signer is None:
                    raise RefusedError("no-key", "An encrypted mail needs keys to encrypt to and one to sign.", "seccon")
                payload = _payload(letter, _protected(letter, headers, stamp.outer))
                return self._encrypted([*headers, *_offer(stamp)], stamp.outer, payload, keys, signer, passphrase)
            case "signed":
                if signer is None:
                    raise RefusedError("signer-missing", "A signed mail needs a key to sign with.", "seccon")
                return self._signed(headers, letter, signer, passphrase, _offer(stamp))
            case _:
                return _payload(letter, [*headers, *_offer(stamp), ("Subject", words(letter.subject)), ("MIME-Version", "1.0")])

    def _encrypted(
        self,
        headers: Headers,
        outer: str,
        payload: bytes,
        keys: Sequence[Fingerprint],
        signer: Fingerprint,
        passphrase: Phrase,
    ) -> bytes:
        secret = _armour(self._cipher.encrypt(payload, keys, signer, passphrase))
        edge = _boundary(secret)
        kind = f'multipart/encrypted; protocol="application/pgp-encrypted";{_CRLF} boundary="{edge}"'
        head = _head([*headers, ("Subject", words(outer)), ("MIME-Version", "1.0"), ("Content-Type", kind)])
        version = (
            f"Content-Type: application/pgp-encrypted{_CRLF}Content-Description: PGP/MIME version identification{_CRLF * 2}"
            f"Version: 1{_CRLF}"
        )
        content = (
            f'Content-Type: application/octet-stream; name="encrypted.asc"{_CRLF}'
            f"Content-Description: OpenPGP encrypted message{_CRLF}"
            f'Content-Disposition: inline; filename="encrypted.asc"{_CRLF * 2}'
        )
        return head + _join(edge, [version.encode(), content.encode() + secret], _ENCRYPTED_NOTE)

    def _signed(self, headers: Headers, letter: Letter, signer: Fingerprint, passphrase: Phrase, offer: Headers) -> bytes:
        whole = [*headers, ("Subject", words(letter.subject))]
        payload = _payload(letter, whole, 'hp="clear"; protected-headers="v1"')
        detached, micalg = self._cipher.sign(payload, signer, passphrase)
        signature = _armour(detached)
        edge = _boundary(payload + signature)
        kind = f'multipart/signed; micalg={micalg};{_CRLF} protocol="application/pgp-signature";{_CRLF} boundary="{edge}"'
        seal = (
            f'Content-Type: application/pgp-signature; name="signature.asc"{_CRLF}'
            f'Content-Description: OpenPGP digital signature{_CRLF}Content-Disposition: attachment; filename="signature.asc"'
            f"{_CRLF * 2}"
        )
        head = _head([*whole, *offer, ("MIME-Version", "1.0"), ("Content-Type", kind)])
        return head + _join(edge, [payload, seal.encode() + signature], _SIGNED_NOTE)


def _headers(letter: Letter, stamp: Stamp) -> Headers:
    """Give the headers that stand outside, but for the Subject. No User-Agent, no host's name, UTC."""
    day, month = _DAYS[stamp.date.weekday()], _MONTHS[stamp.date.month - 1]
    headers = [
        ("Date", f"{day}, {stamp.date.day:02} {month} {stamp.date:%Y %H:%M:%S} +0000"),
        ("From", mailboxes([stamp.sender])),
    ]
    for name, field in (("To", "to"), ("Cc", "cc")):
        some = [_address(one) for one in letter.recipients if one.field == field]
        if some:
            headers.append((name, mailboxes(some)))
    headers.append(("Message-ID", f"<{stamp.mail}>"))
    if letter.answers:
        headers.append(("In-Reply-To", f"<{letter.answers}>"))
    if letter.references:
        headers.append(("References", f"{_CRLF} ".join(f"<{one}>" for one in letter.references)))
    if letter.purpose == REMINDER:
        headers.append(("Auto-Submitted", "auto-generated"))  # nobody's vacation notice shall answer it (RFC 3834)
    for name, value in headers:
        _check(name, value)
    return headers


def _offer(stamp: Stamp) -> Headers:
    """Offer our key (Autocrypt 1.1), outside only: protected copies of it would make the mail three times as long."""
    if not 0 < len(stamp.key) <= _MAX_KEY:
        return []
    lines = base64.encodebytes(stamp.key).decode("ascii").split("\n")
    keydata = f"{_CRLF} ".join(line for line in lines if line)
    return [("Autocrypt", f"addr={stamp.sender.address}; prefer-encrypt=mutual; keydata={_CRLF} {keydata}")]


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _check(name: str, value: str) -> None:
    """Refuse a header that could become two: the last net, everything was cleaned before."""
    unfolded = value.replace(f"{_CRLF} ", " ")
    if any(not 32 <= ord(char) < 127 for char in unfolded):
        raise RefusedError("bad-header", f"The {name} header would hold a line break or control character.", "RFC 5322, 2.2")


def _address(one: Recipient) -> Address:
    return Address(one.name, one.address)


def _protected(letter: Letter, headers: Headers, outer: str) -> Headers:
    """Give the headers inside: all of those outside with the true Subject, and HP-Outer for each that stands outside."""
    outside = [*headers, ("Subject", words(outer))]
    record = [("HP-Outer", f"{name}:{_CRLF} {value}") for name, value in outside]
    return [*headers, ("Subject", words(letter.subject)), *record]


def _payload(letter: Letter, headers: Headers, mark: str = "") -> bytes:
    """Give the MIME entity that is protected; its Content-Type bears the mark of protected headers."""
    if not mark and any(name == "HP-Outer" for name, _ in headers):
        mark = 'hp="cipher"; protected-headers="v1"'
    marked = f";{_CRLF} {mark}" if mark else ""
    kind, transfer, text = body(letter.text)
    if not letter.attachments:
        return _head([*headers, ("Content-Type", kind + marked), ("Content-Transfer-Encoding", transfer)]) + text
    first = _head([("Content-Type", kind), ("Content-Transfer-Encoding", transfer)]) + text
    leaves = [first, *(_leaf(one) for one in letter.attachments)]
    edge = _boundary(b"".join(leaves))
    return _head([*headers, ("Content-Type", f'multipart/mixed; boundary="{edge}"{marked}')]) + _join(edge, leaves)


def _leaf(one: Attachment) -> bytes:
    coded = base64.encodebytes(one.data).replace(b"\n", b"\r\n")
    head = [
        ("Content-Type", media_type(one.type)),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", f"attachment;{_CRLF} {file_name(one.name)}"),
    ]
    return _head(head) + coded


def _head(headers: Headers) -> bytes:
    return (_CRLF.join(f"{name}: {value}" for name, value in headers) + _CRLF * 2).encode("ascii")


def _join(edge: str, parts: list[bytes], note: str = "") -> bytes:
    start = f"{note}{_CRLF}" if note else ""
    leaves = b"".join(f"--{edge}{_CRLF}".encode() + part + b"\r\n" for part in parts)
    return start.encode() + leaves + f"--{edge}--{_CRLF}".encode()


def _boundary(content: bytes) -> str:
    while True:
        edge = secrets.token_hex(20)
        if edge.encode() not in content:
            return edge


def _armour(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
