"""Text for documents that leave the house: nothing in it acts on a reader's terminal, parser or page (hostile-input)."""

import re
import unicodedata

_HIDDEN = re.compile("[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
"""Marks that turn the direction of text, or cannot be seen; joiners stay, names of some scripts need them."""
_KEPT = "\n\t"
_URL = re.compile(
    r"https?://(?=[A-Za-z0-9])[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,10}(?::[0-9]{1,5})?"
    r"(?:[/?#](?:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?"
)
_LONGEST_URL = 500


def clean(text: str) -> str:
    """Give text of several lines without control characters, marks of direction, and what no encoding can write."""
    kept = (one for one in _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")) if one in _KEPT or _is_plain(one))
    lines = "".join(kept).expandtabs(8).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def line(text: str) -> str:
    """Give the text as one line."""
    return " ".join(clean(text).split())


ITEM = re.compile(r"([-*•]|\d{1,3}[.)])\s+(?=\S)")
"""The mark with which a person begins an item of a list."""


def paragraphs(text: str) -> list[list[str]]:
    """Give the paragraphs of a text, each as its lines: hand-wrapped text wraps anew, and each item of a list begins a line."""
    found = [_lines(part) for part in re.split(r"\n[ ]*\n", clean(text))]
    return [one for one in found if one]


def _lines(part: str) -> list[str]:
    found: list[str] = []
    for raw in part.split("\n"):
        one = " ".join(raw.split())
        if found and one and not ITEM.match(one):
            found[-1] += f" {one}"
        elif one:
            found.append(one)
    return found


def is_url(text: str) -> bool:
    """Say whether this is a web address that every schema takes and no page stumbles over."""
    return len(text) <= _LONGEST_URL and _URL.fullmatch(text) is not None


def _is_plain(one: str) -> bool:
    if unicodedata.category(one) in ("Cc", "Cs", "Cn", "Co"):
        return False
    return ord(one) & 0xFFFE != 0xFFFE
