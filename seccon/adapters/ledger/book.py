"""The ledger inside one transaction: what is read here cannot change before what is written here."""

from typing import TYPE_CHECKING

from seccon.adapters.ledger import board, journal, post
from seccon.adapters.ledger.database import Database
from seccon.adapters.ledger.verdicts import forget_verdicts
from seccon.core.errors import ConflictError, LedgerError
from seccon.core.ids import TEAM_FILE, MessageId
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.post import OutItem
from seccon.core.second import veil
from seccon.core.unseen import news

if TYPE_CHECKING:
    from seccon.core.ports import Projector


class Book:
    """Fulfils core.ports.Book; made by `Ledger.writing`, and of no use after it."""

    def __init__(self, db: Database, projector: "Projector", by: str, at: Instant) -> None:
        self._db, self._projector = db, projector
        self._by, self._at = by, at
        self._head: journal.Head | None = None
        self._touched: dict[int, None] = {}

    def entries(self, case: int) -> tuple[Entry, ...]:
        """Give all entries of a case as whoever writes may see them, in order."""
        with self._db.door:
            return veil(journal.entries(self._db, case), self._by)

    def open_file(self, policy: str, *bodies: Body) -> int:
        """Open a new file with the next running number; give the number."""
        with self._db.door:
            case = journal.next_case(self._db)
            self._write(journal.new_entries(case, 0, self._by, self._at, policy, bodies))
            return case

    def append(self, case: int, after: int, policy: str, *bodies: Body) -> tuple[Entry, ...]:
        """Append; `after` is the last entry that the writer saw. Raises ConflictError when news came after it."""
        with self._db.door:
            last = journal.last_seq(self._db, case)
            if last == 0 and case != TEAM_FILE:
                raise LedgerError(f"There is no case #{case}.")
            if last != after:
                self._require_no_news(case, after)
            new = journal.new_entries(case, last, self._by, self._at, policy, bodies)
            self._write(new)
            return new

    def cases_of(self, mail: MessageId) -> tuple[int, ...]:
        """Give the cases in which a mail stands, those of this transaction among them."""
        with self._db.door:
            self.project()
            found = self._db.run('SELECT DISTINCT "case" FROM mail WHERE mail = ? ORDER BY "case"', (mail,))
            return tuple(case for (case,) in found)

    def cases_recording(self, kind: str) -> tuple[int, ...]:
        """Give the cases that have an entry of a kind, those of this transaction among them."""
        with self._db.door:
            return journal.cases_recording(self._db, kind)

    def next_serial(self, project: str, year: int) -> int:
        """Give the next serial for a case id of that project and year: one more than was ever given."""
        statement = (
            "INSERT INTO serial (project, year, last) VALUES (?, ?, 1)"
            " ON CONFLICT (project, year) DO UPDATE SET last = serial.last + 1 RETURNING last"
        )
        with self._db.door:
            return int(self._db.run(statement, (project, year)).fetchall()[0][0])

    def put_item(self, item: OutItem) -> None:
        """Put into the outbox, or replace by id."""
        with self._db.door:
            post.put_item(self._db, item)

    def recover_items(self, *, mine: bool = False) -> tuple[OutItem, ...]:
        """Turn what a process that died was sending to perhaps-sent, together with the entries that say so."""
        with self._db.door:
            return post.recover_items(self._db, mine=mine)

    def drop_draft(self, draft: str) -> None:
        """Forget a draft."""
        with self._db.door:
            self._db.run("DELETE FROM draft WHERE id = ?", (draft,))

    def set_mark(self, name: str, value: str) -> None:
        """Remember a bookkeeping value, such as how far intake has come."""
        statement = "INSERT INTO mark (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        with self._db.door:
            self._db.run(statement, (name, value))

    def mark(self, name: str) -> str:
        """Give a bookkeeping value; empty where there is none."""
        with self._db.door:
            return journal.mark(self._db, name)

    def _require_no_news(self, case: int, after: int) -> None:
        entries = self.entries(case)
        since = news([entry for entry in entries if entry.seq > after], self._by)
        if since or len(entries) < after:
            who = ", ".join(dict.fromkeys(entry.by for entry in since)) or "somebody"
            raise ConflictError(f"{who} changed case #{case} meanwhile.", since)

    def project(self) -> None:
        """Write anew what lists know of every case touched since the last time."""
        for case in self._touched:
            board.put(self._db, case, self._projector(case, journal.entries(self._db, case)))
        self._touched.clear()

    def _write(self, new: tuple[Entry, ...]) -> None:
        head = self._head or journal.head(self._db)
        for entry in new:
            head = journal.add(self._db, head, entry)
            forget_verdicts(self._db, entry.body)
            self._touched[entry.case] = None
        journal.set_head(self._db, head)
        self._head = head
