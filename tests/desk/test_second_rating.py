"""A second rating (part of T4): by a colleague, never by oneself, and never recorded as blind while lists show the first."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from seccon.adapters.ledger import Ledger
from seccon.core.case import fold
from seccon.core.errors import RefusedError
from seccon.core.facts import facts
from seccon.core.journal.cases import Assessed
from seccon.core.projection import projector
from seccon.core.team import Roster
from seccon.desk.assess import Assess
from seccon.desk.second_rating import RateAgain
from tests.story import at, received, shipped

FIRST = Assessed(genuine="yes", misuse="yes", apparent="Important", severity="Important")
OTHER = Assessed(genuine="yes", misuse="yes", apparent="Moderate", severity="Moderate")


def test_a_colleague_rates_again_and_a_difference_is_settled_by_a_later_rating(tmp_path: Path) -> None:
    policies = {"qemu@2020-12": shipped("qemu")}
    ledger = Ledger(tmp_path / "private" / "ledger.db", projector(policies))
    with ledger.writing("alice", at("2026-02-20")) as book:
        case = book.open_file("qemu@2020-12", *(body for _, body in received()))
    now = {"at": at("2026-02-21")}
    office = SimpleNamespace(ledger=ledger, person="alice", clock=lambda: now["at"], policies=policies, roster=Roster())

    def perform(request, person: str) -> None:
        office.person = person
        request.perform(office)

    with pytest.raises(RefusedError, match="Nobody has rated it yet"):
        perform(RateAgain(case=case, seen=3, rating=OTHER), "bob")
    perform(Assess(case=case, seen=3, rating=FIRST), "alice")
    with pytest.raises(RefusedError, match="a colleague's"):
        perform(RateAgain(case=case, seen=4, rating=OTHER), "alice")
    perform(RateAgain(case=case, seen=4, rating=OTHER), "bob")
    state = fold(ledger.entries(case))
    assert state.severity == "Important", "the second opinion decides nothing by itself"
    assert state.work.seconds[0].blind is False
    assert "settled" not in facts(state, policies["qemu@2020-12"])
    now["at"] = at("2026-02-22")
    perform(Assess(case=case, seen=5, rating=OTHER), "alice")
    assert "settled" in facts(fold(ledger.entries(case)), policies["qemu@2020-12"])
    ledger.close()
