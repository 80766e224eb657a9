"""Let a case wait for somebody, and take it up again (features, A5)."""

from collections.abc import Sequence

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.instants import Instant
from seccon.core.journal import Body
from seccon.core.journal.work import WaitingEnded, WaitingSet
from seccon.core.policy import Policy
from seccon.desk.request import CaseRequest, require_open


class Wait(CaseRequest, frozen=True, kw_only=True):
    """Wait for the reporter, or another, until their mail comes or `until` passes."""

    whom: str = "reporter"
    until: Instant | None = None
    why: str = ""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it. A report that nobody acknowledged waits for us, not for its reporter."""
        require_open(case)
        if self.until is not None and self.until <= now:
            raise RefusedError("wait.until", f"{self.until:%Y-%m-%d %H:%M}Z is not in the future.")
        if self.whom == "reporter" and any(not report.acknowledged for report in case.reports):
            raise RefusedError("wait.acknowledge", "A reporter was not acknowledged yet: the case waits for us.", policy.source)
        return (WaitingSet(whom=self.whom, until=self.until, why=self.why),)


class TakeUp(CaseRequest, frozen=True, kw_only=True):
    """Wait no longer."""

    why: str = ""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it."""
        if case.work.waiting is None:
            raise RefusedError("wait.end", f"Case {case.label} waits for nobody.")
        return (WaitingEnded(why=self.why),)
