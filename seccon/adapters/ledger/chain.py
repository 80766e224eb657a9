"""Walking the journal's chain: the whole, what is new since the last walk, or the entries of one case."""

from collections.abc import Iterator
from typing import Any

from seccon.adapters.ledger.database import Database
from seccon.adapters.ledger.journal import entry_from
from seccon.adapters.ledger.tables import EntryTable, names_of, select
from seccon.core.errors import LedgerError
from seccon.core.instants import to_text
from seccon.core.journal import chain_hash
from seccon.core.journal.entry import body_to_json
from seccon.core.proof import Proof

_ROW = names_of(EntryTable)
_AFTER = select(_ROW, "entry", "WHERE id > ? ORDER BY id")
_OF_CASE = select(_ROW, "entry", 'WHERE "case" = ? ORDER BY seq')
_BEFORE = 'SELECT coalesce(max(seq), 0) FROM entry WHERE "case" = ? AND id <= ?'


def prove(db: Database, after: Proof) -> Proof:
    """Walk the rows after those that were proved, and say in words each place where the chain does not hold."""
    walk = _Walk(db, after)
    return Proof(breaks=tuple(walk.breaks()), entries=walk.entry, head=walk.hash)


def altered(db: Database, case: int) -> tuple[str, ...]:
    """Say which entries of one case do not fit their own hashes."""
    return tuple(wrong for row in db.run(_OF_CASE, (case,)) if (wrong := _unsealed(row)))


class _Walk:
    """One walk; `entry` and `hash` are where it stands."""

    def __init__(self, db: Database, after: Proof) -> None:
        self._db, self._from = db, after.entries
        self.entry, self.hash = after.entries, after.head
        self._seqs: dict[int, int] = {}

    def breaks(self) -> Iterator[str]:
        yield from self._start()
        for row in self._db.run(_AFTER, (self._from,)):
            yield from self._row(row)
        last = self._db.run("SELECT entry, hash FROM head WHERE one = 1").fetchone()
        if last is None or tuple(last) != (self.entry, self.hash):
            yield f"The journal ends at row {self.entry}, but that is not the last row that was written."

    def _start(self) -> Iterator[str]:
        if not self._from:
            return
        found = self._db.run("SELECT hash FROM entry WHERE id = ?", (self._from,)).fetchone()
        if found is None or found[0] != self.hash:
            yield f"Row {self._from} is not the one that was there before."

    def _row(self, row: tuple[Any, ...]) -> Iterator[str]:
        number, case, seq = row[0], row[1], row[2]
        before = self._seqs[case] if case in self._seqs else self._seq_before(case)
        if number != self.entry + 1:
            yield f"{_rows(self.entry + 1, number - 1)} missing from the journal."
        if row[-2] != self.hash:
            yield f"{_name(row)} does not follow the row before it: something was removed, added or put in another order."
        if seq != before + 1:
            yield f"{_name(row)} follows entry {before} of its case: the numbers do not count on."
        if wrong := _unsealed(row):
            yield wrong
        self._seqs[case] = seq
        self.entry, self.hash = number, row[-1]

    def _seq_before(self, case: int) -> int:
        return int(self._db.run(_BEFORE, (case, self._from)).fetchone()[0]) if self._from else 0


def _unsealed(row: tuple[Any, ...]) -> str:
    """Say why a row does not fit its own hash; empty when it does. The text must be as we write it, to the letter."""
    *written, prev, seal = row
    try:
        entry = entry_from(*written[1:])
        same = to_text(entry.at) == written[3] and body_to_json(entry.body).decode() == written[7]
        if same and chain_hash(prev, entry) == seal:
            return ""
    except LedgerError as error:
        return f"{_name(row)} cannot be read: {error}"
    except ValueError:
        return f"{_name(row)} bears a time that is none."
    return f"{_name(row)} was changed after it was written: its hash does not fit."


def _name(row: tuple[Any, ...]) -> str:
    number, case, seq, *_ = row
    return f"Row {number} (case #{case}, entry {seq}, {str(row[6])[:40]})"


def _rows(first: int, last: int) -> str:
    return f"Row {first} is" if first == last else f"Rows {first} to {last} are"
