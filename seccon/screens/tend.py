"""What the console does by itself, beside the screens: takes in new mail, tries again what waits to be sent."""

from typing import TYPE_CHECKING

from seccon.core.errors import SecconError
from seccon.core.report import StoreRevision

if TYPE_CHECKING:
    from seccon.desk.office import Office

EVERY = 2.0
"""Seconds between looks at the mail store (features, I2: new mail within 5 s of being indexed)."""


class Tender:
    """Looks at store and outbox; costs a question to the store where nothing is new."""

    def __init__(self, office: "Office") -> None:
        self._office = office
        self._seen: StoreRevision | None = None
        self._told: set[str] = set()

    def look(self) -> tuple[SecconError, ...]:
        """Do what is to be done; give what went wrong, each trouble once until it is over."""
        found = [error for error in (self._mail(), self._post()) if error is not None]
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
