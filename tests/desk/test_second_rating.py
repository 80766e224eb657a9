"""A second rating (T4): by a colleague, never by oneself; blind where the process or the first rater asks for it."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from seccon.adapters.ledger import Ledger
from seccon.core.case import fold
from seccon.core.errors import ConflictError, RefusedError
from seccon.core.facts import facts
from seccon.core.journal import Entry
from seccon.core.journal.cases import Assessed, NoteAdded
from seccon.core.journal.work import SecondRated
from seccon.core.projection import projector
from seccon.core.second import SEALED, veil
from seccon.core.team import Roster
from seccon.desk.assess import Assess
from seccon.desk.second_rating import RateAgain
from tests.story import at, received, shipped, tell

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


VECTOR = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"


def rated(word: str, **more: str) -> Assessed:
    return Assessed(genuine="yes", misuse="yes", apparent=word, severity=word, cvss=VECTOR, **more)  # type: ignore[arg-type]


def recorded(rating: Assessed, *before: Entry) -> Assessed:
    case = fold([*tell(*received()), *before])
    (body,) = Assess(case=1, seen=3, rating=rating).decide(case, shipped("psrt"), at("2026-02-21"))
    assert isinstance(body, Assessed)
    return body


def test_the_process_seals_what_its_conditions_name_and_nothing_else() -> None:
    assert recorded(rated("Critical")).second == "blind"
    assert recorded(rated("Low")).second == ""
    assert recorded(rated("Low", second="blind")).second == "blind", "who rates may ask for more"


def test_asking_for_less_than_the_process_wants_a_written_reason() -> None:
    with pytest.raises(RefusedError) as refused:
        recorded(rated("Critical", second="none"))
    assert (refused.value.rule, refused.value.source) == ("severity.second", "seccon")
    assert recorded(rated("Critical", second="none", why="nobody else is awake")).second == "none"
    assert recorded(rated("Low", second="none")).second == "", "nothing was asked for"


def test_after_the_second_rating_the_process_asks_no_more() -> None:
    first = Entry(1, 4, at("2026-02-21"), "alice", "psrt@2026", rated("Critical", second="blind"))
    other = Entry(1, 5, at("2026-02-21"), "bob", "psrt@2026", SecondRated(rating=rated("Important")))
    assert recorded(rated("Important"), first, other).second == ""


def test_rating_in_place_of_a_sealed_one_is_refused_and_says_the_ways_on() -> None:
    first = Entry(1, 4, at("2026-02-21"), "alice", "psrt@2026", rated("Critical", second="blind"))
    case = fold(veil([*tell(*received()), first], "bob"))
    with pytest.raises(RefusedError, match="alice has rated it: rated, sealed") as refused:
        Assess(case=1, seen=4, rating=rated("Low")).decide(case, shipped("psrt"), at("2026-02-21"))
    assert "Critical" not in str(refused.value)


def test_a_conflict_tells_nobody_a_sealed_rating(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "private" / "ledger.db", projector({"psrt@2026": shipped("psrt")}))
    with ledger.writing("alice", at("2026-02-20")) as book:
        number = book.open_file("psrt@2026", *(body for _, body in received()))
        book.append(number, 3, "psrt@2026", rated("Critical", second="blind"))
    with pytest.raises(ConflictError) as conflict, ledger.writing("bob", at("2026-02-21")) as book:
        book.append(number, 3, "psrt@2026", NoteAdded(text="x"))
    assert [one.body for one in conflict.value.since] == [SEALED]
    assert [one.body for one in ledger.entries(number)][3] == SEALED
    assert ledger.entries(number, "alice")[3].body != SEALED
    assert ledger.verify() == (), "the journal itself holds what was rated"
    ledger.close()
