"""PGP/MIME of the demo's letters (RFC 3156), with protected headers (RFC 9788 and the older `protected-headers="v1"`)."""

import io
from collections.abc import Sequence
from email.generator import BytesGenerator
from email.message import Message

import msgspec

from seccon.adapters.demo.content import Person, Protection
from seccon.adapters.demo.gpg import Homes
from seccon.core.ids import Fingerprint
from seccon.core.instants import Instant

Head = Sequence[tuple[str, str]]
_MIXED_UP = "This is an OpenPGP/MIME message (RFC 4880 and 3156)"


class Envelope(msgspec.Struct, frozen=True):
    """How a letter is protected, and by whom."""

    writer: Person
    signer: Person | None
    readers: tuple[Fingerprint, ...]
    protect: Protection
    outer: str
    """The subject that the envelope shows; empty: the true one."""
    written: Instant


def plain_bytes(head: Head, body: Message) -> bytes:
    """Write a mail without protection."""
    return _lines(head) + b"MIME-Version: 1.0\n" + part_bytes(body)


def part_bytes(part: Message) -> bytes:
    """Write one MIME part, its headers included, with plain line ends; no `>From`."""
    for one in part.walk():
        del one["MIME-Version"]
    out = io.BytesIO()
    BytesGenerator(out, mangle_from_=False, maxheaderlen=0).flatten(part)
    return out.getvalue()


def seal(homes: Homes, envelope: Envelope, head: Head, body: Message) -> bytes:
    """Sign, encrypt, or both."""
    if envelope.protect == "sign" and envelope.signer is not None:
        return _signed(homes, envelope.signer, head, body, envelope.written)
    inner = _protected(head, body, envelope.outer)
    secret = homes.encrypt(envelope.writer, _wire(inner), envelope.readers, envelope.written, envelope.signer)
    shown = [(name, envelope.outer if name == "Subject" and envelope.outer else value) for name, value in head]
    edge = _edge(head, "enc")
    return _lines(shown) + b"\n".join(
        (
            b"MIME-Version: 1.0",
            f'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted";\n boundary="{edge}"\n'.encode(),
            f"{_MIXED_UP}\n--{edge}".encode(),
            b"Content-Type: application/pgp-encrypted\nContent-Description: PGP/MIME version identification\n\nVersion: 1\n",
            f"--{edge}".encode(),
            b'Content-Type: application/octet-stream; name="encrypted.asc"',
            b'Content-Disposition: inline; filename="encrypted.asc"\n',
            secret.strip(),
            f"\n--{edge}--\n".encode(),
        )
    )


def _signed(homes: Homes, signer: Person, head: Head, body: Message, written: Instant) -> bytes:
    part = part_bytes(body).rstrip(b"\n")
    signature = homes.sign(signer, _wire(part), written)
    edge = _edge(head, "sig")
    return _lines(head) + b"\n".join(
        (
            b"MIME-Version: 1.0",
            b"Content-Type: multipart/signed; micalg=pgp-sha512;",
            f' protocol="application/pgp-signature"; boundary="{edge}"\n'.encode(),
            f"{_MIXED_UP}\n--{edge}".encode(),
            part,
            f"--{edge}".encode(),
            b'Content-Type: application/pgp-signature; name="signature.asc"',
            b"Content-Description: OpenPGP digital signature\n",
            signature.strip(),
            f"\n--{edge}--\n".encode(),
        )
    )


def _protected(head: Head, body: Message, outer: str) -> bytes:
    if not outer:
        return part_bytes(body)
    body.set_param("protected-headers", "v1")
    body.set_param("hp", "cipher")
    shown = dict(head)
    kept = [(name, shown[name]) for name in ("From", "To", "Cc", "Date", "Message-ID", "Subject") if name in shown]
    outside = [("HP-Outer", f"{name}: {outer if name == 'Subject' else value}") for name, value in kept]
    return _lines([*kept, *outside]) + part_bytes(body)


def _wire(part: bytes) -> bytes:
    return part.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _lines(head: Head) -> bytes:
    return "".join(f"{name}: {value}\n" for name, value in head).encode()


def _edge(head: Head, kind: str) -> str:
    name = dict(head).get("Message-ID", "<none>")[1:25]
    return f"{kind}-{''.join(sign for sign in name if sign.isalnum())}"
