"""The mail store goes away under an open console: one sentence, and the work goes on; it comes back, and mail comes in (I2)."""

import shutil
from pathlib import Path

from tests.e2e.stage import staged


async def test_a_store_that_is_gone_is_said_once_and_does_not_stop_the_work(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        async with stage.console() as hand:
            await hand.sees("#1 ")
            looks: list[int] = []
            look = hand.app._tender.look
            hand.app._tender.look = lambda: (looks.append(1), look())[1]  # type: ignore[method-assign]
            shutil.move(stage.room.database, tmp_path / "away")
            await hand.hears("notmuch")
            await hand.press("n")
            await hand.until(lambda: hand.typing, "a note can be written")
            await hand.write("the store is away\n")
            await hand.hears("Noted.")
            heard = [one for one in hand.said.split("\n") if "notmuch" in one]
            await hand.press("c")
            await hand.hears("Accepted as Q-")
            await hand.until(lambda: len(looks) > 3, "the console has looked again")
            assert [one for one in hand.said.split("\n") if "notmuch" in one] == heard[:1], "once is enough"
            shutil.move(tmp_path / "away", stage.room.database)
            stage.report("second@reporter.example.net", encrypted=False, subject="another matter")
            await hand.sees("another", "2 cases")


async def test_a_mail_file_that_another_program_moved_is_found_again(tmp_path: Path) -> None:
    """I2: Maildir files are renamed all the time."""
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        (path,) = (tmp_path / "mail" / "cur").iterdir()
        async with stage.console() as hand:
            await hand.sees("#1 ")
            path.rename(path.with_name(path.name + "S"))
            stage.room.new()
            await hand.open_case()
            await hand.sees("quokkaberry")
            (moved,) = (tmp_path / "mail" / "cur").iterdir()
            moved.unlink()
            await hand.press("O")
            await hand.until(lambda: "gone" in hand.said or "vanished" in hand.said, "it says that the file is gone")
            await hand.press("h")
            await hand.at("History")
