"""Take up again what waited until a date: the case comes back by itself (features, A5)."""

from seccon.core.board import BoardQuery
from seccon.core.case import fold
from seccon.core.journal.work import WaitingEnded
from seccon.desk.office import Office
from seccon.desk.request import Request

WAKER = "seccon"
"""Who made the entries: time passed, nobody decided."""


class Wake(Request, frozen=True, kw_only=True):
    """End the waiting whose date has passed. Gives the cases that came back."""

    def perform(self, office: Office) -> tuple[int, ...]:
        """Look at the waiting cases alone; each is looked at again inside the transaction. Raises LedgerError."""
        now = office.clock()
        waiting = office.ledger.rows(BoardQuery(states=("waiting",)), office.person, 0, -1)
        due = [row.number for row in waiting if _is_over(office, row.number)]
        woken = []
        for number in due:
            with office.ledger.writing(WAKER, now) as book:
                case = fold(book.entries(number))
                wait = case.work.waiting
                if wait is not None and wait.until is not None and wait.until <= now:
                    book.append(
                        number, case.seq, case.policy, WaitingEnded(why=f"Its date, {wait.until:%Y-%m-%d %H:%M}Z, has come.")
                    )
                    woken.append(number)
        return tuple(woken)


def _is_over(office: Office, number: int) -> bool:
    wait = fold(office.ledger.entries(number)).work.waiting
    return wait is not None and wait.until is not None and wait.until <= office.clock()
