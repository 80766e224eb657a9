"""Several reports of one issue: link a report to another case too, or merge a whole case into another (features, I3)."""

from collections.abc import Sequence

from seccon.core.carry import counted, embargo_along, report_along, results_along
from seccon.core.case import Case, Report, fold
from seccon.core.errors import LedgerError, RefusedError
from seccon.core.ids import MessageId
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import CaseMerged, NoteAdded, ReportUnlinked
from seccon.core.ports import Book
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, require_member, require_open


class LinkReport(CaseRequest, frozen=True, kw_only=True):
    """Let a report of this case belong to another case too: it tells of several issues."""

    report: MessageId
    to: int
    why: str = ""

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write it into the other case. Raises ConflictError, RefusedError, LedgerError."""
        require_member(office)
        with office.ledger.writing(office.person, office.clock()) as book:
            source, target = pair(book, self.case, self.seen, self.to)
            report = report_of(source, self.report)
            require_reason(self.why)
            if target.report(report.id):
                raise RefusedError("join.same", f"Case {target.label} has this report already.")
            why = self.why.strip()
            bodies = counted((*report_along(source, report, target, why), *embargo_along(source, target, why)))
            return book.append(target.number, target.seq, target.policy, *bodies)


class MergeCases(CaseRequest, frozen=True, kw_only=True):
    """Move all reports of this case to another one: they are of one issue. This file stays as a signpost."""

    into: int
    why: str = ""

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write it into both. Raises ConflictError, RefusedError, LedgerError."""
        require_member(office)
        now = office.clock()
        with office.ledger.writing(office.person, now) as book:
            source, target = pair(book, self.case, self.seen, self.into)
            require_reason(self.why)
            _require_mergeable(source, target)
            require_no_mail_on_its_way(source, source.reports)
            why = self.why.strip()
            moved = [ReportUnlinked(report=one.id, to_case=target.number, why=why) for one in source.reports]
            book.append(target.number, target.seq, target.policy, *_merged(source, target, why, now))
            return book.append(source.number, self.seen, source.policy, *moved, CaseMerged(into=target.number, why=why))


def _merged(source: Case, target: Case, why: str, now: Instant) -> Sequence[Body]:
    bodies: list[Body] = []
    for report in source.reports:
        if target.report(report.id) is None:
            bodies += report_along(source, report, target, why)
    bodies += embargo_along(source, target, why)
    bodies += results_along(source, target, now)
    stays = _stays_behind(source)
    if stays:
        bodies.append(NoteAdded(text=f"Merged from {source.label}, in whose history remain: {', '.join(stays)}."))
    return counted(bodies)


def _stays_behind(source: Case) -> list[str]:
    """Name the results of the other case that are not carried: a person looks whether they hold here too."""
    work = source.work
    found = [f"the rating {source.severity}"] if source.severity else []
    found += [f"the bug {work.bug.url}"] if work.bug else []
    found += [f"patch version {work.patch}"] if work.fixes else []
    found += ["the state of its branches"] if work.branches else []
    found += ["the advisory's words"] if work.advisory else []
    return found


def _require_mergeable(source: Case, target: Case) -> None:
    if source.id and not target.id:
        raise RefusedError(
            "merge.id", f"Case {source.label} has an id, and {target.label} has none.", hint="Merge the other way round."
        )  # fmt: skip
    ours, theirs = source.work.cve, target.work.cve
    if ours and theirs and ours != theirs:
        raise RefusedError(
            "merge.cve",
            f"Case {source.label} has {ours}, and {target.label} has {theirs}: each issue has one id.",
            hint="Withdraw one of the ids first (C), or leave them two cases.",
        )
    if source.embargo.active and target.embargo.state == "ended":
        raise RefusedError(
            "merge.embargo",
            f"Case {source.label} is under embargo until {source.embargo.until:%Y-%m-%d %H:%M}Z; that of {target.label} is over.",
            hint="End the embargo here first, with its reason.",
        )


def pair(book: Book, case: int, seen: int, other: int) -> tuple[Case, Case]:
    """Read two open cases of one project, the first as the person saw it. Raises ConflictError, LedgerError, RefusedError."""
    if other == case:
        raise RefusedError("join.self", "That is this case itself.")
    entries, others = book.entries(case), book.entries(other)
    for number, found in ((case, entries), (other, others)):
        if not found:
            raise LedgerError(f"There is no case #{number}.", "See the queue.")
    source, target = fold(entries), fold(others)
    if source.seq != seen:
        book.append(case, seen, source.policy)  # raises the conflict, with what was done meanwhile
    for one in (source, target):
        if one.merged_into is not None:
            raise RefusedError("join.merged", f"Case {one.label} was merged into #{one.merged_into}.")
        require_open(one)
    if source.project != target.project:
        sentence = f"Case {target.label} is one of {target.project}, and {source.label} of {source.project}."
        raise RefusedError("join.project", sentence)
    return source, target


def report_of(case: Case, report: MessageId) -> Report:
    """Find a report. Raises RefusedError where the case has it not."""
    found = case.report(report)
    if found is None:
        raise RefusedError("join.report", f"Case {case.label} has no such report.")
    return found


def require_reason(why: str) -> None:
    """Refuse without a reason: in a year somebody asks."""
    if not why.strip():
        raise RefusedError("join.why", "Write why: what in the reports shows it?")


def require_no_mail_on_its_way(case: Case, reports: Sequence[Report]) -> None:
    """Refuse while a reply to one of these reports lies in the outbox: its delivery is recorded where it was written."""
    names = {report.id for report in reports}
    for reply in case.replies:
        if reply.on_its_way and names.intersection(reply.queued.reports):
            raise RefusedError(
                "join.outbox",
                f"A reply to a reporter of case {case.label} has not left yet.",
                hint="Let it leave, or discard it (3 Outbox).",
            )
