"""End a case, and take that back."""

from collections.abc import Sequence

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.instants import Instant
from seccon.core.journal import Body
from seccon.core.journal.cases import CaseClosed, CaseReopened, Outcome
from seccon.core.policy import Policy
from seccon.core.steps import steps
from seccon.desk.request import CaseRequest, require_open

ANSWERED = ("out-of-scope", "question", "not-security")
"""Outcomes that a reporter is owed an answer for."""
PUBLISHING = ("published", "public-bug")
TELLING = ("bug", "announce")
"""Verbs of the steps by which a process tells the public."""


class Close(CaseRequest, frozen=True, kw_only=True):
    """Close a case with an outcome; `clause` is the id of a reason of the policy."""

    outcome: Outcome
    why: str = ""
    clause: str = ""
    other: int | None = None

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it, unless it would lift an embargo or leave the outcome without its reason."""
        require_open(case)
        if case.embargo.active:
            raise RefusedError(
                "close.embargo",
                f"The embargo of case {case.label} is in force until {case.embargo.until:%Y-%m-%d %H:%M}Z.",
                policy.embargo.source,
                "End the embargo first.",
            )
        if self.outcome == "out-of-scope" and self.clause not in [reason.id for reason in policy.reason]:
            raise RefusedError("close.clause", "Name the reason of the policy for which it is out of scope.", policy.source)
        if self.outcome in ANSWERED and not self.why.strip() and any(report.acknowledged is None for report in case.reports):
            raise RefusedError(
                "close.answer",
                "A reporter of this case has not been answered.",
                policy.source,
                "X answers with the policy's clause and then closes; or write why no answer is owed.",
            )
        if self.outcome == "duplicate" and self.other in (None, case.number):
            raise RefusedError("close.duplicate", "Name the case of which this is a duplicate.")
        if self.outcome in PUBLISHING and not case.id:
            raise RefusedError("close.accept", "A case that nobody accepted cannot have been published.", hint="Accept it first.")
        if self.outcome in PUBLISHING:
            _require_published(case, policy, now)
        return (CaseClosed(outcome=self.outcome, why=self.why, clause=self.clause, other=self.other),)


def _require_published(case: Case, policy: Policy, now: Instant) -> None:
    """Refuse to call published what the process still wants told: closing would take the step away unseen (features, T5 D1)."""
    owed = next((step for step in steps(case, policy, now) if step.verb in TELLING), None)
    if owed is not None:
        raise RefusedError("close.published", f"The public was not told yet: '{owed.title}' is owed.", owed.source, owed.why)


class Reopen(CaseRequest, frozen=True, kw_only=True):
    """Go on with a closed case."""

    why: str = ""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it, with the reason."""
        if not case.closed:
            raise RefusedError("reopen", f"Case {case.label} is open.")
        if not self.why.strip():
            raise RefusedError("reopen", "Write why the case goes on.")
        return (CaseReopened(why=self.why),)
