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


def paragraphs(text: str) -> list[str]:
    """Give the paragraphs of a text, each as one line: hand-wrapped text wraps anew."""
    found = [" ".join(part.split()) for part in re.split(r"\n[ ]*\n", clean(text))]
    return [one for one in found if one]


def is_url(text: str) -> bool:
    """Say whether this is a web address that every schema takes and no page stumbles over."""
    return len(text) <= _LONGEST_URL and _URL.fullmatch(text) is not None


def _is_plain(one: str) -> bool:
    if unicodedata.category(one) in ("Cc", "Cs", "Cn", "Co"):
        return False
    return ord(one) & 0xFFFE != 0xFFFE
