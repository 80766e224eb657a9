"""Record supporting staff whom a member told: minimal, and on record (features, F7)."""

from collections.abc import Sequence

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal.work import StaffTold
from seccon.core.policy import Policy
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, record
from seccon.desk.roster import roster_of


class TellStaff(CaseRequest, frozen=True, kw_only=True):
    """Record whom the person who asks told, or another member where `member` names one."""

    staff: str
    why: str
    member: str = ""

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write it with the member's name."""
        roster = roster_of(office)
        name = self.member.strip() or roster.display(office.person)

        def decide(case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
            if roster.members and name not in [one.name for one in roster.members]:
                raise RefusedError("staff.member", f"Nobody on the roster is called '{name}'.", policy.source)
            if not self.staff.strip():
                raise RefusedError("staff.whom", "Say whom they told: a name, with an address where mail shall go there.")
            if not self.why.strip():
                raise RefusedError(
                    "staff.why", "Write what they are needed for: the staff that knows is to be minimal.", policy.source
                )
            return (StaffTold(member=name, staff=" ".join(self.staff.split()), why=self.why.strip()),)

        return record(office, self.case, self.seen, decide)
