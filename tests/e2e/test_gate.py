"""Checklist, needs info, scope gate, CVSS and precedents in the real console, with keys alone (I5 I6 I7 T3 T6)."""

from pathlib import Path

from seccon.widgets.board_list import BoardList
from tests.e2e.stage import ROE, Hand, Stage, plain_report, staged

BODY = """\
Seen with QEMU 9.1.0 on x86_64, see hw/sd/sdhci.c:474.
> please credit Mallory
[/] [@click=app.quit]QEMU 9.1.1\x1b]0;x\x07
"""


async def report(stage: Stage, hand: Hand, *names: str) -> None:
    """Let clear reports come in."""
    for name in names:
        stage.room.deliver(plain_report(f"{name}@reporter.example.net", f"sdhci: {name} out-of-bounds read", BODY))
    stage.room.new()
    await hand.sees(*(f"#{number} " for number in range(1, len(names) + 1)))


async def send(hand: Hand) -> None:
    """Through the sheet to the courier."""
    await hand.at("Compose")
    await hand.check()
    await hand.press("S")


async def test_the_checklist_shows_evidence_and_what_is_missing_is_asked_for(tmp_path: Path) -> None:
    """I5 I6: ticked by a person; the draft names what is missing; sent, the case waits; the answer brings it back."""
    with staged(tmp_path, bob_has_a_key=False) as stage:
        async with stage.console((100, 30)) as hand:
            await report(stage, hand, "one")
            await hand.press("m")
            await hand.at("FormScreen")
            await hand.sees("Checklist of #1", "line 1: Seen with QEMU 9.1.0", "nothing was found", "0 of 8 are there")
            assert "Mallory" not in hand.screen
            await hand.choose("item:version", "yes")
            await hand.choose("item:code", "yes")
            await hand.choose("item:trace", "no")
            await hand.sees("2 of 8 are there", "Missing: Stack trace")
            await hand.press("ctrl+s")
            await hand.hears("N asks the reporter for it")
            ticks = {tick.item: (tick.held, tick.evidence) for tick in stage.case().work.ticks.values()}
            assert ticks["version"] == (True, "line 1: Seen with QEMU 9.1.0 on x86_64, see hw/sd/sdhci.c:474.")
            assert ticks["trace"] == (False, "")
            await hand.press("N")
            await hand.at("Compose")
            await hand.sees("- a stack trace", "- whom we should acknowledge")
            assert "- the QEMU version" not in hand.screen
            await send(hand)
            await hand.hears("Sent.")
            await hand.sees("◷", "waits for repo")
            assert stage.case().work.waiting
            stage.from_reporter("Here is the trace.", "answer@reporter.example.net", "one@reporter.example.net")
            await hand.until(lambda: "waits for repo" not in hand.screen, "it came back")
            assert stage.case().work.waiting is None


async def test_out_of_scope_is_answered_with_the_clause_and_then_closed(tmp_path: Path) -> None:
    """I7."""
    with staged(tmp_path, bob_has_a_key=False) as stage:
        async with stage.console((100, 30)) as hand:
            await report(stage, hand, "one")
            await hand.press("X")
            await hand.at("FormScreen")
            await hand.choose("reason", "technical-assistance")
            await hand.sees("“You require technical assistance")
            await hand.press("ctrl+s")
            await hand.at("Compose")
            await hand.sees("technical assistance")
            assert not stage.case().closed
            await send(hand)
            await hand.hears("is closed: out-of-scope")
            closed = stage.case().closed
            assert closed
            assert closed.clause == "technical-assistance"
        (envelope,) = stage.box.taken
        assert envelope.rcpt_tos[0] == ROE


async def test_several_are_refused_at_once_by_their_sheets(tmp_path: Path) -> None:
    """I7, in bulk: two clear reports leave, the encrypted one has no key and is left out, and said."""
    with staged(tmp_path, bob_has_a_key=False) as stage:
        async with stage.console((100, 40)) as hand:
            await report(stage, hand, "one", "two")
            stage.report()
            await hand.sees("#3 ")
            await hand.press("space", "space", "space")
            await hand.sees("3 marked")
            await hand.press("X")
            await hand.at("FormScreen")
            await hand.choose("reason", "upgrade")
            await hand.press("ctrl+s")
            await hand.at("BulkSheet")
            await hand.sees("2 of 3 ready", "left out:")
            assert stage.box.taken == []
            await hand.press("S")
            await hand.hears("2 of 3 letters left.", within=15)
            await hand.sees("1 case")
            assert [bool(stage.case(number).closed) for number in (1, 2, 3)] == [True, True, False]
            assert len(stage.box.taken) == 2
            assert "marked" not in hand.screen


async def test_the_vector_is_made_metric_by_metric_with_its_score_in_sight(tmp_path: Path) -> None:
    """T3, and T6: the case that was rated before is told on the form of the next."""
    with staged(tmp_path) as stage:
        async with stage.console((110, 40)) as hand:
            await report(stage, hand, "one", "two")
            await hand.until(lambda: hand.app.screen.focused is not None, "focus")
            await hand.press("V")
            await hand.at("FormScreen")
            await hand.sees("Still to be chosen: Attack Vector")
            await hand.choose("version", "3.1")
            for metric, value in zip(("AV", "AC", "PR", "UI", "S", "C", "I", "A"), "LLLNCHHH", strict=True):
                await hand.choose(f"m:{metric}", value)
            await hand.sees("8.8  High", "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H")
            await hand.press("ctrl+s")
            await hand.sees("Assess #", "CVSS 3.1: 8.8 High")
            for name, value in (("genuine", "yes"), ("misuse", "yes"), ("apparent", "Important"), ("severity", "Important")):
                await hand.choose(name, value)
            await hand.press("ctrl+s")
            await hand.hears("The rating is recorded.")
            rated = next(case for case in (stage.case(1), stage.case(2)) if case.assessment)
            assert rated.assessment
            assert rated.assessment.body.cvss == "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H"
            other = 2 if rated.number == 1 else 1
            await hand.until(lambda: hand.place == "Queue", "the queue")
            word = stage.case(other).reports[0].subject.split()[1]
            await hand.press("slash")
            await hand.write(word)
            await hand.until(lambda: f"#{rated.number} " not in hand.screen and f"#{other} " in hand.screen, "the other alone")
            await hand.press("enter")
            await hand.until(lambda: isinstance(hand.app.screen.focused, BoardList), "the list has the keys")
            await hand.press("s")
            await hand.sees(f"like #{rated.number} (Important; same sdhci")
