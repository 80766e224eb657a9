"""Keys on offer for an address: came with a mail, lie in the keyring, or were looked up. Nothing here is trusted.

Owns the comparison with what is pinned, and the words. Taking in and pinning is the desk's; user ids stay strangers' text.
"""

from collections.abc import Iterable, Sequence

import msgspec

from seccon.core.ids import Fingerprint, address_key
from seccon.core.instants import Instant
from seccon.core.keys import Key, Pins, faults, unfit, warnings
from seccon.core.pinning import Pin
from seccon.core.plural import count
from seccon.core.report import Mail

_SECRET = "-----BEGIN PGP PRIVATE KEY BLOCK-----"  # noqa: S105 - a mark, no secret
_USERS = 5


class Offer(msgspec.Struct, frozen=True):
    """One key, and what pinning it to `address` would be."""

    key: Key
    address: str
    claims: bool = False
    """One of its user ids bears the address: its maker's word."""
    held: bool = False
    """It lies in the keyring."""
    trusted: Fingerprint | None = None
    """The key that is trusted for the address now."""
    before: Pin | None = None
    """What a person pinned to the address before, if that is another key: pinning this one is a change."""
    update: bool = False
    """It lies in the keyring, but what came knows more of it: it lasts longer, was revoked, has another subkey."""
    vouched: bool = False
    """It stands in a part of a mail that the key trusted so far has signed, whole."""
    others: tuple[str, ...] = ()
    """Addresses on it that are the team's own, or another key's: whoever made it says more than they should."""
    faults: tuple[str, ...] = ()
    unfit: bool = False
    """It cannot be pinned; one that only signs can be, though nothing can be encrypted to it."""
    warnings: tuple[str, ...] = ()
    source: str = ""
    """Where it came from, in words."""
    mail: str = ""
    """Message-ID of the mail that it came with, if it did."""
    material: bytes = b""
    """What holds it, where it is not held yet; it may hold other keys too."""

    @property
    def pinned(self) -> bool:
        """It is trusted for the address already."""
        return self.trusted == self.key.fingerprint

    @property
    def change(self) -> bool:
        """Another key is trusted for the address: never to be passed over (features, R5)."""
        return self.trusted is not None and not self.pinned

    @property
    def replaces(self) -> Fingerprint | None:
        """The pin that it would take the place of; a roster's key is no pin."""
        return self.before.fingerprint if self.before else None


class Offers(msgspec.Struct, frozen=True):
    """The keys on offer for one address."""

    address: str
    keys: tuple[Offer, ...] = ()
    secret: bool = False
    """Secret key material came along: it is never taken, and its owner must be told."""
    before: Pin | None = None
    trusted: Fingerprint | None = None
    mail: str = ""
    """Message-ID of the mail that they came with."""

    @property
    def open(self) -> tuple[Offer, ...]:
        """Those that are not trusted yet, or of which more is known now."""
        return tuple(one for one in self.keys if not one.pinned or one.update)


class Around(msgspec.Struct, frozen=True):
    """What offers are compared with."""

    pins: Pins
    """All that is trusted now."""
    pinned: dict[str, Pin]
    """What people pinned, by `address_key`."""
    team: frozenset[str]
    """Addresses of members and identities, as `address_key`s."""
    now: Instant


def offer(key: Key, address: str, around: Around, **more: object) -> Offer:
    """Compare one key with what is known of an address."""
    mine = address_key(address)
    before = around.pinned.get(mine)
    made = Offer(
        key=key,
        address=address,
        claims=mine in map(address_key, key.addresses),
        trusted=around.pins.of(address),
        before=before if before and before.fingerprint != key.fingerprint else None,
        others=tuple(one for one in key.addresses if address_key(one) != mine and _anothers(one, key, around)),
        faults=faults(key, around.now),
        unfit=bool(unfit(key, around.now)),
        warnings=warnings(key, around.now),
    )
    return msgspec.structs.replace(made, **more)


def _anothers(address: str, key: Key, around: Around) -> bool:
    trusted = around.pins.of(address)
    return trusted != key.fingerprint and (trusted is not None or address_key(address) in around.team)


def is_update(came: Key, held: Key) -> bool:
    """Say whether what came knows more of a key than what is held."""
    longer = held.expires is not None and (came.expires is None or came.expires > held.expires)
    return (came.revoked and not held.revoked) or longer or not set(came.encryption_keys) <= set(held.encryption_keys)


def ordered(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """Put first what is most likely wanted: not yet trusted, usable, claiming the address, the newest."""

    def place(one: Offer) -> tuple[bool, bool, bool, float]:
        return one.pinned, bool(one.faults), not one.claims, -(one.key.created.timestamp() if one.key.created else 0)

    return tuple(sorted(offers, key=place))


def is_key_part(type: str, text: str | None) -> bool:
    """Say whether a part may hold keys."""
    return type == "application/pgp-keys" or "-----BEGIN PGP P" in (text or "")


def carries_keys(mail: Mail) -> bool:
    """Say whether keys came with a mail, public or secret."""
    return bool(mail.keys) or any(is_key_part(part.type, part.text) for part in mail.parts)


def holds_secret_block(text: str) -> bool:
    """Say whether an armoured secret key stands in some text."""
    return _SECRET in text


def is_new(offers: Offers) -> bool:
    """Say whether a person has to look: there is a key that is not pinned, or a secret one."""
    return offers.secret or bool(offers.open)


def came_line(offers: Offers) -> str:
    """Say in a line what came with a mail."""
    if offers.secret:
        return "A SECRET key came with this mail: it was not taken, and its owner must be told."
    count = len(offers.open)
    if any(one.change for one in offers.open):
        return f"{_keys(count)} came with this mail: ANOTHER than the one trusted for {offers.address}."
    if all(one.update and one.pinned for one in offers.open):
        return f"A newer copy of the key of {offers.address} came with this mail."
    return f"{_keys(count)} came with this mail, not pinned to {offers.address}."


def _keys(number: int) -> str:
    return count(number, "key")


def age(key: Key) -> str:
    """Say what kind of key it is, how old and how long it lasts."""
    kind = f"{key.algorithm}{key.bits}" if key.algorithm in ("rsa", "dsa", "elg") else key.algorithm
    made = f"made {key.created:%Y-%m-%d}" if key.created else "of unknown age"
    ends = f"expires {key.expires:%Y-%m-%d}" if key.expires else "never expires"
    return f"{kind}, {made}, {ends}"


def users(key: Key) -> tuple[str, ...]:
    """Give the first user ids, and how many there are more; strangers' text."""
    shown: Sequence[str] = key.users[:_USERS]
    more = len(key.users) - len(shown)
    return (*shown, f"and {more} more") if more else tuple(shown)


def usable(one: Offer) -> str:
    """Say whether it can be encrypted to."""
    if one.faults:
        return f"{'cannot be used' if one.unfit else 'proves who signed, and no more'}: it {', '.join(one.faults)}"
    return f"can be used, but {', '.join(one.warnings)}" if one.warnings else "can be used"
