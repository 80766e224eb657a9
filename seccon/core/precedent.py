"""Precedents: past cases like this one, and how they were rated (features, T6).

Judges by what lists know of cases, never by the text of mails; likeness of subjects is the `rapidfuzz` library's sum, named here
alone.
"""

import re
from collections.abc import Iterable, Mapping

import msgspec

from seccon.core.board import Row
from seccon.core.journal.cases import Answer

_SHOWN = 3
_ENOUGH = 62
"""Likeness in percent from which a case without a common component is one."""
_LONG = 300
_TAG = re.compile(r"\A(?:\s*(?:re|fwd?|aw|wg)\s*:|\s*\[[^\]]{0,60}\])+\s*", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9][a-z0-9_+-]{2,40}")
_NAME = re.compile(r"[a-z0-9]{2,20}(?:[_-][a-z0-9]{1,20}){1,6}|[a-z]{2,12}\d[a-z0-9]{1,12}")
_COMMON = frozenset({
    "out-of-bounds", "use-after-free", "double-free", "off-by-one", "guest-triggered", "guest-triggerable",
    "heap-buffer-overflow", "null-pointer", "re-entrant", "re-entrancy", "denial-of-service", "man-in-the-middle",
    "zero-day", "x86-64", "arm64", "i386", "security", "bug", "report", "question",
})  # fmt: skip
"""Words that look like names of components and are none."""


class Past(msgspec.Struct, frozen=True):
    """A case that was rated, and the answers of its rating by consideration."""

    row: Row
    answers: dict[str, Answer] = msgspec.field(default_factory=dict)


class Precedent(msgspec.Struct, frozen=True):
    """A past case, how like it is in percent, and what of it is alike."""

    past: Past
    likeness: int
    shared: tuple[str, ...] = ()
    """Components that both subjects name."""

    @property
    def rated(self) -> str:
        """How it was rated, in a word."""
        return "no security issue" if self.past.row.severity in ("", "none") else self.past.row.severity


def components(subject: str) -> tuple[str, ...]:
    """Give the components that a subject names: what stands before its colon, and what looks like an identifier."""
    bare = _TAG.sub("", subject[:_LONG].casefold())
    head, colon, _ = bare.partition(":")
    first = [word for word in _WORD.findall(head) if word not in _COMMON] if colon and len(head) <= 60 else []
    names = [one for one in _NAME.findall(bare) if one not in _COMMON]
    return tuple(dict.fromkeys([*first, *names]))


def alike(subject: str, case: int, rows: Iterable[Row], most: int = _SHOWN) -> tuple[Precedent, ...]:
    """Give the rated cases that are most like a subject, the most alike first; none for a subject that says nothing."""
    from rapidfuzz import fuzz

    wanted, words = components(subject), _bare(subject)
    if len(_WORD.findall(words)) < 2:
        return ()
    found = []
    for row in rows:
        if row.number == case or not _is_rated(row) or len(_WORD.findall(_bare(row.subject))) < 2:
            continue
        shared = tuple(one for one in components(row.subject) if one in wanted)
        likeness = round(float(fuzz.token_set_ratio(words, _bare(row.subject))))
        if shared or likeness >= _ENOUGH:
            found.append(Precedent(Past(row), likeness, shared))
    found.sort(key=lambda one: (-len(one.shared[:2]), -one.likeness, -one.past.row.number))
    return tuple(found[:most])


def told(precedents: Iterable[Precedent], answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """Say of each precedent how it was rated, and which considerations were answered there as they are answered here."""
    return tuple(_told(one, answers) for one in precedents)


def _told(one: Precedent, answers: Mapping[str, Answer]) -> str:
    mine = {name: given.answer for name, given in answers.items() if given.answer != "unknown"}
    theirs = {name: given.answer for name, given in one.past.answers.items() if given.answer != "unknown"}
    both = [name for name in mine if name in theirs]
    same = sum(mine[name] == theirs[name] for name in both)
    considered = f", {same} of {len(both)} considerations answered alike" if both else ""
    why = f"same {', '.join(one.shared[:2])}" if one.shared else f"subject {one.likeness} % alike"
    return f"like {one.past.row.label} ({one.rated}; {why}{considered}): {one.past.row.subject[:_LONG]}"


def _is_rated(row: Row) -> bool:
    return row.rank >= 0 or row.severity == "none"


def _bare(subject: str) -> str:
    return _TAG.sub("", subject[:_LONG].casefold())
