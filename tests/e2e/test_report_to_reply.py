"""One report from the mail store to the encrypted reply, with keys alone, on the real adapters (issue: how it is judged, 3)."""

import email
from pathlib import Path

from tests.e2e.stage import SECRET, SUBJECT, Stage, staged


async def test_a_report_comes_in_and_is_acknowledged_so_that_only_the_reporter_can_read_it(tmp_path: Path) -> None:
    """I1 I2 R1 R2 R3 R4 R7 R8 A2: queue, decrypt, pin, send, read by plain gpg; then the clock of 60 days runs."""
    with staged(tmp_path, bob_has_a_key=False) as stage:
        async with stage.console() as hand:
            await hand.sees("0 cases")
            stage.report()
            await hand.sees("#1 ", within=5)
            await hand.open_case()
            await hand.sees("encrypted", SUBJECT, "quokkaberry")
            await hand.press("a")
            await hand.at("Compose")
            await hand.write("only you may read wombatfruit\n")
            await hand.press("ctrl+s")
            await hand.at("SheetScreen")
            await hand.sees("it cannot leave yet", "p pin key")
            await hand.press("p")
            await hand.type_in("compared", stage.reporter_key)
            await hand.type_in("how", "read out by phone")
            await hand.press("ctrl+s")
            await hand.at("SheetScreen")
            await hand.sees("There is no key for bob@", "l leave out")
            await hand.press("l")
            await hand.at("FormScreen")
            await hand.write("he has lost his key\n")
            await hand.sees("ready: S sends it", "LEFT OUT")
            await hand.press("S")
            await hand.at("CaseScreen")
            await hand.hears("Sent.")
            await hand.sees("[s] triage")
        _read_elsewhere(stage)


def _read_elsewhere(stage: Stage) -> None:
    (envelope,) = stage.box.taken
    content = bytes(envelope.content or b"")
    assert email.message_from_bytes(content)["Subject"] == "..."
    assert b"vhost" not in content
    opened, told = stage.opened_by_reporter(content)
    inside = email.message_from_bytes(opened)
    assert inside["Subject"] == f"Re: {SUBJECT}"
    text = inside.get_payload(decode=True)
    assert isinstance(text, bytes)
    assert text.startswith(b"only you may read wombatfruit")
    assert f"> {SECRET}".encode() in text
    assert b"GOODSIG" in told
    assert f"VALIDSIG {stage.team_key}".encode() in told
