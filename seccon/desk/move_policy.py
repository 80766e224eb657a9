"""Let another revision of its policy judge a case from here on; open cases keep the one they have until then."""

from collections.abc import Sequence

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import PolicyMoved
from seccon.core.policy import Policy
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, Request, load, record, require_open


def revisions(office: Office, case: Case) -> tuple[str, ...]:
    """Give the other installed revisions of the policy that judges a case, `NAME@REVISION`."""
    name = case.policy.partition("@")[0]
    return tuple(sorted(key for key in office.policies if key.partition("@")[0] == name and key != case.policy))


class MovePolicy(CaseRequest, frozen=True, kw_only=True):
    """Move a case to another revision, with the reason."""

    to: str
    why: str = ""

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write it. Raises RefusedError for a revision that is not installed, or another process."""

        def decide(case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
            require_open(case)
            if self.to not in revisions(office, case):
                known = ", ".join(revisions(office, case)) or "there is no other"
                raise RefusedError(
                    "policy.move", f"'{self.to}' is no other revision of {policy.name} that is installed ({known})."
                )
            if not self.why.strip():
                raise RefusedError("policy.move", "Write why another revision shall judge the case.")
            return (PolicyMoved(to=self.to, why=self.why.strip()),)

        return record(office, self.case, self.seen, decide)


class Revisions(Request, frozen=True, kw_only=True):
    """Ask which other revisions there are for a case. Writes nothing."""

    case: int

    def perform(self, office: Office) -> tuple[str, ...]:
        """Give them. Raises LedgerError."""
        return revisions(office, load(office, self.case))


class RevisionNotes(Request, frozen=True, kw_only=True):
    """Ask what a person who chooses one of them should know. Writes nothing."""

    case: int

    def perform(self, office: Office) -> dict[str, str]:
        """Give the note of each other revision; one that takes no mail says so. Raises LedgerError."""
        return {key: _note(office.policies[key]) for key in revisions(office, load(office, self.case))}


def _note(policy: Policy) -> str:
    silent = "" if policy.mail else f"{policy.key} takes no reports by mail."
    return " ".join(filter(None, (silent, policy.note)))
