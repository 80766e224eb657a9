"""The parties of a case, as the console and the command line show them."""

import msgspec

from seccon.core.party_view import PartyLine, party_lines, readiness
from seccon.desk.office import Office
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.request import Request


class PartiesView(msgspec.Struct, frozen=True):
    """A case, its parties, and how near they are to simultaneous release."""

    view: CaseView
    lines: tuple[PartyLine, ...]
    headline: str


class ReadParties(Request, frozen=True, kw_only=True):
    """Ask for the parties of a case."""

    case: int

    def perform(self, office: Office) -> PartiesView:
        """Gather; nothing is decided. Raises LedgerError."""
        view = OpenCase(case=self.case).perform(office)
        lines = party_lines(view.case, view.policy)
        return PartiesView(view, lines, readiness(lines))
