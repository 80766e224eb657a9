"""Dates of headers, which are anything: a leap second, `-0000`, the year 9999; and when a mail came in."""

import calendar
from collections.abc import Sequence
from datetime import timedelta
from email.utils import parsedate_tz

from seccon.core.instants import Instant, from_timestamp

_EARLIEST = from_timestamp(662688000.0)
"""1991: a Date before it is a clock that was never set."""


def parse_date(text: str) -> Instant | None:
    """Read a date of RFC 5322 or of what passes for one; None where it cannot be. Never raises."""
    try:
        found = parsedate_tz(text[:200])
        if found is None:
            return None
        year, month, day, hour, minute, second = found[:6]
        if not (1900 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= 31 and 0 <= hour < 24 and 0 <= minute < 60):
            return None
        local = calendar.timegm((year, month, day, hour, minute, min(max(second, 0), 59)))
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
    offset = found[9] or 0
    return from_timestamp(float(local - offset)) if abs(offset) <= timedelta(days=1).total_seconds() else None


def arrival(received: Sequence[str], date: Instant | None, written: Instant) -> Instant:
    """Say when a mail came in: topmost Received, else a believable Date, else when the file was written; never after that."""
    stamp = parse_date(received[0].rsplit(";", 1)[-1]) if received and ";" in received[0] else None
    if stamp is not None:
        return min(stamp, written)
    if date is not None and _EARLIEST <= date <= written:
        return date
    return written
