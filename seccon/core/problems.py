"""Everything that is wrong with a file a person wrote, told at once: where, what was found, what was meant."""

import difflib
from collections.abc import Iterable

import msgspec

from seccon.core.errors import ConfigError
from seccon.core.plural import count


class Problem(msgspec.Struct, frozen=True):
    """One fault: the key as a person would look for it (`clock[2].length`), and a sentence."""

    key: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.key}: {self.sentence}" if self.key else self.sentence


_TOLD = 200
"""Problems that are written out; a file of nonsense has tens of thousands."""


class ProblemsError(ConfigError):
    """A file has problems; `problems` holds them all."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        counted = count(len(self.problems), "problem")
        told = [f"  {problem}" for problem in self.problems[:_TOLD]]
        more = [f"  … and {len(self.problems) - _TOLD} more"] if len(self.problems) > _TOLD else []
        super().__init__("\n".join([f"{file} has {counted}:", *told, *more]))


def unknown(sentence: str, word: str, known: Iterable[str]) -> str:
    """End a sentence about a word that nobody knows with what was probably meant."""
    ended = f"{sentence}{nearest(word, known)}"
    return ended if ended.endswith("?") else f"{ended}."


def nearest(word: str, known: Iterable[str]) -> str:
    """Say what was probably meant, as the end of a sentence; nothing when no known word is near."""
    known = list(known)
    found = difflib.get_close_matches(word, known, 1, 0.6)
    if found:
        return f"; did you mean '{found[0]}'?"
    return f"; known are {', '.join(sorted(set(known)))}" if 0 < len(known) <= 16 else ""
