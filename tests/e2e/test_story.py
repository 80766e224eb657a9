"""One issue from two reports to its publication: merged, three vendors, an embargo that starts anew, the day (I3 F5 E3 D1 D2).

libvirt's process, the real console, keys alone, real mail, gpg, SMTP, git; only the team's clock is moved. It begins six weeks
ago, so that all that is told is past at its end.
"""

import email
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from seccon import wiring
from seccon.core.case import fold
from seccon.core.embargo import total_days
from seccon.core.plural import count
from seccon.desk.undo import TakeBack
from seccon.settings import load
from tests.core.test_formats import grammar, judge
from tests.e2e.newcomer import Newcomer
from tests.e2e.stage import ROE, SECRET, SUBJECT, Hand
from tests.e2e.story import (
    BRANCHES,
    CVE,
    DOE,
    DOE_SUBJECT,
    DOES,
    ROES,
    Story,
    armour,
    back,
    look,
    mail_of,
    recorded_answer,
    run,
    to_reporters,
    to_vendors,
    told,
)
from tests.e2e.test_day import ANNOUNCE, DEVEL, list_copy, send_next
from tests.e2e.vendors import CLEFT, HARBOR, NAMES, PEAK, done, go_to, invite
from tests.e2e.vendors import form as party_form

GRAMMAR = grammar("http://security.libvirt.org/xmlns/security-notice/1.0")


async def two_reports_one_issue(story: Story, hand: Hand, roe: Newcomer) -> None:
    await roe.step("acknowledge")
    await roe.send()
    await roe.step("triage")
    await roe.rate()
    await roe.step("accept")
    await hand.hears("Accepted as LV-")
    story.later(hours=3)
    story.doe_reports()
    await hand.until(lambda: story.stage.case(2).reports, "the second case")
    await hand.press("q")
    await hand.at("Queue")
    await hand.sees("#2 ")
    await hand.press("home")
    await hand.sees("J. Doe")
    await hand.open_case()
    await hand.sees("wombatfruit")
    await hand.press("I")
    await hand.until(lambda: hand.place == "FormScreen" and hand.typing, "the line to type in")
    await hand.write(f"{story.case.id}\n")
    await hand.sees(f"Join #2 and {story.case.id}")
    await hand.type_in("why", "both end in the same line of ring.c")
    await hand.press("ctrl+s")
    await hand.hears("Joined.")
    await hand.sees("its reports are there")
    await back(hand, "Queue")
    await hand.sees("1 case", "A. Roe")
    await hand.until(lambda: "#2 " not in hand.screen, "one case alone")
    await hand.open_case()
    await hand.sees(f" {story.case.id} ", "J. Doe", "A. Roe")
    await roe.step("acknowledge")
    await roe.send()


async def three_vendors(story: Story, hand: Hand, roe: Newcomer) -> None:
    """Invited, permitted by each reporter, told what is proposed."""
    await hand.press("v")
    await hand.at("PartiesScreen")
    for address, name in NAMES.items():
        await invite(hand, address, name)
    await hand.sees("0 of 3 ready")
    await back(hand)
    await roe.step("propose-embargo")
    await hand.at("EmbargoScreen")
    await hand.press("p")
    await roe.fill()
    await hand.sees("Harbor Linux <psirt@harbor.example> has not agreed yet", f"{DOE} has not agreed yet")
    await back(hand)
    story.writes(f"A. Roe <{ROE}>", "roe-2@reporter.example.net", "Tell whom you trust.", ROES)
    story.writes(f"J. Doe <{DOE}>", "doe-2@other.example.com", "Harbor, Peak and Cleft may know.", DOES)
    await hand.until(lambda: len(story.case.mails) >= 4, "the reporters' mails")
    await roe.step("permit-parties")
    await roe.fill(whom="anyone", proof="roe-2@reporter.example.net")
    for _ in NAMES:
        await roe.step("permit-parties")
        await roe.fill(proof="doe-2@other.example.com")
    await roe.step("tell-parties")
    await hand.at("PartiesScreen")
    await to_vendors(story, hand, 3)
    await back(hand)


async def all_agree(story: Story, hand: Hand, roe: Newcomer, turn: int) -> None:
    """Everybody answers by mail on their own thread; each agreement is recorded with the mail that says so."""
    await hand.at("EmbargoScreen")
    story.writes(f"A. Roe <{ROE}>", mail_of(ROE, turn), "I agree to the date.", ROES)
    story.writes(f"J. Doe <{DOE}>", mail_of(DOE, turn), "The date is fine.", DOES)
    for address in NAMES:
        story.vendors.answers(address, "We agree to the date.", mail_of(address, turn))
    wanted = {mail_of(who, turn) for who in (ROE, DOE, *NAMES)}
    await hand.until(lambda: wanted <= {one.mail for one in story.case.mails}, "their mails")
    for _ in wanted:
        await hand.press("a")
        await hand.at("FormScreen")
        await roe.fill(proof=mail_of(hand.fields.values["party"], turn))
        await done(hand)
    await hand.until(lambda: not story.case.embargo.table, "in force")
    await hand.sees("In force")
    await back(hand)


async def agreed_and_told(story: Story, hand: Hand, roe: Newcomer) -> None:
    await roe.step("settle-embargo")
    await all_agree(story, hand, roe, 1)
    await roe.step("tell-date")
    await to_reporters(story, hand)
    await hand.press("v")
    await hand.at("PartiesScreen")
    for address in NAMES:
        await recorded_answer(story, hand, address, "unknown" if address == PEAK else "yes", 1)
    await to_vendors(story, hand, 3)
    await back(hand)


async def first_patch(story: Story, hand: Hand, roe: Newcomer) -> None:
    await roe.step("cve")
    await roe.fill(station="record")
    await roe.fill(cve=CVE, by="Example Vendor")
    await roe.step("fix")
    await roe.fill(mail="patch-1@team.example.org")
    await hand.until(lambda: story.case.work.patch == 1, "version 1")
    await hand.press("v")
    await hand.at("PartiesScreen")
    await to_vendors(story, hand, 3, "wombatfruit 1")
    await ready_by_phone(story, hand)
    story.vendors.answers(PEAK, "We do not ship it.", "peak-9@vendor.example")
    await hand.sees("Peak Linux wrote: their word is to be recorded")
    await go_to(hand, story.stage, PEAK)
    await hand.press("a")
    await party_form(hand, affected="no")
    await hand.sees("All 3 ready for simultaneous release")
    await back(hand)


async def ready_by_phone(story: Story, hand: Hand) -> None:
    """Those who ship it say that they are ready."""
    for address in (HARBOR, CLEFT):
        await go_to(hand, story.stage, address)
        await hand.press("r")
        await party_form(hand, why="by phone")


async def restarted(story: Story, hand: Hand, roe: Newcomer) -> None:
    """Version 1 is faulty: a new window, agreed by all again; both reporters and all vendors learn the new date."""
    old = story.case.embargo.until
    await hand.press("f")
    await roe.fill(faulty="a ring of length 0 still crashes")
    await hand.until(lambda: story.case.work.fixes[-1].faulty, "it is faulty")
    await hand.press("e")
    await hand.at("EmbargoScreen")
    await hand.sees("version 1 of the patch is faulty: R proposes")
    await hand.press("R")
    await hand.at("FormScreen")
    await hand.sees("version 1 of the patch is faulty: a ring of length 0")
    await roe.fill()
    await hand.sees("as a restart", "the old one holds until all agree", "because version 1 of the patch is faulty")
    await all_agree(story, hand, roe, 2)
    assert old is not None
    assert [one.change for one in story.case.embargo.windows] == ["initial", "restart"]
    assert story.case.embargo.until > old
    await roe.step("tell-date")
    await to_reporters(story, hand)
    await hand.press("v")
    await hand.at("PartiesScreen")
    await hand.sees("the date to be told (t)")
    assert "All 3 ready" not in hand.screen
    for address in NAMES:
        await recorded_answer(story, hand, address, "no" if address == PEAK else "yes", 2)
    await to_vendors(story, hand, 3)
    assert {one.until for one in story.case.work.parties} == {story.case.embargo.until}
    await back(hand)
    await roe.step("fix")
    await roe.fill(mail="patch-2@team.example.org")
    await hand.until(lambda: story.case.work.patch == 2, "version 2")
    await hand.press("v")
    await hand.at("PartiesScreen")
    await hand.sees("v2 to be sent (t)")
    await to_vendors(story, hand, 2, "wombatfruit 2")
    await hand.sees("1 of 3 ready")
    await ready_by_phone(story, hand)
    await hand.sees("All 3 ready for simultaneous release")
    await back(hand)


async def branches_and_words(story: Story, hand: Hand, roe: Newcomer) -> None:
    """Git finds the fix on three branches of a clone that nobody else reads; the advisory's gate is green."""
    fix = story.fix()
    await roe.step("branches")
    await look(hand, fixes=fix)
    await hand.sees("r records 3 that git proves")
    await hand.press("r")
    await hand.hears("3 branches are recorded.")
    await hand.until(lambda: {one.state for one in story.case.work.branches.values()} == {"written"}, "written")
    assert set(story.case.work.branches) == set(BRANCHES)
    await back(hand)
    for credit in ("A. Roe <roe@reporter.example.net>", "Jane Doe, Other Lab"):
        await roe.step("credit")
        await roe.fill(credit=credit, evidence="asked by mail")
    await roe.step("advisory")
    await hand.at("AdvisoryScreen")
    await hand.press("w")
    await hand.at("FormScreen")
    await hand.type_in("title", "ring: index read past the end")
    await hand.write_prose("description", "The daemon reads past the end of a ring that the guest describes.")
    await hand.write_prose("impact", "A guest reads memory of the daemon.")
    await hand.write_prose("workaround", "none")
    await hand.type_in("cwe", "CWE-125")
    await hand.type_in("notice", "2026-0007")
    await hand.type_in("patchers", "Alice Ames <alice@team.example.org>")
    await hand.press("ctrl+s")
    await hand.hears("The advisory is written.")
    await hand.at("AdvisoryScreen")
    await hand.sees("gate: 1 open", "The embargo holds until")  # nothing but the date stands in the way
    await back(hand)


async def the_day(story: Story, hand: Hand, roe: Newcomer) -> None:
    """The date comes: release, vendors told, fixes found merged in git, both lists, their copies."""
    stage = story.stage
    await hand.press("D")
    await hand.at("DayScreen")
    await hand.sees("the embargo ends in", "Must be ready")
    until = story.case.embargo.until
    assert until is not None
    stage.ahead += until - stage.now() + timedelta(minutes=5)
    await hand.sees("nothing announced", "▸ e  release the embargo")
    await hand.press("full_stop")
    await hand.at("FormScreen")
    await hand.press("ctrl+s")
    await hand.sees("not published yet", "▸ v  tell the vendors: go")
    await hand.press("full_stop")
    await hand.at("PartiesScreen")
    await to_vendors(story, hand, 2, because="the case is public")
    await back(hand, "DayScreen")
    await hand.sees("▸ F  publish the fixes")
    await hand.press("full_stop")
    await look(hand)
    await hand.sees("r records 3 that git proves")
    await hand.press("r")
    await hand.until(lambda: {one.state for one in story.case.work.branches.values()} == {"merged"}, "merged")
    await back(hand, "DayScreen")
    sent = []
    for address in (DEVEL, ANNOUNCE):
        await hand.sees(f"▸ L  announce on {address}")
        sent.append(await send_next(hand, stage))
    await hand.sees("▸ u  see it in public", "DISCLOSE")
    for content, address in zip(sent, (DEVEL, ANNOUNCE), strict=True):
        list_copy(stage, content, address)
        await hand.sees(f"seen on {address}")
    await hand.sees("the public was told")
    await hand.until(lambda: "DISCLOSE" not in hand.screen, "the alarm is over")
    await back(hand)
    story.later(days=1)
    await roe.step("close")
    await roe.fill(outcome="published", why="announced on both lists, fixed on three branches")
    await hand.until(lambda: story.case.closed, "closed")


def nobody_learned_of_another(story: Story) -> None:
    """Each reporter and vendor opens all that came to them: their own name alone stands there, none of the reports."""
    mails = {ROE: (story.stage.reporter, ("Doe", DOE_SUBJECT, "wombatfruit", *NAMES.values()))}
    mails[DOE] = (story.doe, ("Roe", SUBJECT, "quokkaberry", *NAMES.values()))
    for address, (home, foreign) in mails.items():
        came = story.to(address)
        assert len(came) == 3, "acknowledged, told the date twice"
        texts = [home.run("--decrypt", input=armour(one)).decode() for one in came]
        outside = [one.replace(armour(one), b"").decode() for one in came]  # three letters stand in any ciphertext now and then
        assert not [word for word in foreign for text in (*texts, *outside) if word in text]
        assert {str(email.message_from_bytes(one)["References"]).split()[0].strip("<>") for one in came} == {
            ROES if address == ROE else DOES
        }
        assert story.case.embargo.windows[1].until.strftime("%Y-%m-%d") in texts[2]
    for address, name in NAMES.items():
        texts = [story.vendors.opened(address, one) for one in story.vendors.mails(address)]
        others = [other for other in NAMES.values() if other != name]
        assert not [word for word in ("Roe", "Doe", SUBJECT, DOE_SUBJECT, SECRET, *others) for text in texts if word in text]


def taken_back_in_a_copy(story: Story) -> None:
    """In a copy of the ledger the merge was a mistake: each case has again what is its own."""
    stage = story.stage
    with sqlite3.connect(stage.home / "ledger.db") as ours, sqlite3.connect(stage.home / "copy.db") as theirs:
        ours.backup(theirs)
    (stage.home / "copy.db").chmod(0o600)
    config = stage.home / "copy.toml"
    config.write_text(stage.config.read_text().replace("ledger.db", "copy.db"))
    before = story.case
    office = wiring.office(load(str(config)), stage.now)
    try:
        TakeBack(case=1, seen=before.seq, why="two rings, two bugs").perform(office)
        one, two = (fold(office.ledger.entries(number)) for number in (1, 2))
        assert office.ledger.verify() == ()
    finally:
        wiring.close(office)
    assert [report.reporter.address for report in one.reports] == [ROE]
    assert [report.reporter.address for report in two.reports] == [DOE]
    assert (one.embargo.until, len(one.embargo.windows), one.work.cve) == (before.embargo.until, 2, CVE)
    assert [party.is_ready(2) for party in one.work.parties] == [True, True, True]
    assert {mail.report for mail in one.mails if not mail.party} == {ROES}
    assert DOES in {mail.mail for mail in two.mails}
    assert {mail.report for mail in two.mails} == {DOES}
    assert two.merged_into is None
    (doe,) = two.reports
    assert doe.acknowledged is not None
    assert doe.told == before.embargo.until
    assert {permission.report for permission in one.work.permissions} == {ROES, DOES}
    assert two.work.parties == ()


def exported(story: Story) -> None:
    """Every form is valid by its own judge, thanks both as they wished, and tells the days of the case."""
    outputs = {}
    for form in ("lsn", "cve", "csaf", "osv", "md", "text"):
        outputs[form] = run(story, "export", str(story.case.id), "--format", form)
        (GRAMMAR.assertValid(etree.fromstring(outputs[form].encode())) if form == "lsn" else judge(form, outputs[form]))
        assert "A. Roe" in outputs[form], form
        assert "Jane Doe, Other Lab" in outputs[form], form
        assert CVE.removeprefix("CVE-") in outputs[form], form
    notice = etree.fromstring(outputs["lsn"].encode())
    days = {one.tag.rpartition("}")[2]: one.text for one in notice.iter("{*}reported", "{*}published", "{*}fixed")}
    first, until = next(one.arrived for one in story.case.reports if one.id == DOES), story.case.embargo.until
    assert first is not None
    assert until is not None
    assert days == {"reported": f"{first:%Y%m%d}", "published": f"{until:%Y%m%d}", "fixed": f"{until:%Y%m%d}"}


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_two_reports_three_vendors_a_restart_and_the_day(tmp_path: Path) -> None:
    with told(tmp_path) as story:
        story.reports()
        async with story.stage.console((120, 40)) as hand:
            await hand.sees("1 case")
            await hand.open_case()
            roe = Newcomer(hand, story.stage, "libvirt")
            await two_reports_one_issue(story, hand, roe)
            await three_vendors(story, hand, roe)
            story.later(days=1)
            await agreed_and_told(story, hand, roe)
            await first_patch(story, hand, roe)
            story.later(days=4)
            await restarted(story, hand, roe)
            taken_back_in_a_copy(story)
            await branches_and_words(story, hand, roe)
            await the_day(story, hand, roe)
        nobody_learned_of_another(story)
        exported(story)
        shown = run(story, "show", str(story.case.id))
        assert "Embargo: ended, its date was 2026-" in shown
        assert f"{count(total_days(story.case.embargo), 'day')} in all, in 2 windows" in shown
        assert "“J. Doe” permits that" in shown
        with story.stage.office() as office:
            assert office.ledger.verify() == ()
