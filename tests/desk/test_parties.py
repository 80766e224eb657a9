"""Parties at the desk, on a real ledger and real gpg: nobody is told before each reporter permitted it, each alone (F5 F7)."""

import email
from typing import Any

import msgspec
import pytest

from seccon.core.case import Case, fold
from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId
from seccon.core.journal.cases import MailArrived, PublicityFlagged
from seccon.core.journal.embargoes import EmbargoProposed, EmbargoSet
from seccon.core.journal.parties import PartyAnswered, PartyInvited, PartyTold
from seccon.core.journal.replies import ReplyQueued
from seccon.core.journal.work import FixProposed, PermissionRecorded, WaitingSet
from seccon.core.letter import Letter, Recipient, Sheet
from seccon.core.party import Party
from seccon.core.report import Correspondent
from seccon.desk.deliver import Deliver
from seccon.desk.party import InviteParty, RemoveParty
from seccon.desk.party_letter import PrepareParty
from seccon.desk.party_word import RecordAnswer, RecordTold, SetReady
from seccon.desk.pin_key import PinKey
from seccon.desk.prepare_reply import PrepareReply
from seccon.desk.presend import Presend
from seccon.desk.replay import replay
from seccon.desk.request import CaseRequest
from seccon.desk.results import Permit
from seccon.desk.send_reply import SendReply
from seccon.desk.wish import RecordWish
from tests.keysmith import shared
from tests.outgoing import ALICE, DOE, LIST, NOW, ROE, SUBJECT, TEAM, Scene, arrival, made_mail
from tests.story import at

REPORT, SECOND = MessageId("report1@reporter.example.net"), MessageId("report2@other.example.com")
HARBOR = Correspondent("Harbor Linux", "psirt@harbor.example")
PEAK = Correspondent("Peak", "security@peak.example")


def state(scene: Scene, case: int) -> Case:
    return fold(scene.office.ledger.entries(case))


def ask(scene: Scene, case: int, verb: type[CaseRequest], **fields: Any) -> None:
    verb(case=case, seen=state(scene, case).seq, **fields).perform(scene.office)


def refused(scene: Scene, case: int, verb: type[CaseRequest], **fields: Any) -> RefusedError:
    with pytest.raises(RefusedError) as found:
        ask(scene, case, verb, **fields)
    return found.value


def party(scene: Scene, case: int, who: Correspondent = HARBOR) -> Party:
    found = state(scene, case).work.party(who.address)
    assert found is not None
    return found


def invite(scene: Scene, case: int, who: Correspondent = HARBOR, *, permitted: bool = True) -> None:
    ask(scene, case, InviteParty, party=who.address, name=who.name)
    if permitted:
        for report in state(scene, case).reports:
            ask(scene, case, Permit, report=report.id, whom=who.address, why="their mail")


def pinned(scene: Scene, who: Correspondent = HARBOR) -> str:
    home = f"out-{who.address.partition('@')[2]}"
    key = scene.reporter_key(who, home)
    PinKey(address=who.address, fingerprint=key, compared=key, how="by phone").perform(scene.office)
    return home


def letter(scene: Scene, case: int, who: Correspondent = HARBOR, **more: Any) -> Letter:
    more.setdefault("purpose", "party-invite")
    return PrepareParty(case=case, party=who.address, **more).perform(scene.office)


def filled(one: Letter) -> Letter:
    """Fill the blanks, as a person does."""
    text = one.text
    while "<<" in text:
        text = text[: text.index("<<")] + "quokkaberry" + text[text.index(">>") + 2 :]
    return msgspec.structs.replace(one, text=text)


def sheet(scene: Scene, one: Letter) -> Sheet:
    return Presend(letter=one).perform(scene.office)


def send(scene: Scene, one: Letter) -> None:
    found = sheet(scene, one)
    assert found.can_send, found.refusals
    SendReply(letter=one, digest=found.digest).perform(scene.office)
    Deliver().perform(scene.office)


# --- who is a party ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"party": "no address"}, "party.address"),
        ({"party": "a@b.example, c@d.example"}, "party.address"),
        ({"party": "Harbor <psirt@harbor.example>"}, "party.address"),
        ({"party": "-oops@harbor.example"}, "party.address"),
        ({"party": "p\u0455irt@harbor.example"}, "party.address"),  # a Cyrillic letter that looks like one
        ({"party": HARBOR.address, "name": "security@trusted.example"}, "party.name"),
        ({"party": HARBOR.address, "name": 'Harbor" <x>'}, "party.name"),
        ({"party": ROE.address.upper()}, "party.reporter"),
        ({"party": ALICE}, "party.member"),
        ({"party": TEAM}, "party.member"),
        ({"party": "OSS-Security@lists.openwall.com"}, "party.public"),
        ({"party": "qemu-devel@nongnu.org"}, "party.public"),
        ({"party": LIST}, "party.ours"),
    ],
)
def test_who_is_no_party_is_not_invited(scene: Scene, fields: dict[str, str], rule: str) -> None:
    error = refused(scene, scene.report(), InviteParty, **fields)
    assert error.rule == rule
    assert error.sentence


def test_a_public_list_of_another_process_of_the_host_is_none_either(scene: Scene) -> None:
    from tests.story import shipped

    other = shipped("libvirt")
    scene.policies[other.key] = other
    assert refused(scene, scene.report(), InviteParty, party="announce@lists.libvirt.org").rule == "party.public"


def test_one_vendor_under_two_addresses_is_asked_about_and_saying_more_of_one_is_not(scene: Scene) -> None:
    case = scene.report()
    ask(scene, case, InviteParty, party=HARBOR.address, name="Harbor Linux")
    assert refused(scene, case, InviteParty, party="second@harbor.example", name="harbor linux").rule == "party.twice"
    assert refused(scene, case, InviteParty, party=HARBOR.address.upper(), name="Harbor Linux").rule == "party.same"
    ask(scene, case, InviteParty, party=HARBOR.address, name="Harbor Linux", agrees=True)
    assert party(scene, case).agrees


def test_a_name_holds_nothing_that_a_terminal_or_a_header_obeys(scene: Scene) -> None:
    case = scene.report()
    ask(scene, case, InviteParty, party=HARBOR.address, name="Harbor\r\nBcc: eve\u202e\x1b[2J")
    assert party(scene, case).name == "Harbor Bcc: eve [2J"


# --- permission ----------------------------------------------------------------------------------------------------------


def test_nobody_is_told_by_any_way_before_each_reporter_permitted_it(scene: Scene) -> None:
    case = scene.report()
    scene.report(DOE, case=case)
    invite(scene, case, permitted=False)
    ask(scene, case, Permit, report=REPORT, whom=HARBOR.address, why="said so")
    with pytest.raises(RefusedError) as found:
        letter(scene, case)
    assert found.value.rule == "party-permission"
    assert "J. Doe has not permitted it" in found.value.sentence
    assert "P records" in found.value.hint
    assert refused(scene, case, RecordTold, party=HARBOR.address, evidence="by phone").rule == "party-permission"
    ask(scene, case, Permit, report=SECOND, whom="anyone", why="said so")
    assert letter(scene, case).recipients[0].address == HARBOR.address


def test_a_permission_that_is_taken_back_stops_the_mail_on_the_sheet_and_no_reason_overrides_it(scene: Scene) -> None:
    case = scene.report()
    invite(scene, case)
    pinned(scene)
    begun = filled(letter(scene, case))
    assert sheet(scene, begun).can_send
    ask(scene, case, Permit, report=REPORT, whom=HARBOR.address, granted=False)
    (refusal,) = sheet(scene, begun).refusals
    assert refusal.rule == "party-permission"
    assert "A. Roe has not permitted it" in refusal.sentence
    assert "P records" in refusal.sentence
    assert [way.value for way in refusal.ways] == ["mend"]


def test_what_is_public_needs_nobody_s_permission(scene: Scene) -> None:
    case = scene.report()
    invite(scene, case, permitted=False)
    scene.add(case, PublicityFlagged(public=True))
    assert letter(scene, case).recipients


# --- the mail ------------------------------------------------------------------------------------------------------------


def test_a_party_is_told_alone_encrypted_on_a_thread_of_its_own_and_the_journal_says_so(scene: Scene) -> None:
    case = scene.report(encrypted=True)
    for who in (HARBOR, PEAK):
        invite(scene, case, who)
    home = pinned(scene)
    until = at("2026-12-05 12:00")
    scene.add(case, EmbargoProposed(proposal="p1", party="team", until=until), EmbargoSet(proposal="p1", until=until))
    begun = filled(letter(scene, case))
    assert begun.references == ()
    assert begun.answers is None
    assert "A. Roe" not in begun.text
    assert "2026-12-05 12:00 UTC" in begun.text
    send(scene, begun)
    (item,) = scene.office.ledger.items()
    outside = email.message_from_bytes(item.message)
    assert (outside["Subject"], outside["References"], outside["In-Reply-To"], outside["Cc"]) == ("...", None, None, None)
    assert outside["To"] == '"Harbor Linux" <psirt@harbor.example>'
    assert b"reporter.example.net" not in item.message
    shared(home).take(scene.gpg.export(scene.team_key))
    opened = shared(home).run("--decrypt", input=_armour(item.message))
    assert b"quokkaberry" in opened
    assert SUBJECT.encode() not in opened
    told = party(scene, case).told
    assert [(one.mail, one.until, one.patch) for one in told] == [(item.mail, until, 0)]
    assert not party(scene, case, PEAK).told
    assert "acknowledged" not in scene.kinds(case)
    assert "embargo-communicated" not in scene.kinds(case)


def _armour(content: bytes) -> bytes:
    start = content.index(b"-----BEGIN PGP MESSAGE-----")
    return content[start : content.index(b"-----END PGP MESSAGE-----") + 25]


def test_a_party_whose_key_nobody_pinned_is_not_written_to(scene: Scene) -> None:
    case = scene.report()
    invite(scene, case)
    scene.reporter_key(HARBOR, "out-harbor.example")
    rules = {one.rule for one in sheet(scene, filled(letter(scene, case))).refusals}
    assert rules & {"key-unpinned", "key-missing"}


def test_nothing_of_an_encrypted_report_goes_to_a_party_in_clear(scene: Scene) -> None:
    case = scene.report(encrypted=True)
    invite(scene, case)
    clear = msgspec.structs.replace(filled(letter(scene, case)), protection="signed")
    found = {one.rule: one for one in sheet(scene, clear).refusals}
    assert "clear-encrypted" in found
    assert "A report of this case came encrypted" in found["clear-encrypted"].sentence


@pytest.mark.parametrize("other", [PEAK, ROE])
def test_parties_are_not_told_of_each_other_nor_of_the_reporter(scene: Scene, other: Correspondent) -> None:
    case = scene.report()
    for who in (HARBOR, PEAK):
        invite(scene, case, who)
        pinned(scene, who)
    scene.reporter_key()
    begun = filled(letter(scene, case))
    both = msgspec.structs.replace(begun, recipients=(*begun.recipients, Recipient(other.address, field="cc")))
    assert {one.rule for one in sheet(scene, both).refusals} & {"party-apart", "other-reporter"}


def test_a_party_is_not_drawn_into_a_reporter_s_thread(scene: Scene) -> None:
    case = scene.report()
    invite(scene, case)
    answer = PrepareReply(case=case, purpose="progress").perform(scene.office)
    drawn = msgspec.structs.replace(answer, recipients=(*answer.recipients, Recipient(HARBOR.address, field="cc")))
    assert "party-apart" in [one.rule for one in sheet(scene, drawn).refusals]


def test_the_one_for_whom_it_was_begun_is_the_one_who_gets_it(scene: Scene) -> None:
    case = scene.report()
    for who in (HARBOR, PEAK):
        invite(scene, case, who)
        pinned(scene, who)
    begun = filled(letter(scene, case))
    turned = msgspec.structs.replace(begun, recipients=(Recipient(PEAK.address, PEAK.name, "party"),))
    assert [one.rule for one in sheet(scene, turned).refusals] == ["party-apart", "party-apart"]


def test_the_newest_patch_is_attached_and_who_holds_it_is_on_record(scene: Scene) -> None:
    case = scene.report()
    invite(scene, case)
    pinned(scene)
    scene.add(case, FixProposed(version=1, commit="abc"), FixProposed(version=2, commit="def"))
    begun = letter(scene, case, purpose="party-patch")
    assert begun.patch == 2
    assert "<<attach it" in begun.text
    assert "on record that they hold version 2" in " ".join(sheet(scene, filled(begun)).warnings)
    send(scene, filled(begun))
    assert party(scene, case).holds == 2
    scene.add(case, FixProposed(version=3, commit="012"))
    assert "It takes the place of version 2" in letter(scene, case, purpose="party-patch").text


def test_later_mails_to_a_party_answer_the_earlier_ones_of_its_thread_alone(scene: Scene) -> None:
    case = scene.report()
    for who in (HARBOR, PEAK):
        invite(scene, case, who)
        pinned(scene, who)
        send(scene, filled(letter(scene, case, who)))
    first, other = [one.queued.mail for one in state(scene, case).replies]
    scene.add(case, heard(scene, case, "yes@harbor.example", HARBOR))
    scene.keep(made_mail(MessageId("yes@harbor.example"), HARBOR))
    later = letter(scene, case, purpose="")
    assert later.references == (first, "yes@harbor.example")
    assert later.answers == "yes@harbor.example"
    assert other not in later.references
    later = msgspec.structs.replace(later, text="One word more.")
    assert sheet(scene, later).can_send
    crossed = msgspec.structs.replace(later, references=(*later.references, other))
    assert [one.rule for one in sheet(scene, crossed).refusals] == ["mixed-threads"]
    crossed = msgspec.structs.replace(later, references=(*later.references, REPORT))
    assert [one.rule for one in sheet(scene, crossed).refusals] == ["mixed-threads"]


def heard(scene: Scene, case: int, name: str, who: Correspondent, **more: Any) -> MailArrived:
    """Write the entry of a party's mail on its own thread."""
    thread = next(one.queued.mail for one in state(scene, case).replies if one.queued.party == HARBOR.address)
    mail = made_mail(MessageId(name), who)
    return msgspec.structs.replace(arrival(mail, thread, who), party=HARBOR.address, **more)


def test_an_answer_to_a_party_s_mail_goes_to_the_party_and_quotes_it(scene: Scene) -> None:
    case = scene.report()
    invite(scene, case)
    pinned(scene)
    send(scene, filled(letter(scene, case)))
    mail = made_mail(MessageId("yes@harbor.example"), HARBOR, subject="Re: ours", text="We ship it since 2019.")
    scene.keep(mail)
    scene.add(case, heard(scene, case, "yes@harbor.example", HARBOR))
    answer = PrepareReply(case=case, mail=MessageId("yes@harbor.example")).perform(scene.office)
    assert [one.address for one in answer.recipients] == [HARBOR.address]
    assert answer.party == HARBOR.address
    assert "> We ship it since 2019." in answer.text
    assert answer.subject == "Re: ours"


def test_a_mail_that_only_has_the_party_s_copy_is_on_record_as_telling_them(scene: Scene) -> None:
    """Whoever got a mail of the case knows of it, whatever it was written for."""
    case = scene.report(cc=(HARBOR.address,))
    invite(scene, case)
    pinned(scene)
    key = scene.reporter_key()
    PinKey(address=ROE.address, fingerprint=key, compared=key, how="by phone").perform(scene.office)
    answer = PrepareReply(case=case, purpose="acknowledge").perform(scene.office)
    assert HARBOR.address in [one.address for one in answer.recipients]
    send(scene, answer)
    assert len(party(scene, case).told) == 1


# --- what they say -------------------------------------------------------------------------------------------------------


def test_a_word_about_nobody_who_takes_part_is_refused_and_says_who_does(scene: Scene) -> None:
    case = scene.report()
    error = refused(scene, case, RecordTold, party="psirt@elsewhere.example", evidence="by phone")
    assert (error.rule, error.hint) == ("party.unknown", "Invite them first: v, then i.")
    invite(scene, case)
    error = refused(scene, case, RecordAnswer, party="other@harbor.example", affected="yes", why="x")
    assert "Harbor Linux <psirt@harbor.example>" in error.hint


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({}, "party.evidence"),
        ({"evidence": "x", "patch": 2}, "party.patch"),
        ({"evidence": "x", "patch": -1}, "party.patch"),
        ({"evidence": "x", "when": at("2030-01-01")}, "party.when"),
    ],
)
def test_telling_by_another_way_needs_its_evidence(scene: Scene, fields: dict[str, Any], rule: str) -> None:
    case = scene.report()
    invite(scene, case)
    scene.add(case, FixProposed(version=1, commit="abc"))
    assert refused(scene, case, RecordTold, party=HARBOR.address, **fields).rule == rule
    ask(scene, case, RecordTold, party="PSIRT@harbor.example", evidence="by phone", patch=1, when=at("2019-06-20"))
    assert (party(scene, case).holds, party(scene, case).told_at) == (1, at("2019-06-20"))


def test_an_answer_needs_its_mail_or_how_it_is_known(scene: Scene) -> None:
    case = scene.report()
    invite(scene, case)
    assert refused(scene, case, RecordAnswer, party=HARBOR.address, affected="yes").rule == "party.proof"
    nowhere = MessageId("nowhere@x")
    assert refused(scene, case, RecordAnswer, party=HARBOR.address, affected="yes", mail=nowhere).rule == "party.mail"
    error = refused(scene, case, RecordAnswer, party=HARBOR.address, affected="yes", mail=REPORT)
    assert (error.rule, "roe@reporter.example.net's" in error.sentence) == ("party.other", True)
    ask(scene, case, RecordAnswer, party=HARBOR.address, affected="no", mail=REPORT, why="the reporter works there")
    assert party(scene, case).affected == "no"


def test_an_unsigned_answer_is_marked_as_unproved(scene: Scene) -> None:
    """A From is anybody's: a forged "not affected" would take a vendor out of the run-down."""
    case = scene.report()
    invite(scene, case)
    pinned(scene)
    send(scene, filled(letter(scene, case)))
    name = MessageId("yes@harbor.example")
    mail = made_mail(name, HARBOR)
    scene.keep(mail)
    scene.add(case, heard(scene, case, name, HARBOR))
    ask(scene, case, RecordAnswer, party=HARBOR.address, affected="no", mail=name)
    answered = party(scene, case).answered
    assert answered is not None
    assert answered.signature == "unproved"


def test_a_respin_makes_not_ready_and_ready_needs_what_they_hold(scene: Scene) -> None:
    case = scene.report()
    invite(scene, case)
    assert refused(scene, case, SetReady, party=HARBOR.address, why="x").rule == "party.untold"
    ask(scene, case, RecordTold, party=HARBOR.address, evidence="by phone")
    scene.add(case, FixProposed(version=1, commit="abc"))
    assert refused(scene, case, SetReady, party=HARBOR.address, patch=1, why="x").rule == "party.holds"
    ask(scene, case, RecordTold, party=HARBOR.address, evidence="by phone", patch=1)
    ask(scene, case, SetReady, party=HARBOR.address, why="their call")
    assert party(scene, case).is_ready(state(scene, case).work.patch)
    scene.add(case, FixProposed(version=2, commit="def"))
    assert not party(scene, case).is_ready(state(scene, case).work.patch)
    ask(scene, case, SetReady, party=HARBOR.address, ready=False, why="their build fails")
    assert not party(scene, case).is_ready(1)


def test_who_was_told_and_removed_still_knows(scene: Scene) -> None:
    case = scene.report()
    for who in (HARBOR, PEAK):
        invite(scene, case, who)
        pinned(scene, who)
    send(scene, filled(letter(scene, case)))
    assert refused(scene, case, RemoveParty, party=HARBOR.address, why=" ").rule == "party.why"
    for who in (HARBOR, PEAK):
        ask(scene, case, RemoveParty, party=who.address, why="they ship it no longer")
    case_now = state(scene, case)
    assert case_now.work.parties == ()
    assert [one.address for one in case_now.work.outside.knowing] == [HARBOR.address]
    stranger = Letter(id="l", case=case, identity=TEAM, recipients=(Recipient(HARBOR.address),), subject="x", text="y")
    (line,) = sheet(scene, stranger).lines
    assert (line.may_know, line.because) == (False, "they took part, and were removed")
    ask(scene, case, InviteParty, party=HARBOR.address, name="Harbor Linux")
    assert len(party(scene, case).told) == 1, "who comes back has not forgotten"


def test_a_party_is_not_removed_while_a_mail_to_it_is_about_to_leave(scene: Scene) -> None:
    case = scene.report()
    invite(scene, case)
    pinned(scene)
    begun = filled(letter(scene, case))
    SendReply(letter=begun, digest=sheet(scene, begun).digest).perform(scene.office)
    assert refused(scene, case, RemoveParty, party=HARBOR.address, why="x").rule == "party.outbox"


def test_a_mail_that_arrives_after_the_removal_is_known_all_the_same(scene: Scene) -> None:
    case = scene.report()
    told = (PartyInvited(party=PEAK.address), PartyTold(party="left@peak.example", evidence="x"))
    scene.add(case, *told)
    assert [one.address for one in state(scene, case).work.outside.knowing] == ["left@peak.example"]


def test_a_party_s_mail_ends_no_waiting_for_the_reporter_and_is_no_evidence_of_theirs(scene: Scene) -> None:
    case = scene.report()
    invite(scene, case)
    mail = made_mail(MessageId("yes@harbor.example"), HARBOR)
    theirs = msgspec.structs.replace(arrival(mail, REPORT, HARBOR), party=HARBOR.address)
    scene.add(case, WaitingSet(whom="reporter"), theirs)
    assert state(scene, case).work.waiting is not None
    assert party(scene, case).wrote == ("yes@harbor.example",)
    scene.add(case, PartyAnswered(party=HARBOR.address, affected="yes", mail=MessageId("yes@harbor.example")))
    assert party(scene, case).wrote == ()
    scene.add(
        case, WaitingSet(whom=HARBOR.address), msgspec.structs.replace(theirs, mail=MessageId("2@harbor.example"), digest="2")
    )
    assert state(scene, case).work.waiting is None


# --- wishes, replay ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"report": MessageId("no@x"), "length": "90 days", "why": "x"}, "wish.report"),
        ({"why": "x"}, "wish.what"),
        ({"length": "90 days", "until": NOW, "why": "x"}, "wish.what"),
        ({"length": "ninety", "why": "x"}, "wish.length"),
        ({"length": "90 days"}, "wish.proof"),
    ],
)
def test_a_wish_is_one_date_or_one_length_with_its_mail(scene: Scene, fields: dict[str, Any], rule: str) -> None:
    case = scene.report()
    assert refused(scene, case, RecordWish, **({"report": REPORT} | fields)).rule == rule


def test_each_reporter_has_a_wish_of_their_own(scene: Scene) -> None:
    case = scene.report()
    scene.report(DOE, case=case)
    ask(scene, case, RecordWish, report=REPORT, length="90d", proof=REPORT)
    ask(scene, case, RecordWish, report=SECOND, until=at("2019-01-01"), why="by phone")
    wishes = state(scene, case).work.wishes
    assert (wishes[REPORT].length, wishes[SECOND].until) == ("90 days", at("2019-01-01"))


def test_a_history_in_which_a_vendor_was_told_without_permission_is_objected_to(scene: Scene) -> None:
    case = scene.report()
    scene.add(
        case,
        PartyInvited(party=HARBOR.address),
        PartyTold(party=HARBOR.address, evidence="by phone"),
        PermissionRecorded(report=REPORT, whom=HARBOR.address, why="too late"),
        PartyTold(party=HARBOR.address, evidence="by phone"),
    )
    (found,) = replay(scene.office.ledger.entries(case), scene.policy, NOW)
    assert [one.rule for one in found.objections] == ["party-permission"]


def test_what_leaves_names_its_party_and_patch_in_the_journal(scene: Scene) -> None:
    case = scene.report()
    invite(scene, case)
    pinned(scene)
    scene.add(case, FixProposed(version=1, commit="abc"))
    send(scene, filled(letter(scene, case)))
    (queued,) = [one.body for one in scene.office.ledger.entries(case) if isinstance(one.body, ReplyQueued)]
    assert (queued.party, queued.patch, queued.reports, queued.in_reply_to) == (HARBOR.address, 1, (), None)
    assert scene.office.ledger.verify() == ()
