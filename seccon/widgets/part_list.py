"""The parts of a mail: where each stands, what it says it is, its size, its name, and which side of the protection it is on."""

import msgspec
from rich.segment import Segment
from textual.strip import Strip

from seccon.core.report import Mail, Part
from seccon.widgets.fit import fit
from seccon.widgets.ink import ink
from seccon.widgets.plain import plain, unmarked
from seccon.widgets.value_list import ValueList

_ROOMY = 72
"""Cells from which size and type of a part stand before its name."""


class Held(msgspec.Struct, frozen=True):
    """A part, and the mail that holds it: under one Message-ID there may be several."""

    mail: Mail
    part: Part
    another: bool = False
    """It is in another mail under the same Message-ID than the one that was on view."""


class PartList(ValueList[Held]):
    """Draws parts; the choice of one is a message."""

    empty = "This mail has no parts that could be read."

    def draw(self, index: int, width: int, *, here: bool) -> Strip:
        """Draw one part; its protection first, before anything that a stranger wrote."""
        held = self.lines[index]
        part = held.part
        base = self.get_component_rich_style("list--cursor") if here else self.rich_style
        lock, tone = ("encrypted", "good") if part.encrypted else ("in clear ", "quiet")
        signed, ink_of = ("signed  ", "good" if held.mail.verdict.theirs else "quiet") if part.signed else ("unsigned", "quiet")
        alarm = "OTHER MAIL " if held.another else ""
        kind = f"{size(part.size):>9}  {fit(plain(part.type, lines=False, limit=60), 24)} " if width >= _ROOMY else ""
        name = unmarked(plain(part.filename or _nameless(part), lines=False, limit=200))
        return Strip(
            [
                Segment(f" {fit(plain(part.path, lines=False), 7)}", base),
                Segment(f"{lock} ", base + ink(self, tone)),
                Segment(f"{signed} ", base + ink(self, ink_of)),
                Segment(kind, base),
                Segment(alarm, base + ink(self, "alarm")),
                Segment(
                    fit(name, max(width - 27 - len(kind) - len(alarm), 6)),
                    base + ink(self, "strong" if part.filename else "quiet"),
                ),
            ]
        ).adjust_cell_length(width, base)


def _nameless(part: Part) -> str:
    if part.forwarded is not None:
        return f"a mail: {part.forwarded.subject or '(no subject)'}"
    return "text" if part.inline else "without a name"


def size(count: int) -> str:
    """Write a number of bytes."""
    return f"{count} B" if count < 4096 else f"{count / 1024:.0f} KiB" if count < 1 << 20 else f"{count / (1 << 20):.1f} MiB"
