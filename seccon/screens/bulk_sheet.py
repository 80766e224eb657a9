"""The pre-send sheets of several letters at once: which are ready, which are left out and why, and each one whole."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from seccon.desk.refuse_many import Prepared
from seccon.screens.aside import Aside
from seccon.screens.sheet import sheet_lines
from seccon.widgets.bar import Bar
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_view import Line, LineView
from seccon.widgets.plain import plain


class BulkSheet(Aside[bool]):
    """Shows the sheets; dismissed with True when the ready ones shall leave."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("S", "send", "SEND the ready ones", id="bulk.send", tooltip="let the ready ones leave as their sheets say"),
        Binding("q,escape", "dismiss(False)", "back", id="bulk.back", tooltip="send nothing"),
    ]
    SEEN = ("send",)
    DEFAULT_CSS = "BulkSheet { background: $background; }"

    def __init__(self, prepared: Sequence[Prepared], title: str) -> None:
        super().__init__()
        self.prepared = tuple(prepared)
        self._title = title

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Bar(id="title")
        yield LineView(bulk_lines(self.prepared))
        yield KeyLine()

    def on_mount(self) -> None:
        """Say how many can leave."""
        ready = sum(one.is_ready for one in self.prepared)
        said = (f"{ready} of {len(self.prepared)} ready", "good" if ready == len(self.prepared) else "warn")
        self.query_one("#title", Bar).say(((plain(f" {self._title}   ", lines=False), "strong"), said))
        self.query_one(LineView).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer sending where something is ready."""
        return any(one.is_ready for one in self.prepared) if action == "send" else True

    def action_send(self) -> None:
        """Let the ready ones leave."""
        self.dismiss(True)


def bulk_lines(prepared: Sequence[Prepared]) -> Iterator[Line]:
    """Write the list, then every sheet with the text that it is about."""
    for one in prepared:
        to = ", ".join(each.address for each in one.letter.recipients) if one.letter else "no letter"
        if one.is_ready:
            kind = one.letter.protection if one.letter else ""
            yield Line(_said(f"{one.label}  {kind}  to {to}"), "", ("✓ ", "good"))
        else:
            yield Line(_said(f"{one.label}  left out: {one.left_out}"), "alarm", ("✗ ", "alarm"))
    for one in prepared:
        if one.letter is not None and one.sheet is not None:
            yield from (Line(""), Line(_said(f"{one.label}  {one.letter.subject}"), "head"), *sheet_lines(one.sheet), Line(""))
            yield from (Line(plain(text, lines=False, limit=800), "quiet") for text in one.letter.text.split("\n")[:60])


def _said(text: str) -> str:
    return plain(text, lines=False, limit=800)
