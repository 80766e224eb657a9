"""The agenda: what is overdue, then what is due, a line each, with a line for each day that has any."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, tzinfo

from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip

from seccon.core.agenda import what_now
from seccon.core.board import Dated
from seccon.core.instants import EPOCH, Instant
from seccon.widgets.columns import rank_style, urgency
from seccon.widgets.fit import fit
from seccon.widgets.ink import ink
from seccon.widgets.lapse import left
from seccon.widgets.line_list import LineList
from seccon.widgets.plain import plain

_LABEL = 11
"""Cells of a case's id, such as `LV-2026-008`."""
Line = date | Dated | str
"""A day's line, something that is due, or the line above what is overdue."""


class Agenda(LineList):
    """A list of `Dated`, by due time."""

    empty = "Nothing is due.\n\n[ and ] show other months."

    class Chosen(Message):
        """A case shall be opened."""

        def __init__(self, case: int) -> None:
            super().__init__()
            self.case = case

    def __init__(self, *, scale: int = 4, where: tzinfo | None = None) -> None:
        super().__init__()
        self.scale = scale
        self._lines: tuple[Line, ...] = ()
        self._now: Instant = EPOCH
        self._holidays: Mapping[date, str] = {}
        self._where = where

    def show(self, dates: tuple[Dated, ...], now: Instant, holidays: Mapping[date, str] | None = None) -> None:
        """Show what is open of these; the cursor stays on its line."""
        before = self._lines[self.cursor] if self._lines else None
        with self.changing():
            self._lines, self._now, self._holidays = tuple(lines(dates, now)), now, holidays or {}
            at = next((at for at, line in enumerate(self._lines) if _same(line, before)), self.cursor)
            self.set_reactive(Agenda.cursor, self.validate_cursor(at))
            self.settle()

    def turn_to(self, day: date) -> None:
        """Put the cursor on the first thing of a day, or of the next one that has any; today begins with what is overdue."""
        today = self._now.date()
        since = datetime.combine(day, time(), tzinfo=UTC)
        for place, line in enumerate(self._lines):
            if isinstance(line, Dated) and (line.due >= since or (day == today and line.due <= self._now)):
                self.cursor = place
                if place == 1:
                    self.aim(0)
                return
        self.cursor = self.total - 1  # nothing is due from that day on: the last that is stands nearest

    @property
    def total(self) -> int:
        """Number of lines."""
        return len(self._lines)

    def said(self, index: int) -> object:
        """Give what is to be read on a line."""
        line = self._lines[index]
        return line if isinstance(line, date | str) else (line, left(line.due, self._now))

    def action_choose(self) -> None:
        """Open the case of the line under the cursor."""
        line = self._lines[self.cursor] if self._lines else None
        if isinstance(line, Dated):
            self.post_message(self.Chosen(line.case))

    def draw(self, index: int, width: int, *, here: bool) -> Strip:
        """Draw a day's line, or one thing that is due."""
        base = self.get_component_rich_style("list--cursor") if here else self.rich_style
        line = self._lines[index]
        lead = "▌" if here else " "
        if isinstance(line, str):
            return Strip([Segment(fit(f"{lead}{line}", width), base + ink(self, "alarm"))], width)
        if isinstance(line, date):
            today = "  today" if line == self._now.date() else ""
            holiday = f"  * {plain(self._holidays[line], lines=False, limit=200)}" if line in self._holidays else ""
            return Strip([Segment(fit(f"{lead}{line:%a %d %b}{today}{holiday}", width), base + ink(self, "head"))], width)
        sign = "◆" if line.kind == "embargo" else "◷"
        sign = "!" if line.due <= self._now else sign
        label = fit(plain(line.label or f"#{line.case}", lines=False, limit=20), _LABEL)
        remaining = left(line.due, self._now)
        day = f"{line.due:%d %b} " if line.due <= self._now else ""
        text = f" {day}{times(line.due, self._where)} {plain(what_now(line, self._now), lines=False, limit=200)}"
        rest = max(width - _LABEL - 4 - len(remaining) - 1, 1)
        return Strip(
            [
                Segment(f"{lead} ", base),
                Segment(f"{sign} ", base + ink(self, urgency(line.due, self._now))),
                Segment(label, base + ink(self, rank_style(line.rank, self.scale))),
                Segment(fit(text, rest), base),
                Segment(f" {remaining}", base + ink(self, urgency(line.due, self._now))),
            ]
        ).adjust_cell_length(width, base)


def lines(dates: tuple[Dated, ...], now: Instant) -> list[Line]:
    """Put what is overdue first, then each day before what is due on it."""
    due = sorted({each for each in dates if each.open}, key=lambda each: (each.due, -each.rank, each.case, each.name))
    over = [each for each in due if each.due <= now]
    out: list[Line] = [f"Overdue: {len(over)}", *over] if over else []
    before: date | None = None
    for dated in due[len(over) :]:
        if dated.due.date() != before:
            before = dated.due.date()
            out.append(before)
        out.append(dated)
    return out


def _same(line: Line, other: Line | None) -> bool:
    """Say whether a line tells of what another one told of, however it stands by now."""
    if isinstance(line, Dated) and isinstance(other, Dated):
        return (line.case, line.kind, line.name) == (other.case, other.kind, other.name)
    return line == other


def times(moment: Instant, where: tzinfo | None) -> str:
    """Write `14:00Z`, and beside it the viewer's own time where that is another; `where` None is the zone of the environment."""
    local = moment.astimezone(where)
    if not local.utcoffset():
        return f"{moment:%H:%M}Z"
    day = "" if local.date() == moment.date() else f"{local:%a} "
    return f"{moment:%H:%M}Z ({day}{local:%H:%M %Z})"
