"""What lists and calendars read of the projections. Each question is one statement."""

import unicodedata
from collections.abc import Sized
from typing import Any, get_args

from seccon.adapters.ledger.database import Database
from seccon.adapters.ledger.tables import ROW_COLUMNS, BoardTable, InstantField, MailTable, columns, select
from seccon.core.board import LEAK, UNPUBLISHED, BoardQuery, Counts, Dated, MailRef, Row, Sort, State
from seccon.core.ids import MessageId
from seccon.core.instants import Instant, from_text, to_text
from seccon.core.post import OutState


def comparable(text: str) -> str:
    """Give the form in which texts are searched and compared: whatever case, and however an umlaut was composed."""
    plain = text.encode("utf-8", "replace").decode().replace("\0", " ")
    return unicodedata.normalize("NFKC", plain.casefold())


_ORDERS: dict[Sort, tuple[str, ...]] = {
    "urgency": ("calm", "due", "-rank", "opened", "number"),
    "age": ("opened", "number"),
    "severity": ("-rank", "due", "number"),
    "activity": ("-touched", "number"),
    "number": ("number",),
    "reporter": ("byname", "number"),
}
"""What stands first: the most urgent, the oldest, the most severe, the last touched; each has its index (migrations)."""

_INSTANTS = tuple(
    (place, BoardTable._meta.fields[name].absent)
    for place, name in enumerate(ROW_COLUMNS)
    if isinstance(BoardTable._meta.fields[name], InstantField)
)
_FLAGS = tuple(ROW_COLUMNS.index(name) for name in ("encrypted", "signed"))
_MAILS = ROW_COLUMNS.index("mails")
_REST = (
    ' LEFT JOIN seen s ON s.person = ? AND s."case" = b.number'
    " LEFT JOIN verdict v ON v.mail = b.report AND v.digest = b.proof"
)  # fmt: skip
_FIELDS = f"{columns(ROW_COLUMNS, 'b')}, coalesce(s.mails, 0), coalesce(v.mark, '')"
_PRESSES = (
    "((calm = 0 AND alarm IN (?, ?)) OR number IN (SELECT \"case\" FROM dated WHERE open = 1 AND due <= ? AND kind = 'embargo'))"
)
_NUMBERED = 'SELECT "case" FROM entry WHERE "case" = ? AND "case" > 0 LIMIT 1'
_IN_OUTBOX = (OutState.WAITING, OutState.FAILED, OutState.PERHAPS)


class Lists:
    """The reading half of a ledger's lists."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def rows(
        self, query: BoardQuery, person: str, offset: int = 0, limit: int = 100, now: Instant | None = None
    ) -> tuple[Row, ...]:
        """Give a window of the list; `unread` counts for `person`. By `now` what presses stands first (features, E9)."""
        with self._db.door:
            pressing = self._pressing(query, now) if now is not None else []
            lead = pressing[offset : None if limit < 0 else offset + limit]
            rest = (max(offset - len(pressing), 0), limit if limit < 0 else limit - len(lead))
            return (*self._named(lead, person), *self._window(query, person, pressing, *rest))

    def _pressing(self, query: BoardQuery, now: Instant) -> list[int]:
        """Give the few cases whose date has come and that are not public, as far as the list shows them."""
        where, values = _conditions(query)
        statement = f"SELECT number FROM board WHERE {where} AND {_PRESSES} ORDER BY due, number"  # noqa: S608
        return [number for (number,) in self._db.run(statement, (*values, LEAK, UNPUBLISHED, to_text(now)))]

    def _named(self, numbers: list[int], person: str) -> tuple[Row, ...]:
        if not numbers:
            return ()
        statement = f"SELECT {_FIELDS} FROM board b{_REST} WHERE b.number IN ({_blanks(numbers)})"  # noqa: S608
        found = [_row(one) for one in self._db.run(statement, (person, *numbers))]
        return tuple(sorted(found, key=lambda row: numbers.index(row.number)))

    def _window(self, query: BoardQuery, person: str, without: list[int], offset: int, limit: int) -> tuple[Row, ...]:
        where, values = _conditions(query)
        where = f"{where} AND number NOT IN ({_blanks(without)})" if without else where
        window = f"SELECT number FROM board WHERE {where} ORDER BY {_order(query)} LIMIT ? OFFSET ?"  # noqa: S608
        statement = (
            f"SELECT {_FIELDS} FROM ({window}) w JOIN board b ON b.number = w.number{_REST} ORDER BY {_order(query, 'b.')}"  # noqa: S608
        )
        return tuple(map(_row, self._db.run(statement, (*values, *without, limit, offset, person)).fetchall()))

    def count(self, query: BoardQuery) -> int:
        """Count the rows of a list."""
        where, values = _conditions(query)
        with self._db.door:
            return int(self._db.run(" ".join(("SELECT count(*) FROM board WHERE", where)), values).fetchone()[0])

    def row(self, case: int, person: str = "") -> Row | None:
        """Give one row, whatever its state."""
        with self._db.door:
            found = self._db.run(f"SELECT {_FIELDS} FROM board b{_REST} WHERE b.number = ?", (person, case)).fetchone()  # noqa: S608
        return None if found is None else _row(found)

    def find(self, label: str) -> int | None:
        """Find a case by its id (`Q-2026-041`, any case) or number (`17`, `#17`)."""
        wanted = label.strip()
        number = wanted.removeprefix("#")
        found = None
        with self._db.door:
            if number.isascii() and number.isdecimal() and len(number) < 18:
                found = self._db.run(_NUMBERED, (int(number),)).fetchone()
            if found is None:
                found = self._db.run("SELECT number FROM board WHERE key = ? AND key <> ''", (comparable(wanted),)).fetchone()
        return None if found is None else int(found[0])

    def counts(self, now: Instant, person: str = "") -> Counts:
        """Give the figures of the top line; the outbox counts what waits, failed or was perhaps sent."""
        statement = (
            "SELECT count(*), coalesce(sum(CASE WHEN due < ? THEN 1 ELSE 0 END), 0),"
            " (SELECT count(*) FROM outbox WHERE state IN (?, ?, ?)), (SELECT count(*) FROM draft WHERE person = ?)"
            " FROM board WHERE state <> 'closed'"
        )
        with self._db.door:
            return Counts(*self._db.run(statement, (to_text(now), *_IN_OUTBOX, person)).fetchone())

    def pressing(self, now: Instant) -> tuple[str, ...]:
        """Name the cases that press, the longest overdue first."""
        statement = f"SELECT id, number FROM board WHERE state <> 'closed' AND {_PRESSES} ORDER BY due, number LIMIT 100"  # noqa: S608
        with self._db.door:
            found = self._db.run(statement, (LEAK, UNPUBLISHED, to_text(now)))
            return tuple(case or f"#{number}" for case, number in found)

    def dates(self, start: Instant, end: Instant, *, only_open: bool = True, clocks: bool = True) -> tuple[Dated, ...]:
        """Give what touches the time from `start` to `end`, both included, by due time."""
        openness = "d.open = 1" if only_open else "d.open IN (0, 1)"
        kinds = "" if clocks else " AND d.kind <> 'clock'"
        statement = (
            "SELECT d.\"case\", d.kind, d.name, d.title, d.start, d.due, d.rank, d.open, coalesce(b.id, ''), d.hard FROM dated d"  # noqa: S608
            f' LEFT JOIN board b ON b.number = d."case" WHERE {openness}{kinds} AND d.due >= ? AND d.start <= ?'
            ' ORDER BY d.due, d."case", d.ord'
        )
        with self._db.door:
            return tuple(_dated(*row) for row in self._db.run(statement, (to_text(start), to_text(end))))

    def mails(self, case: int) -> tuple[MailRef, ...]:
        """Give the mails of a case, by arrival."""
        with self._db.door:
            found = self._db.run(select(_REF, "mail", 'WHERE "case" = ? ORDER BY arrived, ord'), (case,))
            return tuple(_mail(*row) for row in found)

    def cases_of(self, mail: MessageId) -> tuple[int, ...]:
        """Give the cases in which a mail stands."""
        with self._db.door:
            found = self._db.run('SELECT DISTINCT "case" FROM mail WHERE mail = ? ORDER BY "case"', (mail,))
            return tuple(case for (case,) in found)

    def cases_with(self, direction: str) -> tuple[int, ...]:
        """Give the cases that hold a mail of this direction."""
        with self._db.door:
            found = self._db.run('SELECT DISTINCT "case" FROM mail WHERE direction = ? ORDER BY "case"', (direction,))
            return tuple(case for (case,) in found)


_REF = ("mail", "digest", "report", "arrived", "direction")


def _blanks(values: Sized) -> str:
    return ", ".join("?" * len(values))


def _conditions(query: BoardQuery) -> tuple[str, tuple[Any, ...]]:
    """Write what the list is filtered by. No index begins with these: SQLite must not give up the one that sorts."""
    parts, values = _states(query.states)
    if query.project:
        parts.append("project = ?")
        values.append(query.project)
    if query.due_by is not None:
        parts.append("due < ?")
        values.append(to_text(query.due_by))
    if query.words:  # all texts are read once, in the order of the file: row by row in the list's order takes five times as long
        words = " AND ".join("search LIKE ? ESCAPE '\\'" for _ in query.words)
        parts.append(f"number IN (SELECT number FROM board WHERE {words})")  # noqa: S608
        values += [f"%{_literal(comparable(word))}%" for word in query.words]
    return " AND ".join(parts) or "1 = 1", tuple(values)


def _states(states: tuple[State, ...]) -> tuple[list[str], list[Any]]:
    """Ask for what is left out where that is one state at most: it halves the time of skipping rows."""
    missing = [state for state in get_args(State) if state not in states]
    if len(missing) < 2:
        return ["state <> ?"] * len(missing), [*missing]
    return [f"state IN ({', '.join('?' * len(states))})"], [*states]


def _literal(word: str) -> str:
    for special in ("\\", "%", "_"):
        word = word.replace(special, "\\" + special)
    return word


def _order(query: BoardQuery, prefix: str = "") -> str:
    """Write the order of a list; reversed, every part of it turns round, and the same index is walked backwards."""
    keys = _ORDERS[query.sort]
    return ", ".join(f"{prefix}{key.lstrip('-')}{' DESC' if key.startswith('-') is not query.reverse else ''}" for key in keys)


def _row(found: tuple[Any, ...]) -> Row:
    *fields, seen, mark = found
    for place, absent in _INSTANTS:
        fields[place] = None if fields[place] == absent else from_text(fields[place])
    for place in _FLAGS:
        fields[place] = bool(fields[place])
    values: list[Any] = [*fields, max(0, fields[_MAILS] - seen), mark]
    return Row(*values)


def _dated(
    case: int, kind: Any, name: str, title: str, start: str, due: str, rank: int, still: int, label: str, hard: int
) -> Dated:
    return Dated(case, kind, name, title, from_text(start), from_text(due), rank, bool(still), label or f"#{case}", bool(hard))


def _mail(mail: MessageId, digest: str, report: MessageId, arrived: str, direction: str) -> MailRef:
    return MailRef(mail, digest, report, MailTable.arrived.python_value(arrived), direction)
