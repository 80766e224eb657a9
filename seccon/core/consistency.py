"""What contradicts itself between the case, the advisory's words and the texts that go out (features, D3)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from seccon.core.advisory import Advisory, main_branch, version_key
from seccon.core.advisory_rule import notice_pattern
from seccon.core.case import Case, Report
from seccon.core.credit import Person
from seccon.core.formats.cna import is_weakness
from seccon.core.formats.text import statements
from seccon.core.gate import Finding, Words, of
from seccon.core.instants import Instant
from seccon.core.policy import Policy
from seccon.core.scoring import base
from seccon.core.wording import line

_CVE = re.compile(r"\bCVE-[0-9]{4}-[0-9]{4,19}\b", re.IGNORECASE)
_DAY = re.compile(r"\b(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}\b")
_PUBLIC = re.compile(r"\b(?:publish|public|disclos|embargo|released? on)", re.IGNORECASE)


def contradictions(
    case: Case, policy: Policy, told: Advisory, now: Instant, texts: Sequence[Words], taken: Mapping[str, str]
) -> list[Finding]:
    """Give everything that does not agree."""
    return [
        *_taken(told, taken),
        *_allocated(case, policy, told),
        *_embargo(told, now),
        *_dates(told, now),
        *_ids(told, texts),
        *_notice(policy, told, texts),
        *_statements(told, texts),
        *_versions(told),
        *_states(case, policy),
        *_severity(policy, told),
        *_credits(case, told, texts),
        *_persons(told),
        *_links(told),
    ]


def _taken(told: Advisory, taken: Mapping[str, str]) -> Iterator[Finding]:
    """Two issues have two ids: notices were published with one."""
    for cve in told.cves:
        if cve in taken:
            yield Finding(f"cve.taken:{cve}", "contradiction", f"{cve} is the id of case {taken[cve]} too.", "C")
    if told.notice and told.notice in taken:
        said = f"Notice {told.notice} is that of case {taken[told.notice]} too."
        yield Finding(f"notice.taken:{told.notice}", "contradiction", said)


def _allocated(case: Case, policy: Policy, told: Advisory) -> Iterator[Finding]:
    """A CVE Record bears the organisation that allocated the id; the policy knows one, and real ids have come from others."""
    known = next((one for one in case.work.cves if one.cve == told.cve), None)
    ours = _plain(policy.advisory.cna)
    if known is None or not ours or not known.by or known.by == policy.cve.cna or ours in _plain(known.by):
        return
    said = f"{known.cve} was allocated by {line(known.by)[:80]}; a CVE Record is written in the name of {policy.advisory.cna}."
    yield Finding("cve.allocated", "odd", said, "C", stops=False)


def _plain(name: str) -> str:
    return "".join(one for one in name.casefold() if one.isalnum())


def _embargo(told: Advisory, now: Instant) -> Iterator[Finding]:
    if told.secret_until is None:
        return
    until = told.secret_until
    if told.published and told.published < until:
        said = f"The advisory says {told.published:%Y-%m-%d}, but the embargo holds until {until:%Y-%m-%d %H:%M}Z."
        yield Finding("embargo.date", "contradiction", said, passable=False)
    said = f"The embargo holds until {until:%Y-%m-%d %H:%M}Z"
    late = ": the date has come, a person must release it." if until <= now else "."
    yield Finding("embargo", "contradiction", said + late, "e", passable=False)


def _dates(told: Advisory, now: Instant) -> Iterator[Finding]:
    """Days are compared as days: notices tell no hours."""
    reported, published, fixed = (one.date() if one else None for one in (told.reported, told.published, told.fixed))
    if published and reported and published < reported:
        said = f"It was public on {published}, before it was reported on {reported}."
        yield Finding("dates.published-before-reported", "odd", said)
    if fixed and reported and fixed < reported:
        yield Finding("dates.fixed-before-reported", "odd", f"It was fixed on {fixed}, before it was reported on {reported}.")
    if fixed and published and fixed > published:
        said = f"It was fixed on {fixed}, after it was public on {published}."
        yield Finding("dates.fixed-after-published", "odd", said, "F")
    for name, day in (("reported", reported), ("published", published), ("fixed", fixed)):
        if day and day > (now + timedelta(days=1)).date() and not told.secret_until:
            yield Finding(f"dates.future:{name}", "contradiction", f"The day '{name}' is {day}, which has not come.")


def _ids(told: Advisory, texts: Sequence[Words]) -> Iterator[Finding]:
    own = {str(one) for one in told.cves}
    places = [
        *of(told),
        *((f"reference {one.url}", one.url) for one in told.references),
        *((one.where, one.text) for one in texts),
    ]
    for where, text in places:
        for found in dict.fromkeys(one.upper() for one in _CVE.findall(text)):
            if found not in own:
                said = f"The {where} names {found}, which is not this issue's id."
                yield Finding(f"cve.other:{found}", "contradiction", said)
    for one in texts:
        if one.announces and told.cve and told.cve not in one.text.upper():
            yield Finding(f"cve.absent:{one.where}", "contradiction", f"The {one.where} does not name {told.cve}.", "D")


def _notice(policy: Policy, told: Advisory, texts: Sequence[Words]) -> Iterator[Finding]:
    """The number has the policy's form, and no text names another one, or another day."""
    form = re.compile(notice_pattern(policy.advisory.notice))
    if told.notice and not form.fullmatch(told.notice):
        like = policy.advisory.notice.format(year=told.reported.year if told.reported else 2026, serial=1)
        yield Finding("notice.form", "contradiction", f"'{told.notice[:60]}' is no number of a notice, such as {like}.")
    if policy.advisory.prefix and told.notice:
        named = re.compile(re.escape(policy.advisory.prefix) + form.pattern)
        for one in texts:
            for found in dict.fromkeys(match.group(0) for match in named.finditer(one.text)):
                if found != told.name:
                    said = f"The {one.where} names {found}; this notice is {told.name}."
                    yield Finding(f"notice.other:{found}", "contradiction", said)
    for one in texts:
        yield from _days(told, one)


def _statements(told: Advisory, texts: Sequence[Words]) -> Iterator[Finding]:
    """What is announced is the advisory's text: whatever of it was changed, or became older than the case, is named."""
    for one in texts:
        said = " ".join(one.text.split())
        other = list(dict.fromkeys(name for name, words in statements(told) if words not in said)) if one.announces else []
        if other:
            more = f" and {len(other) - _NAMED} more" if len(other) > _NAMED else ""
            named = ", ".join(other[:_NAMED]) + more
            sentence = f"The {one.where} does not say what the advisory says: {named}. L drafts it anew."
            yield Finding(f"text.other:{one.where}", "contradiction", sentence, "D")


_NAMED = 4
"""Things that a sentence names; what is beyond them is counted."""


def _days(told: Advisory, one: Words) -> Iterator[Finding]:
    day = told.published or told.secret_until
    for said in one.text.splitlines() if day else ():
        for found in _DAY.findall(said) if _PUBLIC.search(said) else ():
            if day and found != f"{day:%Y-%m-%d}":
                sentence = f"The {one.where} says {found} where it is public since {day:%Y-%m-%d}: '{line(said)[:60]}'."
                yield Finding(f"dates.other:{found}", "contradiction", sentence)


def _versions(told: Advisory) -> Iterator[Finding]:
    for place in told.affected:
        both = sorted(set(place.vulnerable_tags) & set(place.fixed_tags))
        for tag in both:
            said = f"On {place.name}, {tag} is named as vulnerable and as fixed."
            yield Finding(f"versions.both:{place.name}:{tag}", "contradiction", said, "F")
        if place.vulnerable_tags and place.fixed_tags and not both:
            last, first = max(place.vulnerable_tags, key=version_key), min(place.fixed_tags, key=version_key)
            if version_key(first)[:3] < version_key(last)[:3]:
                said = f"On {place.name}, {first} is named as fixed, but the later {last} as vulnerable."
                yield Finding(f"versions.order:{place.name}", "contradiction", said, "F")
        shared = set(place.introduced) & set(place.fixes)
        if shared:
            said = f"On {place.name}, {min(shared)[:12]} is named as the fault and as its fix."
            yield Finding(f"versions.commit:{place.name}", "contradiction", said, "F")


def _states(case: Case, policy: Policy) -> Iterator[Finding]:
    main = case.work.branches.get(main_branch(policy))
    fixed = [one.branch for one in case.work.branches.values() if one.state in ("merged", "released") and not one.owner]
    if main and main.state == "not-affected" and fixed:
        said = f"{main.branch} is recorded as not affected, but {fixed[0]} as fixed: when was {main.branch} fixed?"
        yield Finding("versions.main", "odd", said, "F")
    if case.closed and case.closed.outcome in ("not-security", "out-of-scope", "duplicate"):
        yield Finding("closed", "contradiction", f"The case is closed as {case.closed.outcome}.", "x")


def _severity(policy: Policy, told: Advisory) -> Iterator[Finding]:
    bands = policy.advisory.bands.get(told.severity)
    if told.cvss and bands:
        score = base(told.cvss)
        if score.rating not in bands:
            said = f"The severity is {told.severity}, but CVSS {score.value:.1f} is {score.rating}."
            yield Finding("severity.band", "contradiction", said, "s")
    if told.cwe and not is_weakness(told.cwe):
        yield Finding("cwe.form", "contradiction", f"'{told.cwe[:40]}' is no CWE id, such as CWE-787.")


def _credits(case: Case, told: Advisory, texts: Sequence[Words]) -> Iterator[Finding]:
    """A reporter who wants no credit, or none by name, is named nowhere; one who wants it, where the texts thank."""
    places = [*of(told), *((one.where, one.text) for one in texts)]
    if case.work.fixes:
        places += [("fix's trailers", one) for one in case.work.fixes[-1].trailers]
    places += [("credit for the fix", one.label) for one in told.patchers]
    for report in case.reports:
        if report.credit is not None and not _is_named(report, told):
            for where, text in places:
                if _names(report, text):
                    who = report.reporter.name or report.reporter.address
                    said = f"{who} asked not to be named, and is, in the {where}."
                    yield Finding(f"credits.unwanted:{where}", "contradiction", said, "H")
    for one in told.finders:
        for words in texts:
            if words.announces and one.name and not _has(words.text, one.name):
                said = f"The {words.where} does not thank {one.called}."
                yield Finding(f"credits.absent:{words.where}:{one.called}", "contradiction", said, "D")


def _is_named(report: Report, told: Advisory) -> bool:
    """Some credit of the case names this person, by their own wish or as one of several finders."""
    return any(_names(report, one.label) for one in told.finders if not one.anonymous) and bool(report.credit)


def _names(report: Report, text: str) -> bool:
    who = Person(line(report.reporter.name), line(report.reporter.address))
    return bool((who.name and _has(text, who.name)) or (who.address and _has(text, who.address)))


def _has(text: str, name: str) -> bool:
    pattern = r"(?<!\w)" + re.escape(" ".join(name.split())) + r"(?!\w)"
    return re.search(pattern, " ".join(text.split()), re.IGNORECASE) is not None


def _persons(told: Advisory) -> Iterator[Finding]:
    """An address that is none was published as one."""
    for one in (*told.finders, *told.patchers):
        if "<" in one.name or ">" in one.name:
            said = f"'{one.name[:80]}' is neither a name nor a name with its address: Name <address>."
            yield Finding(f"credits.malformed:{one.name[:200]}", "contradiction", said)


def _links(told: Advisory) -> Iterator[Finding]:
    for one in told.malformed:
        yield Finding(f"references.malformed:{one[:200]}", "contradiction", f"'{one[:80]}' is no web address.")
