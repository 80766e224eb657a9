"""The week: seven columns, embargoes as bars above, below them everything that is due, by hour."""

from datetime import date, timedelta

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.strip import Strip

from seccon.core.board import Dated
from seccon.widgets.columns import rank_style
from seccon.widgets.fit import fit
from seccon.widgets.ink import ink
from seccon.widgets.month import WEEK, Bands, Day, lay_week, monday_of
from seccon.widgets.month_grid import MonthGrid
from seccon.widgets.plain import plain

_HEAD = 2
"""Lines above the bars: which week, the days."""
_LINES = 2
"""Lines that one due thing takes: sign and hour, then the case."""


class WeekGrid(MonthGrid):
    """Draws one week; moves by the keys of the month."""

    def stretch(self, day: date) -> tuple[date, date]:
        """Give the Monday of the week, and the next."""
        return monday_of(day), monday_of(day) + WEEK

    def title(self) -> str:
        """Name the week by number and days."""
        first, end = self.stretch(self.day)
        last = end - timedelta(days=1)
        return f"Week {first.isocalendar().week}, {first:%d %B} – {last:%d %B %Y}"

    def _lay_out(self) -> None:
        self.bands = Bands(self.size.width, self.size.height, 1)
        self._weeks = (lay_week(monday_of(self.day), self._dates, self._now.date(), self._lanes(), self._holidays),)
        self.refresh()

    def _band(self) -> int:
        return max(self.size.height - _HEAD, 2)

    def _lanes(self) -> int:
        """Bars get up to a third of the height: what is due is what a week is looked at for."""
        return max(self._band() // 3, 1)

    def _refresh_band(self, place: int) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the day under the mouse."""
        if self._weeks and event.y > 0:
            self.day = self._weeks[0].days[min(event.x // self.bands.cell, 6)].day

    def render_line(self, y: int) -> Strip:
        """Draw the line `y`."""
        width, base = self.size.width, self.rich_style
        if y == 0 or not self._weeks:
            return self._title(width)
        week = self._weeks[0]
        bars = 1 + max((piece.lane for piece in week.bars), default=-1)
        if y == 1:
            return Strip([piece for day in week.days for piece in self._number(day)]).adjust_cell_length(width, base)
        if y - _HEAD < bars:
            return Strip(self._bars(week, y - _HEAD)).adjust_cell_length(width, base)
        room = (self._band() - bars) // _LINES
        place, line = divmod(y - _HEAD - bars, _LINES)
        return Strip([self._thing(day, place, line, room) for day in week.days]).adjust_cell_length(width, base)

    def _number(self, day: Day) -> list[Segment]:
        style = self._ground(day)
        if day.today:
            style += self.get_component_rich_style("month--today", partial=True)
        elif day.day.weekday() > 4 or day.holiday:
            style += ink(self, "quiet")
        lead = "▌" if day.day == self.day else " "
        marks = ("·" if day.today else "") + ("*" if day.holiday else "")
        more = f"+{day.more}" if day.more else ""
        ways = (f"{day.day:%a %d}{marks} {more}", f"{day.day:%a %d}{marks}{more}", f"{day.day:%d}{marks}{more}", f"{day.day:%d}")
        said = next((way for way in ways if len(way.rstrip()) < self.bands.cell - 1), ways[-1])
        return [Segment(fit(f"{lead}{said}", self.bands.cell), style)]

    def _thing(self, day: Day, place: int, line: int, room: int) -> Segment:
        """Write a line of the due thing at `place` of a day; what has no room is counted in the last place."""
        due = sorted(day.due, key=lambda each: (each.due, -each.rank, each.case))
        ground, cell = self._ground(day), self.bands.cell
        if place >= len(due) or place >= room:
            return Segment(" " * cell, ground)
        if place == room - 1 and len(due) > room:
            return Segment(fit(f" +{len(due) - place} more" if line == 0 else "", cell), ground + ink(self, "head"))
        one = due[place]
        over = one.due <= self._now
        style = ground + ink(self, "overdue" if over else rank_style(one.rank, self.scale))
        return Segment(fit(_words(one, line, cell, over=over), cell), style)


def _words(one: Dated, line: int, width: int, *, over: bool) -> str:
    """Write sign and hour, and what it is where that has room whole; on the next line the case."""
    if line:
        label = plain(one.label or f"#{one.case}", lines=False, limit=20)
        return f" {label if cell_len(label) < width else label.rpartition('-')[2]}"
    sign = "!" if over else "◆" if one.kind == "embargo" else "◷"
    what = "ends" if one.kind == "embargo" else plain(one.title or one.name, lines=False, limit=30)
    moment = f" {sign}{one.due:%H:%M}Z"
    return f"{moment} {what}" if cell_len(moment) + 1 + cell_len(what) < width else moment
