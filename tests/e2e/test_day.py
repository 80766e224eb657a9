"""The day of disclosure, by a person's keys: two lists, their copies, the alarm, what is forged, what leaks (D1 E9 E10).

Real mail store, gpg, SMTP server and console; only the team's clock is moved.
"""

import email
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from seccon.cli.main import cli
from seccon.core.announcing import seen_on
from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.instants import instant
from seccon.core.journal.disclosure import AdvisorySet, Reference
from seccon.core.journal.embargoes import EmbargoEnded, EmbargoSet
from seccon.core.journal.work import Announced
from seccon.core.letter import ANNOUNCEMENT
from seccon.core.spans import Span
from seccon.desk.announce import PrepareAnnouncement
from seccon.desk.calendar import FindDue
from seccon.desk.embargo import EndEmbargo
from seccon.desk.pin_key import PinKey
from seccon.desk.presend import Presend
from seccon.desk.results import Announce, SetBranch
from seccon.desk.send_reply import SendReply
from seccon.desk.sync import Sync
from tests.e2e.stage import ALICE, BOB, ROE, TEAM, Hand, Stage, staged
from tests.mailroom import letter

PRIVATE, DEVEL, ANNOUNCE = "security@lists.libvirt.org", "devel@lists.libvirt.org", "announce@lists.libvirt.org"
CVE = "CVE-2026-4712"
REPORT = "lv-1@reporter.example.net"
SUBJECT = "storage daemon follows a planted symbolic link"
SECRET = "The quokkaberry pool is opened without O_NOFOLLOW."


WORDS = AdvisorySet(
    title="storage daemon follows symbolic links", description="The daemon opens what it is given.",
    impact="A local user reads files of others.", workaround="none", notice="2026-0003",
    references=(Reference(url="https://notices.example.org/1"),), patchers=("Alice Ames <alice@team.example.org>",),
)  # fmt: skip


@contextmanager
def ready(home: Path) -> Iterator[Stage]:
    """A rated, accepted, fixed case under an embargo for two more days, with its advisory's words."""
    from seccon.core.journal.cases import Acknowledged, Assessed, CaseAccepted, CreditSet
    from seccon.core.journal.embargoes import EmbargoCommunicated, EmbargoSet
    from seccon.core.journal.work import BranchSet, CveAssigned, FixProposed

    with staged(home) as stage:
        stage.config.write_text(stage.config.read_text().replace('policy = "qemu@2020-12"', 'policy = "libvirt@2013-06"'))
        stage.room.deliver(letter(SUBJECT, SECRET, message_id=REPORT, sender=f"A. Roe <{ROE}>", to=PRIVATE, date=stage.now()))
        stage.room.new()
        until = instant(stage.now() + timedelta(days=2))
        with stage.office() as office:
            Sync().perform(office)
            with office.ledger.writing("alice", stage.now()) as book:
                book.append(
                    1, len(book.entries(1)), "libvirt@2013-06",
                    Acknowledged(report=REPORT, member="Alice Ames", when=stage.now(), evidence="by phone"),
                    Assessed(genuine="yes", misuse="yes", severity="Important"),
                    CaseAccepted(id="LV-2026-001"), EmbargoSet(proposal="p1", until=until),
                    EmbargoCommunicated(report=REPORT, until=until, evidence="by phone"),
                    CveAssigned(cve=CVE, by="Example Vendor"), FixProposed(version=1, commit="fedcba98"),
                    CreditSet(report=REPORT, credit="Ada Roe of Example"),
                    BranchSet(branch="master", state="written", commit="fedcba98"),
                    WORDS,
                )  # fmt: skip
        yield stage


def pass_the_date(stage: Stage) -> None:
    until = stage.case().embargo.until
    assert until is not None
    stage.ahead += until - stage.now() + timedelta(minutes=121)


async def open_day(hand: Hand) -> None:
    await hand.sees("LV-2026-001")
    await hand.press("D")
    await hand.at("DayScreen")


async def send_next(hand: Hand, stage: Stage) -> bytes:
    """Press `.` on the run-down, and send what it drafts."""
    before = len(stage.box.taken)
    await hand.press("full_stop")
    await hand.at("FormScreen")
    await hand.sees("write and send it")
    await hand.press("ctrl+s")
    await hand.at("Compose")
    await hand.check()
    await hand.press("S")
    await hand.until(lambda: len(stage.box.taken) == before + 1, "it left")
    await hand.at("DayScreen")
    return bytes(stage.box.taken[-1].content or b"")


def list_copy(stage: Stage, sent: bytes, to: str, **changes: str) -> None:
    """Let the list send its copy: a footer, its own headers."""
    head, _, body = sent.replace(b"\r\n", b"\n").partition(b"\n\n")
    more = f"List-Id: <{to.replace('@', '.')}>\nList-Post: <mailto:{to}>\n"
    stage.room.deliver(more.encode() + head + b"\n\n" + body + b"\n-- \nlist footer\n", stage.now())
    stage.room.new()


def mail(stage: Stage, name: str, sender: str, subject: str, to: str, body: str = "See below.", *, through: bool = True) -> None:
    headers = [("List-Post", f"<mailto:{to}>")] if through else []
    made = letter(subject, body, message_id=name, sender=sender, to=to, date=stage.now(), headers=headers)
    stage.room.deliver(made, stage.now())
    stage.room.new()


def synced(stage: Stage) -> Case:
    with stage.office() as office:
        Sync().perform(office)
    return stage.case()


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_the_day_from_the_lapse_to_the_lists_copies(tmp_path: Path, size: tuple[int, int]) -> None:
    with ready(tmp_path) as stage:
        async with stage.console(size) as hand:
            await open_day(hand)
            await hand.sees("the embargo ends in", "Must be ready", "On the day", "release the embargo", f"announce on {DEVEL}")
            pass_the_date(stage)
            await hand.sees("lapsed 2h ago, nothing announced", "DISCLOSE LV-2026-001", "▸ e  release the embargo")
            await hand.press("full_stop")
            await hand.at("FormScreen")
            await hand.press("ctrl+s")
            await hand.sees("released", "not published yet", "▸ F  publish the fixes")
            await hand.press("full_stop")
            await hand.at("BranchesScreen")
            await hand.sees("needs work")
            await hand.press("s")
            await hand.at("FormScreen")
            await hand.choose("state", "merged")
            await hand.type_in("commit", "fedcba9876543210")
            await hand.press("ctrl+s")
            await hand.at("BranchesScreen")
            await hand.press("q")
            await hand.sees(f"▸ L  announce on {DEVEL}")
            first = await send_next(hand, stage)
            await hand.sees(f"▸ L  announce on {ANNOUNCE}", "sent, not seen yet")
            second = await send_next(hand, stage)
            await hand.sees("▸ u  see it in public", "DISCLOSE LV-2026-001")
            list_copy(stage, first, DEVEL)
            await hand.sees(f"seen on {DEVEL}", f"https://lists.libvirt.org/archives/list/{DEVEL}/")
            list_copy(stage, second, ANNOUNCE)
            await hand.sees("the public was told")
            await hand.until(lambda: "DISCLOSE" not in hand.screen, "the alarm is over")
        _what_left(stage, first, DEVEL)
        _what_left(stage, second, ANNOUNCE)
        assert {one.list for one in stage.case().work.announced} == {DEVEL, ANNOUNCE}


def _what_left(stage: Stage, sent: bytes, to: str) -> None:
    """To one list, clear and signed, in nobody's thread, and nothing of the private mail."""
    found = email.message_from_bytes(sent)
    assert str(found["To"]).endswith(f"<{to}>")
    assert found["Cc"] is found["In-Reply-To"] is found["References"] is None
    assert found["From"] == f'"Security Team" <{TEAM}>'
    assert found["Subject"] == f"{CVE}: storage daemon follows symbolic links"
    assert found.get_content_type() == "multipart/signed"
    text = found.get_payload()[0].get_payload(decode=True).decode()  # type: ignore[union-attr, index]
    for wanted in (
        CVE,
        "Important",
        "A local user reads files of others.",
        "Reported by: Ada Roe of Example",
        "Fixed by: fedcba9876543210",
    ):
        assert wanted in text
    for private in ("quokkaberry", REPORT, ROE, SUBJECT, "lv-1"):
        assert private.encode() not in sent


async def test_a_lapse_is_red_for_everybody_and_first_in_every_order(tmp_path: Path) -> None:
    with ready(tmp_path) as stage:
        stage.room.deliver(
            letter("another one", "x", message_id="a@b.example", sender=f"A. Roe <{ROE}>", to=PRIVATE, date=stage.now())
        )
        stage.room.new()
        synced(stage)
        async with stage.console((120, 30)) as alice, stage.console((120, 30), person="bob") as bob:
            for hand in (alice, bob):
                await hand.sees("LV-2026-001")
            pass_the_date(stage)
            for hand in (alice, bob):
                await hand.sees("DISCLOSE LV-2026-001", "embargo lapsed")
                for _ in range(6):
                    rows = [line for line in hand.screen.splitlines() if "LV-2026-001" in line or "#2" in line]
                    assert ("LV-2026-001" in rows[0] and "DISCLOSE" in rows[0]) or "LV-2026-001" in rows[1]
                    await hand.press("O")
                    await hand.pilot.pause(0.3)
        with stage.office() as office:
            due = FindDue(within=Span(3, "days")).perform(office)
            assert [one.kind for one in due if one.due < stage.now() and one.kind != "clock"] == ["embargo"]


def test_nothing_of_it_leaves_before_a_person_released_it(tmp_path: Path) -> None:
    """E10: the draft may be written before; the sheet refuses it, on the date too."""
    with ready(tmp_path) as stage, stage.office() as office:
        written = PrepareAnnouncement(case=1).perform(office)
        assert written.purpose == ANNOUNCEMENT
        for _ in range(2):
            sheet = Presend(letter=written).perform(office)
            assert {"announce-early", "public-list"} <= {one.rule for one in sheet.refusals}
            with pytest.raises(RefusedError):
                SendReply(letter=written, digest=sheet.digest).perform(office)
            pass_the_date(stage)
        assert office.ledger.items() == ()


def test_a_forged_announcement_does_not_clear_the_alarm(tmp_path: Path) -> None:
    with ready(tmp_path) as stage:
        pass_the_date(stage)
        synced(stage)
        mail(stage, "forged-1@evil.example", "Eve <eve@evil.example>", f"{CVE}: all is well", ANNOUNCE)
        mail(stage, "forged-2@evil.example", f"Bob Bell <{BOB}>, Eve <eve@evil.example>", f"{CVE}: all is well", ANNOUNCE)
        mail(stage, "direct@evil.example", f"Bob Bell <{BOB}>", f"{CVE}: all is well", ANNOUNCE, through=False)
        mail(stage, "other-1@team.example.org", f"Bob Bell <{BOB}>", f"{CVE}99: another issue", ANNOUNCE)
        case = synced(stage)
        assert case.work.seen == ()
        assert case.work.announced == ()
        assert {one.mail for one in case.work.leaking} >= {"forged-1@evil.example", "forged-2@evil.example"}


def signed(stage: Stage, name: str, to: str, key: str) -> None:
    """Let a list's copy of Bob's mail come, whole as he signed it, as his own program writes it."""
    inside = b"Content-Type: text/plain; charset=utf-8\r\n\r\nIt is public.\r\n"
    seal = stage.gpg.run("--armor", "--detach-sign", "-u", key, input=inside)
    head = (
        f"From: Bob Bell <{BOB}>\nTo: {to}\nSubject: [SECURITY] {CVE}: storage daemon\nMessage-ID: <{name}>\n"
        f"List-Post: <mailto:{to}>\nDate: {stage.now():%a, %d %b %Y %H:%M:%S +0000}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/signed; protocol="application/pgp-signature"; micalg=pgp-sha512; boundary="edge"\n\n--edge\n'
    )
    tail = b"\n--edge\nContent-Type: application/pgp-signature\n\n" + seal + b"\n--edge--\n"
    stage.room.deliver(head.encode() + inside.replace(b"\r\n", b"\n") + tail, stage.now())
    stage.room.new()


async def test_what_only_claims_to_be_a_colleagues_stays_red_until_a_person_says_so(tmp_path: Path) -> None:
    """From, List-Post and the CVE id are anybody's to write: the mail is shown, and `u` records what a person saw."""
    with ready(tmp_path) as stage:
        pass_the_date(stage)
        with stage.office() as office:
            EndEmbargo(case=1, seen=stage.case().seq, reason="released").perform(office)
        for to, name in ((DEVEL, "out-1@team.example.org"), (ANNOUNCE, "out-2@team.example.org")):
            mail(stage, name, f"Bob Bell <{BOB}>", f"[SECURITY] {CVE}: storage daemon", to)
        signed(stage, "out-3@team.example.org", DEVEL, stage.team_key)
        case = synced(stage)
        assert case.work.seen == case.work.announced == case.work.leaking == ()
        assert sorted(one.list for one in case.work.unproved) == [ANNOUNCE, DEVEL, DEVEL]
        assert synced(stage).seq == case.seq, "what was shown once is not shown again"
        async with stage.console() as hand:
            await open_day(hand)
            await hand.sees("NOT PROVED", f"{BOB}, looks like", "not published yet", "DISCLOSE LV-2026-001")
            for most in (2, 0):  # two of the three are of one list, and which of them stands first is not known
                await hand.press("u")
                await hand.at("FormScreen")
                await hand.press("ctrl+s")
                await hand.at("DayScreen")
                await hand.until(lambda most=most: hand.screen.count("NOT PROVED") <= most, "a person said so")  # type: ignore[misc]
        assert {one.list for one in stage.case().work.announced} == {DEVEL, ANNOUNCE}
        assert seen_on(stage.case().work) == {DEVEL, ANNOUNCE}


def test_a_colleagues_announcement_from_another_program_counts(tmp_path: Path) -> None:
    """On the date, before anybody recorded the release: the lists' copies say that it is out, his signature that it is his."""
    with ready(tmp_path) as stage:
        pass_the_date(stage)
        synced(stage)
        with stage.office() as office:
            PinKey(address=BOB, fingerprint=stage.bob_key, compared=stage.bob_key, how="in person").perform(office)
        for to, name in ((DEVEL, "out-1@team.example.org"), (ANNOUNCE, "out-2@team.example.org")):
            signed(stage, name, to, stage.bob_key)
        case = synced(stage)
        assert {(one.list, one.mail) for one in case.work.seen} == {
            (DEVEL, "out-1@team.example.org"),
            (ANNOUNCE, "out-2@team.example.org"),
        }
        assert {one.list for one in case.work.announced} == {DEVEL, ANNOUNCE}
        assert all(one.url.endswith("/") for one in case.work.seen)
        assert case.work.leaking == ()
        assert len(synced(stage).work.seen) == 2, "what was seen once is not seen again"


def test_our_own_filed_copy_proves_nothing(tmp_path: Path) -> None:
    """It lies in the store as soon as it is sent; the list may yet hold it or lose it."""
    with ready(tmp_path) as stage:
        pass_the_date(stage)
        with stage.office() as office:
            from seccon.desk.deliver import Deliver

            EndEmbargo(case=1, seen=stage.case().seq, reason="released").perform(office)
            SetBranch(case=1, seen=stage.case().seq, branch="master", state="merged", commit="fedcba98").perform(office)
            written = PrepareAnnouncement(case=1).perform(office)
            sheet = Presend(letter=written).perform(office)
            assert sheet.can_send, sheet.refusals
            SendReply(letter=written, digest=sheet.digest).perform(office)
            Deliver().perform(office)
        stage.room.new()
        case = synced(stage)
        assert [one.list for one in case.work.announced] == [DEVEL]
        assert case.work.seen == ()
        assert case.work.announced[0].mail
        with stage.office() as office:
            Announce(case=1, seen=case.seq, list=DEVEL, url="https://lists.example.org/1").perform(office)
        after = stage.case().work.announced
        assert [(one.url, one.mail) for one in after] == [("https://lists.example.org/1", case.work.announced[0].mail)]


async def test_a_leak_is_red_until_a_person_judged_it(tmp_path: Path) -> None:
    with ready(tmp_path) as stage:
        async with stage.console((100, 30)) as hand:
            await hand.sees("LV-2026-001")
            mail(
                stage,
                "leak@elsewhere.example",
                "Mallory <m@elsewhere.example>",
                "have you seen this",
                DEVEL,
                f"they call it {CVE}",
            )
            await hand.sees("DISCLOSE LV-2026-001", "possible leak")
            await open_day(hand)
            await hand.sees("POSSIBLE LEAK", "leak@elsewhere.example", "its CVE id")
            await hand.press("x")
            await hand.at("FormScreen")
            await hand.type_in("why", "it only asks which ids are reserved")
            await hand.press("ctrl+s")
            await hand.at("DayScreen")
            await hand.until(lambda: "POSSIBLE LEAK" not in hand.screen and "DISCLOSE" not in hand.screen, "judged")
        mail(stage, "leak2@elsewhere.example", "Mallory <m@elsewhere.example>", f"Re: {SUBJECT}", DEVEL, "hm")
        mail(stage, "harmless@elsewhere.example", "Mallory <m@elsewhere.example>", "storage daemon", DEVEL, "symbolic link")
        case = synced(stage)
        assert [(one.mail, one.sign) for one in case.work.leaking] == [("leak2@elsewhere.example", "subject")]


def test_the_private_lists_mail_is_no_leak(tmp_path: Path) -> None:
    with ready(tmp_path) as stage:
        mail(stage, "inside@team.example.org", f"Alice Ames <{ALICE}>", f"{CVE}: {SUBJECT}", PRIVATE, "LV-2026-001")
        assert synced(stage).work.leaks == {}


def test_cron_is_told_of_a_lapse_until_the_public_can_read_it(tmp_path: Path) -> None:
    """E9: `seccon due` ends with status 2, and says in words that tell nothing what is the matter."""
    with ready(tmp_path) as stage:
        past = EmbargoSet(proposal="p2", until=instant(stage.now() - timedelta(hours=2)), change="shortening")
        lists = tuple(Announced(list=one, url=f"https://lists.example.org/{one}") for one in (DEVEL, ANNOUNCE))
        for bodies, status, wanted in (
            ((), 1, ""), ((past,), 2, "EMBARGO LAPSED"), ((EmbargoEnded(reason="released"),), 2, "not published"), (lists, 0, ""),
        ):  # fmt: skip
            with stage.office() as office, office.ledger.writing("alice", stage.now()) as book:
                book.append(1, len(book.entries(1)), "libvirt@2013-06", *bodies) if bodies else None
            done = CliRunner().invoke(cli, ["--config", str(stage.config), "due"])
            assert (done.exit_code, wanted in done.output) == (status, True), done.output
            assert "storage" not in done.output
            shown = CliRunner().invoke(cli, ["--config", str(stage.config), "show", "LV-2026-001", "--json"])
            case = json.loads(shown.output)["case"]
            assert case["alarm"] == ("not published" if wanted == "not published" else None)
        assert case["day"]["headline"] == "the public was told"
        assert [one["seen"] for one in case["announcements"]] == [True, True]
