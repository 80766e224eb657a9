"""A case's history: who did what, when and why."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from seccon.core.instants import Instant
from seccon.core.journal import Entry
from seccon.core.second import SEALED, WORDS
from seccon.desk.open_case import CaseView
from seccon.widgets.bar import Bar
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_view import Line, LineView
from seccon.widgets.plain import plain, unmarked

_BARE = re.compile(r"[\w.@+/:#-]*")
_QUOTES = str.maketrans("“”„", '"""')
_SILENT = frozenset({"v", "kind", "digest"})


class History(ModalScreen[None]):
    """Lists the entries of a case, the newest first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,t", "dismiss", "back", id="history.leave", tooltip="back to the case"),
    ]
    DEFAULT_CSS = "History { background: $background; }"

    def __init__(self, view: CaseView, names: Mapping[str, str]) -> None:
        super().__init__()
        self._view, self._names = view, names

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


def history_lines(entries: tuple[Entry, ...], names: Mapping[str, str]) -> Iterator[Line]:
    """Write each entry with all that it says."""
    for entry in reversed(entries):
        who = names.get(entry.by, entry.by)
        yield Line(
            plain(f"{entry.kind.replace('-', ' ')}, {who}", lines=False), "strong", (f"{entry.at:%Y-%m-%d %H:%M}Z  ", "quiet")
        )
        said = (
            WORDS
            if entry.body == SEALED
            else ", ".join(f"{name} {_said(value)}" for name, value in _fields(entry) if value not in ("", None, (), False, {}))
        )
        if said:
            yield Line(plain(said, lines=False, limit=1500), "", (" " * 19, ""))


def _fields(entry: Entry) -> list[tuple[str, Any]]:
    return [(name, getattr(entry.body, name)) for name in entry.body.__struct_fields__ if name not in _SILENT]


def _said(value: Any) -> str:
    if isinstance(value, Instant):
        return f"{value:%Y-%m-%d %H:%M}Z"
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_said(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(map(_said, value))
    if isinstance(value, msgspec.Struct):
        return " ".join(filter(None, (_said(getattr(value, name)) for name in value.__struct_fields__)))
    return "" if value is None else _quoted(str(value))


def _quoted(text: str) -> str:
    """Quote what is not a bare word: a subject could hold what looks like further fields of the entry."""
    return text if _BARE.fullmatch(text) else f"“{unmarked(text.translate(_QUOTES))}”"
