"""Everything that the case screen shows: the case as it stands, and its card."""

from collections.abc import Mapping

import msgspec

from seccon.core.card import CardView
from seccon.core.case_card import case_card
from seccon.desk.office import Office
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.request import Request, days_off
from seccon.desk.roster import roster_of


class CardOf(msgspec.Struct, frozen=True):
    """A case, its card, and what to call the people in its history."""

    view: CaseView
    card: CardView
    names: dict[str, str]


class ReadCaseCard(Request, frozen=True, kw_only=True):
    """Ask for a case's card; `keys` says which key carries out a step's verb, `look` that the person has it before them."""

    case: int
    keys: Mapping[str, str]
    look: bool = False

    def perform(self, office: Office) -> CardOf:
        """Gather; nothing is decided. Raises LedgerError."""
        view = OpenCase(case=self.case, look=self.look).perform(office)
        card = case_card(
            view.case, view.policy, roster_of(office), view.now, self.keys, days_off(office, view.policy), office.person
        )
        names = {entry.by: roster_of(office).display(entry.by) for entry in view.entries}
        return CardOf(view, card, names)
