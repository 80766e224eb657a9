"""The calendar: a month or a week of embargoes and clocks with the agenda beside or below it, or the agenda alone."""

from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar, Literal

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.reactive import reactive

from seccon.core.instants import Instant
from seccon.desk.calendar import ReadStretch, Stretch
from seccon.screens.frame import Frame
from seccon.screens.place import top_of
from seccon.screens.request import Ask, CaseChosen, Done, Refused
from seccon.screens.snap import Snap
from seccon.widgets.agenda import Agenda
from seccon.widgets.key_line import KeyLine
from seccon.widgets.month import MIN_BAND
from seccon.widgets.month_grid import MonthGrid
from seccon.widgets.top_bar import TopBar
from seccon.widgets.week_grid import WeekGrid

WIDE = 120
"""Columns from which the agenda stands beside the month; in narrower terminals it is below."""
AHEAD = timedelta(days=92)
"""How far the agenda looks where it stands alone."""
_BARS = 2
"""Lines above and below everything."""
View = Literal["month", "week", "agenda"]
_NEXT: dict[View, View] = {"month": "week", "week": "agenda", "agenda": "month"}


class Calendar(Frame):
    """Month or week, and the agenda, which follows the day."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "w", "view", "month/week/agenda", id="calendar.view", tooltip="from the month to the week, the agenda, the month"
        ),
        Binding("tab", "other", "agenda/days", id="calendar.other", tooltip="go over to the agenda, or back to the days"),
        Binding("enter", "open", "open", show=False, id="calendar.open", tooltip="open what is due on this day"),
        Binding("left_square_bracket", "by_month(-1)", "before", show=False, id="calendar.before", tooltip="a month back"),
        Binding("right_square_bracket", "by_month(1)", "next", show=False, id="calendar.after", tooltip="a month on"),
        Binding("t", "today", "today", show=False, id="calendar.today", tooltip="to today"),
        Binding("q,escape", "app.place('queue')", "back", id="calendar.back", tooltip="back to the queue"),
    ]
    DEFAULT_CSS = """
    Calendar {
        background: $background;
        & Horizontal { layout: vertical; }
        & Agenda { height: 5; border-top: hkey $panel; }
        & WeekGrid { display: none; }
        &.-week MonthGrid, &.-agenda MonthGrid { display: none; }
        &.-week WeekGrid { display: block; }
        &.-wide Horizontal { layout: horizontal; }
        &.-wide Agenda { height: 1fr; width: 38%; max-width: 64; border-top: none; border-left: vkey $panel; }
        &.-wide.-week Horizontal { layout: vertical; }
        &.-wide.-week Agenda { height: 30%; width: 1fr; max-width: 100%; border-left: none; border-top: hkey $panel; }
        &.-agenda Agenda { height: 1fr; width: 1fr; max-width: 100%; border: none; }
    }
    """

    view: reactive[View] = reactive[View]("month", init=False)
    """What is on view."""

    def __init__(self, snap: Snap | None = None) -> None:
        super().__init__(snap)
        self._asked: ReadStretch | None = None
        self._shown: ReadStretch | None = None

    def compose(self) -> ComposeResult:
        """Lay out."""
        self._top = TopBar()
        self._month, self._week = MonthGrid(scale=self.snap.scale), WeekGrid(scale=self.snap.scale)
        self._agenda = Agenda(scale=self.snap.scale)
        yield self._top
        with Horizontal():
            yield self._month
            yield self._week
            yield self._agenda
        yield KeyLine()

    def on_mount(self) -> None:
        """Ask for this month."""
        self._month.show((), self.snap.now)
        self._week.show((), self.snap.now)
        self._top.top = top_of(self.snap, "Calendar")
        self._read()

    def on_resize(self, event: events.Resize) -> None:
        """Choose where the agenda stands."""
        self.set_class(event.size.width >= WIDE, "-wide")
        self._share(event.size.height)

    def _share(self, height: int) -> None:
        """Leave the month three lines a week, where the agenda below it can do with fewer than five."""
        start, end = self._month.stretch(self._month.day)
        spare = height - _BARS - (end - start).days // 7 * MIN_BAND - 1
        narrow = self.view == "month" and not self.has_class("-wide")
        self._agenda.styles.height = max(3, min(spare, 5)) if narrow else None

    def watch_snap(self, before: Snap, after: Snap) -> None:
        """Follow the ledger and the clock."""
        if self.is_mounted:
            self._top.top = top_of(after, "Calendar")
            self._read()

    @property
    def _grid(self) -> MonthGrid:
        """The grid that has the day; behind the agenda it is the month."""
        return self._week if self.view == "week" else self._month

    def _read(self) -> None:
        start, end = self._grid.stretch(self._grid.day)
        if self.view == "agenda":
            end = start + AHEAD
        request = ReadStretch(start=_midnight(start), end=_midnight(end))
        self._asked = request
        self.post_message(Ask(self, request, latest=True))

    ACTS = ("open", "choose")

    @property
    def is_behind(self) -> bool:
        """Opening waits for the days that are on view."""
        return self._asked != self._shown

    def on_refused(self, message: Refused) -> None:
        """Nothing else comes: keys go to what is on view."""
        self._shown = self._asked

    def on_done(self, message: Done) -> None:
        """Show what was read."""
        if message.request == self._asked and isinstance(message.result, Stretch):
            again, self._shown = self._asked == self._shown, self._asked
            found = message.result
            self._grid.show(found.dates, self.snap.now, found.holidays)
            self._agenda.show((*found.overdue, *found.dates), self.snap.now, found.holidays)
            if not again:  # what others changed does not move a person's cursor
                self._agenda.turn_to(self._grid.day)

    def on_month_grid_month_wanted(self, message: MonthGrid.MonthWanted) -> None:
        """Fetch what is on view now."""
        self._share(self.size.height)
        self._read()

    def on_month_grid_day_chosen(self, message: MonthGrid.DayChosen) -> None:
        """Let the agenda follow."""
        self._agenda.turn_to(message.day)

    def on_agenda_chosen(self, message: Agenda.Chosen) -> None:
        """Open the case."""
        self.post_message(CaseChosen(message.case))

    def watch_view(self, before: View, after: View) -> None:
        """Show the other; the day stays."""
        leaving = self._week if before == "week" else self._month
        self.set_class(after == "week", "-week")
        self.set_class(after == "agenda", "-agenda")
        with self.prevent(MonthGrid.MonthWanted, MonthGrid.DayChosen):
            self._grid.day = leaving.day
        self._share(self.size.height)
        (self._agenda if after == "agenda" else self._grid).focus()
        self._read()

    def action_view(self) -> None:
        """Go on to the next view."""
        self.view = _NEXT[self.view]

    def action_by_month(self, by: int) -> None:
        """Move by months, also from the agenda."""
        self._grid.action_by_month(by)

    def action_today(self) -> None:
        """Go to today, also from the agenda."""
        self._grid.action_today()

    def action_other(self) -> None:
        """Go over to the other half."""
        (self._agenda if self._grid.has_focus or self.view == "agenda" else self._grid).focus()

    def action_open(self) -> None:
        """Open what the agenda's cursor stands on: the first thing that is due on the day."""
        self._agenda.action_choose()


def _midnight(day: date) -> Instant:
    return datetime.combine(day, time(), tzinfo=UTC)
