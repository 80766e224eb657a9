"""Several issues in one case: move a report to a case of its own, or to another one (features, I3)."""

from collections.abc import Sequence

from seccon.core.carry import counted, embargo_along, report_along
from seccon.core.case import Case, Report, fold
from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import CaseOpened, ReportUnlinked
from seccon.core.ports import Book
from seccon.desk.join import pair, report_of, require_no_mail_on_its_way, require_reason
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, load, require_member, require_open


class PartReport(CaseRequest, frozen=True, kw_only=True):
    """Move a report to another case, or to a new one; with `keep` it stays here too: the mail tells of several issues."""

    report: MessageId
    to: int | None = None
    """None: a new case."""
    keep: bool = False
    why: str = ""

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write it into both, and give the entries of the other. Raises ConflictError, RefusedError, LedgerError."""
        require_member(office)
        with office.ledger.writing(office.person, office.clock()) as book:
            source, target = self._cases(office, book)
            report = report_of(source, self.report)
            require_reason(self.why)
            if not self.keep:
                _require_partable(source, report)
            why = self.why.strip()
            bodies = counted((*report_along(source, report, target, why), *embargo_along(source, target, why)))
            number = _written(book, source, target, bodies)
            if not self.keep:
                book.append(source.number, self.seen, source.policy, ReportUnlinked(report=report.id, to_case=number, why=why))
            return book.entries(number)[-len(bodies) :]

    def _cases(self, office: Office, book: Book) -> tuple[Case, Case | None]:
        if self.to is not None:
            source, target = pair(book, self.case, self.seen, self.to)
            if target.report(self.report):
                raise RefusedError("join.same", f"Case {target.label} has this report already.")
            return source, target
        source = load(office, self.case)
        require_open(source)
        source = fold(book.entries(self.case))
        if source.seq != self.seen:
            book.append(self.case, self.seen, source.policy)  # raises the conflict, with what was done meanwhile
        return source, None


def _written(book: Book, source: Case, target: Case | None, bodies: Sequence[Body]) -> int:
    if target is None:
        return book.open_file(source.policy, CaseOpened(project=source.project), *bodies)
    book.append(target.number, target.seq, target.policy, *bodies)
    return target.number


def _require_partable(source: Case, report: Report) -> None:
    if len(source.reports) == 1:
        raise RefusedError(
            "part.last",
            f"Case {source.label} would be left without a report.",
            hint="Keep it here too (the mail tells of several issues), or merge the cases (I).",
        )
    require_no_mail_on_its_way(source, (report,))
