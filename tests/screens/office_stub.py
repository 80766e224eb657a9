"""An office for screens: a ledger in memory that holds rows and dates, and a clock that stands still."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from seccon.app import Console
from seccon.core.board import BoardQuery, Counts, Dated, Row, State
from seccon.core.instants import Instant
from seccon.core.team import Project, Roster

NOW = datetime(2026, 11, 21, 19, 13, tzinfo=UTC)
STATES: tuple[State, ...] = ("new", "open", "waiting", "embargo")
SEVERITIES = (("", -1), ("Low", 0), ("Moderate", 1), ("Important", 2), ("Critical", 3))
STEPS = ("acknowledge", "triage", "fix: stable-9.1", "embargo ends", "")
SUBJECTS = (
    "virtio-net: heap overflow in virtio_net_receive_rcu",
    "sdhci: OOB read via crafted SD commands",
    "vhost-user: use after free in vhost_user_backend_init",
    "QEMU 9.1.0 nvme: guest-triggerable assertion",
    "libvirtd: deadlock when a client disconnects during migration",
)


def row(number: int, **changes: object) -> Row:
    """Make a row that differs from its neighbours."""
    severity, rank = SEVERITIES[number % 5]
    plain = Row(
        number=number, id=f"Q-2026-{number:03}" if number % 4 else "", project="qemu", state=STATES[number % 4],
        subject=SUBJECTS[number % 5], reporter=("J. Doe", "A. Roe", "M. Poe")[number % 3], address=f"p{number}@example.org",
        severity=severity, rank=rank, opened=NOW - timedelta(hours=number * 7 + 3), touched=NOW, step=STEPS[number % 5],
        next=STEPS[number % 5], due=None if number % 5 == 4 else NOW + timedelta(hours=number * 11 - 40),
        owner=("", "alice", "bob")[number % 3], mails=number % 6 + 1, encrypted=number % 3 == 0, signed=number % 2 == 0,
        unread=number % 4, mark=("", "trusted", "weak", "bad")[number // 2 % 4],
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


class LedgerStub:
    """As much of the ledger as lists ask for; counts how often each question came."""

    def __init__(self, rows: list[Row], dates: tuple[Dated, ...] = ()) -> None:
        self.held = rows
        self.held_dates = dates
        self.moved = 1
        self.asked: list[tuple[str, object]] = []

    def revision(self) -> int:
        return self.moved

    def _matching(self, query: BoardQuery) -> list[Row]:
        found = [
            each for each in self.held if each.state in query.states and (not query.project or each.project == query.project)
        ]
        if query.due_by is not None:
            found = [each for each in found if each.due is not None and each.due < query.due_by]
        for word in query.words:
            found = [
                each for each in found if word.casefold() in f"{each.subject} {each.reporter} {each.id} {each.owner}".casefold()
            ]
        if query.sort == "reporter":
            found.sort(key=lambda each: each.reporter)
        return found

    def rows(
        self, query: BoardQuery, person: str, offset: int = 0, limit: int = 100, now: Instant | None = None
    ) -> tuple[Row, ...]:
        self.asked.append(("rows", (query, offset)))
        return tuple(self._matching(query)[offset : offset + limit])

    def count(self, query: BoardQuery) -> int:
        return len(self._matching(query))

    def row(self, case: int, person: str = "") -> Row | None:
        self.asked.append(("row", case))
        return next((each for each in self.held if each.number == case), None)

    def entries(self, case: int, person: str = "") -> tuple[object, ...]:
        return ()

    def altered(self, case: int) -> tuple[str, ...]:
        return ()

    def counts(self, now: Instant, person: str = "") -> Counts:
        return Counts(open=len(self.held), overdue=sum(1 for each in self.held if each.due is not None and each.due <= now))

    def pressing(self, now: Instant) -> tuple[str, ...]:
        return tuple(each.label for each in self.held if each.presses(now))

    def dates(self, start: Instant, end: Instant, *, only_open: bool = True, clocks: bool = True) -> tuple[Dated, ...]:
        self.asked.append(("dates", (start, end)))
        return tuple(each for each in self.held_dates if each.start < end and each.due >= start)


class OfficeStub(msgspec.Struct):
    """Stands for `desk.office.Office` where only these are asked for."""

    ledger: LedgerStub
    person: str = "alice"
    now: Instant = NOW
    projects: tuple[Project, ...] = (Project(name="qemu", policy="qemu@2020-12"),)
    policies: Mapping[str, object] = {}
    holidays: Mapping[str, object] = {}
    roster: Roster = Roster()

    def clock(self) -> Instant:
        return self.now


class Untended(Console):
    """The console without a mail store and an outbox behind it."""

    def _tend(self) -> None:
        pass


def office(count: int = 12, **changes: object) -> OfficeStub:
    """Make an office with `count` cases."""
    return OfficeStub(LedgerStub([row(number, **changes) for number in range(1, count + 1)]))
