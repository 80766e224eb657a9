"""The small forms of MIME that letters are made of: mailboxes, encoded words, file names, a text body that nobody re-wraps."""

import re
from collections.abc import Iterable
from email import quoprimime
from email.header import Header
from email.utils import encode_rfc2231

from seccon.core.errors import RefusedError
from seccon.core.letter import clean_line, clean_text, is_address
from seccon.core.report import Address

_TYPE = re.compile(r"(?!multipart/|message/)[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9._+ -]{1,60}")
_LINE = 76


def words(text: str) -> str:
    """Write unstructured text as a header's value: folded, encoded where it is not ASCII or looks encoded."""
    clean = clean_line(text, 400)
    plain = clean.isascii() and "=?" not in clean
    return Header(clean, "us-ascii" if plain else "utf-8", maxlinelen=_LINE, header_name="Subject").encode(linesep="\r\n")


def mailboxes(some: Iterable[Address]) -> str:
    """Write mailboxes, one a line. Raises RefusedError for an address that mail must not be sent to."""
    return ",\r\n ".join(_mailbox(one) for one in some)


def _mailbox(one: Address) -> str:
    if not is_address(one.address):
        sentence = f"'{clean_line(one.address)}' is not an address that mail is sent to."
        raise RefusedError("bad-address", sentence, "RFC 5321, 4.1.2")
    name = clean_line(one.name)
    if not name:
        return one.address
    if name.isascii() and "=?" not in name:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{one.address}>'
    return f"{Header(name, 'utf-8', maxlinelen=_LINE).encode(linesep=chr(13) + chr(10))}\r\n <{one.address}>"


def media_type(text: str) -> str:
    """Give a media type that can stand in a header: what is not one, or is a container, becomes plain octets."""
    lower = text.strip().lower()
    return lower if _TYPE.fullmatch(lower) else "application/octet-stream"


def file_name(text: str) -> str:
    """Write the `filename` parameter: the last part of a path, no control character, RFC 2231 where it must."""
    name = clean_line(re.split(r"[/\\]", text)[-1], 120).lstrip(".- ") or "attachment"
    if _PLAIN_NAME.fullmatch(name):
        return f'filename="{name}"'
    return f"filename*={encode_rfc2231(name, 'utf-8')}"


def body(text: str) -> tuple[str, str, bytes]:
    """Give Content-Type, transfer encoding and bytes (CRLF) of a text that arrives as it was written.

    7bit where nothing on the way could alter it; else quoted-printable, with `From ` and trailing blanks encoded (RFC 3156, 3).
    """
    clean = clean_text(text)
    clean = clean if clean.endswith("\n") else f"{clean}\n"
    lines = clean.split("\n")
    charset = "us-ascii" if clean.isascii() else "utf-8"
    kind = f"text/plain; charset={charset}"
    fragile = any(len(line) > 78 or line != line.rstrip() or line.startswith(("From ", "--")) or line == "." for line in lines)
    if charset == "us-ascii" and not fragile:
        return kind, "7bit", clean.replace("\n", "\r\n").encode()
    octets = clean.encode("utf-8", "replace").decode("latin-1")
    coded = quoprimime.body_encode(octets, maxlinelen=_LINE, eol="\n")
    coded = re.sub(r"(?m)^From ", "=46rom ", coded)
    coded = re.sub(r"(?m)^\.$", "=2E", coded)
    return kind, "quoted-printable", coded.replace("\n", "\r\n").encode("ascii")
