"""The advisory as plain text, for mailing lists: strangers' words stand indented, so none of them can be taken for a heading."""

import textwrap
from collections.abc import Iterable, Iterator

from seccon.core.advisory import Advisory, Place
from seccon.core.formats import Lack
from seccon.core.formats.common import lacks_words, mark
from seccon.core.scoring import base
from seccon.core.wording import ITEM, paragraphs

_WIDTH = 72
_LABEL = 13


def missing(advisory: Advisory) -> tuple[Lack, ...]:
    """Name what it needs: only words."""
    return tuple(lacks_words(advisory))


def write(advisory: Advisory) -> str:
    """Write it."""
    lines = [f"*** {mark(advisory)} ***", ""] if advisory.draft else []
    lines += _heading(advisory)
    for title, text in sections(advisory):
        lines += ["", title, "-" * len(title), "", *_indented(text)]
    lines += _affected(advisory) + _references(advisory)
    return "\n".join(lines) + "\n"


def sections(advisory: Advisory) -> list[tuple[str, str]]:
    """Give the parts that are prose, by their titles."""
    workaround = "No workaround is known." if advisory.no_workaround else advisory.workaround
    found = (("Description", advisory.description), ("Impact", advisory.impact), ("Workaround", workaround))
    return [(title, text) for title, text in found if text]


def facts(advisory: Advisory) -> list[tuple[str, str]]:
    """Give what stands at its head: label and value; a value may be several, with a line each."""
    days = (("Reported", advisory.reported), ("Published", advisory.published), ("Fixed", advisory.fixed))
    found = [
        ("Notice", advisory.name if advisory.notice else ""),
        ("CVE", ", ".join(advisory.cves)),
        ("Bugs", ", ".join(f"{tracker} #{number}" for tracker, number in advisory.bugs)),
        ("Severity", _severity(advisory)),
        ("Weakness", f"{advisory.cwe} {advisory.cwe_name}".strip()),
        *((label, f"{day:%Y-%m-%d}" if day else "") for label, day in days if not (advisory.draft and label == "Published")),
        ("Reported by", "\n".join(one.label for one in advisory.finders)),
        ("Patched by", "\n".join(one.label for one in advisory.patchers)),
    ]
    return [(label, value) for label, value in found if value]


def ranges(place: Place) -> list[tuple[str, tuple[str, ...]]]:
    """Give what is told of a branch: label and names."""
    found = (
        ("Broken in", place.vulnerable_tags),
        ("Broken by", place.introduced),
        ("Fixed in", place.fixed_tags),
        ("Fixed by", place.fixes),
    )
    return [(label, names) for label, names in found if names]


def statements(advisory: Advisory) -> Iterator[tuple[str, str]]:
    """Give each thing that the text states, with single blanks: its name, and the words as they stand one after the other.

    Not among them is what a later moment adds: the day of publication, and the links to what was published.
    """
    yield "summary", _single(advisory.title)
    for label, value in facts(advisory):
        if label != "Published":
            yield from ((label.casefold(), _single(one)) for one in value.split("\n"))
    for title, text in sections(advisory):
        yield from ((title.casefold(), _single(one)) for part in paragraphs(text) for one in part)
    for place in advisory.affected:
        told = " ".join(f"{label}: {', '.join(names)}" for label, names in ranges(place))
        yield f"branch {place.name}", f"Branch {place.name} {told}"


def _single(text: str) -> str:
    return " ".join(text.split())


def _severity(advisory: Advisory) -> str:
    score = base(advisory.cvss) if advisory.cvss else None
    said = f"CVSS {score.version} {score.value:.1f} {score.rating}, {score.vector}" if score else ""
    return f"{advisory.severity} ({said})" if advisory.severity and said else advisory.severity or said


def _heading(advisory: Advisory) -> list[str]:
    who = advisory.rule.publisher or advisory.project
    title = f"{who}: security notice {advisory.name}"
    lines = [title, "=" * len(title), "", *_labelled("Summary", advisory.title)]
    for label, value in facts(advisory):
        lines += _labelled(label, value)
    return lines


def _labelled(label: str, value: str) -> list[str]:
    first, *others = value.split("\n")
    shown = textwrap.wrap(
        first,
        _WIDTH,
        initial_indent=f"{label + ':':<{_LABEL}}",
        subsequent_indent=" " * _LABEL,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [*shown, *(" " * _LABEL + one for one in others)]


def _indented(text: str) -> list[str]:
    return "\n\n".join("\n".join(map(_filled, one)) for one in paragraphs(text)).split("\n")


def _filled(one: str) -> str:
    item = ITEM.match(one)
    hang = " " * len(item[0]) if item else ""
    return textwrap.fill(
        one, _WIDTH, initial_indent="  ", subsequent_indent=f"  {hang}", break_long_words=False, break_on_hyphens=False
    )


def _affected(advisory: Advisory) -> list[str]:
    lines: list[str] = []
    for product in advisory.products:
        places = advisory.of(product)
        if not places:
            continue
        title = f"Affected: {product.name}"
        lines += ["", title, "-" * len(title), ""]
        where = product.url or product.repository
        lines += [f"  Repository: {where}", ""] if where else []
        for place in places:
            lines += [f"  Branch {place.name}", *_ranges(ranges(place)), ""]
    return lines[:-1]


def _ranges(found: Iterable[tuple[str, tuple[str, ...]]]) -> list[str]:
    return [
        line
        for label, names in found
        for line in textwrap.wrap(
            ", ".join(names),
            _WIDTH,
            initial_indent=f"    {label}: ",
            subsequent_indent=" " * 15,
            break_long_words=False,
            break_on_hyphens=False,
        )
    ]


def _references(advisory: Advisory) -> list[str]:
    lines = ["", "References", "----------", "", *(f"  {one.url}" for one in advisory.references)] if advisory.references else []
    return [*lines, "", f"Contact: {advisory.rule.contact}"] if advisory.rule.contact else lines
