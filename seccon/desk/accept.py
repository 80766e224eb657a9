"""Take a report for work: the case gets its id."""

from seccon.core.case import Case, fold
from seccon.core.errors import RefusedError
from seccon.core.ids import CaseId
from seccon.core.journal import Entry
from seccon.core.journal.cases import CaseAccepted, CaseClaimed
from seccon.core.policy import Policy
from seccon.core.team import Project
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, policy_of, require_member, require_open


class Accept(CaseRequest, frozen=True, kw_only=True):
    """Accept a case, and answer for it where nobody does yet."""

    why: str = ""

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Give the next id of the project and year: the serial is read and used inside one transaction."""
        require_member(office)
        now = office.clock()
        with office.ledger.writing(office.person, now) as book:
            case = fold(book.entries(self.case))
            require_open(case)
            if case.id:
                raise RefusedError("accept", f"The case is accepted already, as {case.id}.")
            policy = policy_of(office, case)
            serial = book.next_serial(case.project, now.year)
            accepted = CaseAccepted(id=case_id(policy, project_of(office, case), now.year, serial), why=self.why)
            owner = () if case.owner else (CaseClaimed(owner=office.person),)
            return book.append(self.case, self.seen, case.policy, accepted, *owner)


def project_of(office: Office, case: Case) -> Project | None:
    """Find the project of a case in the configuration."""
    return next((project for project in office.projects if project.name == case.project), None)


def case_id(policy: Policy, project: Project | None, year: int, serial: int) -> CaseId:
    """Write a case id in the policy's form."""
    prefix = (project.prefix if project else "") or policy.case.prefix
    return CaseId(policy.case.form.format(prefix=prefix, year=year, serial=serial))
