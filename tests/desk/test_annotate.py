"""Notes, publicity, an acknowledgement that no mail shows: each with its evidence, or refused by its rule (T7, A2)."""

from datetime import timedelta
from pathlib import Path

import pytest

from seccon.core.case import fold
from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId
from seccon.desk.annotate import AddNote, FlagPublic, RecordAcknowledgement
from tests.outgoing import NOW, Scene

REPORT = MessageId("report1@reporter.example.net")


def last(scene: Scene, case: int) -> int:
    return scene.office.ledger.entries(case)[-1].seq


def acknowledge(scene: Scene, case: int, **changes: object) -> None:
    asked: dict[str, object] = {"report": REPORT, "when": NOW - timedelta(hours=1), "evidence": "by telephone"}
    RecordAcknowledgement(case=case, seen=last(scene, case), **(asked | changes)).perform(scene.office)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"report": "other@x"}, "acknowledge"),
        ({"evidence": " "}, "acknowledge.evidence"),
        ({"when": NOW + timedelta(minutes=1)}, "acknowledge.when"),
    ],
)
def test_an_acknowledgement_elsewhere_is_refused_without(tmp_path: Path, changes: dict[str, object], rule: str) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    with pytest.raises(RefusedError) as caught:
        acknowledge(scene, case, **changes)
    assert caught.value.rule == rule


def test_it_counts_from_when_it_was_given_and_only_once(tmp_path: Path) -> None:
    """A2: its date starts the policy's clock."""
    scene = Scene(tmp_path)
    case = scene.report()
    acknowledge(scene, case)
    found = fold(scene.office.ledger.entries(case)).reports[0].acknowledged
    assert found is not None
    assert (found.member, found.when, found.evidence) == ("Alice Ames", NOW - timedelta(hours=1), "by telephone")
    with pytest.raises(RefusedError, match="Alice Ames has acknowledged it already"):
        acknowledge(scene, case)


def test_public_needs_evidence_and_private_again_does_not(tmp_path: Path) -> None:
    """T7."""
    scene = Scene(tmp_path)
    case = scene.report()
    with pytest.raises(RefusedError) as caught:
        FlagPublic(case=case, seen=last(scene, case), public=True).perform(scene.office)
    assert caught.value.rule == "public"
    FlagPublic(case=case, seen=last(scene, case), public=False, exploited=True, evidence="https://example.org").perform(
        scene.office
    )
    state = fold(scene.office.ledger.entries(case))
    assert state.public
    assert state.exploited
    FlagPublic(case=case, seen=last(scene, case), public=False).perform(scene.office)
    assert not fold(scene.office.ledger.entries(case)).public


def test_an_empty_note_is_none(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    with pytest.raises(RefusedError) as caught:
        AddNote(case=case, seen=last(scene, case), text=" \n").perform(scene.office)
    assert caught.value.rule == "note"
