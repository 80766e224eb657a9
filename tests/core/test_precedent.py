"""Precedents (T6): past cases of the same component or of a like subject, and how they were rated."""

import time

from seccon.core.board import Row
from seccon.core.journal.cases import Answer
from seccon.core.precedent import Past, alike, components, told


def past(number: int, subject: str, severity: str = "Low", rank: int = 0, state: str = "closed") -> Row:
    label = f"Q-2026-{number:03}"
    return Row(number, label, "p", state, subject, "R", severity=severity, rank=rank)  # type: ignore[arg-type]


ROWS = (
    past(1, "sdhci: out-of-bounds access in sdhci_read_dataport()", "none", -1),
    past(2, "virtio-net: heap buffer overflow via crafted MQ command", "Important", 2),
    past(3, "Re: [SECURITY] virtio-net: guest crash in rss", "Moderate", 1),
    past(4, "daemon: deadlock when a client disconnects", "Low", 0),
    past(5, "sdhci: another one, nobody rated it yet", "", -1, "new"),
    past(6, "...", "Important", 2),
)


def test_a_subject_names_its_components() -> None:
    assert components("Re: sdhci: out-of-bounds read in sdhci_read_dataport()") == ("sdhci", "sdhci_read_dataport")
    assert "virtio-net" in components("heap overflow in virtio-net")
    assert components("use-after-free, out-of-bounds") == ()
    assert "lsi53c895a" in components("crash in lsi53c895a SCRIPTS")


def test_the_same_component_comes_first_with_its_rating() -> None:
    found = alike("virtio-net: out-of-bounds write in virtio_net_handle_ctrl", 9, ROWS)
    assert {one.past.row.number: one.rated for one in found[:2]} == {2: "Important", 3: "Moderate"}
    said = told(found, {})
    assert any(one.startswith("like Q-2026-002 (Important; same virtio-net") for one in said[:2])


def test_a_case_rated_as_no_issue_is_a_precedent_and_an_unrated_one_is_none() -> None:
    found = alike("sdhci: out-of-bounds read after block size change", 9, ROWS)
    assert [one.past.row.number for one in found] == [1]
    assert found[0].rated == "no security issue"


def test_a_like_subject_without_a_component_is_found() -> None:
    found = alike("Deadlock in the daemon when clients disconnect", 9, ROWS)
    assert [one.past.row.number for one in found] == [4]
    assert "% alike" in told(found, {})[0]


def test_a_subject_that_is_hidden_is_like_nothing() -> None:
    """The outside of an encrypted mail says "...": two of them are not alike."""
    assert alike("...", 9, ROWS) == ()
    assert alike("[...]", 9, ROWS) == ()


def test_the_case_itself_is_no_precedent() -> None:
    assert [one.past.row.number for one in alike(ROWS[1].subject, 2, ROWS)] == [3]


def test_considerations_that_were_answered_alike_are_counted() -> None:
    (first, *_) = alike("sdhci: out-of-bounds read", 9, ROWS)
    answers = {"feasible": Answer(answer="no"), "production": Answer(answer="no"), "hypervisor": Answer(answer="unknown")}
    rated = type(first)(Past(first.past.row, answers), first.likeness, first.shared)
    mine = {"feasible": Answer(answer="no"), "production": Answer(answer="yes"), "hypervisor": Answer(answer="yes")}
    assert "1 of 2 considerations answered alike" in told([rated], mine)[0]


def test_many_long_subjects_are_compared_soon() -> None:
    rows = [past(number, f"{'a_b-' * 100} {number} overflow in thing") for number in range(20, 820)]
    begin = time.monotonic()
    alike("x_y-" * 400 + ": overflow in thing", 9, rows)
    assert time.monotonic() - begin < 3
