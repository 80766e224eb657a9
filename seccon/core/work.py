"""The work on a case beside its embargo: waiting, completeness, CVE, bug, fix, publication. A state, and its steps."""

from collections.abc import Iterable
from typing import Any

import msgspec

from seccon.core.ids import CveId, MessageId, address_key
from seccon.core.instants import Instant
from seccon.core.journal.body import Body
from seccon.core.journal.cases import Assessed, MailArrived
from seccon.core.journal.disclosure import (
    AdvisorySet,
    AnnouncementSeen,
    AnnouncementUnproved,
    CvePublished,
    CveRequested,
    LeakDismissed,
    LeakSuspected,
)
from seccon.core.journal.embargoes import EmbargoWished, ListTold
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
    PostHeld,
    PostReleased,
    SecondRated,
    StaffTold,
    WaitingEnded,
    WaitingSet,
)
from seccon.core.party import Outside, Party, find
from seccon.core.party import follow as follow_party


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
    """By `branch_key`."""
    fixes: tuple[FixProposed, ...] = ()
    announced: tuple[Announced, ...] = ()
    archived: frozenset[MessageId] = frozenset()
    held: dict[MessageId, PostHeld] = msgspec.field(default_factory=dict)
    """Posts that a list held back, also those that it let go since."""
    released: dict[MessageId, PostReleased] = msgspec.field(default_factory=dict)
    """What became of them."""
    staff: tuple[StaffTold, ...] = ()
    outside: Outside = Outside()
    """Who takes part from outside, and who did."""
    wishes: dict[MessageId, EmbargoWished] = msgspec.field(default_factory=dict)
    """What each reporter wishes of the embargo's date."""
    lists_told: dict[str, tuple[ListTold, Instant]] = msgspec.field(default_factory=dict)
    """What a person says of when a list outside was told, by `address_key`, and when they said it."""
    requested: CveRequested | None = None
    published: dict[CveId, CvePublished] = msgspec.field(default_factory=dict)
    advisory: AdvisorySet | None = None
    advised: tuple[Instant, ...] = ()
    """When the advisory's words were written, each time."""
    seen: tuple[AnnouncementSeen, ...] = ()
    unproved: tuple[AnnouncementUnproved, ...] = ()
    """Announcements that the mail store holds."""
    leaks: dict[MessageId, LeakSuspected] = msgspec.field(default_factory=dict)
    """Mails on public lists that seem to tell of it."""
    dismissed: dict[MessageId, LeakDismissed] = msgspec.field(default_factory=dict)
    """Those of them that a person judged to tell nothing."""

    @property
    def waiting(self) -> Wait | None:
        """What the case waits for now; a date that passed ends nothing here, since time is no entry."""
        return self.waits[-1] if self.waits and self.waits[-1].end is None else None

    @property
    def cve(self) -> CveId | None:
        """The issue's CVE id."""
        return self.cves[-1].cve if self.cves else None

    @property
    def patch(self) -> int:
        """The newest version of the patch; 0 while there is none."""
        return max((fix.version for fix in self.fixes), default=0)

    @property
    def parties(self) -> tuple[Party, ...]:
        """Who takes part from outside, in the order in which they were invited."""
        return self.outside.parties

    def party(self, address: str) -> Party | None:
        """Find a party by its address."""
        return find(self.parties, address)

    @property
    def holding(self) -> tuple[PostHeld, ...]:
        """The posts that are held back still."""
        return tuple(post for name, post in self.held.items() if name not in self.released)

    @property
    def leaking(self) -> tuple[LeakSuspected, ...]:
        """The mails that nobody has judged yet."""
        return tuple(leak for name, leak in self.leaks.items() if name not in self.dismissed)

    def may_tell(self, whom: str, reports: Iterable[MessageId] = ()) -> bool:
        """Say whether a party may be told: a reporter permitted it, and of `reports` each one's; the latest word counts."""
        said = self._said_of(whom)
        return bool(said) and said[-1].granted and all(self.permits(whom, report) for report in reports)

    def permits(self, whom: str, report: MessageId) -> bool:
        """Say whether the reporter of one report permits it: their latest word about this somebody, or anyone."""
        said = [one.granted for one in self._said_of(whom) if one.report == report]
        return bool(said) and said[-1]

    def _said_of(self, whom: str) -> list[PermissionRecorded]:
        wanted = (address_key(whom), "anyone")
        return [one for one in self.permissions if address_key(one.whom) in wanted]


def follow(work: Work, body: Body, entry_at: Instant, by: str) -> Work:
    """Give the work after one entry; other kinds leave it as it is."""
    changes = _changes(work, body, entry_at, by)
    outside = follow_party(work.outside, body, entry_at)
    if outside is not work.outside:
        changes = {**changes, "outside": outside}
    return msgspec.structs.replace(work, **changes) if changes else work


def _changes(work: Work, body: Body, at: Instant, by: str) -> dict[str, Any]:
    match body:
        case WaitingSet():
            ended = _end(work, at)
            return {"waits": (*ended, Wait(body.whom, at, body.until, None, body.why))}
        case WaitingEnded():
            return {"waits": _end(work, at)}
        case MailArrived(direction="in", automatic=False, joined=False, carried=False):
            # Whoever is waited for has written: the case comes back by itself (A5, I6).
            return {"waits": _end(work, body.arrived or at)} if _is_awaited(work.waiting, body) else {}
        case ItemTicked():
            return {"ticks": {**work.ticks, (body.report, body.item): body}}
        case SecondRated():
            return {"seconds": (*work.seconds, Rating(by, at, body.rating, body.blind))}
        case PermissionRecorded():
            return {"permissions": (*work.permissions, body)}
        case ListTold():
            return {"lists_told": {**work.lists_told, address_key(body.list): (body, at)}}
        case StaffTold():
            return {"staff": (*work.staff, body)}
        case PostHeld():
            return {"held": {**work.held, body.mail: body}}
        case BranchSet():
            key = branch_key(body.branch, body.owner)
            return {"branches": {**work.branches, key: _dated(work.branches.get(key), body, at)}}
        case Announced():
            sent = body if body.when else msgspec.structs.replace(body, when=at)
            return {"announced": (*(one for one in work.announced if one.list != body.list), sent)}
        case CvePublished():
            since = body if body.when else msgspec.structs.replace(body, when=at)
            return {"published": {**work.published, body.cve: since}}
        case AdvisorySet():
            return {"advisory": body, "advised": (*work.advised, at)}
        case PostReleased():
            return {"released": {**work.released, body.mail: _release(work.released.get(body.mail), body)}}
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
        case FixProposed():
            return {"fixes": (*(one for one in work.fixes if one.version != body.version), body)}
        case Archived():
            return {"archived": work.archived | {body.report}}
        case EmbargoWished():
            return {"wishes": {**work.wishes, body.report: body}}
        case CveRequested():
            return {"requested": body}
        case AnnouncementSeen():
            return {"seen": (*(one for one in work.seen if one.mail != body.mail or one.list != body.list), body)}
        case AnnouncementUnproved():
            return {"unproved": (*(one for one in work.unproved if one.mail != body.mail or one.list != body.list), body)}
        case LeakSuspected():
            return {"leaks": {**work.leaks, body.mail: body}}
        case LeakDismissed():
            return {"dismissed": {**work.dismissed, body.mail: body}}
        case _:
            return {}


def _is_awaited(wait: Wait | None, mail: MailArrived) -> bool:
    """A party's mail is not the reporter's: it ends the waiting for that party alone."""
    if wait is None or wait.whom == "team":
        return False
    return not mail.party or address_key(wait.whom) == address_key(mail.party)


def branch_key(branch: str, owner: str = "") -> str:
    """Name a branch: the project's by its own name, a party's with whose it is, since names repeat among distributions."""
    return f"{owner}: {branch}" if owner else branch


_IN = ("merged", "released")


def _dated(before: BranchSet | None, body: BranchSet, at: Instant) -> BranchSet:
    """Give a branch with the time of its state; what was merged stays merged since then, also when its tags come later."""
    if body.when is not None:
        return body
    kept = before.when if before and before.state in _IN and body.state in _IN else None
    return msgspec.structs.replace(body, when=kept or at)


def _release(before: PostReleased | None, body: PostReleased) -> PostReleased:
    """That the post came does not make it forgotten who let it through; that it came proves that it was not discarded."""
    return before if before and before.by and not (before.discarded or body.by) else body


def _end(work: Work, at: Instant) -> tuple[Wait, ...]:
    if work.waiting is None:
        return work.waits
    return (*work.waits[:-1], msgspec.structs.replace(work.waits[-1], end=max(at, work.waits[-1].start)))
