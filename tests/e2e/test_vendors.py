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
from tests.e2e.stage import REPORT, ROE, SECRET, SUBJECT, Hand, Stage, staged
from tests.e2e.vendors import CLEFT, HARBOR, NAMES, PEAK, Vendors, done, form, go_to, invite, send
from tests.mailroom import letter
from tests.story import shipped

YES = "yes@reporter.example.net"


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
                await invite(hand, address, name)
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
                EmbargoProposed(proposal="p1", party="team", until=until),
                EmbargoSet(proposal="p1", until=until, why="long", overrides=("one-month", "two-weeks")),
                EmbargoCommunicated(report=REPORT, until=until, evidence="by phone"),  # type: ignore[arg-type]
            )  # fmt: skip


async def _refused_before_permission(hand: Hand, stage: Stage) -> None:
    await go_to(hand, stage, HARBOR)
    await hand.press("t")
    await hand.at("FormScreen")
    await hand.press("ctrl+s")
    await hand.hears("A. Roe has not permitted it")
    await hand.at("PartiesScreen")
    assert stage.box.taken == []


async def _permit(hand: Hand, stage: Stage) -> None:
    assert steps(stage.case(), shipped("libvirt"), stage.now())[0].id == "permit-parties"
    for address in NAMES:
        await go_to(hand, stage, address)
        await hand.press("P")
        await form(hand, proof=YES)
    await hand.until(lambda: "a reporter must permit" not in hand.screen, "all are permitted")
    assert {one.proof for one in stage.case().work.permissions} == {YES}
    assert steps(stage.case(), shipped("libvirt"), stage.now())[0].id == "tell-parties"


async def _tell_all(hand: Hand, stage: Stage, vendors: Vendors) -> None:
    await hand.press("T")
    for number in (1, 2, 3):
        await send(hand, "quokkaberry")
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
    await go_to(hand, stage, HARBOR)
    await hand.press("a")
    await form(hand, affected="yes")
    await hand.sees("by their mail of", "not proved to be theirs")
    answered = stage.case().work.parties[0].answered
    assert answered is not None
    assert (answered.mail, answered.signature) == ("harbor-1@harbor.example", "unproved")
    if stage.config.read_text().count("sent ="):
        await _somebody_else_writes_on_their_thread(hand, stage, vendors)
    await go_to(hand, stage, PEAK)
    await hand.press("a")
    await form(hand, affected="no", why="their PSIRT called us")
    await hand.sees("not affected")


async def _somebody_else_writes_on_their_thread(hand: Hand, stage: Stage, vendors: Vendors) -> None:
    vendors.answers(PEAK, "Not affected, says somebody.", "forged@elsewhere.example", sender="Peak <eve@elsewhere.example>")
    await go_to(hand, stage, PEAK)
    await hand.sees("eve@elsewhere.example, who is not security@peak.example")
    assert stage.case().work.parties[1].wrote == ()


async def _ready_with_the_first_and_not_with_the_second(hand: Hand, stage: Stage, vendors: Vendors) -> None:
    await go_to(hand, stage, CLEFT)
    await hand.press("a")
    await form(hand, affected="yes", why="by phone")
    for version in (1, 2):
        await done(hand)
        _new_version(stage, version)
        await hand.sees(f"v{version} to be sent (t)")
        await hand.press("T")
        for _ in (HARBOR, CLEFT):
            before = len(stage.box.taken)
            await send(hand, f"wombatfruit {version}")
            await hand.until(lambda before=before: len(stage.box.taken) == before + 1, "sent")  # type: ignore[misc]
        await hand.hears("No other party is to be written to.")
        for address in (HARBOR, CLEFT):
            await go_to(hand, stage, address)
            await hand.press("r")
            await form(hand, why="by phone")
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
