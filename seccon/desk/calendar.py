"""What is dated: read it for a stretch of time, find what is due or warned of, write it as a calendar, mail a reminder.

Nothing here changes the ledger. What leaves names cases by their ids (`core.agenda`).
"""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import ClassVar

import msgspec

from seccon.core.agenda import Almanac, Occasion, horizon, occasion, reminder, warned
from seccon.core.board import Dated
from seccon.core.case import Case, fold
from seccon.core.clocks import readings
from seccon.core.errors import ConfigError
from seccon.core.ids import MessageId
from seccon.core.instants import EPOCH, FAR, Instant
from seccon.core.letter import REMINDER, Letter, Recipient, Stamp
from seccon.core.ports import Receipt
from seccon.core.report import Address
from seccon.core.spans import Span, after
from seccon.core.team import Identity
from seccon.desk.office import Office
from seccon.desk.request import Request, days_off
from seccon.desk.room import identity_of, room


class Stretch(msgspec.Struct, frozen=True):
    """What a stretch of days holds."""

    dates: tuple[Dated, ...]
    holidays: Mapping[date, str]
    overdue: tuple[Dated, ...] = ()
    """What is overdue now, however long ago it was due."""


class ReadStretch(Request, frozen=True, kw_only=True):
    """Read what touches the time from `start` to before `end`, and the holidays in it."""

    start: Instant
    end: Instant
    holidays_from: Instant | None = None
    """Where a stretch begins long ago: holidays only from here on."""

    def perform(self, office: Office) -> Stretch:
        """Read. Raises LedgerError."""
        found = office.ledger.dates(self.start, self.end, only_open=False)
        days: dict[date, str] = {}
        last = (self.end - timedelta(seconds=1)).date()
        for project in office.projects:
            off = office.holidays.get(project.policy)
            days |= off.named((self.holidays_from or self.start).date(), last) if off else {}
        now = office.clock()
        overdue = tuple(one for one in office.ledger.dates(EPOCH, now) if one.due <= now)
        return Stretch(found, days, overdue)


class FindDue(Request, frozen=True, kw_only=True):
    """Find what is due within a length of time, and what the policies warn of already (features, E8)."""

    within: Span
    mine: bool = False
    """Only cases that the person answers for."""

    def perform(self, office: Office) -> tuple[Dated, ...]:
        """Give them by due time. Raises LedgerError."""
        now = office.clock()
        near = after(now, self.within)
        far = max(near, horizon(office.policies.values(), now))
        found = [one for one in office.ledger.dates(EPOCH, far) if one.due <= near or _warned(office, one, now)]
        if self.mine:
            rows = {case: office.ledger.row(case, office.person) for case in {one.case for one in found}}
            found = [one for one in found if (row := rows[one.case]) and row.owner == office.person]
        return tuple(found)


def _warned(office: Office, dated: Dated, now: Instant) -> bool:
    """Ask the clock itself: one that is paused warns of nothing."""
    case = fold(office.ledger.entries(dated.case))
    policy = office.policies.get(case.policy)
    if policy is None or dated.kind == "embargo":
        return warned(dated, policy, now)
    found = readings(case, policy, now, days_off(office, policy))
    return any(one.id == dated.name and one.state == "warned" for one in found)


class WriteCalendar(Request, frozen=True, kw_only=True):
    """Write what is open, from `start` to `end`, as an iCalendar file; without a `path` only give it."""

    beside: ClassVar[bool] = True

    path: str = ""
    start: Instant = EPOCH
    end: Instant = FAR

    def perform(self, office: Office) -> bytes:
        """Give the file's bytes. Raises ConfigError, LedgerError."""
        almanac = _almanac(office)
        dates = [one for one in office.ledger.dates(self.start, self.end) if self.start <= one.due < self.end]
        written = almanac.write(_occasions(office, dates), office.clock())
        if self.path:
            almanac.keep(self.path, written)
        return written


class WriteFeed(Request, frozen=True, kw_only=True):
    """Bring the private calendar file up to date, where one is configured."""

    beside: ClassVar[bool] = True

    def perform(self, office: Office) -> bool:
        """Say whether there is one. Raises LedgerError."""
        if office.feed:
            WriteCalendar(path=office.feed).perform(office)
        return bool(office.feed)


def _almanac(office: Office) -> Almanac:
    if office.almanac is None:
        raise ConfigError("No calendar can be written from here.")
    return office.almanac


def _occasions(office: Office, dates: Iterable[Dated]) -> list[Occasion]:
    """Look once at each case: its policy's reminders, and how often and when it changed."""
    cases: dict[int, tuple[Case, Instant]] = {}
    found = []
    for dated in dates:
        if dated.case not in cases:
            entries = office.ledger.entries(dated.case)
            cases[dated.case] = fold(entries), entries[-1].at
        case, modified = cases[dated.case]
        found.append(occasion(dated, case, office.policies.get(case.policy), modified, office.calendar_domain))
    return found


class MailReminder(Request, frozen=True, kw_only=True):
    """Hand a reminder of what is due to the courier, from one of our addresses."""

    beside: ClassVar[bool] = True

    to: str
    dates: tuple[Dated, ...]
    identity: str = ""
    """The address it comes from; empty: the first one."""

    def perform(self, office: Office) -> Receipt:
        """Send it. Raises ConfigError, RefusedError, CourierError."""
        sender, now = _sender(office, self.identity), office.clock()
        subject, text = reminder(self.dates, now)
        name = secrets.token_hex(16)
        letter = Letter(
            id=name, case=0, identity=sender.address, recipients=(Recipient(self.to),), subject=subject, text=text,
            protection="clear", purpose=REMINDER,
        )  # fmt: skip
        mail = MessageId(f"{name}@{sender.address.rpartition('@')[2]}")
        stamp = Stamp(mail, now, Address(sender.name, sender.address), subject)
        return office.courier.deliver(room(office).writer.write(letter, stamp), sender.address, (self.to,))


def _sender(office: Office, address: str) -> Identity:
    found = identity_of(office, address) if address else next(iter(office.identities), None)
    if found is None:
        known = ", ".join(one.address for one in office.identities)
        said = f"'{address}' is none of our addresses." if address else "No address to write from is configured."
        raise ConfigError(said, f"Known are: {known}." if known else "Add an [[identity]] to the configuration.")
    return found
