"""The run-down of the day of disclosure: what must be ready, what comes in which order, what is next, what stands in the way.

Read from the policy's `[[day]]`. Whatever tells the public is never *now* while a date is in force (features, E10).
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from seccon.core.announcing import LISTED, announce_lists, has_announcement, seen_on
from seccon.core.card import Tone
from seccon.core.case import Case
from seccon.core.condition import FACTS, Condition, holds
from seccon.core.facts import facts
from seccon.core.ids import address_key
from seccon.core.instants import Instant
from seccon.core.policy import DayRule, Policy
from seccon.core.spans import distance

LineState = Literal["done", "now", "blocked", "later"]
_HELD = "the date is in force until a person releases it"
_NOT_FREE = "nobody has said that it may be public"


class DayLine(msgspec.Struct, frozen=True):
    """One thing of the day. `words` say what stands in the way, or what is still awaited of something done."""

    id: str
    title: str
    verb: str
    state: LineState
    words: str = ""
    before: bool = False
    list: str = ""
    """The list that it is about, where there is a line for each."""
    why: str = ""
    source: str = ""


class Rundown(msgspec.Struct, frozen=True):
    """The whole day: what shall be ready before the date, then the day itself."""

    lines: tuple[DayLine, ...]

    @property
    def next(self) -> DayLine | None:
        """What comes first of what can be done now: a date that has come stands before all else (features, E9)."""
        possible = [one for one in self.lines if one.state == "now"]
        return next((one for one in possible if one.verb == "release"), possible[0] if possible else None)


def rundown(case: Case, policy: Policy, now: Instant) -> Rundown:
    """Give the day as it stands, also long before it and after it was missed."""
    known = facts(case, policy)
    rank, scale = policy.rank(case.severity), policy.severity.scale
    lists = announce_lists(case, policy)
    found: list[DayLine] = []
    for rule in policy.day:
        if not holds(rule.when, known, rank, scale) or (rule.verb in LISTED and not lists):
            continue
        wanting = [one for one in rule.needs if not holds((one,), known, rank, scale)]
        if rule.verb == "announce":
            found += _announcements(rule, case, policy, known, wanting, now)
        elif holds(rule.done, known, rank, scale):
            found.append(_line(rule, "done"))
        else:
            found.append(_line(rule, *_standing(rule, case, policy, known, wanting, now)))
    return Rundown(tuple(found))


def _line(rule: DayRule, state: LineState, words: str = "", about: str = "") -> DayLine:
    name, title = (f"{rule.id}:{about}", f"{rule.title} on {about}") if about else (rule.id, rule.title)
    return DayLine(name, title, rule.verb, state, words, rule.before, about, rule.why, rule.source)


def _announcements(
    rule: DayRule, case: Case, policy: Policy, known: frozenset[str], wanting: list[Condition], now: Instant
) -> Iterator[DayLine]:
    seen = seen_on(case.work)
    for one in announce_lists(case, policy):
        if has_announcement(case.work, one.address):
            words = "" if address_key(one.address) in seen else "sent, not seen yet"
            yield _line(rule, "done", words, one.address)
        else:
            yield _line(rule, *_standing(rule, case, policy, known, wanting, now), one.address)


def _standing(
    rule: DayRule, case: Case, policy: Policy, known: frozenset[str], wanting: list[Condition], now: Instant
) -> tuple[LineState, str]:
    """Say where a line stands that is not done."""
    if case.closed:
        return "later", ""
    if rule.verb == "release":
        return _release(case, now)
    if not rule.before:
        if case.embargo.active:
            lapsed = case.public or (case.embargo.until is not None and case.embargo.until <= now)
            return ("blocked", _HELD) if lapsed else ("later", "")
        if "released" not in known:
            return ("later", "") if case.embargo.state == "proposed" else ("blocked", _NOT_FREE)
    if wanting:
        return "blocked", _blocked_by(wanting[0], rule, policy)
    return "now", ""


def _release(case: Case, now: Instant) -> tuple[LineState, str]:
    embargo = case.embargo
    if not embargo.active or embargo.until is None:
        return "later", "no date is in force"
    if case.public:
        return "now", "the matter is public already"
    return ("now", "or agree on another date") if embargo.until <= now else ("later", "")


def _blocked_by(wanting: Condition, rule: DayRule, policy: Policy) -> str:
    """Name the line of the day that would bring it about, else the fact in words."""
    first = next((one for one in policy.day if one is not rule and _brings(one, wanting)), None)
    if first is not None:
        return f"first: {first.title}"
    if wanting.sign:
        return f"only where {wanting}"
    return f"not yet so: {FACTS[wanting.fact]}" if wanting.wanted else f"not while {FACTS[wanting.fact]}"


def _brings(line: DayRule, wanting: Condition) -> bool:
    return wanting in line.done or (line.verb == "announce" and wanting == Condition("announced"))


def headline(case: Case, policy: Policy, now: Instant) -> tuple[str, Tone]:
    """Say in one line how near the date is, or how far over, and whether the public was told; without the date itself."""
    known, embargo = facts(case, policy), case.embargo
    told = "disclosed" in known
    if embargo.active and embargo.until is not None:
        if now < embargo.until:
            return f"the embargo ends in {distance(now, embargo.until)}", "warn" if (embargo.until - now).days < 3 else ""
        state = "announced, and nobody has released it" if told else "nothing announced"
        return f"lapsed {distance(embargo.until, now)} ago, {state}", "alarm"
    if told:
        return "the public was told", "good"
    if "released" in known:
        since = embargo.ended_at if embargo.state == "ended" else None
        ago = f"released {distance(since, now)} ago" if since else "public"
        return f"{ago}, not published yet", "alarm"
    return ("a date is proposed; none is in force", "") if embargo.state == "proposed" else ("no date is in force", "quiet")
