"""One-line bars drawn without a layout of their own: a bar says texts and style names, this draws them.

Textual's Header and Footer are a dozen widgets each; at start they cost more than the queue.
"""

from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from seccon.widgets.fit import wrap
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
        return "".join(text for text, _style in self._spans if text != "\n")

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        return self._drawn(() if y else self._spans)

    def _drawn(self, spans: Iterable[Span]) -> Strip:
        width, base = self.size.width, self.rich_style
        line = Strip([Segment(text, base + ink(self, name) if name else base) for text, name in spans if text])
        if line.cell_length > width > 0:  # what is cut must not look whole
            line = Strip([*line.crop(0, width - 1), Segment("…", base)])
        return line.adjust_cell_length(width, base).simplify()


BREAK: Span = ("\n", "")
"""Where a `TallBar` goes on to its next line, if all of it does not fit on one."""
_INDENT = "   "
"""Sets off the lines that go on."""
_ROOMY = 16
"""Lines of a screen on which such a bar may take a second one."""


class TallBar(Bar):
    """A bar that takes a second line where one does not hold all: what it says is worth more than a line of the list below."""

    def say(self, spans: Iterable[Span]) -> None:
        """Show these, in as many lines as they need."""
        super().say(spans)
        self._settle(self.app.size.width)

    def on_resize(self, event: events.Resize) -> None:
        """Fit the new width."""
        self._settle(event.size.width)

    def _settle(self, width: int) -> None:
        most = 2 if self.app.size.height >= _ROOMY else 1
        self._rows = list(fold(self._spans, self.size.width or width, most))
        self.styles.height = max(len(self._rows), 1)

    def render_line(self, y: int) -> Strip:
        """Draw one of the lines."""
        rows = list(fold(self._spans, self.size.width, max(self.size.height, 1)))
        return self._drawn(rows[y] if y < len(rows) else ())


def fold(spans: tuple[Span, ...], width: int, most: int) -> Iterator[tuple[Span, ...]]:
    """Lay spans out on at most `most` lines, which are one or two; what has no room stays on the last, to be cut there."""
    whole = tuple(span for span in spans if span != BREAK)
    if most < 2 or sum(cell_len(text) for text, _style in whole) <= width:
        yield whole
        return
    at = spans.index(BREAK) if BREAK in spans else len(spans)
    first, rest = spans[:at], spans[at:]
    said = "".join(text for text, _style in first)
    if cell_len(said) > width:  # no text that comes behind the break may begin a line of its own then
        first, over = _parted(first, len(next(wrap(said, width))))
        rest = (*over, *rest)
    yield first
    yield ((_INDENT, ""), *_stripped(tuple(span for span in rest if span != BREAK)))


def _stripped(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    said = "".join(text for text, _style in spans)
    return _parted(spans, len(said) - len(said.lstrip()))[1]


def _parted(spans: tuple[Span, ...], at: int) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Part spans behind so many characters."""
    before: list[Span] = []
    for place, (text, style) in enumerate(spans):
        if len(text) > at:
            return (*before, (text[:at], style)), ((text[at:], style), *spans[place + 1 :])
        before.append((text, style))
        at -= len(text)
    return tuple(before), ()


def spread(left: tuple[Span, ...], right: tuple[Span, ...], width: int) -> tuple[Span, ...]:
    """Put `left` at the beginning and `right` at the end of `width` cells; else `right` gives way from its front."""
    used = sum(cell_len(text) for text, _style in left)
    while right and used + sum(cell_len(text) for text, _style in right) > width:
        right = right[1:]
    gap = width - used - sum(cell_len(text) for text, _style in right)
    return (*left, (" " * max(gap, 0), ""), *right)
