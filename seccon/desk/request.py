"""What a person asks of the desk: a frozen value that knows how it is carried out. Screens and command line use the same ones."""

from collections.abc import Callable, Container, Sequence
from datetime import date
from typing import Any, ClassVar

import msgspec

from seccon.core.case import Case, fold
from seccon.core.errors import LedgerError, RefusedError
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.policy import Policy
from seccon.desk.office import Office
from seccon.desk.roster import roster_of

INTAKE = "seccon"
"""Who made the entries that intake writes."""
Decide = Callable[[Case, Policy, Instant], Sequence[Body]]
"""State, policy, now -> what is to be written. Pure; raises RefusedError for what the process forbids."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One thing asked. `perform` gathers, decides, acts; it raises SecconError with a sentence."""

    beside: ClassVar[bool] = False
    """It waits for gpg or for a server: other requests need not wait for it."""
    away: ClassVar[bool] = False
    """It waits for a server, perhaps for minutes: the person goes on meanwhile."""

    def perform(self, office: Office) -> Any:
        """Carry it out, off the UI thread."""
        raise NotImplementedError


class CaseRequest(Request, frozen=True, kw_only=True):
    """Something asked of one case. `seen` is the last entry that the person had before their eyes."""

    case: int
    seen: int

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Say what is to be written, or refuse."""
        raise NotImplementedError

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write what was decided, if nobody changed the case meanwhile. Raises ConflictError, RefusedError."""
        return record(office, self.case, self.seen, self.decide)


def record(office: Office, number: int, seen: int, decide: Decide) -> tuple[Entry, ...]:
    """Read, decide and write inside one transaction."""
    require_member(office)
    now = office.clock()
    with office.ledger.writing(office.person, now) as book:
        case = fold(book.entries(number))
        policy = policy_of(office, case)
        return book.append(number, seen, case.policy, *decide(case, policy, now))


def require_member(office: Office) -> None:
    """Refuse who is not on the roster; a host that never had one trusts whoever may write to the ledger."""
    roster = roster_of(office)
    if not (roster.members or roster.former) or roster.by_login(office.person) is not None:
        return
    left = next((one for one in roster.former if one.login and one.login == office.person), None)
    if left is not None:
        raise RefusedError("roster.left", f"{left.name} left the team on {left.until:%Y-%m-%d}.", "features H1")
    raise RefusedError(
        "roster",
        f"The user '{office.person}' is nobody on the roster.",
        hint=f'Ask for a [[member]] with login = "{office.person}" in the host\'s configuration, or to be nominated (4 Team).',
    )


def load(office: Office, number: int) -> Case:
    """Read one case. Raises LedgerError when there is no such file."""
    entries = office.ledger.entries(number, office.person)
    if not entries:
        raise LedgerError(f"There is no case #{number}.", "See the queue: seccon list")
    return fold(entries)


def policy_of(office: Office, case: Case) -> Policy:
    """Give the policy that judges a case. Raises RefusedError when it is not installed."""
    policy = office.policies.get(case.policy)
    if policy is None:
        raise RefusedError(
            "policy",
            f"Case {case.label} is judged by policy '{case.policy}', which is not installed.",
            hint="Put its file into the policies directory, or move the case to another revision.",
        )
    return policy


def days_off(office: Office, policy: Policy) -> Container[date]:
    """Give the days on which nobody works, by the countries that a policy names."""
    return office.holidays.get(policy.key, ())


def require_open(case: Case) -> None:
    """Refuse what makes no sense for a closed case."""
    if case.closed:
        raise RefusedError("closed", f"Case {case.label} is closed ({case.closed.outcome}).", hint="Reopen it first.")
