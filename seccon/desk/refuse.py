"""The scope gate: a report that is not for this team is refused with the policy's clause, a question is answered (features, I7).

The judgement is recorded first; the case closes by itself once every reporter was answered so, never on the judgement alone.
"""

from collections.abc import Sequence

from seccon.core.case import Case, fold
from seccon.core.delivery import takers
from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId, address_key
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import CaseClosed, CaseReopened, MailArrived, Outcome, ScopeJudged
from seccon.core.journal.replies import ReplyQueued, ReplySent
from seccon.core.policy import Policy
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, record, require_open


class JudgeScope(CaseRequest, frozen=True, kw_only=True):
    """Record that a case is out of scope by a clause of the policy, or a question; once, however often it is asked."""

    outcome: Outcome
    clause: str = ""
    why: str = ""

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write it, if it is another judgement than the last. Raises ConflictError, RefusedError."""
        before = judgement(office.ledger.entries(self.case))
        if before is not None and (before.outcome, before.clause) == (self.outcome, self.clause):
            return ()
        return record(office, self.case, self.seen, self.decide)

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it, where the case could close so."""
        return (_judged(case, policy, self.outcome, self.clause, self.why),)


class Dismiss(CaseRequest, frozen=True, kw_only=True):
    """Close a case at once where no answer is owed, such as spam; with the written reason."""

    outcome: Outcome
    clause: str = ""
    why: str

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it."""
        if not self.why.strip():
            raise RefusedError("scope.why", "Write why no answer is owed: the reporter gets none.", policy.source)
        if self.outcome == "spam":
            _require_closable(case, policy)
            return (CaseClosed(outcome="spam", why=self.why),)
        judged = _judged(case, policy, self.outcome, self.clause, self.why)
        return (judged, CaseClosed(outcome=self.outcome, clause=self.clause, why=self.why))


def _judged(case: Case, policy: Policy, outcome: Outcome, clause: str, why: str) -> ScopeJudged:
    _require_closable(case, policy)
    if outcome == "question":
        return ScopeJudged(outcome="question", why=why)
    if outcome != "out-of-scope":
        raise RefusedError("scope.outcome", f"'{outcome}' is no judgement about scope.", policy.source)
    if clause not in [reason.id for reason in policy.reason]:
        raise RefusedError("scope.clause", "Name the reason of the policy for which it is out of scope.", policy.source)
    return ScopeJudged(outcome="out-of-scope", clause=clause, why=why)


def _require_closable(case: Case, policy: Policy) -> None:
    require_open(case)
    if case.embargo.active:
        raise RefusedError(
            "scope.embargo", f"The embargo of case {case.label} is in force.", policy.embargo.source, "End the embargo first."
        )


def judgement(entries: Sequence[Entry]) -> ScopeJudged | None:
    """Give the judgement that holds: the latest, unless the case was reopened since."""
    for entry in reversed(entries):
        if isinstance(entry.body, ScopeJudged):
            return entry.body
        if isinstance(entry.body, CaseReopened):
            return None
    return None


def unanswered(entries: Sequence[Entry]) -> tuple[MessageId, ...]:
    """Give the reports whose reporters were not yet told what was judged."""
    told = _told(entries)
    return tuple(report.id for report in fold(entries).reports if report.id not in told)


def _told(entries: Sequence[Entry]) -> frozenset[MessageId]:
    """Give the reports that a delivered reply of the judgement's purpose has answered since it was made."""
    judged = judgement(entries)
    if judged is None:
        return frozenset()
    since = max(place for place, entry in enumerate(entries) if entry.body is judged)
    queued = {one.body.reply: one.body for one in entries if isinstance(one.body, ReplyQueued)}
    sent = [one.body for one in entries[since:] if isinstance(one.body, ReplySent)]
    delivered = [(queued[one.reply], takers(queued[one.reply], one)) for one in sent if one.reply in queued]
    reporters = {report.id: address_key(report.reporter.address) for report in fold(entries).reports}
    return frozenset(
        report
        for letter, got in delivered
        if letter.purpose == judged.outcome
        for report in letter.reports
        if reporters.get(report) in got
    )


def wrote_since(entries: Sequence[Entry], place: int, reports: frozenset[MessageId]) -> bool:
    """Say whether a person wrote on one of these reports' threads after the entry at `place`."""
    came = [entry.body for entry in entries[place + 1 :] if isinstance(entry.body, MailArrived)]
    return any(one.report in reports and one.from_reporter and not one.automatic for one in came)


def closings(entries: Sequence[Entry], place: int, queued: ReplyQueued, answered: frozenset[MessageId]) -> tuple[Body, ...]:
    """Give the closing that follows a delivered refusal or answer; none while a reporter is untold, or has written meanwhile."""
    judged, case = judgement(entries), fold(entries)
    if judged is None or queued.purpose != judged.outcome or case.closed or case.embargo.active:
        return ()
    if not answered or wrote_since(entries, place, answered):
        return ()
    if any(report.id not in answered | _told(entries) for report in case.reports):
        return ()
    return (CaseClosed(outcome=judged.outcome, clause=judged.clause, why=judged.why),)
