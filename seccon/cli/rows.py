"""Rows of the queue as text and as JSON, for `list` and `due`."""

from typing import Any

from seccon.core.board import Row
from seccon.core.instants import Instant
from seccon.core.spans import distance
from seccon.core.team import Roster


def row_json(row: Row, now: Instant) -> dict[str, Any]:
    """Give one case as JSON shows it (docs/json.md)."""
    return {
        "number": row.number,
        "id": row.id or None,
        "project": row.project,
        "state": row.state,
        "subject": row.subject,
        "reporter": {"name": row.reporter, "address": row.address},
        "reporters": row.reporters,
        "message_id": row.report,
        "severity": None if row.sealed else row.severity or None,
        "opened": row.opened,
        "last_mail": row.touched,
        "next": _next(row, now),
        "owner": row.owner or None,
        "mails": row.mails,
        "unread": row.unread,
        "encrypted": row.encrypted,
        "signed": row.signed,
        "mark": row.mark or None,
        "embargo": row.embargo,
        "alarm": row.alarm or None,
        "sealed": row.sealed,
    }


def _next(row: Row, now: Instant) -> dict[str, Any]:
    if row.lapsed(now):
        return {"step": "release", "title": "embargo lapsed", "due": row.embargo, "overdue": True}
    return {"step": row.step, "title": row.next, "due": row.due, "overdue": bool(row.due and row.due < now)}


def due_words(row: Row, now: Instant) -> str:
    """Say when the next step is due: "in 4d", "2d over"; nothing where it has no time."""
    if row.due is None:
        return ""
    words = distance(now, row.due)
    return f"in {words}" if now < row.due else f"{words} over"


def row_line(row: Row, now: Instant, roster: Roster) -> str:
    """Give one case as one line of text, most important first."""
    sign = "!" if row.alarm or (row.due and row.due < now) else {"embargo": "E", "closed": "x", "new": "n"}.get(row.state, " ")
    age = distance(row.opened, now) if row.opened else "?"
    lock = ("E" if row.encrypted else "-") + {"trusted": "+", "weak": "?", "bad": "!"}.get(row.mark, "s" if row.signed else "-")
    owner = roster.display(row.owner).split(" ")[0] if row.owner else "-"
    title = "embargo lapsed" if row.lapsed(now) else row.next
    next_ = f"{title}, {due_words(row, now)}" if row.due else title
    severity = "****" if row.sealed else row.severity[:4] or "-"
    unread = f"+{row.unread}" if row.unread else ""
    left = f"{sign} {row.label:<11} {severity:<4} {age:>4}  {next_:<28.28} {owner:<7.7} {lock}"
    return f"{left} {row.reporter:<18.18} {unread:>4} {row.subject:.160}"
