"""The ledger's door for everybody else: it opens the file, and is what core.ports.Ledger asks for.

What writes and what proves is loaded when it is first asked for: the first screen only reads.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from seccon.adapters.ledger import journal
from seccon.adapters.ledger.database import PATIENCE, Database
from seccon.adapters.ledger.lists import Lists
from seccon.adapters.ledger.migrations import check_not_newer, migrate
from seccon.adapters.ledger.place import path_from, prepare
from seccon.adapters.ledger.post import Post
from seccon.adapters.ledger.verdicts import Verdicts
from seccon.core.errors import LedgerError
from seccon.core.instants import Instant
from seccon.core.journal import Entry
from seccon.core.proof import Proof
from seccon.core.second import veil

if TYPE_CHECKING:
    from seccon.adapters.ledger.book import Book
    from seccon.core.ports import Projector


class Ledger(Lists, Post, Verdicts):
    """The journal on SQLite, with its projections. Any thread may use it: each has a connection of its own."""

    def __init__(self, place: str | Path, projector: "Projector", group: str | None = None) -> None:
        """Open the ledger at a path or `sqlite:///` URL, made if need be. Raises LedgerError with what to do."""
        self.path = path_from(place)
        prepare(self.path, group)
        self._projector = projector
        self._db = Database(self.path)
        try:
            with self._db.door:
                migrate(self._db)
        except LedgerError:
            self._db.close_all()
            raise

    @contextmanager
    def writing(self, by: str, at: Instant) -> "Iterator[Book]":
        """Open the one kind of transaction in which anything is written; entries bear `by` and `at`."""
        from seccon.adapters.ledger.book import Book

        if self._db.in_transaction():
            raise LedgerError("Something is being written to the ledger already, and asks to write once more.")
        with self._db.door, self._db.change():
            check_not_newer(self._db)
            book = Book(self._db, self._projector, by, at)
            yield book
            book.project()

    def revision(self) -> int:
        """Give a number that moves whenever anybody has written; it says nothing once the ledger is opened anew."""
        with self._db.door:
            return self._db.revision()

    def entries(self, case: int, person: str = "") -> tuple[Entry, ...]:
        """Give all entries of a case as `person` may see them, in order; empty where there is no such file."""
        with self._db.door:
            return veil(journal.entries(self._db, case), person)

    def cases_recording(self, kind: str) -> tuple[int, ...]:
        """Give the cases that have an entry of a kind."""
        with self._db.door:
            return journal.cases_recording(self._db, kind)

    def mark(self, name: str) -> str:
        """Give a bookkeeping value; empty where there is none."""
        with self._db.door:
            return journal.mark(self._db, name)

    def verify(self) -> tuple[str, ...]:
        """Walk the whole chain; say where it breaks, in words. Empty: it holds."""
        return self.prove().breaks

    def prove(self, after: Proof | None = None) -> Proof:
        """Walk the chain from its beginning, or the rows that came since `after`, which must hold."""
        from seccon.adapters.ledger import chain

        with self._db.door, self._db.atomic():  # one moment's view, whoever writes meanwhile
            return chain.prove(self._db, after or Proof())

    def altered(self, case: int) -> tuple[str, ...]:
        """Say which entries of one case do not fit their own hashes; cheap, for each time a case is read."""
        from seccon.adapters.ledger import chain

        with self._db.door:
            return chain.altered(self._db, case)

    def rebuild(self) -> int:
        """Make all projections anew out of the entries; give the number of cases."""
        from seccon.adapters.ledger import board

        with self._db.door, self._db.change():
            return board.rebuild(self._db, self._projector)

    def close(self) -> None:
        """Let go of everything, once what other threads are doing is done."""
        self._db.door.shut(PATIENCE)
        self._db.close_all()
