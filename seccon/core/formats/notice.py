"""The security notice in XML: id, words, credits, days, references, and per branch the commits and tags (its docs/schema.txt)."""

import re
import xml.etree.ElementTree as ET  # written, never read: nothing of a stranger's is parsed

from seccon.core.advisory import Advisory, Place
from seccon.core.advisory_rule import Product
from seccon.core.credit import Person
from seccon.core.formats import Lack
from seccon.core.formats.common import lacks_affected, lacks_words, mark

_ID = re.compile(r"[0-9]{4}-[0-9]{4}")


def missing(advisory: Advisory) -> tuple[Lack, ...]:
    """Name what it needs."""
    found = [] if advisory.rule.xmlns else [Lack("the policy names no XML namespace for notices ([advisory] xmlns)", "")]
    if not _ID.fullmatch(advisory.notice):
        found.append(Lack("the notice has no number of twice four digits, such as 2026-0003"))
    found += lacks_words(advisory) + lacks_affected(advisory)
    if not advisory.published and not advisory.draft:
        found.append(Lack("it is not published: no announcement, no release of an embargo", "L"))
    return tuple(found)


def write(advisory: Advisory) -> str:
    """Write it as XML."""
    root = ET.Element("security-notice", {"xmlns": advisory.rule.xmlns})
    if advisory.draft:
        root.append(ET.Comment(f" {mark(advisory)} "))
    _put(root, "id", advisory.notice)
    _put(root, "summary", advisory.title)
    workaround = "No workaround is known." if advisory.no_workaround else advisory.workaround
    for name, text in (("description", advisory.description), ("impact", advisory.impact), ("workaround", workaround)):
        if text:
            _put(root, name, text)
    _credits(root, advisory)
    _lifecycle(root, advisory)
    _references(root, advisory)
    for product in advisory.products:
        if advisory.of(product):
            _product(root, product, advisory.of(product))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _put(parent: ET.Element, name: str, text: str = "", attributes: dict[str, str] | None = None) -> ET.Element:
    element = ET.SubElement(parent, name, attributes or {})
    element.text = text or None
    return element


def _credits(root: ET.Element, advisory: Advisory) -> None:
    named = [("reporter", one) for one in advisory.finders] + [("patcher", one) for one in advisory.patchers]
    if named:
        parent = _put(root, "credits")
        for role, person in named:
            _person(_put(parent, role), person)


def _person(parent: ET.Element, person: Person) -> None:
    if person.name or not person.address:
        _put(parent, "name", person.name or person.label)
    if person.address:
        _put(parent, "email", person.address)


def _lifecycle(root: ET.Element, advisory: Advisory) -> None:
    published = None if advisory.draft else advisory.published
    days = [("reported", advisory.reported), ("published", published), ("fixed", advisory.fixed)]
    parent = _put(root, "lifecycle") if any(day for _, day in days) else root
    for name, day in days:
        if day:
            _put(parent, name, f"{day:%Y%m%d}")


def _references(root: ET.Element, advisory: Advisory) -> None:
    """CVE ids and bugs: the only references that the form has a place for."""
    if not (advisory.cves or advisory.bugs):
        return
    parent = _put(root, "reference")
    for one in advisory.cves:
        _put(parent, "advisory", attributes={"type": "CVE", "id": one.removeprefix("CVE-")})
    for tracker, number in advisory.bugs:
        _put(parent, "bug", attributes={"tracker": tracker, "id": number})


def _product(root: ET.Element, product: Product, places: tuple[Place, ...]) -> None:
    parent = _put(root, "product", attributes={"name": product.name})
    _put(parent, "repository", product.repository or product.url or product.name)
    for place in places:
        branch = _put(parent, "branch")
        _put(branch, "name", place.name)
        for state, tags, changes in (
            ("vulnerable", place.vulnerable_tags, place.introduced),
            ("fixed", place.fixed_tags, place.fixes),
        ):
            for tag in tags:
                _put(branch, "tag", tag, {"state": state})
            for change in changes:
                _put(branch, "change", change, {"state": state})
