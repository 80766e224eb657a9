"""A second rating by a colleague (part of features, T4). Its form does not show the first; lists and card still do."""

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


class RateAgain(CaseRequest, frozen=True, kw_only=True):
    """Rate what a colleague rated."""

    rating: Assessed

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write it in the name of the person who asks. Raises RefusedError for who rated it first."""

        def decide(case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
            require_open(case)
            if case.assessment is None:
                raise RefusedError("second.first", "Nobody has rated it yet: this would be the first rating.")
            if case.assessment.by == office.person:
                raise RefusedError("second.self", "You rated it yourself: a second rating is a colleague's.")
            # Lists and card show the first rating to everybody: the journal must not say that nobody saw it.
            return (SecondRated(rating=check(policy, self.rating), blind=False),)

        return record(office, self.case, self.seen, decide)
