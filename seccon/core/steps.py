"""Steps: what the process wants next of a case, by when, and what in the console does it (features, U1)."""

from collections.abc import Container
from datetime import date

import msgspec

from seccon.core.case import Case
from seccon.core.clocks import Reading, readings
from seccon.core.condition import holds
from seccon.core.facts import facts
from seccon.core.instants import Instant
from seccon.core.policy import Policy, StepRule


class Step(msgspec.Struct, frozen=True):
    """One thing owed now. `verb` names the request that does it."""

    id: str
    title: str
    verb: str
    due: Instant | None = None
    why: str = ""
    source: str = ""


def steps(case: Case, policy: Policy, now: Instant, holidays: Container[date] = ()) -> tuple[Step, ...]:
    """Give everything that is owed now, in the policy's order; the first is the next step."""
    if case.quiet or case.closed:
        return ()
    known = facts(case, policy)
    rank = policy.rank(case.severity)
    clocks = {reading.id: reading for reading in readings(case, policy, now, holidays)}
    owed = [
        Step(rule.id, rule.title, rule.verb, _due(rule, case, clocks), rule.why, rule.source)
        for rule in policy.step
        if holds(rule.when, known, rank, policy.severity.scale)
    ]
    lapsed = case.embargo.active and case.embargo.until is not None and case.embargo.until <= now
    if lapsed:  # the date has passed and nobody released it: that comes before everything (features, E9)
        owed.sort(key=lambda step: step.verb != "release")
    return _by_what_follows([*_moderation(case, policy), *owed])


def _moderation(case: Case, policy: Policy) -> list[Step]:
    """What a list holds back comes first: nobody can work on what has not come."""
    rule = policy.moderation
    return [Step("moderate", rule.title, "moderate", None, rule.sentence, rule.source)] if case.work.holding else []


def _by_what_follows(owed: list[Step]) -> tuple[Step, ...]:
    """A step is due at the latest when one that comes after it is: the CVE before the embargo ends."""
    found: list[Step] = []
    earliest: Instant | None = None
    for step in reversed(owed):
        earliest = min(filter(None, (step.due, earliest)), default=None)
        found.append(msgspec.structs.replace(step, due=earliest))
    return tuple(reversed(found))


def _due(rule: StepRule, case: Case, clocks: dict[str, Reading]) -> Instant | None:
    if rule.clock == "embargo":
        return case.embargo.until
    reading = clocks.get(rule.clock)
    return reading.due if reading and reading.open else None
