"""HTML to text that can be read and judged: links are written out, nothing is fetched, nothing is hidden by style."""

import re

from seccon.adapters.mime.bounds import Bounds

_MAX_TAGS = 20_000
_MAX_OPEN = 5_000
_TAG = re.compile(r"<[^<>]{0,2000}>")
_LESS = re.compile(r"<(?![a-zA-Z/!])")


def html_text(html: str, bounds: Bounds) -> str:
    """Give the text of an HTML part. What is built to keep a parser busy is only stripped of its tags, and that is said."""
    if html.count("<") > _MAX_TAGS or html.count("<!") > 500 or len(_LESS.findall(html)) > _MAX_OPEN or not bounds.in_time():
        return _stripped(html, bounds)
    import html2text

    reader = html2text.HTML2Text(bodywidth=0)
    reader.ignore_images = True
    reader.images_to_alt = True
    reader.protect_links = True
    reader.ignore_emphasis = True
    reader.single_line_break = True
    reader.skip_internal_links = False
    reader.unicode_snob = True
    try:
        return str(reader.handle(html)).strip("\n") + "\n"
    except (ValueError, IndexError, KeyError, AttributeError, TypeError, AssertionError, RecursionError):
        return _stripped(html, bounds)


def _stripped(html: str, bounds: Bounds) -> str:
    """Take tags away, and nothing else."""
    bounds.warn("broken-html", "An HTML part could not be understood; it is shown without its tags.")
    return _TAG.sub(" ", html)
