"""How the demo's data tells time: as a distance from now ("3 days 4 hours" ago, `now+22 hours`, `now+6 days @15:00`)."""

import re
from datetime import time, timedelta

from seccon.core.instants import Instant, instant

_STEP = re.compile(r"(\d+)\s*(minute|hour|day|week)s?")
_WHEN = re.compile(r"now(?:([+-])\s*([^@]+?))?\s*(?:@(\d\d):(\d\d))?")


def age(text: str) -> timedelta:
    """Read "3 days 4 hours". Raises ValueError for anything that is not wholly such steps."""
    if not text or _STEP.sub("", text).strip():
        raise ValueError(f"'{text}' is not an age, such as '3 days 4 hours'")
    return sum((timedelta(**{f"{unit}s": int(count)}) for count, unit in _STEP.findall(text)), timedelta())


def is_moment(text: str) -> bool:
    """Say whether a text names a moment by its distance from now."""
    return _WHEN.fullmatch(text) is not None


def moment(text: str, now: Instant) -> Instant:
    """Read `now`, `now-2 days`, `now+6 days @15:00` (that day, at that hour of UTC). Raises ValueError."""
    found = _WHEN.fullmatch(text)
    if found is None:
        raise ValueError(f"'{text}' is not a moment, such as 'now-2 days' or 'now+6 days @15:00'")
    sign, length, hour, minute = found.groups()
    then = now
    if length:
        then = now + age(length) if sign == "+" else now - age(length)
    if hour:
        then = instant(then.combine(then.date(), time(int(hour), int(minute)), then.tzinfo))
    return instant(then)
