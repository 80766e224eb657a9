"""Bytes that leave: structure, protected headers, threading, and that nothing can be injected (R2)."""

import email
import json
import re
import socket
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seccon.adapters.gpg.cipher import GpgCipher
from seccon.adapters.mime_text import body, file_name, media_type
from seccon.adapters.rfc3156 import MimeWriter
from seccon.core.errors import CryptoError, RefusedError
from seccon.core.ids import Fingerprint, MessageId
from seccon.core.letter import Attachment, Letter, Recipient, Stamp
from seccon.core.report import Address
from tests.keysmith import shared, shared_key
from tests.mailroom import Mailroom
from tests.story import at

STAMP = Stamp(MessageId("abc@team.example.org"), at("2026-11-21 19:13"), Address("Team", "security@team.example.org"), "...")
LETTER = Letter(
    id="l1", case=1, identity="security@team.example.org", subject="Re: sdhci: Überlauf", text="Hello,\nworld.\n",
    recipients=(Recipient("roe@example.net", "A. Roe"), Recipient("bob@example.org", "Bób", field="cc")),
    answers=MessageId("r1@example.net"), references=(MessageId("r0@example.net"), MessageId("r1@example.net")),
)  # fmt: skip


class Plain:
    """Gives the payload itself, to look at what would be encrypted."""

    def encrypt(self, clear: bytes, recipients: Any, signer: Any = None, passphrase: Any = None) -> bytes:
        self.clear = clear
        return b"-----BEGIN PGP MESSAGE-----\n\nxxxx\n-----END PGP MESSAGE-----\n"

    def sign(self, clear: bytes, signer: Any, passphrase: Any = None) -> tuple[bytes, str]:
        self.clear = clear
        return b"-----BEGIN PGP SIGNATURE-----\n\nxxxx\n-----END PGP SIGNATURE-----\n", "pgp-sha512"

    def decrypt(self, secret: bytes, passphrase: Any = None) -> bytes:
        raise NotImplementedError


KEY = Fingerprint("A" * 40)


def encrypted(**changes: Any) -> tuple[Message, Message, bytes]:
    cipher = Plain()
    letter = msgspec.structs.replace(LETTER, **changes)
    outside = MimeWriter(cipher).write(letter, STAMP, (KEY,), KEY)
    return email.message_from_bytes(outside), email.message_from_bytes(cipher.clear), outside


def clear(**changes: Any) -> Message:
    return email.message_from_bytes(
        MimeWriter(Plain()).write(msgspec.structs.replace(LETTER, protection="clear", **changes), STAMP)
    )


def text_of(message: Message) -> str:
    found = message.get_payload(decode=True)
    assert isinstance(found, bytes)
    return found.decode()


def test_an_encrypted_mail_has_the_form_of_rfc_3156_and_its_outside_tells_nothing() -> None:
    outside, inside, raw = encrypted()
    assert outside.get_content_type() == "multipart/encrypted"
    assert outside.get_param("protocol") == "application/pgp-encrypted"
    version, content = outside.get_payload()
    assert version.get_content_type() == "application/pgp-encrypted"
    assert version.get_payload().strip() == "Version: 1"
    assert content.get_content_type() == "application/octet-stream"
    assert outside["Subject"] == "..."
    assert b"sdhci" not in raw
    assert inside["Subject"]
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_protected_headers_are_those_of_rfc_9788_and_of_the_older_draft() -> None:
    outside, inside, _ = encrypted()
    assert inside.get_param("hp") == "cipher"
    assert inside.get_param("protected-headers") == "v1"
    assert str(make_header(decode_header(inside["Subject"]))) == LETTER.subject
    for name in ("From", "To", "Cc", "Date", "Message-ID", "In-Reply-To", "References"):
        assert inside[name] == outside[name], name
    outer = {value.split(":", 1)[0]: " ".join(value.split(":", 1)[1].split()) for value in inside.get_all("HP-Outer", [])}
    assert outer["Subject"] == "..."
    assert set(outer) == {name for name in outside if name not in ("MIME-Version", "Content-Type")}
    assert all(outer[name] == " ".join(outside[name].split()) for name in outer)


ARMOUR = re.compile(rb"-----BEGIN PGP MESSAGE-----.*-----END PGP MESSAGE-----|(?<=keydata=)[\s\w+/=]+?(?=\r\n\S)", re.DOTALL)


def test_the_thread_and_the_time_are_told_and_the_host_is_not() -> None:
    outside, _, raw = encrypted()
    assert outside["In-Reply-To"] == "<r1@example.net>"
    assert outside["References"].split() == ["<r0@example.net>", "<r1@example.net>"]
    assert outside["Date"] == "Sat, 21 Nov 2026 19:13:00 +0000"
    assert not {"User-Agent", "X-Mailer", "Sender", "Bcc", "Received"} & set(outside.keys())
    told = ARMOUR.sub(b"", raw).lower()
    assert socket.gethostname().encode().lower() not in told
    assert b"seccon" not in told, "which program a team reads its mail with helps whoever attacks it"


def test_attachments_stay_whole_under_safe_names() -> None:
    data = bytes(range(256)) * 10
    files = (Attachment("../../.ssh/-rf Übung.patch", data, "text/x-patch"), Attachment("a\r\nX: y", b"", "multipart/mixed"))
    _, inside, _ = encrypted(attachments=files)
    first, second, third = inside.get_payload()
    assert inside.get_param("hp") == "cipher"
    assert first.get_content_type() == "text/plain"
    assert second.get_filename() == "rf Übung.patch"
    assert second.get_payload(decode=True) == data
    assert third.get_content_type() == "application/octet-stream"
    assert third.get_filename() == "a X: y"


def test_a_long_message_id_is_neither_folded_nor_encoded() -> None:
    """The email package writes them as encoded words, and threads break."""
    long = MessageId("x" * 300 + "@example.net")
    assert clear(references=(long,))["References"] == f"<{long}>"


@pytest.mark.parametrize(
    "name", ["A\r\nBcc: eve@example.org", 'quo"te\\', "=?utf-8?q?=0ABcc:_eve?=", "x" * 500, "\u202eevil", "a, b <c@d>"]
)
def test_a_name_cannot_make_a_second_header_or_mailbox(name: str) -> None:
    outside = clear(recipients=(Recipient("roe@example.net", name),))
    assert outside["Bcc"] is None
    assert [address for _, address in getaddresses([outside["To"]])] == ["roe@example.net"]


@pytest.mark.parametrize("address", ["roe@example.net\r\nBcc: eve@example.org", "a@b, c@d", "röe@example.net", ""])
def test_a_hostile_address_is_refused(address: str) -> None:
    with pytest.raises(RefusedError):
        clear(recipients=(Recipient(address),))


@pytest.mark.parametrize("hostile", ["a@x>\r\nBcc: <eve@example.org", "a\x1b@x"])
def test_a_hostile_message_id_is_refused(hostile: str) -> None:
    with pytest.raises(RefusedError):
        clear(references=(MessageId(hostile),))


def test_a_mail_that_should_be_encrypted_is_never_written_without_keys() -> None:
    """R3."""
    for keys, signer in (((), KEY), ((KEY,), None)):
        with pytest.raises(RefusedError):
            MimeWriter(Plain()).write(LETTER, STAMP, keys, signer)


@pytest.mark.parametrize(
    "text",
    [
        "From here on\n", "trailing blanks  \n\ttab\t\n", "x" * 2000 + "\n", "Ünï ☃\n", ".\n..\n.x\n", "-- \nsig\n", "--edge\n",
        "a\n\n\nb\n\n", "= equals =3D\n", ">From quoted\n",
    ],
)  # fmt: skip
def test_a_text_arrives_as_it_was_written_and_nothing_on_the_way_wants_to_wrap_it(text: str) -> None:
    message = clear(text=text)
    raw = message.as_bytes()
    assert text_of(message).replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
    assert all(len(line) <= 78 for line in raw.split(b"\n"))
    assert not any(line.startswith(b"From ") or line.endswith((b" ", b"\t")) or line == b"." for line in raw.split(b"\n"))


@settings(max_examples=60)
@given(st.text(max_size=300), st.text(max_size=100), st.text(max_size=60))
def test_no_text_subject_or_name_breaks_the_frame(text: str, subject: str, name: str) -> None:
    message = clear(text=text, subject=subject, recipients=(Recipient("roe@example.net", name),))
    assert list(message.keys()) == [
        "Date", "From", "To", "Message-ID", "In-Reply-To", "References", "Subject", "MIME-Version", "Content-Type",
        "Content-Transfer-Encoding",
    ]  # fmt: skip
    assert message.as_bytes().isascii()


def test_small_forms() -> None:
    assert media_type("Text/X-Patch") == "text/x-patch"
    assert media_type("text/plain\r\nX: y") == "application/octet-stream"
    assert media_type("message/rfc822") == "application/octet-stream"
    assert file_name("C:\\evil\\a.txt") == 'filename="a.txt"'
    assert file_name("..") == 'filename="attachment"'
    assert body("short\n") == ("text/plain; charset=us-ascii", "7bit", b"short\r\n")


def test_a_signed_mail_verifies_with_plain_gpg_byte_for_byte(tmp_path: Path) -> None:
    """R2: signed only; the part is signed in the canonical form that leaves."""
    home = shared("out-team")
    key = shared_key("out-team", "Team <security@team.example.org>")
    letter = msgspec.structs.replace(LETTER, protection="signed", text="From me\ntrailing \n\nend\n")
    raw = MimeWriter(GpgCipher(str(home.path))).write(letter, STAMP, (), key)
    message = email.message_from_bytes(raw)
    assert message.get_param("micalg") == "pgp-sha512"
    edge = f"--{message.get_boundary()}".encode()
    signed = raw.split(edge + b"\r\n")[1].removesuffix(b"\r\n")
    signature = tmp_path / "sig.asc"
    signature.write_bytes(message.get_payload()[1].get_payload(decode=True))
    told = home.run("--status-fd", "1", "--verify", str(signature), "-", input=signed)
    assert f"VALIDSIG {key}".encode() in told
    inside = email.message_from_bytes(signed)
    assert inside.get_param("hp") == "clear"
    assert inside["Subject"] == message["Subject"]


def test_an_unknown_key_makes_no_mail() -> None:
    with pytest.raises(CryptoError):
        MimeWriter(GpgCipher(str(shared("out-team").path))).write(LETTER, STAMP, (KEY,), KEY)


def test_notmuch_shows_the_protected_subject_and_a_good_signature(tmp_path: Path) -> None:
    """R2: another program of the team's reads it as meant (notmuch 0.37 knows the older draft only)."""
    home = shared("out-team")
    key = shared_key("out-team", "Team <security@team.example.org>")
    raw = MimeWriter(GpgCipher(str(home.path))).write(LETTER, STAMP, (key,), key)
    room = Mailroom(tmp_path)
    room.env["GNUPGHOME"] = str(home.path)
    room.fill([raw.replace(b"\r\n", b"\n")])
    shown = json.loads(room.notmuch("show", "--format=json", "--decrypt=true", "*"))
    mail = shown[0][0][0]
    assert mail["headers"]["Subject"] == LETTER.subject
    assert mail["crypto"]["signed"]["status"][0]["status"] == "good"
    assert mail["crypto"]["decrypted"]["status"] == "full"
    assert "Subject" in mail["crypto"]["decrypted"]["header-mask"]
