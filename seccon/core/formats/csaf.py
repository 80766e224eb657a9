"""The advisory as CSAF 2.0, profile *security advisory*: product tree, status of each version, remediations."""

import re
from typing import Any

import msgspec

from seccon.core.advisory import Advisory, Place
from seccon.core.advisory_rule import Product
from seccon.core.credit import Person
from seccon.core.formats import Lack
from seccon.core.formats.cna import is_weakness
from seccon.core.formats.common import as_json, lacks_affected, lacks_words, mark, moment
from seccon.core.scoring import base

_RANGE = re.compile(r"[<>]|\b(?:after|all|before|earlier|later|prior|versions)\b|^vers:", re.IGNORECASE)
"""What makes a version a range (mandatory test 6.1.31)."""


class Version(msgspec.Struct, frozen=True):
    """One version in the product tree, and how it stands."""

    id: str
    product: str
    name: str
    status: str


def missing(advisory: Advisory) -> tuple[Lack, ...]:
    """Name what it needs."""
    rule = advisory.rule
    found = [
        Lack(f"the policy names no {name} ([advisory] {name})", "")
        for name in ("publisher", "namespace")
        if not getattr(rule, name)
    ]
    found += lacks_words(advisory) + lacks_affected(advisory)
    if not advisory.published and not advisory.draft:
        found.append(Lack("it is not published: no announcement, no release of an embargo", "L"))
    if advisory.cwe and not is_weakness(advisory.cwe):
        found.append(Lack(f"'{advisory.cwe[:40]}' is no CWE id, such as CWE-787"))
    names = [one.name for one in versions(advisory)]
    found += [Lack(f"'{name[:60]}' reads as a range, not as a version", "F") for name in names if _RANGE.search(name)]
    return tuple(found)


def write(advisory: Advisory) -> str:
    """Write it as JSON."""
    return as_json(csaf(advisory), sort=True)


def csaf(advisory: Advisory) -> dict[str, Any]:
    """Give the document; call it only where `missing` names nothing."""
    known = versions(advisory)
    return {
        "document": _document(advisory),
        "product_tree": {
            "branches": [_vendor(advisory, product, known) for product in advisory.products if advisory.of(product)]
        },
        "vulnerabilities": [_vulnerability(advisory, cve, known) for cve in advisory.cves or ("",)],
    }


def versions(advisory: Advisory) -> tuple[Version, ...]:
    """Give every version once. A branch without tags is told by its commits; what is affected anywhere is affected."""
    found: dict[tuple[str, str], str] = {}
    for status in ("known_affected", "fixed", "known_not_affected"):
        for place in advisory.places:
            for name in _names(place, status):
                found.setdefault((place.product, name), status)
    return tuple(Version(f"CSAFPID-{at:04}", *key, status) for at, (key, status) in enumerate(found.items(), 1))


def _names(place: Place, status: str) -> tuple[str, ...]:
    if status == "known_not_affected":
        return () if place.affected else (place.name,)
    if not place.affected or not place.told:
        return ()
    if status == "known_affected":
        return place.vulnerable_tags or tuple(f"{place.name}@{one}" for one in place.introduced[:1])
    return place.fixed_tags or tuple(f"{place.name}@{one}" for one in place.fixes[-1:])


def _document(advisory: Advisory) -> dict[str, Any]:
    rule = advisory.rule
    publisher = {"category": rule.category, "name": rule.publisher, "namespace": rule.namespace}
    if rule.contact:
        publisher["contact_details"] = rule.contact
    document: dict[str, Any] = {
        "category": "csaf_security_advisory",
        "csaf_version": "2.0",
        "title": advisory.title,
        "lang": "en",
        "publisher": publisher,
        "distribution": {"tlp": {"label": "RED" if advisory.draft else "WHITE"}},
        "tracking": _tracking(advisory),
        "notes": [{"category": "summary", "title": "Summary", "text": advisory.title}],
    }
    if advisory.draft:
        document["distribution"]["text"] = mark(advisory)
    if advisory.severity:
        document["aggregate_severity"] = {"text": advisory.severity}
    thanks = [_thanks(one, "reported the issue") for one in advisory.finders]
    thanks += [_thanks(one, "wrote the fix") for one in advisory.patchers]
    if thanks:
        document["acknowledgments"] = _unique(thanks)
    if advisory.references:
        document["references"] = [{"category": "external", "summary": one.kind, "url": one.url} for one in advisory.references]
    return document


def _tracking(advisory: Advisory) -> dict[str, Any]:
    """Give the history: a draft is version 0; each time the words were changed after publication is a version."""
    days = [advisory.published or advisory.modified, *advisory.revised]
    if advisory.draft:
        history = [{"date": moment(advisory.modified), "number": "0", "summary": mark(advisory)}]
    else:
        history = [
            {"date": moment(day), "number": str(at), "summary": "Published." if at == 1 else "Changed."}
            for at, day in enumerate(days, 1)
        ]
    return {
        "id": advisory.name,
        "status": "draft" if advisory.draft else "final",
        "version": history[-1]["number"],
        "initial_release_date": history[0]["date"],
        "current_release_date": history[-1]["date"],
        "revision_history": history,
    }


def _thanks(person: Person, what: str) -> dict[str, Any]:
    if person.anonymous:
        return {"summary": f"{person.label} {what}"}
    address = f" ({person.address})" if person.name and person.address else ""
    return {"names": [person.called], "summary": f"{what}{address}"}


def _vendor(advisory: Advisory, product: Product, known: tuple[Version, ...]) -> dict[str, Any]:
    """Give vendor, product, version: a branch of each, as the tree wants it."""
    leaves = [
        {
            "category": "product_version",
            "name": one.name,
            "product": {"name": f"{product.name} {one.name}", "product_id": one.id},
        }
        for one in known
        if one.product == product.name
    ]
    vendor = product.vendor or advisory.rule.publisher
    return {
        "category": "vendor",
        "name": vendor,
        "branches": [{"category": "product_name", "name": product.name, "branches": leaves}],
    }


def _vulnerability(advisory: Advisory, cve: str, known: tuple[Version, ...]) -> dict[str, Any]:
    status: dict[str, list[str]] = {}
    for one in known:
        status.setdefault(one.status, []).append(one.id)
    affected = status.get("known_affected", [])
    found: dict[str, Any] = {"title": advisory.title, "notes": _notes(advisory), "product_status": status}
    found |= {"cve": cve} if cve else {"ids": [{"system_name": advisory.rule.publisher, "text": advisory.name}]}
    if cve == (advisory.cve or "") and advisory.cwe and advisory.cwe_name:
        found["cwe"] = {"id": advisory.cwe, "name": advisory.cwe_name}
    if affected:
        found["remediations"] = _remediations(advisory, known, affected)
        scores = _scores(advisory, affected) if cve == (advisory.cve or "") else []
        found |= {"scores": scores} if scores else {}
    return found


def _notes(advisory: Advisory) -> list[dict[str, str]]:
    found = [{"category": "description", "title": "Description", "text": advisory.description}]
    if advisory.impact:
        found.append({"category": "details", "title": "Impact", "text": advisory.impact})
    if advisory.cvss.startswith("CVSS:4"):
        found.append({"category": "other", "title": "CVSS 4.0", "text": base(advisory.cvss).vector})
    return found


def _remediations(advisory: Advisory, known: tuple[Version, ...], affected: list[str]) -> list[dict[str, Any]]:
    fixed = [one.name for one in known if one.status == "fixed"]
    if fixed:
        found = [{"category": "vendor_fix", "details": f"Fixed in {', '.join(fixed)}.", "product_ids": affected}]
    else:
        found = [{"category": "none_available", "details": "No fix is available yet.", "product_ids": affected}]
    if advisory.workaround:
        found.append({"category": "workaround", "details": advisory.workaround, "product_ids": affected})
    return found


def _scores(advisory: Advisory, affected: list[str]) -> list[dict[str, Any]]:
    """Give the base score of CVSS 3.1; version 4 has no place in CSAF 2.0, and is told in a note."""
    if not advisory.cvss.startswith("CVSS:3"):
        return []
    score = base(advisory.cvss)
    value = {
        "version": score.version,
        "vectorString": score.vector,
        "baseScore": score.value,
        "baseSeverity": score.rating.upper(),
    }
    return [{"products": affected, "cvss_v3": value}]


def _unique(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for at, one in enumerate(given) if one not in given[:at]]
