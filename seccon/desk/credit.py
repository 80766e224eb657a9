"""How a reporter wants to be credited (features, D4)."""

from collections.abc import Sequence

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId
from seccon.core.instants import Instant
from seccon.core.journal import Body
from seccon.core.journal.cases import CreditSet
from seccon.core.policy import Policy
from seccon.desk.request import CaseRequest


class SetCredit(CaseRequest, frozen=True, kw_only=True):
    """Record the credit as the reporter asked for it; an empty text means that they want none."""

    report: MessageId
    credit: str
    evidence: str

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it; in words of the reporter, so with the mail that has them."""
        report = case.report(self.report)
        if report is None:
            raise RefusedError("credit.report", f"Case {case.label} has no such report.")
        if not self.evidence.strip():
            raise RefusedError("credit.evidence", "Write where the reporter says so: a Message-ID, or in words.", "features D4")
        credit = " ".join(self.credit.split())
        if report.credit == credit:
            raise RefusedError("credit.same", "That is how they are credited already.")
        return (CreditSet(report=report.id, credit=credit, evidence=self.evidence.strip()),)
