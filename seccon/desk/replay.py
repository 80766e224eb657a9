"""Fold entries of anywhere through a policy: state, clocks, steps, and what the process would have refused. Writes nothing.

For people who write policies, and for asking how a published history would have gone.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec

from seccon.core.case import Case, fold, step
from seccon.core.clocks import Reading, readings
from seccon.core.condition import FACTS
from seccon.core.errors import RefusedError
from seccon.core.facts import facts
from seccon.core.ids import TEAM_FILE
from seccon.core.instants import Instant
from seccon.core.journal import Entry
from seccon.core.journal import cases as c
from seccon.core.limits import Finding, notes
from seccon.core.overrun import overrun
from seccon.core.policy import Policy
from seccon.core.second import veil
from seccon.core.solver import Bounds, solve
from seccon.core.steps import Step, steps
from seccon.core.team import Roster
from seccon.desk import embargo
from seccon.desk.replay_judge import judge
from seccon.desk.replay_team import refusals, roster_after


class Objection(msgspec.Struct, frozen=True):
    """An entry that the process would have refused: which, by what rule, in words, from where."""

    seq: int
    kind: str
    rule: str
    sentence: str
    source: str


class Replayed(msgspec.Struct, frozen=True):
    """One case as its entries leave it at a moment."""

    case: Case
    steps: tuple[Step, ...]
    readings: tuple[Reading, ...]
    objections: tuple[Objection, ...]
    facts: tuple[str, ...] = ()
    """The facts that hold, in the order of docs/policy.md."""
    over: tuple[Finding, ...] = ()
    """The limits that the date in force exceeds by what happened since it was set."""
    bounds: Bounds = Bounds(())
    """How late the embargo may end, by which rules."""
    notes: tuple[tuple[Instant, Finding], ...] = ()
    """What speaks against the day of the date in force, or of one on the table: nobody may be there to act (features, E4)."""
    missing: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """Proposal on the table -> who has not agreed to it."""
    team: Roster | None = None
    """Of the team's own file: who is a member, and who was."""


Moved = Callable[[str], tuple[Policy, Container[date]] | None]
"""`name@revision` -> that policy with its holidays; None where it is not installed."""


def replay(
    entries: Iterable[Entry], policy: Policy, now: Instant, holidays: Container[date] = (), moved: Moved = lambda _key: None
) -> tuple[Replayed, ...]:
    """Fold each case's entries up to `now`, in order; what an entry is refused for does not keep it from counting.

    `policy` judges until an entry moves the case to another revision, if `moved` knows that one.
    """
    histories: dict[int, list[Entry]] = {}
    for entry in sorted(entries, key=lambda one: (one.case, one.seq)):
        if entry.at <= now:
            histories.setdefault(entry.case, []).append(entry)
    twins = _twins(entry for history in histories.values() for entry in history)
    return tuple(_replayed(history, policy, now, holidays, moved, twins) for history in histories.values())


def _replayed(
    history: Sequence[Entry],
    policy: Policy,
    now: Instant,
    holidays: Container[date],
    moved: Moved,
    twins: Mapping[tuple[int, int], Objection],
) -> Replayed:
    if history[0].case == TEAM_FILE:
        return _team(history, policy)
    case, objections = Case(), []
    for place, entry in enumerate(history):
        case = _woken(case, entry.at)
        seen = fold(veil(history[:place], entry.by)) if case.sealed else case
        try:
            judge(seen, entry, policy)
        except RefusedError as error:
            objections.append(_objection(entry, error))
        objections += [twins[entry.case, entry.seq]] if (entry.case, entry.seq) in twins else []
        case = step(case, entry)
        if isinstance(entry.body, c.PolicyMoved):
            policy, holidays = moved(entry.body.to) or (policy, holidays)
    case = _woken(case, now)
    known = facts(case, policy)
    owed, clocks = steps(case, policy, now, holidays), readings(case, policy, now, holidays)
    return Replayed(
        case,
        owed,
        clocks,
        tuple(objections),
        facts=tuple(name for name in FACTS if name in known),
        over=overrun(case, policy),
        bounds=solve(case, policy, now),
        notes=tuple(_notes(case, policy, holidays)),
        missing={one.id: embargo.missing(case, policy, one) for one in case.embargo.table},
    )


def _notes(case: Case, policy: Policy, holidays: Container[date]) -> Iterator[tuple[Instant, Finding]]:
    held = case.embargo
    dates = [(one.until, one.zone) for one in held.table]
    if held.active and held.until is not None:
        dates.insert(0, (held.until, held.zone))
    for until, where in dict.fromkeys(dates):
        yield from ((until, one) for one in notes(until, where, holidays, policy.embargo.avoid))


def _twins(entries: Iterable[Entry]) -> dict[tuple[int, int], Objection]:
    """Object to an id that another case had before: of two the later is refused."""
    first: dict[str, int] = {}
    found: dict[tuple[int, int], Objection] = {}
    for entry in sorted(entries, key=lambda one: (one.at, one.case, one.seq)):
        if isinstance(entry.body, c.CaseAccepted) and first.setdefault(entry.body.id, entry.case) != entry.case:
            said = f"{entry.body.id} is the id of #{first[entry.body.id]}: each case has its own."
            found[entry.case, entry.seq] = _objection(entry, RefusedError("accept.taken", said))
    return found


def _woken(case: Case, moment: Instant) -> Case:
    """Let a case that waits until a date come back on it: at work an entry of seccon says so, in a history it may be wanting."""
    wait = case.work.waiting
    if wait is None or wait.until is None or wait.until > moment:
        return case
    ended = msgspec.structs.replace(wait, end=max(wait.until, wait.start))
    return msgspec.structs.replace(case, work=msgspec.structs.replace(case.work, waits=(*case.work.waits[:-1], ended)))


def _team(history: Sequence[Entry], policy: Policy) -> Replayed:
    """The team's own file is no case: nothing is owed in it, and the process judges who may join."""
    found = tuple(_objection(entry, error) for entry, error in refusals(history, policy))
    return Replayed(Case(number=TEAM_FILE, seq=history[-1].seq), (), (), found, team=roster_after(history))


def _objection(entry: Entry, error: RefusedError) -> Objection:
    return Objection(entry.seq, entry.kind, error.rule, error.sentence, error.source or "seccon")
