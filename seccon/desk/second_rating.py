"""A second, blind rating (features, T4): a colleague rates before seeing the first; a difference is shown and settled."""

from collections.abc import Sequence

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import Assessed
from seccon.core.journal.work import SecondRated
from seccon.core.policy import Policy
from seccon.core.severity import check
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, record, require_open


class RateBlind(CaseRequest, frozen=True, kw_only=True):
    """Rate what a colleague rated, without having seen how."""

    rating: Assessed

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write it in the name of the person who asks. Raises RefusedError for who rated it first."""

        def decide(case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
            require_open(case)
            if case.assessment is None:
                raise RefusedError("second.first", "Nobody has rated it yet: this would be the first rating.")
            if case.assessment.by == office.person:
                raise RefusedError("second.self", "You rated it yourself: a second rating is a colleague's.")
            return (SecondRated(rating=check(policy, self.rating)),)

        return record(office, self.case, self.seen, decide)
