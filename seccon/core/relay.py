"""Reports that somebody hands on: who may be the true reporter, as the mail itself tells. Suggestions; a person decides."""

import re
from collections.abc import Collection, Iterator

import msgspec

from seccon.core.ids import address_key
from seccon.core.letter import is_address
from seccon.core.report import Address, Correspondent, Mail

_LONGEST = 1 << 17
_MOST = 12
_ADDRESS = r"[^\s<>@\"',;:()\[\]]{1,64}@[^\s<>@\"',;:()\[\]]{1,189}"
_FORWARDED = re.compile(
    rf"^[>\s*|]{{0,12}}(?:\*?from|von|de|da|od|from_):\*?[ \t]+([^<>\n]{{0,120}}?)[ \t]*[<(\[]?({_ADDRESS})[>)\]]?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_WORDS = (
    "original report(?:er)? (?:by|from|is)", "reported by", "report(?:er)? is", "credits? (?:to|goes to)", "found by",
    "discovered by", "on behalf of", "treat",
)  # fmt: skip
_SAID = re.compile(rf"\b({'|'.join(_WORDS)})[:\s]+([^<>\n,;:]{{0,80}}?)[ \t]*[<(]({_ADDRESS})[>)]", re.IGNORECASE)
_TRAILER = re.compile(rf"^[>\s]{{0,8}}reported-by:[ \t]*([^<>\n]{{0,120}}?)[ \t]*<({_ADDRESS})>", re.IGNORECASE | re.MULTILINE)


class Suggestion(msgspec.Struct, frozen=True):
    """Somebody whom the mail names, and where."""

    who: Correspondent
    evidence: str


def suggestions(mail: Mail, ours: Collection[str] = (), sender: str = "") -> tuple[Suggestion, ...]:
    """Give whom the mail names beside its sender, the likeliest first; `ours`: addresses that are none of a reporter's."""
    skipped = {*map(address_key, ours), address_key(sender or mail.sender.address)}
    found: dict[str, Suggestion] = {}
    for name, address, evidence in _named(mail):
        key = address_key(address)
        if key not in skipped and key not in found and is_address(address) and len(found) < _MOST:
            found[key] = Suggestion(Correspondent(_plain(name), address, claimed=True), evidence)
    return tuple(found.values())


def _named(mail: Mail) -> Iterator[tuple[str, str, str]]:
    for part in mail.parts:
        if part.forwarded is not None:
            yield from _each(part.forwarded.sender, f"The author of the attached mail (part {part.path}).")
    text = mail.text[:_LONGEST]
    for name, address in _FORWARDED.findall(text):
        yield name, address, "The From line of the forwarded mail."
    for name, address in _TRAILER.findall(text):
        yield name, address, "A Reported-by line in the mail."
    for words, name, address in _SAID.findall(text):
        yield name, address, f"The mail says: {' '.join(words.split())}."
    yield from _each(mail.heading.original_from, "X-Original-From of the list.")
    yield from _each(mail.heading.reply_to, "Its Reply-To.")


def _each(people: tuple[Address, ...], evidence: str) -> Iterator[tuple[str, str, str]]:
    yield from ((one.name, one.address, evidence) for one in people)


def _plain(name: str) -> str:
    return " ".join(name.split()).strip("\"'*> ")
