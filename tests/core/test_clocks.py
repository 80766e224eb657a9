"""Clocks and steps (A1 A2 A3 U1), by the shipped processes."""

from datetime import timedelta

from seccon.core.case import fold
from seccon.core.clocks import readings
from seccon.core.journal.cases import (
    Acknowledged,
    Assessed,
    CaseAccepted,
    CaseClosed,
    CaseReopened,
    MailArrived,
    PublicityFlagged,
)
from seccon.core.journal.embargoes import EmbargoCommunicated, EmbargoEnded, EmbargoProposed, EmbargoSet
from seccon.core.projection import projection
from seccon.core.steps import steps
from tests.story import ROE, at, received, shipped, tell

ACK = ("2026-02-21", Acknowledged(report="r1@example.net", member="Bob", when=at("2026-02-21 09:00")))
RATED = ("2026-02-22", Assessed(genuine="yes", misuse="yes", severity="Important"))
TAKEN = ("2026-02-22", CaseAccepted(id="Q-2026-001"))
PROPOSED = ("2026-02-23", EmbargoProposed(proposal="p1", party="team", until=at("2026-03-06")))
SET = ("2026-02-23", EmbargoSet(proposal="p1", until=at("2026-03-06")))
TOLD = ("2026-02-23", EmbargoCommunicated(report="r1@example.net", until=at("2026-03-06")))


def clock(name: str, *events, now: str = "2026-02-22", policy: str = "qemu"):
    case = fold(tell(*received(), *events))
    return next((one for one in readings(case, shipped(policy), at(now)) if one.id == name), None)


def next_steps(*events, policy: str = "qemu") -> list[str]:
    return [step.id for step in steps(fold(tell(*received(), *events)), shipped(policy), at("2026-03-01"))]


def test_the_sixty_days_start_at_the_acknowledgement() -> None:
    assert clock("sixty-days") is None
    reading = clock("sixty-days", ACK)
    assert reading.due == at("2026-04-22 09:00")
    assert reading.due - reading.start == timedelta(days=60)


def test_the_sixty_days_run_from_the_first_of_two_acknowledgements() -> None:
    later = ("2026-02-25", Acknowledged(report="r1@example.net", member="Carol", when=at("2026-02-25")))
    assert clock("sixty-days", later, ACK).start == at("2026-02-21 09:00")


def test_a_report_acknowledged_before_it_was_indexed_has_met_its_clock() -> None:
    story = [("2026-02-27", body) for _, body in received("2026-02-20")]
    case = fold(tell(*story, ("2026-02-27", ACK[1])))
    reading = next(one for one in readings(case, shipped("qemu"), at("2026-02-27")) if one.id == "first-answer")
    assert reading.state == "met"


def test_a_clock_is_warned_then_overdue_then_missed() -> None:
    assert clock("sixty-days", ACK, now="2026-03-01").state == "running"
    assert clock("sixty-days", ACK, now="2026-04-10").state == "warned"
    assert clock("sixty-days", ACK, now="2026-04-23").state == "overdue"
    assert clock("sixty-days", ACK, ("2026-04-23", CaseClosed(outcome="published")), now="2026-04-24").state == "missed"


def test_a_reopened_case_owes_again() -> None:
    closed = [ACK, ("2026-02-23", CaseClosed(outcome="spam"))]
    assert clock("sixty-days", *closed).state == "met"
    assert clock("sixty-days", *closed, ("2026-02-24", CaseReopened(why="x"))).state == "running"


def test_the_process_of_a_severe_report_step_by_step() -> None:
    assert next_steps()[0] == "acknowledge"
    assert next_steps(ACK) == ["triage"]
    assert next_steps(ACK, RATED) == ["accept", "propose-embargo"]
    assert next_steps(ACK, RATED, TAKEN) == ["propose-embargo"]
    assert next_steps(ACK, RATED, TAKEN, PROPOSED) == ["settle-embargo"]
    assert next_steps(ACK, RATED, TAKEN, PROPOSED, SET) == ["tell-date"]
    assert next_steps(ACK, RATED, TAKEN, PROPOSED, SET, TOLD) == ["release"]
    ended = ("2026-03-06", EmbargoEnded(reason="released"))
    assert next_steps(ACK, RATED, TAKEN, PROPOSED, SET, TOLD, ended) == ["publish"]
    assert next_steps(ACK, RATED, TAKEN, ended, ("2026-03-07", CaseClosed(outcome="published"))) == []


def test_a_low_severity_is_made_public_at_once() -> None:
    """T5, and no embargo is wanted."""
    low = ("2026-02-22", Assessed(genuine="yes", misuse="yes", severity="Low"))
    assert next_steps(ACK, low, TAKEN) == ["public-bug"]


def test_what_is_no_security_issue_is_answered_and_closed() -> None:
    none = ("2026-02-22", Assessed(genuine="yes", misuse="no"))
    assert next_steps(ACK, none) == ["not-security"]


def test_what_is_public_wants_no_embargo() -> None:
    """T7: the flag changes what is due."""
    public = ("2026-02-22", PublicityFlagged(public=True, evidence="x"))
    assert next_steps(ACK, RATED, TAKEN, public) == ["publish-now"]
    assert "end-embargo" in next_steps(ACK, RATED, TAKEN, PROPOSED, SET, TOLD, public)


def test_the_other_process_wants_an_embargo_for_every_severity() -> None:
    low = ("2026-02-22", Assessed(genuine="yes", misuse="yes", severity="Low"))
    assert next_steps(ACK, low, TAKEN, policy="libvirt") == ["propose-embargo"]


def test_a_second_reporter_is_owed_an_acknowledgement_first() -> None:
    second = [(when, body) for when, body in received("2026-02-24", "r2@example.org")][1:]
    assert next_steps(ACK, RATED, TAKEN, PROPOSED, SET, TOLD, *second)[0] == "acknowledge"


def test_the_row_says_what_is_next_and_when() -> None:
    """I1."""
    policies = {"qemu@2020-12": shipped("qemu")}
    row = projection(fold(tell(*received("2026-02-19"))), policies).row
    assert (row.next, row.due, row.state) == ("acknowledge", at("2026-02-23"), "new")
    row = projection(fold(tell(*received(), ACK, RATED, TAKEN, PROPOSED, SET, TOLD)), policies).row
    assert (row.next, row.due, row.state, row.id) == ("embargo ends", at("2026-03-06"), "embargo", "Q-2026-001")


def test_a_policy_that_is_not_installed_is_named_in_the_row() -> None:
    row = projection(fold(tell(*received(), policy="gone@1999")), {}).row
    assert "gone@1999" in row.next


def test_unread_mail_raises_nothing_by_itself() -> None:
    mail = ("2026-02-24", MailArrived(mail="m2@x", digest="d2", report="r1@example.net", sender=ROE, arrived=at("2026-02-24")))
    row = projection(fold(tell(*received(), ACK, mail)), {"qemu@2020-12": shipped("qemu")}).row
    assert (row.mails, row.touched) == (2, at("2026-02-24"))
