"""The raw source of a mail, every byte of it visible."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from seccon.screens.aside import Aside
from seccon.widgets.bar import Bar
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_view import Line, LineView
from seccon.widgets.plain import plain


class Source(Aside[None]):
    """Shows text as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,v,h,left", "dismiss", "back", id="source.leave", tooltip="back to the mail"),
    ]
    DEFAULT_CSS = "Source { background: $background; }"

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title, self._text = title, text

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Bar(id="title")
        yield LineView(Line(line) for line in plain(self._text).split("\n"))
        yield KeyLine()

    def on_mount(self) -> None:
        """Say what it is."""
        self.query_one("#title", Bar).say(((plain(f" {self._title}", lines=False, limit=200), "strong"),))
        self.query_one(LineView).focus()
