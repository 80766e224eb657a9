"""What a protected header says, and where the one outside says something else (RFC 9788; older: protected-headers="v1")."""

from seccon.adapters.mime.address import addresses, author
from seccon.adapters.mime.bounds import Bounds
from seccon.adapters.mime.date import parse_date
from seccon.adapters.mime.header import Header, text_of, unfold
from seccon.core.ids import address_key
from seccon.core.report import Address

_PLACEHOLDERS = ("", "...", "[...]", "encrypted message", "encrypted email", "secure message", "(no subject)", "no subject")
"""Outer subjects that stand for an inner one and tell nothing."""


def subject(inner: Header, outer: str, bounds: Bounds) -> str:
    """Give the protected subject, where there is one. That the two differ is said, unless the outer one tells nothing."""
    if not inner.all("subject"):
        return outer
    found = text_of(inner.first("subject"), bounds)
    if found != outer and outer.strip().lower() not in _PLACEHOLDERS:
        bounds.warn("subject-differs", "The subject that was protected differs from the one outside; the protected one is shown.")
    return found


def sender(inner: Header, outer: Address | None, bounds: Bounds) -> Address | None:
    """Give the author to judge by: nobody, where the protected From is another than the one outside."""
    if not inner.all("from"):
        return outer
    written = author(inner.all("from"), bounds)
    if outer is not None and written is not None and written.same(outer):
        left = author(_left_outside(inner).all("from"), Bounds()) or written
        if left.name != outer.name:
            bounds.warn("name-differs", "The sender's name that was protected differs from the one outside: somebody changed it.")
        return outer
    bounds.warn("from-differs", "The sender that was protected differs from the one outside.")
    return None


def compare(inner: Header, outer: Header, list_post: str, bounds: Bounds) -> None:
    """Tell where it was protected for others, or on another day, than stands outside: so looks what was sent on or again."""
    left = _left_outside(inner)
    if inner.all("to") + inner.all("cc") and _named(left, "to", "cc") != _named(outer, "to", "cc"):
        bounds.warn("recipients-differ", "It was protected with other recipients than stand outside: others may have sent it on.")
    written, stands = (parse_date(unfold(one.first("date")[:300])) for one in (left, outer))
    if inner.all("date") and written is not None and written != stands:
        bounds.warn("date-differs", "The date that was protected differs from the one outside: it may have been sent again.")
    wanted = _named(outer, "reply-to") - _named(inner, "reply-to", "from") - _named(left, "reply-to")
    if inner.all("from") and wanted - _named(outer, "from", "to", "cc") - {address_key(list_post)}:
        bounds.warn("reply-differs", "It asks for answers to another address than was protected: somebody may have put it in.")


def _left_outside(inner: Header) -> Header:
    """Give what its sender left outside: what HP-Outer records (RFC 9788, 2.2), else the same as inside."""
    recorded = [unfold(value).partition(":") for value in inner.all("hp-outer")]
    if not recorded:
        return inner
    return Header(tuple((name.strip().lower(), value.strip().encode()) for name, _, value in recorded))


def _named(header: Header, *fields: str) -> set[str]:
    """Give whom some fields name."""
    return {address_key(one.address) for field in fields for one in addresses(header.all(field), Bounds())}
