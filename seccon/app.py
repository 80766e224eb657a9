"""The console: its places, its one handler for every request, its one place that shows errors.

Owns the executor thread on which requests and readings run in order, and the pulse that looks whether anything changed.
Leaves alone what a request does (desk) and what a screen looks like.
"""

import asyncio
import gc
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.reactive import reactive
from textual.screen import Screen

from seccon.core.board import BoardQuery
from seccon.core.errors import SecconError
from seccon.desk.guard import Guard
from seccon.screens.conduct import Conductor
from seccon.screens.frame import Frame
from seccon.screens.idle import Idle
from seccon.screens.pulse import Pulse
from seccon.screens.queue import WIDE, Queue
from seccon.screens.reading import Page, ReadBoard
from seccon.screens.request import Ask, CaseChosen, Done, Refused
from seccon.screens.snap import Snap
from seccon.screens.tend import EVERY, Tender
from seccon.widgets.net import Net
from seccon.widgets.plain import plain
from seccon.widgets.theme import CALM

if TYPE_CHECKING:
    from seccon.desk.office import Office

PULSE = 1.0
"""Seconds between looks at the ledger's revision (features, H3: others' changes within 2 s)."""


class Console(Conductor):
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
    snap: reactive[Snap] = reactive(Snap, repaint=False, layout=False, init=False)

    def __init__(self, office: "Office", *, theme: str = CALM.name, hide_after: float = 0) -> None:
        """Make it; `hide_after` so many seconds without a key or a click the screen is covered (0: never)."""
        self.office = office
        self.failure = ""
        """Why the program ended, in one plain line; empty after a good end."""
        self._leaving = False
        self._idle = Idle(self, hide_after)
        self.desk = ThreadPoolExecutor(1, thread_name_prefix="desk")
        self.errands = ThreadPoolExecutor(2, thread_name_prefix="errand")
        self.guard = Guard(office)
        self._pulse, self._tender = Pulse(office, self.guard), Tender(office, self.guard)
        self._tending: Future[None] | None = None
        self._asked: dict[tuple[int, type], int] = {}
        self._looking: Future[Snap] | None = None
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
            self._heed_signals()
        self.set_timer(0.2, self._tend)  # not before the first painting: that is what a person waits for

    def _heed_signals(self) -> None:
        """Leave in good order when told to: killed where it stands, it would leave decrypted text on the terminal."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            loop.add_signal_handler(number, partial(self.exit, return_code=128 + number))

    def on_unmount(self) -> None:
        """Take nothing new; what has begun is carried out."""
        self._leaving = True
        self.desk.shutdown(wait=False)
        self.errands.shutdown(wait=False, cancel_futures=True)

    def get_driver_class(self) -> type[Driver]:
        """Draw on the terminal itself where standard error is not one: Textual draws there, a log would hold mail."""
        found = super().get_driver_class()
        if sys.__stderr__ is None or sys.__stderr__.isatty():
            return found
        from seccon.terminal import on_terminal

        return on_terminal(found)

    def finish(self) -> None:
        """Wait for what was begun: a request of the desk is never cancelled half-way."""
        self.desk.shutdown(wait=True)
        self.errands.shutdown(wait=True, cancel_futures=True)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Add the last net to Textual's own filters."""
        return [*super().get_line_filters(), self._net]

    async def on_event(self, event: events.Event) -> None:
        """Let the watch know that somebody is there."""
        self._idle.heed(event)
        await super().on_event(event)

    # --- requests ------------------------------------------------------------------------------------------------------

    def on_ask(self, message: Ask) -> None:
        """Carry a request out beside the screens, in the order in which they were asked."""
        kind = (id(message.asker), type(message.request))
        serial = self._asked[kind] = self._asked.get(kind, 0) + 1

        def perform() -> None:
            if message.latest and self._asked[kind] != serial:
                return
            try:
                result = message.request.perform(self.office)
            except SecconError as error:
                self.call_later(self.show_error, error)
                message.asker.post_message(Refused(message.request, error))
            else:
                message.asker.post_message(Done(message.request, result))

        if not self._leaving:
            self.hands(message.request).submit(perform).add_done_callback(self._check)

    def _check(self, done: Future[Any]) -> None:
        """Let a fault of the program end it, as one on the thread that draws would."""
        error = done.exception() if not done.cancelled() else None
        if isinstance(error, Exception):
            self.call_later(self._handle_exception, error)

    def _look(self) -> None:
        if not self._leaving and (self._looking is None or self._looking.done()):
            self._looking = self.desk.submit(self._beat)
            self._looking.add_done_callback(self._check)

    def _beat(self) -> Snap:
        try:
            snap = self._pulse.look()
        except SecconError as error:
            self.call_later(self.show_error, error)
            return self.snap
        if snap != self.snap:
            self.call_later(setattr, self, "snap", snap)
        return snap

    def _tend(self) -> None:
        if not self._leaving and (self._tending is None or self._tending.done()):
            self._tending = self.errands.submit(self._errand)
            self._tending.add_done_callback(self._check)

    def _errand(self) -> None:
        for error in self._tender.look():
            self.call_later(self.show_error, error)

    def on_case_chosen(self, message: CaseChosen) -> None:
        """Look, beside the case that is opened, whether its entries are what was written; `Conductor` opens it."""
        if not self._leaving:
            self.errands.submit(self._check_case, message.number).add_done_callback(self._check)

    def _check_case(self, case: int) -> None:
        try:
            self.guard.read(case)
        except SecconError as error:
            self.call_later(self.show_error, error)

    def show_place(self, make: Callable[[Snap], Frame]) -> None:
        """Push a screen that is bound to the snapshot. Here, since screens can only be bound in the App's own turn."""
        self.push_screen(make(self.snap).data_bind(snap=Console.snap))

    # --- words to the person ---------------------------------------------------------------------------------------------

    def say(self, sentence: str, *, wrong: bool = False) -> None:
        """Tell the person something in passing. The only way to a notification: it never reads markup."""
        self.notify(
            plain(sentence, limit=600), severity="error" if wrong else "information", markup=False, timeout=12 if wrong else 5
        )

    def show_error(self, error: SecconError) -> None:
        """Tell what went wrong, and what to do."""
        self.say(str(error), wrong=True)

    def _handle_exception(self, error: Exception) -> None:
        """End with one plain line and status 1. No traceback with locals: they hold decrypted text (hostile input, 1)."""
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self.failure = self.failure or _where(error)
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """Print the one line, once the terminal is the shell's again."""
        if self.failure and not self.is_headless:
            sys.stderr.write(f"{self.failure}\n")
        self._exit_renderables.clear()

    # --- keys ------------------------------------------------------------------------------------------------------------

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


def _where(error: Exception) -> str:
    """Say what kind of fault it was and where, and nothing of what was being handled."""
    trace = error.__traceback__
    place = ""
    while trace is not None:
        place = f" in {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"seccon stopped: a fault of the program ({type(error).__name__}{place}). The ledger holds what was confirmed."
