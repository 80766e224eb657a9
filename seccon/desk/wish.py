"""Record what a reporter wishes of the embargo's date: theirs alone, whatever is agreed (features, E7 I3)."""

from collections.abc import Sequence

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId
from seccon.core.instants import Instant
from seccon.core.journal import Body
from seccon.core.journal.embargoes import EmbargoWished
from seccon.core.policy import Policy
from seccon.core.spans import span
from seccon.desk.request import CaseRequest


class RecordWish(CaseRequest, frozen=True, kw_only=True):
    """Record a date, or a length from the report's arrival, that a reporter asks for."""

    report: MessageId
    until: Instant | None = None
    length: str = ""
    proof: MessageId | None = None
    why: str = ""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it. A date that has passed is a wish all the same: histories hold such."""
        if case.report(self.report) is None:
            raise RefusedError("wish.report", f"Case {case.label} has no such report.")
        length = self.length.strip()
        if (self.until is None) == (not length):
            raise RefusedError("wish.what", "Give a date, or a length such as '90 days': one of the two.")
        if not (self.proof or self.why.strip()):
            raise RefusedError("wish.proof", "Name the mail in which the reporter says so, or write how you know.")
        return (
            EmbargoWished(report=self.report, until=self.until, length=_length(length), proof=self.proof, why=self.why.strip()),
        )


def _length(text: str) -> str:
    if not text:
        return ""
    try:
        return str(span(text))
    except ValueError as error:
        raise RefusedError("wish.length", f"{error}.") from None
