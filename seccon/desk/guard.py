"""Watches over the journal while a console is open (features, H4)."""

import threading
from typing import TYPE_CHECKING

from seccon.core.errors import LedgerError
from seccon.core.instants import Instant
from seccon.core.proof import Proof

if TYPE_CHECKING:
    from seccon.desk.office import Office

MEND = "Run `seccon audit`, write nothing to it, and compare with the last backup."
MOVED, STILL = 60, 3600
"""Seconds after which the whole chain is walked again: where the ledger moved since, and where it did not."""


class Guard:
    """Remembers how far the chain was proved, so that a look costs only what is new.

    What was changed behind everybody's back in old rows is found by the walk at the start, by the one that follows a change
    (at most once in `MOVED`), and at once by whoever opens that case. Mending it is seen as soon as the file moves.
    """

    def __init__(self, office: "Office") -> None:
        self._office = office
        self._proof: Proof | None = None
        self._whole: Instant | None = None
        self._seen = self._walked = -1
        """The ledger's revision at the last look, and at the last walk along the whole chain."""
        self._lock = threading.Lock()

    @property
    def breaks(self) -> tuple[str, ...]:
        """What is known to be wrong now, in words."""
        proof = self._proof
        return proof.breaks if proof else ()

    def look(self) -> None:
        """Walk what has to be walked. Raises LedgerError: the journal cannot be read, or does not hold."""
        with self._lock:
            now, revision = self._office.clock(), self._office.ledger.revision()
            if self._is_due(now, revision):
                self._walk_all(now, revision)
            elif revision != self._seen and self._proof is not None:
                self._proof = self._office.ledger.prove(self._proof)
            self._seen = revision
        self._tell()

    def _is_due(self, now: Instant, revision: int) -> bool:
        if self._proof is None or self._whole is None:
            return True
        if not self._proof.holds:
            return revision != self._walked
        age = (now - self._whole).total_seconds()
        return age >= STILL or (age >= MOVED and revision != self._walked)

    def read(self, case: int) -> None:
        """Look at the entries of a case that is being opened. Raises LedgerError as `look` does."""
        if not self.breaks and self._office.ledger.altered(case):
            with self._lock:
                self._walk_all(self._office.clock(), self._office.ledger.revision())
            self._tell()

    def _walk_all(self, now: Instant, revision: int) -> None:
        self._proof, self._whole, self._walked = self._office.ledger.prove(), now, revision

    def _tell(self) -> None:
        if self.breaks:
            raise LedgerError(told(self.breaks), MEND)


def told(breaks: tuple[str, ...]) -> str:
    """Say in a sentence what is wrong: the first place, and how many more."""
    more = f" And {len(breaks) - 1} more." if len(breaks) > 1 else ""
    return f"The journal was altered behind seccon's back. {breaks[0]}{more}"
