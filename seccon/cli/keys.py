"""`seccon keys list | import | pin | check`: the keys that are trusted, and for whom; what expires or is weak."""

from pathlib import Path
from typing import Any

import click

from seccon.cli.frame import Frame, json_option, pass_frame, say, say_json
from seccon.core.errors import ConfigError, CryptoError
from seccon.core.ids import Fingerprint, fingerprint
from seccon.core.key_offer import age, users
from seccon.core.key_watch import Watched
from seccon.core.keys import Key, faults, grouped
from seccon.core.plural import count
from seccon.desk.keys_overview import KeysOverview
from seccon.desk.pin_key import PinKey
from seccon.desk.request import require_member

_MOST = 1 << 20
_SIGN = {"wrong": "WRONG  ", "soon": "soon   ", "ok": "ok     "}
_STATUS = {"wrong": 2, "soon": 1, "ok": 0}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Keys: which is trusted for whom, and what is wrong with them. A pinned fingerprint is the only trust there is."""


@command.command("list")
@json_option
@pass_frame
def list_(frame: Frame, as_json: bool) -> None:
    """Print the keys that are trusted, each with its address: ours, the members', those that people pinned."""
    found = [one for one in KeysOverview().perform(frame.office).keys if one.fingerprint and one.role != "claimed"]
    if as_json:
        say_json(keys=[_json(one) for one in found])
    for one in () if as_json else found:
        say(f"{grouped(one.fingerprint or '')}  {one.role:<6}  {one.address}")
        say(f"    {one.said}{f'; {age(one.key)}' if one.key else ''}{f'; {one.how}' if one.how else ''}")


@command.command("check")
@json_option
@click.pass_context
@pass_frame
def check(frame: Frame, ctx: click.Context, as_json: bool) -> None:
    """Say what is wrong with any key that matters, and what soon will be; say what to do about each.

    Exit status: 0 all well, 1 something wants attention, 2 a key cannot be used.
    """
    keys = KeysOverview().perform(frame.office).keys
    found = [one for one in keys if one.condition != "ok"]
    if as_json:
        say_json(checked=len(keys), findings=[_json(one) for one in found])
    for one in () if as_json else found:
        say(f"{_SIGN[one.condition]}  {one.role:<8} {one.who or one.address}: {one.said}")
        if one.todo:
            say(f"{'':18} -> {one.todo}")
    if not as_json and not found:
        say(f"{count(len(keys), 'key')} can be used.")
    ctx.exit(max((_STATUS[one.condition] for one in keys), default=0))


@command.command("import")
@click.argument("file", type=click.File("rb"))
@json_option
@pass_frame
def import_(frame: Frame, file: Any, as_json: bool) -> None:
    """Take the public keys in FILE (- for standard input) into the keyring. They are trusted for nobody until pinned."""
    office = frame.office
    require_member(office)
    data = file.read(_MOST + 1)
    taken = office.keyring.take(data)
    keys = [key for key in map(office.keyring.key, taken) if key]
    if not keys:
        raise CryptoError(f"gpg took no key out of {Path(file.name).name}.", "It may have no user id that it signed itself.")
    now = office.clock()
    if as_json:
        say_json(taken=[_key_json(key) | {"faults": list(faults(key, now))} for key in keys])
    for key in () if as_json else keys:
        wrong = ", ".join(faults(key, now))
        say(f"{grouped(key.fingerprint)}  {age(key)}{f'; it {wrong}' if wrong else ''}")
        for user in users(key):
            say(f"    says: {user}")
    if not as_json:
        say("Taken, and trusted for nobody. Compare each fingerprint by another way, then: seccon keys pin ADDRESS FINGERPRINT")


@command.command()
@click.argument("address")
@click.argument("fingerprint_", metavar="FINGERPRINT")
@click.option("--how", required=True, help="How it was verified: by phone, on which page, in person. It is recorded.")
@click.option(
    "--replaces", metavar="FINGERPRINT", help="The key that is pinned now, where there is one: nobody changes a key unawares."
)
@json_option
@pass_frame
def pin(frame: Frame, address: str, fingerprint_: str, how: str, replaces: str | None, as_json: bool) -> None:
    """Trust the key FINGERPRINT for ADDRESS. Give all 40 digits as its owner gave them to you, by another way than the key.

    Exit status: 0 pinned, 2 no such key, 3 it is not allowed: another key is pinned, or this one cannot be used.
    """
    given = _fingerprint(fingerprint_)
    old = _fingerprint(replaces) if replaces else None
    entries = PinKey(address=address, fingerprint=given, compared=given, how=how, replaces=old).perform(frame.office)
    if as_json:
        say_json(pinned={"address": address, "fingerprint": given, "replaces": old, "entry": entries[-1].seq})
    else:
        say(f"{grouped(given)} is trusted for {address}.")


def _fingerprint(text: str) -> Fingerprint:
    try:
        return fingerprint(text)
    except ValueError as error:
        raise ConfigError(f"{error}.", "Short ids are never enough: anybody can make a key with one.") from None


def _json(one: Watched) -> dict[str, Any]:
    return {
        "role": one.role, "name": one.who or None, "address": one.address, "fingerprint": one.fingerprint,
        "condition": one.condition, "said": one.said, "todo": one.todo or None, "verified": one.how or None,
        "former": list(one.former), "key": _key_json(one.key) if one.key else None,
    }  # fmt: skip


def _key_json(key: Key) -> dict[str, Any]:
    return {
        "fingerprint": key.fingerprint, "user_ids": list(key.users), "algorithm": key.algorithm, "bits": key.bits or None,
        "created": key.created, "expires": key.expires, "revoked": key.revoked, "can_encrypt": key.can_encrypt,
        "can_sign": key.can_sign, "secret": key.secret,
    }  # fmt: skip
