"""The projections in their tables: writing what the projector made of a case, and no more of it than has changed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from seccon.adapters.ledger import journal
from seccon.adapters.ledger.database import Database
from seccon.adapters.ledger.lists import comparable
from seccon.adapters.ledger.tables import ROW_COLUMNS, BoardTable, DatedTable, MailTable, insert, names_of, select
from seccon.core.board import Dated, MailRef, Projection, Row

if TYPE_CHECKING:
    from seccon.core.ports import Projector


def rebuild(db: Database, projector: "Projector") -> int:
    """Make all projections anew; give the number of cases."""
    for statement in ("DELETE FROM board", "DELETE FROM dated", "DELETE FROM mail"):
        db.run(statement)
    numbers = [number for number in journal.cases(db) if number]
    for number in (0, *numbers):
        put(db, number, projector(number, journal.entries(db, number)))
    return len(numbers)


def put(db: Database, case: int, projection: Projection) -> None:
    """Write what lists know of a case."""
    _put_row(db, case, projection)
    _put_list(db, _DATED, case, [_dated_values(case, place, one) for place, one in enumerate(projection.dates)])
    mails = dict.fromkeys(projection.mails)
    _put_list(db, _MAIL, case, [_mail_values(case, place, one) for place, one in enumerate(mails)])


_BOARD = names_of(BoardTable)
_OLD_ROW = select(_BOARD, "board", "WHERE number = ?")
_NEW_ROW = insert(_BOARD, "board")


class _Lines:
    """The statements for a table that holds several lines for each case."""

    def __init__(self, table: type[Any], name: str) -> None:
        names = names_of(table)
        self.read = select(names, name, 'WHERE "case" = ? ORDER BY ord')
        self.cut = f'DELETE FROM {name} WHERE "case" = ? AND ord >= ?'  # noqa: S608  # a name of ours
        self.add = insert(names, name)


_DATED = _Lines(DatedTable, "dated")
_MAIL = _Lines(MailTable, "mail")


def _put_row(db: Database, case: int, projection: Projection) -> None:
    if projection.row is None:
        db.run("DELETE FROM board WHERE number = ?", (case,))
        return
    new = _row_values(case, projection.row, projection.mails, projection.words)
    old = db.run(_OLD_ROW, (case,)).fetchone()
    if old is None:
        db.run(_NEW_ROW, new)
        return
    changed = {name: value for name, value, before in zip(_BOARD, new, old, strict=True) if value != before}
    if changed:  # an unchanged column's index is not written: a commit stays a few pages
        names = ", ".join(f'"{name}" = ?' for name in changed)
        db.run(" ".join(("UPDATE board SET", names, "WHERE number = ?")), (*changed.values(), case))


def _row_values(case: int, row: Row, mails: Sequence[MailRef], words: Sequence[str]) -> tuple[Any, ...]:
    digests = {one.digest for one in mails if one.mail == row.report}
    texts = (row.subject, row.reporter, row.address, row.id, f"#{case}", row.owner, row.next, row.severity, *words)
    fields = {
        **{name: getattr(row, name) for name in ROW_COLUMNS},
        "number": case,
        "calm": 0 if row.alarm else 1,
        "byname": comparable(row.reporter),
        "key": comparable(row.id),
        "proof": next(iter(digests)) if len(digests) == 1 else "",
        "search": comparable("\n".join(texts)),
    }
    known = BoardTable._meta.fields
    return tuple(known[name].db_value(fields[name]) for name in _BOARD)


def _dated_values(case: int, place: int, one: Dated) -> tuple[Any, ...]:
    start, due = DatedTable.start.db_value(one.start), DatedTable.due.db_value(one.due)
    return (case, place, one.kind, one.name, one.title, start, due, one.rank, int(one.open), int(one.hard))


def _mail_values(case: int, place: int, one: MailRef) -> tuple[Any, ...]:
    return (case, place, one.mail, one.digest, one.report, MailTable.arrived.db_value(one.arrived), one.direction)


def _put_list(db: Database, lines: _Lines, case: int, new: list[tuple[Any, ...]]) -> None:
    """Bring the lines of a case up to date; those at the beginning that stayed the same are left alone."""
    old = db.run(lines.read, (case,)).fetchall()
    if old == new:
        return
    same = next((place for place, (one, two) in enumerate(zip(old, new, strict=False)) if one != two), min(len(old), len(new)))
    if same < len(old):
        db.run(lines.cut, (case, same))
    for values in new[same:]:
        db.run(lines.add, values)
