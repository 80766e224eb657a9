"""What the headers of a mail say, as a `core.report.Heading`."""

import base64
import binascii
import hashlib
import re

import msgspec

from seccon.adapters.mime.address import addresses
from seccon.adapters.mime.bounds import Bounds
from seccon.adapters.mime.date import arrival, parse_date
from seccon.adapters.mime.header import Header, shown, text_of, unfold, words
from seccon.core.ids import MessageId
from seccon.core.instants import FAR, Instant
from seccon.core.report import Heading

_BRACKETED = re.compile(r"<([^<>]{1,1000})>")
_MAILTO = re.compile(r"<\s*mailto:([^>?]{1,500})", re.IGNORECASE)
_BASE64 = re.compile(rb"\n\r?\n((?:[A-Za-z0-9+/]{36,500}={0,2}\r?\n){1,5000}(?:[A-Za-z0-9+/]{1,36}={0,2}\r?\n)?)")
"""A body of base64 that has room for such a line, or the beginning of a long one."""
_MAX_REFERENCES = 200
_LONGEST_ID = 189
"""Bytes of a Message-ID that notmuch 0.37 keeps; a longer one it names by the SHA-1 of it and the zero that ends it (seen)."""


class File:
    """A mail file: its bytes (as many as are read), size, digest and time."""

    def __init__(self, raw: bytes, digest: str, written: Instant, size: int) -> None:
        self.raw = raw
        self.digest = digest
        self.written = written
        self.size = size


def heading(file: File, header: Header, bounds: Bounds) -> Heading:
    """Read the fields that file a mail."""
    date = parse_date(unfold(header.first("date")[:300]))
    kind = header.first("content-type")[:500].lower()
    return Heading(
        message_id=_message_id(header, file),
        digest=file.digest,
        subject=text_of(header.first("subject"), bounds),
        sender=addresses(header.all("from"), bounds),
        to=addresses(header.all("to"), bounds),
        cc=addresses(header.all("cc"), bounds),
        reply_to=addresses(header.all("reply-to"), bounds),
        original_from=addresses(header.all("x-original-from"), bounds),
        date=date,
        arrived=arrival([unfold(header.first("received")[:4096])], date, file.written),
        in_reply_to=_ids(header.first("in-reply-to")),
        references=_ids(header.first("references")),
        automatic=_automatic(header),
        list_id=text_of(header.first("list-id"), bounds),
        list_post=_list_post(header, bounds),
        encrypted=b"multipart/encrypted" in kind or _bears(file.raw, b"-----BEGIN PGP MESSAGE-----"),
        signed=b"multipart/signed" in kind or _bears(file.raw, b"-----BEGIN PGP SIGNED MESSAGE-----"),
        size=file.size,
        warnings=bounds.warnings,
    )


def embedded(raw: bytes, header: Header, bounds: Bounds) -> Heading:
    """Read the fields of a mail within a mail: no file, so no digest, and no file's time that its dates must not pass."""
    found = heading(File(raw, "", FAR, len(raw)), header, bounds)
    return msgspec.structs.replace(found, warnings=(), arrived=found.arrived if found.arrived != FAR else None)


def _bears(raw: bytes, mark: bytes) -> bool:
    """Say whether a line of the mail begins with a mark, or one of what it carries in base64."""
    if _begins(raw, mark):
        return True
    return b"base64" in raw.lower() and any(_begins(_decoded(found[1]), mark) for found in _BASE64.finditer(raw))


def _begins(text: bytes, mark: bytes) -> bool:
    return text.startswith(mark) or b"\n" + mark in text


def _decoded(body: bytes) -> bytes:
    """Give what a body of base64 holds; nothing where it is none."""
    try:
        return base64.b64decode(b"".join(body.split()))
    except binascii.Error:
        return b""


def _message_id(header: Header, file: File) -> MessageId:
    """Give the id under which notmuch files it: what stands in the first brackets, else the bare field, else the file's SHA-1."""
    field = words(unfold(header.first("message-id")[:8192])).split("\0")[0].strip()
    begin = field.find("<") + 1
    end = field.find(">", begin) if begin else -1
    inside = "".join(field[begin : end if end >= 0 else None].split()) if begin else ""
    found = inside or field
    return _kept(found) if found else MessageId(_sha1(file.raw))


def _ids(raw: bytes) -> tuple[MessageId, ...]:
    """Give the ids of a References-like field, each once, the last ones where there are too many."""
    found = ("".join(one.split()) for one in _BRACKETED.findall(unfold(raw)))
    return tuple(dict.fromkeys(_kept(one) for one in found if one))[-_MAX_REFERENCES:]


def _kept(found: str) -> MessageId:
    """Give an id in the form in which notmuch keeps it."""
    data = found.encode()
    return MessageId(_sha1(data + b"\0") if len(data) > _LONGEST_ID else found)


def _sha1(data: bytes) -> str:
    return "notmuch-sha1-" + hashlib.sha1(data, usedforsecurity=False).hexdigest()


def _automatic(header: Header) -> bool:
    """Say whether a program wrote it (RFC 3834, 5)."""
    said = unfold(header.first("auto-submitted")[:200]).split(";")[0].split("(")[0].strip().lower()
    return said not in ("", "no")


def _list_post(header: Header, bounds: Bounds) -> str:
    """Give the address that mail to the list goes to (RFC 2369); nothing but the address."""
    match = _MAILTO.search(unfold(header.first("list-post")[:2000]))
    return shown(match[1].strip(), bounds) if match else ""
