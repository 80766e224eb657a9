"""A second rating by a colleague, and seeing the first before it (features, T4)."""

from collections.abc import Sequence

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import Assessed
from seccon.core.journal.work import RatingShown, SecondRated
from seccon.core.policy import Policy
from seccon.core.second import veiled, would_be_blind
from seccon.core.severity import check
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, record, require_open
from seccon.desk.roster import roster_of

SOURCE = "features T4"


class RateAgain(CaseRequest, frozen=True, kw_only=True):
    """Rate what a colleague rated. Whether that was blind is not the asker's word: the case as they may see it tells."""

    rating: Assessed

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write it in the name of the person who asks. Raises RefusedError for who rated it first."""
        name = roster_of(office).display

        def decide(case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
            if case.assessment is not None and name(case.assessment.by) == name(office.person):
                raise _self()
            return rate_again(case, policy, self.rating, office.person)

        return record(office, self.case, self.seen, decide)


def rate_again(case: Case, policy: Policy, rating: Assessed, person: str) -> Sequence[Body]:
    """Judge a second rating of a case as `person` may see it. Raises RefusedError."""
    require_open(case)
    if case.assessment is None:
        raise RefusedError("second.first", "Nobody has rated it yet: this would be the first rating.", SOURCE)
    if case.assessment.by == person:
        raise _self()
    return (SecondRated(rating=check(policy, rating), blind=would_be_blind(case, person)),)


def _self() -> RefusedError:
    return RefusedError("second.self", "You rated it yourself: a second rating is a colleague's.", SOURCE)


class ShowRating(CaseRequest, frozen=True, kw_only=True):
    """See a sealed rating before rating; it stays sealed for everybody else."""

    why: str = ""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write that this person has seen it."""
        if not veiled(case):
            raise RefusedError("second.shown", f"Nothing is sealed for you in case {case.label}.", SOURCE)
        return (RatingShown(why=self.why.strip()),)
