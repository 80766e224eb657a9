"""End to end: a reply is planned, judged, approved, delivered to a real SMTP server, and read by plain gpg (R1-R4, R8)."""

import email
from pathlib import Path
from typing import Any

import msgspec
import pytest

from seccon.adapters.couriers.smtp import Smtp
from seccon.core.case import fold
from seccon.core.errors import ConflictError
from seccon.core.letter import Attachment, Letter, Recipient
from seccon.core.post import OutState
from seccon.desk.deliver import Deliver
from seccon.desk.pin_key import PinKey, UnpinKey
from seccon.desk.prepare_reply import PrepareReply
from seccon.desk.presend import Presend
from seccon.desk.room import room
from seccon.desk.send_reply import SendReply
from tests.eavesdrop import files_with, watched_command_lines
from tests.keysmith import shared
from tests.outgoing import ROE, SECRET, SUBJECT, TEAM, Scene
from tests.postbox import Postbox, running

CLEAR = "Only the reporter may read the word quokkaberry."


def prepared(scene: Scene, case: int) -> Letter:
    key = scene.reporter_key()
    PinKey(address=ROE.address, fingerprint=key, compared=key, how="read out by phone").perform(scene.office)
    letter = PrepareReply(case=case, purpose="acknowledge").perform(scene.office)
    return msgspec.structs.replace(letter, text=f"{CLEAR}\n\n{letter.text}")


def test_an_encrypted_reply_is_read_by_the_reporter_and_by_nobody_else(tmp_path: Path) -> None:
    """R2, R3, R8: plain gpg decrypts it, says good signature, finds text and protected subject; nothing is in clear anywhere."""
    with running(Postbox()) as box, watched_command_lines() as command_lines:
        scene = Scene(tmp_path, Smtp("127.0.0.1", box.port, "none"))
        case = scene.report(encrypted=True)
        letter = prepared(scene, case)
        sheet = Presend(letter=letter).perform(scene.office)
        assert sheet.can_send, sheet.refusals
        SendReply(letter=letter, digest=sheet.digest).perform(scene.office)
        (item,) = Deliver().perform(scene.office)
        assert item.state is OutState.SENT
        scene.close()

    (envelope,) = box.taken
    assert envelope.rcpt_tos == [ROE.address]
    content = bytes(envelope.content or b"")
    outside = email.message_from_bytes(content)
    assert outside["Subject"] == "..."
    assert outside["From"] == f'"Security Team" <{TEAM}>'
    assert outside["In-Reply-To"] == "<report1@reporter.example.net>"
    assert str(outside["Message-ID"]).endswith("@team.example.org>")
    assert outside["User-Agent"] is None
    assert b"quokkaberry" not in content
    assert b"vhost" not in content

    opened, told = _read_by_reporter(scene, content)
    inside = email.message_from_bytes(opened)
    assert inside["Subject"] == f"Re: {SUBJECT}"
    assert inside.get_param("hp") == "cipher"
    assert inside.get_param("protected-headers") == "v1"
    body = inside.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert CLEAR in body.decode()
    assert f"> {SECRET}" in body.decode()
    assert b"GOODSIG" in told
    assert f"VALIDSIG {scene.team_key}".encode() in told
    assert b"DECRYPTION_OKAY" in told

    for needle in (b"quokkaberry", SECRET.encode(), SUBJECT.encode()):
        assert not [line for line in command_lines if needle in line]
        assert files_with(needle, tmp_path, scene.gpg.path) == []
    assert any(b"gpg" in line for line in command_lines), "the watch saw gpg run, or it proves nothing"


def _armour(content: bytes) -> bytes:
    start = content.index(b"-----BEGIN PGP MESSAGE-----")
    return content[start : content.index(b"-----END PGP MESSAGE-----") + 25]


def _read_by_reporter(scene: Scene, content: bytes) -> tuple[bytes, bytes]:
    """Decrypt with plain gpg in the reporter's own home, which has the team's public key; give text and status lines."""
    reporter = shared("out-reporter")
    reporter.take(scene.gpg.export(scene.team_key))
    opened = reporter.run("--decrypt", input=_armour(content))
    return opened, reporter.run("--status-fd", "1", "--output", "/dev/null", "--yes", "--decrypt", input=_armour(content))


def test_a_delivered_reply_acknowledges_and_is_filed_as_it_left(tmp_path: Path) -> None:
    """A2, R8: the journal says who answered and when; the sent copy is the encrypted mail."""
    scene = Scene(tmp_path)
    case = scene.report(encrypted=True)
    letter = prepared(scene, case)
    sheet = Presend(letter=letter).perform(scene.office)
    item = SendReply(letter=letter, digest=sheet.digest).perform(scene.office)
    Deliver().perform(scene.office)
    state = fold(scene.office.ledger.entries(case))
    assert state.reports[0].acknowledged is not None
    assert state.reports[0].acknowledged.member == "Alice Ames"
    assert state.reports[0].acknowledged.signature == "good"
    assert state.replies[0].state == "sent"
    (copy,) = (scene.sent / "cur").iterdir()
    assert copy.read_bytes() == item.message
    assert b"BEGIN PGP MESSAGE" in copy.read_bytes()
    assert Deliver().perform(scene.office) == (), "it is handed over once"
    assert scene.gpg.run("--decrypt", input=_armour(item.message)), "we can read what we sent"
    assert scene.office.ledger.verify() == ()


@pytest.mark.parametrize("change", ["text", "recipient", "attachment"])
def test_nothing_else_than_what_the_sheet_showed_can_leave(tmp_path: Path, change: str) -> None:
    """R4: approval is of a digest; another text, recipient or file is a conflict."""
    scene = Scene(tmp_path)
    letter = prepared(scene, scene.report(encrypted=True))
    sheet = Presend(letter=letter).perform(scene.office)
    other = {
        "text": msgspec.structs.replace(letter, text=letter.text + "!"),
        "recipient": msgspec.structs.replace(letter, recipients=(*letter.recipients, Recipient("eve@example.org"))),
        "attachment": msgspec.structs.replace(letter, attachments=(Attachment("a.patch", b"x"),)),
    }[change]
    with pytest.raises(ConflictError):
        SendReply(letter=other, digest=sheet.digest).perform(scene.office)
    assert scene.office.ledger.items() == ()


def test_a_key_unpinned_while_gpg_encrypts_stops_the_mail(tmp_path: Path) -> None:
    """R3: pins stand in the team's file, which is not the case's."""
    scene = Scene(tmp_path)
    letter = prepared(scene, scene.report(encrypted=True))
    sheet = Presend(letter=letter).perform(scene.office)
    postroom, key = room(scene.office), scene.reporter_key()

    class Slow:
        def write(self, *given: Any) -> bytes:
            UnpinKey(address=ROE.address, fingerprint=key, why="the laptop was stolen").perform(scene.office)
            return postroom.writer.write(*given)

    slow = msgspec.structs.replace(postroom, writer=Slow())
    with pytest.raises(ConflictError):
        SendReply(letter=letter, digest=sheet.digest).perform(msgspec.structs.replace(scene.office, postroom=slow))
    assert scene.office.ledger.items() == ()


def test_a_key_unpinned_after_the_sheet_was_shown_stops_the_mail(tmp_path: Path) -> None:
    """R3: what changes while a person reads the sheet counts."""
    scene = Scene(tmp_path)
    letter = prepared(scene, scene.report(encrypted=True))
    sheet = Presend(letter=letter).perform(scene.office)
    UnpinKey(address=ROE.address, fingerprint=scene.reporter_key(), why="the laptop was stolen").perform(scene.office)
    with pytest.raises(ConflictError):
        SendReply(letter=letter, digest=sheet.digest).perform(scene.office)
