"""The outbox: what waits for the courier, what failed and why, what was perhaps sent."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from seccon.core.instants import EPOCH, Instant
from seccon.core.plural import count
from seccon.core.post import OutItem, OutState
from seccon.core.spans import distance
from seccon.desk.list_outbox import ListOutbox
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

_STATES = {
    OutState.WAITING: ("◷ waiting", "soon"),
    OutState.SENDING: ("→ being sent", ""),
    OutState.SENT: ("✓ sent", "good"),
    OutState.FAILED: ("✗ failed", "alarm"),
    OutState.PERHAPS: ("? perhaps sent", "alarm"),
    OutState.DISCARDED: ("– discarded", "quiet"),
}


_VERBS = {
    "send": (OutState.WAITING, OutState.FAILED, OutState.PERHAPS),
    "discard": (OutState.WAITING, OutState.FAILED, OutState.PERHAPS),
    "confirm": (OutState.PERHAPS,),
}
"""Verb -> the states in which it makes sense."""


class OutboxVerb(Message):
    """Something shall be done with a mail of the outbox."""

    def __init__(self, verb: str, item: OutItem | None) -> None:
        super().__init__()
        self.verb = verb
        self.item = item


class OutboxList(ValueList[OutItem]):
    """Draws the outbox's mails; never their text."""

    empty = "Nothing waits to be sent, and nothing failed.\n\nWhat you send from a case passes through here."

    _now: Instant = EPOCH

    def identity(self, line: OutItem) -> object:
        """What is sent moves down the list: the cursor goes along, or a key would act on another mail."""
        return line.id

    def said(self, index: int) -> object:
        """Give what is to be read."""
        item = self.lines[index]
        return item.id, item.state, item.late, item.tries, distance(self._now, item.queued)

    def show_at(self, items: Sequence[OutItem], now: Instant) -> None:
        """Show these, with how long ago each was queued."""
        with self.changing():
            self._now = now
        self.show(items)

    def draw(self, index: int, width: int, *, here: bool) -> Strip:
        """Draw one mail."""
        item = self.lines[index]
        base = self.get_component_rich_style("list--cursor") if here else self.rich_style
        state, tone = _state(item)
        to = plain(", ".join(item.recipients), lines=False, limit=300)
        rest = f"{distance(self._now, item.queued):>5}  {fit(plain(item.label, lines=False), 26)} {to}"
        return Strip([Segment(f" {state:<15}", base + ink(self, tone)), Segment(fit(rest, max(width - 16, 0)), base)])


class Outbox(Frame):
    """The outbox and, under it, what is to be said of the mail at hand."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "verb('send')", "send now", id="outbox.send", tooltip="hand over what waits, and try again what failed"),
        Binding("x", "verb('discard')", "discard", id="outbox.discard", tooltip="take it out, unsent, with the reason"),
        Binding("y", "verb('confirm')", "it was sent", id="outbox.confirm", tooltip="a mail that was perhaps sent did arrive"),
        Binding("q,h,left", "app.place('queue')", "queue", id="outbox.leave", tooltip="to the queue"),
    ]
    DEFAULT_CSS = "Outbox { & #about { height: 6; max-height: 45%; border-top: solid $panel; } }"

    def compose(self) -> ComposeResult:
        """Lay out."""
        self._top, self._list, self._about = TopBar(), OutboxList(), LineView(id="about")
        yield self._top
        yield Bar(id="title")
        yield self._list
        yield self._about
        yield KeyLine()

    def on_mount(self) -> None:
        """Read it."""
        self.query_one("#title", Bar).say(((" Outbox", "strong"),))
        self._about.can_focus = False
        self._top.top = top_of(self.snap, "Outbox")
        self._list.focus()
        self._read()

    def watch_snap(self, before: Snap, after: Snap) -> None:
        """Read again what moved."""
        self._top.top = top_of(after, "Outbox")
        if (before.ledger, before.now) != (after.ledger, after.now):
            self._read()

    def _read(self) -> None:
        self.post_message(Ask(self, ListOutbox(), latest=True))

    def on_done(self, message: Done) -> None:
        """Show what was read."""
        if isinstance(message.request, ListOutbox):
            self._list.show_at(message.result, self.snap.now)  # type: ignore[arg-type]

    def on_value_list_moved(self) -> None:
        """Say what happened to the mail at hand."""
        item = self._list.here
        self._about.show(_about(item) if item else ())
        self.refresh_bindings()

    def on_value_list_chosen(self) -> None:
        """Open its case."""
        self.action_verb("case")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the mail at hand, and nothing else."""
        if action != "verb":
            return True
        if parameters[0] == "case" or not self.query(OutboxList):
            return True
        # Sending is for all that waits; the others are for the mail at hand.
        items = self._list.lines if parameters[0] == "send" else filter(None, [self._list.here])
        return any(item.state in _VERBS[str(parameters[0])] for item in items)

    def action_verb(self, verb: str) -> None:
        """Do something with the mail at hand."""
        self.post_message(OutboxVerb(verb, self._list.here))


def _state(item: OutItem) -> tuple[str, str]:
    """Give the word for where it stands, and its colour; some may have it already."""
    state, tone = _STATES[item.state]
    partly = item.late and item.state in (OutState.WAITING, OutState.FAILED, OutState.DISCARDED)
    return (f"{state[0]} partly sent" if partly else state), tone


def _about(item: OutItem) -> tuple[Line, ...]:
    tries = count(item.tries, "try", "tries")
    said = f"From {item.sender} to {', '.join(item.recipients)}, by {item.by}, {tries}"
    lines = [Line(plain(said, lines=False, limit=400))]
    if item.problem:
        lines.append(Line(plain(item.problem, lines=False, limit=600), "alarm"))
    if item.state is OutState.WAITING and item.retry:
        lines.append(Line(f"It is tried again at {item.retry:%Y-%m-%d %H:%M}Z by itself; s tries at once.", "quiet"))
    if item.state is OutState.PERHAPS:
        lines.append(Line("Ask the recipient. y: it arrived.  s: send it again.  x: discard it.", "warn"))
    return tuple(lines)
