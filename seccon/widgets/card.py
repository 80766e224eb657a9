"""The card of a case: what it wants next, its clocks, who reported it, what is missing, the last mail."""

from collections.abc import Iterator

from seccon.core.card import CardLine, CardView
from seccon.widgets.line_view import Line, LineView
from seccon.widgets.plain import plain, unmarked

_NAME = 11
"""Cells that names of facts and clocks have."""
_MARKS = ("signature", "mail")
"""Facts whose text is ours alone, with glyphs of marks in it."""


class Card(LineView, can_focus=False):
    """Draws a `CardView`. Takes no focus beside a list; a case's own screen may give it some."""

    def put(self, view: CardView | None) -> None:
        """Show a case, or nothing."""
        self.show(lines(view) if view is not None else ())


def lines(view: CardView) -> Iterator[Line]:
    """Lay the card out, the most wanted first."""
    yield Line(f"{_line(view.label)}  {_line(view.state)}", "head")
    yield Line(unmarked(_line(view.subject)), "strong", ("  ", ""))
    for alarm in view.alarms:
        yield Line(_line(alarm), "alarm", ("! ", "alarm"))
    yield Line("")
    yield from _step(view)
    for fact in view.facts:
        yield _named(fact)
    if view.clocks:
        yield from (Line(""), Line("Clocks", "head"), *map(_named, view.clocks))
    if view.checklist:
        done = sum(check.ticked for check in view.checklist)
        yield from (Line(""), Line(f"Report  {done} of {len(view.checklist)}", "head"))
        for check in view.checklist:
            found = f"  {unmarked(_line(check.evidence))}" if check.evidence else ""
            yield Line(
                _line(check.text) + found,
                "" if check.ticked else "quiet",
                ("✓ " if check.ticked else "· ", "good" if check.ticked else "quiet"),
            )
    if view.mail_from:
        yield from (Line(""), Line(f"Last mail  {unmarked(_line(view.mail_from))}  {_line(view.mail_when)}", "head"))
        yield from (Line(text, "quiet", gutter=("│ ", "quiet")) for text in plain(view.mail_text, limit=4000).split("\n"))


def _step(view: CardView) -> Iterator[Line]:
    if not view.step:
        yield Line("Nothing is owed.", "quiet")
    else:
        key = f"[{view.step_key}] " if view.step_key else ""
        yield Line(_line(f"{key}{view.step}"), "strong", ("▶ ", "warn"))
        if view.step_due or view.step_source:
            yield Line(_line("  ".join(filter(None, (view.step_due, view.step_source)))), "quiet", ("  ", ""))
    if view.later:
        yield Line(_line("  ".join(view.later)), "quiet", ("  then ", "quiet"))
    yield Line("")


def _named(line: CardLine) -> Line:
    name = _line(line.name)[:_NAME]
    text = _line(line.text) if line.name in _MARKS else unmarked(_line(line.text))
    return Line(text, line.tone, (name.ljust(_NAME) + " ", "quiet"))


def _line(text: str) -> str:
    return plain(text, lines=False, limit=400)
