"""What commits say of a fix and of the fault that it mends: which is one of them, on which branch, and which undoes one. Pure.

Nothing here guesses: a commit is the fix because of its id, because its message names the id, because it is the same patch, or
because its trailer names the issue.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from seccon.core.repository import Commit

SHORTEST = 12
"""Digits of an abbreviated id that are taken for a proof."""
_PICKED = re.compile(
    r"\((?:cherry[ -]picked|backported) from commit ([0-9a-f]{7,64})\b[^)\n]*\)"
    r"|^[ \t]*commit ([0-9a-f]{12,64}) upstream\.?[ \t\r]*$"
    r"|^[ \t]*\[ ?upstream commit ([0-9a-f]{12,64}) ?\][ \t\r]*$",
    re.IGNORECASE | re.MULTILINE,
)
_REVERTS = re.compile(r"^[ \t]*This reverts commit ([0-9a-f]{7,64})\b", re.MULTILINE)
_FIXES = re.compile(r"^Fixes: ?([0-9a-f]{7,64})\b", re.MULTILINE | re.IGNORECASE)
_NAMES = re.compile(r"^(?:CVE|Fixes|Resolves|Security): ?(CVE-\d{4}-\d{4,19})\b", re.MULTILINE | re.IGNORECASE)

Key = tuple[Literal["fix", "fault"], int]
"""The first, second … commit of the fix, or of what brought the fault."""


class Sought(msgspec.Struct, frozen=True):
    """What is looked for: commits as they stand on the main branch, or wherever they are known; and the issue's id."""

    fixes: tuple[Commit, ...] = ()
    faults: tuple[Commit, ...] = ()
    cve: str = ""

    @property
    def keys(self) -> tuple[Key, ...]:
        """What a whole fix consists of; where no commit is known, of what names the issue."""
        return tuple(("fix", at) for at in range(max(len(self.fixes), 1)))


class Event(msgspec.Struct, frozen=True):
    """A commit that counts: what it brings, what it undoes, and how that is known."""

    commit: Commit
    brings: Key | None = None
    undoes: tuple[str, ...] = ()
    """Ids of commits, perhaps as they are called on another branch."""
    also: tuple[str, ...] = ()
    """What it is called on the branches that it was picked from."""
    unpatches: Key | None = None
    """It is exactly the opposite of that patch, whatever it says."""
    how: str = ""


def events(
    sought: Sought, history: Iterable[Commit], patches: Mapping[str, str], patch_of: Mapping[Key, str], undo_of: Mapping[Key, str]
) -> tuple[Event, ...]:
    """Find what counts among commits, oldest first.

    `patches` is commit -> patch id of those that change the same files; `patch_of` and `undo_of` are the ids that are sought.
    """
    known: dict[str, Key] = {one.id: ("fix", at) for at, one in enumerate(sought.fixes)}
    known |= {one.id: ("fault", at) for at, one in enumerate(sought.faults)}
    same = {patch: key for key, patch in patch_of.items()}
    contrary = {patch: key for key, patch in undo_of.items()}
    found = []
    for commit in history:
        undoes = tuple(_REVERTS.findall(commit.message))
        brings, how = known.get(commit.id), "it is this commit"
        if brings is None:
            brings, how = _named(commit, known)
        if brings is None and (brings := same.get(patches.get(commit.id, ""))) is not None:
            how = "it is the same patch"
        if brings is None and not undoes:
            brings, how = _marked(commit, sought)
        unpatches = contrary.get(patches.get(commit.id, ""))
        if brings is not None:
            known.setdefault(commit.id, brings)
        if brings is not None or undoes or unpatches is not None:
            also = picked_from(commit.message)
            found.append(Event(commit, brings, undoes, also, unpatches, how if brings else "it undoes a commit"))
    return tuple(found)


def counting(
    sought: Sought, history: Iterable[Commit], patches: Mapping[str, str], patch_of: Mapping[Key, str], undo_of: Mapping[Key, str]
) -> tuple[Commit, ...]:
    """Give those commits of a long history that bring or undo something that is sought: few, each is asked about."""
    unique = {one.id: one for one in history}
    kept: list[Event] = []
    for event in events(sought, unique.values(), patches, patch_of, undo_of):
        if event.brings or event.unpatches or any(_is_called(one, given) for one in kept for given in event.undoes):
            kept.append(event)
    return tuple(one.commit for one in kept)


def picked_from(message: str) -> tuple[str, ...]:
    """Give the commits from which a message says that it was picked."""
    return tuple(next(filter(None, groups)).lower() for groups in _PICKED.findall(message))


def _named(commit: Commit, known: Mapping[str, Key]) -> tuple[Key | None, str]:
    """Find the commit that a message says to be picked from, directly or by way of another branch's."""
    for given in picked_from(commit.message):
        key = of_id(given, known)
        if key is not None:
            return key, f"its message names {given[:SHORTEST]}"
    return None, ""


def of_id(given: str, known: Mapping[str, Key]) -> Key | None:
    """Find what an id stands for; an abbreviated one counts from twelve digits on, and where it fits one commit."""
    if given in known:
        return known[given]
    fitting = {key for ident, key in known.items() if len(given) >= SHORTEST and ident.startswith(given)}
    return fitting.pop() if len(fitting) == 1 else None


def names_issue(commit: Commit, cve: str) -> bool:
    """Say whether a trailer of a commit names the issue, and the commit is no revert."""
    return any(one.upper() == cve for one in _NAMES.findall(commit.message)) and not _REVERTS.search(commit.message)


def _marked(commit: Commit, sought: Sought) -> tuple[Key | None, str]:
    """Find what a trailer proves: the issue's id; of a fix of several commits which one, by its subject."""
    named = bool(sought.cve) and names_issue(commit, sought.cve)
    fault_ids: dict[str, Key] = {one.id: ("fault", at) for at, one in enumerate(sought.faults)}
    names_fault = any(of_id(one.lower(), fault_ids) for one in _FIXES.findall(commit.message))
    if not (named or names_fault):
        return None, ""
    alike = [at for at, one in enumerate(sought.fixes) if one.subject == commit.subject and one.subject]
    if len(alike) == 1:
        return ("fix", alike[0]), f"its trailer names {sought.cve if named else 'the fault'}, and it has the fix's subject"
    if named and len(sought.fixes) <= 1:
        return ("fix", 0), f"its trailer names {sought.cve}"
    return None, ""


def fault_ids(message: str) -> tuple[str, ...]:
    """Give the commits that a fix says to mend: `Fixes: 0123456789ab ("…")`."""
    return tuple(one.lower() for one in _FIXES.findall(message))


Stands = dict[Key, Event]


def standing(found: Sequence[Event], contained: frozenset[str]) -> tuple[Stands, Stands]:
    """Say what stands where these commits are contained, and what was undone there and by which commit; in order of time."""
    stands: Stands = {}
    undone: Stands = {}
    taken: list[tuple[Event, Key, Event]] = []
    ids: dict[str, Key] = {}
    for event in found:
        if event.brings is not None:
            ids[event.commit.id] = event.brings
        if event.commit.id not in contained:
            continue
        for key in _undone_by(event, ids):
            if key in stands and key != event.brings:
                taken.append((event, key, stands.pop(key)))
                undone[key] = event
        for revert, key, before in taken:
            if any(_is_called(revert, given) for given in event.undoes):
                stands[key] = before
                undone.pop(key, None)
        if event.brings is not None:
            stands[event.brings] = event
            undone.pop(event.brings, None)
    return stands, undone


def _undone_by(event: Event, ids: Mapping[str, Key]) -> tuple[Key, ...]:
    named = (of_id(given, ids) for given in event.undoes)
    return tuple(dict.fromkeys(key for key in (*named, event.unpatches) if key is not None))


def _is_called(event: Event, given: str) -> bool:
    return any(one == given or (len(given) >= SHORTEST and one.startswith(given)) for one in (event.commit.id, *event.also))
