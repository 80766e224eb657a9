"""A newcomer who presses `.` (the next step) and answers what is asked carries a report through a whole process (U1).

The real console, keys only, real mail, real gpg; only the team's clock is moved on to the date.
"""

import email
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seccon.core.errors import RefusedError
from seccon.core.instants import instant
from seccon.core.steps import steps
from seccon.desk.results import OpenBug
from seccon.widgets.form import FieldList
from tests.e2e.stage import ROE, SUBJECT, Hand, Stage, staged
from tests.mailroom import letter
from tests.story import shipped

LIBVIRT_LIST = "security@lists.libvirt.org"


class Newcomer:
    """Presses `.` and does what the screen then asks for."""

    def __init__(self, hand: Hand, stage: Stage, policy: str) -> None:
        self.hand, self.stage, self.policy = hand, stage, shipped(policy)
        self.walked: list[str] = []

    @property
    def owed(self) -> list[str]:
        """What the process wants now, by id."""
        return [step.id for step in steps(self.stage.case(), self.policy, self.stage.now())]

    async def step(self, name: str) -> None:
        """The console names this step; press its key."""
        await self.hand.until(lambda: self.owed[:1] == [name], f"{name} after {self.walked}, not {self.owed}")
        title = next(rule.title for rule in self.policy.step if rule.id == name)
        await self.hand.sees(f"] {title}")
        await self.hand.press("full_stop")
        self.walked.append(name)

    async def send(self) -> None:
        """Send the letter that stands there."""
        await self.hand.at("Compose")
        before = len(self.stage.box.taken)
        await self.hand.press("ctrl+s")
        await self.hand.sees("ready: S sends it")
        await self.hand.press("S")
        await self.hand.until(lambda: len(self.stage.box.taken) == before + 1, "it arrived")
        await self.hand.at("CaseScreen")

    async def fill(self, **values: str) -> None:
        """Fill the form on view, and record it."""
        await self.hand.at("FormScreen")
        await self.hand.until(lambda: self.hand.app.screen.query(FieldList), "the form is there")
        texts = [field.name for field in self.hand.fields.fields if field.kind == "text"]
        if [*values] == texts == [self.hand.fields.fields[0].name]:  # a form with one text opens its line at once, enter gives it
            await self.hand.until(lambda: self.hand.typing, "the line to type in")
            if self.hand.typed:
                await self.hand.press("end", "ctrl+u")
                await self.hand.until(lambda: not self.hand.typed, "an empty line")
            await self.hand.write(next(iter(values.values())) + "\n")
            await self.hand.until(lambda: self.hand.place != "FormScreen", "it is recorded")
            return
        for key, value in values.items():
            name = key.replace("__", ":")
            field = next(field for field in self.hand.fields.fields if field.name == name)
            if field.kind == "choice":
                await self.hand.choose(name, value)
            else:
                await self.hand.type_in(name, value)
        await self.hand.press("ctrl+s")
        await self.hand.until(lambda: self.hand.place != "FormScreen", "it is recorded")

    async def announce(self) -> None:
        """Take the list that is offered, and send what was drafted."""
        await self.hand.at("FormScreen")
        await self.hand.sees("write and send it")
        await self.hand.press("ctrl+s")
        await self.send()

    async def rate(self) -> None:
        """Rate it as important."""
        considered = {
            f"answer__{one.id}": "yes" for one in self.policy.severity.consideration if one.lowers == "no" and not one.only_if
        }
        await self.fill(genuine="yes", misuse="yes", impact="the guest runs code in the host", apparent="Important",
                        **considered, severity="Important")  # fmt: skip

    async def agree(self) -> None:
        """Agree on a date with the reporter, who said so by mail."""
        await self.hand.at("EmbargoScreen")
        await self.hand.sees("No embargo")
        await self.hand.press("p")
        await self.fill()
        await self.hand.sees("has not agreed yet")
        await self.hand.press("a")
        await self.fill(why="the reporter said so on the telephone")
        await self.hand.sees("In force")
        await self.hand.press("q")
        await self.hand.at("CaseScreen")

    async def branch(self, **values: str) -> None:
        """Record where the fix stands on the branch that needs work."""
        await self.hand.at("BranchesScreen")
        await self.hand.sees("1 needs work")
        await self.hand.press("s")
        await self.fill(**values)
        await self.hand.at("BranchesScreen")
        await self.hand.press("q")
        await self.hand.at("CaseScreen")

    async def words(self) -> None:
        """Write the advisory, until nothing of it stops the announcement."""
        await self.hand.at("AdvisoryScreen")
        await self.hand.press("w")
        await self.hand.at("FormScreen")
        await self.hand.write_prose("description", "It opens what it is given.")
        await self.hand.write_prose("impact", "A local user reads files of others.")
        await self.hand.write_prose("workaround", "none")
        await self.fill(
            title="daemon follows a link", references="https://notices.example.org/1", notice="2026-0001",
            patchers="Alice Ames <alice@team.example.org>",
        )  # fmt: skip
        await self.hand.at("AdvisoryScreen")
        await self.hand.press("q")
        await self.hand.at("CaseScreen")

    async def release(self) -> None:
        """Let the date come, and release it."""
        until = self.stage.case().embargo.until
        assert until is not None
        self.stage.ahead += until - self.stage.now() + timedelta(minutes=1)
        await self.hand.until(lambda: self.owed[0] == "release", "the date has come")
        await self.step("release")
        await self.hand.at("EmbargoScreen")
        await self.hand.sees("E end")
        await self.hand.press("E")
        await self.fill()
        await self.hand.sees("Ended")
        await self.hand.press("q")
        await self.hand.at("CaseScreen")


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
