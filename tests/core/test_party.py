"""Parties of a case: invited, told, answered, ready; and what makes them not ready again (features, F5)."""

from datetime import UTC, datetime, timedelta

from seccon.core.case import Case, events, fold
from seccon.core.facts import facts
from seccon.core.ids import CveId, MessageId
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import CaseOpened, PublicityFlagged, ReportLinked
from seccon.core.journal.embargoes import EmbargoSet
from seccon.core.journal.parties import PartyAnswered, PartyInvited, PartyReady, PartyRemoved, PartyTold
from seccon.core.journal.work import BranchSet, CveAssigned, FixProposed, PermissionRecorded
from seccon.core.party_view import party_lines
from seccon.core.policy import CaseForm, Intake, Policy, Severity
from seccon.core.report import Correspondent

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
REPORT = MessageId("one@reporter.example")
OTHER = MessageId("two@other.example")
VENDOR = "security@vendor.example"
POLICY = Policy(
    name="p", revision="1", title="", since="2026-01-01", source="", intake=Intake("*"), case=CaseForm("P"),
    severity=Severity(("Low", "High")),
)  # fmt: skip


def of(*bodies: Body) -> Case:
    """Fold these, one an hour, after a case with one report was opened."""
    opened: tuple[Body, ...] = (
        CaseOpened(project="p"),
        ReportLinked(report=REPORT, reporter=Correspondent("R", "r@reporter.example")),
    )
    return fold(
        Entry(1, seq, START + timedelta(hours=seq), "alice", "p@1", body) for seq, body in enumerate((*opened, *bodies), 1)
    )


def held(*bodies: Body) -> frozenset[str]:
    """Give the facts after these."""
    return facts(of(*bodies), POLICY)


INVITED = PartyInvited(party=VENDOR, name="Vendor")


def test_a_party_is_found_by_its_address_however_it_is_written() -> None:
    case = of(INVITED, PartyTold(party="Security@VENDOR.example", patch=1))
    party = case.work.party("SECURITY@vendor.example")
    assert party is not None
    assert (party.label, party.holds, party.told_at) == ("Vendor", 1, START + timedelta(hours=4))


def test_a_new_version_of_the_patch_makes_a_ready_party_not_ready() -> None:
    first = (INVITED, FixProposed(version=1), PartyTold(party=VENDOR, patch=1), PartyReady(party=VENDOR, patch=1))
    assert {"parties-ready", "parties-hold"} <= held(*first)
    respin = held(*first, FixProposed(version=2))
    assert not {"parties-ready", "parties-hold"} & respin
    again = held(*first, FixProposed(version=2), PartyTold(party=VENDOR, patch=2), PartyReady(party=VENDOR, patch=2))
    assert {"parties-ready", "parties-hold"} <= again


def test_who_is_not_affected_is_ready_whatever_the_patch() -> None:
    assert "parties-ready" in held(INVITED, FixProposed(version=3), PartyAnswered(party=VENDOR, affected="no"))
    assert "parties-ready" not in held(INVITED, FixProposed(version=3), PartyAnswered(party=VENDOR, affected="yes"))


def test_who_is_not_affected_is_still_told_a_new_date() -> None:
    until = START + timedelta(days=14)
    said = PermissionRecorded(report=REPORT, whom=VENDOR, why="by phone")
    known = (INVITED, said, EmbargoSet(proposal="p1", until=until), PartyTold(party=VENDOR, until=until))
    case = of(*known, PartyAnswered(party=VENDOR, affected="no"))
    assert [(one.state, one.due, one.ready) for one in party_lines(case, POLICY)] == [("not affected", "", True)]
    later = EmbargoSet(proposal="p2", until=until + timedelta(days=7), change="restart")
    case = of(*known, PartyAnswered(party=VENDOR, affected="no"), later)
    assert [(one.due, one.ready) for one in party_lines(case, POLICY)] == [("date", True)], "what they know they keep until then"


def test_each_reporter_must_permit_each_party() -> None:
    joined = ReportLinked(report=OTHER, reporter=Correspondent("O", "o@other.example"))
    allowed = PermissionRecorded(report=REPORT, whom=VENDOR, why="their mail")
    assert "parties-permitted" in held(INVITED, allowed)
    assert "parties-permitted" not in held(joined, INVITED, allowed)
    assert "parties-permitted" in held(joined, INVITED, allowed, PermissionRecorded(report=OTHER, whom="anyone", why="said so"))


def test_inviting_again_changes_what_is_said_and_forgets_nothing() -> None:
    case = of(INVITED, PartyTold(party=VENDOR, patch=1), PartyInvited(party=VENDOR, name="Vendor Inc.", agrees=True))
    (party,) = case.work.parties
    assert (party.name, party.agrees, party.holds) == ("Vendor Inc.", True, 1)


def test_a_removed_party_takes_part_no_longer() -> None:
    assert of(INVITED, PartyRemoved(party=VENDOR)).work.parties == ()
    assert "party" not in held(INVITED, PartyRemoved(party=VENDOR))


def test_a_word_about_nobody_changes_nothing() -> None:
    assert of(PartyReady(party=VENDOR)).work.parties == ()


def test_a_party_s_branch_stands_beside_the_project_s_of_the_same_name() -> None:
    branches = of(
        BranchSet(branch="stable", state="merged"), BranchSet(branch="stable", state="vulnerable", owner="V")
    ).work.branches
    assert {key: one.state for key, one in branches.items()} == {"stable": "merged", "V: stable": "vulnerable"}


def test_an_id_is_disclosed_once_the_matter_is_public_and_has_it() -> None:
    public, cve = PublicityFlagged(public=True), CveAssigned(cve=CveId("CVE-2026-1"), by="cna")
    assert events(of(public, cve))["cve-disclosed"].first == START + timedelta(hours=4)
    assert events(of(cve, public))["cve-disclosed"].first == START + timedelta(hours=4)
    assert "cve-disclosed" not in events(of(cve))
    assert "cve-disclosed" not in events(of(public))
