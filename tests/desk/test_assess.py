"""Rating a case at the desk: what the asker suggests is worked out anew, who may rate, and on what state (T1, T2)."""

from pathlib import Path

import pytest

from seccon.core.case import fold
from seccon.core.errors import ConflictError, RefusedError
from seccon.core.journal.cases import Answer, Assessed, CaseClosed
from seccon.desk.assess import Assess
from tests.outgoing import Scene

IMPORTANT = Assessed(genuine="yes", misuse="yes", impact="code runs in the host", apparent="Important", severity="Important")


def last(scene: Scene, case: int) -> int:
    return scene.office.ledger.entries(case)[-1].seq


def test_a_rating_is_on_record_with_who_gave_it(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    (entry,) = Assess(case=case, seen=last(scene, case), rating=IMPORTANT).perform(scene.office)
    assert (entry.by, entry.kind) == ("alice", "assessed")
    assert fold(scene.office.ledger.entries(case)).severity == "Important"


def test_the_suggestion_is_never_the_askers(tmp_path: Path) -> None:
    """T2: suggestions come from the policy's questions alone."""
    scene = Scene(tmp_path)
    case = scene.report()
    claimed = Assessed(
        genuine="yes", misuse="yes", impact="x", apparent="Important", severity="Important", suggested="Critical",
        answers={"feasible": Answer("no", "only by root")}, why="we know better",
    )  # fmt: skip
    (entry,) = Assess(case=case, seen=last(scene, case), rating=claimed).perform(scene.office)
    assert isinstance(entry.body, Assessed)
    assert entry.body.suggested == "Low"


def test_deciding_otherwise_than_suggested_wants_a_reason(tmp_path: Path) -> None:
    """T2: a person decides, and says why when they differ."""
    scene = Scene(tmp_path)
    case = scene.report()
    rating = Assessed(
        genuine="yes", misuse="yes", impact="x", apparent="Important", severity="Important",
        answers={"feasible": Answer("no")},
    )  # fmt: skip
    before = last(scene, case)
    with pytest.raises(RefusedError):
        Assess(case=case, seen=before, rating=rating).perform(scene.office)
    assert last(scene, case) == before, "a refusal writes nothing"


def test_a_word_that_is_not_on_the_policys_scale_is_refused(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    odd = Assessed(genuine="yes", misuse="yes", impact="x", apparent="Important", severity="Terrible", why="it is")
    with pytest.raises(RefusedError):
        Assess(case=case, seen=last(scene, case), rating=odd).perform(scene.office)


def test_what_a_colleague_did_meanwhile_is_a_conflict_that_names_it(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    seen = last(scene, case)
    scene.add(case, IMPORTANT, by="bob")
    with pytest.raises(ConflictError) as caught:
        Assess(case=case, seen=seen, rating=IMPORTANT).perform(scene.office)
    assert [(entry.by, entry.kind) for entry in caught.value.since] == [("bob", "assessed")]  # type: ignore[attr-defined]


def test_a_closed_case_is_not_rated(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    scene.add(case, CaseClosed(outcome="spam"))
    with pytest.raises(RefusedError) as caught:
        Assess(case=case, seen=last(scene, case), rating=IMPORTANT).perform(scene.office)
    assert caught.value.rule == "closed"


def test_who_is_not_on_the_roster_decides_nothing(tmp_path: Path) -> None:
    scene = Scene(tmp_path, person="mallory")
    case = scene.report()
    with pytest.raises(RefusedError) as caught:
        Assess(case=case, seen=last(scene, case), rating=IMPORTANT).perform(scene.office)
    assert caught.value.rule == "roster"
    assert "mallory" in caught.value.sentence
