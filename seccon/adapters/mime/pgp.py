"""Which parts of a mail are OpenPGP's: protected units by structure, blocks within text, public keys. Proves nothing."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator
from typing import Literal

import msgspec

from seccon.adapters.mime.bounds import MAX_BLOCKS, MAX_KEY, Bounds
from seccon.adapters.mime.entity import Entity
from seccon.adapters.mime.header import Header, unfold

_BEGIN = re.compile(rb"^-----BEGIN PGP (MESSAGE|SIGNED MESSAGE|PUBLIC KEY BLOCK)-----[ \t]*\r?$", re.MULTILINE)
_HINT = b"-----BEGIN PGP "
"""Looked for first: a plain search is ten times faster than an anchored pattern."""
_ENDS = {
    b"MESSAGE": re.compile(rb"^-----END PGP MESSAGE-----[ \t]*\r?$\n?", re.MULTILINE),
    b"SIGNED MESSAGE": re.compile(rb"^-----END PGP SIGNATURE-----[ \t]*\r?$\n?", re.MULTILINE),
    b"PUBLIC KEY BLOCK": re.compile(rb"^-----END PGP PUBLIC KEY BLOCK-----[ \t]*\r?$\n?", re.MULTILINE),
}
_KINDS: dict[bytes, Literal["encrypted", "signed", "key"]] = {
    b"MESSAGE": "encrypted",
    b"SIGNED MESSAGE": "signed",
    b"PUBLIC KEY BLOCK": "key",
}
_AUTOCRYPT = ("addr", "prefer-encrypt", "keydata")
_OPENPGP_PACKET = 0x80
_PACKED = (4, 8)
"""A one-pass signature, or compressed data, in which gpg packs one."""
_SMIME = ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pkcs7-signature", "application/x-pkcs7-signature")


class Sealed(msgspec.Struct, frozen=True):
    """A PGP/MIME encrypted unit: the part that holds the ciphertext, and where it stands among its siblings."""

    secret: Entity
    number: int
    strict: bool = True
    """It is a proper `multipart/encrypted`; else a mail server has taken one apart."""


class Signed(msgspec.Struct, frozen=True):
    """A PGP/MIME signed unit: what is signed, and the signature."""

    content: Entity
    signature: Entity


class Piece(msgspec.Struct, frozen=True):
    """A stretch of text: plain, or an OpenPGP block."""

    kind: Literal["plain", "encrypted", "signed", "packed", "key"]
    data: bytes


def unit(entity: Entity, bounds: Bounds) -> Sealed | Signed | None:
    """Say what protected unit a part is by its structure (RFC 3156, 4 and 5); None where it is none."""
    kinds = tuple(child.type for child in entity.children)
    if entity.type == "multipart/encrypted":
        if kinds[:1] == ("application/pgp-encrypted",) and len(kinds) == 2:
            return Sealed(entity.children[1], 2)
        bounds.warn("odd-encrypted", "This mail says that it is encrypted, but is not built so; nothing of it was decrypted.")
    if entity.type == "multipart/mixed" and "application/pgp-encrypted" in kinds[:-1]:
        number = kinds.index("application/pgp-encrypted") + 1
        if kinds[number] == "application/octet-stream":
            return Sealed(entity.children[number], number + 1, strict=False)
    if entity.type == "multipart/signed":
        if kinds[1:] == ("application/pgp-signature",):
            return Signed(entity.children[0], entity.children[1])
        if not set(kinds) & set(_SMIME):
            bounds.warn("odd-signed", "This mail says that it is signed, but is not built so; no signature was checked.")
    return None


def pieces(data: bytes) -> Iterator[Piece]:
    """Split text into what is plain and the blocks in it. A block that does not end, or is one too many, is plain."""
    at = 0
    for _ in range(MAX_BLOCKS):
        begin = _BEGIN.search(data, at)
        end = _ENDS[begin[1]].search(data, begin.end()) if begin else None
        if begin is None or end is None:
            break
        if begin.start() > at:
            yield Piece("plain", data[at : begin.start()])
        block = data[begin.start() : end.end()]
        yield Piece("packed" if begin[1] == b"MESSAGE" and _is_packed(block) else _KINDS[begin[1]], block)
        at = end.end()
    if at < len(data):
        yield Piece("plain", data[at:])


def _is_packed(block: bytes) -> bool:
    """Say whether a message is signed or packed, not encrypted: its first packet tells (RFC 4880, 4.3 and 11.3; `gpg --sign`)."""
    body = block.replace(b"\r", b"").partition(b"\n\n")[2][:4]
    try:
        first = b64decode(body)[:1]
    except (Base64Error, ValueError):
        return False
    return bool(first) and (first[0] & 0x3F if first[0] & 0x40 else first[0] >> 2 & 0x0F) in _PACKED


def has_block(data: bytes) -> bool:
    """Say whether a block begins in some text."""
    return _HINT in data and _BEGIN.search(data) is not None


def begins_message(data: bytes) -> bool:
    """Say whether a message or a signed text begins in a line of some text."""
    return _HINT in data and any(found[1].endswith(b"MESSAGE") for found in _BEGIN.finditer(data))


def names_message(data: bytes) -> bool:
    """Say whether one begins anywhere, as it does within HTML."""
    return any(_HINT + kind + b"-----" in data for kind, name in _KINDS.items() if name != "key")


def has_company(data: bytes) -> bool:
    """Say whether anything stands beside the first of the armoured messages: gpg drops it without a word."""
    begin = _BEGIN.search(data)
    end = _ENDS[begin[1]].search(data, begin.end()) if begin else None
    return begin is not None and end is not None and bool(data[: begin.start()].strip() or data[end.end() :].strip())


def autocrypt(header: Header, author: str) -> bytes | None:
    """Give the key of the one Autocrypt header of the sender; an attribute that is not known spoils it (Autocrypt 1.1, 2.1)."""
    found = []
    for raw in header.all("autocrypt"):
        params = dict(part.strip().split("=", 1) for part in unfold(raw).split(";") if "=" in part)
        if any(name not in _AUTOCRYPT and not name.startswith("_") for name in params):
            continue
        if params.get("addr", "").casefold() == author.casefold() and author:
            found.append("".join(params.get("keydata", "").split()))
    if len(found) != 1:
        return None
    try:
        return is_key(b64decode(found[0], validate=True))
    except (Base64Error, ValueError):
        return None


def is_key(data: bytes) -> bytes | None:
    """Give `data` back if it may be a key: armoured, or a packet."""
    armoured = b"-----BEGIN PGP PUBLIC KEY BLOCK-----" in data[:4096]
    return data if 0 < len(data) <= MAX_KEY and (armoured or data[0] & _OPENPGP_PACKET) else None


def foreign(entity: Entity, bounds: Bounds) -> None:
    """Name protections and containers of others, which are not looked into."""
    if entity.type in _SMIME:
        bounds.warn("smime", "This mail bears S/MIME, which is not verified or decrypted here.")
    if entity.type == "application/ms-tnef" or (entity.filename or "").lower() == "winmail.dat":
        bounds.warn("tnef", "This mail has a winmail.dat of Outlook; what is packed in it is not shown.")
