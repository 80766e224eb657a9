"""The line above a list: what is shown of it, or the place where one types what shall be."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from seccon.widgets.bar import Bar, Span, spread


class FilterInput(Input):
    """An input whose cursor stands still: a blinking one writes 2.3 KB a second."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave(True)", "all", id="filter.clear", tooltip="away with the filter"),
        Binding("enter,down", "leave(False)", "to the list", id="filter.done", tooltip="back to the list"),
    ]

    class Left(Message):
        """The person is done typing; `cleared` when the filter shall go."""

        def __init__(self, *, cleared: bool) -> None:
            super().__init__()
            self.cleared = cleared

    def action_leave(self, cleared: bool) -> None:
        """Say so."""
        self.post_message(self.Left(cleared=cleared))


class FilterLine(Bar):
    """Shows what is said of the list; on `edit` an input opens in it, and tells each change as `Typed`, the end as `Closed`."""

    DEFAULT_CSS = """
    FilterLine {
        layout: horizontal; background: $background;
        & FilterInput { width: 40%; min-width: 24; border: none; height: 1; padding: 0 1; background: $surface; }
    }
    """

    class Typed(Message):
        """The text of the filter changed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Closed(Message):
        """Typing is over; the list has the keys again."""

    def __init__(self) -> None:
        super().__init__()
        self._sides: tuple[tuple[Span, ...], tuple[Span, ...]] = ((), ())

    def tell(self, left: tuple[Span, ...], right: tuple[Span, ...]) -> None:
        """Show what the list shows on the left, its figures on the right."""
        self._sides = left, right
        self._lay_out()

    def _lay_out(self) -> None:
        self.say(spread(*self._sides, self.app.size.width))

    def on_resize(self) -> None:
        """Fit the new width."""
        self._lay_out()

    def edit(self, text: str) -> None:
        """Let the person type, beginning with `text`."""
        if self.query(FilterInput):
            return
        entry = FilterInput(text, placeholder="words, state:closed, sort:age", select_on_focus=False, compact=True)
        entry.cursor_blink = False
        self.mount(entry)
        entry.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell each change."""
        event.stop()
        self.post_message(self.Typed(event.value))

    def on_filter_input_left(self, event: FilterInput.Left) -> None:
        """Put the line back."""
        event.stop()
        self.query(FilterInput).remove()
        if event.cleared:
            self.post_message(self.Typed(""))
        self.post_message(self.Closed())
