"""Times as a person types them: a day and an hour on the wall clock of a zone."""

import re
from datetime import date, time

from seccon.core.instants import Instant
from seccon.core.spans import exact_wall, zone

_TYPED = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+(\d{1,2}):(\d{2}))?\s*(Z|UTC)?\s*", re.IGNORECASE)


def typed_instant(text: str, zone_name: str, hour: str) -> Instant:
    """Read `2026-12-05 12:00`, or a day alone, which gets `hour`, in a zone.

    Raises ValueError with a sentence; NoSuchTimeError and TwoSuchTimesError where the clocks are set over that hour.
    """
    found = _TYPED.fullmatch(text)
    if found is None:
        raise ValueError(f"'{text[:40]}' is not a time; write for example 2026-12-05 12:00")
    year, month, day, hours, minutes, utc = found.groups()
    if hours is None:
        hours, minutes = hour.split(":")
    try:
        at, on = time(int(hours), int(minutes)), date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(f"'{text[:40]}' is no day or hour that there is") from None
    return exact_wall(on, at, zone("UTC" if utc else zone_name))
