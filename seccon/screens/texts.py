"""Texts to copy: plain lines from the left edge on, that the terminal's own selection takes (with shift), or a file holds."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from seccon.desk.texts import Text
from seccon.screens.aside import Aside
from seccon.widgets.bar import Bar
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_view import Line, LineView
from seccon.widgets.plain import plain


class Texts(Aside[Text | None]):
    """Shows the texts of a case; dismissed with the one that shall be saved."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,n", "next", "next text", id="texts.next", tooltip="trailers, bug, closing comment"),
        Binding("s", "save", "save", id="texts.save", tooltip="save it as a file for you alone; then copy it from there"),
        Binding("q,escape,t,h,left", "dismiss", "back", id="texts.leave", tooltip="back to the case"),
    ]
    DEFAULT_CSS = "Texts { background: $background; & #why { height: auto; max-height: 6; background: $panel; } }"

    def __init__(self, label: str, texts: tuple[Text, ...], at: int = 0) -> None:
        super().__init__()
        self._label, self._texts, self._at = label, texts, at

    @property
    def here(self) -> Text:
        """The text on view."""
        return self._texts[self._at]

    def compose(self) -> ComposeResult:
        """Lay out: what is said of the text stands apart from it, so that it is not copied along."""
        yield Bar(id="title")
        yield LineView(id="why")
        yield LineView(id="text")
        yield KeyLine()

    def on_mount(self) -> None:
        """Show the first."""
        self.query_one("#why").can_focus = False
        self.query_one("#text", LineView).focus()
        self._show()

    def on_resize(self) -> None:
        """Give what is said the lines that it needs."""
        self._show()

    def _show(self) -> None:
        one, count = self.here, len(self._texts)
        said = f" {one.title} of {self._label}   {self._at + 1}/{count}   shift + mouse copies"
        self.query_one("#title", Bar).say(((plain(said, lines=False, limit=200), "strong"),))
        why = self.query_one("#why", LineView)
        lines = (Line(plain(one.refused, lines=False, limit=900), "warn"),) if one.refused else ()
        why.display = bool(lines)
        why.styles.height = min(max(len(one.refused) // max(self.app.size.width - 4, 20) + 1, 1), 6)
        why.show(lines)
        self.query_one("#text", LineView).show(text_lines(one))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to save what there is."""
        return action != "save" or bool(self.here.text)

    def action_next(self) -> None:
        """Show the next one."""
        self._at = (self._at + 1) % len(self._texts)
        self._show()

    def action_save(self) -> None:
        """Have the text on view saved."""
        self.dismiss(self.here)


def text_lines(one: Text) -> Iterator[Line]:
    """Write a text as it is, through the door."""
    for line in plain(one.text.rstrip("\n"), limit=100_000).split("\n"):
        yield Line(line)
