"""The outbox as a person wants to see it: what needs them first, then what was sent lately."""

from datetime import timedelta

from seccon.core.instants import instant
from seccon.core.post import OutItem, OutState
from seccon.desk.office import Office
from seccon.desk.request import Request

_FIRST = (OutState.PERHAPS, OutState.FAILED, OutState.SENDING, OutState.WAITING, OutState.SENT, OutState.DISCARDED)
"""The last two are done."""
_LATELY = timedelta(days=14)


class ListOutbox(Request, frozen=True, kw_only=True):
    """Ask for it. Writes nothing."""

    def perform(self, office: Office) -> tuple[OutItem, ...]:
        """Give the items; what was sent or discarded more than two weeks ago is left out."""
        since = instant(office.clock() - _LATELY)
        items = [*office.ledger.items(*_FIRST[:-2]), *office.ledger.items(*_FIRST[-2:], since=since)]
        return tuple(sorted(items, key=lambda item: (_FIRST.index(item.state), -item.queued.timestamp())))
