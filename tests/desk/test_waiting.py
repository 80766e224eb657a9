"""Waiting (A5 I6): a case comes back by itself when mail comes."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from seccon.adapters.ledger import Ledger
from seccon.core.case import fold
from seccon.core.errors import RefusedError
from seccon.core.journal.cases import Acknowledged, MailArrived
from seccon.core.journal.work import WaitingSet
from seccon.core.projection import projector
from seccon.desk.waiting import TakeUp, Wait
from seccon.desk.wake import Wake
from tests.story import ROE, at, received, shipped, tell

NOW = at("2026-03-01")
ACK = ("2026-02-21", Acknowledged(report="r1@example.net", member="Bob", when=at("2026-02-21")))
WAITS = ("2026-02-22", WaitingSet(whom="reporter", why="version"))


def story(*events):
    return fold(tell(*received(), *events))


def test_a_report_that_nobody_acknowledged_waits_for_us() -> None:
    with pytest.raises(RefusedError) as refused:
        Wait(case=1, seen=3).decide(story(), shipped("qemu"), NOW)
    assert refused.value.rule == "wait.acknowledge"
    assert Wait(case=1, seen=4).decide(story(ACK), shipped("qemu"), NOW)


def test_a_date_to_wait_for_lies_in_the_future() -> None:
    with pytest.raises(RefusedError, match="not in the future"):
        Wait(case=1, seen=4, until=NOW).decide(story(ACK), shipped("qemu"), NOW)


def test_an_answer_ends_the_waiting_and_an_automatic_one_does_not() -> None:
    answer = MailArrived(mail="m2@x", digest="d2", report="r1@example.net", sender=ROE, arrived=at("2026-02-23"))
    away = MailArrived(mail="m3@x", digest="d3", report="r1@example.net", sender=ROE, arrived=at("2026-02-23"), automatic=True)
    stranger = MailArrived(mail="m4@x", digest="d4", report="r1@example.net", sender=ROE, arrived=at("2026-02-23"), joined=True)
    assert story(ACK, WAITS).work.waiting is not None
    assert story(ACK, WAITS, ("2026-02-23", away)).work.waiting is not None
    assert story(ACK, WAITS, ("2026-02-23", stranger)).work.waiting is not None
    case = story(ACK, WAITS, ("2026-02-23", answer))
    assert case.work.waiting is None
    assert case.work.waits[-1].end == at("2026-02-23")


def test_only_what_waits_can_be_taken_up() -> None:
    with pytest.raises(RefusedError, match="waits for nobody"):
        TakeUp(case=1, seen=4).decide(story(ACK), shipped("qemu"), NOW)
    assert TakeUp(case=1, seen=5).decide(story(ACK, WAITS), shipped("qemu"), NOW)


def test_a_case_comes_back_on_its_date_by_itself(tmp_path: Path) -> None:
    """A5: and only then, and once."""
    ledger = Ledger(tmp_path / "private" / "ledger.db", projector({"qemu@2020-12": shipped("qemu")}))
    with ledger.writing("alice", at("2026-02-22")) as book:
        bodies = [body for _, body in (*received(), ACK)]
        number = book.open_file("qemu@2020-12", *bodies, WaitingSet(whom="reporter", until=at("2026-03-05")))
    office = SimpleNamespace(ledger=ledger, person="alice", clock=lambda: at("2026-03-04"))
    assert Wake().perform(office) == ()  # type: ignore[arg-type]
    office.clock = lambda: at("2026-03-05")
    assert Wake().perform(office) == (number,)  # type: ignore[arg-type]
    assert Wake().perform(office) == ()  # type: ignore[arg-type]
    assert ledger.row(number).state == "new"
    assert ledger.entries(number)[-1].by == "seccon"
    ledger.close()
