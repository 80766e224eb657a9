"""The connection to the database: pragmas, one connection a thread, what others wrote. What is SQLite's alone stands here.

A second kind of database is a second class with these methods; statements elsewhere are SQL that SQLite and PostgreSQL share.
"""

import logging
import sqlite3
import threading
import time
import weakref
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from peewee import OperationalError, SqliteDatabase

from seccon.adapters.ledger.door import Door, code_of

logging.getLogger("peewee").setLevel(logging.WARNING)  # at DEBUG it writes every value into the log

PATIENCE = 20.0
"""Seconds to wait for another writer: fifty at once were seen to need two."""

_PRAGMAS = (
    ("synchronous", "full"),  # a commit that was told to a person outlives a power cut
    ("trusted_schema", "off"),
)


class Database(SqliteDatabase):
    """One ledger file. Each thread gets a connection of its own: who reads never waits for who writes."""

    strict = "STRICT"
    """What is put after CREATE TABLE (…) so that a column holds what it says."""
    blob = "BLOB"
    """The type of a column of bytes."""

    def __init__(self, path: Path) -> None:
        self.door = Door(path)
        self._made: weakref.WeakSet[_Connection] = weakref.WeakSet()
        self._watch = threading.Lock()
        self._watcher: sqlite3.Connection | None = None
        super().__init__(str(path), pragmas=_PRAGMAS, timeout=PATIENCE, factory=_Connection, check_same_thread=False)

    def run(self, sql: str, params: Sequence[Any] = ()) -> Any:
        """Run a statement written out by hand (`?` stands for a value): building it with peewee takes 40 times as long."""
        return self.execute_sql(sql, params)  # type: ignore[no-untyped-call]

    def write_ahead(self) -> None:
        """Let readers and a writer work side by side (WAL). It changes the file: only for what is known to be a ledger."""
        until = time.monotonic() + PATIENCE
        while True:  # of several that open a new file at once, SQLite turns some away without the patience it has elsewhere
            try:
                self.pragma("journal_mode", "wal")
            except OperationalError as error:
                if code_of(getattr(error, "orig", error)) != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(0.01)
            else:
                return

    def change(self) -> AbstractContextManager[object]:
        """Open the transaction in which things are written, inside another one if there is one (then a savepoint)."""
        return self.atomic("IMMEDIATE")  # the deferred kind loses to "database is locked"

    def revision(self) -> int:
        """Say how far the file has moved. Asked of a connection that never writes, so our own changes count as well."""
        with self._watch:
            if self._watcher is None:
                self._watcher = self._connect()
            return int(self._watcher.execute("PRAGMA data_version").fetchone()[0])

    def close_all(self) -> None:
        """Close the connections of all threads."""
        with self._watch:
            self._watcher = None
            self.close()
            for connection in tuple(self._made):
                connection.close()

    def _connect(self) -> "_Connection":
        connection: _Connection = super()._connect()  # type: ignore[misc]
        self._made.add(connection)
        return connection

    def _load_functions(self, conn: sqlite3.Connection) -> None:
        """Leave peewee's date functions out: nothing here asks for them, and each connection would pay."""


class _Connection(sqlite3.Connection):
    """A connection that can be referred to weakly, so that a thread that ended takes its own along."""
