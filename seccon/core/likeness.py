"""Whether two files are copies of one mail: what a mailing list changes on the way is no difference (features, I2 and I11).

Pure and bounded: it reads bytes, takes MIME apart only as far as the comparison needs, and when in doubt says *different*.
"""

import binascii
import quopri
import re
from collections.abc import Iterator

_FOOTER = re.compile(rb"(?:_{4,}|-{2,})[ \t]*")
_BOUNDARY = re.compile(rb"(?i);\s*boundary\s*=\s*(?:\"([^\"\n]{1,200})\"|([^\s;\"]{1,200}))")
_FOOTER_LINES = 10
_DEPTH = 20
_LEAVES = 500
_HEADER = 64 << 10

Leaf = tuple[bytes, bytes]
"""Media type, and content: decoded, without the white space at line ends that travel changes."""
Skeleton = tuple[Leaf, ...]
"""The leaves of a mail, in order."""


def skeleton(raw: bytes) -> Skeleton:
    """Take a mail apart into its leaves; never raises. What is nested too deep counts as one leaf."""
    leaves: list[Leaf] = []
    for leaf in _leaves(raw.replace(b"\r\n", b"\n"), _DEPTH):
        if len(leaves) == _LEAVES:
            return (*leaves, (b"", raw))  # too many to look at: equal only to itself
        leaves.append(leaf)
    return tuple(leaves)


def same_body(one: Skeleton, two: Skeleton) -> bool:
    """Say whether one is the other, or the other with a list's footer: at the end of its texts, or as one more part."""
    short, long = sorted((one, two), key=lambda leaves: (len(leaves), sum(len(content) for _kind, content in leaves)))
    if len(long) == len(short) + 1 and long[-1][0] == b"text/plain" and _is_footer(long[-1][1].splitlines()):
        long = long[:-1]
    return len(long) == len(short) and all(map(_footed, short, long))


def _footed(short: Leaf, long: Leaf) -> bool:
    if short == long:
        return True
    rest = long[1][len(short[1]) :]
    plain = short[0] == long[0] == b"text/plain"
    return plain and long[1].startswith(short[1]) and rest[:1] == b"\n" and _is_footer(rest.lstrip(b"\n").splitlines())


def _is_footer(lines: list[bytes]) -> bool:
    return 0 < len(lines) <= _FOOTER_LINES and _FOOTER.fullmatch(lines[0]) is not None


def _leaves(entity: bytes, depth: int) -> Iterator[Leaf]:
    head, _, body = (b"", b"", entity[1:]) if entity.startswith(b"\n") else entity.partition(b"\n\n")
    fields = re.sub(rb"\n[ \t]+", b" ", head)
    kinds, codings = _fields(fields, b"content-type"), _fields(fields, b"content-transfer-encoding")
    if len(head) > _HEADER or len(kinds) > 1 or len(codings) > 1:
        yield b"", entity  # readers differ about such a one
        return
    kind, coding = b"".join(kinds) or b"text/plain", b"".join(codings).lower()
    boundary = _BOUNDARY.search(kind) if kind.lower().startswith(b"multipart/") else None
    if boundary and depth:
        yield from _parts(body, boundary[1] or boundary[2], depth)
    else:
        media, content = kind.partition(b";")[0].strip().lower(), _decoded(body, coding)
        yield media, content if coding == b"base64" and not media.startswith(b"text/") else _plain(content)


def _parts(body: bytes, boundary: bytes, depth: int) -> Iterator[Leaf]:
    for part in re.split(rb"(?:\A|\n)--" + re.escape(boundary) + rb"(?=--|[ \t]*(?:\n|\Z))", body)[1:]:
        if part.startswith(b"--"):
            return
        yield from _leaves(part.lstrip(b" \t")[1:], depth - 1)


def _fields(head: bytes, name: bytes) -> list[bytes]:
    return [value.strip() for value in re.findall(rb"(?im)^" + name + rb"[ \t]*:(.*)$", head)]


def _decoded(body: bytes, coding: bytes) -> bytes:
    if coding == b"base64":
        try:
            return binascii.a2b_base64(body)
        except binascii.Error:
            return body
    return quopri.decodestring(body) if coding == b"quoted-printable" else body


def _plain(text: bytes) -> bytes:
    return b"\n".join(line.rstrip() for line in text.replace(b"\r\n", b"\n").split(b"\n")).rstrip(b"\n")
