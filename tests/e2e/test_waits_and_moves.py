"""Waiting that ends on its date, and a case that another revision judges: through the console, keys only (A5, policies)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.e2e.stage import staged


async def test_a_case_that_waits_until_a_date_comes_back_on_it_while_the_console_is_open(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        stage.from_bob("We have it.", "ack@team.example.org", datetime.now(UTC))
        until = (stage.now() + timedelta(days=3)).date()
        async with stage.console() as hand:
            await hand.sees("#1 ", "triage")
            await hand.open_case()
            await hand.press("w")
            await hand.at("FormScreen")
            await hand.type_in("until", f"{until}")
            await hand.type_in("why", "they look for the core dump")
            await hand.press("ctrl+s")
            await hand.hears("it comes back by itself")
            await hand.at("CaseScreen")
            await hand.press("i")
            await hand.sees(f"waits for reporter until {until}")
            for _ in range(4):  # from the card and the mail to the thread, from there to the list
                if hand.place != "Queue":
                    await hand.press("q")
                    await hand.pilot.pause(0.3)
            await hand.at("Queue")
            await hand.sees("◷", "waits for")
            assert stage.case().work.waiting is not None
            stage.ahead = timedelta(days=4)
            await hand.until(lambda: "◷" not in hand.screen and "triage" in hand.screen, "it came back", within=30)
            await hand.open_case()
            await hand.sees("[s] triage")
            await hand.press("h")
            await hand.sees("seccon took it up again", "has come.")
        case = stage.case()
        assert case.work.waiting is None
        with stage.office() as office:
            assert office.ledger.entries(1)[-1].by == "seccon"


async def test_moving_a_case_to_another_revision_says_what_that_means_and_changes_what_is_owed(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        async with stage.console(size=(160, 48)) as hand:
            await hand.sees("#1 ", "acknowledge")
            await hand.open_case()
            await hand.sees("Report  0 of 8")
            await hand.press("Y")
            await hand.at("FormScreen")
            await hand.sees("now qemu@2020-12", "qemu@2026-06")
            await hand.choose("to", "qemu@2026-06")
            await hand.sees("qemu@2026-06 takes no reports by mail.")
            await hand.press("ctrl+s")
            await hand.hears("Write why another revision shall judge the case.")
            await hand.at("FormScreen")
            await hand.type_in("why", "the reporter opened an issue instead")
            await hand.press("ctrl+s")
            await hand.at("CaseScreen")
            await hand.until(lambda: stage.case().policy == "qemu@2026-06", "moved")
            await hand.hears("Another revision judges the case now.")
            await hand.sees("Report  0 of 4")
            assert "First answe" not in hand.screen, "the newer process promises no time"
            await hand.press("h")
            await hand.sees("qemu@2026-06", "the reporter opened an issue instead")
        with stage.office() as office:
            assert office.ledger.entries(1)[-1].policy == "qemu@2020-12", "the old revision judged the move"
