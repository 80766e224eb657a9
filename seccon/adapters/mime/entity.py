"""The tree of a mail: entities that are slices of one buffer. What they mean is the walk's."""

import re
from collections.abc import Iterator
from email.message import Message

import msgspec

from seccon.adapters.mime.bounds import MAX_DEPTH, Bounds
from seccon.adapters.mime.charset import decode
from seccon.adapters.mime.header import Header, read_header, unfold, words

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
_MAX_FIELD = 4 << 10
_MAX_BOUNDARY = 200
_LINE_END = re.compile(rb"[ \t]*(?:\r?\n|\Z)")
_SPACES = 100


class Entity(msgspec.Struct, frozen=True):
    """One part, or the whole: its header, and where it stands in `buf`."""

    buf: bytes
    start: int
    body: int
    end: int
    header: Header
    type: str
    params: dict[str, str]
    disposition: str
    filename: str | None
    children: tuple["Entity", ...] = ()

    @property
    def raw(self) -> bytes:
        """The part as it stands in the mail, header and all: what a signature covers."""
        return self.buf[self.start : self.end]

    @property
    def content(self) -> bytes:
        """The body as it stands in the mail, transfer encoding and all."""
        return self.buf[self.body : self.end]


def parse(buf: bytes, bounds: Bounds) -> Entity:
    """Read a whole mail."""
    return _entity(buf, 0, len(buf), 0, bounds, "text/plain", whole=True)


def parse_decrypted(buf: bytes, bounds: Bounds) -> Entity:
    """Read what came out of decryption: a part, or bare text."""
    return _entity(buf, 0, len(buf), 0, bounds, "text/plain")


def parse_within(outer: Entity, bounds: Bounds, depth: int) -> Entity:
    """Read the mail that a `message/rfc822` part holds."""
    return _entity(outer.buf, outer.body, outer.end, depth, bounds, "text/plain", whole=True)


def _entity(buf: bytes, start: int, end: int, depth: int, bounds: Bounds, default: str, *, whole: bool = False) -> Entity:
    """Read one entity and, within the limits, what it holds."""
    header, body = read_header(buf, start, end, bounds, whole=whole)
    kind, params = _content_type(header, default)
    disposition, filename = _disposition(header, params)
    children: tuple[Entity, ...] = ()
    if kind.startswith("multipart/"):
        children = _children(buf, body, end, depth, bounds, kind, params.get("boundary", ""))
        if not children:
            bounds.warn("broken-multipart", "A part that should hold others holds none; it is shown as text.")
            kind, params, header = "text/plain", {}, header.without("content-transfer-encoding")  # none is allowed there
    return Entity(buf, start, body, end, header, kind, params, disposition, filename, children)


def _children(buf: bytes, start: int, end: int, depth: int, bounds: Bounds, kind: str, boundary: str) -> tuple[Entity, ...]:
    """Read the parts of a multipart; an outer boundary has already ended the range."""
    if depth >= MAX_DEPTH:
        bounds.cut("too-deep", f"This mail is nested more than {MAX_DEPTH} levels deep.")
        return ()
    if not 0 < len(boundary) <= _MAX_BOUNDARY:
        return ()
    default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    found = []
    for first, last in _ranges(buf, start, end, boundary.encode("utf-8", "replace"), bounds):
        if not bounds.take_part():
            break
        found.append(_entity(buf, first, last, depth + 1, bounds, default))
    return tuple(found)


def _ranges(buf: bytes, start: int, end: int, boundary: bytes, bounds: Bounds) -> Iterator[tuple[int, int]]:
    """Give where each part begins and ends, the line end before a boundary left out (RFC 2046, 5.1.1)."""
    begun = -1
    for at, after, closing in _boundaries(buf, start, end, boundary, bounds):
        if begun >= 0:
            yield begun, max(begun, _before(buf, at))
        begun = after
        if closing:
            return
    if begun >= 0:
        bounds.warn("no-last-boundary", "The end of this mail is missing, or it was cut off.")
        yield begun, end


def _before(buf: bytes, at: int) -> int:
    """Give where the line end before a boundary line begins."""
    at -= 1
    return at - 1 if buf[at - 1 : at] == b"\r" else at


def _boundaries(buf: bytes, start: int, end: int, boundary: bytes, bounds: Bounds) -> Iterator[tuple[int, int, bool]]:
    """Give each boundary line: where it begins, where the next line begins, and whether it is the last one."""
    mark = b"--" + boundary
    at = start if buf.startswith(mark, start, end) else _next(buf, mark, start, end)
    seen = 0
    while at >= 0:
        tail = at + len(mark)
        closing = buf.startswith(b"--", tail, end)
        line = _LINE_END.match(buf, tail + 2 * closing, min(end, tail + _SPACES))
        if line and (line.end() == end or buf[line.end() - 1 : line.end()] == b"\n"):
            yield at, line.end(), closing
        seen += 1
        if seen % 1000 == 0 and not bounds.in_time():
            return
        at = _next(buf, mark, tail - 1, end)


def _next(buf: bytes, mark: bytes, start: int, end: int) -> int:
    """Find the next line that begins with `mark`."""
    found = buf.find(b"\n" + mark, start, end)
    return found + 1 if found >= 0 else -1


def _content_type(header: Header, default: str) -> tuple[str, dict[str, str]]:
    """Read Content-Type; a broken one means text (RFC 2045, 5.2)."""
    if not header.first("content-type").strip():
        return default, {}
    kind, params = _structured(header, "content-type")
    return (kind if _TYPE.fullmatch(kind) else "text/plain"), params


def _structured(header: Header, name: str) -> tuple[str, dict[str, str]]:
    """Give the value of a structured field in lower case, and its parameters, RFC 2231 undone; of equal names the first."""
    message = Message()
    message[name] = unfold(header.first(name)[:_MAX_FIELD]).replace("\r", " ").replace("\n", " ")
    try:
        found = message.get_params(header=name, unquote=True) or [("", "")]
        return found[0][0].strip().lower(), {key.lower(): _collapsed(value) for key, value in reversed(found[1:])}
    except (ValueError, IndexError, TypeError, LookupError):
        return "", {}


def _collapsed(value: object) -> str:
    """Decode an RFC 2231 value."""
    if isinstance(value, tuple):
        charset, _, text = value
        return decode(str(text).encode("latin-1", "replace"), charset or "utf-8")[0]
    return str(value)


def _disposition(header: Header, params: dict[str, str]) -> tuple[str, str | None]:
    """Read what is to be done with a part, and its file name, as given."""
    kind, given = _structured(header, "content-disposition") if header.first("content-disposition") else ("", {})
    name = given.get("filename") or params.get("name")
    return kind, words(name)[:1000] if name else None
