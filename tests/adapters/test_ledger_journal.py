"""The journal: nothing is lost, nothing is overtaken, nothing is changed unseen."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from seccon.adapters.ledger import Ledger
from seccon.core.errors import ConflictError, LedgerError
from seccon.core.ids import MessageId
from seccon.core.instants import EPOCH
from seccon.core.journal import Entry
from seccon.core.journal.cases import CaseAccepted, CaseOpened, NoteAdded
from seccon.core.journal.replies import ReplySent
from tests.ledgersmith import NOW, QEMU, follow_up, opened, project, report


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.db", project)
    yield ledger
    ledger.close()


def raw(ledger: Ledger, statement: str) -> None:
    """Do what somebody does who goes behind our back."""
    with sqlite3.connect(ledger.path) as connection:
        connection.execute(statement)
    connection.close()


def test_entries_come_back_as_they_were_written(ledger: Ledger) -> None:
    case = opened(ledger)
    with ledger.writing("bob", EPOCH) as book:
        (added,) = book.append(case, 3, "qemu@2026-06", NoteAdded(text="Grüße \x1b[31m\0 \u202e"))
    assert added == Entry(case, 4, EPOCH, "bob", "qemu@2026-06", NoteAdded(text="Grüße \x1b[31m\0 \u202e"))
    assert ledger.entries(case)[-1] == added
    assert [entry.body for entry in ledger.entries(case)[:3]] == list(report())
    assert ledger.entries(99) == ()


def test_files_are_numbered_from_one_without_gaps(ledger: Ledger) -> None:
    with ledger.writing("alice", NOW) as book:
        assert [book.open_file(QEMU, CaseOpened(project="qemu")) for _ in range(3)] == [1, 2, 3]
    assert opened(ledger) == 4


def test_who_comes_second_gets_a_conflict_with_what_the_other_did(ledger: Ledger) -> None:
    """H3: conflicting decisions are shown, not overwritten."""
    case = opened(ledger)
    with ledger.writing("bob", NOW) as book:
        book.append(case, 3, QEMU, NoteAdded(text="first"))
    with pytest.raises(ConflictError) as caught, ledger.writing("alice", NOW) as book:
        book.append(case, 3, QEMU, NoteAdded(text="second"))
    assert caught.value.since == ledger.entries(case)[3:]
    assert "bob" in caught.value.sentence
    assert len(ledger.entries(case)) == 4


def test_who_writes_while_their_own_mail_leaves_writes_after_it(ledger: Ledger) -> None:
    case = opened(ledger)
    with ledger.writing("alice", NOW) as book:
        book.append(case, 3, QEMU, ReplySent(reply="1", mail=MessageId("a@ours.example"), when=NOW))
    with ledger.writing("alice", NOW) as book:
        (added,) = book.append(case, 3, QEMU, NoteAdded(text="typed meanwhile"))
    assert added.seq == 5
    assert ledger.verify() == ()


def test_an_entry_that_is_not_there_was_not_seen(ledger: Ledger) -> None:
    """A ledger that was brought back from a backup has less than was on the screen."""
    case = opened(ledger)
    with pytest.raises(ConflictError, match="somebody changed"), ledger.writing("alice", NOW) as book:
        book.append(case, 7, QEMU, NoteAdded(text="x"))


def test_an_error_inside_takes_back_everything_of_the_transaction(ledger: Ledger) -> None:
    case = opened(ledger)
    before, row = ledger.entries(case), ledger.row(case)
    with pytest.raises(ZeroDivisionError), ledger.writing("alice", NOW) as book:  # noqa: PT012  # what came before is the point
        book.append(case, 3, QEMU, CaseAccepted(id="Q-2026-001"))  # type: ignore[arg-type]
        book.next_serial("qemu", 2026)
        book.set_mark("intake", "7")
        _ = 1 / 0
    assert (ledger.entries(case), ledger.row(case), ledger.mark("intake")) == (before, row, "")
    with ledger.writing("alice", NOW) as book:
        assert book.next_serial("qemu", 2026) == 1
    assert ledger.verify() == ()


def test_writing_inside_writing_is_refused(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="already"), ledger.writing("a", NOW), ledger.writing("b", NOW):
        pass
    assert opened(ledger) == 1


def test_nothing_is_appended_to_a_case_that_is_not_there_but_the_team_has_its_file(ledger: Ledger) -> None:
    with ledger.writing("alice", NOW) as book:
        book.append(0, 0, "", NoteAdded(text="pinned"))
    with pytest.raises(LedgerError, match="no case #7"), ledger.writing("alice", NOW) as book:
        book.append(7, 0, QEMU, NoteAdded(text="to nobody"))
    assert opened(ledger) == 1


def test_text_with_half_a_character_is_refused_in_words(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="note-added"), ledger.writing("alice", NOW) as book:
        book.append(0, 0, "", NoteAdded(text="\udc80"))
    with pytest.raises(LedgerError, match="surrogate"):
        ledger.cases_of("\udc80@example.org")  # type: ignore[arg-type]


def test_a_mail_written_in_this_transaction_is_known_in_it(ledger: Ledger) -> None:
    """Intake asks before each mail whether it knows it; two files of one store may bear one Message-ID (I11)."""
    with ledger.writing("seccon", NOW) as book:
        case = book.open_file(QEMU, *report())
        assert book.cases_of(follow_up("f1").mail) == ()
        book.append(case, 3, QEMU, follow_up("f1"))
        assert book.cases_of(follow_up("f1").mail) == (case,)
    assert ledger.cases_of(follow_up("f1").mail) == (case,)


def test_serials_go_on_from_the_highest_for_each_project_and_year(ledger: Ledger) -> None:
    with ledger.writing("alice", NOW) as book:
        given = [book.next_serial("qemu", 2026), book.next_serial("qemu", 2026), book.next_serial("qemu", 2027)]
        assert [*given, book.next_serial("libvirt", 2026)] == [1, 2, 1, 1]


def test_an_untouched_chain_holds(ledger: Ledger) -> None:
    """H4: `seccon audit` proves it or says where it breaks."""
    assert ledger.verify() == ()
    for _ in range(3):
        opened(ledger)
    assert ledger.verify() == ()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("""UPDATE entry SET body = replace(body, 'sdhci', 'nothing') WHERE id = 5""", ("Row 5 (case #2, entry 2", "changed")),
        ("""UPDATE entry SET body = replace(body, '{', '{"added":1,') WHERE id = 5""", ("Row 5", "changed")),
        ("""UPDATE entry SET body = body || ' ' WHERE id = 5""", ("Row 5", "changed")),
        ("""UPDATE entry SET "by" = 'mallory' WHERE id = 5""", ("Row 5", "changed")),
        ("""UPDATE entry SET at = '2026-11-21T20:13:00+01:00' WHERE id = 5""", ("Row 5", "changed")),
        ("""UPDATE entry SET at = 'soon' WHERE id = 5""", ("Row 5", "time")),
        ("""UPDATE entry SET kind = 'case-imagined' WHERE id = 5""", ("Row 5", "case-imagined", "newer")),
        ("""UPDATE entry SET policy = 'lax@1' WHERE id = 1""", ("Row 1", "changed")),
        ("""DELETE FROM entry WHERE id = 5""", ("Row 5 is missing", "Row 6", "does not follow", "do not count")),
        ("""DELETE FROM entry WHERE id IN (4, 5)""", ("Rows 4 to 5 are missing",)),
        ("""DELETE FROM entry WHERE id = 9""", ("ends at row 8", "not the last")),
        ("""DELETE FROM entry WHERE id < 4""", ("Rows 1 to 3 are missing", "Row 4")),
        ("""DELETE FROM entry""", ("ends at row 0",)),
        ("""DELETE FROM head""", ("not the last",)),
        ("""UPDATE entry SET id = CASE id WHEN 5 THEN 60 ELSE id END""", ("Row 5 is missing", "Row 60")),
        (
            """UPDATE entry SET seq = CASE id WHEN 4 THEN 50 WHEN 5 THEN 51 ELSE seq END""",
            ("Row 4", "changed", "do not count"),
        ),
    ],
)
def test_tampering_is_told_with_the_row_and_the_case(ledger: Ledger, statement: str, words: tuple[str, ...]) -> None:
    """H4. Three cases of three entries: rows 1 to 9."""
    for _ in range(3):
        opened(ledger)
    raw(ledger, statement)
    told = "\n".join(ledger.verify())
    for word in words:
        assert word in told


def test_rows_in_another_order_are_told(ledger: Ledger) -> None:
    for _ in range(3):
        opened(ledger)
    for statement in ("SET id = 100 WHERE id = 4", "SET id = 4 WHERE id = 7", "SET id = 7 WHERE id = 100"):
        raw(ledger, "UPDATE entry " + statement)
    told = ledger.verify()
    assert any("Row 4 (case #3" in sentence and "does not follow" in sentence for sentence in told)


def test_a_body_and_hash_forged_together_break_the_link_to_the_next_row(ledger: Ledger) -> None:
    for _ in range(2):
        opened(ledger)
    raw(ledger, "UPDATE entry SET hash = 'f00' WHERE id = 2")
    told = "\n".join(ledger.verify())
    assert "Row 2" in told
    assert "Row 3" in told


def test_the_chain_cannot_fork(ledger: Ledger) -> None:
    opened(ledger)
    with pytest.raises(sqlite3.IntegrityError, match=r"entry\.prev"):
        raw(ledger, 'INSERT INTO entry SELECT 50, "case", 50, at, "by", policy, kind, body, prev, \'x\' FROM entry WHERE id = 2')
    with pytest.raises(sqlite3.IntegrityError, match="seq"):
        raw(
            ledger, "INSERT INTO entry SELECT 50, \"case\", seq, at, \"by\", policy, kind, body, 'x', 'x' FROM entry WHERE id = 2"
        )
