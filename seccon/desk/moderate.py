"""Say what became of a post that a list held back (features, I4). The list itself is told on its own pages, never from here."""

from collections.abc import Sequence
from typing import Literal

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import CaseClosed
from seccon.core.journal.work import PostReleased
from seccon.core.policy import Policy
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, record


class Moderate(CaseRequest, frozen=True, kw_only=True):
    """Record that the person who asks released the held post, or discarded it."""

    mail: MessageId
    what: Literal["released", "discarded"]
    why: str = ""

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write it in the name of the person who asks: who released a post is the moderator's own entry."""

        def decide(case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
            return self._bodies(case, policy, office.person)

        return record(office, self.case, self.seen, decide)

    def _bodies(self, case: Case, policy: Policy, by: str) -> tuple[Body, ...]:
        source = policy.moderation.source or "features I4"
        if self.mail not in case.work.held:
            raise RefusedError("moderate.post", f"No list is known to hold such a post of case {case.label}.", source)
        before = case.work.released.get(self.mail)
        if before and before.discarded:
            raise RefusedError("moderate.done", "The post was discarded already.", source)
        if before and before.by:
            raise RefusedError("moderate.done", f"{before.by} said already that they released it.", source)
        discarded = self.what == "discarded"
        if discarded and any(one.mail == self.mail for one in case.mails):
            raise RefusedError("moderate.came", "The post has reached the list: nobody discarded it.", source)
        if discarded and not self.why.strip():
            raise RefusedError("moderate.why", "Write why it was discarded.", source)
        said = PostReleased(mail=self.mail, by=by, discarded=discarded)
        alone = [one.id for one in case.reports] == [self.mail] and not case.id and not case.closed
        closed = CaseClosed(outcome="spam", why=f"Discarded by moderation: {self.why.strip()}")
        return (said, closed) if discarded and alone else (said,)
