"""What leaves opens for whom it should and for nobody else, or nothing leaves (R3, R9)."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from seccon.adapters.gpg.cipher import GpgCipher
from seccon.adapters.gpg.opener import Opener
from seccon.adapters.gpg.runner import Runner
from seccon.adapters.keyring import GpgKeyring
from seccon.core.errors import CryptoError
from seccon.core.ids import Fingerprint
from seccon.core.keys import Key
from seccon.core.ports import Cipher, Unlock
from tests.keysmith import GpgHome, shared, shared_key

HOME = "cipher"


@pytest.fixture
def home() -> GpgHome:
    return shared(HOME)


@pytest.fixture
def cipher(home: GpgHome) -> Cipher:
    return GpgCipher(str(home.path))


@pytest.fixture
def team() -> Fingerprint:
    return shared_key(HOME, "Team <team@example.com>")


@pytest.fixture
def roe() -> Fingerprint:
    return shared_key(HOME, "A. Roe <roe@example.org>", "rsa2048")


@pytest.fixture
def locked(home: GpgHome) -> Fingerprint:
    key = shared_key(HOME, "Locked <locked@example.com>", passphrase="open sesame")
    home.forget()
    return key


def test_what_was_encrypted_opens_for_each_recipient_and_is_signed(
    home: GpgHome, cipher: Cipher, team: Fingerprint, roe: Fingerprint
) -> None:
    """R2: plain gpg reads it, with an agent that holds the unprotected key."""
    clear = "first line\nGrüße\n".encode()
    secret = cipher.encrypt(clear, [roe, team, roe], team)
    assert home.run("--decrypt", input=secret) == clear
    told = home.run("--status-fd", "1", "--decrypt", input=secret).decode()
    assert told.count("ENC_TO") == 2
    assert f"VALIDSIG {team}" in told


def test_an_imported_key_that_nobody_certified_can_be_encrypted_to(home: GpgHome, team: Fingerprint, roe: Fingerprint) -> None:
    """The pinned fingerprint is the trust, not gpg's web of it."""
    with GpgHome() as mine:
        mine.take(home.export(roe))
        secret = GpgCipher(str(mine.path)).encrypt(b"x", [roe])
    assert home.run("--decrypt", input=secret) == b"x"


@pytest.mark.parametrize(
    "wrong", ["", "roe@example.org", "A. Roe", "0xDEADBEEF", "=A. Roe <roe@example.org>", "--output=/tmp/x", "x\nrecipient y"]
)
def test_a_recipient_is_a_full_fingerprint_or_nothing_is_made(cipher: Cipher, roe: Fingerprint, wrong: str) -> None:
    for recipient in (wrong, roe.lower(), f"0x{roe}", f"{roe}!", f" {roe}"):
        with pytest.raises(CryptoError, match="fingerprint"):
            cipher.encrypt(b"x", [roe, Fingerprint(recipient)])


def test_nobody_is_no_recipient(cipher: Cipher) -> None:
    with pytest.raises(CryptoError, match="nobody"):
        cipher.encrypt(b"x", [])


def test_unusable_keys_are_refused_in_words(home: GpgHome, cipher: Cipher, team: Fingerprint) -> None:
    with GpgHome() as mine:
        good = mine.make_key("Good <good@example.org>")
        expired = mine.make_key("Old <old@example.org>", expires="2020-02-01", made="20200101T000000")
        revoked = mine.make_key("Gone <gone@example.org>")
        signing = mine.make_key("Sign <sign@example.org>", "ed25519")
        mine.revoke(revoked)
        here = GpgCipher(str(mine.path))
        for key in (expired, revoked, signing, Fingerprint("A" * 40)):
            with pytest.raises(CryptoError, match=f"would not encrypt: the key {key}"):
                here.encrypt(b"x", [good, key])
        with pytest.raises(CryptoError, match="signing key"):
            here.encrypt(b"x", [good], Fingerprint("A" * 40))


class _OneKeyMissing:
    """A keyring that knows one key less than gpg: as if a foreign packet had got in."""

    def __init__(self, ring: GpgKeyring, missing: Fingerprint) -> None:
        self._ring, self._missing = ring, missing

    def key(self, fingerprint: Fingerprint) -> Key | None:
        return None if fingerprint == self._missing else self._ring.key(fingerprint)


def test_packets_that_do_not_name_every_recipient_are_thrown_away(home: GpgHome, team: Fingerprint, roe: Fingerprint) -> None:
    ring = _OneKeyMissing(GpgKeyring(str(home.path)), roe)
    with pytest.raises(CryptoError, match="does not open for"):
        GpgCipher(str(home.path), ring).encrypt(b"x", [team, roe])  # type: ignore[arg-type]


@pytest.mark.parametrize(("added", "words"), [("recipient {0}", "also opens for"), ("hidden-recipient {0}", "also opens for")])
def test_a_packet_for_somebody_else_is_found(
    home: GpgHome, team: Fingerprint, roe: Fingerprint, tmp_path: Path, added: str, words: str
) -> None:
    """R3: a gpg that encrypts to one more (an option, a wrapper) is found out by reading the packets."""
    fake = tmp_path / "gpg"
    more = added.format(roe).replace("recipient", "--recipient").replace("hidden---", "--hidden-")
    fake.write_text(f'#!/bin/sh\ncase "$*" in *--encrypt*) exec /usr/bin/gpg {more} "$@";; *) exec /usr/bin/gpg "$@";; esac\n')
    fake.chmod(0o700)
    cipher = GpgCipher(str(home.path))
    cipher._runner = Runner(str(home.path), str(fake))
    with pytest.raises(CryptoError, match=words):
        cipher.encrypt(b"x", [team])


def test_a_detached_signature_verifies_and_names_its_hash(
    home: GpgHome, cipher: Cipher, team: Fingerprint, roe: Fingerprint
) -> None:
    for key in (team, roe):
        made, micalg = cipher.sign(b"text\r\n", key)
        assert micalg in ("pgp-sha256", "pgp-sha512")
        assert Opener(Runner(str(home.path))).verify(b"text\r\n", made).fingerprint == key


def test_a_locked_signing_key_says_that_a_passphrase_would_help(home: GpgHome, cipher: Cipher, locked: Fingerprint) -> None:
    """R9: none and a wrong one are told apart; the right one signs."""
    with pytest.raises(CryptoError, match="passphrase is needed") as none:
        cipher.sign(b"x", locked)
    with pytest.raises(CryptoError, match="wrong") as wrong:
        cipher.encrypt(b"x", [locked], locked, b"guess")
    assert (none.value.locked, wrong.value.locked) == (True, True)
    assert cipher.sign(b"x", locked, b"open sesame")[1].startswith("pgp-sha")


def test_the_first_line_is_never_taken_for_a_passphrase(
    home: GpgHome, cipher: Cipher, team: Fingerprint, locked: Fingerprint
) -> None:
    """An empty passphrase made the library swallow it, and say that all was well."""
    secret = cipher.encrypt(b"first line\nrest", [team], team, b"")
    assert home.run("--decrypt", input=secret) == b"first line\nrest"
    with pytest.raises(CryptoError, match="cannot be a passphrase"):
        cipher.encrypt(b"first line\nrest", [team], locked, b"")


def test_drafts_come_back(cipher: Cipher, team: Fingerprint, locked: Fingerprint) -> None:
    assert cipher.decrypt(cipher.encrypt(b"draft", [team])) == b"draft"
    secret = cipher.encrypt(b"draft", [locked])
    with pytest.raises(CryptoError) as error:
        cipher.decrypt(secret)
    assert error.value.locked
    assert cipher.decrypt(secret, b"open sesame") == b"draft"


def test_what_is_no_draft_is_refused(cipher: Cipher, home: GpgHome) -> None:
    for junk in (b"", b"junk", home.run("--store", input=b"literal")):
        with pytest.raises(CryptoError):
            cipher.decrypt(junk)


@pytest.fixture
def forwarded(home: GpgHome, team: Fingerprint) -> Iterator[GpgHome]:
    """A home with public keys only, whose agent is another home's restricted socket: as SSH forwards it."""
    with GpgHome() as there:
        there.take(home.export(team))
        subprocess.run(["gpgconf", "--homedir", str(there.path), "--kill", "all"], check=True, capture_output=True)  # noqa: S607
        home.run("--list-secret-keys")
        socket = there.path / "S.gpg-agent"
        socket.unlink(missing_ok=True)
        socket.symlink_to(home.path / "S.gpg-agent.extra")
        yield there
        socket.unlink()


def test_a_forwarded_agent_is_left_alone_where_nobody_asked(home: GpgHome, forwarded: GpgHome, team: Fingerprint) -> None:
    """R9: it cannot be told to keep quiet, and its owner would be asked out of the blue, once for each mail that came in."""
    secret = home.run("--armor", "--encrypt", "-r", team, "--trust-model", "always", input=b"text")
    runner = Runner(str(forwarded.path))
    for _ in range(2):
        opened = Opener(runner).decrypt(secret, Unlock.UNASKED)
        assert opened.text is None
        assert opened.problem
        assert Opener(runner).decrypt(secret, Unlock.QUIET).text == b"text", "a person opened it"
    assert Opener(Runner(str(home.path))).decrypt(secret, Unlock.UNASKED).text == b"text", (
        "an agent that keeps quiet may be asked"
    )


@pytest.mark.parametrize("unlock", [Unlock.QUIET, Unlock.AGENT, Unlock.TYPED])
def test_a_forwarded_agent_decrypts_and_signs_without_loopback(
    home: GpgHome, forwarded: GpgHome, team: Fingerprint, unlock: Unlock
) -> None:
    """R9: its restricted socket forbids every pinentry mode."""
    plain = forwarded.run("--pinentry-mode", "error", "-u", team, "--sign", input=b"x", ok=(2,))
    assert plain == b"", "the socket is not restricted, so this test would prove nothing"
    cipher = GpgCipher(str(forwarded.path))
    secret = cipher.encrypt(b"text", [team], team, b"unused" if unlock is Unlock.TYPED else None)
    opened = Opener(Runner(str(forwarded.path))).decrypt(secret, unlock, b"unused")
    assert opened.text == b"text"
    assert opened.seal is not None
    assert opened.seal.fingerprint == team
    assert GpgKeyring(str(forwarded.path)).secret_keys()[0].fingerprint == team


def test_a_forwarded_agent_is_not_asked_for_a_password(home: GpgHome, forwarded: GpgHome) -> None:
    secret = home.run("--armor", "--pinentry-mode", "loopback", "--passphrase", "x", "--symmetric", input=b"secret")
    home.forget()
    opened = Opener(Runner(str(forwarded.path))).decrypt(secret, Unlock.AGENT)
    assert opened.text is None
    assert "password only" in opened.problem
