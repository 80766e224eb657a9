"""A scrolling view of read-only lines: wraps once a width, draws only the lines on view. For mails, cards, help.

Never a TextArea: that draws strangers' text unwashed, and lays a whole mail out before it shows its beginning.
"""

from collections.abc import Iterable
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from seccon.widgets.bar import Span
from seccon.widgets.fit import wrap
from seccon.widgets.ink import ink


class Line(NamedTuple):
    """One paragraph: a lead that stays on its first line, text that is wrapped beside it, and how both look.

    Both have passed `plain`.
    """

    text: str
    style: str = ""
    lead: Span = ("", "")
    gutter: Span = ("", "")
    """Stands before each line of it; text that has one cannot pass itself off as text that has none."""


class LineView(ScrollView, can_focus=True):
    """Shows `Line`s."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll_by(1)", "Down", show=False, id="view.down", tooltip="a line on"),
        Binding("up,k", "scroll_by(-1)", "Up", show=False, id="view.up", tooltip="a line back"),
        Binding("pagedown,space,ctrl+f", "scroll_pages(1)", "Page down", show=False, id="view.page-down", tooltip="a page on"),
        Binding("pageup,b,ctrl+b", "scroll_pages(-1)", "Page up", show=False, id="view.page-up", tooltip="a page back"),
        Binding("home", "scroll_edge(0)", "Beginning", show=False, id="view.first", tooltip="to the beginning"),
        Binding("end,G", "scroll_edge(1)", "End", show=False, id="view.last", tooltip="to the end"),
    ]
    DEFAULT_CSS = """
    LineView { height: 1fr; overflow: hidden; background: $background; color: $foreground; }
    """

    def __init__(self, lines: Iterable[Line] = (), *, name: str | None = None, id: str | None = None) -> None:
        super().__init__(name=name, id=id)
        self._lines = tuple(lines)
        self._folded: list[tuple[Span, ...]] = []
        self._width = -1

    def show(self, lines: Iterable[Line], *, keep_place: bool = False) -> None:
        """Show other lines, from the beginning; nothing is painted where they are the same."""
        given = tuple(lines)
        if given == self._lines and self._width >= 0:
            return
        before = self._view()
        self._lines, self._width = given, -1
        self._fold(self.size.width)
        if not keep_place:
            self.scroll_to(y=0, animate=False, force=True)
        for place, (old, new) in enumerate(zip(before, self._view(), strict=True)):
            if old != new:
                self.refresh_line(self.scroll_offset.y + place)

    def _view(self) -> list[tuple[Span, ...] | None]:
        first, end = self.scroll_offset.y, len(self._folded)
        return [self._folded[at] if at < end else None for at in range(first, first + self.size.height)]

    @property
    def said(self) -> str:
        """All that is to be read, wrapped as it is drawn."""
        return "\n".join("".join(text for text, _style in row) for row in self._folded)

    def reveal(self, text: str) -> bool:
        """Scroll to the first line that holds a text, a little below the top; say whether there is one."""
        row = 0
        for line in self._lines:
            if text and text in f"{line.lead[0]}{line.text}":
                self.scroll_to(y=max(row - 2, 0), animate=False, force=True)
                return True
            row += sum(1 for _ in _rows(line, self._width - 2))
        return False

    def _fold(self, width: int) -> None:
        if width == self._width or width <= 0:
            return
        self._width = width
        self._folded = [row for line in self._lines for row in _rows(line, width - 2)]
        self.set_reactive(LineView.virtual_size, Size(width, len(self._folded)))

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew."""
        width = self.size.width  # without padding, which the event's size has
        if self._lines and width != self._width:
            self.refresh()
        self._fold(width)

    def action_scroll_by(self, by: int) -> None:
        """Scroll by lines."""
        self.scroll_to(y=self.scroll_offset.y + by, animate=False, force=True)

    def action_scroll_pages(self, by: int) -> None:
        """Scroll by pages, keeping one line."""
        self.action_scroll_by(by * max(self.size.height - 1, 1))

    def action_scroll_edge(self, end: int) -> None:
        """Scroll to the beginning or the end."""
        self.scroll_to(y=len(self._folded) if end else 0, animate=False, force=True)

    def on_mouse_scroll_down(self) -> None:
        """Move on with the wheel."""
        self.action_scroll_by(3)

    def on_mouse_scroll_up(self) -> None:
        """Move back with the wheel."""
        self.action_scroll_by(-3)

    def render_line(self, y: int) -> Strip:
        """Draw the line `y` of the view."""
        width, base = self.size.width, self.rich_style
        at = y + self.scroll_offset.y
        if at >= len(self._folded):
            return Strip.blank(width, base)
        spans = (span for span in self._folded[at] if span[0])
        segments = [Segment(text, base + ink(self, style) if style else base) for text, style in spans]
        return Strip([Segment(" ", base), *segments]).adjust_cell_length(width, base).simplify()


def height(lines: Iterable[Line], width: int) -> int:
    """Say how many lines of the screen these take in a view of that width."""
    return sum(1 for line in lines for _row in _rows(line, width - 2))


def _rows(line: Line, width: int) -> Iterable[tuple[Span, ...]]:
    lead, style = line.lead
    indent = " " * cell_len(lead)
    for place, part in enumerate(wrap(line.text, max(width - len(indent) - cell_len(line.gutter[0]), 8))):
        yield line.gutter, (indent if place else lead, style), (part, line.style)
