"""A mail within a mail, opened as a mail of its own: marks neither come in from the outer one nor go out to it (R7)."""

import hashlib
from pathlib import Path

from seccon.adapters.gpg.runner import Runner
from seccon.adapters.keyring import GpgKeyring
from seccon.adapters.reader import Reader
from seccon.core.keys import Pins
from seccon.core.report import Scope, Signature
from tests.envelope import encrypted, mail, multi, plain, signed
from tests.keysmith import shared, shared_key

ROE, MALLORY = "roe@example.org", "mallory@evil.example"


def within(entity: bytes) -> bytes:
    return b"Content-Type: message/rfc822\n\n" + entity


def test_the_outer_signature_and_encryption_lend_the_inner_mail_nothing(tmp_path: Path) -> None:
    home, key = shared("within"), shared_key("within", f"A. Roe <{ROE}>")
    inner = mail(plain("forged by mallory\n"), sender=f"A. Roe <{ROE}>", subject="inner")
    outer = mail(encrypted(home, key, multi(plain("see below\n"), within(inner)), signer=key))
    path = tmp_path / "mail"
    path.write_bytes(outer)
    reader, pins = Reader(str(home.path), GpgKeyring(str(home.path))), Pins({ROE: key})
    around = reader.read(str(path), pins)
    assert around.verdict.trusted
    part = next(one for one in around.parts if one.type == "message/rfc822")
    assert part.encrypted
    raw = reader.attachment(str(path), part.path)
    opened = reader.read(raw, pins)
    assert opened.subject == "inner"
    assert opened.text == "forged by mallory\n"
    assert (opened.verdict.encrypted, opened.verdict.signed) == (Scope.NO, Scope.NO)
    assert opened.verdict.signature is Signature.NONE
    assert not any(one.encrypted or one.signed for one in opened.parts)
    assert opened.heading.digest == hashlib.sha256(raw).hexdigest()
    assert opened.heading.arrived is None or opened.heading.arrived.year < 3000


def test_an_inner_mail_that_is_signed_by_its_author_earns_its_own_mark_and_the_outer_none(tmp_path: Path) -> None:
    home, key = shared("within"), shared_key("within", f"A. Roe <{ROE}>")
    inner = mail(signed(home, key, plain("by roe\n")), sender=f"A. Roe <{ROE}>")
    outer = mail(multi(plain("look\n"), within(inner)), sender=f"A. Roe <{ROE}>")
    path = tmp_path / "mail"
    path.write_bytes(outer)
    reader, pins = Reader(str(home.path), GpgKeyring(str(home.path))), Pins({ROE: key})
    around = reader.read(str(path), pins)
    assert around.verdict.signature is Signature.NONE
    part = next(one for one in around.parts if one.type == "message/rfc822")
    assert reader.read(reader.attachment(str(path), part.path), pins).verdict.trusted


def test_a_mail_three_deep_is_reached_step_by_step(tmp_path: Path) -> None:
    deepest = mail(plain("the innermost\n"), sender=f"Mallory <{MALLORY}>", subject="third")
    second = mail(multi(plain("second\n"), within(deepest), mark="two"), subject="second")
    path = tmp_path / "mail"
    path.write_bytes(mail(multi(plain("first\n"), within(second), mark="one")))
    reader = Reader(None, GpgKeyring(str(shared("within").path)))
    raw: str | bytes = str(path)
    for _ in range(2):
        found = reader.read(raw, Pins())
        raw = reader.attachment(raw, next(one.path for one in found.parts if one.type == "message/rfc822"))
    assert reader.read(raw, Pins()).subject == "third"


def test_our_key_is_offered_small_with_one_user_id_and_one_encryption_key() -> None:
    """Autocrypt 1.1, 2.1.1."""
    home = shared("within")
    key = home.make_key(f"Team <{ROE}>")
    home.run("--pinentry-mode", "loopback", "--passphrase", "", "--quick-add-uid", key, "Somebody Private <private@example.org>")
    home.run("--pinentry-mode", "loopback", "--passphrase", "", "--quick-add-key", key, "cv25519", "encr", "seconds=1")
    keyring = GpgKeyring(str(home.path))
    offered = keyring.public(key, ROE)
    assert 0 < len(offered) < 2000
    listed = Runner(str(home.path)).run("--with-colons", "--import-options", "show-only", "--import", stdin=offered).out.decode()
    assert "private@example.org" not in listed
    assert f"Team <{ROE}>" in listed
    assert keyring.public(key, "private@elsewhere.example") == b""
    assert keyring.public(key, "x && rm") == b""
