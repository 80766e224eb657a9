"""Record when a list outside was first told of a case, or that it never was (features, E7)."""

from collections.abc import Sequence

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId
from seccon.core.instants import Instant
from seccon.core.journal import Body
from seccon.core.journal.embargoes import ListTold
from seccon.core.outside import outside_at
from seccon.core.policy import Policy
from seccon.desk.request import CaseRequest


class RecordListTold(CaseRequest, frozen=True, kw_only=True):
    """Record it of one of the policy's lists outside; its rules count from then."""

    list: str
    told: bool = True
    """False: it was not, whatever a mail's header says."""
    when: Instant | None = None
    """None: now."""
    proof: MessageId | None = None
    why: str = ""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it, with how it is known. Raises RefusedError."""
        if not outside_at(policy, [self.list]):
            raise RefusedError("list.unknown", f"The policy knows no list outside at '{self.list[:80]}'.", policy.source)
        if self.when is not None and self.when > now:
            raise RefusedError("list.when", "That is in the future: record it when the list was told.")
        if not (self.proof or self.why.strip()):
            raise RefusedError("list.proof", "Name the mail that shows it, or write how you know.")
        return (
            ListTold(
                list=self.list, told=self.told, when=self.when if self.told else None, proof=self.proof, why=self.why.strip()
            ),
        )
