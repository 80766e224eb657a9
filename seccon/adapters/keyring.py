"""The public keys that we hold, as values. Fulfils `core.ports.Keyring`.

gpg is run by our own runner (bytes, time limit, nothing in argv: the whole list is fetched and kept, which is cheap, so that no
address is ever an argument that other users of the host could see); `python-gnupg` knows what the fields of a listing mean. Its
own reader is not used: it splits lines at characters that user ids may hold.
"""

import logging
import os
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from seccon.adapters.gpg.packets import transferable_keys
from seccon.adapters.gpg.runner import Outcome, Runner
from seccon.core.errors import CryptoError
from seccon.core.ids import Fingerprint, address_key, fingerprint
from seccon.core.instants import Instant, from_timestamp
from seccon.core.keys import WEAK_RSA_BITS, Key
from seccon.core.letter import is_address

_LISTING = ("--with-colons", "--fixed-list-mode", "--with-fingerprint", "--with-fingerprint")
_RECORDS = frozenset(("pub", "sec", "sub", "ssb", "uid", "fpr"))
_FIRST = ("pub", "sec")
_FILES = ("pubring.kbx", "pubring.gpg", "public-keys.d/pubring.db", "private-keys-v1.d")
_FRESH = 30.0
"""Seconds for which a listing is kept while no file moved: a forwarded agent comes and goes without one."""
_MAX_KEYS = 1 << 20
"""Bytes of key data that are looked at: a key with hundreds of user ids is still far below."""
_UNUSABLE = frozenset("reind")
"""Validity letters: revoked, expired, invalid, never, disabled (GnuPG, doc/DETAILS)."""
_ADDRESS = re.compile(r"<([^<>@\s]+@[^<>@\s]+)>\s*\Z|\A\s*([^<>@\s]+@[^<>@\s]+)\s*\Z")
_ALGORITHMS = {"1": "rsa", "2": "rsa", "3": "rsa", "16": "elg", "17": "dsa", "18": "ecdh", "19": "ecdsa", "22": "eddsa"}


class GpgKeyring:
    """The keyring of one GnuPG home (gpg's own where none is given)."""

    def __init__(self, home: str | None = None) -> None:
        self._runner = Runner(home)
        self._home = Path(self._runner.home or os.environ.get("GNUPGHOME") or "~/.gnupg").expanduser()
        self._stamp: tuple[object, ...] = ()
        self._fetched = float("-inf")
        self._keys: dict[Fingerprint, Key] = {}

    def key(self, fingerprint: Fingerprint) -> Key | None:
        """Find one key."""
        return self._listed().get(fingerprint)

    def claiming(self, address: str) -> tuple[Key, ...]:
        """Find the keys whose user ids bear an address: a claim, no proof."""
        wanted = address_key(address)
        return tuple(key for key in self._listed().values() if wanted in map(address_key, key.addresses))

    def secret_keys(self) -> tuple[Key, ...]:
        """List the keys whose secret half we can use."""
        return tuple(key for key in self._listed().values() if key.secret)

    def all(self) -> tuple[Key, ...]:
        """List everything."""
        return tuple(self._listed().values())

    def public(self, fingerprint: Fingerprint, address: str) -> bytes:
        """Give a key as small as it can be used; empty where gpg gives none. The address is no argument: others could see it."""
        key = self.key(fingerprint)
        if key is None or address_key(address) not in map(address_key, key.addresses) or not is_address(address):
            return b""
        minimal = "export-minimal,no-export-attributes"
        options = [f"export-filter keep-uid=mbox = {address.lower()}", "export-filter drop-subkey=expired -t || revoked -t"]
        outcome = self._runner.run("--export-options", minimal, "--export", fingerprint, options=options)
        return b"" if outcome.code != 0 or outcome.late or outcome.cut else outcome.out

    def examine(self, data: bytes) -> tuple[Key, ...]:
        """Say which keys `data` holds, without taking them in."""
        if len(data) > _MAX_KEYS:
            raise CryptoError("That is larger than any key.")
        outcome = self._runner.run(*_LISTING, "--import-options", "show-only", "--import", stdin=data, sha1=True)
        return tuple(_keys(outcome))

    def take(self, data: bytes, only: Fingerprint | None = None) -> tuple[Fingerprint, ...]:
        """Import public keys, or the one named; trusted for nobody until pinned. Raises CryptoError, for secret keys too."""
        offered = self.examine(data)
        if not offered:
            raise CryptoError("There is no public key in that.")
        if any(key.secret for key in offered):
            raise CryptoError(
                "That holds a secret key; nothing was taken.", "Tell its owner that this key must not be used again."
            )
        if only is not None:
            data = self._alone(data, only)
            offered = tuple(key for key in offered if key.fingerprint == only)
        self._runner.run("--import-options", "import-minimal,no-repair-pks-subkey-bug", "--import", stdin=data, sha1=True)
        self._fetched = float("-inf")
        held = self._listed()
        return tuple(dict.fromkeys(key.fingerprint for key in offered if key.fingerprint in held))

    def look_up(self, address: str) -> bytes:
        """Ask the address's own domain for its key, over the network; takes nothing in. Raises CryptoError: none came."""
        from seccon.adapters.gpg.wkd import look_up

        return look_up(self._runner, address)

    def _alone(self, data: bytes, wanted: Fingerprint) -> bytes:
        """Cut one key out of several, so that nothing comes in which nobody asked for."""
        bare = data if data[:1] >= b"\x80" else self._runner.run("--dearmor", stdin=data).out
        found = next((key for key in transferable_keys(bare) if key.fingerprint == wanted), None)
        if found is None:
            raise CryptoError(f"The key {wanted} is not in that.")
        return found.data

    def _listed(self) -> dict[Fingerprint, Key]:
        """Give the whole listing, fetched again when a file of the home moved."""
        stamp = tuple(_moved(self._home / name) for name in _FILES)
        if stamp != self._stamp or time.monotonic() - self._fetched > _FRESH:
            outcome = self._runner.run(*_LISTING, "--with-secret", "--list-keys")
            if outcome.late or outcome.cut:
                raise CryptoError("gpg did not list its keys in time.", "Is the agent that was forwarded still there?")
            self._keys = {key.fingerprint: key for key in _keys(outcome)}
            self._stamp, self._fetched = stamp, time.monotonic()
        return self._keys


def _moved(path: Path) -> object:
    """Give what changes when a file does; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _keys(outcome: Outcome) -> Iterator[Key]:
    """Read a listing: split at line feeds only, and colons, which gpg escapes within user ids."""
    import gnupg

    logging.getLogger("gnupg").setLevel(logging.WARNING)  # at DEBUG it writes what it is given into the log
    listing = gnupg.ListKeys(SimpleNamespace(check_fingerprint_collisions=False))
    revoked = False
    for raw in outcome.out.split(b"\n"):
        fields = raw.decode("utf-8", "replace").split(":")
        if fields[0] not in _RECORDS or len(fields) < 10:
            continue
        if fields[0] in _FIRST:
            revoked = "r" in fields[1]
        if fields[0] == "uid" and "r" in fields[1] and not revoked:
            continue  # it was taken back: an address that the key bears no more
        if listing or fields[0] in _FIRST:
            getattr(listing, fields[0])([*fields, *[""] * (21 - len(fields))])
    for found in listing:
        key = _key(found)
        if key is not None:
            yield key


def _key(found: dict[str, Any]) -> Key | None:
    """Make a value of one listed key; None where it has no full fingerprint (a version 3 key)."""
    try:
        full = fingerprint(found.get("fingerprint", ""))
    except ValueError:
        return None
    users = tuple(text[:1000] for text in found["uids"])
    subkeys = list(found.get("subkey_info", {}).values())
    usable = [sub for sub in subkeys if not _UNUSABLE & set(sub["trust"])]
    encrypting = [sub for sub in usable if "e" in sub["cap"]]
    sound = not _UNUSABLE & set(found["trust"])
    ids = [sub["keyid"] for sub in encrypting] + ([found["keyid"]] if "e" in found["cap"] else [])
    return Key(
        fingerprint=full,
        users=users,
        addresses=tuple(dict.fromkeys(address for text in users if (address := _address(text)))),
        created=_instant(found["date"]),
        expires=_earliest([found["expires"], *_newest(encrypting)]),
        algorithm=_ALGORITHMS.get(found["algo"], found["curve"] or found["algo"]),
        bits=int(found["length"]) if found["length"].isdecimal() else 0,
        revoked="r" in found["trust"],
        disabled="D" in found["cap"] or "d" in found["trust"],
        can_encrypt="E" in found["cap"] and sound and bool(ids),
        can_sign="S" in found["cap"] and sound,
        secret=found["type"] == "sec" or any(part["token"] for part in (found, *subkeys)),
        encryption_flaw=_flaw(subkeys, encrypting) if sound else "",
        encryption_keys=tuple(ids) if sound else (),
        weak_signers=tuple(part["keyid"] for part in (found, *subkeys) if "s" in part["cap"] and _is_weak(part)),
    )


def _is_weak(part: dict[str, Any]) -> bool:
    """Say whether a key or subkey is of a kind and size that can be broken."""
    bits = int(part["length"]) if part["length"].isdecimal() else 0
    return _ALGORITHMS.get(part["algo"], "") in ("rsa", "dsa", "elg") and 0 < bits < WEAK_RSA_BITS


def _flaw(subkeys: Iterable[dict[str, str]], usable: Sequence[dict[str, str]]) -> str:
    """Say what is wrong with the encryption subkey that counts: the newest, which gpg encrypts to."""
    all_of_them = sorted((sub for sub in subkeys if "e" in sub["cap"]), key=lambda sub: int(sub["date"] or 0))
    if not all_of_them:
        return ""
    last = (sorted(usable, key=lambda sub: int(sub["date"] or 0)) or all_of_them)[-1]
    if "r" in last["trust"]:
        return "its encryption subkey is revoked"
    ended = _instant(last["expires"])
    if "e" in last["trust"] and ended is not None:
        return f"its encryption subkey expired on {ended:%Y-%m-%d}"
    if _is_weak(last):
        return f"encrypts with a subkey that is too weak ({_ALGORITHMS[last['algo']]} of {last['length']} bits)"
    return ""


def _address(user: str) -> str | None:
    """Give the address that a user id bears, as gpg's users write it: in angle brackets at the end, or alone."""
    match = _ADDRESS.search(user)
    return match and (match[1] or match[2])


def _newest(subkeys: Iterable[dict[str, str]]) -> list[str]:
    """Give the expiry of the newest of some subkeys: the one that gpg encrypts to."""
    ordered = sorted(subkeys, key=lambda sub: int(sub["date"] or 0))
    return [ordered[-1]["expires"]] if ordered else []


def _earliest(times: Iterable[str]) -> Instant | None:
    found = [instant for text in times if (instant := _instant(text)) is not None]
    return min(found, default=None)


def _instant(text: str) -> Instant | None:
    """Read seconds since 1970."""
    return from_timestamp(float(text)) if text.isdecimal() and len(text) < 15 else None
