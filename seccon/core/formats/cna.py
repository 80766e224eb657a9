"""The container that a CNA publishes at CVE Services (CVE Record Format 5.1; 5.2 takes it too)."""

from typing import Any

from seccon.core.advisory import Advisory, Place
from seccon.core.advisory_rule import Product
from seccon.core.credit import Person
from seccon.core.formats import Lack
from seccon.core.formats.common import as_json, lacks_affected, lacks_words, mark, moment
from seccon.core.scoring import base

_LANG = "en"
_REFERENCE_TAGS = {
    "advisory": ["vendor-advisory"], "fix": ["patch"], "report": ["issue-tracking"], "article": ["technical-description"],
}  # fmt: skip
_WEAKNESS = "CWE-"


def missing(advisory: Advisory) -> tuple[Lack, ...]:
    """Name what the container needs."""
    found = [] if advisory.cve else [Lack("the issue has no CVE id", "C")]
    if not advisory.rule.cna_id:
        found.append(Lack("the policy does not name the CNA's organisation id ([advisory] cna_id)", ""))
    found += lacks_words(advisory, longest_title=256, longest_text=4096) + lacks_affected(advisory)
    if not advisory.references:
        found.append(Lack("there is no reference: a record needs one that the public can open"))
    if advisory.cwe and not is_weakness(advisory.cwe):
        found.append(Lack(f"'{advisory.cwe[:40]}' is no CWE id, such as CWE-787"))
    return tuple(found)


def write(advisory: Advisory) -> str:
    """Write it as JSON."""
    return as_json(cna_container(advisory))


def is_weakness(text: str) -> bool:
    """Say whether this is the id of a weakness, as CVE records write it."""
    number = text.removeprefix(_WEAKNESS)
    return text.startswith(_WEAKNESS) and number.isascii() and number.isdigit() and number[0] != "0" and len(number) <= 5


def cna_container(advisory: Advisory) -> dict[str, Any]:
    """Give the container `cna`; call it only where `missing` names nothing."""
    rule = advisory.rule
    provider = {"orgId": rule.cna_id} | ({"shortName": rule.cna} if rule.cna else {})
    impact = f"\n\n{advisory.impact}" if advisory.impact else ""
    described = advisory.description + impact
    container: dict[str, Any] = {
        "providerMetadata": provider,
        "title": advisory.title,
        "descriptions": _said(described if len(described) <= 4096 else advisory.description),
        "affected": [one for product in advisory.products for one in _affected(advisory, product)],
        "references": [_reference(one.url, _REFERENCE_TAGS.get(one.kind, [])) for one in advisory.references],
    }
    optional = {
        "datePublic": moment(advisory.published) if advisory.published and not advisory.draft else None,
        "problemTypes": _problem_types(advisory),
        "metrics": _metrics(advisory),
        "impacts": [{"descriptions": _said(advisory.impact)}] if advisory.impact else None,
        "workarounds": _said(advisory.workaround) if advisory.workaround else None,
        "timeline": _timeline(advisory),
        "credits": _credits(advisory),
        "x_draft": mark(advisory) if advisory.draft else None,
    }
    return container | {key: value for key, value in optional.items() if value}


def _said(text: str) -> list[dict[str, str]]:
    return [{"lang": _LANG, "value": text}]


def _reference(url: str, tags: list[str]) -> dict[str, Any]:
    return {"url": url} | ({"tags": tags} if tags else {})


def _affected(advisory: Advisory, product: Product) -> list[dict[str, Any]]:
    """Give a product twice, as the schema wants it: by its commits, and by its tags."""
    places = advisory.of(product)
    named = {"vendor": product.vendor or advisory.rule.publisher or product.name, "product": product.name}
    repo = {"repo": product.url} if product.url else {}
    found = []
    for versions in (_commits(places), _tags(places)):
        if versions:
            found.append({**named, **repo, "defaultStatus": "unaffected", "versions": versions})
    return found


def _commits(places: tuple[Place, ...]) -> list[dict[str, Any]]:
    """Give each branch's ranges: from each commit that brought the fault, to the last of those that mend it.

    A branch without a fix has no range beside those that end: `lessThan: *` would make the fixes of the others void.
    """
    mended = [one for one in places if one.fixes]
    ranges = [
        {"version": start, "lessThan": place.fixes[-1] if place.fixes else "*", "status": "affected", "versionType": "git"}
        for place in mended or places
        if place.introduced or place.fixes
        for start in place.introduced or ("0",)
    ]
    return _unique(ranges)


def _tags(places: tuple[Place, ...]) -> list[dict[str, Any]]:
    """Give each tag with its state; one that two branches tell differently of is affected."""
    broken = [tag for place in places for tag in place.vulnerable_tags]
    mended = [tag for place in places for tag in place.fixed_tags if tag not in broken]
    return _unique(
        [{"version": tag, "status": "affected"} for tag in broken] + [{"version": tag, "status": "unaffected"} for tag in mended]
    )


def _unique(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for at, one in enumerate(given) if one not in given[:at]]


def _problem_types(advisory: Advisory) -> list[dict[str, Any]]:
    if not advisory.cwe:
        return []
    said = f"{advisory.cwe} {advisory.cwe_name}".strip()
    return [{"descriptions": [{"lang": _LANG, "description": said, "cweId": advisory.cwe, "type": "CWE"}]}]


def _metrics(advisory: Advisory) -> list[dict[str, Any]]:
    """Give the base score, and the project's own word for it."""
    found: list[dict[str, Any]] = []
    if advisory.cvss:
        score = base(advisory.cvss)
        name = "cvssV4_0" if score.version == "4.0" else "cvssV3_1"
        value = {"version": score.version, "vectorString": score.vector, "baseScore": score.value}
        found.append({"format": "CVSS", name: {**value, "baseSeverity": score.rating.upper()}})
    if advisory.severity:
        content = {
            "value": advisory.severity,
            "namespace": advisory.rule.namespace or advisory.rule.publisher or advisory.project,
        }
        found.append({"other": {"type": f"{advisory.products[0].name} severity rating"[:128], "content": content}})
    return found


def _timeline(advisory: Advisory) -> list[dict[str, str]]:
    """Give the days of the case; a draft tells none that has not come."""
    days = [(advisory.reported, "Reported to the project"), (advisory.fixed, "Fixed in the main branch")]
    if not advisory.draft:
        days.append((advisory.published, "Made public"))
    known = sorted((day, said) for day, said in days if day)
    return [{"time": moment(day), "lang": _LANG, "value": f"{said}."} for day, said in known]


def _credits(advisory: Advisory) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for persons, role in (
        (advisory.finders, "finder"),
        (advisory.patchers, "remediation developer"),
        (advisory.reviewers, "remediation reviewer"),
        (advisory.testers, "remediation verifier"),
    ):
        found += [_credit(one, role) for one in persons]
    return _unique(found)


def _credit(person: Person, role: str) -> dict[str, str]:
    return {"lang": _LANG, "value": person.label[:4096], "type": role}
