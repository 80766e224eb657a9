"""Keys are listed as they are, whatever their user ids hold."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from seccon.adapters.gpg.runner import Outcome
from seccon.adapters.keyring import GpgKeyring, _keys
from seccon.core.errors import CryptoError
from seccon.core.ids import Fingerprint
from seccon.core.keys import faults
from tests.keysmith import GpgHome, shared, shared_key

HOME = "ring"


@pytest.fixture
def ring() -> GpgKeyring:
    return GpgKeyring(str(shared(HOME).path))


@pytest.fixture
def roe() -> Fingerprint:
    return shared_key(HOME, "A. Roe <Roe@Example.org>")


def test_a_key_is_found_by_fingerprint_and_by_any_case_of_its_address(ring: GpgKeyring, roe: Fingerprint) -> None:
    key = ring.key(roe)
    assert key is not None
    assert key.users == ("A. Roe <Roe@Example.org>",)
    assert (key.can_encrypt, key.can_sign, key.secret, key.bits) == (True, True, True, 255)
    assert len(key.encryption_keys) == 1
    assert ring.claiming("roe@example.ORG") == (key,)
    assert ring.claiming("oe@example.org") == ()
    assert ring.key(Fingerprint("A" * 40)) is None
    assert key.created is not None
    assert abs(datetime.now(UTC) - key.created) < timedelta(minutes=10)


def test_reasons_against_a_key_come_out_of_its_listing() -> None:
    """H2: expired, revoked, signing only, weak, public only."""
    with GpgHome() as home:
        expired = home.make_key("Old <old@example.org>", expires="2020-02-01", made="20200101T000000")
        revoked = home.make_key("Gone <gone@example.org>")
        home.revoke(revoked)
        signing = home.make_key("Sign <sign@example.org>", "ed25519")
        weak = home.make_key("Weak <weak@example.org>", "rsa1024")
        good = home.make_key("Good <good@example.org>", expires="1y")
        ring, now = GpgKeyring(str(home.path)), datetime.now(UTC)
        told = {name: faults(ring.key(key), now) for name, key in locals().items() if isinstance(key, str) and len(key) == 40}  # type: ignore[arg-type]
        assert told["good"] == ()
        assert any("expired" in fault for fault in told["expired"])
        assert "is revoked" in told["revoked"]
        assert told["signing"] == ("cannot encrypt",)
        assert told["weak"] == ("is too weak (rsa of 1024 bits)",)
        for key in (expired, revoked):
            assert ring.key(key).encryption_keys == ()  # type: ignore[union-attr]


def test_a_key_runs_out_when_its_encryption_subkey_does() -> None:
    with GpgHome() as home:
        key = home.make_key("Roe <roe@example.org>", "ed25519", expires="0")
        home.run("--pinentry-mode", "loopback", "--passphrase", "", "--quick-add-key", key, "cv25519", "encr", "10d")
        found = GpgKeyring(str(home.path)).key(key)
    assert found is not None
    assert found.expires is not None
    assert timedelta(days=9) < found.expires - datetime.now(UTC) < timedelta(days=11)


def test_a_new_key_is_seen_at_once(roe: Fingerprint) -> None:
    with GpgHome() as home:
        ring = GpgKeyring(str(home.path))
        assert ring.all() == ()
        home.take(shared(HOME).export(roe))
        found = ring.key(roe)
        assert found is not None
        assert not found.secret


def test_keys_are_examined_without_being_taken_and_then_taken(roe: Fingerprint) -> None:
    """R5."""
    with GpgHome() as home:
        ring = GpgKeyring(str(home.path))
        data = shared(HOME).export(roe)
        assert [key.fingerprint for key in ring.examine(data)] == [roe]
        assert ring.all() == ()
        assert ring.take(data) == (roe,)
        assert ring.take(data) == (roe,)
        assert ring.key(roe) is not None


@pytest.mark.parametrize(
    "junk", [b"", b"junk", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n"]
)
def test_what_holds_no_key_is_refused(ring: GpgKeyring, junk: bytes) -> None:
    assert ring.examine(junk) == ()
    with pytest.raises(CryptoError, match="no public key"):
        ring.take(junk)


def test_a_secret_key_by_mail_is_not_taken(roe: Fingerprint) -> None:
    with GpgHome() as home, pytest.raises(CryptoError, match="secret key"):
        GpgKeyring(str(home.path)).take(shared(HOME).export_secret(roe))


@pytest.mark.parametrize(
    "user",
    [
        "Eve\u2028pub\u2028fpr:::::::::" + "B" * 40,
        "Eve\x85uid\x85sub:",
        "Eve\x0bpub:-:255:22:AAAAAAAAAAAAAAAA:1:::-:::scESC",
        "Eve: <eve@example.net>: \\x3a",
        "roe@example.org <eve@example.net>",
        "Roe <roe@example.org> <eve@example.net>",
    ],
)
def test_a_user_id_cannot_make_keys_or_addresses(user: str) -> None:
    """Hostile ids: line separators of Unicode, colons, fake records, two addresses."""
    with GpgHome() as home:
        key = home.make_key(user, "ed25519")
        ring = GpgKeyring(str(home.path))
        assert [found.fingerprint for found in ring.all()] == [key]
        assert [found.fingerprint for found in ring.examine(home.export(key))] == [key]
        assert ring.claiming("roe@example.org") == ()
        assert len(ring.all()[0].users) == 1


@pytest.mark.parametrize(
    "junk", [b"pub", b"fpr:\nuid:\nsub:\n", b"uid" + b":" * 30, b"sub" + b":" * 30, b"\xff\xfe:" * 20, b"fpr" + b":" * 20]
)
def test_a_listing_that_is_none_gives_nothing(junk: bytes) -> None:
    assert list(_keys(Outcome(junk, (), 0))) == []


def test_nothing_of_keys_or_entries_is_logged_whatever_a_log_would_take(
    ring: GpgKeyring, roe: Fingerprint, caplog: pytest.LogCaptureFixture
) -> None:
    """Hostile input, 4 and H6: python-gnupg and peewee write at DEBUG what they are given."""
    import seccon.adapters.ledger.database

    assert seccon.adapters.ledger.database
    caplog.set_level(logging.DEBUG)
    assert ring.key(roe) is not None
    for name in ("gnupg", "peewee"):
        assert logging.getLogger(name).getEffectiveLevel() >= logging.WARNING, name
    assert [record.name for record in caplog.records] == []
