"""Ask, of one entry of a history, the verb that would have written it: what the process refuses it refuses here too."""

from collections.abc import Callable
from typing import Any

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal import cases as c
from seccon.core.journal import disclosure as d
from seccon.core.journal import embargoes as e
from seccon.core.journal import parties as p
from seccon.core.journal import work as w
from seccon.core.limits import check
from seccon.core.policy import Policy
from seccon.core.spans import TwoSuchTimesError
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
from seccon.desk.request import CaseRequest, require_open
from seccon.desk.request_cve import RequestCve
from seccon.desk.second_rating import rate_again
from seccon.desk.waiting import TakeUp, Wait
from seccon.desk.wish import RecordWish


def judge(case: Case, entry: Entry, policy: Policy) -> None:
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
