"""The fold: a case is what happened to it."""

from hypothesis import given
from hypothesis import strategies as st

from seccon.core.case import events, fold, fold_from
from seccon.core.journal import KINDS, Body, entry_from_json, entry_to_json
from seccon.core.journal.cases import (
    Acknowledged,
    Answer,
    Assessed,
    CaseAccepted,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    MailArrived,
    ReportLinked,
    ReportUnlinked,
)
from seccon.core.journal.embargoes import EmbargoAgreed, EmbargoEnded, EmbargoProposed, EmbargoRejected, EmbargoSet
from seccon.core.journal.replies import ReplyQueued, ReplySent, SentTo
from seccon.core.report import Correspondent
from tests.story import ROE, at, received, tell

BODIES: list[Body] = [
    *(body for _, body in received()),
    ReportLinked(report="r2@example.net", reporter=Correspondent("B", "b@example.net")),
    ReportUnlinked(report="r2@example.net"),
    Acknowledged(report="r1@example.net", member="Bob", when=at("2026-02-21")),
    CaseAccepted(id="Q-2026-001"),
    Assessed(genuine="yes", misuse="yes", severity="Important", answers={"production": Answer(answer="no", note="demo board")}),
    EmbargoProposed(proposal="p1", party="team", until=at("2026-03-06")),
    EmbargoProposed(proposal="p2", party="roe@example.net", until=at("2026-03-20"), counters="p1"),
    EmbargoAgreed(proposal="p2", party="team"),
    EmbargoRejected(proposal="p2", party="team"),
    EmbargoSet(proposal="p2", until=at("2026-03-20")),
    EmbargoEnded(reason="released"),
    ReplyQueued(reply="o1", mail="m@x", identity="s@x", recipients=(SentTo(address="roe@example.net"),), protection="encrypted"),
    ReplySent(reply="o1", mail="m@x", when=at("2026-02-22")),
    CaseClosed(outcome="published"),
    CaseReopened(why="more"),
]
HISTORIES = st.lists(st.sampled_from(BODIES), max_size=25).map(
    lambda bodies: tell(("2026-02-20", CaseOpened(project="qemu")), *(("2026-02-21", body) for body in bodies))
)


@given(HISTORIES, st.integers(0, 26))
def test_folding_in_two_parts_is_folding_at_once(history: list, cut: int) -> None:
    assert fold(history) == fold_from(fold(history[:cut]), history[cut:])


@given(HISTORIES)
def test_an_embargo_has_a_date_exactly_while_it_is_active(history: list) -> None:
    embargo = fold(history).embargo
    assert not embargo.active or embargo.until is not None
    assert embargo.state != "proposed" or any(one.open for one in embargo.proposals)


@given(HISTORIES)
def test_every_entry_survives_its_line_of_json(history: list) -> None:
    assert [entry_from_json(entry_to_json(entry)) for entry in history] == history


def test_of_two_acknowledgements_the_first_counts() -> None:
    """A2: the promise runs from the first answer, in whatever order they were recorded."""
    late = Acknowledged(report="r1@example.net", member="Bob", when=at("2026-02-23"))
    early = Acknowledged(report="r1@example.net", member="Carol", when=at("2026-02-21"))
    for order in ([late, early], [early, late]):
        case = fold(tell(*received(), *(("2026-02-24", body) for body in order)))
        assert case.reports[0].acknowledged == early
        assert events(case)["acknowledged"].first == at("2026-02-21")


def test_an_unlinked_report_takes_its_acknowledgement_along() -> None:
    """I3: each reporter keeps their own acknowledgement."""
    story = [*received(), ("2026-02-21", Acknowledged(report="r1@example.net", member="Bob", when=at("2026-02-21")))]
    assert "acknowledged" in events(fold(tell(*story)))
    assert "acknowledged" not in events(fold(tell(*story, ("2026-02-22", ReportUnlinked(report="r1@example.net")))))


def test_a_quiet_case_owes_again_when_new_mail_comes() -> None:
    """U8: older threads owe nothing until new mail arrives."""
    story = received()
    story[0] = (story[0][0], CaseOpened(project="qemu", quiet=True))
    assert fold(tell(*story)).quiet
    mail = MailArrived(mail="m2@example.net", digest="d", report="r1@example.net", sender=ROE)
    assert not fold(tell(*story, ("2026-02-25", mail))).quiet


def test_a_mail_is_filed_once() -> None:
    """I2: identity is Message-ID with the file's hash."""
    story = received()
    assert len(fold(tell(*story, story[-1])).mails) == 1


def test_a_reopened_case_is_open_for_clocks_too() -> None:
    story = [*received(), ("2026-02-21", CaseClosed(outcome="spam")), ("2026-02-22", CaseReopened(why="no spam"))]
    case = fold(tell(*story))
    assert case.closed is None
    assert "case-closed" not in events(case)


def test_every_kind_and_field_is_in_the_documentation() -> None:
    """docs/journal.md fixes the kinds for ever; nothing is written that it does not name."""
    from pathlib import Path

    text = (Path(__file__).parent.parent.parent / "docs" / "journal.md").read_text()
    for kind, shape in KINDS.items():
        section = text.split(f"### `{kind}`")
        assert len(section) == 2, kind
        rows = section[1].split("\n### ")[0]
        for field in shape.__struct_fields__:
            assert field == "v" or f"| `{field}` |" in rows, f"{kind}.{field}"
