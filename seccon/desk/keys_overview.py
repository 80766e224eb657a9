"""All keys that matter, with what is to be done about each; and a test that a key does what it should (features, H2)."""

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from seccon.core.board import BoardQuery
from seccon.core.errors import CryptoError
from seccon.core.ids import TEAM_FILE, Fingerprint, address_key
from seccon.core.key_watch import (
    Rotation,
    Watched,
    former_keys,
    rotation,
    watch_claim,
    watch_identity,
    watch_member,
    watch_pin,
)
from seccon.core.keys import Key, faults
from seccon.core.pinning import Pin, confirmed
from seccon.core.ports import Phrase
from seccon.core.team import own_addresses
from seccon.desk.office import Office
from seccon.desk.request import Request
from seccon.desk.roster import roster_of

_CASES = 500
"""Open cases whose reporters are looked at."""
_LINE = b"seccon encrypts this line to see whether the key can be used.\n"


class Overview(msgspec.Struct, frozen=True):
    """Every key that matters, what is wrong first."""

    keys: tuple[Watched, ...]
    rotations: tuple[Rotation, ...] = ()


class KeysOverview(Request, frozen=True, kw_only=True):
    """Ask how the keys stand: slow where the keyring is large."""

    beside: ClassVar[bool] = True

    def perform(self, office: Office) -> Overview:
        """Look at all of them. Raises CryptoError, LedgerError."""
        now, ring = office.clock(), office.keyring
        held = {key.fingerprint: key for key in ring.all()}
        writing = _correspondents(office)
        keys = tuple(_watched(office, held, writing))
        ours = [key for key in held.values() if key.secret]
        rotations = tuple(
            rotation(one, [key for key in ours if _bears(key, one.address)], len(writing), now) for one in office.identities
        )
        order = {"wrong": 0, "soon": 1, "ok": 2}
        return Overview(tuple(sorted(keys, key=lambda one: order[one.condition])), rotations)


def _watched(office: Office, held: dict[Fingerprint, Key], writing: tuple[str, ...]) -> Iterator[Watched]:
    now, entries, roster = office.clock(), office.ledger.entries(TEAM_FILE), roster_of(office)
    pins, former = confirmed(entries).pins, former_keys(entries)

    def how(pin: Pin | None) -> str:
        return f"{pin.how} ({roster.display(pin.by)}{f', {pin.at:%Y-%m-%d}' if pin.at else ''})" if pin else ""

    seen = set(own_addresses(office.identities))
    for identity in office.identities:
        yield watch_identity(identity, held.get(identity.sign_key) if identity.sign_key else None, now)
    for member in roster.members:
        theirs = [address_key(one) for one in member.addresses]
        seen |= set(theirs)
        pin = next((pins[one] for one in theirs if one in pins), None)
        wanted = pin.fingerprint if pin else member.key
        yield watch_member(member, pin, held.get(wanted) if wanted else None, now, how(pin))
    for address, pin in pins.items():
        if address not in seen:
            yield watch_pin(pin, held.get(pin.fingerprint), now, how(pin), former.get(address, ()))
    for address in writing:
        claims = [key for key in held.values() if _bears(key, address)]
        if claims and address not in seen and address not in pins:
            yield watch_claim(address, claims, now)


def _correspondents(office: Office) -> tuple[str, ...]:
    """Name who has an open case."""
    rows = office.ledger.rows(BoardQuery(), office.person, 0, _CASES)
    return tuple(dict.fromkeys(address_key(row.address) for row in rows if row.address))


def _bears(key: Key, address: str) -> bool:
    return address_key(address) in map(address_key, key.addresses)


class Tried(msgspec.Struct, frozen=True):
    """What a test of a key showed, in words."""

    sentence: str
    works: bool


class TryKey(Request, frozen=True, kw_only=True):
    """Encrypt a line to a key, read the packets back, and open it again if the secret half is here."""

    beside: ClassVar[bool] = True

    fingerprint: Fingerprint
    passphrase: Phrase = None

    def perform(self, office: Office) -> Tried:
        """Try it. Raises CryptoError with `locked` where a passphrase is needed."""
        key = office.keyring.key(self.fingerprint)
        wrong = faults(key, office.clock()) if key else ("is not in the keyring",)
        if key is None or wrong:
            return Tried(f"The key {wrong[0]}: nothing was encrypted.", False)
        try:
            sealed = office.cipher.encrypt(_LINE, [self.fingerprint])
        except CryptoError as error:
            return Tried(str(error), False)
        said = "A line was encrypted; its packets, read back, name this key and no other."
        if not key.secret:
            return Tried(f"{said} The secret half is not here, so only its owner can open it.", True)
        opened = office.cipher.decrypt(sealed, self.passphrase) == _LINE
        return Tried(f"{said} It was opened again with the secret half." if opened else f"{said} It did NOT open again.", opened)
