"""What is odd about the sender of a mail is said again on the pre-send sheet of its answer (M7)."""

from pathlib import Path

from tests.e2e.stage import ROE, plain_report, staged


async def test_two_from_headers_are_told_where_the_answer_is_let_go(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        forged = plain_report().replace(b"\nTo: ", b"\nFrom: Eve <eve@evil.example>\nTo: ", 1)
        assert forged.count(b"\nFrom: ") + forged.startswith(b"From: ") == 2
        stage.room.deliver(forged)
        stage.room.new()
        async with stage.console() as hand:
            await hand.sees("#1 ")
            await hand.open_case()
            await hand.sees("more than one From header")
            await hand.press("a")
            await hand.at("Compose")
            await hand.press("ctrl+s")
            await hand.at("SheetScreen")
            await hand.sees("Whom you answer is not sure: This mail has more than one From")


async def test_a_name_that_pretends_is_told_there_too(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        forged = plain_report().replace(f"From: A. Roe <{ROE}>".encode(), b'From: "boss@team.example.org" <eve@evil.example>', 1)
        assert b"boss@" in forged
        stage.room.deliver(forged)
        stage.room.new()
        async with stage.console() as hand:
            await hand.acknowledge()
            await hand.press("ctrl+s")
            await hand.sees("Whom you answer is not sure: The sender's name holds another")
