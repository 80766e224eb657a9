"""What is no text, shown as a bounded dump: offset, sixteen bytes in hex, and the same as letters where they are ASCII."""

from collections.abc import Iterator

from seccon.core.plural import count
from seccon.widgets.line_view import Line

SHOWN = 64 << 10
"""Bytes that are shown: enough to see what it is."""
_ROW = 16


def dump_lines(data: bytes, shown: int = SHOWN) -> Iterator[Line]:
    """Lay bytes out; says what is left out. 76 columns at most."""
    for at in range(0, min(len(data), shown), _ROW):
        row = data[at : at + min(_ROW, shown - at)]
        pairs = " ".join(f"{byte:02x}" for byte in row)
        letters = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in row)
        yield Line(f"{pairs:<47}  {letters}", "", (f"{at:08x}  ", "quiet"))
    if len(data) > shown:
        yield Line(f"… {count(len(data) - shown, 'more byte is', 'more bytes are')} not shown", "warn")
    if not data:
        yield Line("It is empty.", "quiet")
