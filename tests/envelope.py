"""Builds mails for tests, protected by plain gpg: never by seccon's own writer, so that each is judged by something else."""

from tests.keysmith import GpgHome

DATE = "Sat, 21 Nov 2026 19:13:00 +0000"


def mail(entity: bytes, sender: str = "A. Roe <roe@example.org>", extra: str = "", subject: str = "a report") -> bytes:
    """Give a mail whose content is `entity` (header fields of its own, a blank line, a body)."""
    head = f"From: {sender}\nTo: team@example.com\nSubject: {subject}\nDate: {DATE}\nMessage-ID: <1@example.org>\n{extra}"
    return head.encode() + b"MIME-Version: 1.0\n" + entity


def plain(text: str = "hello\n", kind: str = "text/plain; charset=utf-8", extra: str = "") -> bytes:
    """Give an entity of text."""
    return f"Content-Type: {kind}\n{extra}\n{text}".encode()


def multi(*parts: bytes, kind: str = "mixed", mark: str = "outer", params: str = "") -> bytes:
    """Give a multipart of some entities."""
    head = f'Content-Type: multipart/{kind}; boundary="{mark}"{params}\n\n'.encode()
    return head + b"".join(b"--" + mark.encode() + b"\n" + part + b"\n" for part in parts) + b"--" + mark.encode() + b"--\n"


def signature(home: GpgHome, key: str, entity: bytes, *options: str) -> bytes:
    """Give the detached signature over an entity as RFC 3156 wants it: with CR LF."""
    text = entity.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return home.run("--armor", "--digest-algo", "SHA512", *options, "-u", key, "--detach-sign", input=text)


def signed(home: GpgHome, key: str, entity: bytes, *options: str, mark: str = "signed") -> bytes:
    """Give a PGP/MIME signed entity."""
    return wrapped(entity, signature(home, key, entity, *options), mark)


def wrapped(entity: bytes, made: bytes, mark: str = "signed") -> bytes:
    """Give a `multipart/signed` of any content and any signature."""
    part = b"Content-Type: application/pgp-signature; name=signature.asc\n\n" + made
    return multi(entity, part, kind="signed", mark=mark, params='; micalg=pgp-sha512; protocol="application/pgp-signature"')


def encrypted(home: GpgHome, key: str, entity: bytes, signer: str = "", mark: str = "sealed") -> bytes:
    """Give a PGP/MIME encrypted entity, signed within the same message where a signer is given."""
    sign = ["-u", signer, "--sign"] if signer else []
    secret = home.run("--armor", "--trust-model", "always", "-r", key, *sign, "--encrypt", input=entity.replace(b"\n", b"\r\n"))
    return sealed(secret, mark)


def sealed(secret: bytes, mark: str = "sealed") -> bytes:
    """Give a `multipart/encrypted` around any bytes."""
    version = b"Content-Type: application/pgp-encrypted\n\nVersion: 1\n"
    data = b"Content-Type: application/octet-stream; name=encrypted.asc\n\n" + secret
    return multi(version, data, kind="encrypted", mark=mark, params='; protocol="application/pgp-encrypted"')


def clearsigned(home: GpgHome, key: str, text: bytes) -> bytes:
    """Give a clearsigned block."""
    return home.run("--digest-algo", "SHA512", "-u", key, "--clearsign", input=text)
