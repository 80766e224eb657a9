"""The day of disclosure: how near it is or how far over, what must be ready, what comes next, what stands in the way."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from seccon.core.announcing import claims
from seccon.core.facts import is_public
from seccon.core.rundown import DayLine, Rundown, headline, rundown
from seccon.desk.case_card import CardOf, ReadCaseCard
from seccon.desk.open_case import CaseView
from seccon.screens.case_place import CasePlace
from seccon.screens.request import Ask, Done
from seccon.screens.snap import Snap
from seccon.screens.verbs import CASE_VERBS, DAY_VERBS, STEP_KEYS, STEP_VERBS, VerbChosen
from seccon.widgets.agenda import times
from seccon.widgets.bar import Bar
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_view import Line, LineView
from seccon.widgets.plain import plain
from seccon.widgets.top_bar import TopBar

_NEXT = "▸"
_SIGNS = {"done": ("✓", "good"), "now": ("○", "strong"), "blocked": ("✗", "warn"), "later": ("·", "quiet")}
_FOUND = {"cve": "its CVE id", "case-id": "its case id", "subject": "a report's subject"}
_OURS = {binding.key for binding in DAY_VERBS}
_OTHERS = tuple(
    Binding(one.key, one.action, one.description, id=one.id, tooltip=one.tooltip, show=False)
    for one in CASE_VERBS
    if one.key in STEP_KEYS.values() and one.key not in (*_OURS, "D")
)
VERBS = {**STEP_VERBS, "release": "end", "day": "published"}
"""Verb of a line -> the verb of the console, where it is called otherwise here."""
WIDE = 120
"""Columns from which each line says why."""
KEYS = {**STEP_KEYS, "release": "e", "day": "u"}


class DayScreen(CasePlace):
    """Shows the run-down of one case."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *DAY_VERBS,
        *_OTHERS,
        Binding("q,h,left", "leave", "back", id="day.leave", tooltip="back to where you came from"),
    ]

    def __init__(self, case: int, snap: Snap | None = None) -> None:
        super().__init__(case, snap)
        self._rundown = Rundown(())
        self._leaks = False

    def compose(self) -> ComposeResult:
        """Lay out."""
        self._top, self._title, self._date, self._view = TopBar(), Bar(id="title"), Bar(id="date"), LineView()
        yield self._top
        yield self._title
        yield self._date
        yield self._view
        yield KeyLine()

    def read(self) -> None:
        """Ask for what is shown."""
        self.post_message(Ask(self, ReadCaseCard(case=self.case, keys=STEP_KEYS), latest=True))

    def on_done(self, message: Done) -> None:
        """Show where it stands."""
        if not isinstance(message.result, CardOf):
            return
        view = message.result.view
        self._rundown = rundown(view.case, view.policy, view.now)
        self._leaks = bool(view.case.work.leaking)
        words, tone = headline(view.case, view.policy, view.now)
        self._title.say(((plain(f" The day of {view.case.label}   ", lines=False), "strong"), (words, tone)))
        self._date.say(((f" {date_line(view)}", "quiet"),))
        self._view.show(day_lines(view, self._rundown, self.size.width), keep_place=True)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to judge a leak where there is one, and what comes next where something can be done."""
        if action != "verb":
            return True
        if parameters == ("no-leak",):
            return self._leaks
        return parameters != ("next",) or self._rundown.next is not None

    def action_verb(self, verb: str) -> None:
        """Carry out a verb on this case; the next one is the first line that can be done."""
        following = self._rundown.next
        if verb != "next":
            self.post_message(VerbChosen(verb, self.case))
        elif following is not None:
            self.post_message(VerbChosen(VERBS.get(following.verb, following.verb), self.case))

    def action_leave(self) -> None:
        """Go back."""
        self.app.pop_screen()


def date_line(view: CaseView) -> str:
    """Write the date that is or was in force, in UTC and in the viewer's own zone."""
    embargo = view.case.embargo
    if embargo.until is None:
        return "no date was ever in force"
    if not embargo.active and embargo.ended_at and embargo.ended_at < embargo.until:
        ended = f"{embargo.ended_at:%A %Y-%m-%d} {times(embargo.ended_at, None)}"
        return f"embargo ended {ended}; its date was {embargo.until:%Y-%m-%d} {times(embargo.until, None)}"
    verb = "ends" if embargo.active and view.now < embargo.until else "ended" if not embargo.active else "was to end"
    return f"embargo {verb} {embargo.until:%A %Y-%m-%d} {times(embargo.until, None)}"


def day_lines(view: CaseView, day: Rundown, width: int = 80) -> Iterator[Line]:
    """Write the leaks to be judged, what shall be ready, and the day in its order; where there is room, why of each line."""
    if not is_public(view.case):
        for leak in view.case.work.leaking:
            said = f"{leak.mail} on {leak.list}, by {leak.sender or 'nobody known'}, found by {_FOUND[leak.sign]}."
            yield Line(_said(said), "alarm", ("POSSIBLE LEAK ", "alarm"))
            yield Line("p: it is public, the embargo has lost its object.  x: it tells nothing of the issue.", "", ("  ", ""))
    for claim in claims(view.case.work):
        said = f"{claim.mail} on {claim.list}, by {claim.sender or 'nobody known'}, looks like the announcement."
        yield Line(_said(said), "warn", ("NOT PROVED ", "warn"))
    if claims(view.case.work):
        yield Line("Read it. u: it is ours, its link is recorded. Else it counts for nothing.", "", ("  ", ""))
    if not day.lines:
        yield Line("The policy describes no day of disclosure.", "quiet")
    room = min(max((len(line.title) for line in day.lines), default=0), 48)
    for title, before in (("Must be ready", True), ("On the day", False)):
        lines = [one for one in day.lines if one.before is before]
        if lines:
            yield Line(title, "head")
        for line in lines:
            yield from _line(line, room, here=line is day.next, wide=width >= WIDE)
    for one in view.case.work.seen:
        yield Line(_said(f"seen on {one.list}{'' if one.url else ': u records the link'}"), "good", ("  ", ""))
        yield Line(_said(one.url or str(one.mail)), "quiet", ("    ", ""))


def _line(line: DayLine, room: int, *, here: bool, wide: bool) -> Iterator[Line]:
    sign, style = (_NEXT, "here") if here else _SIGNS[line.state]
    key = KEYS.get(line.verb, "") if line.state != "done" else ""
    lead = f"  {sign} {key or ' '}  {_said(line.title).ljust(room)}  "
    words = line.words or (line.why if wide else "")
    yield Line(_said(words), "quiet" if line.state == "done" or not line.words else "", (lead, style))
    if here and not wide:
        yield Line(_said(f"[.] does it. {line.why}"), "", ("       ", ""))
        yield Line(_said(f"“{line.source}”"), "quiet", ("       ", ""))


def _said(text: str) -> str:
    return plain(text, lines=False, limit=600)
