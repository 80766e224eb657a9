"""Who answers for a case, and its id: taken once, given back, taken over with a reason (A4, I3)."""

import threading
from pathlib import Path

import pytest

from seccon.core.case import fold
from seccon.core.errors import ConflictError, RefusedError, SecconError
from seccon.desk.accept import Accept
from seccon.desk.claim import Claim, Release
from tests.outgoing import DOE, Scene


def last(scene: Scene, case: int) -> int:
    return scene.office.ledger.entries(case)[-1].seq


def test_a_case_is_taken_and_given_back(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    Claim(case=case, seen=last(scene, case)).perform(scene.office)
    assert fold(scene.office.ledger.entries(case)).owner == "alice"
    with pytest.raises(RefusedError, match="yours already"):
        Claim(case=case, seen=last(scene, case)).perform(scene.office)
    Release(case=case, seen=last(scene, case)).perform(scene.office)
    assert not fold(scene.office.ledger.entries(case)).owner
    with pytest.raises(RefusedError, match="Nobody answers"):
        Release(case=case, seen=last(scene, case)).perform(scene.office)


def test_from_a_colleague_it_is_taken_with_a_reason_only(tmp_path: Path) -> None:
    """A4."""
    mine, case = Scene(tmp_path), 0
    case = mine.report()
    theirs = Scene(tmp_path, person="bob", ledger=mine.office.ledger)
    Claim(case=case, seen=last(mine, case)).perform(theirs.office)
    with pytest.raises(RefusedError, match="Bob Bell's") as caught:
        Claim(case=case, seen=last(mine, case)).perform(mine.office)
    assert caught.value.rule == "claim"
    Claim(case=case, seen=last(mine, case), why="he is away").perform(mine.office)
    assert fold(mine.office.ledger.entries(case)).owner == "alice"


def test_an_accepted_case_has_the_next_id_and_an_owner(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    first, second = scene.report(), scene.report(DOE)
    Accept(case=second, seen=last(scene, second)).perform(scene.office)
    Accept(case=first, seen=last(scene, first)).perform(scene.office)
    states = [fold(scene.office.ledger.entries(case)) for case in (second, first)]
    assert [(one.id, one.owner) for one in states] == [("Q-2026-001", "alice"), ("Q-2026-002", "alice")]
    with pytest.raises(RefusedError) as caught:
        Accept(case=first, seen=last(scene, first)).perform(scene.office)
    assert caught.value.rule == "accept"


def test_two_who_accept_at_once_get_one_id_between_them(tmp_path: Path) -> None:
    """The second is told; no serial is lost on them."""
    scene = Scene(tmp_path)
    case, seen = scene.report(), 3
    told: list[SecconError] = []

    def accept() -> None:
        try:
            Accept(case=case, seen=seen).perform(scene.office)
        except (ConflictError, RefusedError) as error:
            told.append(error)

    threads = [threading.Thread(target=accept) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    other = scene.report(DOE)
    Accept(case=other, seen=last(scene, other)).perform(scene.office)
    assert fold(scene.office.ledger.entries(other)).id == "Q-2026-002"
