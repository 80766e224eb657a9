"""A case's history: who did what, when and why, in sentences; `v` shows the entries as they stand in the journal."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from seccon.core.instants import Instant
from seccon.core.journal import Entry
from seccon.core.telling import Telling
from seccon.desk.open_case import CaseView
from seccon.screens.aside import Aside
from seccon.widgets.agenda import times
from seccon.widgets.bar import Bar
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_view import Line, LineView
from seccon.widgets.plain import plain, quoted


class History(Aside[None]):
    """Lists the entries of a case, the newest first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "raw", "raw form", id="history.raw", tooltip="the entries as they stand in the journal, and back"),
        Binding("q,escape,h,left", "dismiss", "back", id="history.leave", tooltip="back to the case"),
    ]
    DEFAULT_CSS = "History { background: $background; }"

    def __init__(self, view: CaseView, names: Mapping[str, str]) -> None:
        super().__init__()
        self._view, self._names = view, names
        self._raw = False

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Bar(id="title")
        yield LineView(history_lines(self._view.entries, self._names))
        yield KeyLine()

    def on_mount(self) -> None:
        """Say whose history it is."""
        case = self._view.case
        self.query_one("#title", Bar).say(((plain(f" History of {case.label}, policy {case.policy}", lines=False), "strong"),))
        self.query_one(LineView).focus()

    def action_raw(self) -> None:
        """Show sentences, or what they are made of."""
        self._raw = not self._raw
        lines = raw_lines if self._raw else history_lines
        self.query_one(LineView).show(lines(self._view.entries, self._names))


def history_lines(entries: tuple[Entry, ...], names: Mapping[str, str]) -> Iterator[Line]:
    """Tell each entry in a sentence, under the day on which it was made."""
    telling = _telling(entries, names)
    day = None
    for entry in reversed(entries):
        if entry.at.date() != day:
            if day is not None:
                yield Line("")
            day = entry.at.date()
            yield Line(f"{day:%a %d %b %Y}", "head")
        # What seccon found by itself is quiet: people's decisions are what is looked for.
        style = "quiet" if entry.by == "seccon" else ""
        lead = f"  {times(entry.at, None)}  "
        yield Line(plain(f"{telling.who(entry)} {telling.sentence(entry)}", lines=False, limit=1500), style, (lead, "quiet"))
        for reason in telling.reasons(entry):
            yield Line(plain(reason, lines=False, limit=1500), style, (" " * len(lead), ""))


def raw_lines(entries: tuple[Entry, ...], names: Mapping[str, str]) -> Iterator[Line]:
    """Write each entry with its kind and all its fields."""
    telling = _telling(entries, {})
    for entry in reversed(entries):
        head = f"{entry.seq}  {entry.kind}, {entry.by}, {entry.policy}"
        yield Line(plain(head, lines=False), "strong", (f"{entry.at:%Y-%m-%d %H:%M:%S}Z  ", "quiet"))
        said = ", ".join(telling.fields(entry))
        if said:
            yield Line(plain(said, lines=False, limit=1500), "", (" " * 4, ""))


def _telling(entries: tuple[Entry, ...], names: Mapping[str, str]) -> Telling:
    return Telling(entries, lambda login: names.get(login, login), moment, quoted)


def moment(when: Instant) -> str:
    """Write an instant in UTC, and as the viewer's clock showed it."""
    return f"{when:%Y-%m-%d} {times(when, None)}"
