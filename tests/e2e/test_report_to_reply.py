"""One report from the mail store to the encrypted reply, with keys alone, on the real adapters (issue: how it is judged, 3)."""

import email
from datetime import timedelta
from pathlib import Path

import msgspec

from seccon.core.clocks import readings
from seccon.core.journal.replies import SendDecided
from tests.e2e.stage import SECRET, SUBJECT, TEAM, Hand, Stage, staged
from tests.eavesdrop import files_with, watched_command_lines
from tests.story import shipped


async def test_a_report_comes_in_and_is_acknowledged_so_that_only_the_reporter_can_read_it(tmp_path: Path) -> None:
    """I1 I2 R1 R2 R3 R4 R7 R8 A2: queue, decrypt, pin, send, read by plain gpg; then the clock of 60 days runs."""
    with staged(tmp_path, bob_has_a_key=False) as stage:
        with watched_command_lines() as command_lines:
            async with stage.console() as hand:
                await hand.sees("0 cases")
                stage.report()
                await hand.sees("1 case", "#1 ", within=5)
                await hand.open_case()
                await hand.sees("encrypted", SUBJECT, "quokkaberry")
                await _acknowledge(hand, stage)
                await hand.sees("[s] triage")
        content = bytes(stage.box.taken[0].content or b"")
        assert len(stage.box.taken) == 1
        assert stage.box.taken[0].rcpt_tos == ["roe@reporter.example.net", "qemu-security@nongnu.org"]
        _read_elsewhere(stage, content)
        _acknowledged(stage)
        for needle in (b"wombatfruit", SECRET.encode(), b"descriptor handling"):
            assert files_with(needle, tmp_path, stage.gpg.path) == []
            assert [line for line in command_lines if needle in line] == []
        assert any(b"gpg" in line for line in command_lines), "the watch saw gpg run, or it proves nothing"
        assert files_with(b"-----BEGIN PGP MESSAGE-----", tmp_path / "mail" / "Sent"), "the copy is filed"


async def _acknowledge(hand: Hand, stage: Stage) -> None:
    await hand.press("a")
    await hand.at("Compose")
    await hand.write("only you may read wombatfruit\n")
    await hand.sees("draft kept, encrypted to your key")
    await hand.press("ctrl+s")
    await hand.at("SheetScreen")
    await hand.sees("it cannot leave yet", "p pin key")
    await hand.press("p")
    await hand.type_in("compared", stage.reporter_key)
    await hand.type_in("how", "read out by phone")
    await hand.press("ctrl+s")
    await hand.sees("There is no key for bob@", "l leave out")
    await hand.press("l")
    await hand.at("FormScreen")
    await hand.write("he has lost his key\n")
    await hand.sees("ready: S sends it", "LEFT OUT")
    await hand.press("S")
    await hand.at("CaseScreen")
    await hand.hears("Sent.")


def _read_elsewhere(stage: Stage, content: bytes) -> None:
    outside = email.message_from_bytes(content)
    assert outside["Subject"] == "..."
    assert outside["From"] == f'"Security Team" <{TEAM}>'
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


def _acknowledged(stage: Stage) -> None:
    case = stage.case()
    found = case.reports[0].acknowledged
    assert found is not None
    assert (found.member, found.signature) == ("Alice Ames", "good")
    assert stage.now() - found.when < timedelta(minutes=1)
    clocks = {one.id: one for one in readings(case, shipped("qemu"), stage.now())}
    assert clocks["sixty-days"].due == found.when + timedelta(days=60)
    assert clocks["sixty-days"].open
    with stage.office() as office:
        decided = [one.body for one in office.ledger.entries(1) if isinstance(one.body, SendDecided)]
        assert [(one.choice, one.recipient, one.why) for one in decided] == [
            ("left-out", "bob@team.example.org", "he has lost his key")
        ]
        assert office.ledger.verify() == ()
        assert office.ledger.drafts(office.person) == (), "what was sent is no draft any more"
        assert "wombat" not in str([msgspec.to_builtins(one.body) for one in office.ledger.entries(1)])


async def test_a_passphrase_is_asked_for_where_gpg_wants_one_and_asked_again_when_it_is_wrong(tmp_path: Path) -> None:
    """R9: reading with `u`, sending with a locked signing key; both go on after a mistake."""
    with staged(tmp_path, passphrase="correct horse") as stage:
        stage.report()
        stage.pin_reporter()
        async with stage.console() as hand:
            await hand.sees("#1 ")
            stage.gpg.forget()
            await hand.open_case()
            await hand.sees("🔒", "passphrase")
            assert "quokkaberry" not in hand.screen
            await hand.press("u")
            await hand.at("FormScreen")
            await hand.give("wrong")
            await hand.until(lambda: "passphrase" in hand.said.casefold() or "wrong" in hand.said.casefold(), "it says so")
            await hand.at("FormScreen")
            await hand.until(lambda: hand.typing, "asked again")
            await hand.give("correct horse")
            await hand.sees("quokkaberry")
            stage.gpg.forget()
            await hand.press("r")
            await hand.at("FormScreen")
            await hand.choose("purpose", "progress")
            await hand.press("ctrl+s")
            await hand.hears("passphrase")


async def test_sending_with_a_locked_key_asks_for_its_passphrase(tmp_path: Path) -> None:
    """R9, R3: nothing leaves until the right one is given; then it leaves once."""
    with staged(tmp_path, passphrase="correct horse") as stage:
        stage.report(encrypted=False)
        stage.pin_reporter()
        async with stage.console() as hand:
            await hand.acknowledge()
            await hand.check()
            stage.gpg.forget()
            await hand.press("S")
            await hand.until(lambda: hand.typing, "asked for the passphrase")
            await hand.give("wrong")
            await hand.until(lambda: hand.typing and not hand.typed, "asked again")
            assert stage.box.taken == []
            await hand.give("correct horse")
            await hand.hears("Sent.")
            assert "correct horse" not in hand.screen
        assert len(stage.box.taken) == 1
        assert files_with(b"correct horse", tmp_path) == []
