"""Keys of every kind that reporters have or make up: what each is good for, and what is taken of it (features, R5, H2)."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from seccon.adapters.gpg.cipher import GpgCipher
from seccon.adapters.gpg.packets import transferable_keys
from seccon.adapters.keyring import GpgKeyring
from seccon.core.errors import CryptoError
from seccon.core.ids import Fingerprint
from seccon.core.keys import faults
from tests.keysmith import GpgHome, shared, shared_key

MAKER = "kinds"
"""Where strangers make their keys."""
LONG_AGO = "20200101T000000"


@pytest.fixture
def ring() -> Iterator[GpgKeyring]:
    with GpgHome() as home:
        yield GpgKeyring(str(home.path))


def subkey(key: Fingerprint, algo: str, expires: str = "0", made: str = "") -> None:
    clock = ["--faked-system-time", made] if made else []
    shared(MAKER).run("--pinentry-mode", "loopback", "--passphrase", "", *clock, "--quick-add-key", key, algo, "encr", expires)


def told(key: Fingerprint) -> tuple[str, ...]:
    """Say what is wrong with a key before it is taken, and check that it is the same afterwards."""
    material = shared(MAKER).export(key)
    with GpgHome() as home:
        ring, now = GpgKeyring(str(home.path)), datetime.now(UTC)
        (offered,) = ring.examine(material)
        ring.take(material, key)
        taken = ring.key(key)
        assert taken is not None
        assert not taken.secret
        assert faults(offered, now) == faults(taken, now)
        assert offered.encryption_keys == taken.encryption_keys
        return faults(taken, now)


@pytest.mark.parametrize("algo", ["ed25519/cv25519", "rsa2048", "rsa4096"])
def test_keys_of_the_usual_kinds_are_taken_and_can_be_encrypted_to(algo: str) -> None:
    key = shared_key(MAKER, f"Kind {algo} <kind@example.org>", algo)
    with GpgHome() as home:
        ring = GpgKeyring(str(home.path))
        assert ring.take(shared(MAKER).export(key), key) == (key,)
        taken = ring.key(key)
        assert taken is not None
        assert faults(taken, datetime.now(UTC)) == ()
        sealed = GpgCipher(str(home.path), ring).encrypt(b"hello\n", [key])
    assert shared(MAKER).run("--decrypt", input=sealed) == b"hello\n"


def test_a_key_that_cannot_be_used_says_why() -> None:
    """H2: expired, revoked, signing only, subkey expired or revoked, too weak."""
    home = shared(MAKER)
    expired = home.make_key("Old <old@example.org>", expires="2020-02-01", made=LONG_AGO)
    revoked = home.make_key("Gone <gone@example.org>")
    home.revoke(revoked)
    signing = home.make_key("Sign <sign@example.org>", "ed25519")
    ended = home.make_key("Ended <ended@example.org>", "ed25519", made=LONG_AGO)
    subkey(ended, "cv25519", "2020-02-01", LONG_AGO)
    weak = home.make_key("Weak <weak@example.org>", "ed25519")
    subkey(weak, "rsa1024")
    assert told(expired)[0].startswith("expired on 2020-02-")
    assert told(revoked) == ("is revoked",), (
        "each fault is a refusal of its own on the sheet: what follows of it is not told again"
    )
    assert len(told(expired)) == 1
    assert told(signing) == ("cannot encrypt",)
    assert told(ended) == ("cannot encrypt: its encryption subkey expired on 2020-02-01",)
    assert told(weak) == ("encrypts with a subkey that is too weak (rsa of 1024 bits)",)


def test_a_revoked_encryption_subkey_is_named_and_a_sound_one_beside_it_is_enough() -> None:
    home = shared(MAKER)
    key = home.make_key("Two <two@example.org>")
    commands = b"key 1\nrevkey\ny\n0\n\ny\nsave\n"
    edit = ["--pinentry-mode", "loopback", "--passphrase", "", "--no-batch", "--yes", "--command-fd", "0", "--edit-key", key]
    home.run(*edit, input=commands)
    assert told(key) == ("cannot encrypt: its encryption subkey is revoked",)
    subkey(key, "cv25519")
    assert told(key) == ()


def test_of_several_subkeys_the_newest_is_encrypted_to_and_read_back(ring: GpgKeyring) -> None:
    key = shared(MAKER).make_key("Many <many@example.org>", made="20240101T000000")
    subkey(key, "rsa2048", made="20250101T000000")
    subkey(key, "cv25519")
    ring.take(shared(MAKER).export(key), key)
    taken = ring.key(key)
    assert taken is not None
    assert len(taken.encryption_keys) == 3
    sealed = GpgCipher(ring._runner.home, ring).encrypt(b"x", [key])
    assert b"BEGIN PGP MESSAGE" in sealed


def test_of_several_keys_only_the_one_that_was_chosen_is_taken(ring: GpgKeyring) -> None:
    """R5: a file may hold keys that claim anybody's address."""
    mine = shared_key(MAKER, "A <a@example.org>")
    others = [shared_key(MAKER, f"{name} <{name}@example.org>") for name in "bcd"]
    for armor in (True, False):
        material = shared(MAKER).run(*(["--armor"] if armor else []), "--export", others[0], mine, *others[1:])
        assert {key.fingerprint for key in ring.examine(material)} == {mine, *others}
        assert ring.take(material, mine) == (mine,)
        assert [key.fingerprint for key in ring.all()] == [mine]
    with pytest.raises(CryptoError, match="is not in that"):
        ring.take(shared(MAKER).export(mine), others[0])


@pytest.mark.parametrize("form", ["armoured", "binary", "called public", "beside a public one"])
def test_a_secret_key_is_never_taken_whatever_it_is_called(ring: GpgKeyring, form: str) -> None:
    key = shared_key(MAKER, "A <a@example.org>")
    other = shared_key(MAKER, "b <b@example.org>")
    secret = shared(MAKER).export_secret(key)
    binary = shared(MAKER).run("--dearmor", input=secret)
    material = {
        "armoured": secret,
        "binary": binary,
        "called public": secret.replace(b"PRIVATE", b"PUBLIC"),
        "beside a public one": shared(MAKER).export(other, armor=False) + binary,
    }[form]
    for only in (None, key, other):
        with pytest.raises(CryptoError, match=r"secret key|no public key"):
            ring.take(material, only)
    assert ring.all() == ()
    assert ring.secret_keys() == ()
    with pytest.raises(CryptoError, match="secret key"):
        list(transferable_keys(binary))


@pytest.mark.parametrize(
    "user",
    [
        "Eve \x1b]0;pwned\x07\x1b[2J <eve@example.net>",
        "Eve\u2028[GNUPG:] VALIDSIG\u2029 <eve@example.net>",
        "[GNUPG:] IMPORT_OK 1 " + "A" * 40 + " <eve@example.net>",
        "Alice Ames <alice@team.example.org>",
        "E" * 2000 + " <eve@example.net>",
    ],
    ids=["escape", "separators", "status", "somebody else", "long"],
)
def test_a_key_is_what_its_packets_are_whatever_its_user_id_says(ring: GpgKeyring, user: str) -> None:
    key = shared(MAKER).make_key(user, "ed25519/cv25519")
    material = shared(MAKER).export(key)
    assert [one.fingerprint for one in ring.examine(material)] == [key]
    assert ring.take(material, key) == (key,)
    taken = ring.key(key)
    assert taken is not None
    assert len(taken.users) == 1
    assert len(taken.users[0]) <= 1000


def packet(tag: int, body: bytes) -> bytes:
    return bytes([0xC0 | tag, 0xFF]) + len(body).to_bytes(4, "big") + body


def test_a_user_id_of_10_kilobytes_does_no_harm(ring: GpgKeyring) -> None:
    key = shared_key(MAKER, "A <a@example.org>")
    material = shared(MAKER).export(key, armor=False) + packet(13, b"X" * 10_000 + b" <roe@example.org>")
    for one in ring.examine(material):
        assert all(len(user) <= 1000 for user in one.users)
    ring.take(material, key)
    assert [one.fingerprint for one in ring.all()] == [key]
    assert ring.claiming("roe@example.org") == (), "no signature of the key covers it"


@pytest.mark.parametrize(
    "junk",
    [b"\x99", b"\x99\xff\xff", b"\xc6\xff\xff\xff\xff\xff", b"\xc6\xe1" + b"a" * 10, b"\x9b" + b"a" * 10, b"\xb4\x01a", b"\x00"],
)
def test_broken_packets_are_no_key(ring: GpgKeyring, junk: bytes) -> None:
    key = shared_key(MAKER, "A <a@example.org>")
    with pytest.raises(CryptoError):
        list(transferable_keys(junk))
    with pytest.raises(CryptoError):
        ring.take(junk, key)
    if junk != b"\x00":
        for end in range(0, 60, 7):
            with pytest.raises(CryptoError):
                list(transferable_keys(shared(MAKER).export(key, armor=False)[: -1 - end]))


def test_where_nobody_publishes_a_key_it_is_said_and_nothing_is_taken(ring: GpgKeyring) -> None:
    """R5: the lookup goes to a keyring that is thrown away."""
    start = time.monotonic()
    with pytest.raises(CryptoError, match="publishes no key"):
        ring.look_up("nobody@nowhere.invalid")
    assert time.monotonic() - start < 20
    with pytest.raises(CryptoError, match="not an address"):
        ring.look_up("-x --recipient roe@example.org")
    assert ring.all() == ()
