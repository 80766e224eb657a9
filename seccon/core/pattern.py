"""Regular expressions that people write into a policy: refused where a mail could make them run for ever, and run with a limit.

`re` cannot be stopped, so the worst case is reckoned beforehand: a group is repeated three times at most, two repeats of one
pattern may be open-ended, and a text is searched until the reckoned steps are spent.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

LONGEST = 200
"""Characters that a pattern may have."""
LINE = 300
"""Characters of a line that are looked at."""
BUDGET = 100_000_000
"""Reckoned steps that one pattern may cost in one text: seconds at the very worst, never minutes."""
_OPEN = 100
"""A repeat that may go further than this counts as open-ended."""
_OPENS = 2
_GROUPS = 3
_FACTOR = 10_000


class Pattern(msgspec.Struct, frozen=True):
    """A pattern that was checked: its text, how many of its repeats are open-ended, and the choices that the others make."""

    text: str
    opens: int = 0
    factor: int = 1

    def __str__(self) -> str:
        return self.text

    def cost(self, length: int) -> int:
        """Reckon the steps that a line of this length can cost at most."""
        reckoned = length * self.factor
        for count in range(self.opens):
            reckoned = reckoned * length // (count + 2)
        return reckoned


def pattern(text: str) -> Pattern:
    """Read a pattern. Raises ValueError with what is wrong with it, or what makes it too dear."""
    if not text or len(text) > LONGEST:
        raise ValueError(f"a pattern has 1 to {LONGEST} characters")
    try:
        parsed = re._parser.parse(text)  # type: ignore[attr-defined]
        compiled = _compiled(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"'{text[:60]}' is not a regular expression: {error}") from None
    if compiled.match("") is not None:
        raise ValueError(f"'{text[:60]}' matches everywhere: it would find nothing in particular")
    opens, factor = _reckon(parsed, text)
    if opens > _OPENS or factor > _FACTOR:
        raise ValueError(f"'{text[:60]}' repeats too much: at most {_OPENS} open-ended repeats (* + {{2,}}), few others")
    return Pattern(text, opens, factor)


def matches(asked: Pattern, lines: list[str]) -> Iterator[tuple[int, str]]:
    """Give the places (from 0) and texts at which it is found, once a line, until the reckoned steps are spent."""
    left = BUDGET
    compiled = _compiled(asked.text)
    for place, line in enumerate(lines):
        piece = line[:LINE]
        left -= asked.cost(len(piece))
        if left < 0:
            return
        found = compiled.search(piece)
        if found:
            yield place, found[0]


@lru_cache(maxsize=256)
def _compiled(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _reckon(parsed: Any, text: str) -> tuple[int, int]:
    """Count the open-ended repeats of a parsed pattern, and multiply the choices of the others."""
    opens, factor = 0, 1
    for operation, argument in parsed:
        name = str(operation)
        inner = list(_inside(name, argument))
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, _ = argument
            simple = all(str(one) in _SINGLE for one, _ in inner[0])
            if not simple and int(most) > _GROUPS:
                raise ValueError(f"'{text[:60]}' repeats a group: a mail could make that run for ever; at most {{0,{_GROUPS}}}")
            opens += int(most) > _OPEN
            factor *= 1 if int(most) > _OPEN else int(most) - int(least) + 1
        elif name == "GROUPREF":
            raise ValueError(f"'{text[:60]}' refers back to a group, which is not allowed")
        elif name == "BRANCH":
            factor *= len(inner)
        for piece in inner:
            more, times = _reckon(piece, text)
            repeated = int(argument[1]) if name.endswith("REPEAT") and int(argument[1]) <= _GROUPS else 1
            opens += more * max(repeated, 1)
            factor *= times ** max(repeated, 1)
    return opens, factor


_SINGLE = ("LITERAL", "NOT_LITERAL", "ANY", "IN", "CATEGORY", "RANGE")


def _inside(name: str, argument: Any) -> Iterator[Any]:
    """Give the patterns within one."""
    match name:
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            yield argument[2]
        case "SUBPATTERN":
            yield argument[3]
        case "ATOMIC_GROUP":
            yield argument
        case "BRANCH":
            yield from argument[1]
        case "ASSERT" | "ASSERT_NOT":
            yield argument[1]
        case "GROUPREF_EXISTS":
            yield from (one for one in argument[1:] if one is not None)
