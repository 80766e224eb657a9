"""Texts for others' forms (F2): the upstream bug when it may be public, its closing comment; saved for the person alone."""

from pathlib import Path

import pytest

from seccon.adapters.own_file import OwnFiles
from seccon.adapters.postroom import postroom_of
from seccon.core.errors import RefusedError
from seccon.core.journal.cases import Assessed, CaseAccepted, PublicityFlagged
from seccon.core.journal.disclosure import AdvisorySet
from seccon.core.journal.embargoes import EmbargoEnded, EmbargoSet
from seccon.core.journal.work import BranchSet, CveAssigned
from seccon.desk.texts import DraftBug, DraftClosing, ReadTexts, SaveText
from tests.gitcase import GitCase
from tests.story import at

SET = EmbargoSet(proposal="p1", until=at("2026-12-05"))
WORDS = AdvisorySet(title="sdhci: reads beyond the buffer", description="The device trusts a length.", impact="A guest reads.")


def team(home: Path, severity: str = "Important") -> GitCase:
    """A case that was taken for work and rated."""
    files = OwnFiles(home / "private")
    case = GitCase(home, None, "qemu", postroom=postroom_of(None, None, str(home / "private")), files=files)  # type: ignore[arg-type]
    case.tell(CaseAccepted(id="Q-2026-041"), Assessed(genuine="yes", misuse="yes", severity=severity), WORDS)  # type: ignore[arg-type]
    return case


def refused(case: GitCase) -> RefusedError:
    with pytest.raises(RefusedError) as error:
        DraftBug(case=case.number).perform(case.office)
    return error.value


def test_a_low_severity_has_its_bug_at_once(tmp_path: Path) -> None:
    """The page: an upstream public bug will be created immediately."""
    text = DraftBug(case=(case := team(tmp_path, "Low")).number).perform(case.office)
    assert text.startswith("sdhci: reads beyond the buffer\n\nThe device trusts a length.\n")
    assert "Q-2026-041" not in text


def test_any_other_waits_for_the_end_of_the_embargo(tmp_path: Path) -> None:
    """The page: the bug will be opened at the end of the embargo period; the refusal names rule and source."""
    case = team(tmp_path)
    early = refused(case)
    assert early.rule == "bug.early"
    assert "embargo-ended" in early.sentence
    assert early.source
    case.tell(SET)
    assert refused(case).rule == "embargo.secret"
    case.tell(EmbargoEnded(reason="released"), CveAssigned(cve="CVE-2026-12345"))  # type: ignore[arg-type]
    assert "CVE: CVE-2026-12345" in DraftBug(case=case.number).perform(case.office)


def test_what_is_public_already_needs_no_waiting(tmp_path: Path) -> None:
    case = team(tmp_path)
    case.tell(PublicityFlagged(public=True, evidence="https://example.org"))
    assert "reads beyond" in DraftBug(case=case.number).perform(case.office)


def test_the_closing_comment_names_the_commits(tmp_path: Path) -> None:
    case = team(tmp_path, "Low")
    with pytest.raises(RefusedError) as error:
        DraftClosing(case=case.number).perform(case.office)
    assert error.value.rule == "bug.unfixed"
    case.tell(
        BranchSet(branch="stable-9.1", state="merged", commit="b" * 40),
        BranchSet(branch="master", state="merged", commit="a" * 40, further=("c" * 40,)),
    )
    text = DraftClosing(case=case.number).perform(case.office)
    assert text.startswith("Fixed in: ")
    assert text.splitlines()[0].endswith("a" * 40)
    assert f"- stable-9.1: {'b' * 40}" in text
    assert "c" * 40 in text


def test_what_may_not_be_written_says_why_in_its_place(tmp_path: Path) -> None:
    case = team(tmp_path)
    case.tell(SET)
    trailers, bug, closing = ReadTexts(case=case.number).perform(case.office)
    assert trailers.text == "Reported-by: A. Roe <roe@example.net>\n"
    assert (bug.text, closing.text) == ("", "")
    assert "holds until 2026-12-05" in bug.refused


def test_a_text_is_saved_for_the_person_alone(tmp_path: Path) -> None:
    case = team(tmp_path)
    path = Path(SaveText(name="../bug.txt", text="text\n").perform(case.office))
    assert path.name == "bug.txt"
    assert path.stat().st_mode & 0o777 == 0o600
