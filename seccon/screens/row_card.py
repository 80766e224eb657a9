"""A card made of a row alone: what the list knows of a case, said in words."""

from seccon.core.board import Row
from seccon.core.card import CardLine, CardView, Tone
from seccon.core.instants import Instant
from seccon.core.second import WORDS
from seccon.widgets.columns import urgency
from seccon.widgets.lapse import age, left

_STATES = {
    "new": "nobody has taken it", "open": "at work", "waiting": "waiting", "embargo": "under embargo", "closed": "closed",
}  # fmt: skip
_TONES: dict[str, Tone] = {"overdue": "alarm", "soon": "warn", "": ""}
_MARKS: dict[str, CardLine] = {
    "trusted": CardLine("signature", "✓ good, by the key confirmed for this address", "good"),
    "weak": CardLine("signature", "? good, but the key was never confirmed", "warn"),
    "bad": CardLine("signature", "✗ not good", "alarm"),
}


def _severity(row: Row) -> CardLine:
    if row.sealed:
        return CardLine("severity", WORDS, "warn")
    return CardLine("severity", row.severity or "not rated", "" if row.severity else "quiet")


def row_card(row: Row, now: Instant) -> CardView:
    """Say what the queue knows."""
    reporter = f"{row.reporter} <{row.address}>" if row.address and row.address != row.reporter else row.reporter
    more = f" and {row.reporters - 1} more" if row.reporters > 1 else ""
    facts = [CardLine("reporter", reporter + more), CardLine("owner", row.owner or "nobody", "" if row.owner else "warn")]
    facts.append(_severity(row))
    facts.append(CardLine("mails", f"{row.mails}, {row.unread} new to you" if row.unread else f"{row.mails}"))
    if row.opened is not None:
        facts.append(CardLine("came in", f"{row.opened:%a %d %b %Y %H:%M} UTC, {age(row.opened, now)} ago"))
    if row.embargo is not None:
        facts.append(
            CardLine(
                "embargo", f"{row.embargo:%a %d %b %Y %H:%M} UTC, {left(row.embargo, now)}", _TONES[urgency(row.embargo, now)]
            )
        )
    if row.encrypted:
        facts.append(CardLine("mail", "🔒 encrypted"))
    if row.mark in _MARKS:
        facts.append(_MARKS[row.mark])
    due = f"by {row.due:%a %d %b %H:%M} UTC, {left(row.due, now)}" if row.due is not None else ""
    return CardView(
        number=row.number, label=row.label, subject=row.subject, state=_STATES.get(row.state, row.state),
        alarms=(row.alarm,) if row.alarm else (), step=row.next, step_due=due, facts=tuple(facts),
    )  # fmt: skip
