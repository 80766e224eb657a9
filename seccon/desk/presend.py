"""The pre-send sheet of a letter, as things are now (features, R4). Writes nothing."""

from typing import ClassVar

from seccon.core.letter import Letter, Sheet
from seccon.desk.office import Office
from seccon.desk.request import Request, require_member
from seccon.desk.room import Known, judge_letter, team_entries


class Presend(Request, frozen=True, kw_only=True):
    """Ask what stands for and against sending a letter; the sheet's digest is what `SendReply` wants."""

    beside: ClassVar[bool] = True

    letter: Letter

    def perform(self, office: Office) -> Sheet:
        """Judge it. Raises LedgerError, CryptoError, RefusedError."""
        require_member(office)
        entries = office.ledger.entries(self.letter.case)
        return judge_letter(office, self.letter, entries, team_entries(office), Known(office.keyring)).sheet
