"""Rate a case (features, T1 T2)."""

from collections.abc import Sequence

from seccon.core.case import Case
from seccon.core.instants import Instant
from seccon.core.journal import Body
from seccon.core.journal.cases import Assessed
from seccon.core.policy import Policy
from seccon.core.severity import check
from seccon.desk.request import CaseRequest, require_open


class Assess(CaseRequest, frozen=True, kw_only=True):
    """Record a rating; the suggestion in it is worked out anew here, never taken from the asker."""

    rating: Assessed

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write the rating as the policy's questions judge it."""
        require_open(case)
        return (check(policy, self.rating),)
