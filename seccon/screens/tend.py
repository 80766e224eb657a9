"""What the console does by itself: takes in mail, sends what waits, keeps the calendar file, watches over the journal."""

from typing import TYPE_CHECKING

from seccon.core.errors import SecconError
from seccon.core.instants import Instant
from seccon.core.report import StoreRevision

if TYPE_CHECKING:
    from seccon.desk.guard import Guard
    from seccon.desk.office import Office

EVERY = 2.0
"""Seconds between looks at the mail store (features, I2: new mail within 5 s of being indexed)."""


class Tender:
    """Looks at store and outbox; costs a question to the store where nothing is new."""

    def __init__(self, office: "Office", guard: "Guard") -> None:
        self._office, self._guard = office, guard
        self._seen: StoreRevision | None = None
        self._told: set[str] = set()
        self._woke: Instant | None = None
        self._fed = -1
        """The ledger's revision that the calendar file shows."""

    def look(self) -> tuple[SecconError, ...]:
        """Do what is to be done; give what went wrong, each trouble once until it is over."""
        found = [
            error for error in (self._mail(), self._wake(), self._post(), self._feed(), self._journal()) if error is not None
        ]
        fresh = tuple(error for error in found if str(error) not in self._told)
        self._told = {str(error) for error in found}
        return fresh

    def _mail(self) -> SecconError | None:
        from seccon.desk.sync import Sync

        try:
            revision = self._office.store.revision()
            if revision != self._seen:
                Sync().perform(self._office)
                self._seen = revision
        except SecconError as error:
            return error
        return None

    def _wake(self) -> SecconError | None:
        """Once a minute: a case that waits until a date comes back on it."""
        from seccon.desk.wake import Wake

        minute = self._office.clock().replace(second=0)
        try:
            if minute != self._woke:
                Wake().perform(self._office)
                self._woke = minute
        except SecconError as error:
            return error
        return None

    def _post(self) -> SecconError | None:
        from seccon.core.post import OutState

        now = self._office.clock()
        try:
            items = self._office.ledger.items(OutState.WAITING, OutState.SENDING)
            if any(item.state is OutState.SENDING or item.retry is None or item.retry <= now for item in items):
                from seccon.desk.deliver import Deliver

                Deliver().perform(self._office)
        except SecconError as error:
            return error
        return None

    def _feed(self) -> SecconError | None:
        if not self._office.feed:
            return None
        try:
            revision = self._office.ledger.revision()
            if revision != self._fed:
                from seccon.desk.calendar import WriteFeed

                WriteFeed().perform(self._office)
                self._fed = revision
        except SecconError as error:
            return error
        return None

    def _journal(self) -> SecconError | None:
        try:
            self._guard.look()
        except SecconError as error:
            return error
        return None
