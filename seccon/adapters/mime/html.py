"""HTML to text that can be read and judged: links are written out, nothing is fetched, nothing is hidden by style.

What would keep the library's parser busy (tags that never end, stray signs, deep nesting) is made plain before it sees it.
"""

import re

from seccon.adapters.mime.bounds import MAX_TEXT, Bounds

_MAX_TAGS = 15_000
_MAX_DEPTH = 60
_MARK = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,19})((?:[\s/][^<>]{0,4000})?)>|[<&]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_TAG = re.compile(r"<[^<>]{0,4000}>")
_NEST = frozenset(("ul", "ol", "dl", "blockquote", "table", "pre", "a", "div", "span", "b", "i", "em", "strong", "font", "q"))
_MODES = frozenset(("style", "script", "head", "title", "textarea", "xmp", "plaintext", "noscript", "template", "select"))
"""Elements that switch the parser's mode: their tags go, so that nothing they hold can hide."""
_UNSEEN = tuple(
    (re.compile(rf"<{name}(?:[\s/][^<>]{{0,4000}})?>", re.IGNORECASE), re.compile(rf"</{name}\s*>", re.IGNORECASE))
    for name in ("style", "script", "title")
)
"""Elements whose text no program shows."""


def html_text(html: str, bounds: Bounds) -> str:
    """Give the text of an HTML part. What is built to keep a parser busy is only stripped of its tags, and that is said."""
    plain = _tamed(_seen(_uncommented(html)))
    if plain is None or not bounds.in_time():
        bounds.warn("broken-html", "An HTML part is not built as mail is; it is shown without its tags.")
        return _TAG.sub(" ", html)
    import html2text

    reader = html2text.HTML2Text(bodywidth=0)
    reader.images_to_alt = True
    reader.protect_links = True
    reader.ignore_emphasis = True
    reader.single_line_break = True
    reader.skip_internal_links = False
    reader.unicode_snob = True
    try:
        found = str(reader.handle(plain))
    except (ValueError, IndexError, KeyError, AttributeError, TypeError, AssertionError, RecursionError):
        bounds.warn("broken-html", "An HTML part could not be understood; it is shown without its tags.")
        return _TAG.sub(" ", html)
    if len(found) > MAX_TEXT:
        bounds.cut("long-html", "An HTML part is longer than what is shown of it.")
    return found[:MAX_TEXT].strip("\n") + "\n"


def _uncommented(html: str) -> str:
    """Take comments out; what looks like one and never ends stays."""
    out: list[str] = []
    at = 0
    while (begin := html.find("<!--", at)) >= 0 and (end := html.find("-->", begin)) >= 0:
        out.append(html[at:begin])
        at = end + 3
    return "".join([*out, html[at:]])


def _seen(html: str) -> str:
    """Take out what no program shows; an element of that kind that never ends stays."""
    for opening, ending in _UNSEEN:
        out: list[str] = []
        at = 0
        while (begin := opening.search(html, at)) and (end := ending.search(html, begin.end())):
            out.append(html[at : begin.start()])
            at = end.end()
        html = "".join([*out, html[at:]])
    return html


def _tamed(html: str) -> str | None:
    """Give HTML whose every tag ends and every other sign is spelled out; None where there is too much of it."""
    out: list[str] = []
    at = tags = depth = 0
    for match in _MARK.finditer(html):
        out.append(html[at : match.start()])
        at = match.end()
        name = (match[2] or "").lower()
        if not name:
            out.append(_sign(html, match.start()))
        elif name not in _MODES:
            out.append(match[0])
            tags += 1
            depth = max(0, depth + (-1 if match[1] else 1)) if name in _NEST else depth
        if tags > _MAX_TAGS or depth > _MAX_DEPTH:
            return None
    return "".join([*out, html[at:]])


def _sign(html: str, at: int) -> str:
    """Spell out a stray `<` or `&`; an entity stays one."""
    if html[at] == "<":
        return "&lt;"
    return "&" if _ENTITY.match(html, at) else "&amp;"
