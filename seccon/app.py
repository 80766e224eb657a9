"""The console: its places, and the going from one to another.

Owns the threads beside the screens. What runs on them is in `screens/hands.py` and `screens/rounds.py`, what screens announce
is heard in `screens/case_verbs.py`, `line_verbs.py` and `mail_wishes.py`. Leaves alone what a request does (desk).
"""

import gc
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen

from seccon.core.board import BoardQuery
from seccon.desk.guard import Guard
from seccon.screens.case_verbs import CaseVerbs
from seccon.screens.ending import Ending
from seccon.screens.frame import Frame
from seccon.screens.idle import Idle
from seccon.screens.line_verbs import LineVerbs
from seccon.screens.mail_wishes import MailWishes
from seccon.screens.pulse import Pulse
from seccon.screens.queue import WIDE, Queue
from seccon.screens.reading import Page, ReadBoard
from seccon.screens.rounds import Rounds
from seccon.screens.snap import Snap
from seccon.screens.tend import EVERY, Tender
from seccon.widgets.net import Net
from seccon.widgets.theme import CALM

if TYPE_CHECKING:
    from seccon.desk.office import Office

PULSE = 1.0
"""Seconds between looks at the ledger's revision (features, H3: others' changes within 2 s)."""


class Console(CaseVerbs, MailWishes, LineVerbs, Rounds, Ending):
    """The full-screen program."""

    CSS_PATH = Path(__file__).with_name("seccon.tcss")
    TITLE = "seccon"
    DEFAULT_MODE = "queue"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "place('queue')", "Queue", show=False, id="place.queue", tooltip="go to the queue"),
        Binding("2", "place('calendar')", "Calendar", show=False, id="place.calendar", tooltip="go to the calendar"),
        Binding("3", "place('outbox')", "Outbox", show=False, id="place.outbox", tooltip="go to the outbox"),
        Binding("4", "place('team')", "Team", show=False, id="place.team", tooltip="go to the team"),
        Binding("question_mark", "help", "help", id="app.help", tooltip="all keys of this screen"),
        Binding("colon", "command_palette", "commands", show=False, id="app.palette", tooltip="find a command by its name"),
        Binding("Q", "quit", "quit", id="app.quit", tooltip="leave; nothing is lost"),
    ]

    def __init__(self, office: "Office", *, theme: str = CALM.name, hide_after: float = 0) -> None:
        """Make it; `hide_after` so many seconds without a key or a click the screen is covered (0: never)."""
        self.office = office
        self._idle = Idle(self, hide_after)
        self.desk = ThreadPoolExecutor(1, thread_name_prefix="desk")
        self.errands = ThreadPoolExecutor(2, thread_name_prefix="errand")
        self.guard = Guard(office)
        self._pulse, self._tender = Pulse(office, self.guard), Tender(office, self.guard)
        self._asked: dict[tuple[int, type], int] = {}
        first = self.desk.submit(self._open)
        self._net = Net()
        super().__init__()
        self.register_theme(CALM)
        self.set_reactive(App.theme, theme if theme in self.available_themes else CALM.name)
        self.stylesheet.set_variables(self.get_css_variables())  # made for Textual's own theme by now; watching would parse twice
        self._first, snap = first.result()
        self.set_reactive(Console.snap, snap)

    def _open(self) -> tuple[Page, Snap]:
        """Read what the first painting shows, before there is a screen."""
        return ReadBoard(BoardQuery()).perform(self.office), self._pulse.look()

    def _queue(self) -> Screen[None]:
        return Queue(self._first, self.snap, wide=self.size.width >= WIDE).data_bind(snap=Console.snap)

    def _calendar(self) -> Screen[None]:
        from seccon.screens.calendar import Calendar

        return Calendar(self.snap).data_bind(snap=Console.snap)

    def get_default_screen(self) -> Screen[None]:
        """Begin with the queue. Not as a mode yet: Textual would parse every style twice before the first painting."""
        return self._queue()

    def _outbox(self) -> Screen[None]:
        from seccon.screens.outbox import Outbox

        return Outbox(self.snap).data_bind(snap=Console.snap)

    def _team(self) -> Screen[None]:
        from seccon.screens.team import TeamScreen

        return TeamScreen(self.snap).data_bind(snap=Console.snap)

    def on_mount(self) -> None:
        """Make the places known, and begin to look for changes."""
        self.add_mode("queue", self._queue)
        self.add_mode("calendar", self._calendar)
        self.add_mode("outbox", self._outbox)
        self.add_mode("team", self._team)
        self.set_interval(PULSE, self._look)
        self.set_interval(EVERY, self._tend)
        self.set_timer(0.15, _unburden)
        self._idle.begin()
        if not self.is_headless:
            self.heed_signals()
        self.set_timer(0.2, self._tend)  # not before the first painting: that is what a person waits for

    def get_driver_class(self) -> type[Driver]:
        """Draw on the terminal itself where standard error is not one: Textual draws there, a log would hold mail."""
        found = super().get_driver_class()
        if sys.__stderr__ is None or sys.__stderr__.isatty():
            return found
        from seccon.terminal import on_terminal

        return on_terminal(found)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Add the last net to Textual's own filters."""
        return [*super().get_line_filters(), self._net]

    async def on_event(self, event: events.Event) -> None:
        """Let the watch know that somebody is there."""
        self._idle.heed(event)
        await super().on_event(event)

    def show_place(self, make: Callable[[Snap], Frame]) -> None:
        """Push a screen that is bound to the snapshot. Here, since screens can only be bound in the App's own turn."""
        self.push_screen(make(self.snap).data_bind(snap=Console.snap))

    def action_place(self, mode: str) -> None:
        """Go to a place. Later, in the App's own turn: screens can only be bound there."""
        self.call_later(self._go, mode)

    async def _go(self, mode: str) -> None:
        if self.current_mode != mode:
            await self.switch_mode(mode)
        while len(self.screen_stack) > 1 and not self.screen.is_modal:  # from a case on it back to the place itself
            await self.pop_screen()

    def action_help(self) -> None:
        """Show all keys of this screen."""
        from seccon.screens.help import Help, sections

        self.push_screen(Help(sections(self.screen)))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer in the palette what the keys do here."""
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.id and active.enabled:
                run = partial(self.run_action, binding.action, active.node)
                yield SystemCommand(binding.description, binding.tooltip or binding.key, run)


def _unburden() -> None:
    """Leave what start has made out of garbage collections; they were off until now, if `main` knew that it opens the console."""
    gc.freeze()
    gc.enable()
