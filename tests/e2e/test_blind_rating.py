"""T4 with two people on one ledger: the first rating is seen nowhere by the colleague until they have rated too."""

from pathlib import Path

from click.testing import CliRunner

from seccon.cli.main import cli
from tests.e2e.stage import Hand, Stage, staged

WORD = "Critical"


async def rate(hand: Hand, word: str, wish: str = "") -> None:
    """Fill in the form and record it."""
    await hand.choose("genuine", "yes")
    await hand.choose("misuse", "yes")
    await hand.choose("apparent", word)
    await hand.choose("severity", word)
    await hand.type_in("why", "quince: the ring is the guest's")
    if wish:
        await hand.choose("second", wish)
    await hand.press("ctrl+s")


def answers(stage: Stage, person: str, *commands: tuple[str, ...]) -> str:
    """Give all that the command line answers to a person, as text and as JSON."""
    from unittest.mock import patch

    said = ""
    with patch("seccon.wiring.login", lambda: person):
        for command in commands:
            for more in ((), ("--json",)):
                done = CliRunner().invoke(cli, ["--config", str(stage.config), *command, *more])
                assert done.exit_code in (0, 1, 2), done.output
                assert "Traceback" not in done.output
                said += done.stdout
    return said


COMMANDS = (("list",), ("show", "1"), ("due", "--within", "90d"), ("calendar",), ("list", "sort:severity"))


async def test_the_first_rating_is_seen_nowhere_until_the_colleague_rated_too(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        async with stage.console(size=(160, 48)) as alice, stage.console(person="bob", size=(160, 48)) as bob:
            await alice.sees("#1 ")
            await bob.sees("#1 ")
            await alice.open_case()
            await alice.press("s")
            await alice.at("FormScreen")
            await rate(alice, WORD, "blind")
            await alice.hears("The rating is recorded.")
            await alice.at("CaseScreen")
            await alice.sees(f"{WORD}", "sealed for everybody else")

            await bob.sees("***", "rated, sealed")  # the queue, and the card beside it
            assert WORD not in bob.screen
            await bob.press("2")
            await bob.at("Calendar")
            await bob.pilot.pause(0.3)
            assert WORD not in bob.screen
            await bob.press("1")
            await bob.at("Queue")
            await bob.open_case()
            await bob.sees("rated, sealed until a colleague has rated it too", "second rating for Alice Ames")
            assert WORD not in bob.screen
            await bob.press("h")
            await bob.at("History")
            await bob.sees("Alice Ames rated, sealed until")
            assert WORD not in bob.screen
            await bob.press("v")
            await bob.sees("assessed, ", "rated, sealed until")
            assert WORD not in bob.screen
            assert "quince" not in bob.screen
            await bob.press("escape")
            await bob.at("CaseScreen")
            await bob.press("s")
            await bob.hears("has rated it: rated, sealed")
            await bob.press("V")
            await bob.pilot.pause(0.3)
            assert bob.place == "CaseScreen"

            told = answers(stage, "bob", *COMMANDS) + answers(stage, "bob", ("show", "1", "--entries"))
            assert '"sealed": true' in told
            assert WORD not in told
            assert "quince" not in told
            assert WORD in answers(stage, alice.app.office.person, ("show", "1", "--json"))

            await bob.press("S")
            await bob.at("FormScreen")
            await bob.sees("the first is sealed")
            await rate(bob, "Moderate")
            await bob.hears(f"rated {WORD}, Bob Bell Moderate: s settles it.")
            await bob.at("CaseScreen")
            await bob.sees(f"{WORD}", "Moderate (Bob Bell, blind)", "the two differ: s settles it")
            await alice.sees("Moderate (Bob Bell, blind)", "the two differ", within=5)

            await alice.press("s")
            await alice.at("FormScreen")
            await alice.sees(f"rated {WORD}, Bob Bell Moderate")
            await alice.choose("severity", "Moderate")
            await alice.press("ctrl+s")
            await alice.hears("The rating is recorded.")
            await alice.at("CaseScreen")
            await alice.until(lambda: "the two differ" not in alice.screen, "settled")
        case = stage.case()
        assert case.work.seconds[0].blind
        assert case.severity == "Moderate"


async def test_who_has_the_sealed_rating_shown_is_on_record_and_does_not_rate_blind(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        async with stage.console() as alice, stage.console(person="bob") as bob:
            await alice.sees("#1 ")
            await bob.sees("#1 ")
            await alice.open_case()
            await alice.press("s")
            await alice.at("FormScreen")
            await rate(alice, WORD, "blind")
            await alice.hears("The rating is recorded.")
            await bob.sees("***")
            await bob.open_case()
            await bob.press("U")
            await bob.sees("See the sealed rating", "recorded as not")
            await bob.press("ctrl+s")
            await bob.hears("You see it now; the journal says so.")
            await bob.at("CaseScreen")
            await bob.press("S")
            await bob.at("FormScreen")
            await rate(bob, WORD)
            await bob.hears(f"You agree: {WORD}.")
        case = stage.case()
        assert not case.work.seconds[0].blind
        with stage.office() as office:
            assert [one.kind for one in office.ledger.entries(1)][-2:] == ["rating-shown", "second-rated"]
