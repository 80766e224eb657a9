"""The list of cases: any number of rows, of which only windows are ever held.

Owns the selection and what a row looks like. Leaves alone where rows come from: it says which it wants (`WindowWanted`) and
is given them (`show`). So start and keys cost the same for a hundred rows and for a million.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from seccon.core.board import Row
from seccon.core.instants import EPOCH, Instant
from seccon.widgets.columns import Cell, cells, columns, heads
from seccon.widgets.ink import ink
from seccon.widgets.line_list import LineList
from seccon.widgets.window import Window


class BoardList(LineList):
    """A list of `Row`s with a cursor and a selection of several."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "mark", show=False, id="list.mark", tooltip="mark the case, for doing one thing to several"),
    ]

    HEAD = 1

    class WindowWanted(Message):
        """Rows are needed that the list does not hold: `starts` begin blocks of `BLOCK` rows of the list of this `generation`."""

        def __init__(self, starts: tuple[int, ...], generation: int) -> None:
            super().__init__()
            self.starts = starts
            self.generation = generation

    class Highlighted(Message):
        """The cursor stands on another case; None where the list is empty or the row is still to come."""

        def __init__(self, row: Row | None) -> None:
            super().__init__()
            self.row = row

    class Chosen(Message):
        """A case shall be opened."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    class Marked(Message):
        """The selection changed."""

        def __init__(self, marked: frozenset[int]) -> None:
            super().__init__()
            self.marked = marked

    def __init__(self, *, empty: str = "Nothing here.", scale: int = 4, name: str | None = None) -> None:
        super().__init__(name=name)
        self.empty = empty
        self.scale = scale
        """Number of ranks on the severity scale: colours go by place, not by word."""
        self.window = Window()
        self.marked: frozenset[int] = frozenset()
        """Numbers of the selected cases; they stay selected when the list changes."""
        self._now: Instant = EPOCH
        self._told: Row | None = None

    def show(self, total: int, blocks: Iterable[tuple[int, tuple[Row, ...]]], now: Instant) -> None:
        """Show another list, or a newer state of it: its length, and the first blocks. The cursor stays on its case."""
        held = self.current
        with self.changing():
            self.window.forget(total)
            self._now = now
            for start, rows in blocks:
                self.window.put(start, rows)
            at = self.window.find(held.number) if held is not None else None
            self.set_reactive(BoardList.cursor, self.validate_cursor(self.cursor if at is None else at))
            self.settle()
        if not self.in_sight():
            self.aim(self.cursor - self.lines_on_view // 2)
        self.seek(self.top)
        self.moved()

    def fill(self, blocks: Iterable[tuple[int, tuple[Row, ...]]], generation: int) -> None:
        """Take rows that were wanted; those of an older list are dropped."""
        if generation != self.window.generation:
            return
        with self.changing():
            for start, rows in blocks:
                self.window.put(start, rows)
            self.settle()
        self.moved()

    def tick(self, now: Instant) -> None:
        """Let time pass."""
        with self.changing():
            self._now = now

    @property
    def current(self) -> Row | None:
        """The row under the cursor, if it is here."""
        return self.window.row(self.cursor)

    @property
    def total(self) -> int:
        """Number of rows of the whole list."""
        return self.window.total

    def head(self, width: int) -> str:
        """Give the titles of the columns."""
        return f"  {heads(width - 2)}"

    def ready(self, first: int, end: int) -> bool:
        """Say whether the window holds these rows."""
        return self.window.holds(first, end)

    def seek(self, top: int) -> None:
        """Ask for what is missing on view, and a page ahead on both sides."""
        height = max(self.lines_on_view, 1)
        starts = self.window.missing(top - height, top + 2 * height)
        if starts:
            self.post_message(self.WindowWanted(starts, self.window.generation))

    def moved(self) -> None:
        """Tell which case the cursor stands on, once."""
        if self.current != self._told:
            self._told = self.current
            self.post_message(self.Highlighted(self._told))

    def action_choose(self) -> None:
        """Open the case under the cursor."""
        if self.current is not None:
            self.post_message(self.Chosen(self.current))

    def action_mark(self) -> None:
        """Mark or unmark the case under the cursor, and go on to the next."""
        if self.current is None:
            return
        self.marked ^= {self.current.number}
        self.refresh_line(self.cursor)
        self.post_message(self.Marked(self.marked))
        self.cursor += 1

    def unmark(self) -> None:
        """Mark nothing any more."""
        if self.marked:
            self.marked = frozenset()
            self.refresh()
            self.post_message(self.Marked(self.marked))

    def said(self, index: int) -> object:
        """Give the cells of a row."""
        row = self.window.row(index)
        return None if row is None else self._cells(row, self.size.width)

    def draw(self, index: int, width: int, *, here: bool) -> Strip:
        """Draw a row: cursor bar, selection mark, columns."""
        row = self.window.row(index)
        base = self.get_component_rich_style("list--cursor") if here else self.rich_style
        lead = ("▌" if here else " ") + ("*" if row is not None and row.number in self.marked else " ")
        if row is None:
            return Strip([Segment(f"{lead}…".ljust(width), base)], width)
        return Strip(_joined(lead, self._cells(row, width), base, partial(ink, self)), width)

    def _cells(self, row: Row, width: int) -> tuple[Cell, ...]:
        return cells(row, self._now, columns(width - 2), self.scale)


def _joined(lead: str, row: tuple[Cell, ...], base: Style, style_of: Callable[[str], Style]) -> list[Segment]:
    """Make segments of cells; neighbours of one style become one, since each costs bytes on the line."""
    out: list[Segment] = []
    text, held = lead, base
    for cell in row:
        style = base + style_of(cell.style) if cell.style else base
        if style != held and cell.text.strip():
            out.append(Segment(text, held))
            text, held = "", style
        text += cell.text + " "
    out.append(Segment(text[:-1], held))
    return out
