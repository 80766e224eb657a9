"""The guard: cheap while nothing is wrong, and what is altered is told until it is mended (M1, H4)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from seccon.adapters.ledger import Ledger
from seccon.core.errors import LedgerError
from seccon.core.journal.cases import NoteAdded
from seccon.core.proof import Proof
from seccon.desk.guard import MOVED, Guard
from tests.adapters.test_ledger_journal import raw
from tests.ledgersmith import NOW, QEMU, opened, project


class Counting(Ledger):
    """The real ledger, which also remembers from where it was walked."""

    walks: list[int]

    def prove(self, after: Proof | None = None) -> Proof:
        self.walks.append(after.entries if after else 0)
        return super().prove(after)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Any]:
    ledger = Counting(tmp_path / "ledger.db", project)
    ledger.walks = []
    place = SimpleNamespace(ledger=ledger, now=NOW)
    place.clock = lambda: place.now
    for _ in range(3):
        opened(ledger)
    yield place
    ledger.close()


def guard_of(office: Any) -> Guard:
    return Guard(cast("Any", office))


def test_only_what_is_new_is_walked_after_the_start(office: Any) -> None:
    guard = guard_of(office)
    guard.look()
    guard.look()
    opened(office.ledger)
    guard.look()
    guard.look()
    assert office.ledger.walks == [0, 9]
    assert guard.breaks == ()


def test_a_new_row_that_does_not_follow_is_told_at_once(office: Any) -> None:
    guard = guard_of(office)
    guard.look()
    opened(office.ledger)
    raw(office.ledger, "UPDATE entry SET policy = 'lax' WHERE id = 11")
    with pytest.raises(LedgerError, match=r"altered.*Row 11.*seccon audit") as caught:
        guard.look()
    assert caught.value.hint


def test_the_last_proved_row_cannot_be_exchanged(office: Any) -> None:
    guard = guard_of(office)
    guard.look()
    opened(office.ledger)
    raw(office.ledger, "UPDATE entry SET hash = 'f00' WHERE id = 9")
    with pytest.raises(LedgerError, match="Row 9 is not the one that was there"):
        guard.look()


def test_an_old_row_is_told_at_the_start_within_the_hour_and_by_who_opens_its_case(office: Any) -> None:
    late, reader = guard_of(office), guard_of(office)
    late.look()
    reader.look()
    raw(office.ledger, "UPDATE entry SET \"by\" = 'mallory' WHERE id = 5")
    late.look()
    reader.read(1)
    assert (late.breaks, reader.breaks) == ((), ())
    with pytest.raises(LedgerError, match="Row 5"):
        reader.read(2)
    assert reader.breaks
    office.now += timedelta(seconds=MOVED)
    with pytest.raises(LedgerError, match="Row 5"):
        late.look()
    with pytest.raises(LedgerError, match="Row 5"):
        guard_of(office).look()


def test_it_is_told_until_it_is_mended(office: Any) -> None:
    raw(office.ledger, "UPDATE entry SET \"by\" = 'mallory' WHERE id = 5")
    guard = guard_of(office)
    for _ in range(2):
        with pytest.raises(LedgerError):
            guard.look()
    assert office.ledger.walks == [0]
    raw(office.ledger, "UPDATE entry SET \"by\" = 'alice' WHERE id = 5")
    guard.look()
    assert guard.breaks == ()


def test_walking_on_from_a_proof_finds_what_walking_the_whole_finds(office: Any) -> None:
    before = office.ledger.prove()
    with office.ledger.writing("bob", NOW) as book:
        book.append(2, 3, QEMU, NoteAdded(text="first"))
    assert office.ledger.prove(before) == office.ledger.prove()
