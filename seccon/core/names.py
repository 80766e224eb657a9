"""Whose a display name is: one that a confirmed key bears for somebody else stands on no other person's mail. Pure."""

import re
import unicodedata
from collections.abc import Iterable

from seccon.core.keys import Key

_WORD = re.compile(r"[^\W_]+")
_BESIDE = re.compile(r"<[^<>]*>|\([^()]*\)")
"""The address and the comment of a user id (RFC 4880, 5.11)."""


def is_anothers(name: str, signer: Key | None, others: Iterable[Key]) -> bool:
    """Say whether one of the `others` bears that name, and the signer does not, not even as a part of a longer one."""
    said = _words(name)
    if not said or (signer is not None and any(said <= borne for borne in _borne(signer))):
        return False
    return any(said == borne for key in others for borne in _borne(key))


def _borne(key: Key) -> Iterable[frozenset[str]]:
    return (_words(_BESIDE.sub(" ", user)) for user in key.users)


def _words(name: str) -> frozenset[str]:
    """Give the words of a name, whatever their order, case, width and punctuation."""
    return frozenset(_WORD.findall(unicodedata.normalize("NFKC", name).casefold()))
