"""Where the fix stands on each branch of a clone, out of what git said of it. Pure; what git does not prove is `unknown`.

Absence is proved too: a branch is not affected where it does not contain the fault and no commit of its own touches the fault's
files; it is vulnerable where it does and no commit of its own could be a backport. Between that a person looks.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Literal

import msgspec

from seccon.core.branch_events import Event, Key, Sought, Stands, events, standing
from seccon.core.glob import chosen
from seccon.core.instants import Instant
from seccon.core.journal.work import BranchState
from seccon.core.repository import Commit, Ref

Found = BranchState | Literal["unknown"]
_SLACK = timedelta(days=1)
"""Clocks of two hosts differ: a commit counts as later than a patch from a day before it was written."""
_SHOWN = 5


class Line(msgspec.Struct, frozen=True):
    """A branch in a clone."""

    name: str
    ref: Ref
    tags: tuple[str, ...] = ()
    """Forms of its release tags."""


class Gathered(msgspec.Struct, frozen=True):
    """What git said of one clone."""

    repository: str
    main: Line
    lines: tuple[Line, ...]
    """The other branches."""
    tags: tuple[Ref, ...]
    """All of them, by version."""
    on_main: frozenset[str]
    """The refs that the main branch contains."""
    sought: Sought
    trunk: tuple[Commit, ...] = ()
    """The commits of the main branch that may count: what brought the fault, the fix, and what came since; oldest first."""
    own: tuple[Commit, ...] = ()
    """The commits of the other branches that the main branch does not contain, oldest first."""
    holding: Mapping[str, frozenset[str]] = {}
    """Commit of the trunk -> refs that contain it."""
    near_fix: Mapping[str, str] = {}
    """Commit -> patch id, of those that change a file of the fix."""
    near_fault: Mapping[str, str] = {}
    patch_of: Mapping[Key, str] = {}
    undo_of: Mapping[Key, str] = {}


class Finding(msgspec.Struct, frozen=True):
    """What git proves of one branch, or why it proves nothing."""

    branch: str
    state: Found
    why: str = ""
    """How it is known, or why it is not."""
    commits: tuple[str, ...] = ()
    introduced: tuple[str, ...] = ()
    vulnerable_tags: tuple[str, ...] = ()
    fixed_tags: tuple[str, ...] = ()
    when: Instant | None = None
    candidates: tuple[Commit, ...] = ()
    """Commits that a person should look at."""
    repository: str = ""


def find(git: Gathered) -> tuple[Finding, ...]:
    """Say where the fix stands: the main branch first."""
    patches = {**git.near_fault, **git.near_fix}
    found = events(git.sought, (*git.trunk, *git.own), patches, git.patch_of, git.undo_of)
    history = _History(git, found)
    return tuple(_finding(history, line) for line in (git.main, *git.lines))


class _History:
    """Who contains what: asked of git for the trunk, walked here for what branches have of their own."""

    def __init__(self, git: Gathered, found: tuple[Event, ...]) -> None:
        self.git, self.found = git, found
        self._trunk = {one.commit.id for one in found} & {one.id for one in git.trunk}
        self._own = {one.id: one for one in git.own}

    def own(self, tip: str) -> frozenset[str]:
        """Give the commits of a branch or tag that the main branch does not contain."""
        seen: set[str] = set()
        open_ = [tip]
        while open_:
            one = open_.pop()
            if one in self._own and one not in seen:
                seen.add(one)
                open_ += self._own[one].parents
        return frozenset(seen)

    def contained(self, ref: Ref, own: frozenset[str]) -> frozenset[str]:
        """Give the commits that count and that a branch or tag contains."""
        return own | {one for one in self._trunk if ref.name in self.git.holding.get(one, ())}

    def commits(self, ids: Iterable[str]) -> tuple[Commit, ...]:
        """Give own commits, the newest first."""
        wanted = set(ids)
        return tuple(one for one in reversed(self.git.own) if one.id in wanted)


def _finding(history: _History, line: Line) -> Finding:
    git = history.git
    is_main = line == git.main
    own = frozenset() if is_main else history.own(line.ref.commit)
    stands, undone = standing(history.found, history.contained(line.ref, own))
    tags = _tags(history, line, own, is_main=is_main)
    vulnerable, fixed = _sorted(history, tags, own)
    fixes = [stands[key] for key in git.sought.keys if key in stands]
    faults = tuple(stands[key].commit.id for key in stands if key[0] == "fault")
    state, why, when, candidates = _state(history, stands, undone, own, fixed, is_main=is_main)
    return Finding(
        branch=line.name,
        state=state,
        why=why,
        commits=tuple(dict.fromkeys(one.commit.id for one in fixes)),
        introduced=faults,
        vulnerable_tags=vulnerable,
        fixed_tags=fixed,
        when=when,
        candidates=candidates[:_SHOWN],
        repository=git.repository,
    )


State = tuple[Found, str, Instant | None, tuple[Commit, ...]]


def _state(
    history: _History, stands: Stands, undone: Stands, own: frozenset[str], fixed: tuple[str, ...], *, is_main: bool
) -> State:
    sought = history.git.sought
    has = [stands[key] for key in sought.keys if key in stands]
    if len(has) == len(sought.keys):
        when = max((one.commit.committed for one in has if one.commit.committed), default=None)
        said = "; ".join(f"{one.commit.id[:12]}: {one.how}" for one in has)
        return ("released" if fixed else "merged"), said, when, ()
    if not sought.faults:
        return "unknown", f"{_lack(sought, stands, undone)} Which commit brought the fault is not known.", None, ()
    faults = [event for key, event in stands.items() if key[0] == "fault"]
    if not faults:
        return _without_fault(history, undone, own, is_main=is_main)
    lack = _lack(sought, stands, undone)
    doubts = _doubts(history, own, sought.fixes, history.git.near_fix) if sought.fixes and not is_main else ()
    has_fault = f"It has the fault ({', '.join(one.commit.id[:12] for one in faults)})."
    if doubts:
        return "unknown", f"{has_fault} {lack} {_look(doubts)}", None, doubts
    return "vulnerable", f"{has_fault} {lack}", None, ()


def _lack(sought: Sought, stands: Stands, undone: Stands) -> str:
    """Say what of the fix is not there."""
    taken = [event for key, event in undone.items() if key in sought.keys]
    if taken:
        return f"The fix was there and was undone by {taken[-1].commit.id[:12]}."
    if not sought.fixes:
        return "No commit of a fix is known."
    missing = [one.id[:12] for at, one in enumerate(sought.fixes) if ("fix", at) not in stands]
    if len(missing) < len(sought.fixes):
        return f"Of the fix's {len(sought.fixes)} commits it lacks {', '.join(missing)}."
    return "The fix is not there."


def _without_fault(history: _History, undone: Stands, own: frozenset[str], *, is_main: bool) -> State:
    sought = history.git.sought
    taken = [event for key, event in undone.items() if key[0] == "fault"]
    if taken:
        said = f"What brought the fault was undone by {taken[-1].commit.id[:12]}."
        return "not-affected", said, taken[-1].commit.committed, ()
    doubts = () if is_main else _doubts(history, own, sought.faults, history.git.near_fault)
    lacks = f"It does not contain {', '.join(one.id[:12] for one in sought.faults)}"
    if doubts:
        return "unknown", f"{lacks}. {_look(doubts)}", None, doubts
    return "not-affected", f"{lacks}, and no later commit of its own touches the same files.", None, ()


def _look(doubts: tuple[Commit, ...]) -> str:
    shown = ", ".join(one.id[:12] for one in doubts[:_SHOWN])
    if len(doubts) == 1:
        return f"A commit of its own touches the same files and says nothing of it: look at {shown}."
    return f"{len(doubts)} commits of its own touch the same files and say nothing of it: look at {shown}."


def _doubts(history: _History, own: frozenset[str], sought: tuple[Commit, ...], near: Mapping[str, str]) -> tuple[Commit, ...]:
    """Give commits that could be the same change by another hand: same files, not older than it, and not told apart.

    Such as bear its subject come first.
    """
    known = {event.commit.id for event in history.found}
    written = min((one.authored for one in sought if one.authored), default=None)
    subjects = {one.subject for one in sought if one.subject}
    maybe = history.commits(one for one in own if one not in known and one in near)
    alike = history.commits(one.id for one in history.commits(own) if one.subject in subjects and one.id not in known)
    later = [one for one in maybe if written is None or one.committed is None or one.committed > written - _SLACK]
    return tuple({one.id: one for one in (*alike, *later)}.values())


def _tags(history: _History, line: Line, own: frozenset[str], *, is_main: bool) -> tuple[Ref, ...]:
    """Give the release tags of a branch: its own; what it shares with the main branch is the main branch's."""
    git = history.git
    for_it = (one for one in git.tags if chosen(line.tags, one.name.removeprefix("refs/tags/")))
    return tuple(one for one in for_it if (one.name in git.on_main if is_main else one.commit in own))


def _sorted(history: _History, tags: tuple[Ref, ...], own: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part tags into such as have the fault and such as have the fix; what has neither is in none."""
    vulnerable, fixed = [], []
    keys = history.git.sought.keys
    for tag in tags:
        stands, _ = standing(history.found, history.contained(tag, history.own(tag.commit) if own else frozenset()))
        name = tag.name.removeprefix("refs/tags/")
        if all(key in stands for key in keys):
            fixed.append(name)
        elif any(key[0] == "fault" for key in stands):
            vulnerable.append(name)
    return tuple(vulnerable), tuple(fixed)
