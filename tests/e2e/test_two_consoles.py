"""Two people at work on one ledger: each sees what the other does, and nobody decides on what has changed unseen (H3)."""

from pathlib import Path

from tests.e2e.stage import staged


async def test_a_colleagues_change_shows_within_two_seconds_and_a_stale_decision_is_a_conflict(tmp_path: Path) -> None:
    """H3, and the form keeps what was typed, says what the colleague did, and goes on."""
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        async with stage.console() as alice, stage.console(person="bob", size=(160, 48)) as bob:
            await alice.sees("#1 ")
            await bob.sees("#1 ")
            await alice.open_case()
            await bob.open_case()
            await bob.press("o")
            await bob.hears("The case is yours.")
            await alice.press("i")
            await alice.sees("Bob Bell", within=2)
            await alice.press("n")
            await alice.until(lambda: alice.typing, "the line to type in")
            await alice.write("the fix is wrong")
            await bob.press("c")
            await bob.hears("Accepted as Q-")
            await alice.press("ctrl+s")
            await alice.hears("Meanwhile Bob Bell accepted the report as Q-")
            assert alice.said.casefold().count("meanwhile") == 1  # U4
            await alice.until(lambda: alice.typing, "the form again")
            assert alice.typed == "the fix is wrong"
            await alice.press("ctrl+s")
            await alice.hears("Noted.")
            await alice.sees("Q-", within=2)
        with stage.office() as office:
            kinds = [(one.by, one.kind) for one in office.ledger.entries(1)]
            assert kinds[-3:] == [("bob", "case-claimed"), ("bob", "case-accepted"), (office.person, "note-added")]
            assert office.ledger.verify() == ()


async def test_taking_over_a_colleagues_case_wants_a_reason(tmp_path: Path) -> None:
    """A4."""
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        async with stage.console(person="bob") as bob:
            await bob.sees("#1 ")
            await bob.press("o")
            await bob.hears("The case is yours.")
        async with stage.console() as alice:
            await alice.sees("#1 ", "Bob")
            await alice.press("o")
            await alice.sees("Bob Bell answers for this case")
            await alice.until(lambda: alice.typing, "the line to type in")
            await alice.press("enter")
            await alice.hears("Write why you take it over.")
            await alice.until(lambda: alice.typing, "the form again")
            await alice.write("he is away\n")
            await alice.hears("It is yours.")
        assert stage.case().owner == alice.app.office.person
