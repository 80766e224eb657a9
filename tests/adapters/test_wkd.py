"""A key that its address's own domain publishes is found, as an offer and no more (R5, H2). Real gpg, dirmngr and TLS."""

import functools

import pytest

from seccon.adapters.keyring import GpgKeyring
from seccon.core.ids import Fingerprint
from tests.domain import look_up, why_not
from tests.keysmith import GpgHome, shared, shared_key

HOME = "wkd"
ROE = "roe@example.org"
HASH = "7pdu1dcki9tukcc9megjxpgghbfapuoe"
"""Of `roe`: SHA-1 in z-base-32 (draft-koch-openpgp-webkey-service, 3.1)."""
ADVANCED = f"/.well-known/openpgpkey/example.org/hu/{HASH}"
DIRECT = f"/.well-known/openpgpkey/hu/{HASH}"
BOTH = ("openpgpkey.example.org", "example.org")
OWN_NETWORK = functools.cache(why_not)


@pytest.fixture(autouse=True)
def _own_network() -> None:
    """Skip where there can be no network of our own."""
    if OWN_NETWORK():
        pytest.skip(OWN_NETWORK())


@pytest.fixture
def home() -> GpgHome:
    return shared(HOME)


@pytest.fixture
def roe() -> Fingerprint:
    return shared_key(HOME, f"A. Roe <{ROE}>")


def published(home: GpgHome, key: str) -> bytes:
    return home.export(key, armor=False)


def examined(home: GpgHome, data: bytes) -> list[tuple[str, tuple[str, ...]]]:
    return [(key.fingerprint, key.addresses) for key in GpgKeyring(str(home.path)).examine(data)]


@pytest.mark.parametrize(("path", "hosts"), [(ADVANCED, BOTH), (DIRECT, BOTH[1:])])
def test_a_published_key_is_found_by_either_method_and_one_question_leaves(
    home: GpgHome, roe: Fingerprint, path: str, hosts: tuple[str, ...]
) -> None:
    """The home stays empty (the child looks); the domain learns the local part's hash and the local part, as WKD has it."""
    found = look_up(ROE, {path: published(home, roe)}, hosts)
    assert found["error"] == ""
    assert found["asked"] == [f"{hosts[0]}{path}?l=roe"]
    assert examined(home, found["key"]) == [(roe, (ROE,))]


def test_an_address_is_looked_up_in_the_one_spelling_that_wkd_knows(home: GpgHome, roe: Fingerprint) -> None:
    found = look_up("Roe@Example.ORG", {ADVANCED: published(home, roe)}, BOTH)
    assert found["asked"] == [f"{BOTH[0]}{ADVANCED}?l=roe"]
    assert [key for key, _ in examined(home, found["key"])] == [roe]


def test_a_domain_speaks_for_the_address_that_was_asked_for_and_for_no_other(home: GpgHome, roe: Fingerprint) -> None:
    """A user id of another address is not let in, nor a key that has only those."""
    eve = shared_key(HOME, "Eve <eve@example.net>")
    both = home.make_key(f"A. Roe <{ROE}>")
    home.run("--pinentry-mode", "loopback", "--passphrase", "", "--quick-add-uid", both, "Team <team@example.com>")
    assert "publishes no key" in look_up(ROE, {ADVANCED: published(home, eve)}, BOTH)["error"]
    assert examined(home, look_up(ROE, {ADVANCED: published(home, both)}, BOTH)["key"]) == [(both, (ROE,))]
    mixed = look_up(ROE, {ADVANCED: published(home, eve) + published(home, roe)}, BOTH)
    assert roe in dict(examined(home, mixed["key"])) or "publishes no key" in mixed["error"]
    assert eve not in dict(examined(home, mixed["key"]) if mixed["key"] else [])


@pytest.mark.parametrize("junk", [b"", b"<html>not found</html>", b"\x99" + b"\0" * 600_000], ids=["empty", "a page", "too much"])
def test_what_is_no_key_is_said_to_be_none(junk: bytes) -> None:
    found = look_up(ROE, {ADVANCED: junk}, BOTH)
    assert found["key"] == b""
    assert "publishes no key for roe@example.org" in found["error"]


def test_a_certificate_that_nobody_vouches_for_ends_the_lookup(home: GpgHome, roe: Fingerprint) -> None:
    found = look_up(ROE, {ADVANCED: published(home, roe), DIRECT: published(home, roe)}, BOTH, certified=False)
    assert (found["key"], found["asked"]) == (b"", [])
    assert "could not be asked" in found["error"]


def test_a_secret_key_that_a_domain_publishes_is_no_offer(home: GpgHome, roe: Fingerprint) -> None:
    secret = home.run("--dearmor", input=home.export_secret(roe))
    found = look_up(ROE, {ADVANCED: secret}, BOTH)
    offered = GpgKeyring(str(home.path)).examine(found["key"]) if found["key"] else ()
    assert not any(key.secret for key in offered)
