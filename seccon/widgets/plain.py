"""The one door: strangers' text on its way to a terminal.

Owns which characters a terminal is given. Leaves alone what the text means, and markup: `content` makes a value in which
none can occur. Everything out of a mail, a key, a file name or a log passes here exactly where it is drawn (hostile input, 1).
"""

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.content import Content

LIMIT = 1 << 20
"""Characters that are shown of one text (hostile input, 2: shown body 1 MiB)."""
MARKS = 4
"""Combining marks that one character may carry; what goes beyond draws over the lines above and below."""

_CLEAN = re.compile(r"[ -~\n\t]*").fullmatch
_CLEAN_LINE = re.compile(r"[ -~]*").fullmatch
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, invisible formats, lone surrogates, private use, unassigned, separators that some terminals obey."""
_BLANK = frozenset(map(ord, "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"))
"""Letters and marks that draw nothing: a way to make two texts look alike."""
_REGIONS = range(0x1F1E6, 0x1F200)
"""Two of these make one flag, of a width on which terminals disagree."""
_TONES = range(0x1F3FB, 0x1F400)
_JAMO = (range(0x1160, 0x1200), range(0xD7B0, 0xD800))
"""Conjoining vowels and finals: nothing wide or two cells wide, as the terminal likes."""
_PRESENTATION = (0xFE0E, 0xFE0F)
"""Text and emoji style: dropped, since widths differ with them and nothing can hide in them."""


def _named(code: int) -> str:
    return f"⟨U+{code:04X}⟩"


def _shown(code: int) -> str:
    """Give what is drawn for one character."""
    if code < 0x20:
        return chr(code) if code in (0x09, 0x0A) else chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if code in _PRESENTATION:
        return ""
    char = chr(code)
    kind = unicodedata.category(char)
    if kind in _HIDDEN or code in _BLANK or 0x180B <= code <= 0x180F or 0xFE00 <= code <= 0xFE0D or 0xE0000 <= code <= 0xE0FFF:
        return _named(code)
    if code in _REGIONS or code in _TONES or any(code in span for span in _JAMO):
        return _named(code)
    return " " if kind == "Zs" else char


class _Door(dict[int, str]):
    """What each character becomes, worked out once; `marks` are the combining ones seen."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: set[str] = set()

    def __missing__(self, code: int) -> str:
        shown = self[code] = _shown(code)
        if unicodedata.category(chr(code)).startswith("M"):
            self.marks.add(chr(code))
        return shown


_door = _Door()


def plain(text: str, *, lines: bool = True, limit: int = LIMIT) -> str:
    """Give `text` as a terminal may have it: what it would obey or hide is visible, what is harmless is untouched.

    Keeps line feeds and tabs; without `lines` these become `␤` and a space. At most `limit` characters come out, the last
    one `…` where something was cut. Idempotent.
    """
    if len(text) <= limit and (_CLEAN if lines else _CLEAN_LINE)(text):
        return text
    cut = len(text) > limit
    shown = text[: limit + 1].replace("\r\n", "\n").translate(_door)
    if not _door.marks.isdisjoint(shown):
        shown = _unburdened(shown, _door.marks)
    if not lines:
        shown = shown.replace("\n", "␤").replace("\t", " ")
    return shown[: max(limit - 1, 0)] + "…" if cut or len(shown) > limit else shown


def _unburdened(text: str, marks: set[str]) -> str:
    """Drop combining marks beyond what one character may carry; give a base to those that have none."""
    out: list[str] = []
    carried = 0
    bare = True
    for char in text:
        if char not in marks:
            carried, bare = 0, char in "\n\t"
        elif bare:
            out.append("◌")
            carried, bare = 1, False
        elif carried >= MARKS:
            continue
        else:
            carried += 1
        out.append(char)
    return "".join(out)


_LOOKALIKES = {ord(glyph): f"⟨{glyph}⟩" for glyph in "✓✔☑✅🗸🗹√⍻𐄂🮱✗✘☒☓❌❎✕✖🗙🗴🗵🔒🔓🔏🔐🔑🗝🛡◆◷●○▶→←❗‼❓"}


def unmarked(text: str) -> str:
    """Fence off glyphs like those of our own marks: a name or a subject must not look like a proof beside where proofs stand."""
    return text if text.isascii() else text.translate(_LOOKALIKES)


def content(text: str, *, lines: bool = True, limit: int = LIMIT) -> "Content":
    """Give `text` as a value for a widget: cleaned, and with no markup in it, whatever brackets it bears."""
    from textual.content import Content

    return Content(plain(text, lines=lines, limit=limit))


_BARE = re.compile(r"[\w.@+/:#-]*")
_QUOTES = str.maketrans("“”„", '"""')


def quoted(text: str) -> str:
    """Quote what is not a bare word: a stranger's text could go on like a sentence of ours. Still to be made plain."""
    return text if _BARE.fullmatch(text) else f"“{unmarked(text.translate(_QUOTES))}”"
