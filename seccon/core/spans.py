"""Lengths of time as people promise them ("2 weeks", "1 month", "3 working days"), and the only sums of days and months.

Calendar units keep the wall clock of the zone in which the promise was made: two weeks from noon end at noon, also across a
change to summer time. Hours are absolute.
"""

import calendar
import re
from bisect import bisect_left
from collections.abc import Container
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from seccon.core.instants import FAR, Instant, instant

_YEARS = 11 * 366 * 24
"""Hours in as many years as a reminder may lie before what it reminds of."""
_SPAN = re.compile(r"\s*(\d{1,5})\s*(working\s+days?|working\s+weeks?|[a-z]+)\s*", re.IGNORECASE)
_UNITS = {
    "h": "hours", "hour": "hours", "hours": "hours",
    "d": "days", "day": "days", "days": "days",
    "w": "weeks", "week": "weeks", "weeks": "weeks",
    "month": "months", "months": "months", "year": "years", "years": "years",
    "working day": "working days", "working days": "working days",
    "business day": "working days", "business days": "working days",
    "working week": "working weeks", "working weeks": "working weeks",
}  # fmt: skip


class Span(msgspec.Struct, frozen=True):
    """A length of time: a whole number, and one of hours, days, weeks, months, years, working days, working weeks."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count} {self.unit[:-1] if self.count == 1 else self.unit}"


class NoSuchTimeError(ValueError):
    """The wall clock never shows this time: it falls into the hour that summer time skips."""


class TwoSuchTimesError(ValueError):
    """The wall clock shows this time twice; `first` and `second` are the two instants."""

    def __init__(self, sentence: str, first: Instant, second: Instant) -> None:
        super().__init__(sentence)
        self.first, self.second = first, second


def span(text: str) -> Span:
    """Read "2 weeks", "1 month", "3 working days", "48 hours", "14d". Raises ValueError with the forms that are understood."""
    found = _SPAN.fullmatch(text)
    unit = _UNITS.get(" ".join(found.group(2).lower().split())) if found else None
    if found is None or unit is None:
        raise ValueError(f"'{text[:40]}' is not a length of time; write for example '14 days', '1 month', '3 working days'")
    return Span(int(found.group(1)), unit)


def zone(name: str) -> tzinfo:
    """Find a zone of the tz database by name. Raises ValueError."""
    if name.upper() in ("UTC", "Z"):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"'{name[:60]}' is not a time zone, such as Europe/Berlin or UTC") from None


def after(start: Instant, length: Span, where: tzinfo = UTC, holidays: Container[date] = ()) -> Instant:
    """Give the instant at which a promise made at `start` is due.

    A month is a calendar month (from 31 January it ends on the last of February). Working days count the days after `start`
    that are neither weekend nor holiday in `where`; the due day is always a working day.
    """
    try:
        if length.unit == "hours":
            return instant(start + timedelta(hours=length.count))
        local = start.astimezone(where)
        day = _day_after(local.date(), length, holidays)
        return wall(day, local.time().replace(tzinfo=None, fold=0), where)
    except (OverflowError, ValueError):
        return FAR


def before(due: Instant, length: Span, where: tzinfo = UTC) -> Instant:
    """Give the first moment, by the hour, from which `length` on is `due` or later. Searched: only the sum forward is defined."""
    hours = bisect_left(range(_YEARS), True, key=lambda back: after(due - timedelta(hours=back), length, where) < due)
    return due - timedelta(hours=max(hours - 1, 0))


def _day_after(day: date, length: Span, holidays: Container[date]) -> date:
    match length.unit:
        case "days":
            return day + timedelta(days=length.count)
        case "weeks":
            return day + timedelta(weeks=length.count)
        case "months":
            return add_months(day, length.count)
        case "years":
            return add_months(day, 12 * length.count)
        case _:
            left = length.count * (5 if length.unit == "working weeks" else 1)
            while left:
                day += timedelta(days=1)
                left -= is_working(day, holidays)
            return day


def add_months(day: date, months: int) -> date:
    """Give the same day so many months later, or the last of that month where it has no such day."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def is_working(day: date, holidays: Container[date] = ()) -> bool:
    """Say whether a day is neither on a weekend nor one of `holidays`."""
    return day.weekday() < 5 and day not in holidays


def wall(day: date, at: time, where: tzinfo) -> Instant:
    """Give the instant of a wall-clock time: of a skipped hour the moment after the gap, of a double one the first."""
    return instant(datetime.combine(day, at, where).replace(fold=0))


def exact_wall(day: date, at: time, where: tzinfo) -> Instant:
    """Give the one instant of a wall-clock time that a person typed. Raises NoSuchTimeError or TwoSuchTimesError."""
    local = datetime.combine(day, at, where)
    first, second = instant(local.replace(fold=0)), instant(local.replace(fold=1))
    typed = f"{day} {at:%H:%M}"
    if first == second:
        return first
    if first.astimezone(where).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTimeError(f"{typed} does not exist in {where}: the clocks are set forward over it")
    raise TwoSuchTimesError(f"{typed} exists twice in {where}: the clocks are set back over it", first, second)


def distance(now: Instant, then: Instant) -> str:
    """Say shortly how far `then` is from `now`, either way: "22h", "4d", "9w"; minutes below two hours."""
    seconds = abs(int((then - now).total_seconds()))
    if seconds < 7200:
        return f"{seconds // 60}m"
    if seconds < 48 * 3600:
        return f"{seconds // 3600}h"
    days = seconds // 86400
    return f"{days}d" if days < 100 else f"{days // 7}w"
