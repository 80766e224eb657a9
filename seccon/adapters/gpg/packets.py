"""Cuts OpenPGP key material into its keys, so that one can be taken and the others left (RFC 4880, 4.2 and 11.1).

Knows where a packet ends and which packet begins a key, nothing more: what a key is worth is gpg's to say, after it was cut out.
"""

import hashlib
from collections.abc import Iterator

import msgspec

from seccon.core.errors import CryptoError
from seccon.core.ids import Fingerprint

_PUBLIC, _SECRET, _MARKER = 6, (5, 7), 10
_MOST = 1000
"""Keys of one file that are looked at."""


class OneKey(msgspec.Struct, frozen=True):
    """A key with all that belongs to it."""

    fingerprint: Fingerprint | None
    """None for a key of another version than 4."""
    data: bytes


def transferable_keys(data: bytes) -> Iterator[OneKey]:
    """Give the keys of some binary key material, in order. Raises CryptoError where it is broken, or holds a secret key."""
    starts: list[tuple[int, Fingerprint | None]] = []
    for tag, start, body in _packets(data):
        if tag in _SECRET:
            raise CryptoError(
                "That holds a secret key; nothing was taken.", "Tell its owner that this key must not be used again."
            )
        if tag == _PUBLIC:
            starts.append((start, _fingerprint(body)))
        elif not starts and tag != _MARKER:
            raise CryptoError("That does not begin with a key.")
        if len(starts) > _MOST:
            raise CryptoError("That holds more keys than anybody has.")
    ends = [*(start for start, _ in starts[1:]), len(data)]
    for (start, fingerprint), end in zip(starts, ends, strict=False):
        yield OneKey(fingerprint, data[start:end])


def _fingerprint(body: bytes) -> Fingerprint | None:
    """Work out the fingerprint of a version 4 key (RFC 4880, 12.2). SHA-1 is what the format says; gpg is asked again later."""
    if body[:1] != b"\x04" or len(body) > 0xFFFF:
        return None
    digest = hashlib.sha1(b"\x99" + len(body).to_bytes(2, "big") + body, usedforsecurity=False)
    return Fingerprint(digest.hexdigest().upper())


def _packets(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Give tag, start and body of each packet. Raises CryptoError."""
    at = 0
    while at < len(data):
        head = data[at]
        if not head & 0x80:
            raise CryptoError("That is no key, or a damaged one.")
        new = bool(head & 0x40)
        tag = head & 0x3F if new else head >> 2 & 0x0F
        size, body = _new_length(data, at + 1) if new else _old_length(data, at + 1, head & 3)
        if size < 0 or body + size > len(data):
            raise CryptoError("That is no key, or a damaged one.")
        yield tag, at, data[body : body + size]
        at = body + size


def _old_length(data: bytes, at: int, kind: int) -> tuple[int, int]:
    """Read a length of the old form: (length, where the body begins); -1 for one without end."""
    octets = (1, 2, 4, 0)[kind]
    return (int.from_bytes(data[at : at + octets], "big") if octets else -1), at + octets


def _new_length(data: bytes, at: int) -> tuple[int, int]:
    """Read a length of the new form; -1 for a partial one, which no key has."""
    first = data[at] if at < len(data) else 255
    if first < 192:
        return first, at + 1
    if first < 224:
        second = data[at + 1] if at + 1 < len(data) else 0
        return ((first - 192) << 8) + second + 192, at + 2
    return (int.from_bytes(data[at + 1 : at + 5], "big") if first == 255 else -1), at + 5
