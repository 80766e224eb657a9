"""Prove the journal, or say where it breaks (features, H4)."""

from seccon.core.proof import Proof
from seccon.desk.office import Office
from seccon.desk.request import Request


class Audit(Request, frozen=True, kw_only=True):
    """Walk the whole chain; change nothing."""

    def perform(self, office: Office) -> Proof:
        """Give what was found. Raises LedgerError where the journal cannot be read at all."""
        return office.ledger.prove()
