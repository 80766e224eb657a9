"""The journal in its table: reading entries, adding to the chain. What entries mean is core's."""

from collections.abc import Sequence

import msgspec

from seccon.adapters.ledger.database import Database
from seccon.adapters.ledger.tables import EntryTable, insert, names_of, select
from seccon.core.errors import LedgerError
from seccon.core.instants import Instant, from_text, to_text
from seccon.core.journal import Body, Entry, body_from_json, chain_hash
from seccon.core.journal.entry import body_to_json

_ROW = names_of(EntryTable)
_OF_CASE = select(_ROW[1:-2], "entry", 'WHERE "case" = ? AND seq > ? ORDER BY seq')
_INSERT = insert(_ROW, "entry")


class Head(msgspec.Struct, frozen=True):
    """Where the chain ends: the last entry's id and hash."""

    entry: int
    hash: str


def entries(db: Database, case: int, after: int = 0) -> tuple[Entry, ...]:
    """Read the entries of a case that follow number `after`, in order."""
    return tuple(entry_from(*row) for row in db.run(_OF_CASE, (case, after)))


def entry_from(case: int, seq: int, at: str, by: str, policy: str, kind: str, body: str) -> Entry:
    """Make an entry of its columns. Raises LedgerError for a kind that this version does not know."""
    return Entry(case, seq, from_text(at), by, policy, body_from_json(kind, body))


def cases(db: Database) -> tuple[int, ...]:
    """Give the numbers of all files."""
    return tuple(number for (number,) in db.run('SELECT DISTINCT "case" FROM entry ORDER BY "case"'))


def cases_recording(db: Database, kind: str) -> tuple[int, ...]:
    """Give the files that have an entry of a kind."""
    found = db.run('SELECT DISTINCT "case" FROM entry WHERE kind = ? AND "case" > 0 ORDER BY "case"', (kind,))
    return tuple(number for (number,) in found)


def last_seq(db: Database, case: int) -> int:
    """Give the number of a file's last entry; 0 where there is none."""
    return int(db.run('SELECT coalesce(max(seq), 0) FROM entry WHERE "case" = ?', (case,)).fetchone()[0])


def next_case(db: Database) -> int:
    """Give the running number for a new file."""
    return int(db.run('SELECT coalesce(max("case"), 0) FROM entry').fetchone()[0]) + 1


def head(db: Database) -> Head:
    """Read where the chain ends."""
    row = db.run("SELECT entry, hash FROM head WHERE one = 1").fetchone()
    if row is None:
        raise LedgerError(f"The ledger {db.database} has lost the end of its chain.", "Run `seccon doctor`.")
    return Head(*row)


def set_head(db: Database, end: Head) -> None:
    """Write where the chain ends."""
    db.run("UPDATE head SET entry = ?, hash = ? WHERE one = 1", (end.entry, end.hash))


def add(db: Database, end: Head, entry: Entry) -> Head:
    """Write one entry after the end of the chain; give the new end."""
    try:
        body, seal = body_to_json(entry.body).decode(), chain_hash(end.hash, entry)
    except (UnicodeEncodeError, msgspec.MsgspecError, TypeError) as error:
        raise LedgerError(f"An entry of kind '{entry.kind}' cannot be written: {error}.") from error
    at = to_text(entry.at)
    values = (end.entry + 1, entry.case, entry.seq, at, entry.by, entry.policy, entry.kind, body, end.hash, seal)
    db.run(_INSERT, values)
    return Head(end.entry + 1, seal)


def new_entries(case: int, after: int, by: str, at: Instant, policy: str, bodies: Sequence[Body]) -> tuple[Entry, ...]:
    """Number what is to be written, and take its time to the second, as it will be read again."""
    when = from_text(to_text(at))
    return tuple(Entry(case, seq, when, by, policy, body) for seq, body in enumerate(bodies, after + 1))


def mark(db: Database, name: str) -> str:
    """Read a bookkeeping value; empty where there is none."""
    found = db.run("SELECT value FROM mark WHERE name = ?", (name,)).fetchone()
    return "" if found is None else str(found[0])
