"""What a search through the mails of a case found: one line for each place; enter goes there. Nothing of it is kept."""

from typing import ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.strip import Strip

from seccon.core.plural import count
from seccon.desk.search_case import Found, Hit
from seccon.screens.aside import Aside
from seccon.widgets.bar import Bar
from seccon.widgets.fit import fit
from seccon.widgets.ink import ink
from seccon.widgets.key_line import KeyLine
from seccon.widgets.plain import plain
from seccon.widgets.value_list import ValueList


class HitList(ValueList[Hit]):
    """Draws hits."""

    empty = "It stands in no mail of this case that could be read."

    def draw(self, index: int, width: int, *, here: bool) -> Strip:
        """Draw one hit."""
        hit = self.lines[index]
        base = self.get_component_rich_style("list--cursor") if here else self.rich_style
        place = "" if hit.place == "text" else f"{hit.place}: "
        line = plain(place + hit.line, lines=False, limit=400)
        return Strip(
            [
                Segment(f" {fit(plain(hit.who, lines=False), 20)}  ", base + ink(self, "quiet")),
                Segment(fit(line, max(width - 23, 8)), base),
            ]
        ).adjust_cell_length(width, base)


class Hits(Aside[Hit | None]):
    """Lists what was found; dismissed with the hit to go to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,h,left", "dismiss", "back", id="hits.leave", tooltip="back to the case"),
    ]
    DEFAULT_CSS = "Hits { background: $background; }"

    def __init__(self, found: Found) -> None:
        super().__init__()
        self._found = found

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Bar(id="title")
        yield Bar(id="lacking")
        yield HitList(self._found.hits)
        yield KeyLine()

    def on_mount(self) -> None:
        """Say what was found, and what could not be looked at."""
        found = self._found
        count = f"{len(found.hits)}{' and more' if found.more else ''}"
        self.query_one("#title", Bar).say(((plain(f" “{found.text}”   {count} found", lines=False, limit=200), "strong"),))
        bar = self.query_one("#lacking", Bar)
        bar.display = bool(found.locked or found.missing)
        locked = f" {_mails(found.locked)} locked: not searched (u opens one)." if found.locked else ""
        missing = f" {_mails(found.missing)} gone from the store." if found.missing else ""
        bar.say(((locked + missing, "warn"),))
        hits = self.query_one(HitList)
        hits.settle()
        hits.focus()

    def on_value_list_chosen(self) -> None:
        """Go there."""
        self.dismiss(self.query_one(HitList).here)


def _mails(number: int) -> str:
    return count(number, "mail is", "mails are")
