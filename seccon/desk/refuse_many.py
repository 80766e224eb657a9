"""One judgement for several cases: a letter and its pre-send sheet for every reporter, and sending those that are ready.

Each letter is judged and approved by its own sheet, as a single one is: nothing leaves that the person was not shown.
"""

from typing import ClassVar

import msgspec

from seccon.core.errors import CryptoError, SecconError
from seccon.core.ids import MessageId
from seccon.core.journal.cases import Outcome
from seccon.core.letter import Letter, Sheet
from seccon.core.ports import Phrase
from seccon.desk.office import Office
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.prepare_reply import PrepareReply
from seccon.desk.presend import Presend
from seccon.desk.refuse import JudgeScope, judgement, unanswered
from seccon.desk.request import Request, require_member
from seccon.desk.send_reply import SendReply

MOST = 50
"""Cases that one judgement is made of at a time."""


class Prepared(msgspec.Struct, frozen=True):
    """One reporter's letter with its sheet; or, in `problem`, why there is none."""

    case: int
    label: str
    seen: int
    letter: Letter | None = None
    sheet: Sheet | None = None
    problem: str = ""

    @property
    def is_ready(self) -> bool:
        """It can be sent as it is."""
        return self.letter is not None and self.sheet is not None and self.sheet.can_send

    @property
    def left_out(self) -> str:
        """Why it is left out, in words; empty where it is ready."""
        if self.problem or self.is_ready:
            return self.problem
        return self.sheet.refusals[0].sentence if self.sheet and self.sheet.refusals else "It has no letter."


class PrepareRefusals(Request, frozen=True, kw_only=True):
    """Draft the letters of a judgement for several cases. Writes nothing."""

    beside: ClassVar[bool] = True

    cases: tuple[int, ...]
    outcome: Outcome
    clause: str = ""

    def perform(self, office: Office) -> tuple[Prepared, ...]:
        """Give one letter a reporter, in the order of the cases; what cannot be is said with each."""
        require_member(office)
        return tuple(one for case in self.cases[:MOST] for one in self._of_case(office, case))

    def _of_case(self, office: Office, case: int) -> tuple[Prepared, ...]:
        view: CaseView = OpenCase(case=case).perform(office)
        wanted = JudgeScope(case=case, seen=view.case.seq, outcome=self.outcome, clause=self.clause)
        try:
            wanted.decide(view.case, view.policy, view.now)
        except SecconError as error:
            return (Prepared(case, view.case.label, view.case.seq, problem=str(error)),)
        judged = judgement(view.entries)
        again = judged is not None and judged.outcome == self.outcome
        reports = unanswered(view.entries) if again else tuple(report.id for report in view.case.reports)
        return tuple(self._letter(office, view, report) for report in reports)

    def _letter(self, office: Office, view: CaseView, report: MessageId) -> Prepared:
        head = Prepared(view.case.number, view.case.label, view.case.seq)
        try:
            asked = PrepareReply(case=view.case.number, mail=report, purpose=self.outcome, reason=self.clause)
            letter = asked.perform(office)
            return msgspec.structs.replace(head, letter=letter, sheet=Presend(letter=letter).perform(office))
        except SecconError as error:
            return msgspec.structs.replace(head, problem=str(error))


class SendRefusals(Request, frozen=True, kw_only=True):
    """Record the judgement and send, for each letter that is ready; one that fails leaves the others alone."""

    beside: ClassVar[bool] = True

    prepared: tuple[Prepared, ...]
    outcome: Outcome
    clause: str = ""
    passphrase: Phrase = None

    def perform(self, office: Office) -> tuple[tuple[Prepared, str], ...]:
        """Give each with what went wrong, empty where it lies in the outbox. Raises CryptoError while the key is locked."""
        done: list[tuple[Prepared, str]] = []
        for one in self.prepared:
            try:
                done.append((one, self._send(office, one)))
            except CryptoError as error:
                if error.locked and not any(not problem for _, problem in done):
                    raise
                done.append((one, str(error)))
            except SecconError as error:
                done.append((one, str(error)))
        return tuple(done)

    def _send(self, office: Office, one: Prepared) -> str:
        if one.letter is None or one.sheet is None or not one.is_ready:
            return one.left_out
        judged = judgement(office.ledger.entries(one.case))
        if judged is None or (judged.outcome, judged.clause) != (self.outcome, self.clause):
            JudgeScope(case=one.case, seen=one.seen, outcome=self.outcome, clause=self.clause).perform(office)
        SendReply(letter=one.letter, digest=one.sheet.digest, passphrase=self.passphrase, seen=one.seen).perform(office)
        return ""
