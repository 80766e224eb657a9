"""Everything that a screen shows of one case, gathered in one answer."""

from datetime import date

import msgspec

from seccon.core.board import Row
from seccon.core.case import Case, fold
from seccon.core.clocks import Reading, readings
from seccon.core.errors import LedgerError
from seccon.core.instants import Instant
from seccon.core.journal import Entry
from seccon.core.policy import Policy
from seccon.core.post import Draft
from seccon.core.steps import Step, seen_by, steps
from seccon.desk.office import Office
from seccon.desk.request import Request, days_off, policy_of
from seccon.desk.roster import roster_of


class CaseView(msgspec.Struct, frozen=True):
    """One case at one moment."""

    case: Case
    policy: Policy
    row: Row | None
    entries: tuple[Entry, ...]
    steps: tuple[Step, ...]
    readings: tuple[Reading, ...]
    drafts: tuple[Draft, ...]
    now: Instant
    person: str
    holidays: frozenset[date] = frozenset()
    """Those of this year and the next two: an embargo ends within them."""


class OpenCase(Request, frozen=True, kw_only=True):
    """Look at a case; `look` marks its mails as seen by this person."""

    case: int
    look: bool = False

    def perform(self, office: Office) -> CaseView:
        """Gather; nothing is decided."""
        entries = office.ledger.entries(self.case, office.person)
        if not entries:
            raise LedgerError(f"There is no case #{self.case}.", "See the queue.")
        case, now = fold(entries), office.clock()
        policy = policy_of(office, case)
        if self.look:
            office.ledger.saw(office.person, self.case)
        return CaseView(
            case=case,
            policy=policy,
            row=office.ledger.row(self.case, office.person),
            entries=entries,
            steps=seen_by(steps(case, policy, now, days_off(office, policy)), office.person, roster_of(office)),
            readings=readings(case, policy, now, days_off(office, policy)),
            drafts=office.ledger.drafts(office.person, self.case),
            now=now,
            person=office.person,
            holidays=_near(office, policy, now),
        )


def _near(office: Office, policy: Policy, now: Instant) -> frozenset[date]:
    found = office.holidays.get(policy.key)
    return frozenset(found.named(date(now.year, 1, 1), date(now.year + 2, 12, 31))) if found else frozenset()
