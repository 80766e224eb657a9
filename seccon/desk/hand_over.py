"""Hand mail over at a person's word, and say what became of it, whoever did it: this thread, another, another console."""

from typing import ClassVar

from seccon.core.post import OutItem, OutState
from seccon.desk.deliver import Deliver
from seccon.desk.office import Office
from seccon.desk.request import Request


class HandOver(Request, frozen=True, kw_only=True):
    """Hand these over now, with all else that is due."""

    beside: ClassVar[bool] = True
    away: ClassVar[bool] = True

    items: tuple[str, ...] = ()

    def perform(self, office: Office) -> tuple[OutItem, ...]:
        """Give them, and what else waited or was on its way, as they are then. Raises LedgerError.

        What is still `sending` then is what another console is handing over.
        """
        others = (one.id for one in office.ledger.items(OutState.WAITING, OutState.SENDING))
        meant = dict.fromkeys((*self.items, *others))
        Deliver(hasten=self.items).perform(office)
        return tuple(found for name in meant if (found := office.ledger.item(name)) is not None)
