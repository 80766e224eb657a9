"""Who answers for a case."""

from collections.abc import Sequence

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import CaseClaimed, CaseReleased
from seccon.core.policy import Policy
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, record, require_open
from seccon.desk.roster import roster_of


class Claim(CaseRequest, frozen=True, kw_only=True):
    """Take the case; from a colleague only with a reason."""

    why: str = ""

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write who takes it: always the person who asks."""

        def decide(case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
            require_open(case)
            if case.owner == office.person:
                raise RefusedError("claim", f"Case {case.label} is yours already.")
            if case.owner and not self.why.strip():
                owner = roster_of(office).display(case.owner)
                raise RefusedError("claim", f"Case {case.label} is {owner}'s.", hint="Write why you take it over.")
            return (CaseClaimed(owner=office.person, why=self.why),)

        return record(office, self.case, self.seen, decide)


class Release(CaseRequest, frozen=True, kw_only=True):
    """Give the case back to the team."""

    why: str = ""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it, if anybody had it."""
        if not case.owner:
            raise RefusedError("release", f"Nobody answers for case {case.label}.")
        return (CaseReleased(why=self.why),)
