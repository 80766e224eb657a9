"""Where the ledger lies: modes, groups, and what is said when it cannot be used."""

import grp
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from seccon.adapters.ledger import Ledger
from seccon.adapters.ledger.database import Database
from seccon.adapters.ledger.migrations import MIGRATIONS, migrate
from seccon.adapters.ledger.place import path_from
from seccon.adapters.ledger.tables import TABLES
from seccon.core.errors import LedgerError
from seccon.core.journal.cases import NoteAdded
from tests.ledgersmith import NOW, QEMU, opened, project

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="gives files to another group")


@pytest.fixture(params=[0o077, 0o000])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.fixture
def group() -> str:
    """Give a group that is not our own."""
    return next(one.gr_name for one in grp.getgrall() if one.gr_gid not in (os.getgid(), 0))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("umask")
def test_a_ledger_of_ones_own_is_closed_to_others_whatever_the_umask(tmp_path: Path) -> None:
    """H6."""
    ledger = Ledger(tmp_path / "deep" / "seccon" / "ledger.db", project)
    opened(ledger)
    files = list(ledger.path.parent.iterdir())
    assert {one.name for one in files} == {"ledger.db", "ledger.db-wal", "ledger.db-shm"}
    assert {mode(one) for one in files} == {0o600}
    assert mode(ledger.path.parent) == 0o700
    ledger.close()


@root_only
@pytest.mark.usefixtures("umask")
def test_a_ledger_of_a_group_is_open_to_it_alone_whatever_the_umask(tmp_path: Path, group: str) -> None:
    """H6, hostile-input §5: SQLite alone makes 0644, and a colleague can read but not write."""
    ledger = Ledger(tmp_path / "team" / "ledger.db", project, group)
    opened(ledger)
    files = list(ledger.path.parent.iterdir())
    assert len(files) == 3
    assert {mode(one) for one in files} == {0o660}
    assert {one.stat().st_gid for one in (*files, ledger.path.parent)} == {grp.getgrnam(group).gr_gid}
    assert mode(ledger.path.parent) == 0o2770
    ledger.close()


@pytest.mark.parametrize(
    ("name", "wrong"), [("ledger.db", 0o644), ("ledger.db", 0o640), ("ledger.db", 0o400), (".", 0o755), ("ledger.db-wal", 0o644)]
)
def test_wrong_modes_are_refused_with_the_command_that_mends_them(tmp_path: Path, name: str, wrong: int) -> None:
    """H6: the hint is run as it stands, and then it opens."""
    path = tmp_path / "with space" / "ledger.db"
    Ledger(path, project).close()
    target = path.parent / name
    target.touch()
    target.chmod(wrong)
    with pytest.raises(LedgerError, match=f"{wrong:04o}") as caught:
        Ledger(path, project)
    command = caught.value.hint.split("`")[1]
    subprocess.run(command, shell=True, check=True)  # noqa: S602  # as a person would
    Ledger(path, project).close()


@root_only
@pytest.mark.parametrize(("name", "wrong"), [("ledger.db", 0o600), ("ledger.db", 0o664), (".", 0o770), (".", 0o2775)])
def test_wrong_modes_of_a_group_are_refused_with_the_command_that_mends_them(
    tmp_path: Path, group: str, name: str, wrong: int
) -> None:
    path = tmp_path / "team" / "ledger.db"
    Ledger(path, project, group).close()
    (path.parent / name).chmod(wrong)
    with pytest.raises(LedgerError) as caught:
        Ledger(path, project, group)
    subprocess.run(caught.value.hint.split("`")[1], shell=True, check=True)  # noqa: S602
    Ledger(path, project, group).close()


def test_a_group_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="'triaje'") as caught:
        Ledger(tmp_path / "ledger.db", project, "triaje")
    assert "groupadd triaje" in caught.value.hint


@root_only
def test_who_is_not_in_the_group_or_owns_nothing_there_is_told_so(tmp_path: Path, group: str) -> None:
    """As a user without rights, in a process of its own."""
    theirs = tmp_path / "ledger.db"
    Ledger(theirs, project).close()
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, 65534, 65534)
    tmp_path.chmod(0o711)
    for above in tmp_path.parents[:2]:
        above.chmod(0o711)
    code = f"""
import os
from seccon.adapters.ledger import Ledger
os.setgroups([]); os.setgid(65534); os.setuid(65534)
for place, group in (("{home}/a.db", {group!r}), ("{theirs}", None), ("{tmp_path}/new/x.db", None)):
    try:
        Ledger(place, None, group)
    except Exception as error:
        print(type(error).__name__, error)
"""
    run = subprocess.run(
        [shutil.which("python3") or "", "-c", code], capture_output=True, text=True, check=True, env=child_path()
    )
    not_in_group, not_ours, no_directory = run.stdout.splitlines()
    assert group in not_in_group
    assert "open to others" in not_ours or "another user" in not_ours
    assert "Permission denied" in no_directory
    assert all(line.startswith("LedgerError ") for line in run.stdout.splitlines())


def child_path() -> dict[str, str]:
    """Let a bare python find what this one has imported."""
    return {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PATH": os.environ["PATH"]}


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("sqlite:////srv/triage/ledger.db", Path("/srv/triage/ledger.db")),
        ("sqlite:////srv/with%20space/ledger.db", Path("/srv/with space/ledger.db")),
        ("sqlite:///ledger.db", Path("ledger.db").resolve()),
        ("/srv/ledger.db", Path("/srv/ledger.db")),
        ("~/ledger.db", Path("~/ledger.db").expanduser()),
    ],
)
def test_urls_and_paths_name_files(given: str, path: Path) -> None:
    assert path_from(given) == path


@pytest.mark.parametrize(
    "given", ["postgresql://me:secret@host/seccon", "mysql://host/x", "sqlite://", "sqlite:x.db", ":memory:", "sqlite:///"]
)
def test_other_places_are_refused_in_words_that_tell_no_password(given: str) -> None:
    with pytest.raises(LedgerError) as caught:
        path_from(given)
    assert "sqlite:////" in caught.value.hint
    assert "secret" not in str(caught.value)


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
