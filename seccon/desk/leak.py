"""A possible leak, judged: the mail tells nothing of the issue. That it does is the publicity flag's (desk/annotate.py)."""

from collections.abc import Sequence

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId
from seccon.core.instants import Instant
from seccon.core.journal import Body
from seccon.core.journal.disclosure import LeakDismissed
from seccon.core.policy import Policy
from seccon.desk.request import CaseRequest


class DismissLeak(CaseRequest, frozen=True, kw_only=True):
    """Say that a mail on a public list does not tell of the issue."""

    mail: MessageId
    why: str

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it, with the reason."""
        if self.mail not in [one.mail for one in case.work.leaking]:
            raise RefusedError("leak.none", "No such mail waits to be judged.")
        if not self.why.strip():
            raise RefusedError("leak.why", "Write why the mail tells nothing of the issue.")
        return (LeakDismissed(mail=self.mail, why=self.why.strip()),)
