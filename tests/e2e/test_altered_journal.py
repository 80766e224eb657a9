"""An altered journal is told by the console itself, to everybody, until it is mended (M1, H4)."""

import sqlite3
from pathlib import Path

from tests.e2e.stage import Stage, staged

ALARM = "JOURNAL ALTERED: seccon audit"


def alter(stage: Stage, who: str) -> None:
    """Change who did something, behind seccon's back."""
    with sqlite3.connect(stage.home / "ledger.db") as connection:
        connection.execute('UPDATE entry SET "by" = ? WHERE id = 2', (who,))
    connection.close()


async def test_the_console_says_at_start_that_the_journal_was_altered_until_it_is_mended(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        async with stage.console() as hand:
            await hand.sees("#1 ")
            assert ALARM not in hand.screen
        alter(stage, "mallory")
        async with stage.console() as hand:
            await hand.hears("The journal was altered")
            await hand.sees(ALARM, "1 Queue", "4 Team")
            await hand.open_case()
            await hand.sees(ALARM)
            alter(stage, "seccon")
            await hand.until(lambda: ALARM not in hand.screen, "mended")


async def test_who_opens_an_altered_case_is_told(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        async with stage.console() as hand:
            await hand.sees("#1 ")
            await hand.until(lambda: hand.app.guard._proof is not None and hand.app.guard._seen > 0, "the first walk")
            await hand.pilot.pause(2.5)
            alter(stage, "mallory")
            await hand.open_case()
            await hand.hears("Row 2")
            await hand.sees(ALARM)
            await hand.press("q")
            await hand.at("Queue")  # the case was opened once
