"""Archive to the list, by clause: what is drafted, what is refused, what a delivery records (R10)."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from seccon.core.case import fold
from seccon.core.errors import CryptoError, RefusedError
from seccon.core.ids import Fingerprint, MessageId
from seccon.core.letter import Choice, Letter
from seccon.core.post import OutState
from seccon.core.report import Part, Scope, Signature, Verdict
from seccon.desk.archive_to_list import PrepareArchive
from seccon.desk.deliver import Deliver
from seccon.desk.presend import Presend
from seccon.desk.send_reply import SendReply
from tests.desk.test_reply_leaves import _armour
from tests.keysmith import shared_key
from tests.outgoing import LIST, ROE, SECRET, SUBJECT, Scene, arrival, made_mail

REPORT = MessageId("report1@reporter.example.net")


def scene_of(tmp_path: Path, transport: str = "members", **changes: Any) -> Scene:
    scene = Scene(tmp_path, **changes)
    lists = tuple(
        msgspec.structs.replace(one, transport=transport) if "archive" in one.purpose else one for one in scene.policy.list
    )
    scene.policy = msgspec.structs.replace(scene.policy, list=lists)
    scene.policies[scene.policy.key] = scene.policy
    bob = shared_key("out-team", "Bob Bell <bob@team.example.org>")
    alice, second = scene.office.roster.members
    roster = msgspec.structs.replace(scene.office.roster, members=(alice, msgspec.structs.replace(second, key=bob)))
    scene.office = msgspec.structs.replace(scene.office, roster=roster)
    return scene


def altered(scene: Scene, name: MessageId, **changes: Any) -> None:
    """Have the reader find something else in a mail."""
    path = next(path for path, mail in scene.reader.mails.items() if mail.heading.message_id == name)
    scene.reader.mails[path] = msgspec.structs.replace(scene.reader.mails[path], **changes)


def sent(scene: Scene, letter: Letter) -> OutState:
    sheet = Presend(letter=letter).perform(scene.office)
    assert sheet.can_send, sheet.refusals
    SendReply(letter=letter, digest=sheet.digest).perform(scene.office)
    return Deliver().perform(scene.office)[-1].state


def test_the_letter_holds_what_the_report_held_and_goes_encrypted_to_the_list_alone(tmp_path: Path) -> None:
    scene = scene_of(tmp_path)
    case = scene.report(encrypted=True)
    letter = PrepareArchive(case=case, report=REPORT).perform(scene.office)
    assert [one.address for one in letter.recipients] == [LIST]
    assert (letter.protection, letter.subject, letter.answers) == ("encrypted", f"Archive #{case}: {SUBJECT}", REPORT)
    for text in (f"From: {ROE.name} <{ROE.address}>", "Date: 2026-11-21 19:13 UTC", f"Subject: {SUBJECT}", SECRET):
        assert text in letter.text
    assert sent(scene, letter) is OutState.SENT
    state = fold(scene.office.ledger.entries(case))
    assert state.work.archived == frozenset({REPORT})
    assert state.reports[0].acknowledged is None
    assert scene.kinds(case)[-2:] == ["reply-sent", "archived"]
    (item,) = scene.office.ledger.items(OutState.SENT)
    assert item.recipients == (LIST,)
    assert SECRET.encode() not in item.message
    assert SECRET in scene.gpg.run("--decrypt", input=_armour(item.message)).decode()
    packets = scene.gpg.run("--list-packets", "--list-only", input=_armour(item.message), ok=(0, 2)).decode()
    assert packets.count(":pubkey enc packet:") == 3, "Alice, Bob, and the team that signed"


@pytest.mark.parametrize(
    ("matches", "pinned", "said"),
    [
        (True, True, "confirmed as the sender's"),
        (True, False, "never confirmed"),
        (False, False, "not proved to be the sender's"),
    ],
)
def test_whose_signature_it_was_is_told_as_it_was_proved(tmp_path: Path, matches: bool, pinned: bool, said: str) -> None:
    scene = scene_of(tmp_path)
    case = scene.report(encrypted=True)
    key = Fingerprint("A" * 40)
    altered(scene, REPORT, verdict=Verdict(Scope.WHOLE, Scope.WHOLE, Signature.GOOD, key, matches_from=matches, pinned=pinned))
    assert f"Signature: good, key {key}, {said}\n" in PrepareArchive(case=case, report=REPORT).perform(scene.office).text


def test_a_failed_delivery_archives_nothing(tmp_path: Path) -> None:
    from seccon.adapters.couriers.smtp import Smtp

    scene = scene_of(tmp_path, courier=Smtp("127.0.0.1", 9, "none"))
    case = scene.report(encrypted=True)
    assert sent(scene, PrepareArchive(case=case, report=REPORT).perform(scene.office)) is not OutState.SENT
    assert fold(scene.office.ledger.entries(case)).work.archived == frozenset()


def test_a_partly_encrypted_mail_is_never_archived(tmp_path: Path) -> None:
    """Such mails make programs tell secrets (hostile input, 4)."""
    scene = scene_of(tmp_path)
    case = scene.report(encrypted=True)
    mail = next(iter(scene.reader.mails.values()))
    altered(scene, REPORT, verdict=msgspec.structs.replace(mail.verdict, encrypted=Scope.PART))
    with pytest.raises(RefusedError, match="Only a part"):
        PrepareArchive(case=case, report=REPORT).perform(scene.office)
    altered(scene, REPORT, locked="a part is locked")
    with pytest.raises(RefusedError, match="Only a part"):
        PrepareArchive(case=case, report=REPORT, mails="thread").perform(scene.office)


def test_what_is_clear_or_locked_is_not_archived(tmp_path: Path) -> None:
    scene = scene_of(tmp_path)
    case = scene.report()
    with pytest.raises(RefusedError, match="was not encrypted"):
        PrepareArchive(case=case, report=REPORT).perform(scene.office)
    case = scene.report(encrypted=True)
    name = MessageId("report2@reporter.example.net")
    altered(scene, name, locked="No secret key is here.")
    with pytest.raises(CryptoError) as error:
        PrepareArchive(case=case, report=name).perform(scene.office)
    assert error.value.locked


def test_another_mail_under_the_reports_id_is_not_taken_for_it(tmp_path: Path) -> None:
    """I11: the journal knows the digest."""
    scene = scene_of(tmp_path)
    case = scene.report(encrypted=True)
    mail = next(iter(scene.reader.mails.values()))
    altered(scene, REPORT, heading=msgspec.structs.replace(mail.heading, digest="of another mail"))
    with pytest.raises(Exception, match="is another now"):
        PrepareArchive(case=case, report=REPORT).perform(scene.office)


def test_the_whole_thread_is_what_its_reporter_wrote_encrypted(tmp_path: Path) -> None:
    scene = scene_of(tmp_path)
    case = scene.report(encrypted=True)
    for number, (encrypted, joined) in enumerate(((True, False), (False, False), (True, True))):
        more = made_mail(MessageId(f"more{number}@x.example"), ROE, encrypted=encrypted, text=f"detail number {number} of many")
        scene.keep(more)
        scene.add(case, msgspec.structs.replace(arrival(more, REPORT, ROE), joined=joined), by="seccon")
    letter = PrepareArchive(case=case, report=REPORT, mails="thread").perform(scene.office)
    assert SECRET in letter.text
    assert "detail number 0" in letter.text
    assert "detail number 1" not in letter.text, "it was not encrypted: the list has it"
    assert "detail number 2" not in letter.text, "it came from outside the thread"


def test_a_list_that_reads_clear_text_only_gets_it_by_written_decisions_on_record(tmp_path: Path) -> None:
    """R6, R10."""
    scene = scene_of(tmp_path, transport="clear")
    case = scene.report(encrypted=True)
    letter = PrepareArchive(case=case, report=REPORT).perform(scene.office)
    assert letter.protection == "signed"
    assert SUBJECT not in letter.subject
    sheet = Presend(letter=letter).perform(scene.office)
    assert {one.rule for one in sheet.refusals} == {"clear-encrypted", "quoted-cleartext"}
    with pytest.raises(RefusedError):
        SendReply(letter=letter, digest=sheet.digest).perform(scene.office)
    choices = tuple(Choice(one.rule, "overridden", one.recipient, "the list lies on our host") for one in sheet.refusals)
    assert sent(scene, msgspec.structs.replace(letter, choices=choices)) is OutState.SENT
    kinds = scene.kinds(case)
    assert kinds.count("send-decided") == 3
    assert kinds[-1] == "archived"


def test_attachments_are_named_and_go_along_when_chosen(tmp_path: Path) -> None:
    scene = scene_of(tmp_path)
    case = scene.report(encrypted=True)
    mail = next(iter(scene.reader.mails.values()))
    file = Part("2", "application/octet-stream", filename="../.poc\u202e.c", size=5, encrypted=True, inline=False)
    altered(scene, REPORT, parts=(*mail.parts, file))
    scene.reader.attachment = lambda *_: b"int x"  # type: ignore[method-assign]
    letter = PrepareArchive(case=case, report=REPORT).perform(scene.office)
    assert "Attachment: poc.c (application/octet-stream, 5 bytes)" in letter.text
    assert letter.attachments == ()
    letter = PrepareArchive(case=case, report=REPORT, attached=True).perform(scene.office)
    assert [(one.name, one.data) for one in letter.attachments] == [("poc.c", b"int x")]


def test_a_policy_without_a_private_archive_says_so(tmp_path: Path) -> None:
    scene = scene_of(tmp_path)
    case = scene.report(encrypted=True)
    scene.policies[scene.policy.key] = msgspec.structs.replace(scene.policy, list=())
    with pytest.raises(RefusedError, match="no private list"):
        PrepareArchive(case=case, report=REPORT).perform(scene.office)
