"""The last net: nothing that a terminal obeys leaves in a drawn line, even where the one door was forgotten.

Runs over every segment that Textual is about to write; it mends, it does not report. What it had to mend is a fault elsewhere.
"""

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_OBEYED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_MENDED = "\N{REPLACEMENT CHARACTER}"


class Net(LineFilter):
    """Replaces controls, bidirectional and zero-width characters and lone surrogates; drops links."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Give segments of the same number without any of these."""
        return [segment if _harmless(segment) else _mended(segment) for segment in segments]


def _harmless(segment: Segment) -> bool:
    style = segment.style
    return not segment.control and _OBEYED.search(segment.text) is None and (style is None or style.link is None)


def _mended(segment: Segment) -> Segment:
    style = segment.style
    if style is not None and style.link is not None:
        style = style.update_link(None)
    return Segment(_OBEYED.sub(_MENDED, segment.text), style)
