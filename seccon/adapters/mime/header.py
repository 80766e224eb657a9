"""A header block: its fields as they stand, and its words decoded. What fields mean is `heading`'s and `entity`'s."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from quopri import decodestring

import msgspec

from seccon.adapters.mime.bounds import MAX_HEADER, SHOWN_HEADER, Bounds
from seccon.adapters.mime.charset import decode

_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:(.*)", re.DOTALL)
_BLANK = re.compile(rb"\n\r?\n")
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")


class Header(msgspec.Struct, frozen=True):
    """The fields of one block, in order. Names are lower-case; values are raw, with their folds."""

    fields: tuple[tuple[str, bytes], ...] = ()
    sound: bool = True
    """Nothing in it is malformed or left out: only then may it decide anything."""

    def all(self, name: str) -> tuple[bytes, ...]:
        """Give every value of a field."""
        return tuple(value for known, value in self.fields if known == name)

    def first(self, name: str) -> bytes:
        """Give the first value of a field; empty where there is none."""
        return next((value for known, value in self.fields if known == name), b"")

    def without(self, name: str) -> "Header":
        """Give the same block without a field."""
        return Header(tuple(field for field in self.fields if field[0] != name), self.sound)


def read_header(buf: bytes, start: int, end: int, bounds: Bounds, *, whole: bool = False) -> tuple[Header, int]:
    """Read the block that begins at `start`; also give where the body begins. `whole`: a mail's own, which may have no body."""
    if buf.startswith((b"\n", b"\r\n"), start) and start < end:
        return Header(), min(end, buf.index(b"\n", start) + 1)
    blank = _BLANK.search(buf, start, end)
    stop, body = (blank.start() + 1, blank.end()) if blank else (end, end)
    first = buf[start : min(stop, start + 1000)].split(b"\n", 1)[0]
    if not whole and not _FIELD.match(first):
        return Header(sound=False), start  # a part without a header: all of it is body
    cut = stop - start > MAX_HEADER
    if cut:
        bounds.cut("long-header", "The header of this mail is longer than what is read of it.")
    return _fields(buf[start : min(stop, start + MAX_HEADER)], sound=not cut), body


def _fields(block: bytes, *, sound: bool) -> Header:
    """Split a block into fields. A line that is none is left out, and the block is no longer sound."""
    found: list[tuple[str, list[bytes]]] = []
    sound = sound and b"\0" not in block and block.count(b"\r") == block.count(b"\r\n")
    for number, raw in enumerate(block.split(b"\n")):
        line = raw.removesuffix(b"\r")
        if line[:1] in (b" ", b"\t") and found:
            found[-1][1].append(line)
        elif match := _FIELD.match(line):
            found.append((match[1].decode("ascii").lower(), [match[2]]))
        elif line and not (number == 0 and line.startswith(b"From ")):
            sound = False
    return Header(tuple((name, b"\n".join(lines)) for name, lines in found), sound)


def text_of(raw: bytes, bounds: Bounds) -> str:
    """Decode an unstructured field: unfolded, encoded words decoded, controls replaced, cut at what is shown."""
    return shown(words(unfold(raw[: 4 * SHOWN_HEADER])), bounds)


def unfold(raw: bytes) -> str:
    """Give a field's value as one line, its bytes decoded (UTF-8 or a guess), its encoded words not yet."""
    return _FOLD.sub("", decode(raw, None)[0]).strip(" \t\r\n")


def shown(text: str, bounds: Bounds) -> str:
    """Replace control characters, which a decoded word may hold to inject a header into a reply; cut."""
    clean = _CONTROL.sub("\ufffd", text.replace("\t", " "))
    if "\ufffd" in clean and _CONTROL.search(text):
        bounds.warn("control-in-header", "A header holds control characters; they are shown as �.")
    if len(clean) > SHOWN_HEADER:
        bounds.warn("long-field", "A header field is longer than what is shown of it.")
    return clean[:SHOWN_HEADER]


def words(text: str) -> str:
    """Decode encoded words (RFC 2047). Neighbours of one charset are joined first: a letter may be cut in two between them."""
    if "=?" not in text:
        return text
    out: list[str] = []
    pending: list[tuple[str, bytes]] = []
    at = 0
    for match in _WORD.finditer(text):
        between = text[at : match.start()]
        if between.strip(" \t") or not pending:
            out += [_joined(pending), between]
            pending = []
        pending.append((match[1], _bytes_of(match[2], match[3])))
        at = match.end()
    return "".join([*out, _joined(pending), text[at:]])


def _bytes_of(encoding: str, text: str) -> bytes:
    """Undo the transfer encoding of one word; what cannot be undone is left as it stands."""
    raw = text.encode("utf-8")
    if encoding in "qQ":
        return decodestring(raw, header=True)
    try:
        return b64decode(raw + b"=" * (-len(raw) % 4)) or raw
    except (Base64Error, ValueError):
        return raw


def _joined(pending: list[tuple[str, bytes]]) -> str:
    """Decode neighbouring words, those of one charset together."""
    out: list[str] = []
    run: list[bytes] = []
    for number, (charset, data) in enumerate(pending):
        run.append(data)
        if number + 1 == len(pending) or pending[number + 1][0].lower() != charset.lower():
            out.append(decode(b"".join(run), charset)[0])
            run = []
    return "".join(out)
