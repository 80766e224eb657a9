"""The keys that matter, and what is to be done about each: ours, the members', the correspondents' (features, H2).

Pure: what the keyring, the configuration and the team's file say goes in, words come out.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from seccon.core.ids import Fingerprint, address_key
from seccon.core.instants import Instant
from seccon.core.journal import Entry
from seccon.core.journal.replies import KeyPinned, KeyUnpinned
from seccon.core.keys import Key, faults, grouped, warnings
from seccon.core.pinning import Pin
from seccon.core.team import Identity, Member

Role = Literal["ours", "member", "pinned", "claimed"]
Condition = Literal["ok", "soon", "wrong"]


_REACH_IT = "Forward the agent that has its secret half, plug the card in, or import the secret half."


class Watched(msgspec.Struct, frozen=True):
    """One key in its role."""

    role: Role
    who: str
    address: str
    condition: Condition
    said: str
    """How it stands, in a sentence."""
    todo: str = ""
    """What to do; empty where nothing is to be done."""
    fingerprint: Fingerprint | None = None
    key: Key | None = None
    how: str = ""
    """How it was verified, by whom and when."""
    former: tuple[str, ...] = ()
    """Keys that were trusted for the address before, and until when."""


class RotationStep(msgspec.Struct, frozen=True):
    """A step on the way from one team key to the next. `done` is None where nothing here can tell."""

    text: str
    done: bool | None = None


class Rotation(msgspec.Struct, frozen=True):
    """The way of one identity from its old key to its new one."""

    address: str
    steps: tuple[RotationStep, ...]


def watch_identity(identity: Identity, key: Key | None, now: Instant) -> Watched:
    """Look at the key that an address of ours signs with and reads with."""
    made = Watched("ours", identity.name, identity.address, "ok", "", "", identity.sign_key, key)
    if identity.sign_key is None:
        return _with(made, "wrong", "no signing key is configured", 'Add sign_key = "…" to this [[identity]].')
    if key is None:
        return _with(made, "wrong", "is not in the keyring", _REACH_IT)
    wrong = faults(key, now, "sign") or faults(key, now)
    if not key.secret:
        return _with(made, "wrong", ", ".join(wrong), _REACH_IT)
    return _judged(made, wrong, warnings(key, now), "R shows the way to a new key.", "R shows the way; begin now.")


def watch_member(member: Member, pin: Pin | None, key: Key | None, now: Instant, how: str = "") -> Watched:
    """Look at the key of somebody on the team: the pinned one, else the roster's."""
    wanted = pin.fingerprint if pin else member.key
    address = member.addresses[0] if member.addresses else ""
    made = Watched("member", member.name, address, "ok", "", "", wanted, key, how or ("on the roster" if wanted else ""))
    if wanted is None:
        return _with(made, "wrong", "has no key", "Nothing can be encrypted to them: ask for one, p pins it.")
    if pin is not None and member.key is not None and member.key != pin.fingerprint:
        said = f"two keys are said to be theirs; the roster names {grouped(member.key)}"
        return _with(made, "wrong", said, "Ask them by another way, then mend the roster or pin the right one.")
    return _judged_other(made, key, now)


def watch_pin(pin: Pin, key: Key | None, now: Instant, how: str, former: Sequence[str] = ()) -> Watched:
    """Look at a correspondent's key."""
    made = Watched("pinned", "", pin.address, "ok", "", "", pin.fingerprint, key, how, tuple(former))
    return _judged_other(made, key, now)


def watch_claim(address: str, keys: Sequence[Key], now: Instant) -> Watched:
    """Look at an address that we correspond with, for which keys are here and none was ever compared."""
    sound = [key for key in keys if not faults(key, now)]
    key = (sound or list(keys))[0]
    claims = "a key claims" if len(keys) == 1 else f"{len(keys)} keys claim"
    made = Watched("claimed", "", address, "soon", f"{claims} this address, never compared", "", key.fingerprint, key)
    return msgspec.structs.replace(made, todo="p compares the fingerprint and pins it." if sound else "None can be used: ask.")


def _judged_other(made: Watched, key: Key | None, now: Instant) -> Watched:
    if key is None:
        return _with(
            made, "wrong", "is not in the keyring", f"seccon keys import FILE; it must be {grouped(made.fingerprint or '')}."
        )
    ask = "Ask for a new key, or for this one with a new date, and import it."
    return _judged(made, faults(key, now), warnings(key, now), ask, "Ask for one that lasts longer.")


def _judged(made: Watched, wrong: Sequence[str], soon: Sequence[str], mend: str, ahead: str) -> Watched:
    if wrong:
        return _with(made, "wrong", ", ".join(wrong), mend)
    return _with(made, "soon", ", ".join(soon), ahead) if soon else _with(made, "ok", "can be used", "")


def _with(made: Watched, condition: Condition, said: str, todo: str) -> Watched:
    return msgspec.structs.replace(made, condition=condition, said=said, todo=todo)


def former_keys(entries: Iterable[Entry]) -> dict[str, tuple[str, ...]]:
    """Say which keys were trusted before, until when and why not any more: by `address_key`. The record is never lost."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        match entry.body:
            case KeyPinned(address=address, replaces=str() as old, how=how):
                found.setdefault(address_key(address), []).append(f"{grouped(old)} until {entry.at:%Y-%m-%d}, replaced: {how}")
            case KeyUnpinned(address=address, fingerprint=old, why=why):
                found.setdefault(address_key(address), []).append(f"{grouped(old)} until {entry.at:%Y-%m-%d}: {why}")
            case _:
                pass
    return {address: tuple(lines) for address, lines in found.items()}


def rotation(identity: Identity, ours: Sequence[Key], correspondents: int, now: Instant) -> Rotation:
    """Say how far the change of an identity's key has come, and what is next.

    `ours`: keys with a secret half that bear its address. `correspondents`: people with open cases, who write to it.
    """
    at = {key.fingerprint: key for key in ours}
    current = at.get(identity.sign_key) if identity.sign_key else None
    others = [key for key in ours if key.fingerprint != identity.sign_key]
    older = [key for key in others if current and key.created and current.created and key.created < current.created]
    newer = [key for key in others if key not in older and not faults(key, now)]
    began = bool(newer or older)
    new, old = (newer[0] if newer else current if older else None), (current if newer else older[0] if older else current)
    name, gone = (grouped(new.fingerprint) if new else "the new key"), (grouped(old.fingerprint) if old else "the old key")
    return Rotation(
        identity.address,
        (
            RotationStep(f"Make a new key for {identity.address}, on the machine that keeps the secret half.", began),
            RotationStep(f"Sign it with the old one, so that people can follow: gpg --local-user OLD --sign-key {name}."),
            RotationStep(f"Publish {name}: web page, Web Key Directory, wherever the old one stands."),
            RotationStep(f"Let this console use it: sign_key of [[identity]] {identity.address}.", bool(began and not newer)),
            RotationStep(f"Tell correspondents, in mails signed by the old key: {correspondents} have open cases."),
            RotationStep(f"Let the members and the lists that encrypt have {name}."),
            RotationStep(f"Revoke {gone} and publish that, once nobody writes to it.", old.revoked if old and began else None),
            RotationStep(
                f"Keep the secret half of {gone} for reading: mails of past cases open with nothing else.",
                old.secret if old and began else None,
            ),
        ),
    )
