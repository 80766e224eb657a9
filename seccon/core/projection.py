"""A case's entries -> what lists know of it: the row of the queue, its dates for the calendar, its mails."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from datetime import date

from seccon.core.board import LEAK, SEALED_WORD, UNPUBLISHED, Dated, MailRef, Projection, Row, State
from seccon.core.case import Case, fold
from seccon.core.clocks import readings
from seccon.core.facts import freed_at, is_public, owes_publication
from seccon.core.instants import EPOCH, Instant
from seccon.core.journal import Entry
from seccon.core.journal.work import PostHeld
from seccon.core.policy import Policy
from seccon.core.steps import Step, steps

TO_PARTY = "party"
"""The direction of a mail that was written to a party: an answer to it is found by its id, no report's query names it."""


def projector(
    policies: Mapping[str, Policy], holidays: Mapping[str, Container[date]] | None = None
) -> Callable[[int, Sequence[Entry]], Projection]:
    """Bind the policies, and each one's holidays by its key; what comes out never depends on the time of day."""

    def project(case: int, entries: Sequence[Entry]) -> Projection:
        folded = fold(entries)
        return projection(folded, policies, (holidays or {}).get(folded.policy, ()))

    return project


def projection(case: Case, policies: Mapping[str, Policy], holidays: Container[date] = ()) -> Projection:
    """Project one case; a file without reports (merged, unlinked, the team's own) has no row."""
    policy = policies.get(case.policy)
    mails = (
        *(MailRef(one.mail, one.digest, one.report, one.arrived, one.direction) for one in case.mails),
        *(MailRef(one.mail, "", one.mail, None, "held") for one in _awaited(case)),
        *(MailRef(one.queued.mail, "", one.queued.mail, None, TO_PARTY) for one in case.replies if one.queued.party),
    )
    if not case.reports:
        return Projection(None, (), mails)
    owed = steps(case, policy, EPOCH, holidays) if policy else ()
    dates = _dates(case, policy, holidays) if policy else ()
    return Projection(_row(case, policy, owed, dates), dates, mails, tuple(_words(case)))


def _words(case: Case) -> Iterator[str]:
    for one in case.reports[1:]:
        yield from (one.subject, one.reporter.name, one.reporter.address)
    yield from (one.cve for one in case.work.cves)


def state_of(case: Case) -> State:
    """Give the one word for where a case stands."""
    if case.closed:
        return "closed"
    if case.work.waiting:
        return "waiting"
    if case.embargo.active:
        return "embargo"
    return "open" if case.id else "new"


def _row(case: Case, policy: Policy | None, owed: tuple[Step, ...], dates: tuple[Dated, ...]) -> Row:
    first = case.reports[0]
    root = next((mail for mail in case.mails if mail.mail == first.id), None)
    arrivals = [mail.arrived for mail in case.mails if mail.arrived]
    step = owed[0] if owed else None
    waits = _waits(case) if step is None or step.verb not in _CANNOT_WAIT else ""
    title = waits or (step.title if step else _at_rest(case, policy))
    return Row(
        number=case.number,
        id=case.id or "",
        project=case.project,
        state=state_of(case),
        subject=first.subject,
        reporter=first.reporter.name or first.reporter.address,
        address=first.reporter.address,
        report=first.id,
        severity=case.severity or (SEALED_WORD if case.sealed else "none" if case.assessment else ""),
        rank=policy.rank(case.severity) if policy else -1,
        opened=first.arrived,
        touched=max(arrivals, default=first.arrived),
        step=step.id if step else "",
        next=title,
        due=_due(owed, dates),
        owner=case.owner,
        mails=len(case.mails),
        reporters=len(case.reports),
        encrypted=root.encrypted if root else False,
        signed=root.signed if root else False,
        embargo=case.embargo.until if case.embargo.active else None,
        alarm=_alarm(case, policy),
    )


_CANNOT_WAIT = ("acknowledge", "tell", "release")
"""Steps that stand before any waiting: a reporter without an answer, a date that has come."""


def _waits(case: Case) -> str:
    """Say whom an open case waits for, and since when."""
    wait = case.work.waiting
    return f"waits for {wait.whom}, since {wait.start:%m-%d}" if wait and not case.closed and not case.quiet else ""


def _at_rest(case: Case, policy: Policy | None) -> str:
    if policy is None:
        return f"policy {case.policy} is not installed"
    if case.closed:
        return case.closed.outcome
    return "nothing is owed" if case.quiet else "work goes on"


def _due(owed: tuple[Step, ...], dates: tuple[Dated, ...]) -> Instant | None:
    """The public waits since the release; else the next step's own due time; where it has none, the first open clock's."""
    publication = next((one.due for one in dates if one.kind == "announcement"), None)
    if publication is not None:
        return publication
    if not owed:
        return None
    if owed[0].due:
        return owed[0].due
    return min((one.due for one in dates if one.open), default=None)


def _awaited(case: Case) -> list[PostHeld]:
    """Give the posts that a list held back and that have not come: they are found by their ids when they do."""
    here = {one.mail for one in case.mails}
    return [post for name, post in case.work.held.items() if name not in here]


def _alarm(case: Case, policy: Policy | None) -> str:
    """Give the gravest warning: what tells or should tell the public stands before what waits within the house."""
    if case.closed:
        return ""
    if case.work.leaking and not is_public(case):
        return LEAK
    if policy is not None and owes_publication(case, policy):
        return UNPUBLISHED
    if case.conflicts:
        return "two mails under one id"
    return "held for moderation" if case.work.holding else ""


def _dates(case: Case, policy: Policy, holidays: Container[date]) -> tuple[Dated, ...]:
    rank = policy.rank(case.severity)
    found = [
        Dated(case.number, "clock", one.id, one.title, one.start, one.due, rank, one.open and not case.closed, hard=one.hard)
        for one in (() if case.quiet else readings(case, policy, EPOCH, holidays))
        if not one.informative
    ]
    embargo = case.embargo
    if embargo.windows and embargo.until:
        start = embargo.windows[0].start
        found.append(Dated(case.number, "embargo", embargo.state, "embargo", start, embargo.until, rank, embargo.active))
    freed = freed_at(case)
    if freed is not None and owes_publication(case, policy):
        found.append(Dated(case.number, "announcement", "publish", UNPUBLISHED, freed, freed, rank, hard=True))
    return tuple(found)
