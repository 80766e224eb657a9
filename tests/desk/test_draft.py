"""Drafts: sealed, private, and there after a crash (R8, H6); pins: one explicit comparison (R4, R5); starting a reply (R1)."""

from pathlib import Path

import msgspec
import pytest

from seccon.adapters.drawer import PrivateDrawer
from seccon.core.errors import ConfigError, CryptoError, LedgerError, RefusedError
from seccon.core.ids import Fingerprint, MessageId
from seccon.core.journal.replies import KeyPinned
from seccon.core.letter import Attachment, Letter, Recipient, Way
from seccon.core.report import Address
from seccon.core.team import Member, Roster
from seccon.desk.pin_key import PinKey, UnpinKey
from seccon.desk.prepare_reply import PrepareReply
from seccon.desk.presend import Presend
from seccon.desk.save_draft import DropDraft, OpenDrafts, SaveDraft
from seccon.desk.send_reply import SendReply
from tests.outgoing import ALICE, DOE, NOW, ROE, SECRET, SUBJECT, TEAM, Scene, arrival, made_mail

LETTER = Letter(
    id="d1", case=1, identity=TEAM, text="quokkaberry \udcff\n", attachments=(Attachment("a.bin", bytes(range(256))),)
)


def keyless(scene: Scene) -> Scene:
    """Give the acting person no key."""
    roster = Roster((Member("Alice Ames", (ALICE,), "alice"),))
    scene.office = msgspec.structs.replace(scene.office, roster=roster)
    return scene


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_a_draft_is_sealed_to_its_author_and_opens_again(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    assert SaveDraft(letter=LETTER).perform(scene.office)
    assert not [path for path in files(tmp_path) if b"quokkaberry" in path.read_bytes()]
    scene.close()
    again = Scene(tmp_path)
    (found,) = OpenDrafts(case=1).perform(again.office)
    assert found.attachments == LETTER.attachments
    assert found.text.startswith("quokkaberry")
    assert OpenDrafts(case=2).perform(again.office) == ()
    DropDraft(letter="d1").perform(again.office)
    assert OpenDrafts().perform(again.office) == ()


def test_without_a_key_the_draft_stays_in_the_persons_private_directory(tmp_path: Path) -> None:
    scene = keyless(Scene(tmp_path))
    assert not SaveDraft(letter=LETTER).perform(scene.office)
    holding = [path for path in files(tmp_path) if b"quokkaberry" in path.read_bytes()]
    assert [path.parent.name for path in holding] == ["drafts"]
    assert holding[0].stat().st_mode & 0o777 == 0o600
    assert holding[0].parent.stat().st_mode & 0o777 == 0o700
    assert OpenDrafts().perform(scene.office)[0].id == "d1"
    DropDraft(letter="d1").perform(scene.office)
    assert files(tmp_path / "private") == []


def test_a_draft_that_cannot_be_written_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawer = PrivateDrawer(tmp_path)
    drawer.put("d1", b"first")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(LedgerError, match="No space left"):
        drawer.put("d1", b"second")
    assert drawer.all() == (("d1", b"first"),)
    assert [path.name for path in files(tmp_path)] == ["d1"]


@pytest.mark.parametrize("name", ["../x", "", ".hidden", "a/b"])
def test_a_drafts_name_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(LedgerError):
        PrivateDrawer(tmp_path).put(name, b"")


def test_sending_drops_the_draft_and_a_refusal_keeps_it(tmp_path: Path) -> None:
    for keep in (Scene(tmp_path / "a"), keyless(Scene(tmp_path / "b"))):
        case = keep.report()
        letter = PrepareReply(case=case, purpose="acknowledge").perform(keep.office)
        SaveDraft(letter=letter).perform(keep.office)
        stranger = msgspec.structs.replace(letter, text="")
        with pytest.raises(RefusedError):
            SendReply(letter=stranger, digest=Presend(letter=stranger).perform(keep.office).digest).perform(keep.office)
        assert len(OpenDrafts().perform(keep.office)) == 1
        SendReply(letter=letter, digest=Presend(letter=letter).perform(keep.office).digest).perform(keep.office)
        assert OpenDrafts().perform(keep.office) == ()


def test_a_key_is_pinned_only_by_comparing_all_of_its_fingerprint(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    key = scene.reporter_key()
    for compared in (key[:16], key[-8:], "A" * 40, ""):
        with pytest.raises(RefusedError, match="not that of the key"):
            PinKey(address=ROE.address, fingerprint=key, compared=compared, how="by phone").perform(scene.office)
    with pytest.raises(RefusedError, match="how the fingerprint was verified"):
        PinKey(address=ROE.address, fingerprint=key, compared=key, how=" ").perform(scene.office)
    with pytest.raises(CryptoError, match="not in the keyring"):
        PinKey(address=ROE.address, fingerprint=Fingerprint("F" * 40), compared="F" * 40, how="by phone").perform(scene.office)
    spaced = " ".join(key[place : place + 4].lower() for place in range(0, 40, 4))
    (entry,) = PinKey(address=ROE.address, fingerprint=key, compared=spaced, how="by phone").perform(scene.office)
    assert entry.case == 0
    assert isinstance(entry.body, KeyPinned)


def test_a_key_change_must_name_the_key_that_it_replaces(tmp_path: Path) -> None:
    """R5: a change is loud."""
    scene = Scene(tmp_path)
    old, new = scene.reporter_key(), scene.reporter_key(DOE, "out-reporter2")
    PinKey(address=ROE.address, fingerprint=old, compared=old, how="by phone").perform(scene.office)
    with pytest.raises(RefusedError, match="Another key is pinned"):
        PinKey(address="ROE@Reporter.example.net", fingerprint=new, compared=new, how="by mail").perform(scene.office)
    PinKey(address=ROE.address, fingerprint=new, compared=new, how="in person", replaces=old).perform(scene.office)
    UnpinKey(address=ROE.address, fingerprint=new, why="lost").perform(scene.office)
    PinKey(address=ROE.address, fingerprint=old, compared=old, how="by phone").perform(scene.office)


def test_an_unpinned_reporters_key_asks_for_a_pin_and_then_the_sheet_says_how(tmp_path: Path) -> None:
    """R4."""
    scene = Scene(tmp_path, team="out-team-unpinned")
    case = scene.report(encrypted=True)
    key = scene.reporter_key()
    letter = PrepareReply(case=case, purpose="acknowledge").perform(scene.office)
    (refusal,) = Presend(letter=letter).perform(scene.office).refusals
    assert refusal.rule == "key-unpinned"
    assert Way.PIN in refusal.ways
    PinKey(address=ROE.address, fingerprint=key, compared=key, how="by phone").perform(scene.office)
    sheet = Presend(letter=letter).perform(scene.office)
    assert sheet.can_send
    assert sheet.lines[0].how == "by phone (Alice Ames, 2026-11-21)"


def test_a_key_taken_back_from_a_member_is_not_trusted_for_being_on_the_roster(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report(encrypted=True, cc=(ALICE,))
    letter = PrepareReply(case=case, purpose="acknowledge").perform(scene.office)
    before = Presend(letter=letter).perform(scene.office)
    assert [line.how for line in before.lines if line.recipient.address == ALICE] == ["on the roster"]
    UnpinKey(address=ALICE, fingerprint=scene.alice_key, why="laptop stolen").perform(scene.office)
    after = Presend(letter=letter).perform(scene.office)
    assert [one.rule for one in after.refusals if one.recipient == ALICE] == ["key-unpinned"]


def test_a_reply_starts_with_its_template_and_the_quoted_mail(tmp_path: Path) -> None:
    """R1."""
    scene = Scene(tmp_path)
    case = scene.report()
    letter = PrepareReply(case=case, purpose="needs-info", missing=("version", "trace")).perform(scene.office)
    assert "- the QEMU version, or the upstream commit or tag" in letter.text
    assert f"> {SECRET}" in letter.text
    assert letter.text.startswith("Hello A. Roe,")
    assert (letter.subject, letter.purpose) == (f"Re: {SUBJECT}", "needs-info")
    with pytest.raises(ConfigError, match="no item"):
        PrepareReply(case=case, purpose="needs-info", missing=("nonsense",)).perform(scene.office)
    bare = PrepareReply(case=case, quoted=False).perform(scene.office)
    assert bare.text == ""


def test_two_reporters_of_one_case_are_answered_apart(tmp_path: Path) -> None:
    """The plan for one thread names neither the other reporter nor a mail of theirs."""
    scene = Scene(tmp_path)
    case = scene.report(ROE, cc=(DOE.address,))
    scene.report(DOE, case=case)
    first = PrepareReply(case=case, mail=MessageId("report1@reporter.example.net")).perform(scene.office)
    second = PrepareReply(case=case, mail=MessageId("report2@other.example.com")).perform(scene.office)
    assert [one.address for one in first.recipients] == [ROE.address]
    assert [one.address for one in second.recipients] == [DOE.address]
    assert not set(first.references) & set(second.references)


def test_the_mail_that_the_journal_knows_is_quoted_not_its_double(tmp_path: Path) -> None:
    """I11: two mails under one Message-ID."""
    scene = Scene(tmp_path)
    case = scene.report()
    name = MessageId("report1@reporter.example.net")
    double = made_mail(name, ROE, text="forged words")
    double = msgspec.structs.replace(double, heading=msgspec.structs.replace(double.heading, digest="another"))
    path = tmp_path / "0-double.eml"
    path.write_text("x")
    scene.reader.mails[str(path)] = double
    scene.store.put(double.heading, str(path))
    assert "forged words" not in PrepareReply(case=case).perform(scene.office).text


def test_what_one_reporter_wrote_encrypted_is_known_again_in_a_clear_answer_to_the_other(tmp_path: Path) -> None:
    """R6: one case, two threads; whoever answers who wrote in clear has the other's words before their eyes."""
    scene = Scene(tmp_path)
    case = scene.report(encrypted=True)
    scene.report(DOE, case=case, text="It crashes.")
    letter = PrepareReply(case=case, mail=MessageId("report2@other.example.com")).perform(scene.office)
    assert letter.protection == "signed"
    assert Presend(letter=letter).perform(scene.office).can_send
    told = msgspec.structs.replace(letter, text=f"We see that {SECRET.lower()}\n{letter.text}")
    assert [one.rule for one in Presend(letter=told).perform(scene.office).refusals] == ["quoted-cleartext"]
    for path in list(scene.reader.mails):
        if "report1" in path:
            scene.reader.mails[path] = msgspec.structs.replace(scene.reader.mails[path], parts=(), locked="The key is locked.")
    again = PrepareReply(case=case, mail=MessageId("report2@other.example.com")).perform(scene.office)
    (doubt,) = (one for one in Presend(letter=again).perform(scene.office).warnings if "compared" in one)
    assert "1 encrypted mail of this case" in doubt


def test_a_forged_double_of_the_report_draws_nobody_in_and_is_not_answered_in_its_place(tmp_path: Path) -> None:
    """I11, R6: intake records it as one more mail; its From and its Cc are anybody's words."""
    scene = Scene(tmp_path)
    case = scene.report()
    name = MessageId("report1@reporter.example.net")
    double = made_mail(name, ROE, text="forged words")
    forged = msgspec.structs.replace(double.heading, digest="another", cc=(Address("", "eve@evil.example"),))
    double = msgspec.structs.replace(double, heading=forged)
    path = tmp_path / "0-double.eml"
    path.write_text("x")
    scene.reader.mails[str(path)] = double
    scene.store.put(forged, str(path))
    scene.add(case, arrival(double, name, ROE), by="seccon")
    letter = PrepareReply(case=case).perform(scene.office)
    assert "forged words" not in letter.text
    letter = msgspec.structs.replace(letter, recipients=(*letter.recipients, Recipient("eve@evil.example", field="cc")))
    found = Presend(letter=letter).perform(scene.office)
    assert ("stranger", "eve@evil.example") in {(one.rule, one.recipient) for one in found.refusals}


def test_a_follow_up_is_answered_in_its_place(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    report = MessageId("report1@reporter.example.net")
    more = made_mail(MessageId("more@reporter.example.net"), ROE, text="more of it", references=(report,))
    scene.keep(more)
    scene.add(case, arrival(more, report, ROE), by="seccon")
    letter = PrepareReply(case=case).perform(scene.office)
    assert letter.answers == "more@reporter.example.net"
    assert letter.references == (report, "more@reporter.example.net")
    assert letter.report == report
    with pytest.raises(RefusedError, match="does not belong"):
        PrepareReply(case=case, mail=MessageId("else@where")).perform(scene.office)
    assert f"On {NOW:%Y-%m-%d %H:%M} UTC" in letter.text
