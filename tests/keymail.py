"""Mails that bring keys, written as other programs write them: attached, inline, in an Autocrypt header, signed or not."""

from base64 import b64encode
from datetime import UTC, datetime

from tests.keysmith import GpgHome


def with_key(
    name: str, sender: str, to: str, key: bytes, *, signer: tuple[GpgHome, str] | None = None, how: str = "attached",
    subject: str = "My key", answers: str = "",
) -> bytes:  # fmt: skip
    """Write a mail with a key; `signer` is a home and the fingerprint in it that signs the whole (RFC 3156, 5)."""
    head = (
        f"From: {sender}\nTo: {to}\nSubject: {subject}\nMessage-ID: <{name}>\nMIME-Version: 1.0\n"
        f"Date: {datetime.now(UTC):%a, %d %b %Y %H:%M:%S +0000}\n"
    ).encode()
    if answers:
        head += f"In-Reply-To: <{answers}>\n".encode()
    if how == "autocrypt":
        address = sender.partition("<")[2].rstrip(">") or sender
        head += f"Autocrypt: addr={address}; keydata={b64encode(key).decode()}\n".encode()
    body = _content(key, how)
    if signer is None:
        return head + body
    home, fingerprint = signer
    crlf = body.replace(b"\n", b"\r\n")
    seal = home.run("--armor", "--detach-sign", "-u", fingerprint, input=crlf)
    return b"".join(
        (
            head, b'Content-Type: multipart/signed; micalg=pgp-sha512; protocol="application/pgp-signature"; boundary="seal"\n\n',
            b"--seal\n", body, b"\n--seal\nContent-Type: application/pgp-signature\n\n", seal, b"\n--seal--\n",
        )
    )  # fmt: skip


def _content(key: bytes, how: str) -> bytes:
    text = b"Content-Type: text/plain; charset=utf-8\n\nHere is my key.\n"
    if how == "autocrypt":
        return text
    if how == "inline":
        return text + key
    kind = b"Content-Type: application/pgp-keys; name=key.asc\nContent-Disposition: attachment; filename=key.asc\n\n"
    return b'Content-Type: multipart/mixed; boundary="inner"\n\n--inner\n' + text + b"\n--inner\n" + kind + key + b"\n--inner--\n"
