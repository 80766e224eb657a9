"""Take back the last link, split or merge of a case: reports go back as they are now, with all that came since (features, I3)."""

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from seccon.core.carry import counted, report_along, taken_back
from seccon.core.case import Case, fold
from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import CaseMerged, CaseUnmerged, ReportLinked, ReportUnlinked
from seccon.core.plural import count
from seccon.core.ports import Book
from seccon.desk.join import require_no_mail_on_its_way, require_reason
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, Request, require_member

_Reader = Callable[[int], Sequence[Entry]]


class Joint(msgspec.Struct, frozen=True):
    """A link, a split or a merge that can be taken back: reports came from `source` to `target`."""

    kind: Literal["link", "split", "merge"]
    source: int
    target: int
    reports: tuple[MessageId, ...]
    first: int
    """Its first entry in the target."""
    last: int

    @property
    def sentence(self) -> str:
        """Say what it was."""
        what = "the report" if len(self.reports) == 1 else count(len(self.reports), "report")
        done = {"link": f"linked {what} of", "split": f"moved {what} from", "merge": f"merged {what} of"}[self.kind]
        return f"{done} #{self.source} {'to' if self.kind != 'merge' else 'into'} #{self.target}"


class LastJoint(Request, frozen=True, kw_only=True):
    """Ask what `TakeBack` would take back. Writes nothing."""

    case: int

    def perform(self, office: Office) -> Joint | None:
        """Give it; None where there is nothing."""
        return _last(office.ledger.entries, self.case)


class TakeBack(CaseRequest, frozen=True, kw_only=True):
    """Undo the last link, split or merge that this case took part in."""

    why: str = ""

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write it into both. Raises ConflictError, RefusedError."""
        require_member(office)
        require_reason(self.why)
        with office.ledger.writing(office.person, office.clock()) as book:
            asked = fold(book.entries(self.case))
            if asked.seq != self.seen:
                book.append(self.case, self.seen, asked.policy)  # raises the conflict, with what was done meanwhile
            joint = _last(book.entries, self.case)
            if joint is None:
                raise RefusedError("undo.none", f"Nothing was linked, split or merged in case {asked.label}.")
            return self._undo(book, joint)

    def _undo(self, book: Book, joint: Joint) -> tuple[Entry, ...]:
        source, target = fold(book.entries(joint.source)), fold(book.entries(joint.target))
        reports = [one for one in target.reports if one.id in joint.reports]
        if len(reports) < len(joint.reports):
            raise RefusedError("undo.moved", f"A report that came to case {target.label} is not there any more.")
        if source.merged_into not in (None, target.number):
            raise RefusedError("undo.merged", f"Case {source.label} was merged into #{source.merged_into} meanwhile.")
        require_no_mail_on_its_way(target, reports)
        why = self.why.strip()
        back: list[Body] = [ReportUnlinked(report=one.id, to_case=source.number, why=why) for one in reports]
        back += _back(book.entries(joint.target), joint, target, why)
        returned: list[Body] = []
        if joint.kind != "link":
            for report in reports:
                returned += report_along(target, report, source, why)
            returned = list(counted(returned))
        if joint.kind == "merge":
            returned.append(CaseUnmerged(why=why))
        if len(reports) == len(target.reports):
            back.append(CaseMerged(into=source.number, why=why))
        written = book.append(target.number, target.seq, target.policy, *back)
        if returned:
            written += book.append(source.number, source.seq, source.policy, *returned)
        return written


def _back(entries: Sequence[Entry], joint: Joint, now: Case, why: str) -> list[Body]:
    before = fold(entry for entry in entries if entry.seq < joint.first)
    made = fold(entry for entry in entries if entry.seq <= joint.last)
    return list(taken_back(before, made, now, why)) if before.seq else []


def _last(entries: _Reader, case: int) -> Joint | None:
    """Find the newest joint of a case."""
    for entry in reversed(entries(case)):
        body = entry.body
        if isinstance(body, ReportLinked) and body.from_case:
            return _joint(entries, body.from_case, case, body.report)
        if isinstance(body, ReportUnlinked) and body.to_case:
            return _joint(entries, case, body.to_case, body.report)
    return None


def _joint(entries: _Reader, source: int, target: int, report: MessageId) -> Joint | None:
    block = _block(entries(target), source, report)
    if not block:
        return None
    first = block[0]
    here = [one.body for one in entries(source) if (one.at, one.by) == (first.at, first.by)]
    reports = tuple(one.body.report for one in block if isinstance(one.body, ReportLinked))
    merged = any(isinstance(body, CaseMerged) and body.into == target for body in here)
    left = any(isinstance(body, ReportUnlinked) and (body.to_case, body.report) == (target, report) for body in here)
    kind: Literal["link", "split", "merge"] = "merge" if merged else "split" if left else "link"
    return Joint(kind, source, target, reports, first.seq, block[-1].seq)


def _block(entries: Sequence[Entry], source: int, report: MessageId) -> Sequence[Entry]:
    """Give the last run of entries with which this report came from `source`; nothing where it went away since."""
    found: Sequence[Entry] = ()
    for place, entry in enumerate(entries):
        body = entry.body
        if isinstance(body, ReportLinked) and body.from_case == source and body.along:
            run = entries[place : place + body.along]
            if any(isinstance(one.body, ReportLinked) and one.body.report == report for one in run):
                found = run
        elif isinstance(body, ReportUnlinked) and body.report == report:
            found = ()
    return found
