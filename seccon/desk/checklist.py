"""Say which items of the policy's checklist a report holds (features, I5). Evidence is shown, a person ticks."""

from collections.abc import Sequence

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId
from seccon.core.instants import Instant
from seccon.core.journal import Body
from seccon.core.journal.work import ItemTicked
from seccon.core.policy import Policy
from seccon.desk.request import CaseRequest


class Tick(CaseRequest, frozen=True, kw_only=True):
    """Record the whole checklist of one report: item -> held. What is recorded so already is not written again."""

    report: MessageId
    held: dict[str, bool]
    evidence: dict[str, str]

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write what changed."""
        if case.report(self.report) is None:
            raise RefusedError("checklist.report", f"Case {case.label} has no such report.")
        known = {item.id for item in policy.item}
        unknown = sorted(set(self.held) - known)
        if unknown:
            raise RefusedError("checklist.item", f"The policy has no item '{unknown[0]}'.", policy.source)
        return [
            ItemTicked(report=self.report, item=item, held=held, evidence=self.evidence.get(item, ""))
            for item, held in self.held.items()
            if (tick := case.work.ticks.get((self.report, item))) is None or tick.held is not held
        ]
