"""The words of an announcement, out of the advisory: nothing of any mail, and nobody named but as they asked for it (D1 D4).

What is sent is the advisory's text form, which `seccon export` writes too: there is no second one that could disagree (D3).
"""

from collections.abc import Iterable

from seccon.core.advisory import Advisory, Place, advisory
from seccon.core.case import Case
from seccon.core.formats import text
from seccon.core.letter import clean_line
from seccon.core.policy import Policy
from seccon.core.wording import paragraphs

_BLANK = "<<what it is, in a line>>"


def subject(case: Case, policy: Policy) -> str:
    """Give the subject: the id, and the advisory's title; without words nothing is made up."""
    told = advisory(case, policy)
    return clean_line(": ".join(filter(None, (told.cve, told.title or "security issue"))), 200)


def body(told: Advisory) -> str:
    """Give the text form, whole; what it lacks stands in it as blanks to be filled."""
    lacks = text.missing(told)
    return "".join(f"<<{one}>>\n" for one in lacks) if lacks else text.write(told)


def frame(told: Advisory, policy: Policy, team: str) -> dict[str, object]:
    """Give what may stand around it: a greeting, who writes, by what process. The advisory's own words are not among it."""
    return {
        "cve": told.cve or "",
        "notice": told.name if told.notice else "",
        "team": team,
        "process": policy.title,
        "source": policy.source,
    }


def occasion(case: Case, policy: Policy, team: str) -> dict[str, object]:
    """Give what the text of an upstream bug may name; paragraphs and lists line by line, so that they stay apart."""
    told = advisory(case, policy)
    return {
        "title": told.title or _BLANK,
        "cve": told.cve or "",
        "notice": told.name if told.notice else "",
        "severity": told.severity,
        "cvss": told.cvss,
        "cwe": f"{told.cwe} {told.cwe_name}".strip(),
        "summary": _paragraphs(told.description) or ("<<what is wrong, and where>>",),
        "impact": _paragraphs(told.impact) or ("<<what somebody can do with it>>",),
        "workaround": _paragraphs(told.workaround) or (("There is none.",) if told.no_workaround else ()),
        "affected": tuple(_affected(told)),
        "fixed": tuple(_fixed(told)),
        "credits": _names(one.label for one in told.finders),
        "patchers": _names(one.label for one in told.patchers),
        "references": tuple(dict.fromkeys((*(one.url for one in told.references), *_record(told)))),
        "team": team,
        "process": policy.title,
        "source": policy.source,
    }


def _names(some: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clean_line(one, 200) for one in some))


def _paragraphs(text: str) -> tuple[str, ...]:
    """Give paragraphs and items of lists, each as one line."""
    return tuple(one for part in paragraphs(text) for one in part)


def _affected(told: Advisory) -> Iterable[str]:
    for one in told.places:
        if not one.affected:
            yield f"{_name(one, told)}: not affected"
        elif one.vulnerable_tags:
            last = f" to {one.vulnerable_tags[-1]}" if len(one.vulnerable_tags) > 1 else ""
            yield f"{_name(one, told)}: {one.vulnerable_tags[0]}{last}"


def _fixed(told: Advisory) -> Iterable[str]:
    for one in told.places:
        since = f" (first in {one.fixed_tags[0]})" if one.fixed_tags else ""
        if one.fixes or since:
            yield f"{_name(one, told)}: {', '.join(one.fixes)}{since}"


def _name(one: Place, told: Advisory) -> str:
    return f"{one.product} {one.name}" if len(told.products) > 1 else one.name


def _record(told: Advisory) -> Iterable[str]:
    return (f"https://www.cve.org/CVERecord?id={one}" for one in told.cves)
