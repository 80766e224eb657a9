"""The advisory as OSV: ranges of commits and lists of tags (Open Source Vulnerability format, 1.7)."""

import re
from typing import Any

from seccon.core.advisory import Advisory, Place
from seccon.core.advisory_rule import Product
from seccon.core.credit import Person
from seccon.core.formats import Lack
from seccon.core.formats.common import as_json, lacks_affected, lacks_words, mark, moment
from seccon.core.formats.markdown import prose
from seccon.core.formats.text import sections
from seccon.core.scoring import score

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_TYPES = {"advisory": "ADVISORY", "fix": "FIX", "report": "REPORT", "article": "ARTICLE"}
_VERSION = "1.7.0"


def missing(advisory: Advisory) -> tuple[Lack, ...]:
    """Name what it needs. Its id is the CVE id: the prefixes of projects' own numbers are registered, and may be another's."""
    found = [] if advisory.cve else [Lack("the issue has no CVE id, which is its id in OSV", "C")]
    found += lacks_words(advisory) + lacks_affected(advisory)
    for product in advisory.products:
        commits = [one for place in advisory.of(product) for one in (*place.introduced, *place.fixes)]
        found += [Lack(f"'{one[:60]}' is no whole commit hash", "F") for one in commits if not _COMMIT.fullmatch(one)]
        if commits and not product.url:
            found.append(Lack(f"the policy does not name the repository of {product.name} ([[advisory.product]] url)", ""))
    return tuple(dict.fromkeys(found))


def write(advisory: Advisory) -> str:
    """Write it as JSON."""
    return as_json(osv(advisory))


def osv(advisory: Advisory) -> dict[str, Any]:
    """Give the entry; call it only where `missing` names nothing."""
    entry: dict[str, Any] = {
        "schema_version": _VERSION,
        "id": str(advisory.cve),
        "modified": moment(advisory.modified),
        "summary": advisory.title,
        "details": "\n\n".join(f"## {title}\n\n{prose(text)}" for title, text in sections(advisory)),
        "affected": [_affected(product, advisory.of(product)) for product in advisory.products if advisory.of(product)],
    }
    optional = {
        "published": moment(advisory.published) if advisory.published and not advisory.draft else None,
        "related": list(advisory.also),
        "severity": _severity(advisory),
        "references": [{"type": _TYPES.get(one.kind, "WEB"), "url": one.url} for one in advisory.references],
        "credits": _credits(advisory),
        "database_specific": _about(advisory),
    }
    return entry | {key: value for key, value in optional.items() if value}


def _affected(product: Product, places: tuple[Place, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if product.ecosystem:
        found["package"] = {"ecosystem": product.ecosystem, "name": product.package or product.name}
        found["package"] |= {"purl": product.purl} if product.purl else {}
    events = _events(places)
    if events:
        found["ranges"] = [{"type": "GIT", "repo": product.url, "events": events}]
    tags = list(dict.fromkeys(tag for place in places for tag in place.vulnerable_tags))
    return found | ({"versions": tags} if tags else {})


def _events(places: tuple[Place, ...]) -> list[dict[str, str]]:
    """Give where the fault came in, and the last commit of each branch's fix: only with all of them it is gone."""
    introduced = dict.fromkeys(one for place in places for one in place.introduced)
    fixed = dict.fromkeys(place.fixes[-1] for place in places if place.fixes)
    if not (introduced or fixed):
        return []
    return [*({"introduced": one} for one in introduced or ("0",)), *({"fixed": one} for one in fixed)]


def _severity(advisory: Advisory) -> list[dict[str, str]]:
    if not advisory.cvss:
        return []
    found = score(advisory.cvss)
    return [{"type": "CVSS_V4" if found.version == "4.0" else "CVSS_V3", "score": found.vector}]


def _credits(advisory: Advisory) -> list[dict[str, Any]]:
    roles = (
        (advisory.finders, "FINDER"),
        (advisory.patchers, "REMEDIATION_DEVELOPER"),
        (advisory.reviewers, "REMEDIATION_REVIEWER"),
        (advisory.testers, "REMEDIATION_VERIFIER"),
    )
    return [_credit(one, role) for persons, role in roles for one in persons]


def _credit(person: Person, role: str) -> dict[str, Any]:
    return {"name": person.called, "type": role} | ({"contact": [f"mailto:{person.address}"]} if person.address else {})


def _about(advisory: Advisory) -> dict[str, Any]:
    found = {"severity": advisory.severity, "notice": advisory.name if advisory.notice else ""}
    found |= {"cwe_ids": [advisory.cwe]} if advisory.cwe else {}  # type: ignore[dict-item]
    found |= {"draft": mark(advisory)} if advisory.draft else {}
    return {key: value for key, value in found.items() if value}
