"""A picture of the console: what Textual would put on the terminal, as SVG in which each cell has its exact place.

Textual's own export leaves it to the reader of the SVG how wide a text is; without a browser and its font the columns drift.
"""

from collections.abc import Iterable, Iterator
from html import escape
from io import StringIO
from itertools import groupby

from rich.cells import cell_len
from rich.color import Color
from rich.console import Console as RichConsole
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import DIMMED_MONOKAI
from textual.app import App

_WIDE, _HIGH, _FONT = 9, 18, 14.95
"""Units of a cell, and the size at which DejaVu Sans Mono is as wide as one."""
_EDGE = 8


def picture(app: App[object]) -> str:
    """Draw what is on the screen now."""
    width, height = app.size
    paper = RichConsole(
        width=width, height=height, file=StringIO(), force_terminal=True, color_system="truecolor", record=True,
        legacy_windows=False, safe_box=False,
    )  # fmt: skip
    paper.print(app.screen._compositor.render_update(full=True, screen_stack=app._background_screens))
    segments = Segment.filter_control(paper._record_buffer)
    return draw([*Segment.split_lines(segments)][:height], width)


def draw(lines: Iterable[list[Segment]], width: int) -> str:
    """Draw lines of segments."""
    rows = list(lines)
    wide, high = width * _WIDE + 2 * _EDGE, len(rows) * _HIGH + 2 * _EDGE
    cells = [cell for y, row in enumerate(rows) for cell in _row(row, y)]
    ground = next((_hex(segment.style.bgcolor) for row in rows[1:2] for segment in row if segment.style), "#16181d")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" xml:space="preserve" '
        f'font-family="DejaVu Sans Mono, Noto Sans Mono CJK JP, monospace" font-size="{_FONT}">'
        f'<rect width="{wide}" height="{high}" fill="{ground}"/>{"".join(cells)}</svg>\n'
    )


def _row(row: list[Segment], y: int) -> Iterator[str]:
    x = 0
    top = _EDGE + y * _HIGH
    texts = []
    for segment in row:
        style = segment.style or Style()
        ink, paper = _hex(style.color, "#d3d7de"), _hex(style.bgcolor, "")
        if style.reverse:
            ink, paper = paper or "#16181d", ink
        length = cell_len(segment.text)
        if paper:
            yield (
                f'<rect x="{_EDGE + x * _WIDE}" y="{top}" width="{length * _WIDE}" height="{_HIGH}" fill="{paper}" '
                'shape-rendering="crispEdges"/>'
            )
        texts += list(_texts(segment.text, x, top + 13.5, ink, style))
        x += length
    yield from texts


def _texts(text: str, x: int, y: float, ink: str, style: Style) -> Iterator[str]:
    more = (' font-weight="bold"' if style.bold else "") + (' text-decoration="underline"' if style.underline else "")
    more += ' font-style="italic"' if style.italic else ""
    for plain, chars in groupby(text, key=lambda char: char.isascii() and char != " "):
        run = "".join(chars)
        if plain:
            yield _text(run, x, y, ink, more)
            x += len(run)
            continue
        for char in run:  # each where it belongs, whatever font it comes from
            if char != " ":
                yield _text(char, x, y, ink, more)
            x += cell_len(char)


def _text(text: str, x: int, y: float, ink: str, more: str) -> str:
    return f'<text x="{_EDGE + x * _WIDE}" y="{y}" fill="{ink}"{more}>{escape(text)}</text>'


def _hex(color: Color | None, missing: str = "#16181d") -> str:
    if color is None or color.is_default:
        return missing
    return color.get_truecolor(DIMMED_MONOKAI).hex
