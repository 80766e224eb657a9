"""Whom to thank, and how: names and addresses out of a credit as it was asked for (features, D4)."""

import re

import msgspec

from seccon.core.wording import line

ANONYMOUS = "an anonymous reporter"
_WORDS = ("anonymous", "anonymously", "anonymous reporter", ANONYMOUS)
_PERSON = re.compile(r"(.*?)\s*<\s*([^<>\s]+@[^<>\s]+)\s*>")
_ADDRESS = re.compile(r"[^<>@\s]+@[^<>@\s]+\.[^<>@\s]+")


class Person(msgspec.Struct, frozen=True):
    """Somebody who is thanked: by name, by name and address, or namelessly."""

    name: str = ""
    address: str = ""
    anonymous: bool = False

    @property
    def label(self) -> str:
        """How a sentence names them."""
        if self.name and self.address:
            return f"{self.name} <{self.address}>"
        return self.name or self.address or ANONYMOUS

    @property
    def called(self) -> str:
        """The name alone, where a form has a place of its own for the address."""
        return self.name or self.address or ANONYMOUS


def people(credit: str) -> tuple[Person, ...]:
    """Read a credit: `Name`, `Name <address>` or `anonymous`, several with `;` between them; nobody where it is empty."""
    found = [_person(line(part)) for part in credit.split(";")]
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _person(text: str) -> Person | None:
    if not text:
        return None
    if text.casefold().rstrip(".") in _WORDS:
        return Person(anonymous=True)
    both = _PERSON.fullmatch(text)
    if both:
        return Person(both.group(1).strip(' "'), both.group(2))
    return Person(address=text) if _ADDRESS.fullmatch(text) else Person(text)
