"""Ending a case and going on with it: an outcome has its reason, and no embargo ends by the back door (E10, I7)."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from seccon.core.case import fold
from seccon.core.errors import RefusedError
from seccon.core.journal.cases import CaseAccepted, CaseClosed
from seccon.core.journal.embargoes import EmbargoProposed, EmbargoSet
from seccon.desk.close import Close, Reopen
from tests.outgoing import NOW, Scene


def last(scene: Scene, case: int) -> int:
    return scene.office.ledger.entries(case)[-1].seq


def refused(scene: Scene, case: int, **asked: object) -> str:
    with pytest.raises(RefusedError) as caught:
        Close(case=case, seen=last(scene, case), **asked).perform(scene.office)  # type: ignore[arg-type]
    return caught.value.rule


def test_an_embargo_in_force_keeps_its_case_open(tmp_path: Path) -> None:
    """E10: also when its date has passed; a person releases it."""
    scene = Scene(tmp_path)
    case = scene.report()
    until = NOW + timedelta(days=2)
    scene.add(
        case, EmbargoProposed(proposal="p1", party="team", until=until), EmbargoSet(proposal="p1", until=until, change="initial")
    )
    assert refused(scene, case, outcome="spam") == "close.embargo"
    scene.now = until + timedelta(days=1)
    assert refused(scene, case, outcome="spam") == "close.embargo"


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        ({"outcome": "out-of-scope"}, "close.clause"),
        ({"outcome": "out-of-scope", "clause": "it is boring"}, "close.clause"),
        ({"outcome": "duplicate"}, "close.duplicate"),
        ({"outcome": "duplicate", "other": 1}, "close.duplicate"),
        ({"outcome": "published"}, "close.accept"),
    ],
)
def test_an_outcome_without_what_it_needs_is_refused(tmp_path: Path, asked: dict[str, object], rule: str) -> None:
    scene = Scene(tmp_path)
    assert refused(scene, scene.report(), **asked) == rule


def test_out_of_scope_cites_a_clause_of_the_policy(tmp_path: Path) -> None:
    """I7."""
    scene = Scene(tmp_path)
    case = scene.report()
    request = Close(case=case, seen=last(scene, case), outcome="out-of-scope", clause="language")
    with pytest.raises(RefusedError) as refused:
        request.perform(scene.office)
    assert refused.value.rule == "close.answer", "a reporter whom nobody answered is not forgotten"
    msgspec.structs.replace(request, why="we cannot read it, and they gave no address").perform(scene.office)
    closed = fold(scene.office.ledger.entries(case)).closed
    assert closed is not None
    assert closed.clause == "language"


def test_a_closed_case_goes_on_with_a_reason_only(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    with pytest.raises(RefusedError, match="is open"):
        Reopen(case=case, seen=last(scene, case), why="x").perform(scene.office)
    scene.add(case, CaseAccepted(id="Q-2026-001"), CaseClosed(outcome="spam"))  # type: ignore[arg-type]
    assert refused(scene, case, outcome="spam") == "closed"
    with pytest.raises(RefusedError, match="Write why"):
        Reopen(case=case, seen=last(scene, case)).perform(scene.office)
    Reopen(case=case, seen=last(scene, case), why="it was no spam").perform(scene.office)
    assert fold(scene.office.ledger.entries(case)).closed is None
