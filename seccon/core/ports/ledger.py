"""The ledger: the journal, what lists know of it, what was proved of mails, drafts and the outbox.

Each side is a Protocol of its own; who stores them all is a `Ledger`.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from seccon.core.board import BoardQuery, Counts, Dated, MailRef, Projection, Row
from seccon.core.ids import MessageId
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.post import Draft, OutItem, OutState
from seccon.core.proof import Proof
from seccon.core.report import Verdict

Projector = Callable[[int, Sequence[Entry]], Projection]
"""Case number and all its entries -> what lists know of it. Pure."""


class Book(Protocol):
    """The ledger inside one transaction: what is read here cannot change before what is written here."""

    def entries(self, case: int) -> tuple[Entry, ...]:
        """Give all entries of a case as whoever writes may see them (`second.veil`), in order."""
        ...

    def open_file(self, policy: str, *bodies: Body) -> int:
        """Open a new file with the next running number; give the number."""
        ...

    def append(self, case: int, after: int, policy: str, *bodies: Body) -> tuple[Entry, ...]:
        """Append; `after` is the last entry that the writer saw. Raises ConflictError when news (`unseen.news`) came after it."""
        ...

    def cases_of(self, mail: MessageId) -> tuple[int, ...]:
        """Give the cases in which a mail stands."""
        ...

    def cases_recording(self, kind: str) -> tuple[int, ...]:
        """Give the cases that have an entry of a kind."""
        ...

    def next_serial(self, project: str, year: int) -> int:
        """Give the next serial for a case id of that project and year: one more than was ever given."""
        ...

    def put_item(self, item: OutItem) -> None:
        """Put into the outbox, or replace by id."""
        ...

    def recover_items(self, *, mine: bool = False) -> tuple[OutItem, ...]:
        """Turn what dead processes (with `mine`, and this one) were sending to perhaps-sent; give these items."""
        ...

    def drop_draft(self, draft: str) -> None:
        """Forget a draft."""
        ...

    def set_mark(self, name: str, value: str) -> None:
        """Remember a bookkeeping value, such as how far intake has come."""
        ...

    def mark(self, name: str) -> str:
        """Give a bookkeeping value; empty where there is none."""
        ...


class Journal(Protocol):
    """The entries, append-only."""

    def writing(self, by: str, at: Instant) -> AbstractContextManager[Book]:
        """Open the one kind of transaction in which anything is written; entries bear `by` and `at`."""
        ...

    def revision(self) -> int:
        """Give a number that moves whenever anybody has written; cheap, for asking again and again."""
        ...

    def entries(self, case: int, person: str = "") -> tuple[Entry, ...]:
        """Give all entries of a case as `person` may see them (`second.veil`), in order; empty where there is no such file."""
        ...

    def cases_recording(self, kind: str) -> tuple[int, ...]:
        """Give the cases that have an entry of a kind."""
        ...

    def mark(self, name: str) -> str:
        """Give a bookkeeping value; empty where there is none."""
        ...

    def rebuild(self) -> int:
        """Make all projections anew out of the entries; give the number of cases."""
        ...


class Chain(Protocol):
    """The proof that no entry was altered, removed or put in another order."""

    def verify(self) -> tuple[str, ...]:
        """Walk the whole chain; say where it breaks, in words. Empty: it holds."""
        ...

    def prove(self, after: Proof | None = None) -> Proof:
        """Walk the chain from its beginning, or the rows that came since `after`, which must hold."""
        ...

    def altered(self, case: int) -> tuple[str, ...]:
        """Say which entries of one case do not fit their own hashes; cheap, for each time a case is read."""
        ...


class Lists(Protocol):
    """What lists and calendars read of the entries."""

    def rows(
        self, query: BoardQuery, person: str, offset: int = 0, limit: int = 100, now: Instant | None = None
    ) -> tuple[Row, ...]:
        """Give a window of the list; what presses by `now` stands first, whatever the order."""
        ...

    def count(self, query: BoardQuery) -> int:
        """Count the rows of a list."""
        ...

    def row(self, case: int, person: str = "") -> Row | None:
        """Give one row, whatever its state."""
        ...

    def find(self, label: str) -> int | None:
        """Find a case by its id (`Q-2026-041`, any case) or number (`17`, `#17`)."""
        ...

    def counts(self, now: Instant, person: str = "") -> Counts:
        """Give the figures of the top line."""
        ...

    def pressing(self, now: Instant) -> tuple[str, ...]:
        """Name the open cases whose date has come, or that leak, and of which the public was not told (`Row.presses`)."""
        ...

    def dates(self, start: Instant, end: Instant, *, only_open: bool = True, clocks: bool = True) -> tuple[Dated, ...]:
        """Give what touches the time from `start` to `end`, by due time; without `clocks` only what the public waits for."""
        ...

    def mails(self, case: int) -> tuple[MailRef, ...]:
        """Give the mails of a case, by arrival."""
        ...

    def cases_of(self, mail: MessageId) -> tuple[int, ...]:
        """Give the cases in which a mail stands."""
        ...

    def cases_with(self, direction: str) -> tuple[int, ...]:
        """Give the cases that hold a mail of this direction (`MailRef.direction`)."""
        ...


class Verdicts(Protocol):
    """What was proved of mails, and who has seen what."""

    def saw(self, person: str, case: int) -> None:
        """Remember that a person has now seen all mails of a case."""
        ...

    def keep_verdict(self, mail: MessageId, digest: str, verdict: Verdict) -> None:
        """Keep what was proved of a mail, so that lists can show it."""
        ...

    def verdict(self, mail: MessageId, digest: str) -> Verdict | None:
        """Give what was proved of the mail with this id and this content; None where nobody has looked."""
        ...


class Post(Protocol):
    """Drafts and the outbox."""

    def save_draft(self, draft: Draft) -> None:
        """Keep a draft, or replace it by id."""
        ...

    def drafts(self, person: str, case: int | None = None) -> tuple[Draft, ...]:
        """Give a person's drafts, newest first."""
        ...

    def drop_draft(self, draft: str) -> None:
        """Forget a draft."""
        ...

    def items(self, *states: OutState, since: Instant | None = None) -> tuple[OutItem, ...]:
        """Give outbox items (all states where none is named), oldest first; with `since` those that were queued after it."""
        ...

    def item(self, name: str) -> OutItem | None:
        """Give one outbox item, whatever its state; None where there is none."""
        ...

    def take_item(self, item: str, now: Instant) -> OutItem | None:
        """Take a waiting item for sending: to `sending`, once; None when somebody else has it or it is not due."""
        ...


class Ledger(Journal, Chain, Lists, Verdicts, Post, Protocol):
    """The journal, stored, and its projections. Raises LedgerError with a sentence."""

    def close(self) -> None:
        """Let go of everything."""
        ...
