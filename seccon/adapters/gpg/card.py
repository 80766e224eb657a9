"""Which smartcard holds a secret key that could not be used: so that a person knows which one to look for."""

import re
from collections.abc import Iterator

from seccon.adapters.gpg.runner import Runner

_PARTS = ("sec", "ssb")
_KEY_ID, _MADE, _USES, _TOKEN = 4, 5, 11, 14
"""Fields of a listing (GnuPG, doc/DETAILS); the token is the card's number where the secret half is on one."""
_OPENPGP = re.compile(r"D276000124[0-9A-F]{6}([0-9A-F]{4})([0-9A-F]{8})0000")
"""An OpenPGP card's number: application, version, maker, the number that is printed on it (OpenPGP card 3.4, 4.2.1)."""
_NUMBER = re.compile(r"[0-9A-F]{8,64}")


def card_that_opens(runner: Runner, key_ids: tuple[str, ...]) -> str:
    """Name the card with the secret half of one of these (sub)keys, by their ids; empty where none is on a card."""
    wanted = {key_id[-16:] for key_id in key_ids}
    return next((card for key_id, _, _, card in _held(runner) if key_id in wanted and card), "")


def card_that_signs(runner: Runner, signer: str) -> str:
    """Name the card that a signature by this key needs: gpg signs with its newest subkey that can."""
    signing = [(made, card) for _, made, uses, card in _held(runner, signer) if "s" in uses]
    return max(signing, default=("", ""))[1]


def has_card(runner: Runner) -> bool:
    """Say whether any secret (sub)key is on a card."""
    return any(card for _, _, _, card in _held(runner))


def _held(runner: Runner, key: str = "") -> Iterator[tuple[str, str, str, str]]:
    """Give id, birth, uses and card of each secret (sub)key; a fingerprint is no secret to the host, an address would be."""
    listed = runner.run("--with-colons", "--fixed-list-mode", "--list-secret-keys", *((key,) if key else ())).out
    for line in listed.decode("ascii", "replace").split("\n"):
        fields = line.split(":")
        if fields[0] in _PARTS and len(fields) > _TOKEN:
            yield fields[_KEY_ID], fields[_MADE].zfill(12), fields[_USES], _named(fields[_TOKEN])


def _named(token: str) -> str:
    """Write a card's number as gpg's own questions write it: maker and number of an OpenPGP card, else all of it."""
    found = _OPENPGP.fullmatch(token)
    if found:
        return f"{found[1]} {found[2]}"
    return token if _NUMBER.fullmatch(token) else ""
