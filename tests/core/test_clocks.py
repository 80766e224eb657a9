"""Clocks and steps (A1 A2 A3 U1), by the shipped processes."""

from datetime import timedelta

import msgspec
import pytest

from seccon.core.case import fold
from seccon.core.clocks import readings
from seccon.core.journal.cases import (
    Acknowledged,
    Assessed,
    CaseAccepted,
    CaseClosed,
    CaseReopened,
    CreditSet,
    MailArrived,
    NoteAdded,
    PublicityFlagged,
)
from seccon.core.journal.disclosure import AdvisorySet
from seccon.core.journal.embargoes import EmbargoCommunicated, EmbargoEnded, EmbargoProposed, EmbargoSet
from seccon.core.journal.work import (
    Announced,
    Archived,
    BranchSet,
    BugClosed,
    BugOpened,
    CveAssigned,
    FixProposed,
    WaitingSet,
)
from seccon.core.projection import projection
from seccon.core.report import Correspondent
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


@pytest.mark.parametrize(("again", "day"), [(True, "2026-02-25"), (False, "2026-02-21")])
def test_a_clock_that_starts_again_runs_from_the_last_time_and_another_from_the_first(again: bool, day: str) -> None:
    policy = shipped("qemu")
    rule = next(one for one in policy.clock if one.id == "sixty-days")
    rule = msgspec.structs.replace(rule, start="note-added", again=again, when=())
    case = fold(tell(*received(), ("2026-02-21", NoteAdded(text="one")), ("2026-02-25", NoteAdded(text="two"))))
    (reading,) = readings(case, msgspec.structs.replace(policy, clock=(rule,)), at("2026-03-01"))
    assert reading.start == at(day)


def test_each_reporter_is_owed_an_answer_in_a_time_of_their_own() -> None:
    second = received("2026-02-23", "r2@example.net", Correspondent("J. Doe", "doe@example.net"))[1:]
    waiting = clock("first-answer", ACK, *second, now="2026-02-24", policy="libvirt")
    assert (waiting.start, waiting.state) == (at("2026-02-23"), "warned"), "the first one's answer does not stop it"
    late = ("2026-02-24", Acknowledged(report="r2@example.net", member="Bob", when=at("2026-02-24 09:00")))
    assert clock("first-answer", ACK, *second, late, now="2026-02-25", policy="libvirt").state == "met"
    after = ("2026-02-26", Acknowledged(report="r2@example.net", member="Bob", when=at("2026-02-26 09:00")))
    assert clock("first-answer", ACK, *second, after, now="2026-02-27", policy="libvirt").state == "missed"


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


CVE = ("2026-02-24", CveAssigned(cve="CVE-2026-1234", by="Vendor"))
FIX = ("2026-02-24", FixProposed(version=1, commit="abc", trailers=("CVE: CVE-2026-1234",)))
ENDED = ("2026-03-06", EmbargoEnded(reason="released"))
BUG = ("2026-03-06", BugOpened(url="https://bugs.example.org/1"))
MERGED = ("2026-03-06", BranchSet(branch="master", state="merged", commit="abc"))
BUG_CLOSED = ("2026-03-06", BugClosed(commit="abc"))


def test_the_process_of_a_severe_report_step_by_step() -> None:
    """Each step leads to the next, through the whole page."""
    story: list = []
    for done, first in (
        (None, "acknowledge"), (ACK, "triage"), (RATED, "accept"), (TAKEN, "propose-embargo"), (PROPOSED, "settle-embargo"),
        (SET, "tell-date"), (TOLD, "cve"), (CVE, "fix"), (FIX, "release"), (ENDED, "bug"), (BUG, "merge"), (MERGED, "close-bug"),
        (BUG_CLOSED, "close"),
    ):  # fmt: skip
        story += [done] if done else []
        assert next_steps(*story)[0] == first
    assert next_steps(*story, ("2026-03-07", CaseClosed(outcome="published"))) == []


def test_the_other_process_step_by_step() -> None:
    announced = [("2026-03-06", Announced(list=f"{name}@lists.libvirt.org", url="https://x")) for name in ("devel", "announce")]
    written = ("2026-02-24", BranchSet(branch="master", state="written", commit="abc"))
    credit = ("2026-02-24", CreditSet(report="r1@example.net", credit="A. Roe"))
    words = ("2026-02-25", AdvisorySet(title="a link is followed"))
    story: list = []
    for done, first in (
        ([], "acknowledge"), ([ACK], "triage"), ([RATED], "accept"), ([TAKEN], "propose-embargo"), ([PROPOSED], "settle-embargo"),
        ([SET], "tell-date"), ([TOLD], "cve"), ([CVE], "fix"), ([FIX], "branches"), ([written], "credit"),
        ([credit], "advisory"), ([words], "release"), ([ENDED], "publish-fixes"),
        ([MERGED], "announce"), (announced, "close"),
    ):  # fmt: skip
        story += done
        assert next_steps(*story, policy="libvirt")[0] == first


def test_an_encrypted_report_is_archived_after_triage() -> None:
    """The page: encrypted issue details shall be sent to the list for archival purposes."""
    mail = MailArrived(mail="m2@x", digest="d2", report="r1@example.net", sender=ROE, encrypted=True)
    assert "archive" in next_steps(("2026-02-20", mail), ACK, RATED)
    done = ("2026-02-23", Archived(report="r1@example.net", evidence="sent"))
    assert "archive" not in next_steps(("2026-02-20", mail), ACK, RATED, done)


def test_a_low_severity_is_made_public_at_once() -> None:
    """T5, and no embargo is wanted."""
    low = ("2026-02-22", Assessed(genuine="yes", misuse="yes", severity="Low"))
    assert next_steps(ACK, low, TAKEN) == ["public-bug", "cve"]


def test_what_is_no_security_issue_is_answered_and_closed() -> None:
    none = ("2026-02-22", Assessed(genuine="yes", misuse="no"))
    assert next_steps(ACK, none) == ["not-security"]


def test_what_is_public_wants_no_embargo() -> None:
    """T7: the flag changes what is due."""
    public = ("2026-02-22", PublicityFlagged(public=True, evidence="x"))
    assert "propose-embargo" not in next_steps(ACK, RATED, TAKEN, public)
    assert "bug-now" in next_steps(ACK, RATED, TAKEN, public)
    assert next_steps(ACK, RATED, TAKEN, PROPOSED, SET, TOLD, public)[0] == "end-embargo"


def test_the_other_process_wants_an_embargo_for_every_severity() -> None:
    low = ("2026-02-22", Assessed(genuine="yes", misuse="yes", severity="Low"))
    assert next_steps(ACK, low, TAKEN, policy="libvirt")[0] == "propose-embargo"


def test_what_comes_before_is_due_with_what_comes_after() -> None:
    """A CVE that the 60 days would allow for weeks is wanted before the embargo ends."""
    owed = steps(fold(tell(*received(), ACK, RATED, TAKEN, PROPOSED, SET, TOLD)), shipped("qemu"), at("2026-03-01"))
    assert [(step.id, step.due) for step in owed][:2] == [("cve", at("2026-03-06")), ("release", at("2026-03-06"))]


def test_a_clock_stands_still_while_the_case_waits() -> None:
    """A3: paused by waiting, where the policy says so."""
    policy = shipped("generic")
    sent = (
        "2026-02-21",
        MailArrived(mail="a@x", digest="d9", report="r1@example.net", sender=ROE, arrived=at("2026-02-21"), direction="team"),
    )
    waits = ("2026-02-22", WaitingSet(whom="reporter"))
    answer = ("2026-02-27", MailArrived(mail="b@x", digest="d8", report="r1@example.net", sender=ROE, arrived=at("2026-02-27")))

    def progress(*story, now: str):
        return next(one for one in readings(fold(tell(*received(), sent, *story)), policy, at(now)) if one.id == "progress")

    assert progress(now="2026-02-22").due == at("2026-03-07")
    assert progress(waits, now="2026-04-22").state == "paused"
    went_on = progress(waits, answer, now="2026-03-01")
    assert went_on.due == at("2026-03-12")
    assert went_on.because == "2 weeks from 'mail-out' on 2026-02-21 00:00Z, and 5d in which the case waited"


def test_a_nag_is_shorter_for_what_is_worse() -> None:
    """A3: severity-scaled."""
    policy = shipped("kubernetes")
    sent = (
        "2026-02-21",
        MailArrived(mail="a@x", digest="d9", report="r1@example.net", sender=ROE, arrived=at("2026-02-21"), direction="team"),
    )
    for severity, due in (("Critical", "2026-02-23"), ("High", "2026-02-28"), ("Medium", "2026-03-21"), ("Low", "2026-03-21")):
        rated = ("2026-02-21", Assessed(genuine="yes", misuse="yes", severity=severity))
        found = readings(fold(tell(*received(), sent, rated)), policy, at("2026-02-22"))
        assert next(one.due for one in found if one.id == "nag") == at(due)


def test_a_second_reporter_is_owed_an_acknowledgement_first() -> None:
    second = [(when, body) for when, body in received("2026-02-24", "r2@example.org")][1:]
    story = (ACK, RATED, TAKEN, PROPOSED, SET, TOLD, *second)
    assert next_steps(*story)[0] == "acknowledge"
    promise = clock("first-answer", *story, now="2026-02-25")
    assert (promise.start, promise.due, promise.state) == (at("2026-02-24"), at("2026-02-26"), "warned")
    assert clock("first-answer", *story, now="2026-02-27").state == "overdue"
    late = ("2026-02-27", Acknowledged(report="r2@example.org", member="Bob", when=at("2026-02-27")))  # type: ignore[arg-type]
    assert clock("first-answer", *story, late, now="2026-02-28").stopped
    assert clock("sixty-days", *story, late, now="2026-02-28").start == at("2026-02-21 09:00")


def test_the_row_says_what_is_next_and_when() -> None:
    """I1."""
    policies = {"qemu@2020-12": shipped("qemu")}
    row = projection(fold(tell(*received("2026-02-19"))), policies).row
    assert (row.next, row.due, row.state) == ("acknowledge", at("2026-02-23"), "new")
    row = projection(fold(tell(*received(), ACK, RATED, TAKEN, PROPOSED, SET, TOLD)), policies).row
    assert (row.next, row.due, row.state, row.id) == ("request CVE", at("2026-03-06"), "embargo", "Q-2026-001")


def test_a_policy_that_is_not_installed_is_named_in_the_row() -> None:
    row = projection(fold(tell(*received(), policy="gone@1999")), {}).row
    assert "gone@1999" in row.next


def test_unread_mail_raises_nothing_by_itself() -> None:
    mail = ("2026-02-24", MailArrived(mail="m2@x", digest="d2", report="r1@example.net", sender=ROE, arrived=at("2026-02-24")))
    row = projection(fold(tell(*received(), ACK, mail)), {"qemu@2020-12": shipped("qemu")}).row
    assert (row.mails, row.touched) == (2, at("2026-02-24"))
