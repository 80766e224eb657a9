"""A mail that asks to join the team: the sender is nominated with it, and the file ends as a membership matter (H1)."""

from seccon.core import admission
from seccon.core.case import fold, last
from seccon.core.errors import RefusedError
from seccon.core.ids import TEAM_FILE
from seccon.core.journal import Entry
from seccon.core.journal.cases import CaseClosed
from seccon.desk.admit import asked_of, claimed_key
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, require_member, require_open


class NominateByMail(CaseRequest, frozen=True, kw_only=True):
    """Nominate whoever a case's mail is from, and close the case as membership: both, or neither."""

    address: str
    name: str = ""
    company: str = ""
    role: str = ""
    key: str = ""
    why: str = ""

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write it into both files. Raises ConflictError, RefusedError."""
        require_member(office)
        with office.ledger.writing(office.person, office.clock()) as book:
            case = fold(book.entries(self.case))
            require_open(case)
            if case.id:
                raise RefusedError("membership.accepted", f"{case.label} was accepted as a report.", hint="Close it otherwise.")
            if not case.reports:
                raise RefusedError("membership.mail", f"Case {case.label} holds no mail that could ask for it.")
            team = book.entries(TEAM_FILE)
            asked = asked_of(office, team)
            nominated = admission.nominate(
                asked.team, asked.roster, self.address, name=self.name, company=self.company, role=self.role,
                fingerprint=claimed_key(self.key), mail=case.reports[0].id, why=self.why,
            )  # fmt: skip
            book.append(TEAM_FILE, last(team), "", nominated)
            closed = CaseClosed(outcome="membership", why=self.why.strip() or f"{self.address} is nominated (4 Team).")
            return book.append(self.case, self.seen, case.policy, closed)
