"""The questions that the queue and the calendar ask: frozen values, run beside the screens on the ledger's one thread."""

from typing import TYPE_CHECKING

import msgspec

from seccon.core.board import BoardQuery, Row
from seccon.core.errors import SecconError
from seccon.core.instants import Instant
from seccon.widgets.window import BLOCK

if TYPE_CHECKING:
    from seccon.core.card import CardView
    from seccon.desk.office import Office

Blocks = tuple[tuple[int, tuple[Row, ...]], ...]


class Page(msgspec.Struct, frozen=True):
    """A list's length, and some of its rows."""

    total: int
    blocks: Blocks
    overdue: int = 0
    """How many of them are overdue."""


class ReadBoard(msgspec.Struct, frozen=True):
    """Read a list anew: its length, and the blocks around the place that is on view."""

    query: BoardQuery
    starts: tuple[int, ...] = (0,)

    def perform(self, office: "Office") -> Page:
        """Count and read. Raises LedgerError."""
        total = office.ledger.count(self.query)
        wanted = [start for start in self.starts if start < total] or [0]
        late = msgspec.structs.replace(self.query, due_by=office.clock().replace(second=0))
        return Page(total, _blocks(office, self.query, wanted), office.ledger.count(late))


class ReadRows(msgspec.Struct, frozen=True):
    """Read more blocks of a list that is on view; `generation` is the list's own number for it."""

    query: BoardQuery
    starts: tuple[int, ...]
    generation: int

    def perform(self, office: "Office") -> Blocks:
        """Read. Raises LedgerError."""
        return _blocks(office, self.query, self.starts)


class ReadCard(msgspec.Struct, frozen=True):
    """Read what the card of a case says at a moment."""

    case: int
    now: Instant

    def perform(self, office: "Office") -> "CardView | None":
        """Have the case judged; where it cannot be, say what the row alone knows. Raises LedgerError."""
        from seccon.desk.case_card import ReadCaseCard
        from seccon.screens.row_card import row_card
        from seccon.screens.verbs import STEP_KEYS

        try:
            return ReadCaseCard(case=self.case, keys=STEP_KEYS).perform(office).card
        except SecconError:
            pass  # its policy is not installed: opening the case says so
        row = office.ledger.row(self.case, office.person)
        return None if row is None else row_card(row, self.now)


def _blocks(office: "Office", query: BoardQuery, starts: "list[int] | tuple[int, ...]") -> Blocks:
    return tuple(
        (start, _named(office, office.ledger.rows(query, office.person, start, BLOCK, office.clock()))) for start in starts
    )


def _named(office: "Office", rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Put names where the ledger has logins, and say to whoever rated first that a colleague's rating is waited for."""
    from seccon.core.second import title_for
    from seccon.desk.roster import roster_of

    roster = roster_of(office)
    return tuple(
        msgspec.structs.replace(row, owner=roster.display(row.owner), next=title_for(row.next, office.person, roster))
        for row in rows
    )
