"""The latest date of an embargo: every rule with its date, which one decides, and what a mail to a list outside would change."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from seccon.core.instants import Instant
from seccon.core.plural import count
from seccon.core.solver import Bound, Bounds, Would, solve, would
from seccon.core.spans import distance
from seccon.desk.open_case import CaseView
from seccon.screens.aside import Aside
from seccon.widgets.bar import Bar
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_view import Line, LineView
from seccon.widgets.plain import plain

_STRENGTHS = {
    "hard": "beyond it a date is refused",
    "aim": "beyond it write why",
    "wish": "beyond it they must agree",
}


class BoundsScreen(Aside[None]):
    """Shows the rules; changes nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,Z,h,left", "dismiss", "back", id="bounds.leave", tooltip="back to where you were"),
    ]
    DEFAULT_CSS = "BoundsScreen { background: $background; }"

    def __init__(self, view: CaseView) -> None:
        super().__init__()
        self._view = view

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Bar(id="title")
        yield LineView(bounds_lines(self._view))
        yield KeyLine()

    def on_mount(self) -> None:
        """Say whose it is."""
        title = plain(f" Latest date of the embargo of {self._view.case.label}", lines=False)
        self.query_one("#title", Bar).say(((title, "strong"),))
        self.query_one(LineView).focus()


def bounds_lines(view: CaseView) -> Iterator[Line]:
    """Write the rule that decides, all rules, and what would be if a mail left now."""
    now, found = view.now, solve(view.case, view.policy, view.now)
    until = view.case.embargo.until if view.case.embargo.active else None
    yield binding_line(found, now)
    if until:
        yield Line(_said(f"The date in force is {_day(until, now)}."), "quiet")
    yield Line("")
    yield from _section("Rules that count now", [one for one in found.rules if one.latest and one.strength != "note"], found, now)
    untold = would(view.case, view.policy, now)
    names = {each.outside.id for each in untold}
    waiting = [one for one in found.rules if one.latest is None and one.strength != "note" and one.outside not in names]
    yield from _section("Will count, not begun", waiting, found, now)
    for each in untold:
        yield from _would(each, found, until, now)
    notes = [one for one in found.rules if one.strength == "note"]
    yield from _section("CVE programme, once the public reads of the id", notes, found, now)


def binding_line(found: Bounds, now: Instant) -> Line:
    """Say in one paragraph which date is the latest, and which rule makes it so."""
    one = found.binding
    if one is None or one.latest is None:
        return Line("No rule bounds the date.", "strong")
    head = "Latest date" if one.strength == "hard" else "No hard limit. Up to"
    said = f"{head} {_day(one.latest, now)}. {one.whose} decides: {one.counts}; {_STRENGTHS[one.strength]}."
    return Line(_said(said), "alarm" if one.latest <= now else "strong")


def _section(title: str, rules: list[Bound], found: Bounds, now: Instant) -> Iterator[Line]:
    if rules:
        yield Line(title, "head")
    for one in rules:
        decides = one == found.binding
        date = f"{one.latest:%a %Y-%m-%d %H:%M}Z, " if one.latest else ""
        tone = "strong" if decides else "quiet" if one.strength == "note" else ""
        strength = f"; {_STRENGTHS[one.strength]}" if one.strength != "note" else ""
        said = f"{date}{one.whose}: {one.counts}{strength}"
        yield Line(_said(said), tone, ("▶ " if decides else "  ", "here"))
        source = f" “{one.source}”" if one.source else ""
        yield Line(_said(f"{one.sentence}{source}"), "quiet", ("    ", ""))
    if rules:
        yield Line("")


def _would(each: Would, found: Bounds, until: Instant | None, now: Instant) -> Iterator[Line]:
    """Say what a mail to a list means before it is written."""
    yield Line(_said(f"A mail to {each.outside.label} now"), "head")
    theirs = each.binding
    if theirs is None or theirs.latest is None:
        waiting = next(iter(each.bounds.of(each.outside.id)), None)
        counts = f": {waiting.counts}" if waiting else ""
        yield Line(_said(f"would set no date yet{counts}."), "", ("  ", ""))
    else:
        latest, old = (each.bounds.hard or theirs).latest or theirs.latest, found.hard
        changes = old is None or old.latest != latest
        said = f"would start its clock, {theirs.counts}: "
        said += f"the latest date becomes {_day(latest, now)}." if changes else "the latest date stays as it is."
        yield Line(_said(said), "warn" if changes else "", ("  ", ""))
        if until and until > latest:
            yield Line(_said(f"The date in force, {until:%Y-%m-%d}, is later than that."), "alarm", ("  ", ""))
        for wish in found.rules:
            if wish.strength == "wish" and wish.latest and wish.latest > latest:
                days = (wish.latest.date() - latest.date()).days
                said = f"{wish.whose} wishes {wish.latest:%Y-%m-%d}, {count(days, 'day')} later."
                yield Line(_said(said), "warn", ("  ", ""))
    for rule in each.outside.preflight:
        yield Line(_said(f"{rule.sentence} “{rule.source}”"), "quiet", ("  · ", "quiet"))
    yield Line("")


def _day(when: Instant, now: Instant) -> str:
    left = f"in {distance(now, when)}" if when > now else f"{distance(now, when)} ago"
    return f"{when:%a %Y-%m-%d %H:%M}Z, {left}"


def _said(text: str) -> str:
    return plain(text, lines=False, limit=600)
