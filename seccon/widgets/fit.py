"""Text into cells: cut or padded to a width, wrapped to lines. Counts cells as tmux does; `plain` has seen to it that one can."""

import re
from collections.abc import Iterator

from rich.cells import cell_len

_WORD = re.compile(r"\s*\S+|\s+")


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Give `text` in exactly `width` cells; what does not fit is cut, and `…` says so."""
    if text.isascii():
        if len(text) > width:
            return text[: width - 1] + "…" if width > 0 else ""
        return text.rjust(width) if right else text.ljust(width)
    cells = cell_len(text)
    if cells > width:
        text = _cut(text, width - 1) + "…" if width > 0 else ""
        cells = cell_len(text)
    pad = " " * (width - cells)
    return pad + text if right else text + pad


def _cut(text: str, width: int) -> str:
    """Give as much of the beginning as has room in `width` cells."""
    used = 0
    for at, char in enumerate(text):
        used += cell_len(char)
        if used > width:
            return text[:at]
    return text


def wrap(text: str, width: int) -> Iterator[str]:
    """Break `text` into lines of at most `width` cells, at spaces where there are any; tabs go to every eighth column."""
    width = max(width, 2)
    for given in text.split("\n"):
        line = given.expandtabs(8).rstrip()
        if cell_len(line) <= width:
            yield line
        else:
            yield from _folded(line, width)


def _folded(line: str, width: int) -> Iterator[str]:
    held, used = "", 0
    for word in _WORD.findall(line):
        cells = cell_len(word)
        if used + cells <= width:
            held, used = held + word, used + cells
            continue
        if held:
            yield held
        rest = word.lstrip() if held else word
        while cell_len(rest) > width:
            part = _cut(rest, width)
            yield part
            rest = rest[len(part) :]
        held, used = rest, cell_len(rest)
    if held:
        yield held
