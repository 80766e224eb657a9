"""What a leaf holds: its transfer encoding undone, its text decoded, within bounds."""

import binascii
import re

from seccon.adapters.mime.bounds import MAX_HTML, Bounds
from seccon.adapters.mime.charset import decode, keeps_ascii
from seccon.adapters.mime.entity import Entity

_PLAIN_CODES = ("", "7bit", "8bit", "binary")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")


def payload(entity: Entity, bounds: Bounds) -> bytes:
    """Undo the transfer encoding; what cannot be undone is left as it stands, and said."""
    code = entity.header.first("content-transfer-encoding").split(b";")[0].strip().lower().decode("ascii", "replace")
    raw = entity.content
    if code in _PLAIN_CODES:
        return raw
    if code == "quoted-printable":
        return binascii.a2b_qp(raw)
    if code == "base64":
        return _base64(raw, bounds)
    bounds.warn("unknown-encoding", "A part has a transfer encoding that is not known; it is shown as it stands.")
    return raw


def _base64(raw: bytes, bounds: Bounds) -> bytes:
    """Decode as much as can be; mailing lists append lines to base64."""
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:
        bounds.warn("broken-base64", "A part's base64 is damaged; what could be decoded is shown.")
    clean = _NOT_BASE64.sub(b"", raw).split(b"=", 1)[0]
    clean = clean[: len(clean) - (len(clean) % 4 == 1)]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def text(entity: Entity, data: bytes, bounds: Bounds, *, covered: bool = True) -> tuple[str, bool]:
    """Decode the text of a part, as it is shown; also say whether something was cut off.

    Where the part's header is not `covered` by what protects the text, it must not make other letters of it.
    """
    if entity.type == "text/html":
        from seccon.adapters.mime.html import html_text

        given = bounds.take_text(data[:MAX_HTML])
        if len(data) > MAX_HTML:
            bounds.cut("long-html", "An HTML part is longer than what is shown of it.")
        found, known = decode(given, entity.params.get("charset"))
        _told(known, bounds)
        return html_text(found, bounds), len(given) < len(data)
    given = bounds.take_text(data)
    charset = entity.params.get("charset")
    if not covered and not keeps_ascii(charset):
        bounds.warn("charset", "A part names a charset that would make another text of what is protected; it was not followed.")
        charset = None
    found, known = decode(given, charset)
    _told(known, bounds)
    found = found.replace("\r\n", "\n")
    if entity.params.get("format", "").lower() == "flowed":
        found = unflow(found, covered and entity.params.get("delsp", "").lower() == "yes")
    return found, len(given) < len(data)


def _told(known: bool, bounds: Bounds) -> None:
    if not known:
        bounds.warn("charset", "A part's text is not what its charset says, or names none that is known.")


def unflow(flowed: str, delsp: bool) -> str:
    """Join flowed lines (RFC 3676): a line that ends in a space goes on in the next one of the same quote depth."""
    out: list[list[str]] = []
    open_depth = -1
    for line in flowed.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        flows = bare.endswith(" ") and bare != "-- "
        piece = bare[:-1] if flows and delsp else bare
        if depth == open_depth and bare != "-- ":
            out[-1].append(piece)
        else:
            out.append([">" * depth + (" " if depth else ""), piece])
        open_depth = depth if flows else -1
    return "\n".join("".join(pieces) for pieces in out)
