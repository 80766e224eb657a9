"""Find a case by what a person calls it."""

from seccon.core.errors import LedgerError
from seccon.desk.office import Office
from seccon.desk.request import Request


class FindCase(Request, frozen=True, kw_only=True):
    """Find a case by id or number."""

    label: str

    def perform(self, office: Office) -> int:
        """Give its number. Raises LedgerError when there is none."""
        found = office.ledger.find(self.label.strip())
        if found is None:
            raise LedgerError(f"There is no case '{self.label.strip()}'.")
        return found
