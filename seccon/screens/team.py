"""The team: nominees, members, vendors' seats, our own addresses, and what is to be said of whoever is at hand."""

from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.strip import Strip

from seccon.core.plural import count
from seccon.core.team_view import TeamLine, TeamView
from seccon.desk.read_team import ReadTeam
from seccon.screens.frame import Frame
from seccon.screens.place import top_of
from seccon.screens.request import Ask, Done
from seccon.screens.snap import Snap
from seccon.widgets.bar import Bar
from seccon.widgets.fit import fit
from seccon.widgets.ink import ink
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_view import Line, LineView
from seccon.widgets.plain import plain
from seccon.widgets.top_bar import TopBar
from seccon.widgets.value_list import ValueList

WIDE = 120
_SIGNS = {"nominee": ("?", "warn"), "member": ("●", "good"), "seat": ("▢", ""), "own": ("✉", "quiet"), "former": ("–", "quiet")}
_NAME = 10
"""Cells that the names of what is said have."""


class TeamVerb(Message):
    """Something shall be done about the team."""

    def __init__(self, verb: str, view: TeamView, line: TeamLine | None) -> None:
        super().__init__()
        self.verb = verb
        self.view = view
        self.line = line


class TeamList(ValueList[TeamLine]):
    """Draws who is on the team, who shall be, who was."""

    HEAD = 1
    empty = (
        "Nobody is on the roster: everybody who may write to the ledger can decide.\n\n"
        "Put the first members into the configuration: [[member]]."
    )

    def identity(self, line: TeamLine) -> object:
        """One address may be a nominee's and a former member's."""
        return line.standing, line.address

    def place_of(self, before: TeamLine) -> int:
        """Follow whoever has another standing by now."""
        if any(self.identity(line) == self.identity(before) for line in self.lines):
            return super().place_of(before)
        return next((at for at, line in enumerate(self.lines) if line.address == before.address), self.cursor)

    def head(self, width: int) -> str:
        """Name the columns."""
        columns = _columns(width)
        names = ("", "Name", "Company", "State", "Key", "Pledge")
        return " " + " ".join(fit(name, columns[at]) for at, name in enumerate(names) if columns[at])

    def draw(self, index: int, width: int, *, here: bool) -> Strip:
        """Draw one line."""
        line = self.lines[index]
        base = self.get_component_rich_style("list--cursor") if here else self.rich_style
        sign, tone = _SIGNS[line.standing]
        cells = (
            (sign, tone), (_one(line.name), ""), (_one(line.company), "quiet"), (_one(line.state), line.tone),
            (line.key, line.key_tone), (line.pledge, "quiet" if line.pledge != "pledged" else "good"),
        )  # fmt: skip
        segments = [Segment(" ", base)]
        for (text, ton), cell in zip(cells, _columns(width), strict=True):
            if cell:
                segments += [Segment(fit(text, cell), base + ink(self, ton)), Segment(" ", base)]
        return Strip(segments).adjust_cell_length(width, base)


def _columns(width: int) -> tuple[int, ...]:
    """Give the cells of each column: sign, name, company, state, key, pledge."""
    company, pledge = (15, 7) if width >= 72 else (0, 0)
    key = 22 if width >= 96 else 11
    rest = max(width - 2 - 1 - company - key - pledge - 6, 20)
    name = min(rest // 2, 26)
    return 1, name, company, rest - name, key, pledge


def _one(text: str) -> str:
    return plain(text, lines=False, limit=200)


class TeamScreen(Frame):
    """The list, and under or beside it what is to be said."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "verb('nominate')", "nominate", id="team.nominate", tooltip="let somebody be considered for the team"),
        Binding("v", "verb('vouch')", "vouch", id="team.vouch", tooltip="give your word for a nominee"),
        Binding("p", "verb('pledge')", "pledge", id="team.pledge", tooltip="record the promise to honour embargoes"),
        Binding("a", "verb('approve')", "approve", id="team.approve", tooltip="admit a nominee: they are a member at once"),
        Binding("x", "verb('leave')", "leave", id="team.leave", tooltip="a member leaves; a nominee is declined; a seat goes"),
        Binding("s", "verb('seat')", "seat", id="team.seat", tooltip="give a vendor a seat, also before anybody sits on it"),
        Binding("q,h,left", "back", "back", id="team.back", tooltip="from what is said to the list, from the list to the queue"),
    ]
    DEFAULT_CSS = """
    TeamScreen {
        & #panes { layout: vertical; height: 1fr; }
        & #about { height: 9; max-height: 45%; border-top: solid $panel; }
        &.-wide #panes { layout: horizontal; }
        &.-wide TeamList { width: 60%; }
        &.-wide #about { height: 1fr; max-height: 100%; width: 40%; border-top: none; border-left: vkey $panel; }
    }
    """

    def compose(self) -> ComposeResult:
        """Lay out."""
        self._top, self._list, self._about = TopBar(), TeamList(), LineView(id="about")
        yield self._top
        yield Bar(id="title")
        with Horizontal(id="panes"):
            yield self._list
            yield self._about
        yield KeyLine()

    def on_mount(self) -> None:
        """Read it."""
        self._view: TeamView | None = None
        self.set_class(self.app.size.width >= WIDE, "-wide")
        self.query_one("#title", Bar).say(((" Team", "strong"),))
        self._top.top = top_of(self.snap, "Team")
        self._list.focus()
        self._read()

    def on_resize(self, event: events.Resize) -> None:
        """Put what is said beside the list from `WIDE` columns on."""
        self.set_class(event.size.width >= WIDE, "-wide")

    def watch_snap(self, before: Snap, after: Snap) -> None:
        """Read again what moved."""
        self._top.top = top_of(after, "Team")
        if (before.ledger, before.now) != (after.ledger, after.now):
            self._read()

    def _read(self) -> None:
        self.post_message(Ask(self, ReadTeam(), latest=True))

    def on_done(self, message: Done) -> None:
        """Show what was read."""
        if isinstance(message.result, TeamView):
            self._view = message.result
            self._list.show(message.result.lines)
            self.query_one("#title", Bar).say(((" Team  ", "strong"), (_figures(message.result), "quiet")))

    def on_value_list_moved(self) -> None:
        """Say what is known of whoever is at hand."""
        line = self._list.here
        self._about.show(_about(line) if line else ())

    def on_value_list_chosen(self) -> None:
        """Give the keys to what is said: it may be longer than the screen."""
        self._about.focus()

    async def action_back(self) -> None:
        """From what is said to the list, from the list to the queue."""
        if self._about.has_focus:
            self._list.focus()
        else:
            await self.app.run_action("place('queue')")

    def action_verb(self, verb: str) -> None:
        """Do something about whoever is at hand."""
        if self._view is not None:
            self.post_message(TeamVerb(verb, self._view, self._list.here))


def _figures(view: TeamView) -> str:
    counts = {name: sum(line.standing == name for line in view.lines) for name in ("member", "nominee", "seat")}
    shown = [count(number, name) for name, number in counts.items() if number]
    return ", ".join(shown)


def _about(line: TeamLine) -> tuple[Line, ...]:
    head = " ".join(filter(None, (_one(line.name), f"<{_one(line.address)}>" if "@" in line.address else "")))
    rest = ", ".join(filter(None, (_one(line.company), _one(line.role))))
    lines = [Line(head, "strong")]
    if rest:
        lines.append(Line(rest, "quiet"))
    lines += [
        Line(plain(text, lines=False, limit=600), tone, (name[:_NAME].ljust(_NAME) + " ", "quiet"))
        for name, text, tone in line.said
    ]
    return tuple(lines)
