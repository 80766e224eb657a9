"""Keys: what makes one usable, and for whom it is trusted. A pinned full fingerprint is the only trust there is."""

from collections.abc import Mapping
from datetime import timedelta

import msgspec

from seccon.core.ids import Fingerprint, address_key
from seccon.core.instants import Instant

WEAK_RSA_BITS = 2048
"""RSA, DSA and Elgamal keys below this are refused (NIST SP 800-131A rev. 2)."""
EXPIRES_SOON = timedelta(days=30)


class Key(msgspec.Struct, frozen=True):
    """A public key in the keyring. `users` are strangers' text."""

    fingerprint: Fingerprint
    users: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    """Addresses that its user ids bear: a claim of whoever made it."""
    created: Instant | None = None
    expires: Instant | None = None
    """The earliest of the primary key and its newest usable encryption subkey."""
    algorithm: str = ""
    bits: int = 0
    revoked: bool = False
    disabled: bool = False
    can_encrypt: bool = False
    can_sign: bool = False
    secret: bool = False
    """The secret half is here too (or on a card, or behind a forwarded agent)."""
    encryption_flaw: str = ""
    """What is wrong with its encryption subkey, in words that go on after "the key": expired, revoked, too weak."""
    encryption_keys: tuple[str, ...] = ()
    """16-digit ids of the usable encryption (sub)keys: what is read back from packets."""
    weak_signers: tuple[str, ...] = ()
    """16-digit ids of the (sub)keys whose signatures prove nothing: RSA and DSA below `WEAK_RSA_BITS`."""


class Pins(msgspec.Struct, frozen=True):
    """Which key was confirmed by a person for which address."""

    by_address: Mapping[str, Fingerprint] = msgspec.field(default_factory=dict)
    """`address_key` -> fingerprint."""

    def of(self, address: str) -> Fingerprint | None:
        """Give the key pinned to an address."""
        return self.by_address.get(address_key(address))

    def addresses_of(self, fingerprint: Fingerprint) -> tuple[str, ...]:
        """Give the addresses that a key is pinned to."""
        return tuple(address for address, pinned in self.by_address.items() if pinned == fingerprint)


def faults(key: Key, now: Instant, use: str = "encrypt") -> tuple[str, ...]:
    """Say in words why a key cannot be used to `encrypt`, to `sign`, or to `verify` what it signed; empty when it can."""
    found = []
    if key.revoked:
        found.append("is revoked")
    if key.disabled:
        found.append("is disabled")
    if key.expires is not None and key.expires <= now:
        found.append(f"expired on {key.expires:%Y-%m-%d}")
    ended = bool(found)  # that it can do nothing any more needs no saying
    if use == "encrypt" and not key.can_encrypt and not ended:
        found.append(f"cannot encrypt: {key.encryption_flaw}" if key.encryption_flaw else "cannot encrypt")
    if use in ("sign", "verify") and not key.can_sign and not ended:
        found.append("cannot sign")
    if use == "sign" and not key.secret:
        found.append("has no secret half here")
    if key.algorithm.lower().startswith(("rsa", "dsa", "elg")) and 0 < key.bits < WEAK_RSA_BITS:
        found.append(f"is too weak ({key.algorithm} of {key.bits} bits)")
    if use == "encrypt" and key.encryption_flaw and not found:
        found.append(key.encryption_flaw)
    return tuple(found)


def unfit(key: Key, now: Instant) -> tuple[str, ...]:
    """Say why a key can be confirmed for nobody: it is good neither to encrypt to nor to verify by."""
    return faults(key, now) if faults(key, now, "verify") else ()


def grouped(fingerprint: str) -> str:
    """Write a fingerprint as people compare it: in fours."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))


def warnings(key: Key, now: Instant) -> tuple[str, ...]:
    """Say what will soon be wrong with a key that is usable today."""
    if key.expires is not None and now < key.expires <= now + EXPIRES_SOON:
        return (f"expires on {key.expires:%Y-%m-%d}",)
    return ()
