"""Several processes and threads on one ledger, and processes that die: real ones."""

import subprocess
import sys
import threading
from pathlib import Path

from seccon.adapters.ledger import Ledger
from seccon.core.board import BoardQuery
from seccon.core.journal.cases import NoteAdded
from tests.ledgersmith import NOW, QEMU, ROOT, opened, project


def start(*given: object) -> "subprocess.Popen[str]":
    """Start another process that does something to a ledger."""
    command = [sys.executable, "-m", "tests.ledgersmith", *map(str, given)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_processes_see_each_others_changes(tmp_path: Path) -> None:
    """H3: what another console wrote moves the revision, as what we wrote does, and stands in the next window."""
    ledger = Ledger(tmp_path / "ledger.db", project)
    empty = ledger.revision()
    case = opened(ledger)
    before = ledger.revision()
    assert before != empty
    assert ledger.revision() == before
    other = start("write", ledger.path, case, 1, "bob")
    told = other.communicate(timeout=20)
    assert other.returncode == 0, told
    assert ledger.revision() != before
    assert ledger.entries(case)[-1].by == "bob"
    ledger.close()


def test_eight_writers_of_fifty_changes_lose_nothing(tmp_path: Path) -> None:
    """H3, hostile-input §5: with a deferred transaction three of four changes failed here."""
    ledger = Ledger(tmp_path / "ledger.db", project)
    case = opened(ledger)
    writers = [start("write", ledger.path, case, 50, f"w{number}") for number in range(8)]
    told = [one.communicate(timeout=100) for one in writers]
    assert [one.returncode for one in writers] == [0] * 8, told
    notes = [entry.body.text for entry in ledger.entries(case) if isinstance(entry.body, NoteAdded)]
    assert sorted(notes) == sorted(f"w{number} {change}" for number in range(8) for change in range(50))
    assert ledger.verify() == ()
    ledger.close()


def test_serials_are_given_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    takers = [start("serials", path, 25) for _ in range(4)]
    told = [one.communicate(timeout=60) for one in takers]
    assert [one.returncode for one in takers] == [0] * 4, told
    given = [int(line) for out, _ in told for line in out.split()]
    assert sorted(given) == list(range(1, 101))


def test_processes_that_make_the_ledger_at_the_same_moment_get_one_ledger(tmp_path: Path) -> None:
    """Eight find no directory, no file, no tables. SQLite turns some away when all ask it for WAL; a moved directory vanishes."""
    founders = start("found", tmp_path, 15)
    out, err = founders.communicate(timeout=60)
    assert (out.strip(), err) == ("0", "")
    for number in range(15):
        ledger = Ledger(tmp_path / str(number) / "ledger.db", project)
        with ledger.writing("alice", NOW) as book:
            assert book.next_serial("qemu", 2026) == 9
        ledger.close()
        assert [one.name for one in ledger.path.parent.iterdir()] == ["ledger.db"]
    assert len(list(tmp_path.iterdir())) == 15


def test_a_writer_killed_at_any_moment_loses_nothing_that_it_had_confirmed(tmp_path: Path) -> None:
    """H7, issue 2: kill -9 forty times; the ledger opens, its chain holds, what was told is there, lists fit the entries."""
    path = tmp_path / "ledger.db"
    tormentor = start("torment", path, 40, 7)
    out, err = tormentor.communicate(timeout=100)
    assert tormentor.returncode == 0, err
    ledger = Ledger(path, project)
    assert ledger.verify() == ()
    confirmed = [line.split() for line in out.splitlines()]
    assert len(confirmed) > 30
    for case, mail in confirmed:
        assert len(ledger.entries(int(case))) == 4
        assert ledger.cases_of(mail) == (int(case),)  # type: ignore[arg-type]
    rows = ledger.rows(BoardQuery(sort="number"), "alice", 0, -1)
    ledger.rebuild()
    assert ledger.rows(BoardQuery(sort="number"), "alice", 0, -1) == rows
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    ledger.close()


def test_a_thread_reads_windows_while_another_holds_the_transaction_open(tmp_path: Path) -> None:
    """The thread that draws never waits for the one that writes, and sees only what was committed."""
    ledger = Ledger(tmp_path / "ledger.db", project)
    case = opened(ledger)
    written, read = threading.Event(), threading.Event()
    trouble: list[str] = []

    def desk() -> None:
        with ledger.writing("alice", NOW) as book:
            book.append(case, 3, QEMU, NoteAdded(text="not yet"))
            written.set()
            if not read.wait(10):
                trouble.append("the reader waited for the writer")

    writer = threading.Thread(target=desk)
    writer.start()
    assert written.wait(10)
    before = ledger.revision()
    assert len(ledger.entries(case)) == 3
    assert [row.number for row in ledger.rows(BoardQuery(), "alice")] == [case]
    read.set()
    writer.join()
    assert trouble == []
    assert ledger.revision() != before
    assert len(ledger.entries(case)) == 4
    ledger.close()


def test_threads_write_in_turn_and_leave_no_connection_behind(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db", project)
    case = opened(ledger)

    def note() -> None:
        for _ in range(10):
            with ledger.writing("alice", NOW) as book:
                book.append(case, len(book.entries(case)), QEMU, NoteAdded(text="a note"))

    threads = [threading.Thread(target=note) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(ledger.entries(case)) == 43
    assert ledger.verify() == ()
    ledger.close()
    assert [one.name for one in tmp_path.iterdir()] == ["ledger.db"]  # the last connection of all takes -wal and -shm along
