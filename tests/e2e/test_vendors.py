"""Three vendors take part: permitted by the reporter's mail, told alone, heard, re-spun, ready; with keys alone (F5 F7 E1).

The real console, real gpg, a real SMTP server, a real mail store: what vendors get is read by plain gpg with their own keys,
and what they answer is written by another program.
"""

import email
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seccon.core.case import Case
from seccon.core.instants import instant
from seccon.core.journal.cases import Acknowledged, Assessed, CaseAccepted
from seccon.core.journal.embargoes import EmbargoCommunicated, EmbargoProposed, EmbargoSet
from seccon.core.journal.work import CveAssigned
from seccon.core.steps import steps
from seccon.desk.pin_key import PinKey
from tests.e2e.stage import REPORT, ROE, SECRET, SUBJECT, TEAM, Hand, Stage, staged
from tests.keysmith import GpgHome, shared, shared_key
from tests.mailroom import letter
from tests.story import shipped

HARBOR, PEAK, CLEFT = "psirt@harbor.example", "security@peak.example", "cert@cleft.example"
NAMES = {HARBOR: "Harbor Linux", PEAK: "Peak Linux", CLEFT: "Cleft"}
YES = "yes@reporter.example.net"


class Vendors:
    """The vendors' own homes, and what came to them."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.homes: dict[str, GpgHome] = {}
        for address, name in NAMES.items():
            home = f"e2e-{address.partition('@')[2]}"
            key = shared_key(home, f"{name} <{address}>")
            self.homes[address] = shared(home)
            self.homes[address].take(stage.gpg.export(stage.team_key))
            stage.gpg.take(self.homes[address].export(key))
            with stage.office() as office:
                PinKey(address=address, fingerprint=key, compared=key, how="by phone").perform(office)

    def mails(self, address: str) -> list[bytes]:
        return [bytes(one.content or b"") for one in self.stage.box.taken if one.rcpt_tos == [address]]

    def opened(self, address: str, content: bytes) -> str:
        start = content.index(b"-----BEGIN PGP MESSAGE-----")
        armour = content[start : content.index(b"-----END PGP MESSAGE-----") + 25]
        told = self.homes[address].run("--status-fd", "1", "--output", "/dev/null", "--yes", "--decrypt", input=armour)
        assert b"GOODSIG" in told
        inside = email.message_from_bytes(self.homes[address].run("--decrypt", input=armour))
        parts = [part for part in inside.walk() if part.get_content_maintype() == "text"]
        return "\n".join((part.get_payload(decode=True) or b"").decode() for part in parts)  # type: ignore[union-attr]

    def answers(self, address: str, body: str, name: str, *, sender: str = "") -> None:
        """Let a vendor answer the first mail that it got, to us alone."""
        first = str(email.message_from_bytes(self.mails(address)[0])["Message-ID"]).strip("<>")
        mail = letter(
            "Re: ...", body, message_id=name, sender=sender or f"{NAMES[address]} <{address}>", to=TEAM,
            date=instant(datetime.now(UTC)), reply_to=[first],
        )  # fmt: skip
        self.stage.room.deliver(mail)
        self.stage.room.new()


@pytest.mark.parametrize("copies", [True, False], ids=["our-copies-are-indexed", "they-are-not"])
async def test_three_vendors_from_the_invitation_to_simultaneous_release(tmp_path: Path, copies: bool) -> None:
    with staged(tmp_path) as stage:
        text = stage.config.read_text().replace('policy = "qemu@2020-12"', 'policy = "libvirt@2013-06"')
        stage.config.write_text(text if copies else text.replace(f'sent = "{stage.room.root}/Sent"\n', ""))
        _under_embargo(stage)
        vendors = Vendors(stage)
        async with stage.console((100, 40)) as hand:
            await hand.sees("LV-2026-001")
            await hand.open_case()
            await hand.press("v")
            await hand.at("PartiesScreen")
            await hand.sees("Nobody outside takes part")
            for address, name in NAMES.items():
                await _invite(hand, address, name)
            await hand.sees("0 of 3 ready", "Harbor Linux may not be told yet", "a reporter must permit it (P)")
            await _refused_before_permission(hand, stage)
            await _permit(hand, stage)
            await _tell_all(hand, stage, vendors)
            await _an_answer_comes_in(hand, stage, vendors)
            await _ready_with_the_first_and_not_with_the_second(hand, stage, vendors)
            await _a_date_needs_their_agreement(hand, stage)
        case = stage.case()
        assert [one.is_ready(case.work.patch) for one in case.work.parties] == [True, True, True]
        assert len(case.reports) == 1
        with stage.office() as office:
            assert office.ledger.verify() == ()


def _under_embargo(stage: Stage) -> None:
    """A case that was accepted and has its date, as colleagues would have left it."""
    stage.room.deliver(letter(SUBJECT, SECRET, message_id=REPORT, sender=f"A. Roe <{ROE}>", to="security@lists.libvirt.org",
                              date=instant(datetime.now(UTC))))  # fmt: skip
    stage.room.new()
    stage.from_reporter("You may tell Harbor, Peak and Cleft.", YES)
    until = instant(datetime(2099, 1, 5, 12, tzinfo=UTC))
    with stage.office() as office:
        from seccon.desk.sync import Sync

        Sync().perform(office)
        with office.ledger.writing("bob", office.clock()) as book:
            book.append(
                1, book.entries(1)[-1].seq, "libvirt@2013-06",
                Acknowledged(report=REPORT, member="Bob Bell", when=office.clock()),  # type: ignore[arg-type]
                Assessed(genuine="yes", misuse="yes", impact="x", apparent="Important", severity="Important"),
                CaseAccepted(id="LV-2026-001"),  # type: ignore[arg-type]
                CveAssigned(cve="CVE-2026-4711", by="Bob"),  # type: ignore[arg-type]
                EmbargoProposed(proposal="p1", party="team", until=until), EmbargoSet(proposal="p1", until=until),
                EmbargoCommunicated(report=REPORT, until=until, evidence="by phone"),  # type: ignore[arg-type]
            )  # fmt: skip


async def _form(hand: Hand, **answers: str) -> None:
    await hand.at("FormScreen")
    for name, value in answers.items():
        field = next(each for each in hand.fields.fields if each.name == name)
        await (hand.choose if field.kind == "choice" else hand.type_in)(name, value)
    await hand.press("ctrl+s")
    await hand.at("PartiesScreen")
    await _done(hand)


async def _done(hand: Hand) -> None:
    """Wait until what was asked is recorded: the same key would open nothing before."""
    await hand.until(lambda: not any(one.is_running for one in hand.app.workers if one.group == "flow"), "recorded")


async def _invite(hand: Hand, address: str, name: str) -> None:
    await hand.press("i")
    await _form(hand, party=address, name=name)
    await hand.sees(name)


async def _go_to(hand: Hand, stage: Stage, address: str) -> None:
    """Move the cursor to a party."""
    at = [one.address for one in stage.case().work.parties].index(address)
    await hand.press("home", *["j"] * at)
    await hand.sees(f"<{address}>")


async def _refused_before_permission(hand: Hand, stage: Stage) -> None:
    await _go_to(hand, stage, HARBOR)
    await hand.press("t")
    await hand.at("FormScreen")
    await hand.press("ctrl+s")
    await hand.hears("A. Roe has not permitted it")
    await hand.at("PartiesScreen")
    assert stage.box.taken == []


async def _permit(hand: Hand, stage: Stage) -> None:
    assert steps(stage.case(), shipped("libvirt"), stage.now())[0].id == "permit-parties"
    for address in NAMES:
        await _go_to(hand, stage, address)
        await hand.press("P")
        await _form(hand, proof=YES)
    await hand.until(lambda: "a reporter must permit" not in hand.screen, "all are permitted")
    assert {one.proof for one in stage.case().work.permissions} == {YES}
    assert steps(stage.case(), shipped("libvirt"), stage.now())[0].id == "tell-parties"


async def _send(hand: Hand, words: str) -> None:
    """Fill the blank, and send what the sheet shows."""
    await hand.at("Compose")

    def text() -> str:
        return str(hand.app.screen.query_one("LetterText").text)  # type: ignore[attr-defined]

    while blanks := text().count("<<"):
        await hand.press("ctrl+n")
        await hand.until(lambda: hand.app.screen.query_one("LetterText").selected_text.startswith("<<"), "on a blank")  # type: ignore[attr-defined]
        await hand.write(words)
        await hand.until(lambda blanks=blanks: text().count("<<") == blanks - 1 and words in text(), "it is filled")  # type: ignore[misc]
    await hand.press("ctrl+s")
    await hand.at("SheetScreen")
    await hand.sees("ready: S sends it", "a party that may be told")
    await hand.press("S")


async def _tell_all(hand: Hand, stage: Stage, vendors: Vendors) -> None:
    await hand.press("T")
    for number in (1, 2, 3):
        await _send(hand, "quokkaberry")
        await hand.until(lambda number=number: len(stage.box.taken) == number, f"{number} sent")  # type: ignore[misc]
    await hand.hears("No other party is to be written to.")
    await hand.at("PartiesScreen")
    await hand.until(lambda: all(one.told for one in stage.case().work.parties), "all are told")
    for address in NAMES:
        (content,) = vendors.mails(address)
        outside = email.message_from_bytes(content)
        assert (outside["Subject"], outside["References"], outside["In-Reply-To"]) == ("...", None, None)
        text = vendors.opened(address, content)
        assert "quokkaberry" in text
        assert "2099-01-05 12:00 UTC" in text
        others = [name for other, name in NAMES.items() if other != address]
        assert not [word for word in (*others, "Roe", ROE, SUBJECT, SECRET) if word in text]
    case = stage.case()
    assert case.reports[0].acknowledged is not None
    assert {one.until for one in case.work.parties} == {case.embargo.until}
    assert not [reply for reply in case.replies if reply.queued.reports]


async def _an_answer_comes_in(hand: Hand, stage: Stage, vendors: Vendors) -> None:
    with stage.office() as office:
        from seccon.desk.waiting import Wait

        Wait(case=1, seen=stage.case().seq, whom="reporter").perform(office)
    vendors.answers(HARBOR, "We ship it: affected.", "harbor-1@harbor.example")
    await hand.sees("record it (a)", "Harbor Linux wrote: their word is to be recorded")
    case = stage.case()
    (mail,) = [one for one in case.mails if one.mail == "harbor-1@harbor.example"]
    assert (mail.party, mail.joined) == (HARBOR, False)
    assert case.work.waiting is not None, "a vendor's mail is not the reporter's"
    await _go_to(hand, stage, HARBOR)
    await hand.press("a")
    await _form(hand, affected="yes")
    await hand.sees("by their mail of", "not proved to be theirs")
    answered = stage.case().work.parties[0].answered
    assert answered is not None
    assert (answered.mail, answered.signature) == ("harbor-1@harbor.example", "unproved")
    if stage.config.read_text().count("sent ="):
        await _somebody_else_writes_on_their_thread(hand, stage, vendors)
    await _go_to(hand, stage, PEAK)
    await hand.press("a")
    await _form(hand, affected="no", why="their PSIRT called us")
    await hand.sees("not affected")


async def _somebody_else_writes_on_their_thread(hand: Hand, stage: Stage, vendors: Vendors) -> None:
    vendors.answers(PEAK, "Not affected, says somebody.", "forged@elsewhere.example", sender="Peak <eve@elsewhere.example>")
    await _go_to(hand, stage, PEAK)
    await hand.sees("eve@elsewhere.example, who is not security@peak.example")
    assert stage.case().work.parties[1].wrote == ()


async def _ready_with_the_first_and_not_with_the_second(hand: Hand, stage: Stage, vendors: Vendors) -> None:
    await _go_to(hand, stage, CLEFT)
    await hand.press("a")
    await _form(hand, affected="yes", why="by phone")
    for version in (1, 2):
        await _done(hand)
        _new_version(stage, version)
        await hand.sees(f"v{version} to be sent (t)")
        await hand.press("T")
        for _ in (HARBOR, CLEFT):
            before = len(stage.box.taken)
            await _send(hand, f"wombatfruit {version}")
            await hand.until(lambda before=before: len(stage.box.taken) == before + 1, "sent")  # type: ignore[misc]
        await hand.hears("No other party is to be written to.")
        for address in (HARBOR, CLEFT):
            await _go_to(hand, stage, address)
            await hand.press("r")
            await _form(hand, why="by phone")
        await hand.sees("All 3 ready for simultaneous release")
        assert "parties-ready" not in [one.id for one in steps(stage.case(), shipped("libvirt"), stage.now())]
    newest = vendors.mails(HARBOR)[-1]
    outside = email.message_from_bytes(newest)
    assert "harbor-1@harbor.example" in outside["References"]
    assert REPORT not in outside["References"]
    assert "version 1, which you have" in vendors.opened(HARBOR, newest)
    assert [one.holds for one in stage.case().work.parties] == [2, 0, 2]


def _new_version(stage: Stage, version: int) -> None:
    with stage.office() as office:
        from seccon.desk.results import ProposeFix

        ProposeFix(case=1, seen=stage.case().seq, commit=f"abc{version}", trailers=()).perform(office)


async def _a_date_needs_their_agreement(hand: Hand, stage: Stage) -> None:
    """E1: libvirt's dates are agreed between the vendors."""
    await hand.press("q")
    await hand.at("CaseScreen")
    await hand.press("e")
    await hand.at("EmbargoScreen")
    await hand.sees("Harbor Linux was told")
    await hand.press("p")
    await hand.at("FormScreen")
    await hand.choose("party", HARBOR)
    await hand.type_in("until", "2099-01-12 12:00")
    await hand.choose("proof", "harbor-1@harbor.example")
    await hand.type_in("why", "their release train")
    await hand.press("ctrl+s")
    await hand.at("EmbargoScreen")
    await hand.sees(f"Harbor Linux <{HARBOR}> agreed", f"Cleft <{CLEFT}> has not agreed yet")
    case: Case = stage.case()
    assert case.embargo.state == "revised"
