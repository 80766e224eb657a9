"""A list of lines with a cursor: moving, scrolling, clicking, and repainting only what reads otherwise.

Drawn on the Line API. Who makes a list of it says how many lines there are (`total`), what is to be read on one (`said`), and
draws it (`draw`); the lines may come late (`ready`, `seek`). There is no scrollbar: it would be repainted with each line.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from seccon.widgets.fit import fit, wrap
from seccon.widgets.ink import ink

_CONTEXT = 3
"""At the edge a third of the page stays: a scroll repaints all of it, so there should be few (performance, P9)."""
_WHEEL = 3
"""Lines that one notch of the mouse wheel moves."""


class LineList(ScrollView, can_focus=True):
    """Lines with a cursor; subclasses give `total`, `said`, `draw`, `action_choose`."""

    ALLOW_SELECT = False
    ALLOW_MAXIMIZE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "open", id="list.open", tooltip="open what the cursor stands on"),
        Binding("l,right", "choose", "open", show=False, id="list.enter", tooltip="open what the cursor stands on"),
        Binding("down,j", "step(1)", "down", show=False, id="list.down", tooltip="next line"),
        Binding("up,k", "step(-1)", "up", show=False, id="list.up", tooltip="line before"),
        Binding("pagedown,ctrl+f,ctrl+d", "page(1)", "page down", show=False, id="list.page-down", tooltip="a page on"),
        Binding("pageup,ctrl+b,ctrl+u", "page(-1)", "page up", show=False, id="list.page-up", tooltip="a page back"),
        Binding("home", "to(0)", "first", show=False, id="list.first", tooltip="first line"),
        Binding("end,G", "to(-1)", "last", show=False, id="list.last", tooltip="last line"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"list--cursor"}
    DEFAULT_CSS = """
    LineList {
        height: 1fr; overflow: hidden; background: $background; color: $foreground;
        & > .list--cursor { background: $surface; }
        &:focus > .list--cursor { background: $block-cursor-blurred-background; text-style: bold; }
    }
    """
    HEAD: ClassVar[int] = 0
    """Lines at the top that stay where they are (`head`)."""

    cursor: reactive[int] = reactive(0, repaint=False, init=False)
    """Index of the current line. Moving it repaints two lines."""
    empty = ""
    """What stands in an empty list: a sentence, and what to do."""

    _goal: int | None = None
    """Where to scroll as soon as the lines are there: one painting instead of two."""

    @property
    def total(self) -> int:
        """Number of lines."""
        raise NotImplementedError

    def said(self, index: int) -> object:
        """Give what is to be read on a line, as a value that compares; None where it is still to come."""
        raise NotImplementedError

    def draw(self, index: int, width: int, *, here: bool) -> Strip:
        """Draw a line; `here` when the cursor stands on it."""
        raise NotImplementedError

    def head(self, width: int) -> str:
        """Give the line that stays at the top."""
        return ""

    def action_choose(self) -> None:
        """Open what the cursor stands on."""

    def ready(self, first: int, end: int) -> bool:
        """Say whether these lines can be drawn; else `seek` was or will be told of them."""
        return True

    def seek(self, top: int) -> None:
        """Hear that `top` is or will be the first line on view. Called on moving and resizing, never while drawing."""

    def moved(self) -> None:
        """Hear that the cursor stands on another line."""

    @property
    def lines_on_view(self) -> int:
        """How many lines of the list have room."""
        return max(self.size.height - self.HEAD, 0)

    @property
    def top(self) -> int:
        """The first line on view, or about to be."""
        return self.scroll_offset.y if self._goal is None else self._goal

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Change the lines; afterwards only those are repainted on which something else is to be read."""
        before, bare = self._view(), not self.total
        yield
        after = self._view()
        differing = [place for place, (old, new) in enumerate(zip(before, after, strict=False)) if old != new]
        if len(before) != len(after) or bare or not self.total or len(differing) > len(after) // 2:
            self.refresh()
        else:
            for place in differing:
                self.refresh_line(self.scroll_offset.y + place)

    def _view(self) -> list[object]:
        first, total = self.scroll_offset.y, self.total
        return [
            (at < total, at == self.cursor, self.said(at) if at < total else None)
            for at in range(first, first + self.lines_on_view)
        ]

    def refresh_line(self, y: int) -> None:
        """Repaint line `y` of the list."""
        super().refresh_line(y + self.HEAD)

    def settle(self) -> None:
        """Take note of another `total`, and scroll where a wish was waiting for lines."""
        if self.virtual_size.height != self.total + self.HEAD:
            # No layout depends on it, and laying out would repaint the whole screen.
            self.set_reactive(LineList.virtual_size, Size(self.size.width, self.total + self.HEAD))
        if self._goal is not None or self.scroll_offset.y > self._limited(self.scroll_offset.y):
            self._goal = self._limited(self.top)
        if self._goal is not None and self.ready(self._goal, self._goal + self.lines_on_view):
            goal, self._goal = self._goal, None
            self.scroll_to(y=goal, animate=False, force=True)

    def _limited(self, top: int) -> int:
        return max(0, min(top, self.total - self.lines_on_view))

    def aim(self, top: int) -> None:
        """Make `top` the first line on view, as soon as its lines are there."""
        self._goal = self._limited(top)
        self.seek(self._goal)
        self.settle()

    def in_sight(self) -> bool:
        """Say whether the cursor is, or will be, on view."""
        return self.top <= self.cursor < self.top + max(self.lines_on_view, 1)

    def validate_cursor(self, cursor: int) -> int:
        """Keep it inside the list."""
        return max(0, min(cursor, self.total - 1))

    def watch_cursor(self, before: int, after: int) -> None:
        """Repaint the line that was left and the one that was reached; at the edge move on by two thirds of a page."""
        self.refresh_line(before)
        self.refresh_line(after)
        if not self.in_sight():
            kept = self.lines_on_view // _CONTEXT
            self.aim(after - kept if after >= self.top else after - self.lines_on_view + kept + 1)
        self.moved()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask here for lines: a message made while drawing does not reach the App."""
        super().watch_scroll_y(old_value, new_value)
        self.seek(self.scroll_offset.y)

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in sight in the new height."""
        self.settle()
        if not self.in_sight():
            self.aim(self.cursor - self.lines_on_view // 2)
        self.seek(self.top)

    def action_step(self, by: int) -> None:
        """Move by lines."""
        self.cursor += by

    def action_page(self, by: int) -> None:
        """Move cursor and view by a page."""
        page = max(self.lines_on_view - 1, 1)
        self.aim(self.top + by * page)
        self.cursor += by * page

    def action_to(self, index: int) -> None:
        """Go to the first line, or with -1 to the last."""
        self.cursor = index if index >= 0 else self.total - 1

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; a second click there opens."""
        at = event.y - self.HEAD + self.scroll_offset.y
        if event.y >= self.HEAD and at < self.total:
            self.cursor = at
            if event.chain == 2:
                self.action_choose()

    def on_mouse_scroll_down(self) -> None:
        """Move on with the wheel."""
        self.cursor += _WHEEL

    def on_mouse_scroll_up(self) -> None:
        """Move back with the wheel."""
        self.cursor -= _WHEEL

    def render_line(self, y: int) -> Strip:
        """Draw the line `y` of the view."""
        width, y = self.size.width, y - self.HEAD
        if y < 0:
            return self._note(self.head(width), width)
        at = y + self.scroll_offset.y
        if at < self.total:
            return self.draw(at, width, here=at == self.cursor)
        lines = list(wrap(self.empty, width - 4)) if not self.total else []
        return self._note(f"  {lines[y - 1]}" if 0 < y <= len(lines) else "", width)

    def _note(self, text: str, width: int) -> Strip:
        return Strip([Segment(fit(text, width), self.rich_style + ink(self, "quiet"))], width)
