"""Clocks: promises with a due time. A rule of the policy and the case's events give the reading at a moment (features, A3)."""

from collections.abc import Container, Iterator, Sequence
from datetime import date, timedelta
from typing import Literal

import msgspec

from seccon.core.case import Case, Moments, events
from seccon.core.condition import holds
from seccon.core.facts import facts
from seccon.core.instants import Instant
from seccon.core.policy import ClockRule, Policy
from seccon.core.spans import Span, after, distance, zone
from seccon.core.work import Wait

ClockState = Literal["running", "warned", "paused", "overdue", "met", "missed"]


class Reading(msgspec.Struct, frozen=True):
    """The state of a clock at a moment, able to explain itself."""

    id: str
    title: str
    start: Instant
    due: Instant
    state: ClockState
    stopped: Instant | None
    hard: bool
    because: str
    """Which event started it, what length the policy gives, and how long it stood still."""
    source: str
    informative: bool = False
    """It is somebody else's promise: told of, never owed by us."""

    @property
    def open(self) -> bool:
        """The promise still has to be kept."""
        return self.state in ("running", "warned", "paused", "overdue")

    def left(self, now: Instant) -> str:
        """Say how much is left, or by how much it is over."""
        if self.state == "paused":
            return "paused while the case waits"
        words = distance(now, self.due)
        return f"{words} left" if now < self.due else f"{words} over"


def readings(case: Case, policy: Policy, now: Instant, holidays: Container[date] = ()) -> tuple[Reading, ...]:
    """Read all clocks of a case that have started, the first due first; what was merged is promised by the other case."""
    if case.merged_into is not None:
        return ()
    happened = events(case)
    known = facts(case, policy)
    rank = policy.rank(case.severity)
    found = [
        min(
            (
                _reading(
                    rule,
                    rule.lengths.get(case.severity, rule.length),
                    of_one,
                    facts_of_one,
                    now,
                    holidays,
                    case.work.waits,
                    own=policy.cve.own,
                )
                for of_one, facts_of_one in _of_each(rule, case, happened, known)
            ),
            key=_worst,
        )
        for rule in policy.clock
        if rule.start in happened and holds(rule.when, known, rank, policy.severity.scale)
    ]
    return tuple(sorted(found, key=lambda reading: (not reading.open, reading.due)))


Told = tuple[dict[str, Moments], Container[str]]


def _of_each(rule: ClockRule, case: Case, happened: dict[str, Moments], known: frozenset[str]) -> Iterator[Told]:
    """Give what happened and what holds: of each report alone where the promise is an answer to whoever reported it.

    A second reporter's time runs from their own report, and what the first was answered does not stop it.
    """
    if rule.start != "received" or "acknowledged" not in rule.stop:
        yield happened, known
        return
    rest = {name: when for name, when in happened.items() if name not in ("received", "acknowledged")}
    for report in case.reports:
        if report.received:
            own = {**rest, "received": Moments(report.received, report.received)}
            answered = report.acknowledged.when if report.acknowledged else None
            yield (
                own | ({"acknowledged": Moments(answered, answered)} if answered else {}),
                known | {"acknowledged"} if answered else known - {"acknowledged"},
            )


def _worst(reading: Reading) -> tuple[bool, bool, Instant]:
    """Order readings of one clock: an open one first, then one that was missed; of several the one that is due first."""
    return not reading.open, reading.state != "missed", reading.due


def _reading(
    rule: ClockRule,
    length: Span,
    happened: dict[str, Moments],
    known: Container[str],
    now: Instant,
    holidays: Container[date],
    waits: Sequence[Wait],
    *,
    own: bool,
) -> Reading:
    start = happened[rule.start].last if rule.again else happened[rule.start].first
    due = after(start, length, zone(rule.zone), holidays)
    paused, because = False, f"{length} from '{rule.start}' on {start:%Y-%m-%d %H:%M}Z"
    if rule.pause:
        late, paused = _put_off(due, start, waits)
        because += f", and {distance(due, late)} in which the case waited" if late > due else ""
        due = late
    stopped = min(_stops(rule, happened, known, start), default=None)
    return Reading(
        id=rule.id,
        title=rule.title,
        start=start,
        due=due,
        state="paused" if paused and stopped is None else _state(rule, due, stopped, now),
        stopped=stopped,
        hard=rule.hard,
        because=because,
        source=rule.source,
        informative=rule.owner == "cna" and not own,
    )


_LASTS = {
    "assessed": "assessed", "case-accepted": "accepted", "case-claimed": "claimed", "cve-assigned": "cve", "bug-opened": "bug",
    "bug-closed": "bug-closed", "public": "public", "exploited": "exploited", "second-rated": "second-rated",
}  # fmt: skip
"""Event that is done once, and may be done again -> the fact that says that it stands."""
_OF_ALL = {"acknowledged": "acknowledged", "archived": "archived", "announced": "announced"}
"""Event that happens for each report or list -> the fact that says that it did for all."""


def _stops(rule: ClockRule, happened: dict[str, Moments], known: Container[str], start: Instant) -> Iterator[Instant]:
    """Give when it was stopped. What was done before it started counts while it stands; else a reopened case owes again."""
    for name in rule.stop:
        when = happened.get(name)
        if when is None:
            continue
        stands = not rule.again and (_LASTS | _OF_ALL).get(name) in known
        if name in _LASTS and (stands or when.first >= start):
            yield when.first  # rated once more: the promise was kept the first time
        elif stands or when.last >= start:
            yield when.last


def _put_off(due: Instant, start: Instant, waits: Sequence[Wait]) -> tuple[Instant, bool]:
    """Move the due time by as long as the case waited since the start; say whether it waits now (then nothing is due)."""
    for wait in waits:
        begin = max(wait.start, start)
        if wait.end is None:
            return due, begin < due
        if begin < due:
            due += max(wait.end - begin, timedelta())
    return due, False


def _state(rule: ClockRule, due: Instant, stopped: Instant | None, now: Instant) -> ClockState:
    if stopped is not None:
        return "met" if stopped <= due else "missed"
    if now >= due:
        return "overdue"
    if any(_before(due, distance_, now) for distance_ in rule.warn):
        return "warned"
    return "running"


def _before(due: Instant, length: Span, now: Instant) -> bool:
    """Say whether `now` is within `length` of `due`: the sum is made forward, since only that one is defined."""
    return after(now, length) >= due
