"""The server is down: what was written stays, the console says why, and one key sends it when the server is back (R8)."""

from pathlib import Path

from tests.e2e.stage import staged
from tests.postbox import Postbox, running_at


async def test_a_mail_waits_for_its_server_and_leaves_once(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        stage.pin_reporter()
        port = stage.unserved()
        async with stage.console() as hand:
            await hand.sees("#1 ")
            await hand.open_case()
            await hand.press("a")
            await hand.at("Compose")
            await hand.write("zucchinitext\n")
            await hand.press("ctrl+s")
            await hand.sees("ready: S sends it")
            await hand.press("S")
            await hand.hears("Not sent yet")
            assert "refused" in hand.said.casefold()
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
