"""Rows of lists, and what a list may be asked for."""

from typing import Literal

import msgspec

from seccon.core.ids import MessageId
from seccon.core.instants import Instant

State = Literal["new", "open", "waiting", "embargo", "closed"]
UNPUBLISHED = "not published"
"""The alarm of a case that everybody may know of and nobody was told of (features, E9)."""
LEAK = "possible leak"
"""The alarm of a case under embargo of which a public list seems to tell (features, E9)."""
Sort = Literal["urgency", "age", "severity", "activity", "number", "reporter"]


SEALED_WORD = "sealed"
"""What a row says in place of a severity that waits for a colleague's rating; its rank is that of what is not rated."""


class Row(msgspec.Struct, frozen=True):
    """One line of the queue: what lists sort, filter and show; a projection of one case's entries."""

    number: int
    id: str
    """The case id, empty until somebody accepted it."""
    project: str
    state: State
    subject: str
    reporter: str
    """Name of the first reporter, else the address."""
    address: str = ""
    report: MessageId | None = None
    """First mail of the first report."""
    severity: str = ""
    rank: int = -1
    """Place on the policy's scale; -1 where not rated."""
    opened: Instant | None = None
    """When the first report arrived: what age counts from."""
    touched: Instant | None = None
    """When the newest mail arrived."""
    step: str = ""
    """Id of the next step."""
    next: str = ""
    """The next step in words."""
    due: Instant | None = None
    owner: str = ""
    """Login of who answers for it."""
    mails: int = 0
    reporters: int = 1
    encrypted: bool = False
    signed: bool = False
    embargo: Instant | None = None
    """The date in force."""
    alarm: str = ""
    """A red warning that stands above all order: mail conflict, two mails under one id …"""
    unread: int = 0
    """For the person who asked."""
    mark: Literal["", "trusted", "weak", "bad"] = ""
    """What is known of the first mail's signature, once somebody's console verified it."""

    @property
    def label(self) -> str:
        """What people call it: its id, or the file's running number."""
        return self.id or f"#{self.number}"

    @property
    def sealed(self) -> bool:
        """It is rated, and nobody is told how until a colleague has rated it too (features, T4)."""
        return self.severity == SEALED_WORD and self.rank < 0

    def presses(self, now: Instant) -> bool:
        """Say whether it stands first whatever the order: its date has come, and the public was not told."""
        return self.state != "closed" and (self.lapsed(now) or self.alarm in (LEAK, UNPUBLISHED))

    def lapsed(self, now: Instant) -> bool:
        """Say whether the embargo's date has passed and nobody released it: that stands before every step (features, E9)."""
        return self.embargo is not None and self.embargo <= now


class Dated(msgspec.Struct, frozen=True):
    """One thing with a day, for calendar and agenda: an embargo, a clock, an announcement that is owed."""

    case: int
    kind: Literal["embargo", "clock", "announcement"]
    name: str
    """Clock id, or the state of the embargo."""
    title: str
    start: Instant
    due: Instant
    rank: int = -1
    open: bool = True
    """False once the clock was met or the embargo ended."""
    label: str = ""
    """Case label, filled in when read."""
    hard: bool = False


class MailRef(msgspec.Struct, frozen=True):
    """One mail of a case, as the journal knows it."""

    mail: MessageId
    digest: str
    report: MessageId
    arrived: Instant | None
    direction: str = "in"


class Projection(msgspec.Struct, frozen=True):
    """All that lists know of one case; None of `row` for a file that is not listed."""

    row: Row | None
    dates: tuple[Dated, ...] = ()
    mails: tuple[MailRef, ...] = ()
    words: tuple[str, ...] = ()
    """What a search finds the case by, beside what its row shows: who else reported it, and how; its CVE ids."""


class BoardQuery(msgspec.Struct, frozen=True):
    """What a list asks for. `words` must all occur in subject, reporter, id, owner or `Projection.words`, whatever their case."""

    words: tuple[str, ...] = ()
    project: str = ""
    states: tuple[State, ...] = ("new", "open", "waiting", "embargo")
    sort: Sort = "urgency"
    reverse: bool = False
    due_by: Instant | None = None
    """Only what is due before this moment."""


class Counts(msgspec.Struct, frozen=True):
    """The figures of the top line."""

    open: int = 0
    overdue: int = 0
    outbox: int = 0
    drafts: int = 0
