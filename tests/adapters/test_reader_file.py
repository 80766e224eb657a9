"""A file becomes a heading: filed as notmuch files it, dated by its arrival."""

import base64
import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seccon.adapters.keyring import GpgKeyring
from seccon.adapters.reader import Reader
from seccon.core.errors import MailNotFoundError
from seccon.core.keys import Pins
from seccon.core.readout import readout
from seccon.core.report import Address
from tests.mailroom import open_mailroom

FULL = b"""Received: from a by b; Sat, 21 Nov 2026 19:20:00 +0000
Received: from c by a; Sat, 21 Nov 2026 19:19:00 +0000
From: "Doe via list" <list@example.org>
X-Original-From: J. Doe <doe@example.net>
Reply-To: J. Doe <doe@example.net>
To: list@example.org, Team <team@example.com>
Cc: other@example.net
Subject: [PATCH] =?utf-8?q?caf=C3=A9?=
Date: Sat, 21 Nov 2026 19:13:00 +0000
Message-ID: <one@example.net>
In-Reply-To: <zero@example.net>
References: <root@example.net>
 <zero@example.net>
Auto-Submitted: auto-replied (vacation)
List-Id: The list <list.example.org>
List-Post: <mailto:list@example.org?subject=x>

hello
"""


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(str(tmp_path), GpgKeyring(str(tmp_path)))


def test_a_heading_holds_what_files_a_mail(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "mail"
    path.write_bytes(FULL)
    found = reader.heading(str(path))
    assert found.message_id == "one@example.net"
    assert found.digest == hashlib.sha256(FULL).hexdigest()
    assert found.subject == "[PATCH] café"
    assert found.sender == (Address("Doe via list", "list@example.org"),)
    assert found.original_from == found.reply_to == (Address("J. Doe", "doe@example.net"),)
    assert [one.address for one in (*found.to, *found.cc)] == ["list@example.org", "team@example.com", "other@example.net"]
    assert found.date == datetime(2026, 11, 21, 19, 13, tzinfo=UTC)
    assert found.in_reply_to == ("zero@example.net",)
    assert found.references == ("root@example.net", "zero@example.net")
    assert found.automatic
    assert (found.list_id, found.list_post) == ("The list <list.example.org>", "list@example.org")
    assert found.size == len(FULL)
    assert found.warnings == ()


def test_a_mail_never_arrived_later_than_its_file(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "mail"
    path.write_bytes(FULL)
    os.utime(path, (2_000_000_000, 2_000_000_000))
    assert reader.heading(str(path)).arrived == datetime(2026, 11, 21, 19, 20, tzinfo=UTC)
    os.utime(path, (1_000_000_000, 1_000_000_000))
    assert reader.heading(str(path)).arrived == datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)


@pytest.mark.parametrize(("said", "automatic"), [("no", False), ("No (x)", False), ("auto-generated", True), ("", False)])
def test_automatic_is_what_says_so(reader: Reader, tmp_path: Path, said: str, automatic: bool) -> None:
    """A2, RFC 3834."""
    (tmp_path / "mail").write_bytes(f"From: a@b.c\nAuto-Submitted: {said}\n\nx".encode())
    assert reader.heading(str(tmp_path / "mail")).automatic is automatic


B64 = b"Content-Transfer-Encoding: base64\n\n"


@pytest.mark.parametrize(
    ("body", "encrypted", "signed"),
    [
        (b"Content-Type: multipart/encrypted; boundary=x\n\n", True, False),
        (b"Content-Type: multipart/signed; boundary=x\n\n", False, True),
        (b"\n-----BEGIN PGP MESSAGE-----\n", True, False),
        (b"\n-----BEGIN PGP SIGNED MESSAGE-----\n", False, True),
        (b"\n> -----BEGIN PGP MESSAGE-----\n", False, False),
        (B64 + base64.encodebytes(b"Hello,\n" + b"x\n" * 99 + b"-----BEGIN PGP MESSAGE-----\n\nx"), True, False),
        (
            b"\n--x\n" + B64.replace(b"\n", b"\r\n") + base64.encodebytes(b"-----BEGIN PGP MESSAGE-----\n") + b"--x--\n",
            True,
            False,
        ),
        (B64 + base64.encodebytes(b"> -----BEGIN PGP MESSAGE-----\n"), False, False),
        (B64 + b"LS0\n", False, False),
    ],
)
def test_a_heading_says_what_a_mail_claims(reader: Reader, tmp_path: Path, body: bytes, encrypted: bool, signed: bool) -> None:
    (tmp_path / "mail").write_bytes(b"From: a@b.c\n" + body)
    found = reader.heading(str(tmp_path / "mail"))
    assert (found.encrypted, found.signed) == (encrypted, signed)


IDS = [

    None, b"", b" ", b"<a@b>", b"bare@id", b"<>", b"<a2@b> junk", b"junk <a3@b>", b"<a 4@b c>", b"<a5@\n b>", b"<a6@b> <a7@b>",
    b"<a8@b",
    b"a9@b>", b"<" + b"x" * 189 + b">", b"<" + b"x" * 190 + b">", b"<" + b"x" * 400 + b">", "<é@b>".encode(), b"<\xe9@b>",
    b"(c) <a10@b>",
    b"<<a11@b>>", b'<"a 12"@b>', b"<a\x1b13@b>", b"=?utf-8?q?=3Ca14=40b=3E?=", b"<a15\t@b>", b"bare id@x y",
]  # fmt: skip


def test_the_message_id_is_the_one_under_which_notmuch_files_it(reader: Reader) -> None:
    """Identity: a mail that seccon and notmuch name differently would be lost (I2)."""
    with open_mailroom() as room:
        paths = []
        for number, field in enumerate(IDS):
            line = b"" if field is None else b"Message-ID: " + field + b"\n"
            paths.append(room.deliver(b"From: a@b\nTo: c@d\nSubject: number%d\n" % number + line + b"\nbody\n"))
        room.new()
        for number, path in enumerate(paths):
            named = room.notmuch("search", "--output=messages", f"subject:number{number}").rstrip("\n")
            assert f"id:{reader.heading(str(path)).message_id}" == named, IDS[number]


def test_a_file_that_is_not_there_is_a_sentence(reader: Reader, tmp_path: Path) -> None:
    for path in (tmp_path / "gone", tmp_path):
        for ask in (
            reader.heading,
            reader.source,
            lambda path: reader.read(path, Pins()),
            lambda path: reader.attachment(path, "1"),
        ):
            with pytest.raises(MailNotFoundError, match="cannot be read"):
                ask(str(path))
    with pytest.raises(MailNotFoundError):
        reader.heading("nul\0byte")


def test_the_source_comes_as_it_is_and_cut(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "mail").write_bytes(FULL)
    assert reader.source(str(tmp_path / "mail")) == FULL
    assert reader.source(str(tmp_path / "mail"), 10) == FULL[:10]


def test_a_readout_has_the_documented_shape_and_every_text_cleaned(reader: Reader, tmp_path: Path) -> None:
    """U7: `seccon read --json`."""
    (tmp_path / "mail").write_bytes(FULL)
    found = readout(reader.read(str(tmp_path / "mail"), Pins()), lambda text: f"<{text}>")
    assert found["seccon"] == 1
    assert found["from"] == {"name": "<Doe via list>", "address": "<list@example.org>"}
    assert found["to"][1] == {"name": "<Team>", "address": "<team@example.com>"}
    assert found["date"] == "2026-11-21T19:13:00Z"
    assert found["subject"] == found["outer_subject"] == "<[PATCH] café>"
    assert found["verdict"] == {
        "encrypted": "no",
        "signed": "no",
        "signature": "none",
        "fingerprint": None,
        "signer": None,
        "matches_from": False,
        "pinned": False,
    }
    assert found["parts"] == [
        {
            "path": "1", "type": "<text/plain>", "charset": None, "filename": None, "size": 6,
            "encrypted": False, "signed": False, "text": "<hello\n>", "truncated": False,
        }
    ]  # fmt: skip
    assert found["warnings"] == []
