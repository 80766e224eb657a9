"""Fold entries of anywhere through a policy: state, clocks, steps, and what the process would have refused. Writes nothing.

For people who write policies, and for asking how a published history would have gone.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from seccon.core.case import Case, fold, step
from seccon.core.clocks import Reading, readings
from seccon.core.condition import FACTS
from seccon.core.errors import RefusedError
from seccon.core.facts import facts
from seccon.core.ids import TEAM_FILE
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal import cases as c
from seccon.core.journal import disclosure as d
from seccon.core.journal import embargoes as e
from seccon.core.journal import parties as p
from seccon.core.journal import work as w
from seccon.core.limits import Finding, check, notes
from seccon.core.overrun import overrun
from seccon.core.policy import Policy
from seccon.core.second import veil
from seccon.core.solver import Bounds, solve
from seccon.core.spans import TwoSuchTimesError
from seccon.core.steps import Step, steps
from seccon.core.team import Roster
from seccon.core.typed import typed_instant
from seccon.desk import embargo, results
from seccon.desk.assess import Assess
from seccon.desk.assign_cve import AssignCve, WithdrawCve
from seccon.desk.checklist import Tick
from seccon.desk.close import Close, Reopen
from seccon.desk.party import InviteParty, RemoveParty
from seccon.desk.party_word import RecordAnswer, RecordTold, SetReady
from seccon.desk.publish_cve import PublishCve
from seccon.desk.refuse import JudgeScope
from seccon.desk.replay_mail import judge_told
from seccon.desk.replay_team import refusals, roster_after
from seccon.desk.request import CaseRequest, require_open
from seccon.desk.request_cve import RequestCve
from seccon.desk.second_rating import rate_again
from seccon.desk.waiting import TakeUp, Wait
from seccon.desk.wish import RecordWish


class Objection(msgspec.Struct, frozen=True):
    """An entry that the process would have refused: which, by what rule, in words, from where."""

    seq: int
    kind: str
    rule: str
    sentence: str
    source: str


class Replayed(msgspec.Struct, frozen=True):
    """One case as its entries leave it at a moment."""

    case: Case
    steps: tuple[Step, ...]
    readings: tuple[Reading, ...]
    objections: tuple[Objection, ...]
    facts: tuple[str, ...] = ()
    """The facts that hold, in the order of docs/policy.md."""
    over: tuple[Finding, ...] = ()
    """The limits that the date in force exceeds by what happened since it was set."""
    bounds: Bounds = Bounds(())
    """How late the embargo may end, by which rules."""
    notes: tuple[tuple[Instant, Finding], ...] = ()
    """What speaks against the day of the date in force, or of one on the table: nobody may be there to act (features, E4)."""
    missing: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """Proposal on the table -> who has not agreed to it."""
    team: Roster | None = None
    """Of the team's own file: who is a member, and who was."""


Moved = Callable[[str], tuple[Policy, Container[date]] | None]
"""`name@revision` -> that policy with its holidays; None where it is not installed."""


def replay(
    entries: Iterable[Entry], policy: Policy, now: Instant, holidays: Container[date] = (), moved: Moved = lambda _key: None
) -> tuple[Replayed, ...]:
    """Fold each case's entries up to `now`, in order; what an entry is refused for does not keep it from counting.

    `policy` judges until an entry moves the case to another revision, if `moved` knows that one.
    """
    histories: dict[int, list[Entry]] = {}
    for entry in sorted(entries, key=lambda one: (one.case, one.seq)):
        if entry.at <= now:
            histories.setdefault(entry.case, []).append(entry)
    return tuple(_replayed(history, policy, now, holidays, moved) for history in histories.values())


def _replayed(history: Sequence[Entry], policy: Policy, now: Instant, holidays: Container[date], moved: Moved) -> Replayed:
    if history[0].case == TEAM_FILE:
        return _team(history, policy)
    case, objections = Case(), []
    for place, entry in enumerate(history):
        case = _woken(case, entry.at)
        seen = fold(veil(history[:place], entry.by)) if case.sealed else case
        try:
            _judge(seen, entry, policy)
        except RefusedError as error:
            objections.append(_objection(entry, error))
        case = step(case, entry)
        if isinstance(entry.body, c.PolicyMoved):
            policy, holidays = moved(entry.body.to) or (policy, holidays)
    case = _woken(case, now)
    known = facts(case, policy)
    owed, clocks = steps(case, policy, now, holidays), readings(case, policy, now, holidays)
    return Replayed(
        case,
        owed,
        clocks,
        tuple(objections),
        facts=tuple(name for name in FACTS if name in known),
        over=overrun(case, policy),
        bounds=solve(case, policy, now),
        notes=tuple(_notes(case, policy, holidays)),
        missing={one.id: embargo.missing(case, policy, one) for one in case.embargo.table},
    )


def _notes(case: Case, policy: Policy, holidays: Container[date]) -> Iterator[tuple[Instant, Finding]]:
    held = case.embargo
    dates = [(one.until, one.zone) for one in held.table]
    if held.active and held.until is not None:
        dates.insert(0, (held.until, held.zone))
    for until, where in dict.fromkeys(dates):
        yield from ((until, one) for one in notes(until, where, holidays, policy.embargo.avoid))


def _woken(case: Case, moment: Instant) -> Case:
    """Let a case that waits until a date come back on it: at work an entry of seccon says so, in a history it may be wanting."""
    wait = case.work.waiting
    if wait is None or wait.until is None or wait.until > moment:
        return case
    ended = msgspec.structs.replace(wait, end=max(wait.until, wait.start))
    return msgspec.structs.replace(case, work=msgspec.structs.replace(case.work, waits=(*case.work.waits[:-1], ended)))


def _team(history: Sequence[Entry], policy: Policy) -> Replayed:
    """The team's own file is no case: nothing is owed in it, and the process judges who may join."""
    found = tuple(_objection(entry, error) for entry, error in refusals(history, policy))
    return Replayed(Case(number=TEAM_FILE, seq=history[-1].seq), (), (), found, team=roster_after(history))


def _objection(entry: Entry, error: RefusedError) -> Objection:
    return Objection(entry.seq, entry.kind, error.rule, error.sentence, error.source or "seccon")


def _judge(case: Case, entry: Entry, policy: Policy) -> None:
    """Ask the verb that would have written the entry. Raises RefusedError."""
    body = entry.body
    if isinstance(body, e.EmbargoSet):
        _judge_date(case, body, policy, entry.at)
        return
    if isinstance(body, e.EmbargoProposed):
        _judge_typed(body, policy)
    if isinstance(body, w.WaitingEnded) and case.work.waits and case.work.waits[-1].end == case.work.waits[-1].until:
        return  # it says what its date did already
    if isinstance(body, w.SecondRated):
        rate_again(case, policy, body.rating, entry.by)
        return
    if isinstance(body, c.Acknowledged):
        _judge_acknowledgement(case, body, policy)
    if isinstance(body, c.CaseAccepted):
        _judge_accepted(case)
    judge_told(case, body, policy, entry.at)
    make = _VERBS.get(type(body))
    if make is not None:
        make(body, {"case": case.number, "seen": case.seq}).decide(case, policy, entry.at)


def _judge_accepted(case: Case) -> None:
    require_open(case)
    if case.id:
        raise RefusedError("accept", f"The case is accepted already, as {case.id}.")


def _judge_acknowledgement(case: Case, body: c.Acknowledged, policy: Policy) -> None:
    """Judge the mail that acknowledged, where the history has it: a person writes one, no program (features, A2)."""
    if any(mail.mail == body.mail and mail.automatic for mail in case.mails):
        source = next((rule.source for rule in policy.step if rule.verb == "acknowledge"), "")
        raise RefusedError("acknowledge.automatic", "A program wrote this mail: a person acknowledges.", source)


def _judge_date(case: Case, body: e.EmbargoSet, policy: Policy, at: Instant) -> None:
    """Judge a date that was put in force as it is written. A history may begin with it, without a proposal."""
    proposal = case.embargo.proposal(body.proposal)
    why = "; ".join(filter(None, (proposal.why if proposal else "", body.why)))
    if case.embargo.active and body.change == "initial":
        said = "A date is in force: another one extends or shortens it, or is a restart, which needs its reason."
        raise RefusedError("embargo.change", said, policy.embargo.source)
    check(case, policy, body.until, body.change, why, at)
    if proposal is None:
        return
    if proposal.until != body.until:
        said = f"Proposal '{proposal.id}' is for {proposal.until:%Y-%m-%d %H:%M}Z; {body.until:%Y-%m-%d %H:%M}Z was put in force."
        raise RefusedError("embargo.proposal", said, policy.embargo.source)
    embargo.SetEmbargo(case=case.number, seen=case.seq, proposal=body.proposal, why=body.why).decide(case, policy, at)


def _judge_typed(body: e.EmbargoProposed, policy: Policy) -> None:
    """Judge the wall-clock time that a person typed: there is such an hour, and it is the date that was proposed."""
    if not body.typed:
        return
    try:
        meant: tuple[Instant, ...] = (typed_instant(body.typed, body.zone, policy.embargo.hour),)
    except TwoSuchTimesError as twice:
        meant = (twice.first, twice.second)
    except ValueError as error:
        raise RefusedError("embargo.typed", f"{error}.") from None
    if body.until not in meant:
        said = f"{body.typed} in {body.zone} is {meant[0]:%Y-%m-%d %H:%M}Z; {body.until:%Y-%m-%d %H:%M}Z was proposed."
        raise RefusedError("embargo.typed", said)


def _fields(body: Body, *names: str) -> dict[str, Any]:
    return {name: getattr(body, name) for name in names}


def _word(body: p.PartyAnswered | p.PartyReady) -> str:
    """Give how a party's word is known: the mail that an entry names counts, also where the history does not hold it."""
    return body.why or body.mail or ""


_BRANCH = (
    "branch", "state", "commit", "proof", "owner", "further", "introduced", "vulnerable_tags", "fixed_tags", "when",
)  # fmt: skip
_FIX = ("version", "mail", "commit", "trailers", "reviewers", "testers", "faulty")
_VERBS: dict[type[Body], Callable[[Any, dict[str, Any]], CaseRequest]] = {
    c.Assessed: lambda body, at: Assess(**at, rating=body),
    c.ScopeJudged: lambda body, at: JudgeScope(**at, **_fields(body, "outcome", "clause", "why")),
    c.CaseClosed: lambda body, at: Close(**at, **_fields(body, "outcome", "why", "clause", "other")),
    c.CaseReopened: lambda body, at: Reopen(**at, why=body.why),
    e.EmbargoProposed: lambda body, at: embargo.ProposeEmbargo(
        **at, **_fields(body, "until", "zone", "typed", "party", "restart", "counters", "proof", "why")
    ),
    e.EmbargoAgreed: lambda body, at: embargo.AgreeEmbargo(**at, **_fields(body, "proposal", "party", "proof", "why")),
    e.EmbargoRejected: lambda body, at: embargo.RejectEmbargo(**at, **_fields(body, "proposal", "party", "proof", "why")),
    e.EmbargoEnded: lambda body, at: embargo.EndEmbargo(**at, **_fields(body, "reason", "why", "url")),
    e.EmbargoWished: lambda body, at: RecordWish(**at, **_fields(body, "report", "until", "length", "proof", "why")),
    p.PartyInvited: lambda body, at: InviteParty(**at, **_fields(body, "party", "name", "role", "agrees", "proof", "why")),
    p.PartyRemoved: lambda body, at: RemoveParty(**at, **_fields(body, "party", "why")),
    p.PartyTold: lambda body, at: RecordTold(**at, **_fields(body, "party", "when", "mail", "patch", "until", "evidence")),
    p.PartyAnswered: lambda body, at: RecordAnswer(**at, **_fields(body, "party", "affected"), why=_word(body)),
    p.PartyReady: lambda body, at: SetReady(**at, **_fields(body, "party", "ready", "patch"), why=_word(body)),
    w.ItemTicked: lambda body, at: Tick(**at, report=body.report, held={body.item: body.held}, evidence={}),
    w.WaitingSet: lambda body, at: Wait(**at, **_fields(body, "whom", "until", "why")),
    w.WaitingEnded: lambda body, at: TakeUp(**at, why=body.why),
    w.CveWithdrawn: lambda body, at: WithdrawCve(**at, why=body.why),
    d.CveRequested: lambda body, at: RequestCve(**at, **_fields(body, "cna", "how", "mail", "why")),
    d.CvePublished: lambda body, at: PublishCve(**at, **_fields(body, "url", "when")),
    w.CveAssigned: lambda body, at: AssignCve(**at, **_fields(body, "cve", "by", "proof")),
    w.BugOpened: lambda body, at: results.OpenBug(**at, **_fields(body, "url", "public")),
    w.BugClosed: lambda body, at: results.CloseBug(**at, commit=body.commit),
    w.FixProposed: lambda body, at: results.ProposeFix(**at, **_fields(body, *_FIX)),
    w.BranchSet: lambda body, at: results.SetBranch(**at, **_fields(body, *_BRANCH)),
    w.Announced: lambda body, at: results.Announce(**at, **_fields(body, "list", "url", "mail")),
    w.Archived: lambda body, at: results.RecordArchive(**at, **_fields(body, "report", "mail", "evidence")),
    w.PermissionRecorded: lambda body, at: results.Permit(**at, **_fields(body, "report", "whom", "granted", "proof", "why")),
}
"""Body of an entry -> the verb that writes it."""
