"""A list of lines with a cursor: moving, scrolling, clicking, and repainting only what reads otherwise.

Drawn on the Line API. Who makes a list of it says how many lines there are (`total`), what is to be read on one (`said`), and
draws it (`draw`); the lines may come late (`ready`, `seek`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip


class LineList(ScrollView, can_focus=True):
    """Lines with a cursor; subclasses give `total`, `said`, `draw`, `choose`."""

    ALLOW_SELECT = False
    ALLOW_MAXIMIZE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "step(1)", "Down", show=False, id="list.down", tooltip="next line"),
        Binding("up,k", "step(-1)", "Up", show=False, id="list.up", tooltip="line before"),
        Binding("pagedown,ctrl+f,ctrl+d", "page(1)", "Page down", show=False, id="list.page-down", tooltip="a page on"),
        Binding("pageup,ctrl+b,ctrl+u", "page(-1)", "Page up", show=False, id="list.page-up", tooltip="a page back"),
        Binding("home", "to(0)", "First", show=False, id="list.first", tooltip="first line"),
        Binding("end,G", "to(-1)", "Last", show=False, id="list.last", tooltip="last line"),
        Binding("enter", "choose", "open", id="list.open", tooltip="open what the cursor stands on"),
        Binding("l,right", "choose", "open", show=False, id="list.enter", tooltip="open what the cursor stands on"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"list--cursor", "list--empty"}
    DEFAULT_CSS = """
    LineList {
        height: 1fr; overflow: hidden scroll; scrollbar-size: 0 0; background: $background; color: $foreground;
        & > .list--cursor { background: $surface; }
        &:focus > .list--cursor { background: $block-cursor-blurred-background; text-style: bold; }
        & > .list--empty { color: $text-muted; }
    }
    """

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

    def action_choose(self) -> None:
        """Open what the cursor stands on."""

    def ready(self, first: int, end: int) -> bool:
        """Say whether these lines can be drawn; else `seek` was or will be told of them."""
        return True

    def seek(self, top: int) -> None:
        """Hear that `top` is or will be the first line on view. Called on moving and resizing, never while drawing."""

    def moved(self) -> None:
        """Hear that the cursor stands on another line."""

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Change the lines; afterwards only those are repainted on which something else is to be read."""
        before = self._view()
        yield
        after = self._view()
        differing = [place for place, (old, new) in enumerate(zip(before, after, strict=False)) if old != new]
        if len(before) != len(after) or not self.total or len(differing) > len(after) // 2:
            self.refresh()
        else:
            for place in differing:
                self.refresh_line(self.scroll_offset.y + place)

    def _view(self) -> list[object]:
        top = self.scroll_offset.y
        return [
            (at < self.total, at == self.cursor, self.said(at) if at < self.total else None)
            for at in range(top, top + self.size.height)
        ]

    def settle(self) -> None:
        """Take note of another `total`, and scroll where a wish was waiting for lines."""
        if self.virtual_size.height != self.total:
            # No layout depends on it: there is no scrollbar, and laying out would repaint the whole screen.
            self.set_reactive(LineList.virtual_size, Size(self.size.width, self.total))
        if self._goal is not None:
            self._goal = self._limited(self._goal)
        elif self.scroll_offset.y > self._limited(self.scroll_offset.y):
            self._goal = self._limited(self.scroll_offset.y)
        if self._goal is not None and self.ready(self._goal, self._goal + self.size.height):
            goal, self._goal = self._goal, None
            self.scroll_to(y=goal, animate=False)

    def _limited(self, top: int) -> int:
        return max(0, min(top, self.total - self.size.height))

    def _aim(self, top: int) -> None:
        self._goal = self._limited(top)
        self.seek(self._goal)
        self.settle()

    @property
    def top(self) -> int:
        """The first line on view, or about to be."""
        return self.scroll_offset.y if self._goal is None else self._goal

    def validate_cursor(self, cursor: int) -> int:
        """Keep it inside the list."""
        return max(0, min(cursor, self.total - 1))

    def watch_cursor(self, before: int, after: int) -> None:
        """Repaint the line that was left and the one that was reached; at the edge move on by half a page."""
        self.refresh_line(before)
        self.refresh_line(after)
        height = max(self.size.height, 1)
        if not self.top <= after < self.top + height:
            self._aim(after - height // 2)
        self.moved()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask here for lines: a message made while drawing does not reach the App."""
        super().watch_scroll_y(old_value, new_value)
        self.seek(self.scroll_offset.y)

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in sight in the new height."""
        self.settle()
        if not self.top <= self.cursor < self.top + event.size.height:
            self._aim(self.cursor - event.size.height // 2)
        self.seek(self.top)

    def action_step(self, by: int) -> None:
        """Move by lines."""
        self.cursor += by

    def action_page(self, by: int) -> None:
        """Move cursor and view by a page."""
        height = max(self.size.height - 1, 1)
        self._aim(self.top + by * height)
        self.cursor += by * height

    def action_to(self, index: int) -> None:
        """Go to the first line, or with -1 to the last."""
        self.cursor = index if index >= 0 else self.total - 1

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; a second click there opens."""
        at = event.y + self.scroll_offset.y
        if at < self.total:
            self.cursor = at
            if event.chain == 2:
                self.action_choose()

    def ink(self, name: str) -> Style:
        """Give colour and weight of a component class without its background, so that the cursor's shows through."""
        style = self.get_component_rich_style(name)
        return Style(color=style.color, bold=style.bold or None, italic=style.italic or None, underline=style.underline or None)

    def render_line(self, y: int) -> Strip:
        """Draw the line `y` of the view."""
        width = self.scrollable_content_region.width
        at = y + self.scroll_offset.y
        if at < self.total:
            return self.draw(at, width, here=at == self.cursor)
        lines = self.empty.split("\n") if not self.total else []
        text = f"  {lines[y - 1]}" if 0 < y <= len(lines) else ""
        return Strip([Segment(text[:width].ljust(width), self.get_component_rich_style("list--empty"))], width)
