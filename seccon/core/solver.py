"""The latest date that an embargo may have, by everything that applies, and which rule decides (features, E7).

Own limits, limits of lists outside whose clock runs, the reporters' wishes, what the CVE programme asks. It only tells: `limits`
refuses.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from seccon.core.case import Case, Report, events
from seccon.core.condition import holds
from seccon.core.facts import facts
from seccon.core.instants import Instant
from seccon.core.limits import counted_from, event_words
from seccon.core.outside import counts_from, first_post, limits
from seccon.core.outward import Outside
from seccon.core.policy import Policy
from seccon.core.spans import after, span, zone

Strength = Literal["hard", "aim", "wish", "note"]
"""`hard`: a later date is refused; `aim`: it wants a written reason; `wish`: a reporter's; `note`: it bounds no embargo."""


class Bound(msgspec.Struct, frozen=True):
    """One rule and its latest date; None while its clock has not started."""

    id: str
    whose: str
    strength: Strength
    sentence: str
    source: str
    latest: Instant | None = None
    counts: str = ""
    """From what its length counts, in words."""
    outside: str = ""
    """Id of the list outside whose rule it is."""


class Bounds(msgspec.Struct, frozen=True):
    """All rules, those with the earliest date first."""

    rules: tuple[Bound, ...]

    @property
    def hard(self) -> Bound | None:
        """The rule beyond which every date is refused."""
        return self._first("hard")

    @property
    def eased(self) -> Bound | None:
        """The rule beyond which a date needs at least a written reason."""
        return self._first("hard", "aim")

    @property
    def wish(self) -> Bound | None:
        """The earliest of the reporters' wishes."""
        return self._first("wish")

    @property
    def binding(self) -> Bound | None:
        """The rule that decides: the earliest hard one; where there is none the earliest aim, else the earliest wish."""
        return self.hard or self.eased or self.wish

    def of(self, outside: str) -> tuple[Bound, ...]:
        """Give the rules of one list outside."""
        return tuple(one for one in self.rules if one.outside == outside)

    def _first(self, *strengths: Strength) -> Bound | None:
        return next((one for one in self.rules if one.latest and one.strength in strengths), None)


class Would(msgspec.Struct, frozen=True):
    """What a mail to a list outside would change if it left now."""

    outside: Outside
    bounds: Bounds

    @property
    def binding(self) -> Bound | None:
        """The earliest hard rule of that list."""
        return next((one for one in self.bounds.of(self.outside.id) if one.latest and one.strength == "hard"), None)


def solve(case: Case, policy: Policy, now: Instant, change: str = "", posting: Iterable[str] = ()) -> Bounds:
    """Give every rule that applies at `now`. `posting`: ids of lists outside that are taken as written to now."""
    change = change or ("extension" if case.embargo.active else "initial")
    assumed = frozenset(posting)
    found = [
        *_own(case, policy, change, now),
        *(bound for one in policy.outside for bound in _outside(case, policy, one, now if one.id in assumed else None)),
        *(_wish(case, report) for report in case.reports if report.id in case.work.wishes),
        *_cve(case, policy),
    ]
    return Bounds(tuple(sorted(found, key=lambda one: (one.latest is None, one.latest or now, _ORDER.index(one.strength)))))


_ORDER = ("hard", "aim", "wish", "note")


def would(case: Case, policy: Policy, now: Instant) -> tuple[Would, ...]:
    """Say of each list outside that was never written to what a mail now would mean."""
    return tuple(
        Would(one, solve(case, policy, now, posting=(one.id,))) for one in policy.outside if first_post(case, one) is None
    )


def _own(case: Case, policy: Policy, change: str, now: Instant) -> Iterator[Bound]:
    rule = policy.embargo
    start = counted_from(case, policy, change, now)
    event = events(case).get(rule.counts_from) if rule.counts_from else None
    begins = event_words(rule.counts_from) if event else "its setting" if start == now else "the window's beginning"
    known, rank = facts(case, policy), policy.rank(case.severity)
    for limit in rule.limit:
        if holds(limit.when, known, rank, policy.severity.scale):
            yield Bound(
                limit.id,
                policy.name,
                limit.strength,
                limit.sentence,
                limit.source,
                after(start, limit.length, zone(rule.zone)),
                f"{limit.length} from {begins}",
            )


def _outside(case: Case, policy: Policy, outside: Outside, assumed: Instant | None) -> Iterator[Bound]:
    post = first_post(case, outside) or assumed
    start = counts_from(case, outside, post) if post else None
    event = outside.embargo.counts_from
    begins = "the first mail to it" if event in ("", "received") else f"{event_words(event)}, once they were told"
    for limit in limits(case, policy, outside):
        yield Bound(
            f"{outside.id}.{limit.id}",
            outside.label,
            limit.strength,
            limit.sentence,
            limit.source,
            after(start, limit.length, zone(outside.embargo.zone)) if start else None,
            f"{limit.length} from {begins}",
            outside.id,
        )


def _wish(case: Case, report: Report) -> Bound:
    wish = case.work.wishes[report.id]
    name = report.reporter.name or report.reporter.address
    until, counts = wish.until, "a date that they named"
    if until is None and report.arrived:
        counts = f"{wish.length} from the report"
        until = _after(report.arrived, wish.length)
    said = f"{name} wishes {wish.length or 'this date'}: a later one needs their agreement."
    return Bound(f"wish:{report.id}", name, "wish", said, wish.why, until, counts)


def _after(start: Instant, length: str) -> Instant | None:
    try:
        return after(start, span(length))
    except ValueError:
        return None


def _cve(case: Case, policy: Policy) -> Iterator[Bound]:
    """The programme bounds no embargo: it says by when the record follows it."""
    happened = events(case).get("cve-disclosed")
    whose = "our CNA" if policy.cve.own else policy.cve.cna or "the CNA"
    for rule in policy.clock:
        if rule.start == "cve-disclosed":
            latest = after(happened.first, rule.length, zone(rule.zone)) if happened else None
            yield Bound(rule.id, whose, "note", f"{rule.title}.", rule.source, latest, f"{rule.length} from disclosure")
