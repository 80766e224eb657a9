"""A case is what happened to it: `fold` turns its entries into its state, one `step` an entry."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from seccon.core.delivery import Reply
from seccon.core.embargo import Embargo, follow
from seccon.core.ids import CaseId, MessageId, address_key
from seccon.core.instants import Instant
from seccon.core.journal import Entry
from seccon.core.journal.body import Body
from seccon.core.journal.cases import (
    Acknowledged,
    Assessed,
    CaseAccepted,
    CaseClaimed,
    CaseClosed,
    CaseMerged,
    CaseOpened,
    CaseReleased,
    CaseReopened,
    CaseUnmerged,
    CreditSet,
    MailArrived,
    MailConflict,
    NoteAdded,
    PolicyMoved,
    PublicityFlagged,
    ReporterSet,
    ReportLinked,
    ReportUnlinked,
    ScopeJudged,
)
from seccon.core.journal.disclosure import AnnouncementSeen
from seccon.core.journal.embargoes import EmbargoCommunicated
from seccon.core.journal.replies import ReplyDiscarded, ReplyFailed, ReplyQueued, ReplySent
from seccon.core.journal.work import Announced, BugOpened, RatingShown, SecondRated
from seccon.core.report import Correspondent
from seccon.core.work import Work
from seccon.core.work import follow as follow_work


class Report(msgspec.Struct, frozen=True):
    """A thread and its reporter, with what is theirs alone: acknowledgement, credit, what they were told."""

    id: MessageId
    reporter: Correspondent
    subject: str = ""
    arrived: Instant | None = None
    received: Instant | None = None
    """When it arrived; where that is not known, when it was filed."""
    acknowledged: Acknowledged | None = None
    credit: str | None = None
    told: Instant | None = None
    """The embargo date that this reporter was told last."""


class Assessment(msgspec.Struct, frozen=True):
    """One rating: who, when, what."""

    by: str
    at: Instant
    body: Assessed
    answered: bool = False
    """A colleague rated after it."""
    shown: bool = False
    """Everybody could see it since: a colleague rated, the case was closed, or another rating took its place."""
    seen_by: tuple[str, ...] = ()
    """Who chose to see it while it was sealed."""

    @property
    def sealed(self) -> bool:
        """It waits for a colleague's rating, and is shown to nobody else until then (features, T4)."""
        return self.body.second == "blind" and not self.shown


class Moments(msgspec.Struct, frozen=True):
    """When an event happened first and last."""

    first: Instant
    last: Instant


class Case(msgspec.Struct, frozen=True):
    """The state of one file, from before anything happened to it."""

    number: int = 0
    seq: int = 0
    project: str = ""
    policy: str = ""
    id: CaseId | None = None
    quiet: bool = False
    owner: str = ""
    reports: tuple[Report, ...] = ()
    mails: tuple[MailArrived, ...] = ()
    conflicts: tuple[MailConflict, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    embargo: Embargo = Embargo()
    replies: tuple[Reply, ...] = ()
    notes: tuple[tuple[str, Instant, str], ...] = ()
    work: Work = Work()
    public: bool = False
    shown: bool = False
    """Everybody can read its bug, or an announcement: whatever a flag says, it is public."""
    exploited: bool = False
    closed: CaseClosed | None = None
    scope: ScopeJudged | None = None
    """The judgement that it is not for this team, while its reporters are not all answered."""
    merged_into: int | None = None
    happened: dict[str, Moments] = msgspec.field(default_factory=dict)

    @property
    def assessment(self) -> Assessment | None:
        """The rating that counts: the latest."""
        return self.assessments[-1] if self.assessments else None

    @property
    def sealed(self) -> bool:
        """The rating that counts is sealed: until a colleague has rated too, nothing follows from it, for anybody."""
        return bool(self.assessments) and self.assessments[-1].sealed

    @property
    def severity(self) -> str:
        """The word in force, empty where none is, or where it is sealed."""
        return self.assessments[-1].body.severity if self.assessments and not self.sealed else ""

    @property
    def label(self) -> str:
        """What people call it."""
        return self.id or f"#{self.number}"

    def report(self, report: MessageId) -> Report | None:
        """Find one of its reports."""
        return next((one for one in self.reports if one.id == report), None)


def fold(entries: Iterable[Entry]) -> Case:
    """Give the state that these entries lead to."""
    return fold_from(Case(), entries)


def fold_from(case: Case, entries: Iterable[Entry]) -> Case:
    """Go on from a state: `fold(a + b) == fold_from(fold(a), b)`."""
    for entry in entries:
        case = step(case, entry)
    return case


def step(case: Case, entry: Entry) -> Case:
    """Give the state after one more entry."""
    body = entry.body
    changes: dict[str, Any] = {"number": entry.case, "seq": entry.seq}
    if not case.policy:
        changes["policy"] = entry.policy
    change = _STEPS.get(type(body))
    if change is not None:
        changes |= change(case, entry, body)
    elif body.__struct_config__.tag in _EMBARGO:
        changes["embargo"] = follow(case.embargo, body, entry.at)
    changes["work"] = follow_work(case.work, body, entry.at, entry.by)
    name, when = _event(case, entry)
    if name:
        changes["happened"] = {**case.happened, name: _moments(case.happened.get(name), when)}
    return msgspec.structs.replace(case, **changes)


_EMBARGO = frozenset({
    "embargo-proposed", "embargo-agreed", "embargo-rejected", "embargo-set", "embargo-ended", "embargo-taken-back",
})  # fmt: skip


def _event(case: Case, entry: Entry) -> tuple[str, Instant]:
    """Name the event that an entry is, and when it really happened: clocks start at the fact, not at its record."""
    body = entry.body
    match body:
        case MailArrived() if body.party:
            return "", entry.at  # a promise to the reporters is kept by no mail of a party's, nor to one
        case ReplySent() if any(one.queued.party and one.queued.reply == body.reply for one in case.replies):
            return "reply-sent", entry.at
        case ReportLinked(arrived=arrived):
            return "received", arrived or entry.at
        case MailArrived(direction="in", arrived=arrived):
            return "mail-in", arrived or entry.at
        case MailArrived(arrived=arrived):
            return "mail-out", arrived or entry.at
        case Acknowledged():
            return "", entry.at  # kept with the report, since a report can leave the case
        case PublicityFlagged():
            return ("exploited" if body.exploited else "public" if body.public else ""), entry.at
        case ReplySent(when=when):
            return "mail-out", when
        case _:
            return entry.kind, entry.at


def _moments(known: Moments | None, when: Instant) -> Moments:
    return Moments(min(known.first, when), max(known.last, when)) if known else Moments(when, when)


def events(case: Case) -> dict[str, Moments]:
    """Give every event of a case by name, for clocks and conditions; those of reports are of the reports that it has now."""
    found = dict(case.happened)
    found.pop("received", None)
    for report in case.reports:
        if report.received:
            found["received"] = _moments(found.get("received"), report.received)
        if report.acknowledged:
            found["acknowledged"] = _moments(found.get("acknowledged"), report.acknowledged.when)
    if not case.closed:
        found.pop("case-closed", None)
    disclosed = _cve_disclosed(case, found)
    return {**found, "cve-disclosed": Moments(disclosed, disclosed)} if disclosed else found


def _cve_disclosed(case: Case, found: dict[str, Moments]) -> Instant | None:
    """Give when the public could read of the issue by its id: its CNA then has 24 hours, at most 72 (CNA rules 4.5.1)."""
    public = public_since(case)
    if public is None or not case.work.cves or "cve-assigned" not in found:
        return None
    return max(public, found["cve-assigned"].first)


def public_since(case: Case) -> Instant | None:
    """Give when the public could first read of the issue: it was flagged, announced, or its bug was public."""
    names = ("public", "announced", "announcement-seen", *(("bug-opened",) if case.work.bug and case.work.bug.public else ()))
    return min((case.happened[name].first for name in names if name in case.happened), default=None)


Change = dict[str, Any]


def _assessed(case: Case, entry: Entry, body: Assessed) -> Change:
    """Whoever rates again keeps their first rating sealed with the new one; anything else takes the seals off."""
    open_ = body.second != "blind"
    before = (_with(one, shown=True) if open_ or one.by != entry.by else one for one in case.assessments)
    return {"scope": None, "assessments": (*before, Assessment(entry.by, entry.at, body))}


def _second_rated(case: Case, entry: Entry, body: SecondRated) -> Change:
    return {"assessments": tuple(_with(one, answered=True, shown=True) for one in case.assessments)}


def _shown_to(case: Case, entry: Entry, body: RatingShown) -> Change:
    return {"assessments": tuple(_with(one, seen_by=(*one.seen_by, entry.by)) for one in case.assessments)}


def _closed(case: Case, entry: Entry, body: CaseClosed) -> Change:
    """Nobody is asked to rate what is closed."""
    return {"closed": body, "scope": None, "assessments": tuple(_with(one, shown=True) for one in case.assessments)}


def _with(one: Assessment, **changes: Any) -> Assessment:
    return msgspec.structs.replace(one, **changes)


def _opened(case: Case, entry: Entry, body: CaseOpened) -> Change:
    return {"project": body.project, "quiet": body.quiet, "policy": entry.policy}


def _linked(case: Case, entry: Entry, body: ReportLinked) -> Change:
    made = Report(body.report, body.reporter, body.subject, body.arrived, body.arrived or entry.at)
    others = tuple(one for one in case.reports if one.id != body.report)
    return {"reports": (*others, made)}


def _unlinked(case: Case, entry: Entry, body: ReportUnlinked) -> Change:
    return {
        "reports": tuple(one for one in case.reports if one.id != body.report),
        "mails": tuple(one for one in case.mails if one.report != body.report),
    }


def _with_report(case: Case, report: MessageId, **changes: Any) -> Change:
    return {"reports": tuple(msgspec.structs.replace(one, **changes) if one.id == report else one for one in case.reports)}


def _acknowledged(case: Case, entry: Entry, body: Acknowledged) -> Change:
    report = case.report(body.report)
    earlier = report.acknowledged if report else None
    # Two people answered: the promise runs from the first answer.
    return {} if earlier and earlier.when <= body.when else _with_report(case, body.report, acknowledged=body)


def _reporter_set(case: Case, entry: Entry, body: ReporterSet) -> Change:
    """Somebody else is the reporter: what the one before was told, they were not, and an answer is owed to them."""
    report = case.report(body.report)
    theirs = {"acknowledged": None, "told": None, "credit": None}
    same = report is None or address_key(report.reporter.address) == address_key(body.reporter.address)
    return _with_report(case, body.report, reporter=body.reporter, **({} if same else theirs))


def _mail(case: Case, entry: Entry, body: MailArrived) -> Change:
    if any(one.mail == body.mail and one.digest == body.digest for one in case.mails):
        return {}
    late = bool(case.seq > 1 and case.quiet and entry.at > case.happened["case-opened"].last)
    return {"mails": (*case.mails, body), "quiet": case.quiet and not late}


def _told_everybody(case: Case) -> Change:
    """What everybody can read is public; while a date is in force only a person's word for just that lifts anything (E10)."""
    return {} if case.embargo.active else {"public": True, "shown": True}


def _hidden_bug(case: Case) -> Change:
    """That a bug is not public corrects an earlier word that it is; what was announced stays public."""
    return {"shown": False} if not (case.work.announced or case.work.seen) else {}


def _delivered(case: Case, entry: Entry, body: ReplySent | ReplyFailed | ReplyDiscarded) -> Change:
    return {"replies": tuple(one.after(body) if one.queued.reply == body.reply else one for one in case.replies)}


_STEPS: dict[type[Body], Callable[[Case, Entry, Any], Change]] = {
    CaseOpened: _opened,
    ReportLinked: _linked,
    ReportUnlinked: _unlinked,
    ReporterSet: _reporter_set,
    CreditSet: lambda case, entry, body: _with_report(case, body.report, credit=body.credit),
    MailArrived: _mail,
    MailConflict: lambda case, entry, body: {"conflicts": (*case.conflicts, body)},
    CaseAccepted: lambda case, entry, body: {"id": body.id, "quiet": False, "scope": None},
    ScopeJudged: lambda case, entry, body: {"scope": body},
    CaseClosed: _closed,
    CaseReopened: lambda case, entry, body: {"closed": None, "scope": None, "merged_into": None},
    CaseMerged: lambda case, entry, body: {"merged_into": body.into},
    CaseUnmerged: lambda case, entry, body: {"merged_into": None},
    CaseClaimed: lambda case, entry, body: {"owner": body.owner},
    CaseReleased: lambda case, entry, body: {"owner": ""},
    PolicyMoved: lambda case, entry, body: {"policy": body.to},
    Acknowledged: _acknowledged,
    Assessed: _assessed,
    SecondRated: _second_rated,
    RatingShown: _shown_to,
    PublicityFlagged: lambda case, entry, body: {"public": body.public or case.shown, "exploited": body.exploited},
    BugOpened: lambda case, entry, body: _told_everybody(case) if body.public else _hidden_bug(case),
    Announced: lambda case, entry, body: _told_everybody(case),
    AnnouncementSeen: lambda case, entry, body: _told_everybody(case),
    NoteAdded: lambda case, entry, body: {"notes": (*case.notes, (entry.by, entry.at, body.text))},
    EmbargoCommunicated: lambda case, entry, body: _with_report(case, body.report, told=body.until),
    ReplyQueued: lambda case, entry, body: {"replies": (*case.replies, Reply(body, entry.by, entry.at))},
    ReplySent: _delivered,
    ReplyFailed: _delivered,
    ReplyDiscarded: _delivered,
}


def last(entries: Sequence[Entry]) -> int:
    """Give the number of the last entry; 0 where there is none."""
    return entries[-1].seq if entries else 0
