"""Look into the mails of one report for what the policy's checklist asks (features, I5). Writes nothing."""

from typing import ClassVar

import msgspec

from seccon.core.case import Case
from seccon.core.errors import MailNotFoundError, RefusedError
from seccon.core.evidence import Found, evidence, passages
from seccon.core.ids import MessageId
from seccon.core.journal.cases import MailArrived
from seccon.core.policy import Item, Policy
from seccon.core.ports import Unlock
from seccon.core.report import Mail
from seccon.desk.office import Office
from seccon.desk.pins import pins_of
from seccon.desk.request import Request, load, policy_of

_MAILS = 20
"""Mails of a thread that are read: what makes a report complete stands at its beginning."""


class Checked(msgspec.Struct, frozen=True):
    """What was found for each item, by the item's id, and in words what could not be looked into."""

    report: MessageId
    found: dict[str, tuple[Found, ...]]
    unread: tuple[str, ...] = ()

    def told(self, item: str) -> str:
        """Give the first evidence as the journal may hold it; empty where there is none."""
        return self.found[item][0].told if item in self.found else ""


class FindEvidence(Request, frozen=True, kw_only=True):
    """Search what came in on a report's thread. While nobody asked for a passphrase, locked mails stay closed, and are named."""

    beside: ClassVar[bool] = True

    case: int
    report: MessageId
    unlock: Unlock = Unlock.QUIET
    passphrase: bytes | None = None

    def perform(self, office: Office) -> Checked:
        """Read and search. Raises RefusedError where the case has no such report."""
        case = load(office, self.case)
        policy = policy_of(office, case)
        if case.report(self.report) is None:
            raise RefusedError("checklist.report", f"Case {case.label} has no such report.")
        theirs = [one for one in case.mails if one.report == self.report and one.from_reporter]
        found: dict[str, tuple[Found, ...]] = {}
        unread: list[str] = []
        for place, one in enumerate(theirs[:_MAILS], 1):
            mail = self._read(office, one)
            if mail is None or mail.locked:
                unread.append(f"Mail {place} was not searched: {mail.locked if mail else 'its file has gone from the store.'}")
            if mail is not None:
                for item, some in evidence(policy.item, passages(mail), place).items():
                    found.setdefault(item, some)
        if len(theirs) > _MAILS:
            unread.append(f"{len(theirs) - _MAILS} later mails were not searched.")
        return Checked(self.report, found, tuple(unread))

    def _read(self, office: Office, arrived: MailArrived) -> Mail | None:
        """Read the very file that the journal knows: another of its Message-ID is no evidence."""
        for path in office.store.paths(arrived.mail):
            try:
                if office.reader.heading(path).digest == arrived.digest:
                    return office.reader.read(path, pins_of(office), self.unlock, self.passphrase)
            except MailNotFoundError:
                continue  # another program renamed it since the store was asked
        return None


def missing(case: Case, policy: Policy, checked: Checked) -> tuple[Item, ...]:
    """Give the items that a report lacks: ticked *no*, or looked at by nobody and without any evidence."""
    found = []
    for item in policy.item:
        tick = case.work.ticks.get((checked.report, item.id))
        if (tick is not None and not tick.held) or (tick is None and item.id not in checked.found):
            found.append(item)
    return tuple(found)
