"""What a mail's protection is worth: scopes, signatures and the From line, weighed together. Pure judgement.

Owns the rules by which a mark is earned. Reading gpg's words is the adapter's, drawing the mark the widget's.
"""

from collections.abc import Callable, Sequence

import msgspec

from seccon.core.ids import Fingerprint
from seccon.core.keys import Pins
from seccon.core.report import Address, Scope, Signature, Verdict

Bears = Callable[[Fingerprint, str], bool]
"""Says whether a user id of that key bears that address: a claim of whoever made it."""

_ORDER = (
    Signature.BAD, Signature.ERROR, Signature.REVOKED_KEY, Signature.EXPIRED, Signature.EXPIRED_KEY, Signature.UNKNOWN_KEY,
    Signature.NONE, Signature.GOOD,
)  # fmt: skip
"""Worst first: of several signatures the worst is told."""


class Seal(msgspec.Struct, frozen=True):
    """One signature, as gpg judged it."""

    signature: Signature = Signature.NONE
    fingerprint: Fingerprint | None = None
    """Of the primary key; only where gpg has checked the signature with a key that we have."""
    signer: str | None = None
    by: str = ""
    """16-digit id of the key or subkey that made it; where it was checked."""
    of_text: bool = False
    """It was made over a text: gpg then leaves some letters at line ends out of the sum."""

    @property
    def good(self) -> bool:
        """It is valid, by a key that we have; by whose is not said."""
        return self.signature is Signature.GOOD and self.fingerprint is not None


class Found(msgspec.Struct, frozen=True):
    """What was met on the way through one mail."""

    encrypted: Scope = Scope.NO
    signed: Scope = Scope.NO
    seals: tuple[Seal, ...] = ()
    author: Address | None = None
    """The one From mailbox, where the header is beyond doubt; None otherwise."""


def judge(found: Found, pins: Pins, bears: Bears) -> Verdict:
    """Weigh what was met. A key matches From when it is pinned to that address, or, where nothing is pinned, when it bears it."""
    seal = _one(found.seals)
    if seal is None:
        return Verdict(encrypted=found.encrypted)
    matches, pinned = _belongs(seal, found.author, pins, bears)
    return Verdict(
        encrypted=found.encrypted,
        signed=found.signed,
        signature=seal.signature,
        fingerprint=seal.fingerprint,
        signer=seal.signer,
        matches_from=matches,
        pinned=pinned,
    )


def _one(seals: Sequence[Seal]) -> Seal | None:
    """Give the seal to tell of: the worst; nobody's where they are by different keys."""
    if not seals:
        return None
    worst = min(seals, key=lambda seal: _ORDER.index(seal.signature))
    if len({seal.fingerprint for seal in seals}) > 1:
        return Seal(worst.signature)
    return worst


def _belongs(seal: Seal, author: Address | None, pins: Pins, bears: Bears) -> tuple[bool, bool]:
    """Say whether the key is the author's, and whether a person confirmed that."""
    if seal.fingerprint is None or author is None or not author.address:
        return False, False
    pinned = pins.of(author.address)
    if pinned is not None:
        return pinned == seal.fingerprint, pinned == seal.fingerprint
    return bears(seal.fingerprint, author.address), False
