"""The month grid: a week a band, embargoes as bars by severity, due clocks, holidays, today. Keys move by day, week, month."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from seccon.core.board import Dated
from seccon.core.instants import EPOCH, Instant
from seccon.widgets.columns import rank_style
from seccon.widgets.fit import fit
from seccon.widgets.ink import ink
from seccon.widgets.month import WEEK, Bands, BarPiece, Day, Week, layout, next_month, span
from seccon.widgets.plain import plain

_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class MonthGrid(Widget, can_focus=True):
    """Draws one month; `day` is the one the cursor stands on."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "by_day(-1)", "day before", show=False, id="month.day-before", tooltip="a day back"),
        Binding("right,l", "by_day(1)", "next day", show=False, id="month.day-after", tooltip="a day on"),
        Binding("up,k", "by_day(-7)", "week before", show=False, id="month.week-before", tooltip="a week back"),
        Binding("down,j", "by_day(7)", "next week", show=False, id="month.week-after", tooltip="a week on"),
        Binding("left_square_bracket,pageup", "by_month(-1)", "month before", id="month.before", tooltip="a month back"),
        Binding("right_square_bracket,pagedown", "by_month(1)", "next month", id="month.after", tooltip="a month on"),
        Binding("t,home", "today", "today", id="month.today", tooltip="to today"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"month--cursor", "month--today"}
    DEFAULT_CSS = """
    MonthGrid {
        width: 1fr; height: 1fr; background: $background; color: $foreground;
        & > .month--cursor { background: $surface; }
        &:focus > .month--cursor { background: $block-cursor-blurred-background; text-style: bold; }
        & > .month--today { color: $text-primary; text-style: bold reverse; }
    }
    """

    day: reactive[date] = reactive(EPOCH.date(), repaint=False, init=False)

    class DayChosen(Message):
        """The cursor stands on another day."""

        def __init__(self, day: date) -> None:
            super().__init__()
            self.day = day

    class MonthWanted(Message):
        """Another stretch of days is on view: `start` to before `end`."""

        def __init__(self, start: date, end: date) -> None:
            super().__init__()
            self.start = start
            self.end = end

    def __init__(self, *, scale: int = 4) -> None:
        super().__init__()
        self.scale = scale
        self._holidays: Mapping[date, str] = {}
        self._dates: tuple[Dated, ...] = ()
        self._now: Instant = EPOCH
        self._weeks: tuple[Week, ...] = ()
        self.bands = Bands(0, 0, 5)
        """How the weeks on view share the place that there is."""

    def show(self, dates: tuple[Dated, ...], now: Instant, holidays: Mapping[date, str] | None = None) -> None:
        """Show these dates; a first `show` also puts the cursor on today."""
        if self._now == EPOCH:
            self.set_reactive(MonthGrid.day, now.date())
        self._dates, self._now, self._holidays = dates, now, holidays or {}
        self._lay_out()

    def _lay_out(self) -> None:
        start, end = self.stretch(self.day)
        self.bands = Bands(self.size.width, self.size.height, (end - start) // WEEK)
        self._weeks = layout(self.day, self._dates, self._now.date(), self.bands.lanes, self._holidays)
        self.refresh()

    def stretch(self, day: date) -> tuple[date, date]:
        """Give the first day on view with `day`, and the day after the last."""
        return span(day)

    def _top_week(self) -> int:
        """Give the first week on view: in a terminal too small for the month it is near the one of the day."""
        here = next((place for place, week in enumerate(self._weeks) if any(day.day == self.day for day in week.days)), 0)
        return self.bands.first(here)

    def on_resize(self, event: events.Resize) -> None:
        """Fit the new size."""
        self._lay_out()

    def watch_day(self, before: date, after: date) -> None:
        """Repaint; ask for another month's dates where the cursor left this one."""
        if self.stretch(before) != self.stretch(after):
            self.post_message(self.MonthWanted(*self.stretch(after)))
            self._lay_out()
        else:
            if before in self._holidays or after in self._holidays:
                self.refresh(Region(0, 0, self.size.width, 1))
            if self.bands.weeks * self.bands.band + self.bands.head > self.size.height:
                self.refresh()
            for place, week in enumerate(self._weeks):
                if any(day.day in (before, after) for day in week.days):
                    self._refresh_band(place)
        self.post_message(self.DayChosen(after))

    def _refresh_band(self, place: int) -> None:
        top = self.bands.head + (place - self._top_week()) * self.bands.band
        if top >= 0:
            self.refresh(Region(0, top, self.size.width, self.bands.band))

    def action_by_day(self, by: int) -> None:
        """Move by days."""
        self.day += timedelta(days=by)

    def action_by_month(self, by: int) -> None:
        """Move by months; the 31st becomes the last day of a shorter month."""
        first = next_month(self.day, by)
        last = (next_month(first) - timedelta(days=1)).day
        self.day = first.replace(day=min(self.day.day, last))

    def action_today(self) -> None:
        """Go to today."""
        self.day = self._now.date()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the day under the mouse."""
        place = (event.y - self.bands.head) // self.bands.band + self._top_week()
        if event.y >= self.bands.head and place < len(self._weeks):
            column = min(event.x // self.bands.cell, 6)
            self.day = self._weeks[place].days[column].day

    def _cell(self) -> int:
        return max(self.size.width // 7, 4)

    def render_line(self, y: int) -> Strip:
        """Draw the line `y`."""
        width, base = self.size.width, self.rich_style
        head = self.bands.head
        if y < head - 1:
            return self._title(width)
        if y == head - 1:
            return self._title(width) if head == 1 and self.day in self._holidays else self._names(width, alone=head == 1)
        place, line = divmod(y - head, self.bands.band)
        place += self._top_week()
        if place >= len(self._weeks):
            return Strip.blank(width, base)
        week = self._weeks[place]
        if line == 0:
            return Strip([piece for day in week.days for piece in self._number(day)]).adjust_cell_length(width, base)
        if line == self.bands.band - 1 and not self.bands.tight:
            return Strip([self._due(day, self.bands.cell) for day in week.days]).adjust_cell_length(width, base)
        return Strip(self._bars(week, line - 1)).adjust_cell_length(width, base)

    def _names(self, width: int, *, alone: bool) -> Strip:
        """Write the names of the days; at their end the month, where it has no line of its own."""
        names = "".join(fit(f" {name}", self.bands.cell) for name in _NAMES).rstrip()
        month = f" {self.day:%b %Y} " if alone else ""
        room = max(width - len(month), len(names))
        shown = [
            Segment(fit(names, room), self.rich_style + ink(self, "quiet")),
            Segment(month, self.rich_style + ink(self, "head")),
        ]
        return Strip(shown).adjust_cell_length(width, self.rich_style)

    def title(self) -> str:
        """Say what is on view."""
        return f"{self.day:%B %Y}"

    def _title(self, width: int) -> Strip:
        """Write what is on view; where the cursor stands on a holiday, which one it is."""
        holiday = self._holidays.get(self.day)
        text = f" {self.title()}" + (f"   {self.day:%a %d}: {plain(holiday, lines=False, limit=200)}" if holiday else "")
        return Strip([Segment(fit(text, width), self.rich_style + ink(self, "head"))], width)

    def _ground(self, day: Day) -> Style:
        return self.get_component_rich_style("month--cursor") if day.day == self.day else self.rich_style

    def _number(self, day: Day) -> list[Segment]:
        style = self._ground(day)
        if day.today:
            style += self.get_component_rich_style("month--today", partial=True)
        elif not day.inside or day.day.weekday() > 4 or day.holiday:
            style += ink(self, "quiet")
        lead = "▌" if day.day == self.day else " "
        text = f"{lead}{day.day.day}{'·' if day.today else ''}{'*' if day.holiday else ''}{f'+{day.more}' if day.more else ''}"
        if self.bands.tight:
            width = min(cell_len(text), self.bands.cell)
            return [Segment(fit(text, width), style), self._due(day, self.bands.cell - width)]
        note = f" {plain(day.holiday, lines=False, limit=40)}" if day.holiday else ""
        return [Segment(fit(text + note, self.bands.cell), style)]

    def _due(self, day: Day, width: int) -> Segment:
        """Write what is due on a day: the gravest by name, how many more; only how many where there is no room."""
        if not day.due:
            return Segment(fit(f" {plain(day.holiday, lines=False, limit=40)}", width), self._ground(day) + ink(self, "quiet"))
        gravest = day.due[0]
        sign = "◆" if gravest.kind == "embargo" else "◷"
        over = gravest.due <= self._now
        room = width - 1
        label = plain(gravest.label or f"#{gravest.case}", lines=False, limit=20)
        several = f" +{len(day.due) - 1}" if len(day.due) > 1 else ""
        name = label if len(label) + len(several) + 2 <= room else label.rpartition("-")[2]
        short = len(name) + len(several) + 2 > room
        text = f"{'!' if over else sign}{len(day.due) if several and short else name + several}"
        style = self._ground(day) + ink(self, "overdue" if over else rank_style(gravest.rank, self.scale))
        return Segment(fit(f" {text}", width), style)

    def _bars(self, week: Week, lane: int) -> list[Segment]:
        out: list[Segment] = []
        pieces = sorted((piece for piece in week.bars if piece.lane == lane), key=lambda piece: piece.first)
        at = 0
        for piece in pieces:
            out += [Segment(" " * self.bands.cell, self._ground(day)) for day in week.days[at : piece.first]]
            out.append(self._bar(piece))
            at = piece.last + 1
        return out + [Segment(" " * self.bands.cell, self._ground(day)) for day in week.days[at:]]

    def _bar(self, piece: BarPiece) -> Segment:
        """Draw `◇━Q-2026-033━━◆`: an open end where it goes on in the week before or after."""
        width = (piece.last - piece.first + 1) * self.bands.cell
        label = plain(piece.dated.label or f"#{piece.dated.case}", lines=False, limit=20)
        head, tail = (" ┣" if piece.begins else "━━"), ("◆ " if piece.ends else "━━")
        middle = width - 4
        name = label if cell_len(label) + 1 <= middle else label.rpartition("-")[2][: max(middle, 0)]
        body = fit(name, len(name)) + "━" * (middle - cell_len(name))
        return Segment(head + body + tail, self.rich_style + ink(self, rank_style(piece.dated.rank, self.scale)))
