"""The id of an issue: recorded with who allocated it, no other case's, and withdrawn where it was wrong (features, F1)."""

from collections.abc import Callable, Sequence

from seccon.core.case import Case, fold
from seccon.core.cve import checked
from seccon.core.errors import RefusedError
from seccon.core.ids import CveId
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal.work import CveAssigned, CveWithdrawn
from seccon.core.policy import Policy
from seccon.core.ports import Book
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, Decide, policy_of, require_member

_ONE = "one id per issue"


class AssignCve(CaseRequest, frozen=True, kw_only=True):
    """Record the CVE id and who allocated it; one id an issue, one issue an id."""

    cve: str
    by: str = ""
    proof: str = ""
    replaces: bool = False

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it; another id in place of the one there is only knowingly."""
        cve = checked(self.cve, now)
        if not self.by.strip():
            raise RefusedError("cve.by", "Say who allocated it.", policy.cve.source or policy.source)
        old = case.work.cve
        if old == cve:
            raise RefusedError("cve.same", f"Case {case.label} has {cve} already.")
        if old and not self.replaces:
            raise RefusedError(
                "cve.one", f"Case {case.label} has {old}: each issue has one id.", policy.cve.source or policy.source
            )
        withdrawn = (CveWithdrawn(cve=old, why=f"replaced by {cve}"),) if old else ()
        return (*withdrawn, CveAssigned(cve=cve, by=self.by.strip(), proof=self.proof.strip()))

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write it, unless another case has the id. Raises ConflictError, RefusedError."""
        cve = checked(self.cve, office.clock())
        return record_free(office, self.case, lambda book: self.seen, self.decide, cve)


class WithdrawCve(CaseRequest, frozen=True, kw_only=True):
    """Record that the id was wrong, or is not used: the case has none then."""

    why: str

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it, with its reason."""
        if case.work.cve is None:
            raise RefusedError("cve.none", f"Case {case.label} has no CVE id.")
        if not self.why.strip():
            raise RefusedError("cve.why", f"Write why {case.work.cve} is withdrawn; its CNA must reject it or use it elsewhere.")
        return (CveWithdrawn(cve=case.work.cve, why=self.why.strip()),)


def record_free(office: Office, number: int, after: Callable[[Book], int], decide: Decide, cve: CveId) -> tuple[Entry, ...]:
    """Decide and write in one transaction in which no other case takes the id; `after` names the last entry that was seen."""
    require_member(office)
    now = office.clock()
    with office.ledger.writing(office.person, now) as book:
        case = fold(book.entries(number))
        bodies = decide(case, policy_of(office, case), now)
        refuse_taken(book, number, cve)
        return book.append(number, after(book), case.policy, *bodies)


def refuse_taken(book: Book, number: int, cve: CveId) -> None:
    """Refuse an id that another case has, naming that case; one that was merged away is a signpost and has nothing."""
    for other in book.cases_recording("cve-assigned"):
        if other == number:
            continue
        case = fold(book.entries(other))
        if case.merged_into is None and cve in [one.cve for one in case.work.cves]:
            raise RefusedError(
                "cve.taken",
                f"{cve} is the id of case {case.label}.",
                _ONE,
                "Look at both: merge them if they are one issue, or withdraw the id there (C). One published by mistake is told "
                "as a further id (E), with the reason at the gate.",
            )
