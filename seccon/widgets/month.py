"""How a month or a week is laid out: weeks, and on each day what is due, under embargo, a holiday. Pure: values in, values out.

An embargo is a bar from its start to its due day; bars of a week share as few lanes as they can, the gravest on top, at one rank
those that end in it. What has no room is counted, never dropped silently.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import msgspec

from seccon.core.board import Dated
from seccon.core.instants import Instant

WEEK = timedelta(days=7)


MIN_BAND = 3
"""Lines a week should have: its days, and two bars."""


class Bands(msgspec.Struct, frozen=True):
    """How a month's weeks share a place of so many cells and lines: each is a band of lines, below some lines for the head."""

    width: int
    height: int
    weeks: int

    @property
    def head(self) -> int:
        """Lines above the first week: the names of the days, and the month where the weeks can spare a line."""
        return 1 if (self.height - 2) // max(self.weeks, 4) < MIN_BAND else 2

    @property
    def band(self) -> int:
        """Lines that a week has: its days, bars, and what is due."""
        return max((self.height - self.head) // max(self.weeks, 4), 2)

    @property
    def tight(self) -> bool:
        """A week has no line to spare for what is due: it then stands beside the day's number."""
        return self.band < 4

    @property
    def lanes(self) -> int:
        """Bars that have room in a week."""
        return self.band - (1 if self.tight else 2)

    @property
    def cell(self) -> int:
        """Cells that a day has."""
        return max(self.width // 7, 4)

    def first(self, here: int) -> int:
        """Give the first week on view: where there is no room for all, it is near week `here`."""
        fitting = max((self.height - self.head) // self.band, 1)
        return max(0, min(here - fitting // 2, self.weeks - fitting))


class BarPiece(msgspec.Struct, frozen=True):
    """The part of an embargo's bar that falls into one week: columns `first` to `last` (0 is Monday)."""

    dated: Dated
    lane: int
    first: int
    last: int
    begins: bool
    """Its first day is in this week."""
    ends: bool
    """Its due day is in this week."""


class Day(msgspec.Struct, frozen=True):
    """One day of the grid."""

    day: date
    inside: bool
    """It belongs to the month on view, not to a neighbour."""
    today: bool = False
    holiday: str = ""
    due: tuple[Dated, ...] = ()
    """Clocks due, then embargoes that end, the gravest first."""
    more: int = 0
    """Bars over this day that found no lane."""


class Week(msgspec.Struct, frozen=True):
    """Seven days from Monday, and the bars over them."""

    days: tuple[Day, ...]
    bars: tuple[BarPiece, ...]


def first_monday(month: date) -> date:
    """Give the Monday with which the grid of a month begins."""
    return monday_of(month.replace(day=1))


def next_month(month: date, by: int = 1) -> date:
    """Give the first day of the month that is `by` months off."""
    index = month.year * 12 + month.month - 1 + by
    return date(index // 12, index % 12 + 1, 1)


def span(month: date) -> tuple[date, date]:
    """Give the first day of the grid, and the day after its last."""
    first = first_monday(month)
    last = next_month(month) - timedelta(days=1)
    return first, last + timedelta(days=7 - last.weekday())


def layout(
    month: date, dates: Iterable[Dated], today: date, lanes: int, holidays: Mapping[date, str] | None = None
) -> tuple[Week, ...]:
    """Lay out the month that contains `month`, with at most `lanes` bars over each day."""
    given = tuple(dates)
    first, end = span(month)
    mondays = [first + each * WEEK for each in range((end - first) // WEEK)]
    return tuple(lay_week(monday, given, today, lanes, holidays, month) for monday in mondays)


def lay_week(
    monday: date,
    dates: Iterable[Dated],
    today: date,
    lanes: int,
    holidays: Mapping[date, str] | None = None,
    month: date | None = None,
) -> Week:
    """Lay out the week that begins on `monday`; with `month`, days of other months stand outside."""
    given = tuple(dates)
    pieces, hidden = _pieces(tuple(each for each in given if each.kind == "embargo" and each.open), monday, lanes)
    days = tuple(
        Day(
            day=day,
            inside=month is None or (day.year, day.month) == (month.year, month.month),
            today=day == today,
            holiday=(holidays or {}).get(day, ""),
            due=due_on(given, day),
            more=hidden[column],
        )
        for column, day in enumerate(monday + timedelta(days=each) for each in range(7))
    )
    return Week(days, pieces)


def monday_of(day: date) -> date:
    """Give the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def due_on(dates: Iterable[Dated], day: date) -> tuple[Dated, ...]:
    """Give what is due on a day, the gravest first; at one rank clocks before embargoes, then by hour."""
    found = [each for each in dates if each.open and _day(each.due) == day]
    return tuple(sorted(found, key=lambda each: (-each.rank, each.kind != "clock", each.due, each.case)))


def _pieces(bars: tuple[Dated, ...], monday: date, lanes: int) -> tuple[tuple[BarPiece, ...], list[int]]:
    """Place the bars of one week; also count for each day those that found no lane."""
    here = [each for each in bars if _day(each.due) >= monday and _day(each.start) < monday + WEEK]
    here.sort(key=lambda each: (-each.rank, _day(each.due) >= monday + WEEK, each.start, each.due, each.case))
    taken: list[set[int]] = [set() for _ in range(lanes)]
    hidden = [0] * 7
    pieces = []
    for bar in here:
        first = max((_day(bar.start) - monday).days, 0)
        last = max(min((_day(bar.due) - monday).days, 6), first)
        columns = set(range(first, last + 1))
        lane = next((place for place, used in enumerate(taken) if not used & columns), None)
        if lane is None:
            for column in columns:
                hidden[column] += 1
            continue
        taken[lane] |= columns
        pieces.append(BarPiece(bar, lane, first, last, begins=_day(bar.start) >= monday, ends=_day(bar.due) < monday + WEEK))
    return tuple(pieces), hidden


def _day(moment: Instant) -> date:
    return moment.date()
