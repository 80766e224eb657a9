"""Paragraphs of a mail that is being written: wrapped anew, each quoted line staying as deep as it is quoted. Pure."""

import re
import textwrap
from collections.abc import Sequence

WIDTH = 72
"""Columns of a line in a mail: two quotations deep it still fits 80."""
_QUOTE = re.compile(r"(?:> ?)*")
_ITEM = re.compile(r"(\s*)(?:[-*•]|\d{1,3}[.)])\s+")


def paragraph_at(lines: Sequence[str], row: int) -> tuple[int, int]:
    """Give the first line and the end of the paragraph at `row`; an empty line is a paragraph of none."""
    if not 0 <= row < len(lines) or not _body(lines[row]):
        return row, row
    depth, first, end = _depth(lines[row]), row, row + 1
    while first > 0 and not _ITEM.match(_body(lines[first])) and _goes_on(lines[first - 1], depth):
        first -= 1
    while end < len(lines) and _goes_on(lines[end], depth) and not _ITEM.match(_body(lines[end])):
        end += 1
    return first, end


def wrapped(lines: Sequence[str], width: int = WIDTH) -> list[str]:
    """Wrap the lines of one paragraph; a word that is too long stays whole, since it may be a link or a hash."""
    if not lines:
        return []
    depth = _depth(lines[0])
    lead = ">" * depth + (" " if depth else "")
    item = _ITEM.match(_body(lines[0]))
    hang = " " * len(item[0]) if item else ""
    text = " ".join(_body(line).strip() for line in lines)
    return textwrap.wrap(
        text,
        max(width, len(lead) + 20),
        initial_indent=lead + (item[1] if item else ""),
        subsequent_indent=lead + hang,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _goes_on(line: str, depth: int) -> bool:
    return bool(_body(line)) and _depth(line) == depth


def _depth(line: str) -> int:
    return _mark(line).count(">")


def _mark(line: str) -> str:
    found = _QUOTE.match(line)
    return found[0] if found else ""


def _body(line: str) -> str:
    return line[len(_mark(line)) :].rstrip()
