"""The policy's limits on an embargo: hard ones refuse, aims want a written reason; each names itself and its source (E2)."""

from collections.abc import Collection, Container, Iterator
from datetime import date

import msgspec

from seccon.core.case import Case, events
from seccon.core.condition import holds
from seccon.core.errors import RefusedError
from seccon.core.facts import facts
from seccon.core.instants import Instant
from seccon.core.outside import counts_from, first_post
from seccon.core.outside import limits as limits_of
from seccon.core.outward import EmbargoRule, Limit, Outside
from seccon.core.policy import Policy
from seccon.core.spans import after, zone


class Finding(msgspec.Struct, frozen=True):
    """A limit that a date would exceed, or a thing to think about; `strength` is `hard`, `aim` or `note`."""

    rule: str
    strength: str
    sentence: str
    source: str
    latest: Instant | None = None
    since: str = ""
    """From what its length counts, in words, with the day."""


def window_start(case: Case, change: str, now: Instant) -> Instant:
    """Give where the window begins that a date would belong to: limits bind each window, a restart opens a new one."""
    if case.embargo.active and case.embargo.windows and change not in ("initial", "restart"):
        return case.embargo.windows[-1].start
    return now


def counted_from(case: Case, policy: Policy, change: str, now: Instant) -> Instant:
    """Give where the limits count from: the policy's event where it names one that happened, else the window's beginning."""
    event = events(case).get(policy.embargo.counts_from) if policy.embargo.counts_from else None
    return event.first if event else window_start(case, change, now)


def standing(case: Case, policy: Policy) -> tuple[Limit, ...]:
    """Give the policy's own limits that bind this case as it is: some hold only for a severity, or for what is exploited."""
    rank, known = policy.rank(case.severity), facts(case, policy)
    return tuple(one for one in policy.embargo.limit if holds(one.when, known, rank, policy.severity.scale))


def exceeded(case: Case, policy: Policy, until: Instant, change: str, now: Instant) -> tuple[Finding, ...]:
    """Give every limit that `until` exceeds, the hard ones first."""
    start = counted_from(case, policy, change, now)
    where = zone(policy.embargo.zone)
    event = policy.embargo.counts_from
    begun = not event or event in events(case)
    since = since_words(event if begun else "", start)
    waits = "" if begun else f", counted from its setting while there is no {event_words(event).removeprefix('the ')}"
    found = [
        _finding(limit, after(start, limit.length, where), since, waits)
        for limit in standing(case, policy)
        if until > after(start, limit.length, where)
    ]
    found += [one for outside in policy.outside for one in _exceeded_outside(case, policy, outside, until)]
    return tuple(sorted(found, key=lambda one: one.strength != "hard"))


def _exceeded_outside(case: Case, policy: Policy, outside: Outside, until: Instant) -> Iterator[Finding]:
    """Give the limits that a list outside set when it was written to: no restart and no agreement of ours moves them."""
    post = first_post(case, outside)
    start = counts_from(case, outside, post) if post else None
    if start is None:
        return
    for limit in limits_of(case, policy, outside):
        latest = after(start, limit.length, zone(outside.embargo.zone))
        if until > latest:
            event = outside.embargo.counts_from
            began = (
                since_words(event, start) if event not in ("", "received") else f"{outside.label} was told on {start:%Y-%m-%d}"
            )
            found = _finding(limit, latest, began)
            yield msgspec.structs.replace(found, rule=f"{outside.id}.{limit.id}", sentence=f"{outside.label}: {found.sentence}")


_EVENTS = {"": "its setting", "fix-proposed": "the fix", "received": "the report"}
"""Event -> what people call it."""


def event_words(event: str) -> str:
    """Say what people call the event from which a length counts."""
    return _EVENTS.get(event, repr(event))


def since_words(event: str, start: Instant) -> str:
    """Say from what and from which day a length counts."""
    return f"{event_words(event)} of {start:%Y-%m-%d}"


def _finding(limit: Limit, latest: Instant, since: str, waits: str = "") -> Finding:
    said = f"{limit.sentence} The latest date is {latest:%Y-%m-%d %H:%M}Z{waits}." if limit.length.count else limit.sentence
    return Finding(limit.id, limit.strength, said, limit.source, latest, since)


def notes(
    until: Instant, zone_name: str, holidays: Container[date] = (), avoid: Collection[str] = EmbargoRule().avoid
) -> tuple[Finding, ...]:
    """Warn of a date on which nobody is there to act: Fridays, weekends, holidays, those that `avoid` names (E4)."""
    day = until.astimezone(zone(zone_name)).date()
    found = []
    if day.weekday() == 4:
        found.append(Finding("friday", "note", f"{day} is a Friday: who deploys a fix before the weekend?", ""))
    if day.weekday() > 4:
        found.append(Finding("weekend", "note", f"{day} is a {day:%A}.", ""))
    if day in holidays:
        found.append(Finding("holiday", "note", f"{day} is a holiday.", ""))
    return tuple(one for one in found if one.rule in avoid)


def check(case: Case, policy: Policy, until: Instant, change: str, why: str, now: Instant) -> tuple[str, ...]:
    """Give the aims that are knowingly exceeded. Raises RefusedError for what the process does not allow."""
    rule = policy.embargo
    known = facts(case, policy)
    if rule.forbidden and holds(rule.forbidden, known, policy.rank(case.severity), policy.severity.scale):
        raise RefusedError("embargo.forbidden", rule.forbidden_because or "This case takes no embargo.", rule.source)
    if until <= now:
        raise RefusedError("embargo.past", f"{until:%Y-%m-%d %H:%M}Z is not in the future.", hint="Choose a later time.")
    if change == "restart" and not rule.restart_because:
        raise RefusedError("embargo.restart", "This process knows no restart of the embargo.", rule.source)
    if change == "restart" and not why.strip():
        raise RefusedError("embargo.restart", f"A restart needs its reason: {rule.restart_because}.", rule.source)
    over = exceeded(case, policy, until, change, now)
    for one in over:
        if one.strength == "hard":
            raise RefusedError(one.rule, one.sentence, one.source)
    if over and not why.strip():
        raise RefusedError(over[0].rule, over[0].sentence, over[0].source, "Shorten it, or write the justification.")
    return tuple(one.rule for one in over)
