"""Rate a case, agree on a date, tell it: with keys alone; the step line says the next thing each time (U1 T1 T2 E1 E2 E5 E6)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from seccon.core.steps import steps
from tests.e2e.stage import ROE, Hand, Stage, staged
from tests.story import shipped


async def test_from_triage_to_the_date_that_was_told(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        stage.from_bob("We have it.", "ack@team.example.org", datetime.now(UTC))
        stage.from_reporter("Two weeks are fine with me.", "yes@reporter.example.net")
        stage.pin_reporter()
        async with stage.console() as hand:
            await hand.sees("#1 ", "triage")
            await hand.open_case()
            await hand.sees("[s] triage")
            await _assess(hand)
            await hand.sees("[c] accept")
            await hand.press("c")
            await hand.sees("[e] propose embargo", "Q-")
            await hand.press("e")
            await hand.at("EmbargoScreen")
            await _agree(hand, stage)
            await hand.press("q")
            await hand.sees("[d] tell the date")
            await _tell(hand)
            await hand.until(lambda: "tell the date" not in hand.screen, "the date is told")
            owed = steps(stage.case(), shipped("qemu"), stage.now())
            assert "tell-date" not in [one.id for one in owed]
            await hand.sees(f"] {owed[0].title}")
            await _look_at_calendar(hand, stage)
        case = stage.case()
        assert case.severity == "Important"
        assert case.reports[0].told == case.embargo.until
        assert len(stage.box.taken) == 1
        opened, told = stage.opened_by_reporter(bytes(stage.box.taken[0].content or b""))
        assert case.embargo.until is not None
        assert f"{case.embargo.until:%Y-%m-%d}".encode() in opened
        assert b"GOODSIG" in told


async def _assess(hand: Hand) -> None:
    await hand.press("s")
    await hand.at("FormScreen")
    await hand.choose("genuine", "yes")
    await hand.choose("misuse", "yes")
    await hand.type_in("impact", "a guest runs code in the host process")
    await hand.choose("apparent", "Important")
    for name in ("feasible", "hypervisor", "production"):
        await hand.choose(f"answer:{name}", "yes")
    await hand.choose("answer:management", "no")
    await hand.sees("Important", "Not decided")
    await hand.press("ctrl+s")
    await hand.hears("Choose the severity")
    await hand.at("FormScreen")
    assert hand.fields.values["impact"] == "a guest runs code in the host process", "a refusal keeps what was typed"
    await hand.choose("severity", "Important")
    await hand.press("ctrl+s")
    await hand.hears("The rating is recorded.")


async def _agree(hand: Hand, stage: Stage) -> None:
    await hand.sees("No embargo", "p propose")
    assert "a agree" not in hand.screen, "there is nothing to agree to"
    await hand.press("p")
    await hand.at("FormScreen")
    await hand.sees("That is ")
    await hand.press("ctrl+s")
    await hand.hears("The date is proposed.")
    await hand.sees("team agreed", f"{ROE} has not agreed yet", "a agree")
    await hand.press("a")
    await hand.at("FormScreen")
    await hand.press("ctrl+s")
    await hand.hears("Name the mail")
    await hand.choose("proof", "yes@reporter.example.net")
    await hand.press("ctrl+s")
    await hand.sees("In force", "was not told yet")
    assert stage.case().embargo.active
    assert stage.case().embargo.proposals[0].agreed == ("team", ROE)


async def _tell(hand: Hand) -> None:
    await hand.press("d")
    await hand.at("Compose")
    await hand.check()
    await hand.press("S")
    await hand.hears("Sent.")


async def _look_at_calendar(hand: Hand, stage: Stage) -> None:
    until = stage.case().embargo.until
    assert until is not None
    await hand.press("2")
    await hand.at("Calendar")
    await hand.press(*["l"] * (until.date() - stage.now().date()).days)
    await hand.sees("embargo", stage.case().id or "?", f"{until:%H:%M}")
    await hand.press("tab")
    await hand.press("enter")
    await hand.at("CaseScreen")


async def test_the_date_that_is_offered_first_is_never_beyond_the_policys_own_aim(tmp_path: Path) -> None:
    """E2: at any hour of the day a proposal that nobody changed needs no justification."""
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        for hour in (3, 11, 13, 23):
            stage.ahead = datetime.now(UTC).replace(hour=hour, minute=1) - datetime.now(UTC) + timedelta(days=1)
            async with stage.console() as hand:
                await hand.sees("#1 ")
                await hand.open_case()
                await hand.press("e")
                await hand.at("EmbargoScreen")
                await hand.press("p")
                await hand.at("FormScreen")
                await hand.sees("That is ")
                assert "Write why" not in hand.screen
