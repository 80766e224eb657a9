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
            yield from _unorphaned(list(_folded(line, width)), width)


_ORPHAN = 4
"""Cells up to which a word is too short to stand on a last line alone."""


def _unorphaned(rows: list[str], width: int) -> list[str]:
    """Give a lone short word at the end the company of the word before it."""
    last = rows[-1]
    if len(rows) < 2 or cell_len(last) > _ORPHAN or " " in last or not last.islower():
        return rows
    kept, space, moved = rows[-2].rpartition(" ")
    if space and len(kept.split()) > 1 and cell_len(moved) + 1 + cell_len(last) <= width:
        rows[-2:] = [kept.rstrip(), f"{moved} {last}"]
    return rows


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
