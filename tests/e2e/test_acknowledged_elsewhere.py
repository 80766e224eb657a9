"""An acknowledgement from another mail program counts, by that person, at that time (issue: how it is judged, 4; A2)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from seccon.core.clocks import readings
from seccon.core.instants import Instant, instant
from seccon.desk.sync import Sync
from tests.e2e.stage import REPORT, Stage, plain_report, staged
from tests.story import shipped


def long_ago(stage: Stage) -> tuple[Instant, Instant]:
    """Let a report be eight days old, whatever day it is today; give that time, and when a colleague answers, two days ago."""
    now = datetime.now(UTC).replace(microsecond=0)
    came, answered = instant(now - timedelta(days=8)), instant(now - timedelta(days=2, hours=5))
    stage.room.deliver(plain_report(date=came), came)
    stage.room.new()
    return came, answered


def sixty_days(stage: Stage) -> tuple[Instant, Instant]:
    reading = next(one for one in readings(stage.case(), shipped("qemu"), stage.now()) if one.id == "sixty-days")
    return reading.start, reading.due


def test_sync_takes_it_from_the_mail_store(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        _came, answered = long_ago(stage)
        with stage.office() as office:
            Sync().perform(office)
            assert stage.case().reports[0].acknowledged is None
            stage.from_bob("We have it, and look into it.", "ack-1@team.example.org", answered)
            Sync().perform(office)
            assert Sync().perform(office).entries == 0, "once is enough"
        found = stage.case().reports[0].acknowledged
        assert found is not None
        assert (found.member, found.when, found.mail) == ("Bob Bell", answered, "ack-1@team.example.org")
        assert found.signature == "unsigned"
        assert sixty_days(stage) == (answered, answered + timedelta(days=60))


def test_neither_a_machine_nor_a_stranger_nor_a_mail_to_others_acknowledges(tmp_path: Path) -> None:
    """A2: a rostered person, with the reporter in To or Cc, and no Auto-Submitted."""
    with staged(tmp_path) as stage:
        _came, answered = long_ago(stage)
        stage.reply(
            "Bob Bell <bob@team.example.org>", "roe@reporter.example.net", "a1@x", answered, [("Auto-Submitted", "auto-replied")]
        )
        stage.reply("Eve <eve@elsewhere.example>", "roe@reporter.example.net", "a2@x", answered)
        stage.reply("Bob Bell <bob@team.example.org>", "carol@team.example.org", "a3@x", answered)
        with stage.office() as office:
            Sync().perform(office)
        assert stage.case().reports[0].acknowledged is None
        assert stage.case().reports[0].id == REPORT


async def test_the_open_console_shows_it_by_itself(tmp_path: Path) -> None:
    """I2: within five seconds of `notmuch new`, without a key."""
    with staged(tmp_path) as stage:
        _came, answered = long_ago(stage)
        async with stage.console() as hand:
            await hand.sees("#1 ", "acknowledge", "over")
            await hand.open_case()
            await hand.sees("[a] acknowledge")
            stage.from_bob("We have it.", "ack-1@team.example.org", answered)
            await hand.sees("[s] triage", "Bob Bell", within=5)
            await hand.press("i")
            await hand.press("end")
            await hand.sees(f"{answered + timedelta(days=60):%Y-%m-%d}")
            await hand.press("q", "a")
            await hand.hears("acknowledged already")
