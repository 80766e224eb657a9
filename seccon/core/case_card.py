"""A case's card: what a colleague wants to know first, in words. The most wanted stands first."""

from collections.abc import Container, Iterator, Mapping
from datetime import date

from seccon.core.card import CardLine, CardView, CheckLine, Tone
from seccon.core.case import Case, Report
from seccon.core.clocks import Reading, readings
from seccon.core.cve import open_cve
from seccon.core.embargo import Embargo, total_days
from seccon.core.facts import is_public, owes_publication
from seccon.core.ids import MessageId, address_key
from seccon.core.instants import Instant
from seccon.core.journal.work import PermissionRecorded
from seccon.core.limits import exceeded
from seccon.core.overrun import overrun, overrun_words
from seccon.core.party_view import party_lines, readiness
from seccon.core.plural import count
from seccon.core.policy import Policy
from seccon.core.projection import state_of
from seccon.core.rundown import headline
from seccon.core.second import COLLEAGUE, WORDS, difference, is_veiled, word
from seccon.core.spans import distance
from seccon.core.steps import Step, seen_by, steps
from seccon.core.team import Roster

_STATES = {
    "new": "nobody has taken it", "open": "at work", "waiting": "waiting", "embargo": "under embargo", "closed": "closed",
}  # fmt: skip


def case_card(
    case: Case,
    policy: Policy,
    roster: Roster,
    now: Instant,
    keys: Mapping[str, str],
    holidays: Container[date] = (),
    person: str = "",
) -> CardView:
    """Make the card for a person (their login); `keys` says which key carries out a step's verb."""
    owed = seen_by(steps(case, policy, now, holidays), person, roster)
    if any(one.title == COLLEAGUE for one in owed):
        keys = {verb: key for verb, key in keys.items() if verb != "second"}
    step = owed[0] if owed else None
    return CardView(
        number=case.number,
        label=case.label,
        subject=case.reports[0].subject if case.reports else "",
        state=_state(case),
        alarms=_alarms(case, policy, now),
        step=step.title if step else "",
        step_key=keys.get(step.verb, "") if step else "",
        step_due=_due(step, now),
        step_source=step.why if step else "",
        later=tuple(_keyed(one, keys) for one in owed[1:]),
        facts=(*_facts(case, roster), *_parties(case, policy), *_embargo(case, policy, now), *_cve(case, policy)),
        clocks=tuple(_clock(reading, now) for reading in readings(case, policy, now, holidays)),
        checklist=() if case.closed else tuple(_checklist(case, policy)),
    )


def _checklist(case: Case, policy: Policy) -> Iterator[CheckLine]:
    """Say of each report which items a person found in it; of several reports, whose."""
    for report in case.reports:
        whose = f" ({report.reporter.name or report.reporter.address})" if len(case.reports) > 1 else ""
        for item in policy.item:
            tick = case.work.ticks.get((report.id, item.id))
            found = "" if tick is None else tick.evidence if tick.held else "missing"
            yield CheckLine(f"{item.title}{whose}", tick is not None and tick.held, found)


def _keyed(step: Step, keys: Mapping[str, str]) -> str:
    key = keys.get(step.verb, "")
    return f"[{key}] {step.title}" if key else step.title


def _state(case: Case) -> str:
    if case.merged_into is not None:
        return f"merged into #{case.merged_into}: its reports are there"
    words = _STATES[state_of(case)]
    wait = case.work.waiting
    if wait is not None:
        words = f"waits for {wait.whom}" + (f" until {wait.until:%Y-%m-%d %H:%M}Z at most" if wait.until else "")
    if case.closed:
        words = f"closed: {case.closed.outcome}"
    return f"{words}, owes nothing until new mail comes" if case.quiet and not case.closed else words


def _alarms(case: Case, policy: Policy, now: Instant) -> tuple[str, ...]:
    found = [f"two different mails bear one Message-ID: {one.mail}" for one in case.conflicts]
    embargo = case.embargo
    if embargo.active and embargo.until and embargo.until <= now:
        found.append(f"the embargo's date has passed {distance(embargo.until, now)} ago and nobody has released it")
    found += [f"{overrun_words(one)} e shows it" for one in overrun(case, policy)]
    if owes_publication(case, policy):
        found.append(f"{headline(case, policy, now)[0]}: D shows the day")
    if not is_public(case):
        found += [
            f"possible leak: {one.mail} on {one.list}, by {one.sender or 'nobody known'}; D judges it"
            for one in case.work.leaking
        ]
    if embargo.active and case.public:
        found.append("the matter is public while the embargo is in force")
    joined = sum(mail.joined for mail in case.mails)
    if joined:
        found.append(f"{count(joined, 'mail')} came into the thread from outside it: see the marks")
    return tuple(found)


def _due(step: Step | None, now: Instant) -> str:
    if step is None or step.due is None:
        return ""
    left = f"{distance(now, step.due)} left" if now < step.due else f"{distance(now, step.due)} over"
    return f"by {step.due:%a %Y-%m-%d %H:%M}Z, {left}"


def _facts(case: Case, roster: Roster) -> list[CardLine]:
    found = [line for report in case.reports for line in (_reporter(report), *_credit(report))]
    found += _circle(case, roster)
    owner = roster.display(case.owner)
    found.append(CardLine("owner", owner or "nobody", "" if owner else "warn"))
    found += _ratings(case, roster)
    if case.public or case.exploited:
        found.append(CardLine("publicity", "exploited in the wild" if case.exploited else "public", "alarm"))
    found += [CardLine("note", f"{roster.display(by)}, {at:%Y-%m-%d}: {text}") for by, at, text in case.notes[-3:]]
    return found


def _ratings(case: Case, roster: Roster) -> list[CardLine]:
    """Say how it was rated, and by a colleague; of a sealed rating to others no more than that it is."""
    rating = case.assessment
    if rating is None:
        return [CardLine("severity", "not rated", "quiet")]
    who = roster.display(rating.by)
    if is_veiled(rating):
        return [CardLine("severity", f"{WORDS} ({who})", "warn")]
    body = rating.body
    told = f", suggested was {body.suggested}" if body.suggested not in ("", body.severity) else ""
    kept = "; sealed for everybody else" if rating.sealed else ""
    found = [CardLine("severity", f"{word(body.severity)}{told} ({who}{kept})")]
    for one in case.work.seconds:
        how = "blind" if one.blind else "having seen the first"
        found.append(CardLine("second", f"{word(one.rating.severity)} ({roster.display(one.by)}, {how})"))
    if difference(case, roster.display):
        found.append(CardLine("ratings", "the two differ: s settles it", "warn"))
    return found


def _credit(report: Report) -> list[CardLine]:
    if report.credit is None:
        return []
    return [CardLine("credit", report.credit or f"none: {report.reporter.name or report.reporter.address} is not to be named")]


def _parties(case: Case, policy: Policy) -> list[CardLine]:
    lines = party_lines(case, policy)
    return [CardLine("parties", readiness(lines), "" if all(one.ready for one in lines) else "warn")] if lines else []


def _circle(case: Case, roster: Roster) -> list[CardLine]:
    """Say what a list holds back, whom the reporters permit to be told, who else knows."""
    found = [CardLine("held", f"{one.list} holds {one.sender} back: {one.subject}", "alarm") for one in case.work.holding]
    for name, gone in case.work.released.items():
        by = roster.display(gone.by) if gone.by else "a moderator who is not known"
        what = "discarded" if gone.discarded else "released"
        subject = case.work.held[name].subject if name in case.work.held else name
        found.append(CardLine("moderation", f"{what} by {by}: {subject}"))
    found += _permissions(case)
    found += [CardLine("staff", f"{one.staff}, told by {one.member}: {one.why}") for one in case.work.staff]
    return found


def _permissions(case: Case) -> Iterator[CardLine]:
    """Say whom each reporter permits, or forbids, to be told: the latest word of each about somebody counts for them alone."""
    latest = {(one.report, address_key(one.whom)): one for one in case.work.permissions}
    together: dict[tuple[MessageId, bool, str], list[str]] = {}
    for one in latest.values():
        together.setdefault((one.report, one.granted, _proof(case, one)), []).append(one.whom)
    names = {one.id: one.reporter.name or one.reporter.address for one in case.reports}
    for (report, granted, proof), whom in together.items():
        says = f", says {names[report]}" if len(names) > 1 and report in names else ""
        words = "may be told" if granted else "must not be told"
        yield CardLine("permission", f"{', '.join(whom)} {words}{says}: {proof}", "" if granted else "warn")


def _proof(case: Case, word: PermissionRecorded) -> str:
    """Name the mail by its day: nobody reads a Message-ID."""
    mail = next((one for one in case.mails if one.mail == word.proof), None)
    return f"mail of {mail.arrived:%Y-%m-%d %H:%M}Z" if mail and mail.arrived else str(word.proof or word.why)


def _reporter(report: Report) -> CardLine:
    who = report.reporter
    name = f"{who.name} <{who.address}>" if who.name else who.address
    claimed = " (claimed)" if who.claimed else ""
    seen = report.acknowledged
    if seen is None:
        return CardLine("reporter", f"{name}{claimed}: not acknowledged", "warn")
    signature = "" if seen.signature == "good" else f", {seen.signature}"
    return CardLine("reporter", f"{name}{claimed}: acknowledged by {seen.member} {seen.when:%Y-%m-%d %H:%M}Z{signature}")


def _embargo(case: Case, policy: Policy, now: Instant) -> list[CardLine]:
    embargo = case.embargo
    if embargo.state == "none":
        return []
    found = [CardLine("embargo", _embargo_words(embargo, now), _tone(embargo, now))]
    found += [
        CardLine("proposed", f"{one.until:%Y-%m-%d %H:%M}Z by {one.party}; agreed: {', '.join(one.agreed)}")
        for one in embargo.table
    ]
    if embargo.active and embargo.until:
        days = total_days(embargo)
        found.append(CardLine("in all", f"{count(days, 'day')}, {count(len(embargo.windows), 'window')}", "quiet"))
        found += [
            CardLine("beyond", one.sentence, "warn")
            for one in exceeded(case, policy, embargo.until, "extension", embargo.windows[-1].start)
        ]
        untold = [report.reporter.address for report in case.reports if report.told != embargo.until]
        if untold:
            found.append(CardLine("not told", ", ".join(untold), "warn"))
    return found


def _cve(case: Case, policy: Policy) -> list[CardLine]:
    """Say how far the id has come, who allocated it, and that its record stays away."""
    work = case.work
    if work.cve is None:
        asked = work.requested
        return [CardLine("CVE", f"asked for: {asked.cna}, by {asked.how}", "quiet")] if asked else []
    by = next((one.by for one in work.cves if one.cve == work.cve), "")
    late = open_cve(case, policy)
    stands = "its record is public" if work.cve in work.published else late.why if late else "its record is not public yet"
    tone: Tone = "" if late is None else "alarm" if late.ours else "warn"
    return [CardLine("CVE", f"{work.cve}, allocated by {by or 'somebody'}; {stands}", tone)]


def _embargo_words(embargo: Embargo, now: Instant) -> str:
    if not embargo.active or embargo.until is None:
        reason = f": {embargo.ended.reason}" if embargo.ended and embargo.state == "ended" else ""
        return f"{embargo.state}{reason}"
    left = f"{distance(now, embargo.until)} left" if now < embargo.until else f"{distance(now, embargo.until)} over"
    revised = "; another date is proposed" if embargo.state == "revised" else ""
    return f"until {embargo.until:%a %Y-%m-%d %H:%M}Z, {left}{revised}"


def _tone(embargo: Embargo, now: Instant) -> Tone:
    if not embargo.active or embargo.until is None:
        return ""
    return "alarm" if embargo.until <= now else "warn" if (embargo.until - now).days < 3 else ""


def _clock(reading: Reading, now: Instant) -> CardLine:
    if reading.informative and reading.open:
        return CardLine(reading.title, f"{reading.left(now)}, due {reading.due:%Y-%m-%d %H:%M}Z; not ours to keep", "quiet")
    tones: dict[str, Tone] = {"overdue": "alarm", "warned": "warn", "missed": "warn", "met": "good"}
    if reading.open:
        return CardLine(reading.title, f"{reading.left(now)}, due {reading.due:%Y-%m-%d %H:%M}Z", tones.get(reading.state, ""))
    stopped = f" {reading.stopped:%Y-%m-%d}" if reading.stopped else ""
    return CardLine(reading.title, f"{reading.state}{stopped}", tones.get(reading.state, "quiet"))
