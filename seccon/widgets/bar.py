"""One-line bars drawn without a layout of their own: a bar says texts and style names, this draws them.

Textual's Header and Footer are a dozen widgets each; at start they cost more than the queue.
"""

from collections.abc import Iterable

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from seccon.widgets.ink import ink

Span = tuple[str, str]
"""Text that has passed `plain`, and the name of its ink, or nothing."""


class Bar(Widget):
    """A line of spans, the rest blank."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "Bar { height: 1; background: $surface; color: $foreground; }"

    def __init__(self, *, name: str | None = None, id: str | None = None) -> None:
        super().__init__(name=name, id=id)
        self._spans: tuple[Span, ...] = ()

    def say(self, spans: Iterable[Span]) -> None:
        """Show these; nothing is painted where they are what already stands there."""
        said = tuple(spans)
        if said != self._spans:
            self._spans = said
            self.refresh()

    @property
    def said(self) -> str:
        """What is to be read, for tests and for readers of the screen."""
        return "".join(text for text, _style in self._spans)

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width, base = self.size.width, self.rich_style
        if y:
            return Strip.blank(width, base)
        line = Strip([Segment(text, base + ink(self, name) if name else base) for text, name in self._spans if text])
        if line.cell_length > width > 0:  # what is cut must not look whole
            line = Strip([*line.crop(0, width - 1), Segment("…", base)])
        return line.adjust_cell_length(width, base).simplify()


def spread(left: tuple[Span, ...], right: tuple[Span, ...], width: int) -> tuple[Span, ...]:
    """Put `left` at the beginning and `right` at the end of `width` cells; else `right` gives way from its front."""
    used = sum(cell_len(text) for text, _style in left)
    while right and used + sum(cell_len(text) for text, _style in right) > width:
        right = right[1:]
    gap = width - used - sum(cell_len(text) for text, _style in right)
    return (*left, (" " * max(gap, 0), ""), *right)
