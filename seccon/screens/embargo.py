"""The embargo of a case: where the negotiation stands, who agreed with which mail, which limits bind, what can be done."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from seccon.core.embargo import Embargo, Proposal, total_days
from seccon.core.limits import counted_from, exceeded, standing
from seccon.core.overrun import overrun, overrun_words
from seccon.core.plural import count
from seccon.core.solver import solve
from seccon.core.spans import after, distance, zone
from seccon.desk.case_card import CardOf, ReadCaseCard
from seccon.desk.embargo import missing, parties
from seccon.desk.open_case import CaseView
from seccon.screens.bounds import binding_line
from seccon.screens.case_place import CasePlace
from seccon.screens.request import Ask, Done
from seccon.screens.snap import Snap
from seccon.screens.verbs import EMBARGO_VERBS, STEP_KEYS, VerbChosen
from seccon.widgets.bar import TallBar
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_view import Line, LineView
from seccon.widgets.plain import plain
from seccon.widgets.top_bar import TopBar

_WORDS = {
    "none": "No embargo: no date was ever proposed, or all were rejected.",
    "proposed": "A date is proposed; none is in force yet.",
    "active": "A date is in force.",
    "revised": "A date is in force, and another one is proposed: the old one holds until all agree.",
    "ended": "The embargo has ended.",
}


class EmbargoScreen(CasePlace):
    """Shows the negotiation of one case."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *EMBARGO_VERBS,
        Binding("q,h,left", "leave", "back", id="embargo.leave", tooltip="back to the case"),
    ]

    def __init__(self, case: int, snap: Snap | None = None) -> None:
        super().__init__(case, snap)
        self._embargo = Embargo()

    def compose(self) -> ComposeResult:
        """Lay out."""
        self._top, self._title, self._view = TopBar(), TallBar(id="title"), LineView()
        yield self._top
        yield self._title
        yield self._view
        yield KeyLine()

    def read(self) -> None:
        """Ask for what is shown."""
        self.post_message(Ask(self, ReadCaseCard(case=self.case, keys=STEP_KEYS), latest=True))

    def on_done(self, message: Done) -> None:
        """Show where it stands."""
        if isinstance(message.result, CardOf):
            view = message.result.view
            self._embargo = view.case.embargo
            self._title.say(
                (
                    (plain(f" Embargo of {view.case.label}  ", lines=False), "strong"),
                    (_WORDS[self._embargo.state], "quiet"),
                )
            )
            self._view.show(embargo_lines(view), keep_place=True)
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what this state allows (features, E1): nothing to agree to without a proposal, nothing to end without a date."""
        if action != "verb":
            return True
        verb, embargo = parameters[0], self._embargo
        if verb in ("agree", "reject", "enforce"):
            return bool(embargo.table)
        if verb in ("restart", "tell"):
            return embargo.active
        return verb != "end" or embargo.state in ("proposed", "active", "revised")

    def action_verb(self, verb: str) -> None:
        """Carry out a verb on this case."""
        self.post_message(VerbChosen(verb, self.case))

    def action_leave(self) -> None:
        """Go back."""
        self.app.pop_screen()


def embargo_lines(view: CaseView) -> Iterator[Line]:
    """Write the negotiation: the date in force, what is on the table, the limits, what was."""
    embargo, now = view.case.embargo, view.now
    yield from _in_force(view)
    yield Line("On the table", "head")
    if not embargo.table:
        yield Line("No proposal. p puts a date on the table.", "quiet", ("  ", ""))
    for proposal in embargo.table:
        yield from _proposal(proposal, view)
    yield Line("")
    yield from _wishes(view)
    yield from _limits(view)
    past = [one for one in embargo.proposals if one not in embargo.table]
    if past:
        yield Line("Before", "head")
    for one in past:
        rejected = f", rejected by {', '.join(one.rejected)}" if one.rejected else ""
        agreed = ", ".join(one.agreed) or "nobody"
        said = f"{one.until:%a %Y-%m-%d %H:%M}Z by {one.party}, {distance(now, one.at)} ago; agreed: {agreed}"
        yield Line(_said(said + rejected), "quiet", (f"  {one.id}  ", "quiet"))


def _in_force(view: CaseView) -> Iterator[Line]:
    embargo, now = view.case.embargo, view.now
    if embargo.active and embargo.until:
        over = embargo.until <= now
        left = f"{distance(now, embargo.until)} {'over: nobody has released it' if over else 'left'}"
        yield Line("In force", "head")
        yield Line(f"until {embargo.until:%A %Y-%m-%d %H:%M}Z   {left}", "alarm" if over else "strong", ("  ", ""))
        if embargo.zone != "UTC":
            local = embargo.until.astimezone(zone(embargo.zone))
            yield Line(_said(f"that is {local:%A %Y-%m-%d %H:%M} in {embargo.zone}"), "", ("  ", ""))
        for found in overrun(view.case, view.policy):
            yield Line(_said(f"{overrun_words(found)} p proposes another. “{found.source}”"), "alarm", ("  ! ", "alarm"))
        inall = f"{count(total_days(embargo), 'day')} in all, in {count(len(embargo.windows), 'window')}"
        yield Line(inall, "quiet", ("  ", ""))
        if embargo.why:
            yield Line(_said(f"because {embargo.why}"), "", ("  ", ""))
        newest = view.case.work.fixes[-1] if view.case.work.fixes else None
        if newest is not None and newest.faulty and not any(one.restart for one in embargo.table):
            said = f"version {newest.version} of the patch is faulty: R proposes that the clock starts anew ({newest.faulty})"
            yield Line(_said(said), "warn", ("  ", ""))
        for override in embargo.overrides:
            yield Line(_said(f"knowingly beyond: {override}"), "warn", ("  ", ""))
        for report in view.case.reports:
            told = report.told == embargo.until
            yield Line(_said(f"{report.reporter.address} {'was told' if told else 'was not told yet: d writes to them'}"),
                       "good" if told else "warn", ("  ", ""))  # fmt: skip
        for one in view.case.work.parties:
            told = one.until == embargo.until
            yield Line(_said(f"{one.label} {'was told' if told else 'was not told this date: v, then t'}"),
                       "good" if told else "warn", ("  ", ""))  # fmt: skip
        yield Line("")
    elif embargo.ended and embargo.state == "ended":
        yield Line(_said(f"Ended: {embargo.ended.reason} {embargo.ended.why} {embargo.ended.url}"), "", ("  ", ""))
        yield Line("")


def _proposal(proposal: Proposal, view: CaseView) -> Iterator[Line]:
    now = view.now
    said = f"{proposal.until:%A %Y-%m-%d %H:%M}Z, in {distance(now, proposal.until)}, by {_name(proposal.party, view)}"
    yield Line(_said(said + (", as a restart" if proposal.restart else "")), "strong", (f"  {proposal.id}  ", "here"))
    if proposal.zone != "UTC" and proposal.typed:
        yield Line(_said(f"typed as {proposal.typed} in {proposal.zone}"), "quiet", ("      ", ""))
    if proposal.why:
        yield Line(_said(f"because {proposal.why}"), "", ("      ", ""))
    waiting = missing(view.case, view.policy, proposal)
    for party in dict.fromkeys((*parties(view.case, view.policy), *proposal.agreed)):
        agreed = party not in waiting
        yield Line(_said(f"{_name(party, view)} {'agreed' if agreed else 'has not agreed yet'}"), "good" if agreed else "warn",
                   ("      ✓ " if agreed else "      · ", "good" if agreed else "warn"))  # fmt: skip
    change = "extension" if view.case.embargo.active and not proposal.restart else "initial"
    for one in exceeded(view.case, view.policy, proposal.until, change, proposal.at):
        yield Line(_said(one.sentence), "warn", ("      ! ", "warn"))


def _name(party: str, view: CaseView) -> str:
    """Name a party by what it is called, and where it writes from: a name alone could be anybody's."""
    found = view.case.work.party(party)
    return f"{found.name} <{found.address}>" if found and found.name else party


def _wishes(view: CaseView) -> Iterator[Line]:
    """Say what each reporter wishes of the date."""
    wishes = [rule for rule in solve(view.case, view.policy, view.now).rules if rule.strength == "wish"]
    if wishes:
        yield Line("Wishes", "head")
        for one in wishes:
            until = f" {one.latest:%A %Y-%m-%d %H:%M}Z" if one.latest else ""
            yield Line(_said(f"{one.whose} wishes{until}: {one.counts}"), "", ("  ", ""))
        yield Line("")


def _limits(view: CaseView) -> Iterator[Line]:
    rule, now = view.policy.embargo, view.now
    yield Line("Limits", "head")
    yield binding_line(solve(view.case, view.policy, now), now)._replace(lead=("  ", ""))
    start = counted_from(view.case, view.policy, "extension" if view.case.embargo.active else "initial", now)
    for limit in standing(view.case, view.policy):
        latest = after(start, limit.length, zone(rule.zone))
        strength = "hard" if limit.strength == "hard" else "an aim: beyond it write why"
        yield Line(_said(f"{limit.length}, until {latest:%a %Y-%m-%d %H:%M}Z, {strength}. {limit.sentence}"), "", ("  ", ""))
        yield Line(_said(f"“{limit.source}”"), "quiet", ("  ", ""))
    yield Line("")


def _said(text: str) -> str:
    return plain(text, lines=False, limit=600)
