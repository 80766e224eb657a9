"""Names of files: what becomes of the name that a stranger gave to an attachment before a file of ours bears it. Pure."""

import re

from seccon.core.letter import clean_line

LONGEST = 100
"""Characters of a name."""
_BYTES = 180
"""Bytes of a name: file systems take 255, and a number may have to be added."""
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]")
"""Letters and marks that draw nothing."""
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,12}\Z")


def safe_name(given: str | None, instead: str = "attachment") -> str:
    """Give a name that is one visible file in its directory: no path, no hidden file, no option of a command, nothing invisible.

    Idempotent. Where nothing is left of the given name it is `instead`.
    """
    last = re.split(r"[/\\]", given or "")[-1]
    name = clean_line(_BLANK.sub(" ", last), 4 * LONGEST).lstrip(".-~ ").rstrip(". ")
    return _short(name.replace(":", "_")) or instead


def numbered(name: str, number: int) -> str:
    """Give the name with a number before its extension: `a.patch` and 1 are `a-1.patch`; 0 leaves it as it is."""
    if not number:
        return name
    end = _EXTENSION.search(name)
    at = end.start() if end and end.start() else len(name)
    return f"{name[:at]}-{number}{name[at:]}"


def _short(name: str) -> str:
    """Cut the stem, not the extension: by that a person knows what it is."""
    end = _EXTENSION.search(name)
    tail = end[0] if end and end.start() else ""
    stem = name[: len(name) - len(tail)][: LONGEST - len(tail)]
    while len((stem + tail).encode("utf-8", "replace")) > _BYTES:
        stem = stem[:-1]
    return f"{stem.rstrip('. ')}{tail}"
