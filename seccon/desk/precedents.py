"""Look for past cases like one (features, T6): in the lists, and in how the most alike of them were rated."""

from seccon.core.board import BoardQuery, Row, State
from seccon.core.case import fold
from seccon.core.precedent import Past, Precedent, alike, components
from seccon.desk.office import Office
from seccon.desk.request import Request

_STATES: tuple[State, ...] = ("new", "open", "waiting", "embargo", "closed")
_RECENT = 500
_NAMED = 100
"""Rows that are looked at: the last that moved, and for each component the last that name it."""


class FindPrecedents(Request, frozen=True, kw_only=True):
    """Ask for the rated cases of the same project that are most like a case."""

    case: int

    def perform(self, office: Office) -> tuple[Precedent, ...]:
        """Compare subjects as lists show them; no mail is read. Raises LedgerError."""
        row = office.ledger.row(self.case, office.person)
        if row is None:
            return ()
        found = alike(row.subject, self.case, self._rows(office, row))
        return tuple(self._with_answers(office, one) for one in found)

    def _rows(self, office: Office, row: Row) -> tuple[Row, ...]:
        query = BoardQuery(project=row.project, states=_STATES, sort="activity")
        rows = list(office.ledger.rows(query, office.person, 0, _RECENT))
        for name in components(row.subject)[:3]:
            named = BoardQuery(words=(name,), project=row.project, states=_STATES, sort="activity")
            rows += office.ledger.rows(named, office.person, 0, _NAMED)
        return tuple({one.number: one for one in rows}.values())

    def _with_answers(self, office: Office, one: Precedent) -> Precedent:
        rating = fold(office.ledger.entries(one.past.row.number)).assessment
        answers = rating.body.answers if rating else {}
        return Precedent(Past(one.past.row, answers), one.likeness, one.shared)
