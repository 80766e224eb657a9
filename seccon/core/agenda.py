"""Dated things as they leave the console: what a calendar, cron's text and a reminder say of a clock or an embargo.

Owns selection and wording. Whatever is worded here leaves the team's hosts: case ids, and words of the policy; never a subject, a
name or an address (features, E5).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

import msgspec

from seccon.core.board import Dated
from seccon.core.case import Case
from seccon.core.instants import Instant
from seccon.core.policy import Policy
from seccon.core.spans import after, before, distance

DOMAIN = "seccon.invalid"
"""What the ids of events end with where the configuration names no domain; the name can never be anybody's (RFC 2606)."""


class DaysOff(Protocol):
    """The days on which nobody works, of the countries that a policy names."""

    def __contains__(self, day: object, /) -> bool:
        """Say whether a day is one of them."""
        ...

    def named(self, first: date, last: date) -> Mapping[date, str]:
        """Give those from `first` to `last`, each with its name."""
        ...


class Occasion(msgspec.Struct, frozen=True):
    """One event of a calendar that other programs read."""

    uid: str
    """The same for as long as the thing exists, however its time moves."""
    summary: str
    at: Instant
    since: Instant
    """When the clock started, or the embargo."""
    categories: tuple[str, ...]
    description: str
    alarms: tuple[Instant, ...]
    """When to be reminded, by the policy."""
    sequence: int
    """Rises with each entry of the case (RFC 5545, 3.8.7.4)."""
    modified: Instant


class Almanac(Protocol):
    """Writes calendars. Raises LedgerError where a file cannot be written."""

    def write(self, occasions: Sequence[Occasion], now: Instant) -> bytes:
        """Give the calendar as an iCalendar file (RFC 5545)."""
        ...

    def keep(self, path: str, calendar: bytes) -> None:
        """Put it into a file that its owner alone can read; readers of the file see the old one or the new one, whole."""
        ...


def what(dated: Dated) -> str:
    """Say what is due: the clock's title as the policy has it, that the embargo ends, or that the public waits."""
    return "embargo ends" if dated.kind == "embargo" else dated.title


def left(dated: Dated, now: Instant) -> str:
    """Say "in 4d" or "2d over"."""
    words = distance(now, dated.due)
    return f"{words} over" if dated.due <= now else f"in {words}"


def label(dated: Dated) -> str:
    """Give what people call the case."""
    return dated.label or f"#{dated.case}"


def line(dated: Dated, now: Instant) -> str:
    """Word one thing that is due in a line of text."""
    sign = "!" if dated.due <= now else " "
    return f"{sign} {label(dated):<12} {dated.due:%Y-%m-%d %H:%M}Z  {left(dated, now):>9}  {what_now(dated, now)}"


def what_now(dated: Dated, now: Instant) -> str:
    """Say what is due; loudly of an embargo whose date has passed while nobody released it (features, E9)."""
    lapsed = dated.kind == "embargo" and dated.open and dated.due <= now
    return "EMBARGO LAPSED, not released" if lapsed else what(dated)


def warnings(dated: Dated, policy: Policy | None) -> tuple[Instant, ...]:
    """Give the moments from which the policy warns of it, the first one first."""
    if policy is None:
        return ()
    rule = policy.clock_rule(dated.name)
    spans = policy.embargo.warn if dated.kind == "embargo" else rule.warn if rule else ()
    return tuple(sorted(before(dated.due, one) for one in spans))


def warned(dated: Dated, policy: Policy | None, now: Instant) -> bool:
    """Say whether one of the policy's reminders has come."""
    return any(moment <= now for moment in warnings(dated, policy)[:1])


def horizon(policies: Iterable[Policy], now: Instant) -> Instant:
    """Give how far ahead a reminder may reach: beyond it no policy warns of anything."""
    spans = [one for policy in policies for rule in policy.clock for one in rule.warn]
    spans += [one for policy in policies for one in policy.embargo.warn]
    return max((after(now, one) for one in spans), default=now)


def occasion(dated: Dated, case: Case, policy: Policy | None, modified: Instant, domain: str = "") -> Occasion:
    """Make an event of a thing with a day: at the moment itself, since it is the moment that must not be missed."""
    name = dated.kind if dated.kind != "clock" else f"clock-{dated.name}"
    kind = "Embargo" if dated.kind == "embargo" else "Deadline"
    return Occasion(
        uid=f"case-{dated.case}-{name}@{domain or DOMAIN}",
        summary=f"{label(dated)} {what(dated)}",
        at=dated.due,
        since=dated.start,
        categories=tuple(filter(None, (kind, case.project))),
        description=f"{'Under embargo' if dated.kind == 'embargo' else 'Running'} since {dated.start:%Y-%m-%d %H:%M}Z.",
        alarms=warnings(dated, policy),
        sequence=case.seq,
        modified=modified,
    )


def reminder(dates: Sequence[Dated], now: Instant) -> tuple[str, str]:
    """Word a reminder: subject and text."""
    over = sum(one.due <= now for one in dates)
    subject = f"{len(dates)} due, {over} overdue" if over else f"{len(dates)} due"
    lines = [line(one, now) for one in sorted(dates, key=lambda one: (one.due, one.case))]
    return f"seccon: {subject}", "\n".join([f"As of {now:%Y-%m-%d %H:%M}Z:", "", *lines, ""])
