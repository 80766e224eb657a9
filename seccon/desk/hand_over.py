"""Hand one mail over at a person's word, and say what became of it, whichever thread of this console did it."""

from typing import ClassVar

from seccon.core.post import OutItem
from seccon.desk.deliver import Deliver
from seccon.desk.office import Office
from seccon.desk.request import Request


class HandOver(Request, frozen=True, kw_only=True):
    """Hand it over now, with all else that is due."""

    beside: ClassVar[bool] = True
    away: ClassVar[bool] = True

    item: str

    def perform(self, office: Office) -> OutItem | None:
        """Give it as it is then; None where there is no such mail. Raises LedgerError."""
        Deliver(hasten=self.item).perform(office)
        return next((one for one in office.ledger.items() if one.id == self.item), None)
