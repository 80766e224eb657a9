"""Severity (T1 T2): the considerations suggest and explain; a person decides, and says why when they differ."""

import pytest

from seccon.core.errors import RefusedError
from seccon.core.journal.cases import Answer, Assessed
from seccon.core.severity import asked, check, suggest
from tests.story import shipped

QEMU = shipped("qemu")


def answers(**given: str) -> dict[str, Answer]:
    return {name.replace("_", "-"): Answer(answer=answer) for name, answer in given.items()}


def test_the_worked_example_ends_as_a_non_issue() -> None:
    """The page's sdhci example: one device is disabled, the other has one user, a development board whose guest is trusted."""
    given = {
        "feasible": Answer(answer="no", note="'sdhci-pci' is disabled by default, guests cannot use it"),
        "management": Answer(answer="no"),
        "hypervisor": Answer(answer="no", note="the Zynq board is emulated"),
        "production": Answer(answer="no", note="the board serves cross-platform development"),
    }
    suggestion = suggest(QEMU, "yes", "unknown", "Important", given)
    assert suggestion.word == ""
    assert suggestion.sentence.startswith("Suggested: not a security issue, because no malicious party")
    assert "sdhci-pci" in suggestion.sentence
    assert "development platform" in suggestion.sentence


def test_needing_no_management_interface_does_not_lower() -> None:
    given = answers(feasible="yes", management="no", hypervisor="yes", production="yes")
    assert suggest(QEMU, "yes", "yes", "Critical", given).word == "Critical"
    assert "management-access" not in [one.id for one in asked(QEMU, given)]


def test_a_management_interface_out_of_reach_lowers() -> None:
    given = answers(feasible="yes", management="yes", management_access="no", hypervisor="yes", production="yes")
    suggestion = suggest(QEMU, "yes", "yes", "Critical", given)
    assert suggestion.word == "Low"
    assert "not accessible" in suggestion.sentence


def test_some_negative_answers_lower_to_low() -> None:
    assert suggest(QEMU, "yes", "yes", "Important", answers(feasible="yes", hypervisor="no", production="yes")).word == "Low"


@pytest.mark.parametrize(("genuine", "misuse"), [("no", "unknown"), ("yes", "no")])
def test_what_is_not_genuine_or_cannot_be_misused_is_none(genuine: str, misuse: str) -> None:
    assert suggest(QEMU, genuine, misuse, "Critical", {}).word == ""


def test_nothing_is_suggested_without_a_worst_case() -> None:
    assert not suggest(QEMU, "yes", "yes", "", {}).decided


def test_a_different_opinion_needs_its_reason() -> None:
    rating = Assessed(genuine="yes", misuse="yes", apparent="Important", severity="Moderate")
    with pytest.raises(RefusedError, match="suggest 'Important'"):
        check(QEMU, rating)
    kept = check(QEMU, Assessed(genuine="yes", misuse="yes", apparent="Important", severity="Moderate", why="needs root"))
    assert kept.suggested == "Important"


def test_the_suggestion_is_never_taken_from_the_asker() -> None:
    forged = Assessed(genuine="yes", misuse="yes", apparent="Important", severity="Low", suggested="Low")
    with pytest.raises(RefusedError, match="suggest 'Important'"):
        check(QEMU, forged)


def test_a_word_that_is_not_on_the_scale_is_refused() -> None:
    with pytest.raises(RefusedError, match="Low, Moderate, Important, Critical"):
        check(QEMU, Assessed(genuine="yes", misuse="yes", severity="High", why="x"))
