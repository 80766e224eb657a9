"""The parties of a case: who may be told, was told, answered, holds which version of the patch, is ready to publish."""

from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.strip import Strip

from seccon.core.party_view import PartyLine
from seccon.desk.read_parties import PartiesView, ReadParties
from seccon.screens.frame import Frame
from seccon.screens.place import top_of
from seccon.screens.request import Ask, Done
from seccon.screens.snap import Snap
from seccon.screens.verbs import PARTY_VERBS
from seccon.widgets.bar import Bar, TallBar
from seccon.widgets.fit import fit
from seccon.widgets.ink import ink
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_view import Line, LineView
from seccon.widgets.plain import plain, unmarked
from seccon.widgets.top_bar import TopBar
from seccon.widgets.value_list import ValueList

WIDE, WIDEST = 120, 150
_NAME = 10
"""Cells that the names of what is said have."""
_HEADS = ("", "Party", "Role", "May", "Told", "By", "Affected", "Patch", "State")


class PartyVerb(Message):
    """Something shall be done about a party; an empty address: about none that is there."""

    def __init__(self, verb: str, case: int, party: str) -> None:
        super().__init__()
        self.verb = verb
        self.case = case
        self.party = party


class PartyList(ValueList[PartyLine]):
    """Draws a line a party."""

    HEAD = 1
    empty = (
        "Nobody outside takes part.\n\n"
        "i invites a vendor or downstream. They learn of nothing by it: each reporter must permit "
        "that they are told (P), then t writes to them."
    )

    def identity(self, line: PartyLine) -> object:
        """A party is known by its address."""
        return line.address

    def head(self, width: int) -> str:
        """Name the columns."""
        return " " + " ".join(fit(name, cells) for name, cells in zip(_HEADS, _columns(width), strict=True) if cells)

    def draw(self, index: int, width: int, *, here: bool) -> Strip:
        """Draw one party."""
        line = self.lines[index]
        base = self.get_component_rich_style("list--cursor") if here else self.rich_style
        sign, tone = ("–", "quiet") if line.gone else ("●", "good") if line.ready else ("○", line.tone)
        told = (f"{line.told:%Y-%m-%d %H:%M}" if width >= WIDE else f"{line.told:%m-%d}") if line.told else "–"
        may, how = ("yes", "") if line.permitted else ("no", "warn"), unmarked(_one(line.how))
        cells = (
            (sign, tone), (unmarked(_one(line.label)), ""), (line.role, "quiet"), may, (told, ""), (how, "quiet"),
            (line.affected or "–", ""), (line.patch, "warn" if line.due == "patch" else ""),
            (unmarked(_one(line.state)), line.tone),
        )  # fmt: skip
        segments = [Segment(" ", base)]
        for (text, ton), cell in zip(cells, _columns(width), strict=True):
            if cell:
                segments += [Segment(fit(text, cell), base + ink(self, ton)), Segment(" ", base)]
        return Strip(segments).adjust_cell_length(width, base)


def _columns(width: int) -> tuple[int, ...]:
    """Give the cells of each column: sign, name, role, may, told, by, affected, patch, state."""
    role, told = (11, 16) if width >= WIDE else (0, 5)
    by = 34 if width >= WIDEST else 0  # the state says what to do: it is not cut for the sake of how they were told
    rest = max(width - 1 - sum(cells + 1 for cells in (1, role, 3, told, by, 8, 8) if cells) - 2, 20)
    name = min(rest * 2 // 5, 30)
    return 1, name, role, 3, told, by, 8, 8, rest - name


def _one(text: str) -> str:
    return plain(text, lines=False, limit=200)


class PartiesScreen(Frame):
    """The list, and below it all that is known of the party at hand."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *PARTY_VERBS,
        Binding("q,h,left", "leave", "back", id="party.leave", tooltip="from what is said to the list, and back"),
    ]
    DEFAULT_CSS = """
    PartiesScreen {
        & #panes { layout: vertical; height: 1fr; }
        & #about { height: 6; max-height: 40%; border-top: solid $panel; }
        &.-high #about { height: 40%; }
    }
    """

    def __init__(self, case: int, snap: Snap | None = None) -> None:
        super().__init__(snap)
        self.case = case
        self._view: PartiesView | None = None

    def compose(self) -> ComposeResult:
        """Lay out."""
        self._top, self._title, self._list, self._about = TopBar(), Bar(id="title"), PartyList(), LineView(id="about")
        yield self._top
        yield self._title
        yield TallBar(id="headline")
        with Horizontal(id="panes"):
            yield self._list
            yield self._about
        yield KeyLine()

    def on_mount(self) -> None:
        """Read it."""
        self.set_class(self.app.size.height >= 36, "-high")
        self._top.top = top_of(self.snap, "")
        self._list.focus()
        self._read()

    def on_resize(self, event: events.Resize) -> None:
        """Give what is said more lines where there are more."""
        self.set_class(event.size.height >= 36, "-high")
        self._say()

    def watch_snap(self, before: Snap, after: Snap) -> None:
        """Read again what others changed."""
        self._top.top = top_of(after, "")
        if (before.ledger, before.now) != (after.ledger, after.now):
            self._read()

    def _read(self) -> None:
        self.post_message(Ask(self, ReadParties(case=self.case), latest=True))

    def on_done(self, message: Done) -> None:
        """Show what was read."""
        if isinstance(message.result, PartiesView):
            self._view = message.result
            self._list.show(message.result.lines)
            self._say()
            self.refresh_bindings()

    def _say(self) -> None:
        """Say what is missing for simultaneous release; the empty list says by itself that nobody takes part."""
        if self._view is None:
            return
        case = self._view.view.case
        self._title.say(((plain(f" Parties of {case.label}", lines=False), "strong"),))
        here = [line for line in self._view.lines if not line.gone]
        tone = "good" if here and all(line.ready for line in here) else "warn" if here else "quiet"
        said = unmarked(plain(self._view.headline, lines=False, limit=1000))
        self.query_one("#headline", TallBar).say(((f" {said}" if here else "", tone),))

    def on_value_list_moved(self) -> None:
        """Say what is known of whoever is at hand."""
        line = self._list.here
        self._about.show(_about(line) if line else ())
        self.refresh_bindings()

    def on_value_list_chosen(self) -> None:
        """Give the keys to what is said: it may be longer than its place."""
        self._about.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done about whoever is at hand."""
        if action != "verb" or parameters[0] == "invite":
            return True
        line = self._list.here if self._view is not None else None
        return line is not None and not line.gone

    def action_verb(self, verb: str) -> None:
        """Do something about whoever is at hand."""
        line = self._list.here
        self.post_message(PartyVerb(verb, self.case, line.address if line else ""))

    def action_leave(self) -> None:
        """From what is said to the list, from the list back."""
        if self._about.has_focus:
            self._list.focus()
        else:
            self.app.pop_screen()


def _about(line: PartyLine) -> tuple[Line, ...]:
    name = unmarked(_one(line.label))
    head = f"{name} <{_one(line.address)}>" if line.label != line.address else name
    return (
        Line(head, "strong"),
        *(
            Line(unmarked(plain(text, lines=False, limit=600)), tone, (title[:_NAME].ljust(_NAME) + " ", "quiet"))
            for title, text, tone in line.said
        ),
    )
