"""The queue's columns: which there are at a width, and what one row says in each. Pure: values in, texts and style names out.

Colour is never the only sign: each state, mark and urgency has its own glyph or word (features, U4).
"""

from typing import NamedTuple

from seccon.core.board import Row
from seccon.core.instants import Instant
from seccon.widgets.fit import fit
from seccon.widgets.lapse import SOON, age, left
from seccon.widgets.plain import plain, unmarked

GLYPHS = {"new": "○", "open": "●", "waiting": "◷", "embargo": "◆", "closed": "✕"}
OVERDUE = "!"
_MARKS = {"trusted": ("✓", "trusted"), "weak": ("?", "soon"), "bad": ("✗", "overdue")}
_TITLES = {
    "glyph": "●", "case": "Case", "severity": "Sev", "age": "Age", "next": "Next", "left": "", "owner": "Owner", "pgp": "PGP",
    "reporter": "Reporter", "unread": "", "subject": "Subject",
}  # fmt: skip
_RIGHT = frozenset({"age", "left", "unread"})
NAMED_RANKS = 4
"""Steps of severity that have a colour of their own; scales of other lengths are mapped on them."""


class Column(NamedTuple):
    """One column: its name, and its width in cells."""

    name: str
    width: int


class Cell(NamedTuple):
    """Text of exactly the column's width, and the name of its style (empty: the row's own)."""

    text: str
    style: str


def columns(width: int) -> tuple[Column, ...]:
    """Choose the columns that `width` cells have room for; the subject takes what is left."""
    following, owner, reporter = _room(width)
    chosen = [Column("glyph", 1), Column("case", 11), Column("severity", 3), Column("age", 4), Column("next", following)]
    chosen += [Column("left", 8)]
    if owner:
        chosen.append(Column("owner", owner))
    chosen.append(Column("pgp", 3))
    if reporter:
        chosen += [Column("reporter", reporter), Column("unread", 3)]
    used = sum(column.width + 1 for column in chosen)
    return (*chosen, Column("subject", max(width - used, 1)))


def _room(width: int) -> tuple[int, int, int]:
    """Give widths of the next step, the owner, the reporter; 0 leaves a column out."""
    if width < 70:
        return 11, 0, 0
    if width < 100:
        return 15, 5, 0
    if width < 130:
        return 16, 7, 14
    return min(24 + (width - 130) // 8, 32), 9, min(18 + (width - 130) // 8, 26)


def heads(width: int) -> str:
    """Give the line above the list."""
    return " ".join(fit(_TITLES[name], wide, right=name in _RIGHT) for name, wide in columns(width))


def cells(row: Row, now: Instant, layout: tuple[Column, ...], scale: int) -> tuple[Cell, ...]:
    """Say what a row shows. `scale` is the number of ranks on the policy's severity scale."""
    separate = any(column.name == "unread" for column in layout)
    said = {
        "glyph": _glyph(row, now),
        "case": (row.label, ""),
        "severity": _severity(row, scale),
        "age": (age(row.opened, now), ""),
        "next": _next(row, now),
        "left": (left(row.due, now), urgency(row.due, now)),
        "owner": (_first_name(row.owner), ""),
        "reporter": (unmarked(row.reporter or row.address or "–"), ""),
        "unread": (_unread(row), "strong" if row.unread else ""),
        "subject": _subject(row, merged=not separate),
    }
    return tuple(
        _protection(row)
        if name == "pgp"
        else Cell(fit(plain(said[name][0], lines=False, limit=wide + 8), wide, right=name in _RIGHT), said[name][1])
        for name, wide in layout
    )


def _first_name(owner: str) -> str:
    """Colleagues know each other by it; the card has the whole name."""
    return owner.split(" ")[0] if owner.strip() else "–"


def _next(row: Row, now: Instant) -> tuple[str, str]:
    """Say what is next; a date that nobody released stands before every step (features, E9)."""
    if row.alarm:
        return row.alarm, "overdue"
    if row.lapsed(now):
        return "embargo lapsed", "overdue"
    return row.next or "–", ""


def _glyph(row: Row, now: Instant) -> tuple[str, str]:
    if row.state == "closed":
        return GLYPHS["closed"], "quiet"
    if row.alarm or (row.due is not None and row.due <= now) or row.lapsed(now):
        return OVERDUE, "overdue"
    return GLYPHS.get(row.state, "?"), "soon" if row.state == "embargo" else ""


def urgency(due: Instant | None, now: Instant) -> str:
    """Name the style of a due time: over, near, or nothing special."""
    if due is None:
        return ""
    return "overdue" if due <= now else "soon" if due - now <= SOON else ""


def rank_style(rank: int, scale: int) -> str:
    """Name the style of a severity by its place on a scale of any length; the words are the policy's."""
    if rank < 0:
        return "quiet"
    step = round(min(rank, scale - 1) * (NAMED_RANKS - 1) / max(scale - 1, 1))
    return f"rank-{step}"


def _severity(row: Row, scale: int) -> tuple[str, str]:
    if row.sealed:
        return "***", "quiet"
    return (row.severity[:3].capitalize(), rank_style(row.rank, scale)) if row.severity else ("–", "")


def _unread(row: Row) -> str:
    return f"+{min(row.unread, 99)}" if row.unread else ""


def _subject(row: Row, *, merged: bool) -> tuple[str, str]:
    lead = f"{_unread(row)} " if merged and row.unread else ""
    return lead + unmarked(row.subject or "(no subject)"), "strong" if row.unread else ""


def _protection(row: Row) -> Cell:
    """Show the lock, and what is known of the signature: `✓` only where a console proved it."""
    lock = "🔒" if row.encrypted else "  "
    glyph, style = _MARKS.get(row.mark, ("?", "") if row.signed else (" ", ""))
    return Cell(lock + glyph, style)
