"""The work on a case beside its embargo: waiting, completeness, CVE, bug, fix, publication. A state, and its steps."""

from typing import Any

import msgspec

from seccon.core.ids import CveId, MessageId, address_key
from seccon.core.instants import Instant
from seccon.core.journal.body import Body
from seccon.core.journal.cases import Assessed, MailArrived
from seccon.core.journal.work import (
    Announced,
    Archived,
    BranchSet,
    BugClosed,
    BugOpened,
    CveAssigned,
    CveWithdrawn,
    FixProposed,
    ItemTicked,
    PermissionRecorded,
    SecondRated,
    WaitingEnded,
    WaitingSet,
)


class Rating(msgspec.Struct, frozen=True):
    """A colleague's second rating."""

    by: str
    at: Instant
    rating: Assessed
    blind: bool


class Wait(msgspec.Struct, frozen=True):
    """A time of waiting; `end` is None while it lasts."""

    whom: str
    start: Instant
    until: Instant | None = None
    end: Instant | None = None
    why: str = ""


class Work(msgspec.Struct, frozen=True):
    """What was done so far."""

    waits: tuple[Wait, ...] = ()
    ticks: dict[tuple[MessageId, str], ItemTicked] = msgspec.field(default_factory=dict)
    seconds: tuple[Rating, ...] = ()
    permissions: tuple[PermissionRecorded, ...] = ()
    cves: tuple[CveAssigned, ...] = ()
    bug: BugOpened | None = None
    bug_closed: BugClosed | None = None
    branches: dict[str, BranchSet] = msgspec.field(default_factory=dict)
    fixes: tuple[FixProposed, ...] = ()
    announced: tuple[Announced, ...] = ()
    archived: frozenset[MessageId] = frozenset()

    @property
    def waiting(self) -> Wait | None:
        """What the case waits for now; a date that passed ends nothing here, since time is no entry."""
        return self.waits[-1] if self.waits and self.waits[-1].end is None else None

    @property
    def cve(self) -> CveId | None:
        """The issue's CVE id."""
        return self.cves[-1].cve if self.cves else None

    def may_tell(self, whom: str) -> bool:
        """Say whether a reporter permitted that this party is told; the latest word about it counts."""
        wanted = address_key(whom)
        said = [one.granted for one in self.permissions if address_key(one.whom) in (wanted, "anyone")]
        return bool(said) and said[-1]


def follow(work: Work, body: Body, entry_at: Instant, by: str) -> Work:
    """Give the work after one entry; other kinds leave it as it is."""
    changes = _changes(work, body, entry_at, by)
    return msgspec.structs.replace(work, **changes) if changes else work


def _changes(work: Work, body: Body, at: Instant, by: str) -> dict[str, Any]:
    match body:
        case WaitingSet():
            ended = _end(work, at)
            return {"waits": (*ended, Wait(body.whom, at, body.until, None, body.why))}
        case WaitingEnded():
            return {"waits": _end(work, at)}
        case MailArrived(direction="in", automatic=False, joined=False):
            # Whoever is waited for has written: the case comes back by itself (A5, I6).
            return {"waits": _end(work, body.arrived or at)} if work.waiting and work.waiting.whom != "team" else {}
        case ItemTicked():
            return {"ticks": {**work.ticks, (body.report, body.item): body}}
        case SecondRated():
            return {"seconds": (*work.seconds, Rating(by, at, body.rating, body.blind))}
        case PermissionRecorded():
            return {"permissions": (*work.permissions, body)}
        case _:
            return _results(work, body)


def _results(work: Work, body: Body) -> dict[str, Any]:
    match body:
        case CveAssigned():
            return {"cves": (*(one for one in work.cves if one.cve != body.cve), body)}
        case CveWithdrawn():
            return {"cves": tuple(one for one in work.cves if one.cve != body.cve)}
        case BugOpened():
            return {"bug": body, "bug_closed": None}
        case BugClosed():
            return {"bug_closed": body}
        case BranchSet():
            return {"branches": {**work.branches, body.branch: body}}
        case FixProposed():
            return {"fixes": (*(one for one in work.fixes if one.version != body.version), body)}
        case Announced():
            return {"announced": (*(one for one in work.announced if one.list != body.list), body)}
        case Archived():
            return {"archived": work.archived | {body.report}}
        case _:
            return {}


def _end(work: Work, at: Instant) -> tuple[Wait, ...]:
    if work.waiting is None:
        return work.waits
    return (*work.waits[:-1], msgspec.structs.replace(work.waits[-1], end=max(at, work.waits[-1].start)))
