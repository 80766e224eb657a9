"""A newcomer who presses `.` (the next step) and answers what is asked carries a report through a whole process (U1).

The real console, keys only, real mail, real gpg; only the team's clock is moved on to the date.
"""

import email
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seccon.core.errors import RefusedError
from seccon.core.instants import instant
from seccon.desk.results import OpenBug
from tests.e2e.newcomer import Newcomer
from tests.e2e.stage import ROE, SUBJECT, Stage, staged
from tests.mailroom import letter

LIBVIRT_LIST = "security@lists.libvirt.org"


async def _to_the_date_told(new: Newcomer) -> None:
    await new.step("acknowledge")
    await new.send()
    await new.step("triage")
    await new.rate()
    await new.step("accept")
    await new.hand.hears("Accepted as")


async def test_the_whole_process_of_the_one_page(tmp_path: Path) -> None:
    """QEMU 2020-12, an encrypted report of important severity, from its arrival to `Fixed in`."""
    with staged(tmp_path) as stage:
        stage.report(encrypted=True)
        stage.pin_reporter()
        async with stage.console((120, 40)) as hand:
            await hand.sees("#1 ")
            await hand.open_case()
            new = Newcomer(hand, stage, "qemu")
            await _to_the_date_told(new)
            await new.step("archive")
            await new.fill()
            await new.send()
            await new.step("propose-embargo")
            await new.agree()
            await new.step("tell-date")
            await new.send()
            await new.step("cve")
            await new.fill(station="record")
            await new.fill(cve="CVE-2026-4711", by="Example Vendor")
            await new.step("fix")
            await new.fill(mail="patch-1@team.example.org")
            _no_bug_in_the_embargo(stage)
            await new.release()
            await new.step("bug")
            await new.fill(url="https://bugs.example.org/4711")
            await new.step("merge")
            await new.branch(state="merged", commit="0123456789abcdef")
            await new.step("close-bug")
            await new.fill(commit="0123456789abcdef")
            await new.step("close")
            await new.fill(outcome="published", why="fixed in master")
            await hand.until(lambda: new.owed == [] if stage.case().closed else False, "nothing is owed any more")
        case = stage.case()
        assert case.closed is not None
        assert case.closed.outcome == "published"
        assert case.work.cve == "CVE-2026-4711"
        assert f"Reported-by: A. Roe <{ROE}>" in case.work.fixes[-1].trailers
        assert [told.acknowledged is not None for told in case.reports] == [True]
        assert len(stage.box.taken) == 3, "acknowledged, archived to the list, told the date"


def _no_bug_in_the_embargo(stage: Stage) -> None:
    """What the newcomer could do wrong is refused: a public bug while the embargo holds (E10)."""
    with stage.office() as office:
        with pytest.raises(RefusedError) as refused:
            OpenBug(case=1, seen=stage.case().seq, url="https://bugs.example.org/1").perform(office)
        assert refused.value.rule == "embargo.secret"


async def test_the_whole_process_of_the_other_page(tmp_path: Path) -> None:
    """libvirt 2013-06: an embargo for every issue, a fix on the branches, announced on both lists when it expires."""
    with staged(tmp_path) as stage:
        stage.config.write_text(stage.config.read_text().replace('policy = "qemu@2020-12"', 'policy = "libvirt@2013-06"'))
        now = instant(datetime.now(UTC))
        mail = letter(
            SUBJECT,
            "The daemon follows a link.",
            message_id="lv-1@reporter.example.net",
            sender=f"A. Roe <{ROE}>",
            to=LIBVIRT_LIST,
            date=now,
        )
        stage.room.deliver(mail)
        stage.room.new()
        stage.pin_reporter()
        async with stage.console((120, 40)) as hand:
            await hand.sees("#1 ")
            await hand.open_case()
            new = Newcomer(hand, stage, "libvirt")
            await _to_the_date_told(new)
            await new.step("propose-embargo")
            await new.agree()
            await new.step("tell-date")
            await new.send()
            await new.step("cve")
            await new.fill(station="record")
            await new.fill(cve="CVE-2026-4712", by="Example Vendor")
            await new.step("fix")
            await new.fill(mail="patch-1@team.example.org")
            await new.step("branches")
            await new.branch(state="written")
            await new.step("credit")
            await new.fill(credit="A. Roe", evidence="on the telephone")
            await new.step("advisory")
            await new.words()
            await new.release()
            await new.step("publish-fixes")
            await new.branch(state="merged", commit="fedcba9876543210")
            await new.step("announce")
            await new.announce()
            await new.step("announce")
            await new.announce()
            await new.step("seen")
            await hand.at("DayScreen")
            for number in (1, 2):  # the lists' copies do not come here: the links are recorded
                await hand.sees("▸ u  see it in public")
                await hand.press("full_stop")
                await new.fill(url="https://lists.example.org/announcement")
                await hand.at("DayScreen")
                await hand.until(lambda n=number: sum(1 for one in stage.case().work.announced if one.url) == n, "recorded")
                await hand.until(lambda: not any(worker.is_running for worker in hand.app.workers), "and its form is done")
            await hand.sees("the public was told")
            await hand.press("q")
            await hand.at("CaseScreen")
            await new.step("close")
            await new.fill(outcome="published", why="announced and published")
            await hand.until(lambda: stage.case().closed, "closed")
        case = stage.case()
        assert case.closed is not None
        sent = [email.message_from_bytes(bytes(one.content or b"")) for one in stage.box.taken[-2:]]
        assert [str(one["Subject"]) for one in sent] == ["CVE-2026-4712: daemon follows a link"] * 2
        public = {one.list for one in case.work.announced if one.mail and one.url}
        assert public == {
            "devel@lists.libvirt.org",
            "announce@lists.libvirt.org",
        }
        assert case.id is not None
        assert case.id.startswith("LV-")
