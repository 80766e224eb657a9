"""The calendar: a month of embargoes and clocks, and the agenda beside or below it."""

from datetime import UTC, date, datetime, time
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from seccon.core.board import Dated
from seccon.core.instants import Instant
from seccon.screens.frame import Frame
from seccon.screens.place import top_of
from seccon.screens.reading import ReadDates
from seccon.screens.request import Ask, CaseChosen, Done
from seccon.screens.snap import Snap
from seccon.widgets.agenda import Agenda
from seccon.widgets.key_line import KeyLine
from seccon.widgets.month import span
from seccon.widgets.month_grid import MonthGrid
from seccon.widgets.top_bar import TopBar

WIDE = 120
"""Columns from which the agenda stands beside the month; in narrower terminals it is below."""


class Calendar(Frame):
    """Month and agenda; the agenda follows the day."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "other", "month or agenda", id="calendar.other", tooltip="go over to the agenda, or back to the month"),
        Binding("enter", "open", "open", show=False, id="calendar.open", tooltip="open what is due on this day"),
        Binding("q,escape", "app.place('queue')", "back", id="calendar.back", tooltip="back to the queue"),
    ]
    DEFAULT_CSS = """
    Calendar {
        background: $background;
        & Horizontal { layout: vertical; }
        & Agenda { height: 5; border-top: hkey $panel; }
        &.-wide Horizontal { layout: horizontal; }
        &.-wide Agenda { height: 1fr; width: 38%; max-width: 64; border-top: none; border-left: vkey $panel; }
    }
    """

    def __init__(self, snap: Snap | None = None) -> None:
        super().__init__(snap)
        self._shown: ReadDates | None = None

    def compose(self) -> ComposeResult:
        """Lay out."""
        self._top = TopBar()
        self._grid, self._agenda = MonthGrid(scale=self.snap.scale), Agenda(scale=self.snap.scale)
        yield self._top
        with Horizontal():
            yield self._grid
            yield self._agenda
        yield KeyLine()

    def on_mount(self) -> None:
        """Ask for this month."""
        self._grid.show((), self.snap.now)
        self._top.top = top_of(self.snap, "Calendar")
        self._read(*span(self._grid.day))

    def on_resize(self, event: events.Resize) -> None:
        """Choose where the agenda stands."""
        self.set_class(event.size.width >= WIDE, "-wide")

    def watch_snap(self, before: Snap, after: Snap) -> None:
        """Follow the ledger and the clock."""
        if self.is_mounted:
            self._top.top = top_of(after, "Calendar")
            self._read(*span(self._grid.day))

    def _read(self, start: date, end: date) -> None:
        request = ReadDates(_midnight(start), _midnight(end))
        self._shown = request
        self.post_message(Ask(self, request, latest=True))

    def on_done(self, message: Done) -> None:
        """Show what was read."""
        if message.request == self._shown and isinstance(message.result, tuple):
            dates: tuple[Dated, ...] = message.result
            self._grid.show(dates, self.snap.now)
            self._agenda.show(dates, self.snap.now)
            self._agenda.turn_to(self._grid.day)

    def on_month_grid_month_wanted(self, message: MonthGrid.MonthWanted) -> None:
        """Fetch another month."""
        self._read(message.start, message.end)

    def on_month_grid_day_chosen(self, message: MonthGrid.DayChosen) -> None:
        """Let the agenda follow."""
        self._agenda.turn_to(message.day)

    def on_agenda_chosen(self, message: Agenda.Chosen) -> None:
        """Open the case."""
        self.post_message(CaseChosen(message.case))

    def action_other(self) -> None:
        """Go over to the other half."""
        (self._agenda if self._grid.has_focus else self._grid).focus()

    def action_open(self) -> None:
        """Open what the agenda's cursor stands on: the first thing that is due on the day."""
        self._agenda.action_choose()


def _midnight(day: date) -> Instant:
    return datetime.combine(day, time(), tzinfo=UTC)
