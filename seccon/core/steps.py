"""Steps: what the process wants next of a case, by when, and what in the console does it (features, U1)."""

from collections.abc import Container
from datetime import date

import msgspec

from seccon.core.case import Case
from seccon.core.clocks import Reading, readings
from seccon.core.condition import holds
from seccon.core.facts import facts
from seccon.core.ids import address_key
from seccon.core.instants import Instant
from seccon.core.journal.cases import ScopeJudged
from seccon.core.outside import first_post
from seccon.core.overrun import overrun, overrun_words
from seccon.core.policy import Policy, StepRule
from seccon.core.second import SECOND, given, title_for
from seccon.core.spans import before, zone
from seccon.core.team import Roster


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
    if case.quiet or case.closed or case.merged_into is not None:
        return ()
    if case.scope is not None:
        return (*_moderation(case, policy), _answer(case, policy, case.scope, now, holidays))
    known = facts(case, policy)
    rank = policy.rank(case.severity)
    clocks = {reading.id: reading for reading in readings(case, policy, now, holidays)}
    owed = [
        Step(rule.id, rule.title, rule.verb, _due(rule, case, policy, clocks), rule.why, rule.source)
        for rule in policy.step
        if holds(rule.when, known, rank, policy.severity.scale) and not (case.sealed and rule.verb == "assess")
    ]
    owed[_after_triage(policy, owed) : 0] = second_steps(case, policy, known)
    lapsed = case.embargo.active and case.embargo.until is not None and case.embargo.until <= now
    if not (lapsed or case.public or case.exploited):  # then it ends, and need not be shortened
        owed[0:0] = _too_long(case, policy)
    if lapsed:  # the date has passed and nobody released it: that comes before everything (features, E9)
        owed.sort(key=lambda step: step.verb != "release")
    posts = _posts(case, policy, owed)
    if case.embargo.active:  # they are for the day itself: what comes before must not seem due for their sake
        return (*_by_what_follows([*_moderation(case, policy), *owed]), *posts)
    return (*posts, *_by_what_follows([*_moderation(case, policy), *owed]))


def _answer(case: Case, policy: Policy, judged: ScopeJudged, now: Instant, holidays: Container[date]) -> Step:
    """What was judged not to be for this team waits for its answer alone; it closes once every reporter has it (features, I7)."""
    reason = next((one for one in policy.reason if one.id == judged.clause), None)
    rule = next((one for one in policy.step if one.verb == "acknowledge"), None)
    clocks = {reading.id: reading for reading in readings(case, policy, now, holidays)}
    due = _due(rule, case, policy, clocks) if rule and not all(report.acknowledged for report in case.reports) else None
    title = "answer, close" if reason else "answer the question"
    why = f"Judged out of scope: {reason.title}. The reporter is answered with the clause." if reason else "The reporter asks."
    return Step("answer-scope", title, "scope", due, why, (reason.source or reason.clause) if reason else "features I7")


def _posts(case: Case, policy: Policy, owed: list[Step]) -> tuple[Step, ...]:
    """Who wrote to a list outside owes what it asks for in return: a post to its public list, on the date (features, F6)."""
    done = {address_key(one.list) for one in case.work.announced}
    ours = {address_key(one.address) for one in policy.list if "announce" in one.purpose}
    announcing = any(step.verb == "announce" for step in owed)
    found = []
    for outside in policy.outside:
        for rule in outside.preflight:
            address = address_key(rule.list)
            if rule.check != "also" or address in done or (announcing and address in ours) or not first_post(case, outside):
                continue
            title = f"post to {rule.list.partition('@')[0]}"
            found.append(Step(f"{outside.id}.{rule.id}", title, "announce", case.embargo.until, rule.sentence, rule.source))
    return tuple(found)


def _too_long(case: Case, policy: Policy) -> list[Step]:
    """A date that later events made too long is told before everything else: nothing else would say it (features, E2)."""
    return [
        Step("shorten-embargo", "shorten embargo", "embargo", one.latest, overrun_words(one), one.source)
        for one in overrun(case, policy)[:1]
    ]


def _after_triage(policy: Policy, owed: list[Step]) -> int:
    """Give the place of what follows the first rating: after every owed step that the policy names up to its triage."""
    order = [rule.id for rule in policy.step]
    triage = next((place for place, rule in enumerate(policy.step) if rule.verb == "assess"), len(order))
    return sum(order.index(one.id) <= triage for one in owed)


def second_steps(case: Case, policy: Policy, known: frozenset[str]) -> list[Step]:
    """Give what the second rating asks for, where the policy has no steps of its own for it (features, T4)."""
    rule, rating = policy.severity.second, case.assessment
    if rating is None:
        return []
    if "second-wanted" in known and not given(case):
        if any(one.verb == "second" for one in policy.step):
            return []
        why = rule.sentence or "A colleague rates it too before anything follows from the first rating."
        return [Step("second", SECOND + rating.by, "second", None, why, rule.source or "features T4")]
    if "second-rated" in known and "settled" not in known:
        if any(said.fact == "settled" for one in policy.step for said in one.when):
            return []
        why = "The two ratings differ: whoever weighed both rates once more."
        return [Step("settle", "settle the rating", "assess", None, why, rule.source or "features T4")]
    return []


def seen_by(owed: tuple[Step, ...], person: str, roster: Roster) -> tuple[Step, ...]:
    """Word the steps for a person (their login)."""
    return tuple(msgspec.structs.replace(one, title=title_for(one.title, person, roster)) for one in owed)


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


def _due(rule: StepRule, case: Case, policy: Policy, clocks: dict[str, Reading]) -> Instant | None:
    if rule.clock == "embargo":
        due, where = case.embargo.until, policy.embargo.zone
    else:
        reading = clocks.get(rule.clock)
        due = reading.due if reading and reading.open and not reading.informative else None
        where = next((one.zone for one in policy.clock if one.id == rule.clock), "UTC")
    if due is None or rule.ahead is None:
        return due
    return before(due, rule.ahead, zone(where))
