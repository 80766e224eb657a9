"""The advisory as Markdown (CommonMark, and GitHub's). Every word of ours and others' is escaped: no text can break out."""

import re
from collections.abc import Sequence

from seccon.core.advisory import Advisory
from seccon.core.formats import Lack
from seccon.core.formats.common import lacks_words, mark
from seccon.core.formats.text import facts, ranges, sections
from seccon.core.wording import ITEM, clean, paragraphs

_EVERYWHERE = re.compile(r"([\\`*_\[\]<>#&|~$^{}!@])")
_ENUMERATED = re.compile(r"^([0-9]{1,9})([.)])", re.MULTILINE)
_LINKED = re.compile(r"(?i)(?<=\b[a-z])(:)(?=//)|(?<=www)(\.)|(?<=\w)(:)(?=//)|(?<=mailto)(:)|(?<=xmpp)(:)")


def missing(advisory: Advisory) -> tuple[Lack, ...]:
    """Name what it needs: only words."""
    return tuple(lacks_words(advisory))


def write(advisory: Advisory) -> str:
    """Write it."""
    lines = [f"**{escaped(mark(advisory))}**", ""] if advisory.draft else []
    lines += [f"# {escaped(advisory.name)}: {escaped(advisory.title)}", ""]
    for label, value in facts(advisory):
        lines.append(f"* **{label}:** {escaped(value.replace(chr(10), ', '))}")
    for title, text in sections(advisory):
        lines += ["", f"## {title}", "", prose(text)]
    lines += _affected(advisory)
    if advisory.references:
        lines += ["", "## References", "", *(f"* <{one.url}>" for one in advisory.references)]
    if advisory.rule.contact:
        lines += ["", f"Contact: {escaped(advisory.rule.contact)}"]
    return "\n".join(lines) + "\n"


def prose(text: str) -> str:
    """Give paragraphs and lists, escaped: no more of the text's own marks than those of its items take effect."""
    return "\n\n".join(_paragraph(one) for one in paragraphs(text))


def _paragraph(lines: Sequence[str]) -> str:
    return "\n".join(map(_line, lines)).rstrip("\n")


def _line(one: str) -> str:
    item = ITEM.match(one)
    if item is None:
        return f"{escaped(one)}\n"
    return f"{item[1] if item[1][0].isdigit() else '*'} {escaped(one[item.end() :])}"


def escaped(text: str) -> str:
    """Give one line of text that Markdown shows as it is: no markup, no link, no list, no heading begins in it."""
    safe = _EVERYWHERE.sub(r"\\\1", " ".join(clean(text).split()))
    safe = _ENUMERATED.sub(r"\1\\\2", safe)
    safe = re.sub(r"^([-+=])", r"\\\1", safe)
    return _LINKED.sub(lambda found: "\\" + found.group(0), safe)


def _affected(advisory: Advisory) -> list[str]:
    lines: list[str] = []
    for product in advisory.products:
        places = advisory.of(product)
        if not places:
            continue
        lines += ["", f"## Affected: {escaped(product.name)}", ""]
        if product.url:
            lines += [f"Repository: <{product.url}>", ""]
        for place in places:
            lines.append(f"* branch {escaped(place.name)}")
            lines += [f"  * {label.casefold()}: {escaped(', '.join(names))}" for label, names in ranges(place)]
    return lines
