"""The keys that other tests stand on are what they say."""

from tests.keysmith import GpgHome, gpg_home, shared, shared_key


def test_a_made_key_encrypts_signs_and_is_gone_at_the_end() -> None:
    with gpg_home("A. Roe <roe@example.org>") as (home, [fingerprint]):
        secret = home.run("-r", fingerprint, "--trust-model", "always", "-se", input=b"hello")
        assert home.run("-d", input=secret) == b"hello"
        assert b"BEGIN PGP PUBLIC KEY BLOCK" in home.export(fingerprint)
        path = home.path
    assert not path.exists()


def test_keys_are_expired_revoked_or_locked_as_asked() -> None:
    with GpgHome() as home:
        old = home.make_key("Old <old@example.org>", expires="2020-02-01", made="20200101T000000")
        gone = home.make_key("Gone <gone@example.org>", "ed25519")
        home.revoke(gone)
        home.make_key("Rsa <rsa@example.org>", "rsa2048", expires="1y", passphrase="open sesame")
        listed = home.run("--with-colons", "-k").decode().splitlines()
        validity = {line.split(":")[9].split("<")[-1]: line.split(":")[1] for line in listed if line.startswith("uid")}
        assert validity == {"old@example.org>": "e", "gone@example.org>": "r", "rsa@example.org>": "u"}
        assert old != gone


def test_a_shared_home_keeps_its_keys() -> None:
    first = shared_key("keysmith", "Kept <kept@example.org>")
    assert shared_key("keysmith", "Kept <kept@example.org>") == first
    assert shared("keysmith") is shared("keysmith")
