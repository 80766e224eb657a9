"""How the tables came to be: numbered steps, each in one transaction with its record. A step that was released never changes.

The text is SQL that SQLite and PostgreSQL share, but for {strict} and {blob}, which the database fills in.
"""

from collections.abc import Sequence

from seccon.adapters.ledger.database import Database
from seccon.core.errors import LedgerError

Migration = tuple[str, Sequence[str]]
"""A name for people, and statements."""

MIGRATIONS: tuple[Migration, ...] = (
    (
        "the journal and its projections",
        (
            'CREATE TABLE entry (id INTEGER PRIMARY KEY, "case" INTEGER NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL,'
            ' "by" TEXT NOT NULL, policy TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, prev TEXT NOT NULL UNIQUE,'
            ' hash TEXT NOT NULL, UNIQUE ("case", seq)) {strict}',
            "CREATE TABLE head (one INTEGER PRIMARY KEY, entry INTEGER NOT NULL, hash TEXT NOT NULL) {strict}",
            "INSERT INTO head VALUES (1, 0, '')",
            "CREATE TABLE board (number INTEGER PRIMARY KEY, id TEXT NOT NULL, project TEXT NOT NULL, state TEXT NOT NULL,"
            " subject TEXT NOT NULL, reporter TEXT NOT NULL, address TEXT NOT NULL, report TEXT, severity TEXT NOT NULL,"
            " rank INTEGER NOT NULL, opened TEXT NOT NULL, touched TEXT NOT NULL, step TEXT NOT NULL, next TEXT NOT NULL,"
            " due TEXT NOT NULL, owner TEXT NOT NULL, mails INTEGER NOT NULL, reporters INTEGER NOT NULL,"
            " encrypted INTEGER NOT NULL, signed INTEGER NOT NULL, embargo TEXT NOT NULL, alarm TEXT NOT NULL,"
            " calm INTEGER NOT NULL, byname TEXT NOT NULL, key TEXT NOT NULL, proof TEXT NOT NULL,"
            " search TEXT NOT NULL) {strict}",
            # Each order of the list is one index that also holds what rows are filtered by: skipping 50,000 rows reads no row.
            "CREATE INDEX board_urgency ON board (calm, due, rank DESC, opened, number, state, project)",
            "CREATE INDEX board_age ON board (opened, number, state, project)",
            "CREATE INDEX board_severity ON board (rank DESC, due, number, state, project)",
            "CREATE INDEX board_activity ON board (touched DESC, number, state, project)",
            "CREATE INDEX board_number ON board (number, state, project, due)",
            "CREATE INDEX board_reporter ON board (byname, number, state, project)",
            "CREATE INDEX board_key ON board (key)",
            'CREATE TABLE dated ("case" INTEGER NOT NULL, ord INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,'
            " title TEXT NOT NULL, start TEXT NOT NULL, due TEXT NOT NULL, rank INTEGER NOT NULL, open INTEGER NOT NULL,"
            ' hard INTEGER NOT NULL, PRIMARY KEY ("case", ord)) {strict}',
            "CREATE INDEX dated_due ON dated (open, due)",
            'CREATE TABLE mail ("case" INTEGER NOT NULL, ord INTEGER NOT NULL, mail TEXT NOT NULL, digest TEXT NOT NULL,'
            ' report TEXT NOT NULL, arrived TEXT NOT NULL, direction TEXT NOT NULL, PRIMARY KEY ("case", ord)) {strict}',
            "CREATE INDEX mail_mail ON mail (mail)",
            'CREATE TABLE seen (person TEXT NOT NULL, "case" INTEGER NOT NULL, mails INTEGER NOT NULL,'
            ' PRIMARY KEY (person, "case")) {strict}',
            "CREATE TABLE verdict (mail TEXT NOT NULL, digest TEXT NOT NULL, mark TEXT NOT NULL, fingerprint TEXT NOT NULL,"
            " verdict TEXT NOT NULL, PRIMARY KEY (mail, digest)) {strict}",
            'CREATE TABLE outbox (id TEXT PRIMARY KEY NOT NULL, "case" INTEGER NOT NULL, mail TEXT NOT NULL,'
            " sender TEXT NOT NULL, recipients TEXT NOT NULL, message {blob} NOT NULL, state TEXT NOT NULL, queued TEXT NOT NULL,"
            ' "by" TEXT NOT NULL, tries INTEGER NOT NULL, retry TEXT NOT NULL, problem TEXT NOT NULL, label TEXT NOT NULL,'
            " taker TEXT NOT NULL) {strict}",
            "CREATE INDEX outbox_state ON outbox (state)",
            'CREATE TABLE draft (id TEXT PRIMARY KEY NOT NULL, person TEXT NOT NULL, "case" INTEGER NOT NULL,'
            " saved TEXT NOT NULL, sealed {blob} NOT NULL, encrypted INTEGER NOT NULL) {strict}",
            "CREATE INDEX draft_person ON draft (person)",
            "CREATE TABLE mark (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) {strict}",
            "CREATE TABLE serial (project TEXT NOT NULL, year INTEGER NOT NULL, last INTEGER NOT NULL,"
            " PRIMARY KEY (project, year)) {strict}",
        ),
    ),
    (
        "recipients who were put off or refused while others took the mail",
        (
            "ALTER TABLE outbox ADD COLUMN late TEXT NOT NULL DEFAULT '[]'",
            "ALTER TABLE outbox ADD COLUMN refused TEXT NOT NULL DEFAULT '[]'",
        ),
    ),
)


def migrate(db: Database, steps: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring the database to this version. Raises LedgerError when it is newer, or is something else's."""
    tables = db.get_tables()
    if tables and "migration" not in tables:
        raise LedgerError(
            f"{db.database} is a database of another program, not a ledger.",
            "Name another path in the configuration ([ledger] url).",
        )
    db.write_ahead()
    check_not_newer(db, len(steps))
    if reached(db) < len(steps):
        for number, (name, statements) in enumerate(steps, 1):
            _apply(db, number, name, statements)


def check_not_newer(db: Database, known: int = len(MIGRATIONS)) -> None:
    """Raise LedgerError when a newer seccon has been here: what it keeps could be lost by what we write."""
    if reached(db) > known:
        raise LedgerError(
            f"The ledger {db.database} has been brought to a newer form than this version of seccon knows.",
            "Install the newer seccon, and start it again.",
        )


def reached(db: Database) -> int:
    """Give the number of the last migration that was done; 0 for a new file."""
    if "migration" not in db.get_tables():
        return 0
    return int(db.run("SELECT coalesce(max(number), 0) FROM migration").fetchone()[0])


def _apply(db: Database, number: int, name: str, statements: Sequence[str]) -> None:
    with db.change():
        if reached(db) >= number:
            return
        if number == 1:
            db.run(f"CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL) {db.strict}")
        for statement in statements:
            db.run(statement.format(strict=db.strict, blob=db.blob))
        db.run("INSERT INTO migration (number, name) VALUES (?, ?)", (number, name))
