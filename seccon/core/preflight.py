"""Preflight: what a list outside wants of a mail to it, and what the mail would start, before it leaves (features, F6 E7)."""

from collections.abc import Iterator

import msgspec

from seccon.core.case import Case
from seccon.core.condition import holds
from seccon.core.facts import facts
from seccon.core.ids import address_key
from seccon.core.instants import Instant
from seccon.core.letter import Letter, Refusal, Way
from seccon.core.outside import addresses, counts_from, first_post, first_told, limits, outside_at
from seccon.core.outward import Outside, Preflight
from seccon.core.plural import count
from seccon.core.policy import Policy
from seccon.core.solver import Bounds, solve
from seccon.core.spans import after, zone


class Flight(msgspec.Struct, frozen=True):
    """What the lists outside say of a letter: refusals, warnings, and what the outer Subject must begin with."""

    refusals: tuple[Refusal, ...] = ()
    warnings: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def outer(self, subject: str) -> str:
        """Put the tags before an outer subject, each once."""
        missing = [tag for tag in self.tags if tag.casefold() not in subject.casefold()]
        return " ".join([*missing, subject])


def preflight(letter: Letter, case: Case, policy: Policy, now: Instant) -> Flight:
    """Check a letter by the rules of every list outside that it goes to."""
    left_out = {address_key(one.recipient) for one in letter.choices if one.choice == "left-out"}
    going = [one.address for one in letter.recipients if address_key(one.address) not in left_out]
    found = [_for(letter, case, policy, one, now) for one in outside_at(policy, going)]
    return Flight(
        tuple(refusal for one in found for refusal in one.refusals),
        tuple(warning for one in found for warning in one.warnings),
        tuple(dict.fromkeys(tag for one in found for tag in one.tags)),
    )


def _for(letter: Letter, case: Case, policy: Policy, outside: Outside, now: Instant) -> Flight:
    refusals, warnings = list(needs(case, policy, outside)), []
    for rule in outside.preflight:
        said = _check(rule, letter, case, policy, outside, now)
        if said and rule.strength == "note":
            warnings.append(_quoted(outside, said, rule.source))
        elif said:
            ways = (Way.MEND,) if rule.strength == "hard" else (Way.MEND, Way.OVERRIDE)
            sentence = f"{outside.label}: {said}"
            refusals.append(Refusal(f"{outside.id}.{rule.id}", sentence, rule.source, outside.address, ways))
    started = _starts(case, policy, outside, now)
    tags = tuple(rule.tag for rule in outside.preflight if rule.check == "tag")
    return Flight(tuple(refusals), (*([started] if started else []), *warnings), tags)


def needs(case: Case, policy: Policy, outside: Outside) -> Iterator[Refusal]:
    """Say what this process still wants before any mail goes to a list outside."""
    if not holds(outside.needs, facts(case, policy), policy.rank(case.severity), policy.severity.scale):
        sentence = outside.needs_because or f"The process lets no mail go to {outside.label} yet."
        yield Refusal(f"{outside.id}.needs", sentence, outside.source, outside.address, (Way.MEND, Way.OVERRIDE))


def _check(rule: Preflight, letter: Letter, case: Case, policy: Policy, outside: Outside, now: Instant) -> str:
    """Give the sentence that stands against the letter; empty where nothing does."""
    match rule.check:
        case "tag":
            bare = letter.protection != "encrypted" and rule.tag.casefold() not in letter.subject.casefold()
            return f"the subject lacks {rule.tag}. {rule.sentence}" if bare else ""
        case "encrypted":
            return rule.sentence if letter.protection != "encrypted" else ""
        case "secret":
            out = published(case)
            return f"{out}. {rule.sentence}" if out else ""
        case "date":
            return _date(rule, letter, case, outside)
        case "limit":
            return _limit(rule, case, policy, outside, now)
        case "also":
            return rule.sentence
        case "before":
            told = first_told(case, frozenset({address_key(rule.address)}))
            return "" if told or address_key(rule.address) in addresses(outside) else rule.sentence


def published(case: Case) -> str:
    """Say by what the matter, or its fix, is public already; empty: by nothing that is on record."""
    if case.public:
        return "the matter is public"
    merged = next((one for one in case.work.branches.values() if one.state in ("merged", "released")), None)
    if merged is not None:
        return f"the fix is in the branch {merged.branch}"
    return "the upstream bug is public" if case.work.bug and case.work.bug.public else ""


def proposed(case: Case) -> Instant | None:
    """Give the date in force, else the earliest on the table."""
    if case.embargo.active:
        return case.embargo.until
    return case.embargo.table[0].until if case.embargo.table else None


_FORMS = ("%Y-%m-%d", "%-d %B %Y", "%d %B %Y", "%B %-d, %Y", "%-d %b %Y", "%d %b %Y", "%b %-d, %Y")


def _date(rule: Preflight, letter: Letter, case: Case, outside: Outside) -> str:
    """The first mail names the date; every later one may."""
    if first_post(case, outside):
        return ""
    date = proposed(case)
    if date is None:
        return f"no date is proposed or in force (e proposes one). {rule.sentence}"
    days = {date, date.astimezone(zone(case.embargo.zone))}
    written = letter.text.casefold()
    named = any(day.strftime(form).casefold() in written for day in days for form in _FORMS)
    return "" if named else f"the text does not name the date {date:%Y-%m-%d}. {rule.sentence}"


def _limit(rule: Preflight, case: Case, policy: Policy, outside: Outside, now: Instant) -> str:
    date = proposed(case)
    start = counts_from(case, outside, first_post(case, outside) or now)
    if date is None or start is None:
        return ""
    ends = [
        after(start, one.length, zone(outside.embargo.zone)) for one in limits(case, policy, outside) if one.strength == "hard"
    ]
    latest = min(ends, default=date)
    if date <= latest:
        return ""
    return f"the date {date:%Y-%m-%d} is later than {latest:%Y-%m-%d}, the latest that it allows. {rule.sentence}"


def _starts(case: Case, policy: Policy, outside: Outside, now: Instant) -> str:
    """Say what the mail starts, where it is the first; by days, since the sheet must read the same a minute later."""
    if first_post(case, outside):
        return ""
    before, then = solve(case, policy, now), solve(case, policy, now, posting=(outside.id,))
    theirs = next((one for one in then.of(outside.id) if one.strength == "hard"), None)
    if theirs is None:
        return ""
    if theirs.latest is None:
        said = f"This mail tells them: their clock, {theirs.counts}, starts as soon as that happens."
    else:
        said = f"This mail starts their clock: {theirs.counts}. {_becomes(before, then)}"
    return _quoted(outside, said, theirs.source)


def _becomes(before: Bounds, then: Bounds) -> str:
    if then.hard is None or then.hard.latest is None:
        return ""
    old = before.hard.latest if before.hard else None
    was = f" (before: {old:%Y-%m-%d})" if old and old > then.hard.latest else "" if old else " (before: no hard limit)"
    said = (
        f"The latest date becomes {then.hard.latest:%Y-%m-%d}{was}."
        if was
        else f"The latest date stays {then.hard.latest:%Y-%m-%d}."
    )
    for wish in then.rules:
        if wish.strength == "wish" and wish.latest and wish.latest > then.hard.latest:
            days = (wish.latest.date() - then.hard.latest.date()).days
            said += f" {wish.whose} wishes {wish.latest:%Y-%m-%d}, {count(days, 'day')} later."
    return said


def _quoted(outside: Outside, said: str, source: str) -> str:
    return f"{outside.label}: {said} “{source}”"
