"""What is said when the file is newer, damaged, foreign, locked, or its disk is full: a sentence, and nothing is lost."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from seccon.adapters.ledger import Ledger
from seccon.adapters.ledger.database import Database
from seccon.adapters.ledger.migrations import MIGRATIONS, migrate
from seccon.adapters.ledger.tables import TABLES
from seccon.core.errors import LedgerError
from seccon.core.journal.cases import NoteAdded
from tests.ledgersmith import NOW, QEMU, opened, project


def test_a_newer_ledger_is_refused_at_the_door_and_while_open(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db", project)
    with sqlite3.connect(ledger.path) as connection:
        connection.execute("INSERT INTO migration VALUES (99, 'of tomorrow')")
    connection.close()
    with pytest.raises(LedgerError, match="newer"):
        opened(ledger)
    ledger.close()
    with pytest.raises(LedgerError, match="newer") as caught:
        Ledger(ledger.path, project)
    assert "Install" in caught.value.hint


def test_migrations_are_done_once_each_with_their_record_and_a_broken_one_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.db").touch(0o600)
    db = Database(tmp_path / "x.db")
    steps = (*MIGRATIONS, ("a word", ["CREATE TABLE word (id INTEGER PRIMARY KEY) {strict}"]))
    migrate(db)
    migrate(db, steps)
    migrate(db, steps)
    assert [number for (number,) in db.run("SELECT number FROM migration")] == list(range(1, len(steps) + 1))
    with db.door, pytest.raises(Exception, match="no such table"):
        migrate(db, (*steps, ("broken", ["CREATE TABLE half (id INTEGER PRIMARY KEY)", "INSERT INTO nowhere VALUES (1)"])))
    assert "half" not in db.get_tables()
    db.close_all()


def test_an_outbox_from_before_late_recipients_is_read_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    Ledger(path, project).close()
    connection = sqlite3.connect(path)
    for column in ("late", "refused"):
        connection.execute(f"ALTER TABLE outbox DROP COLUMN {column}")
    connection.execute("DELETE FROM migration WHERE number = 2")
    connection.execute(
        "INSERT INTO outbox VALUES ('1', 1, 'm@x', 'a@x', '[\"b@x\"]', x'00', 'waiting', '2026-11-22T01:00:00Z', 'alice', 1,"
        " '', 'it was down', 'x', '')"
    )
    connection.commit()
    connection.close()
    ledger = Ledger(path, project)
    (item,) = ledger.items()
    assert (item.recipients, item.late, item.refused, item.problem) == (("b@x",), (), (), "it was down")
    ledger.close()


def test_the_tables_are_strict_and_have_the_columns_that_the_program_knows(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db", project)
    ledger.close()
    connection = sqlite3.connect(ledger.path)
    tables = {
        name: strict
        for _, name, kind, _, _, strict in connection.execute("PRAGMA table_list")
        if kind == "table" and "sqlite" not in name
    }
    assert set(tables) == {table._meta.table_name for table in TABLES} | {"migration"}
    assert set(tables.values()) == {1}
    for table in TABLES:
        found = [row[1] for row in connection.execute(f"PRAGMA table_info({table._meta.table_name})")]
        assert found == [field.column_name for field in table._meta.sorted_fields]
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_commit_is_on_the_disk_before_it_is_told(tmp_path: Path) -> None:
    """`synchronous=FULL` is a setting of each connection, and its default in some builds is less."""
    ledger = Ledger(tmp_path / "ledger.db", project)
    assert ledger._db.synchronous == 2
    ledger.close()


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (id)")
    connection.close()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.write_bytes(b"From nobody Mon Sep 17 00:00:00 2001\n" * 99), "no SQLite file"),
        (foreign, "another program"),
        (lambda path: path.mkdir(0o700), "not a file"),
    ],
)
def test_what_is_no_ledger_is_named_and_left_alone(tmp_path: Path, make: object, words: str) -> None:
    path = tmp_path / "thing"
    make(path)  # type: ignore[operator]
    path.chmod(0o600 if path.is_file() else 0o700)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(LedgerError, match=words):
        Ledger(path, project)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_a_directory_that_is_a_file_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LedgerError, match="no directory"):
        Ledger(tmp_path / "file" / "ledger.db", project)


def test_a_damaged_ledger_is_said_in_words(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db", project)
    for _ in range(50):
        opened(ledger)
    ledger.close()
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    with pytest.raises(LedgerError, match="damaged"):
        Ledger(ledger.path, project).entries(1)


def test_a_ledger_that_another_program_locks_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seccon.adapters.ledger.database.PATIENCE", 0.05)
    ledger = Ledger(tmp_path / "ledger.db", project)
    other = sqlite3.connect(ledger.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerError, match="Another program has been writing"):
        opened(ledger)
    other.execute("ROLLBACK")
    assert opened(ledger) == 1
    other.close()
    ledger.close()


def grow(ledger: Ledger) -> LedgerError:
    """Write until there is no room; give what was said."""
    case = opened(ledger)
    for seq in range(3, 5000):
        try:
            with ledger.writing("alice", NOW) as book:
                book.append(case, seq, QEMU, NoteAdded(text="x" * 20_000))
        except LedgerError as error:
            assert len(ledger.entries(case)) == seq
            return error
    raise AssertionError("there is always room")


def test_a_full_database_is_said_in_words_and_what_was_there_stays(tmp_path: Path) -> None:
    """H7, with SQLite's own limit: SQLite rolls back by itself, and the rollback after it hides the reason."""
    ledger = Ledger(tmp_path / "ledger.db", project)
    ledger._db.run("PRAGMA max_page_count = 120")
    assert "is full" in grow(ledger).sentence
    assert ledger.verify() == ()
    ledger._db.run("PRAGMA max_page_count = 100000")
    assert opened(ledger) == 2
    ledger.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if not (os.geteuid() == 0 and mount("-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs", disk)):
        pytest.skip("cannot mount a small disk here")
    yield disk
    subprocess.run([shutil.which("umount") or "umount", "-l", disk], check=True)


def mount(*given: object) -> bool:
    return subprocess.run([shutil.which("mount") or "mount", *map(str, given)], capture_output=True).returncode == 0


def test_a_full_disk_is_said_in_words_and_what_was_there_stays(small_disk: Path) -> None:
    """H7, hostile-input §5."""
    ledger = Ledger(small_disk / "ledger.db", project)
    assert "is full" in grow(ledger).sentence
    assert ledger.verify() == ()
    ledger.close()
    again = Ledger(small_disk / "ledger.db", project)
    assert again.verify() == ()
    again.close()


def test_a_disk_that_is_read_only_is_said_in_words(small_disk: Path) -> None:
    Ledger(small_disk / "ledger.db", project).close()
    assert mount("-o", "remount,ro", small_disk)
    with pytest.raises(LedgerError, match=r"cannot be (written|opened)"):
        opened(Ledger(small_disk / "ledger.db", project))


def test_closing_waits_for_the_statements_of_other_threads(tmp_path: Path) -> None:
    """A connection that is closed under another thread's statement takes the whole program down; seen before the door counted."""
    import threading

    from seccon.core.board import BoardQuery, Projection

    ledger = Ledger(tmp_path / "private" / "ledger.db", lambda case, entries: Projection(None))
    begun, told = threading.Barrier(5), []

    def read() -> None:
        begun.wait()
        try:
            while True:
                ledger.rows(BoardQuery(), "alice")
        except LedgerError as error:
            told.append(error.sentence)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    begun.wait()
    ledger.close()
    for thread in threads:
        thread.join(20)
    assert len(told) == 4
    assert all("is closed" in sentence for sentence in told)
