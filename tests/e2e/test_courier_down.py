"""The server is down: what was written stays, the console says why, and one key sends it when the server is back (R8)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.e2e.stage import LIST, ROE, Hand, staged
from tests.postbox import Postbox, running_at


async def test_a_mail_waits_for_its_server_and_leaves_once(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        stage.pin_reporter()
        port = stage.unserved()
        async with stage.console() as hand:
            await hand.acknowledge()
            await hand.write("zucchinitext\n")
            await hand.check()
            await hand.press("S")
            await hand.hears("Not sent yet")
            await hand.hears("refused")
            assert stage.case().reports[0].acknowledged is None, "what did not leave acknowledges nothing"
            await hand.press("3")
            await hand.at("Outbox")
            await hand.sees("waiting", "It is tried again at", "refused")
            box = Postbox()
            with running_at(box, port):
                await hand.press("s")
                await hand.sees("✓ sent")
                await hand.until(lambda: "send now" not in hand.screen, "nothing is left to send")
                await hand.press("s", "s")
            await hand.press("enter")
            await hand.sees("[s] triage")
        (envelope,) = box.taken
        opened, _told = stage.opened_by_reporter(bytes(envelope.content or b""))
        assert b"zucchinitext" in opened


@asynccontextmanager
async def asked_for_the_password(home: Path) -> AsyncIterator[tuple[Hand, Postbox]]:
    """Send a first mail to a server that wants a login of which no keyring has the password; the person is asked for it."""
    with staged(home) as stage:
        stage.report(encrypted=False)
        stage.pin_reporter()
        box = Postbox(password=b"correct horse")
        with running_at(box, stage.unserved()):
            text = stage.config.read_text()
            stage.config.write_text(text.replace('security = "none"', 'security = "none"\nuser = "team"'))
            async with stage.console() as hand:
                await hand.acknowledge()
                await hand.check()
                await hand.press("S")
                await hand.sees("Password for team@127.0.0.1")
                await hand.until(lambda: hand.typing, "the line to type in")
                yield hand, box


async def test_a_password_that_no_keyring_has_is_asked_for_once_and_kept_in_memory(tmp_path: Path) -> None:
    """R8 R9: the server wants a login; where there is no safe keyring the person types it, and it is not asked for again."""
    async with asked_for_the_password(tmp_path) as (hand, box):
        await hand.write("correct horse")
        await hand.until(lambda: hand.typed == "correct horse", "all of it typed")
        assert "correct" not in hand.screen
        await hand.press("enter")
        await hand.hears("Sent.")
        await hand.press("r")
        await hand.at("FormScreen")
        await hand.press("ctrl+s")
        await hand.at("Compose")
        await hand.write("And one more.")
        await hand.check()
        await hand.press("S")
        await hand.until(lambda: len(box.taken) == 2, "the second left without a question")


async def test_a_mistyped_password_is_asked_for_again_when_the_mail_is_sent_again(tmp_path: Path) -> None:
    """R8 R9: what the server refused is not given to it again for as long as the console lives."""
    async with asked_for_the_password(tmp_path) as (hand, _):
        await hand.write("correct hearse\n")
        await hand.hears("refused the login")
        await hand.press("3")
        await hand.at("Outbox")
        await hand.sees("✗ failed")
        await hand.press("s")
        await hand.sees("Password for team@127.0.0.1")


async def test_who_was_put_off_gets_it_later_and_the_list_once(tmp_path: Path) -> None:
    """R8: the screen and the history say who has it, who not, and when it is tried again."""
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        stage.pin_reporter()
        stage.box.refuse[ROE] = "451 greylisted"
        async with stage.console() as hand:
            await hand.acknowledge()
            await hand.check()
            await hand.press("S")
            await hand.hears(f"Handed over: taken for 1 of 2; {ROE} is tried again at ")
            assert stage.case().reports[0].acknowledged is None
            await hand.press("3")
            await hand.at("Outbox")
            await hand.sees("◷ partly sent", "taken for 1 of 2;", "greylisted")
            stage.box.refuse.clear()
            await hand.press("s")
            await hand.sees("✓ sent")
            await hand.press("enter")
            await hand.sees("[s] triage")
            await hand.press("h")
            await hand.at("History")
            await hand.sees("handed over")
            told = " ".join(hand.screen.split())
            assert f"taken for 1 of 2; {ROE} is tried again at " in told
            assert told.count("handed over the reply (acknowledge) to") == 2
        assert [one.rcpt_tos for one in stage.box.taken] == [[LIST], [ROE]]
        assert stage.case().reports[0].acknowledged is not None
