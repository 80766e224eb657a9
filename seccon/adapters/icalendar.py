"""Occasions -> an iCalendar file (RFC 5545), by the `icalendar` library; and its place on disk, for its owner alone."""

from collections.abc import Sequence
from pathlib import Path

from icalendar import Alarm, Calendar, Event

from seccon.adapters import durable
from seccon.core.agenda import Occasion
from seccon.core.errors import LedgerError
from seccon.core.instants import Instant


class ICalendar:
    """Writes calendars that other programs read."""

    def write(self, occasions: Sequence[Occasion], now: Instant) -> bytes:
        """Give the whole calendar; the same occasions at the same time are the same bytes."""
        calendar = Calendar()
        calendar.add("prodid", "-//seccon//seccon//EN")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", "seccon")
        for one in occasions:
            calendar.add_component(_event(one, now))
        return bytes(calendar.to_ical())

    def keep(self, path: str, calendar: bytes) -> None:
        """Write, sync, rename, mode 0600: who reads the file meanwhile has the old one, whole. Raises LedgerError."""
        final = Path(path).expanduser()
        try:
            final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            durable.put(final, calendar)
        except OSError as error:
            hint = "What was there is still there. Look at the directory and the space on its disk."
            raise LedgerError(f"The calendar cannot be written to {final}: {error.strerror}.", hint) from None


def _event(one: Occasion, now: Instant) -> Event:
    """Make an event without a length: it is a moment, and takes nobody's time in a calendar of appointments."""
    event = Event()
    event.add("uid", one.uid)
    event.add("dtstamp", now)
    event.add("dtstart", one.at)
    event.add("summary", one.summary)
    event.add("description", one.description)
    event.add("categories", list(one.categories))
    event.add("class", "CONFIDENTIAL")
    event.add("transp", "TRANSPARENT")
    event.add("status", "CONFIRMED")
    event.add("sequence", one.sequence)
    event.add("last-modified", one.modified)
    for moment in one.alarms:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", one.summary)
        alarm.add("trigger", moment - one.at)
        event.add_component(alarm)
    return event
