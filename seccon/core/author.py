"""Who wrote a mail, as far as its headers tell: the author behind a list that rewrites From, and which subjects are one.

A claim that a list passed on is good for addressing, never for a trusted mark (features, I2).
"""

import re
from collections.abc import Collection, Iterator

from seccon.core.ids import address_key
from seccon.core.report import Address, Correspondent, Heading

_LONG = 500
"""Characters that are looked at: a subject of a megabyte must not cost a minute."""
_PREFIX = re.compile(r"\A\s*(?:(?:re|fwd?|aw|wg|sv|vs|antw)\s*(?:\[\d+\])?\s*:|\[[^\]]{0,60}\])\s*", re.IGNORECASE)
_VIA = re.compile(r"\s+via\s+.*\Z", re.IGNORECASE | re.DOTALL)


def author(heading: Heading, lists: Collection[str] = ()) -> Correspondent:
    """Give the author; *claimed* where From is a list's (`lists`, in comparable form, or its List-Post), or is not one alone."""
    if not heading.sender:
        return Correspondent()
    first = heading.sender[0]
    if not is_list(first, heading, lists):
        return Correspondent(first.name, first.address, len(heading.sender) > 1)
    name = _VIA.sub("", first.name[:_LONG])
    named = [one for one in _claims(heading, lists) if name and one.name == name]
    for one in (*heading.original_from[:1], *heading.reply_to, *named, *heading.cc):
        if one.address and not is_list(one, heading, lists):
            return Correspondent(one.name or name, one.address, claimed=True)
    return Correspondent(name, first.address, claimed=True)


def is_list(mailbox: Address, heading: Heading, lists: Collection[str] = ()) -> bool:
    """Say whether an address is a mailing list's: one of ours, or the one that this mail says it came through."""
    asked = address_key(mailbox.address)
    return asked in lists or (bool(asked) and asked == address_key(heading.list_post))


def _claims(heading: Heading, lists: Collection[str]) -> Iterator[Address]:
    return (one for one in (*heading.original_from, *heading.reply_to, *heading.cc) if not is_list(one, heading, lists))


def base_subject(subject: str) -> str:
    """Give what is left of a subject without `Re:`, `Fwd:` and a list's tag, in comparable form."""
    rest, before = subject[:_LONG], ""
    while rest != before:
        before, rest = rest, _PREFIX.sub("", rest, count=1)
    return " ".join(rest.split()).casefold()
