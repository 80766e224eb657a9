"""What is odd about the sender of a mail that is answered: then it is not sure whom the answer speaks to."""

from collections.abc import Collection, Iterator

from seccon.core.author import is_list
from seccon.core.ids import address_key
from seccon.core.plural import count
from seccon.core.report import Mail

_OF_THE_SENDER = ("many-from", "odd-from", "name-is-address", "name-is-anothers", "from-differs", "broken-header")
"""Warnings of the reader after which From decides nothing."""
_NAMED = 3
"""Addresses that are named in a sentence."""


def doubts(mail: Mail, lists: Collection[str] = ()) -> tuple[str, ...]:
    """Say them in sentences, for who is about to answer; none where a pinned key proves the one sender of the whole mail."""
    return () if mail.verdict.trusted else tuple(_doubts(mail, lists))


def _doubts(mail: Mail, lists: Collection[str]) -> Iterator[str]:
    heading = mail.heading
    if not heading.sender:
        yield "Whom you answer is not sure: that mail names no sender."
    for one in {one.code: one for one in (*heading.warnings, *mail.warnings)}.values():
        if one.code in _OF_THE_SENDER:
            yield f"Whom you answer is not sure: {one.text}"
    known = {address_key(one.address) for one in heading.sender if not is_list(one, heading, lists)}
    asked = [one for one in heading.reply_to if address_key(one.address) not in known and not is_list(one, heading, lists)]
    if known and asked:
        more = f" and {count(len(asked) - _NAMED, 'more', 'more')}" if len(asked) > _NAMED else ""
        named = ", ".join(one.address for one in asked[:_NAMED])
        yield f"That mail came from another address than it asks answers to: {named}{more}."
