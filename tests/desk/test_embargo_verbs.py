"""The negotiation at the desk: every rule by its id, proof for what others said, the last agreement puts the date in force."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from seccon.core.case import Case, fold
from seccon.core.errors import ConflictError, RefusedError
from seccon.core.journal.cases import PublicityFlagged
from seccon.core.journal.embargoes import EmbargoProposed
from seccon.core.policy import Limit
from seccon.core.spans import span
from seccon.desk.embargo import AgreeEmbargo, EndEmbargo, ProposeEmbargo, RejectEmbargo, SetEmbargo, missing, parties
from tests.outgoing import DOE, NOW, ROE, Scene
from tests.story import at, received, shipped, tell

SOON, LATE = NOW + timedelta(days=10), NOW + timedelta(days=40)
MAIL = "yes@reporter.example.net"


class Negotiation:
    """One case, and its verbs without the ceremony."""

    def __init__(self, home: Path, **changes: Any) -> None:
        self.scene = Scene(home, **changes)
        self.case = self.scene.report()

    def do(self, verb: Any, **asked: Any) -> Case:
        entries = self.scene.office.ledger.entries(self.case)
        verb(case=self.case, seen=entries[-1].seq, **asked).perform(self.scene.office)
        return fold(self.scene.office.ledger.entries(self.case))

    def refused(self, verb: Any, **asked: Any) -> str:
        before = self.scene.office.ledger.entries(self.case)
        with pytest.raises(RefusedError) as caught:
            self.do(verb, **asked)
        assert self.scene.office.ledger.entries(self.case) == before, "a refusal writes nothing"
        return caught.value.rule

    def policy(self, **changes: Any) -> None:
        """Judge the case by another process from now on."""
        policy = self.scene.policy
        self.scene.policies[policy.key] = msgspec.structs.replace(
            policy, embargo=msgspec.structs.replace(policy.embargo, **changes)
        )


@pytest.fixture
def table(tmp_path: Path) -> Negotiation:
    """A negotiation at its beginning."""
    return Negotiation(tmp_path)


def test_the_last_agreement_puts_the_date_in_force(table: Negotiation) -> None:
    """E1: mutual agreement; the team proposed, so the reporter's word is what is missing."""
    case = table.do(ProposeEmbargo, until=SOON)
    assert case.embargo.state == "proposed"
    assert missing(case, table.scene.policy, case.embargo.proposals[0]) == (ROE.address,)
    case = table.do(AgreeEmbargo, proposal="p1", party=ROE.address, proof=MAIL)
    assert (case.embargo.state, case.embargo.until) == ("active", SOON)


def test_with_two_reporters_both_agree(table: Negotiation) -> None:
    """I3: each reporter keeps their own embargo wish."""
    table.scene.report(DOE, case=table.case)
    table.do(ProposeEmbargo, until=SOON)
    case = table.do(AgreeEmbargo, proposal="p1", party=ROE.address, proof=MAIL)
    assert case.embargo.state == "proposed"
    case = table.do(AgreeEmbargo, proposal="p1", party=DOE.address.upper(), why="on the telephone")
    assert case.embargo.state == "active"


def test_what_others_said_needs_its_proof(table: Negotiation) -> None:
    table.do(ProposeEmbargo, until=SOON)
    assert table.refused(AgreeEmbargo, proposal="p1", party=ROE.address, why="  ") == "embargo.proof"
    assert table.refused(RejectEmbargo, proposal="p1", party=ROE.address) == "embargo.proof"


def test_an_aim_is_overridden_with_a_reason_and_that_is_on_record(table: Negotiation) -> None:
    """E2: preferred up to two weeks."""
    assert table.refused(ProposeEmbargo, until=LATE) == "two-weeks"
    table.do(ProposeEmbargo, until=LATE, why="it is critical")
    case = table.do(AgreeEmbargo, proposal="p1", party=ROE.address, proof=MAIL)
    assert case.embargo.overrides == ("two-weeks",)
    assert case.embargo.why == "it is critical"


def test_a_hard_limit_refuses_whatever_the_reason(table: Negotiation) -> None:
    """E2: only hard limits refuse."""
    hard = Limit(id="seven", length=span("7 days"), strength="hard", sentence="Seven days.", source="the rule")
    table.policy(limit=(hard,))
    assert table.refused(ProposeEmbargo, until=SOON, why="please") == "seven"


def test_a_date_in_the_past_and_a_public_matter_take_no_embargo(table: Negotiation) -> None:
    assert table.refused(ProposeEmbargo, until=NOW) == "embargo.past"
    table.scene.add(table.case, PublicityFlagged(public=True, evidence="https://example.org"))
    assert table.refused(ProposeEmbargo, until=SOON) == "embargo.forbidden"


def test_a_restart_is_for_processes_that_know_one_and_for_a_reason(table: Negotiation) -> None:
    """E3."""
    table.do(ProposeEmbargo, until=SOON)
    table.do(AgreeEmbargo, proposal="p1", party=ROE.address, proof=MAIL)
    assert table.refused(ProposeEmbargo, until=LATE, restart=True, why="a fault in the patch") == "embargo.restart"
    table.policy(restart_because="a problem found with the patch")
    assert table.refused(ProposeEmbargo, until=SOON + timedelta(days=1), restart=True) == "embargo.restart"
    table.do(ProposeEmbargo, until=SOON + timedelta(days=1), restart=True, why="the patch breaks migration")
    case = table.do(AgreeEmbargo, proposal="p2", party=ROE.address, proof=MAIL)
    assert len(case.embargo.windows) == 2


def test_a_date_holds_without_everybody_only_with_a_written_reason(table: Negotiation) -> None:
    table.do(ProposeEmbargo, until=SOON)
    assert table.refused(SetEmbargo, proposal="p1") == "embargo.agreement"
    case = table.do(SetEmbargo, proposal="p1", why="no answer for a week")
    assert case.embargo.overrides == (f"agreement:{ROE.address}",)


def test_a_rejected_or_unknown_proposal_is_not_agreed_to(table: Negotiation) -> None:
    assert table.refused(AgreeEmbargo, proposal="p1", party="team") == "embargo.proposal"
    table.do(ProposeEmbargo, until=SOON)
    assert table.do(RejectEmbargo, proposal="p1", party=ROE.address, proof=MAIL).embargo.state == "none"
    assert table.refused(SetEmbargo, proposal="p1", why="x") == "embargo.proposal"
    assert table.refused(ProposeEmbargo, until=SOON, counters="p9") == "embargo.counter"


def test_a_counter_rejects_what_it_answers(table: Negotiation) -> None:
    table.do(ProposeEmbargo, until=SOON)
    case = table.do(ProposeEmbargo, until=SOON + timedelta(days=3), party=ROE.address, counters="p1", proof=MAIL)
    assert [one.id for one in case.embargo.table] == ["p2"]
    assert missing(case, table.scene.policy, case.embargo.table[0]) == ("team",)


def test_no_embargo_is_released_before_its_date_but_for_a_reason_the_process_knows(table: Negotiation) -> None:
    """E10, E3."""
    assert table.refused(EndEmbargo, reason="released") == "embargo.end"
    table.do(ProposeEmbargo, until=SOON)
    table.do(SetEmbargo, proposal="p1", why="agreed on the telephone")
    assert table.refused(EndEmbargo, reason="released") == "embargo.date"
    assert table.refused(EndEmbargo, reason="leaked") == "embargo.end"
    table.scene.now = SOON
    assert table.do(EndEmbargo, reason="released").embargo.state == "ended"


def test_two_who_propose_at_once_do_not_overwrite_each_other(table: Negotiation) -> None:
    seen = table.scene.office.ledger.entries(table.case)[-1].seq
    ProposeEmbargo(case=table.case, seen=seen, until=SOON).perform(table.scene.office)
    with pytest.raises(ConflictError):
        ProposeEmbargo(case=table.case, seen=seen, until=SOON).perform(table.scene.office)


def test_a_stranger_on_the_host_negotiates_nothing(tmp_path: Path) -> None:
    assert Negotiation(tmp_path, person="mallory").refused(ProposeEmbargo, until=SOON) == "roster"


def test_who_has_spoken_in_the_negotiation_must_agree() -> None:
    """E1: each party; a vendor that proposed a date of its own is one from then on."""
    case = fold(
        tell(
            *received(),
            ("2026-02-20", EmbargoProposed(proposal="p1", party="team", until=at("2026-03-06"))),
            ("2026-02-21", EmbargoProposed(proposal="p2", party="psirt@vendor.example", until=at("2026-03-05"), proof="v@x")),
        )
    )
    policy = shipped("qemu")
    assert parties(case, policy) == ("team", "roe@example.net", "psirt@vendor.example")
    first, second = case.embargo.proposal("p1"), case.embargo.proposal("p2")
    assert first is not None
    assert second is not None
    assert missing(case, policy, first) == ("roe@example.net", "psirt@vendor.example")
    assert missing(case, policy, second) == ("team", "roe@example.net")
