"""Pins: which key was confirmed by a person for which address, folded out of the team's file."""

from collections.abc import Iterable

import msgspec

from seccon.core.ids import Fingerprint, address_key
from seccon.core.instants import Instant
from seccon.core.journal import Entry
from seccon.core.journal.replies import KeyPinned, KeyUnpinned


class Pin(msgspec.Struct, frozen=True):
    """One confirmation: the key, how it was verified, by whom and when."""

    address: str
    fingerprint: Fingerprint
    how: str = ""
    by: str = ""
    at: Instant | None = None


class Confirmed(msgspec.Struct, frozen=True):
    """What people confirmed, and what they took back: a roster's key that was taken back is not trusted either."""

    pins: dict[str, Pin]
    """By `address_key`."""
    withdrawn: frozenset[tuple[str, Fingerprint]] = frozenset()


def confirmed(entries: Iterable[Entry]) -> Confirmed:
    """Fold the team's file into the pins in force."""
    pins: dict[str, Pin] = {}
    withdrawn: set[tuple[str, Fingerprint]] = set()
    for entry in entries:
        match entry.body:
            case KeyPinned(address=address, fingerprint=fingerprint, how=how):
                key = address_key(address)
                pins[key] = Pin(address, fingerprint, how, entry.by, entry.at)
                withdrawn.discard((key, fingerprint))
            case KeyUnpinned(address=address, fingerprint=fingerprint):
                key = address_key(address)
                withdrawn.add((key, fingerprint))
                if key in pins and pins[key].fingerprint == fingerprint:
                    del pins[key]
            case _:
                pass
    return Confirmed(pins, frozenset(withdrawn))
