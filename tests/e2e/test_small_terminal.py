"""A small terminal: what one came for is in sight (U6; U4: it works in tmux panes)."""

from pathlib import Path

import pytest

from seccon.app import Console
from seccon.widgets.form import FieldList
from seccon.widgets.letter_text import LetterText
from seccon.widgets.mail_view import MailView
from tests.e2e.stage import Hand, staged


@pytest.mark.parametrize("size", [(40, 10), (60, 15)])
async def test_a_letter_shows_five_lines_of_its_text_and_for_whom_it_is(tmp_path: Path, size: tuple[int, int]) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        async with stage.console(size) as hand:
            await hand.acknowledge()
            await hand.sees("roe@reporter")
            await hand.until(lambda: hand.app.screen.query_one(LetterText).size.height >= 5, "five lines of the text")


async def test_a_case_shows_its_mail_and_a_form_its_fields(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        for at in range(5):
            stage.from_reporter("more", f"more-{at}@reporter.example.net")
        async with stage.console((40, 10)) as hand:
            await hand.sees("#1 ")
            await hand.open_case()
            await hand.until(lambda: hand.app.screen.query_one(MailView).size.height >= 2, "two lines of the mail")
            await hand.press("s")
            await hand.at("FormScreen")
            await hand.until(lambda: hand.app.screen.query_one(FieldList).size.height >= 2, "two fields")
            await hand.sees("unknown")


async def test_at_80_by_24_the_decision_is_told_while_the_answers_are_given(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        async with stage.console() as hand:
            await hand.sees("#1 ")
            await hand.open_case()
            await hand.press("s")
            await hand.at("FormScreen")
            await hand.sees("Not decided: G goes to the decision")
            await hand.choose("severity", "Low")
            await hand.press("home")
            await hand.sees("Decided: Low.", "genuine?")


async def test_a_message_leaves_a_forms_help_in_sight(tmp_path: Path) -> None:
    """U8: the refusal stood over the words that say what is wanted."""
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        with stage.office() as office:
            app = Console(office)
            async with app.run_test(size=(80, 24), notifications=True) as pilot:
                hand = Hand(app, pilot)
                await hand.sees("#1 ")
                await hand.open_case()
                await hand.press("s")
                await hand.at("FormScreen")
                await hand.press("ctrl+s")
                await hand.hears("Choose the severity")
                await hand.at("FormScreen")
                await hand.sees("Choose the severity", "Is the issue genuine?", "Examine the issue details", "Not decided: G")


async def test_a_subject_that_is_cut_in_the_thread_says_so(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False, subject="descriptor " * 12)
        async with stage.console() as hand:
            await hand.sees("#1 ")
            await hand.open_case()
            await hand.until(lambda: any("A. Roe   " in line and line.rstrip().endswith("…") for line in hand.screen.split("\n")))
