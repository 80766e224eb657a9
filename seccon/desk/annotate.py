"""What a person adds to a case beside its process: notes, the flag that it is public, an acknowledgement sent elsewhere."""

from collections.abc import Sequence

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import Acknowledged, NoteAdded, PublicityFlagged
from seccon.core.policy import Policy
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, record
from seccon.desk.roster import roster_of


class AddNote(CaseRequest, frozen=True, kw_only=True):
    """Leave a note for colleagues."""

    text: str

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it."""
        if not self.text.strip():
            raise RefusedError("note", "The note is empty.")
        return (NoteAdded(text=self.text),)


class FlagPublic(CaseRequest, frozen=True, kw_only=True):
    """Say that the matter is public or exploited, or no longer held to be so (features, T7)."""

    public: bool
    exploited: bool = False
    evidence: str = ""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it; what is claimed needs its evidence."""
        if (self.public or self.exploited) and not self.evidence.strip():
            raise RefusedError("public", "Say where it is public or exploited: a link, or a Message-ID.")
        return (PublicityFlagged(public=self.public or self.exploited, exploited=self.exploited, evidence=self.evidence),)


class RecordAcknowledgement(CaseRequest, frozen=True, kw_only=True):
    """Record an acknowledgement that the store cannot see, such as one by telephone (features, A2)."""

    report: MessageId
    when: Instant
    evidence: str

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write it in the name of the person who asks."""

        def decide(case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
            report = case.report(self.report)
            if report is None:
                raise RefusedError("acknowledge", f"Case {case.label} has no such report.")
            if report.acknowledged:
                raise RefusedError("acknowledge", f"{report.acknowledged.member} has acknowledged it already.")
            if not self.evidence.strip():
                raise RefusedError("acknowledge.evidence", "Write how the reporter was told: no mail in the store shows it.")
            if self.when > now:
                raise RefusedError("acknowledge.when", "The time lies in the future.")
            member = roster_of(office).display(office.person)
            return (Acknowledged(report=self.report, member=member, when=self.when, evidence=self.evidence),)

        return record(office, self.case, self.seen, decide)
