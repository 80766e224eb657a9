"""What a policy says of the project's advisories: who publishes them, of what, and what must not be missing (features, D2 D3)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from seccon.core.problems import Problem, nearest
from seccon.core.wording import is_url

Need = Literal[
    "title", "description", "impact", "workaround", "cwe", "cve", "severity", "cvss", "notice", "patchers", "affected", "fixed",
    "branches", "credits", "references", "parties", "bug",
]  # fmt: skip
"""What can be missing from an advisory: the gaps that `gate` names."""


class Product(msgspec.Struct, frozen=True):
    """One thing that the project ships, with the repository that its branches are in."""

    name: str
    repository: str = ""
    """As notices name it."""
    url: str = ""
    """Where everybody can clone it."""
    commits: str = ""
    """What a commit's page begins with; the hash follows."""
    vendor: str = ""
    """Who makes it, as CVE records name them; empty: the publisher."""
    ecosystem: str = ""
    """Its ecosystem in OSV, such as `PyPI`; empty: it is told by its repository alone."""
    package: str = ""
    """Its name in that ecosystem."""
    purl: str = ""


class AdvisoryRule(msgspec.Struct, frozen=True):
    """How the project publishes."""

    publisher: str = ""
    """Who publishes, by name."""
    namespace: str = ""
    """A URL that the publisher owns: identifies them in CSAF."""
    category: Literal["vendor", "coordinator", "discoverer", "user", "other"] = "vendor"
    contact: str = ""
    """Where readers ask."""
    notice: str = "{year}-{serial:04}"
    """The form of a notice's number."""
    prefix: str = ""
    """What stands before the number where people name the notice."""
    page: str = ""
    """The page of a notice: a URL with `{notice}` or `{year}` and `{serial}` in it."""
    xmlns: str = ""
    """The XML namespace of the project's notices; empty: it publishes none in XML."""
    cna: str = ""
    """The short name of the CNA whose ids the project gets."""
    cna_id: str = ""
    """That CNA's organisation id, a UUID: a whole CVE Record bears it."""
    main: str = ""
    """The branch whose fix is *the* fix; empty: the first of the policy."""
    product: tuple[Product, ...] = ()
    trackers: dict[str, str] = msgspec.field(default_factory=dict)
    """Short name of a bug tracker -> what its bugs' URLs begin with."""
    bands: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """Word of the scale -> the ratings of CVSS that agree with it."""
    needs: tuple[Need, ...] = ("title", "description", "cve", "affected", "fixed", "branches", "credits", "references")
    """The gaps that stop an announcement until they are filled, or passed with a written reason."""
    source: str = ""


def page_of(rule: AdvisoryRule, notice: str) -> str:
    """Give the page of a notice."""
    year, _, serial = notice.partition("-")
    return rule.page.replace("{notice}", notice).replace("{year}", year).replace("{serial}", serial)


def notice_pattern(form: str) -> str:
    """Give the regular expression of a notice's number."""
    plain = re.escape(form)
    plain = re.sub(r"\\{serial(?::0([1-9]))?\\}", lambda found: f"[0-9]{{{found.group(1) or 1},9}}", plain)
    return plain.replace(r"\{year\}", "[0-9]{4}")


def next_notice(rule: AdvisoryRule, year: int, taken: Iterable[str]) -> str:
    """Give the number after the highest that is taken, in the year of the report."""
    form = rule.notice.replace("{year}", str(year))
    named = re.compile(re.sub(r"\\{serial(?::0[1-9])?\\}", "([0-9]{1,9})", re.escape(form)))
    known = [int(found.group(1)) for found in map(named.fullmatch, taken) if found]
    return form.format(serial=max(known, default=0) + 1) if _NOTICE.fullmatch(rule.notice) else ""


_NOTICE = re.compile(r"(?:[A-Za-z0-9._#-]|\{(?:year|serial(?::0[1-9])?)\}){1,60}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def advisory_problems(rule: AdvisoryRule, scale: Sequence[str], branches: Sequence[str]) -> Iterator[Problem]:
    """Find what no advisory could be published with, and words and branches that the policy does not know."""
    if not _NOTICE.fullmatch(rule.notice) or "{serial" not in rule.notice:
        said = "must hold {serial}, such as {serial:04}; besides it {year}, letters, digits and .-_#"
        yield Problem("advisory.notice", said)
    if rule.cna_id and not _UUID.fullmatch(rule.cna_id):
        yield Problem("advisory.cna_id", "is no UUID of version 4, in small letters")
    urls = {"namespace": rule.namespace, "page": page_of(rule, "2026-1") if rule.page else ""}
    for place, one in enumerate(rule.product, 1):
        urls |= {f"product[{place}].url": one.url, f"product[{place}].commits": one.commits}
    for key, url in urls.items():
        if url and not is_url(url):
            yield Problem(f"advisory.{key}", f"'{url[:60]}' is no web address")
    for word in rule.bands:
        if word not in scale:
            yield Problem("advisory.bands", f"'{word}' is not on the scale{nearest(word, scale)}")
    if rule.main and rule.main not in branches:
        yield Problem("advisory.main", f"'{rule.main}' is no branch{nearest(rule.main, branches)}")
