"""Every valid way to protect a mail is read, and told for what it is: the controls beside which the attacks are judged."""

from pathlib import Path

import pytest

from seccon.adapters.keyring import GpgKeyring
from seccon.adapters.reader import Reader
from seccon.core.ids import Fingerprint
from seccon.core.keys import Pins
from seccon.core.ports import Unlock
from seccon.core.report import Scope, Signature
from tests import envelope
from tests.keysmith import GpgHome, shared_key
from tests.reading import HOME, ROE, Read, codes


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_a_signed_mail_is_trusted(read: Read, home: GpgHome, roe: Fingerprint, line_end: bytes) -> None:
    """R7; stores keep mail with either line end, the signature covers CR LF."""
    raw = envelope.mail(envelope.signed(home, roe, envelope.plain("Grüße,\n\ntrailing  \n-- \nA. Roe\n")))
    mail = read(raw.replace(b"\n", line_end))
    assert mail.verdict.trusted
    assert mail.verdict.fingerprint == roe
    assert mail.verdict.signer == ROE
    assert mail.text.startswith("Grüße,\n")
    assert [part.signed for part in mail.parts] == [True, False]
    assert mail.warnings == ()


@pytest.mark.parametrize(
    "entity",
    [
        envelope.plain("base64", extra="Content-Transfer-Encoding: base64\n").replace(b"\nbase64", b"\naGVsbG8K\n"),
        envelope.plain("hel=6Co\n", extra="Content-Transfer-Encoding: quoted-printable\n"),
        envelope.multi(envelope.plain("hello\n"), envelope.plain("<p>hello", "text/html"), kind="alternative", mark="alt"),
        envelope.multi(envelope.plain("hello\n"), envelope.plain("--- a\n+++ b\n", "text/x-patch; name=fix.patch"), mark="in"),
        b"\nhello\n",
        b"Content-Type: text/plain\n\nhello",
    ],
)
def test_a_signature_covers_any_content(read: Read, home: GpgHome, roe: Fingerprint, entity: bytes) -> None:
    mail = read(envelope.mail(envelope.signed(home, roe, entity)))
    assert mail.verdict.trusted
    assert "hello" in mail.text
    assert all(part.signed for part in mail.parts if part.type != "application/pgp-signature")


def test_an_encrypted_and_signed_mail_is_read_whole(read: Read, home: GpgHome, roe: Fingerprint, team: Fingerprint) -> None:
    """RFC 3156, 6.2: both in one message."""
    mail = read(envelope.mail(envelope.encrypted(home, team, envelope.plain("secret\n"), roe)))
    assert mail.verdict.trusted
    assert mail.verdict.encrypted is Scope.WHOLE
    assert [(part.path, part.encrypted, part.signed, part.text) for part in mail.parts] == [("2.1", True, True, "secret\n")]
    assert not mail.locked


def test_a_signed_mail_inside_an_encrypted_one_is_read_whole(
    read: Read, home: GpgHome, roe: Fingerprint, team: Fingerprint
) -> None:
    """RFC 3156, 6.1."""
    mail = read(envelope.mail(envelope.encrypted(home, team, envelope.signed(home, roe, envelope.plain("secret\n")))))
    assert mail.verdict.trusted
    assert mail.verdict.encrypted is Scope.WHOLE
    assert mail.text == "secret\n"


def test_an_encrypted_mail_without_signature_says_just_that(read: Read, home: GpgHome, team: Fingerprint) -> None:
    verdict = read(envelope.mail(envelope.encrypted(home, team, envelope.plain("secret\n")))).verdict
    assert (verdict.encrypted, verdict.signed, verdict.signature) == (Scope.WHOLE, Scope.NO, Signature.NONE)


def test_inline_clearsigned_mail_shows_what_gpg_gives_back(read: Read, home: GpgHome, roe: Fingerprint) -> None:
    mail = read(envelope.mail(b"\n" + envelope.clearsigned(home, roe, b"- dashed\nFrom here\n")))
    assert mail.verdict.trusted
    assert mail.text == "- dashed\nFrom here\n"


def test_inline_encrypted_mail_is_read(read: Read, home: GpgHome, roe: Fingerprint, team: Fingerprint) -> None:
    secret = home.run("--armor", "--trust-model", "always", "-r", team, "-u", roe, "--sign", "--encrypt", input=b"secret\n")
    mail = read(envelope.mail(b"\n" + secret))
    assert mail.verdict.trusted
    assert mail.verdict.encrypted is Scope.WHOLE
    assert mail.text == "secret\n"


def test_a_list_footer_makes_it_part(read: Read, home: GpgHome, roe: Fingerprint) -> None:
    signed = envelope.signed(home, roe, envelope.plain("report\n"))
    mail = read(envelope.mail(envelope.multi(signed, envelope.plain("___\nlist\n"))))
    assert (mail.verdict.signed, mail.verdict.signature) == (Scope.PART, Signature.GOOD)
    assert mail.verdict.matches_from
    assert not mail.verdict.trusted
    assert [part.signed for part in mail.parts] == [True, False, False]
    assert "mixed-protection" in codes(mail)


def test_a_key_that_nobody_confirmed_earns_the_weaker_mark(read: Read, home: GpgHome, roe: Fingerprint) -> None:
    mail = read(envelope.mail(envelope.signed(home, roe, envelope.plain())), pins=Pins())
    assert (mail.verdict.signature, mail.verdict.matches_from, mail.verdict.pinned) == (Signature.GOOD, True, False)
    assert not mail.verdict.trusted


def test_a_signed_mail_that_was_changed_is_bad(read: Read, home: GpgHome, roe: Fingerprint) -> None:
    mail = read(envelope.mail(envelope.signed(home, roe, envelope.plain("pay 10\n"))).replace(b"pay 10", b"pay 99"))
    assert (mail.verdict.signed, mail.verdict.signature) == (Scope.WHOLE, Signature.BAD)
    assert mail.verdict.fingerprint is None
    assert not any(part.signed for part in mail.parts)


@pytest.mark.parametrize(("hp", "warned"), [('; hp="cipher"', True), ('; protected-headers="v1"', True), ("", False)])
def test_a_protected_subject_is_shown_and_a_difference_told(
    read: Read, home: GpgHome, roe: Fingerprint, team: Fingerprint, hp: str, warned: bool
) -> None:
    """R2: RFC 9788 and the older draft."""
    entity = envelope.plain(extra="Subject: virtio: overflow\nFrom: A. Roe <roe@example.org>\n", kind=f"text/plain{hp}")
    mail = read(envelope.mail(envelope.encrypted(home, team, entity, roe)))
    assert mail.subject == ("virtio: overflow" if warned else "a report")
    assert mail.heading.subject == "a report"
    assert ("subject-differs" in codes(mail)) is warned
    assert mail.verdict.trusted


def test_an_outer_subject_that_stands_for_the_inner_is_no_difference(read: Read, home: GpgHome, team: Fingerprint) -> None:
    entity = envelope.plain(extra="Subject: virtio: overflow\n", kind='text/plain; hp="cipher"')
    mail = read(envelope.mail(envelope.encrypted(home, team, entity), subject="[...]"))
    assert mail.subject == "virtio: overflow"
    assert mail.warnings == ()


def test_expired_revoked_and_unknown_keys_are_told_apart(read: Read, home: GpgHome, tmp_path: Path) -> None:
    with GpgHome() as other:
        entity = envelope.plain()
        unknown = other.make_key("U <u@example.org>", "ed25519")
        expired = other.make_key("E <e@example.org>", "ed25519", expires="2020-02-01", made="20200101T000000")
        revoked = other.make_key("R <r@example.org>", "ed25519")
        raws = {
            "unknown": envelope.signed(other, unknown, entity),
            "expired": envelope.signed(other, expired, entity, "--faked-system-time", "20200115T000000"),
            "revoked": envelope.signed(other, revoked, entity),
        }
        other.revoke(revoked)
        with GpgHome() as mine:
            for key in (expired, revoked):
                mine.take(other.export(key))
            reader = Reader(str(mine.path), GpgKeyring(str(mine.path)))
            told = {}
            for name in ("unknown", "expired", "revoked"):
                (tmp_path / "mail").write_bytes(envelope.mail(raws[name]))
                told[name] = reader.read(str(tmp_path / "mail"), pins=Pins()).verdict.signature.value
    assert told == {"unknown": "unknown-key", "expired": "expired-key", "revoked": "revoked-key"}


def test_a_signature_that_expired_is_not_good(read: Read, home: GpgHome, tmp_path: Path) -> None:
    """Its status text says "signature valid"."""
    with GpgHome() as mine:
        old = mine.make_key("Old <old@example.org>", "ed25519", made="20200101T000000")
        options = ("--faked-system-time", "20200115T000000", "--default-sig-expire", "1d")
        (tmp_path / "mail").write_bytes(envelope.mail(envelope.signed(mine, old, envelope.plain(), *options), "old@example.org"))
        verdict = (
            Reader(str(mine.path), GpgKeyring(str(mine.path)))
            .read(str(tmp_path / "mail"), Pins({"old@example.org": old}))
            .verdict
        )
    assert verdict.signature is Signature.EXPIRED
    assert verdict.fingerprint == old
    assert not verdict.trusted


@pytest.fixture
def locked(home: GpgHome) -> Fingerprint:
    key = shared_key(HOME, "Locked <locked@example.com>", passphrase="open sesame")
    home.forget()
    return key


def test_a_locked_key_is_told_in_words_and_opens_with_its_passphrase(
    read: Read, home: GpgHome, locked: Fingerprint, roe: Fingerprint
) -> None:
    """R9: a wrong passphrase and none are told apart; nothing is asked on this terminal."""
    raw = envelope.mail(envelope.encrypted(home, locked, envelope.plain("secret\n"), roe))
    none = read(raw)
    assert "passphrase is needed" in none.locked
    assert [(part.path, part.text) for part in none.parts] == [("2", None)]
    assert "wrong" in read(raw, unlock=Unlock.TYPED, passphrase=b"guess").locked
    mail = read(raw, unlock=Unlock.TYPED, passphrase=b"open sesame")
    assert mail.text == "secret\n"
    assert mail.verdict.trusted


def test_a_mail_for_others_says_for_which_keys(read: Read, home: GpgHome) -> None:
    with GpgHome() as other:
        key = other.make_key("Other <other@example.com>")
        raw = envelope.mail(envelope.encrypted(other, key, envelope.plain("secret\n")))
        subkey = other.run("--with-colons", "-k", key).decode().split("\nsub:")[1].split(":")[3]
    mail = read(raw)
    assert subkey in mail.locked
    assert mail.verdict.encrypted is Scope.WHOLE


def test_a_password_only_mail_stays_locked_and_asks_nobody(read: Read, home: GpgHome) -> None:
    secret = home.run("--armor", "--pinentry-mode", "loopback", "--passphrase", "x", "--symmetric", input=b"secret")
    home.forget()
    raw = envelope.mail(envelope.sealed(secret))
    for unlock in Unlock:
        mail = read(raw, unlock=unlock, passphrase=b"x")
        assert "password only" in mail.locked
        assert all(part.text is None for part in mail.parts)


def test_keys_that_came_along_are_offered_once_each(read: Read, home: GpgHome, roe: Fingerprint, team: Fingerprint) -> None:
    """R5: attached, inline, Autocrypt."""
    import base64

    keydata = base64.b64encode(home.export(roe, armor=False)).decode()
    folded = "\n ".join(keydata[at : at + 70] for at in range(0, len(keydata), 70))
    attached = b"Content-Type: application/pgp-keys; name=key.asc\n\n" + home.export(team)
    entity = envelope.multi(b"\nmy key:\n" + home.export(roe) + b"regards\n", attached)
    mail = read(envelope.mail(entity, extra=f"Autocrypt: addr=roe@example.org; keydata={folded}\n"))
    ring = GpgKeyring(str(home.path))
    assert [[key.fingerprint for key in ring.examine(data)] for data in mail.keys] == [[roe], [team], [roe]]
    assert "my key:" in mail.text


def test_an_autocrypt_header_of_another_sender_is_not_offered(read: Read) -> None:
    assert read(envelope.mail(envelope.plain(), extra="Autocrypt: addr=eve@example.net; keydata=mDME\n")).keys == ()


@pytest.mark.parametrize(
    ("entity", "code"),
    [
        (b"Content-Type: application/pkcs7-mime; name=smime.p7m\nContent-Transfer-Encoding: base64\n\nMIIB\n", "smime"),
        (envelope.multi(envelope.plain(), b"Content-Type: application/pkcs7-signature\n\nx", kind="signed"), "smime"),
        (envelope.multi(envelope.plain(), b"Content-Type: application/ms-tnef\n\nx"), "tnef"),
    ],
)
def test_foreign_protection_is_named_and_lends_nothing(read: Read, entity: bytes, code: str) -> None:
    mail = read(envelope.mail(entity))
    assert code in codes(mail)
    assert mail.verdict.signed is Scope.NO


def test_without_gpg_a_mail_is_still_shown(
    home: GpgHome, roe: Fingerprint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mail").write_bytes(envelope.mail(envelope.signed(home, roe, envelope.plain("hello\n"))))
    monkeypatch.setenv("PATH", str(tmp_path))
    mail = Reader(None, GpgKeyring(None)).read(str(tmp_path / "mail"), pins=Pins())
    assert mail.verdict.signature is Signature.ERROR
    assert mail.text == "hello\n"


def test_an_attachment_comes_decrypted(home: GpgHome, roe: Fingerprint, team: Fingerprint, tmp_path: Path) -> None:
    patch = envelope.plain("cGF0Y2g=\n", "application/octet-stream; name=poc.bin", "Content-Transfer-Encoding: base64\n")
    entity = envelope.multi(envelope.plain("see\n"), patch, mark="in")
    (tmp_path / "mail").write_bytes(envelope.mail(envelope.encrypted(home, team, entity, roe)))
    reader = Reader(str(home.path), GpgKeyring(str(home.path)))
    mail = reader.read(str(tmp_path / "mail"), pins=Pins())
    assert [(part.path, part.filename) for part in mail.parts] == [("2.1", None), ("2.2", "poc.bin")]
    assert reader.attachment(str(tmp_path / "mail"), "2.2") == b"patch"
