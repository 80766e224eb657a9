"""A signature that others could have made proves nothing, though gpg calls it good and a person pinned the key."""

from collections.abc import Iterator

import pytest

from seccon.adapters.gpg.cipher import GpgCipher
from seccon.adapters.keyring import GpgKeyring
from seccon.adapters.reader import Reader
from seccon.core.ids import Fingerprint
from seccon.core.keys import Pins
from seccon.core.report import Mail, Signature
from tests import envelope
from tests.keysmith import GpgHome
from tests.reading import ROE, codes

QUIET = ("--pinentry-mode", "loopback", "--passphrase", "")


@pytest.fixture
def home() -> Iterator[GpgHome]:
    with GpgHome() as made:
        yield made


def read(home: GpgHome, key: Fingerprint, whole: bytes, pins: Pins | None = None, sender: str = ROE) -> Mail:
    reader = Reader(str(home.path), GpgKeyring(str(home.path)))
    return reader.read(envelope.mail(whole, sender), pins or Pins({"roe@example.org": key}))


def assert_unproved(mail: Mail) -> None:
    assert not mail.verdict.trusted
    assert mail.verdict.signature is Signature.ERROR
    assert "weak-key" in codes(mail)
    assert not any(part.signed for part in mail.parts)


def test_a_pinned_key_that_can_be_broken_earns_no_mark(home: GpgHome) -> None:
    key = home.make_key(ROE, "rsa1024")
    assert_unproved(read(home, key, envelope.signed(home, key, envelope.plain())))
    assert_unproved(read(home, key, b"\n" + envelope.clearsigned(home, key, b"hello\n")))
    assert_unproved(read(home, key, envelope.encrypted(home, key, envelope.plain(), key)))


def test_a_weak_signing_subkey_of_a_strong_key_earns_no_mark(home: GpgHome) -> None:
    key = home.make_key(ROE, "ed25519")
    whole = envelope.signed(home, key, envelope.plain())
    home.run(*QUIET, "--quick-add-key", key, "rsa1024", "sign", "0")
    assert_unproved(read(home, key, envelope.signed(home, key, envelope.plain())))
    assert read(home, key, whole).verdict.trusted, "what the strong one signed still counts"


def test_an_address_that_a_key_bears_no_more_is_not_its_own(home: GpgHome) -> None:
    key = home.make_key("Two <two@example.org>", "ed25519")
    home.run(*QUIET, "--quick-add-uid", key, ROE)
    whole = envelope.signed(home, key, envelope.plain())
    assert read(home, key, whole, Pins({})).verdict.matches_from
    home.run(*QUIET, "--quick-revoke-uid", key, ROE)
    mail = read(home, key, whole, Pins({}))
    assert mail.verdict.signature is Signature.GOOD
    assert not mail.verdict.matches_from
    found = GpgKeyring(str(home.path)).key(key)
    assert found
    assert found.addresses == ("two@example.org",)


def test_a_revoked_key_keeps_its_names_on_record(home: GpgHome) -> None:
    key = home.make_key(ROE, "ed25519")
    home.revoke(key)
    found = GpgKeyring(str(home.path)).key(key)
    assert found
    assert found.revoked
    assert found.addresses == ("roe@example.org",)


def test_a_key_that_signed_itself_with_sha1_is_taken_and_a_mail_of_it_verifies(home: GpgHome) -> None:
    """So did GnuPG for years: the pinned fingerprint is the trust, and what must hold is the hash of the mail's own signature."""
    with GpgHome("cert-digest-algo SHA1\n") as old:
        key = old.make_key(ROE, "rsa2048")
        ring = GpgKeyring(str(home.path))
        (offered,) = ring.examine(old.export(key))
        assert ring.take(old.export(key)) == (key,)
        held = ring.key(key)
        assert held is not None
        assert (offered.can_encrypt, held.can_encrypt, held.users) == (True, True, (ROE,))
        assert read(home, key, envelope.signed(old, key, envelope.plain())).verdict.trusted
        assert GpgCipher(str(home.path)).encrypt(b"hello", (key,))
        weak = read(home, key, envelope.signed(old, key, envelope.plain(), "--digest-algo", "SHA1"))
        assert weak.verdict.signature is Signature.ERROR
