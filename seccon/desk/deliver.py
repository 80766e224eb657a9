"""Hand the outbox to the courier. Each mail is handed over once: what a dead console left is *perhaps sent*, never sent again.

Order of one mail: taken (`sending`, with the name of this process), handed over, copy filed, recorded.
"""

from typing import ClassVar, Literal

import msgspec

from seccon.core.announcing import has_announcement, lists_for_announcements
from seccon.core.case import Case, Report, fold, last
from seccon.core.errors import CourierError, SecretError
from seccon.core.ids import MessageId, address_key
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import Acknowledged
from seccon.core.journal.disclosure import CveRequested
from seccon.core.journal.embargoes import EmbargoCommunicated
from seccon.core.journal.parties import PartyTold
from seccon.core.journal.replies import ReplyFailed, ReplyQueued, ReplySent
from seccon.core.journal.work import Announced, Archived, WaitingSet
from seccon.core.letter import ANNOUNCEMENT, CVE_REQUEST
from seccon.core.ports import Receipt
from seccon.core.post import OutItem, OutState
from seccon.desk.office import Office
from seccon.desk.refuse import closings, wrote_since
from seccon.desk.request import Request
from seccon.desk.room import room
from seccon.desk.roster import roster_of

TELLS = ("date-set",)
"""Purposes that tell the reporter the embargo date (features, E6)."""
NAMES_DATE = ("party-invite", "party-patch", "party-date")
"""Purposes whose texts name the date in force to a party (features, F5)."""
ASKS = "needs-info"
"""The purpose that asks the reporter for what is missing (features, I6)."""
_LOST = "The console ended while it handed this mail over: perhaps it was sent."


class Deliver(Request, frozen=True, kw_only=True):
    """Hand over everything that is due."""

    beside: ClassVar[bool] = True

    def perform(self, office: Office) -> tuple[OutItem, ...]:
        """Give the items that moved, as they are now. Raises LedgerError; what a courier says is in the items."""
        moved = list(_recovered(office))
        for item in office.ledger.items(OutState.WAITING):
            if item.retry is None or item.retry <= office.clock():
                taken = office.ledger.take_item(item.id, office.clock())
                if taken is not None:
                    moved.append(_hand_over(office, taken))
        return tuple(moved)


def _hand_over(office: Office, item: OutItem) -> OutItem:
    try:
        receipt = office.courier.deliver(item.message, item.sender, item.recipients)
    except CourierError as error:
        return _not_taken(office, item, str(error), final=error.final, perhaps=error.perhaps_sent)
    except SecretError as error:
        return _not_taken(office, item, str(error), final=False, perhaps=False)
    return _taken(office, item, receipt, _filed(office, item))


def _filed(office: Office, item: OutItem) -> str:
    """File the copy; give what went wrong with that. The mail has left, whatever becomes of its copy."""
    sent = room(office).sent
    if sent is None:
        return ""
    try:
        sent.file(item.id, item.message)
    except CourierError as error:
        return f"Sent, but the copy could not be filed: {error}"
    return ""


def _taken(office: Office, item: OutItem, receipt: Receipt, trouble: str) -> OutItem:
    """Record that the courier has it, and what follows from that for the case."""
    now = office.clock()
    refused = tuple(one.split(": ")[0] for one in receipt.refused)
    problem = "; ".join([*(f"refused {one}" for one in receipt.refused), *([trouble] if trouble else [])])
    sent = ReplySent(reply=item.id, mail=item.mail, when=now, via=receipt.via, refused=refused)
    done = msgspec.structs.replace(item, state=OutState.SENT, retry=None, problem=problem, tries=item.tries + 1)
    with office.ledger.writing(item.by, now) as book:
        entries = book.entries(item.case)
        book.append(item.case, last(entries), fold(entries).policy, sent, *follows(office, entries, item, now, refused))
        book.put_item(done)
    return done


def _not_taken(office: Office, item: OutItem, problem: str, *, final: bool, perhaps: bool) -> OutItem:
    """Wait and try again, or record that it failed."""
    now = office.clock()
    tries = item.tries + 1
    retry = None if final or perhaps else room(office).backoff(tries, now)
    state = OutState.PERHAPS if perhaps else OutState.FAILED if retry is None else OutState.WAITING
    after = msgspec.structs.replace(item, state=state, retry=retry, problem=problem, tries=tries)
    with office.ledger.writing(item.by, now) as book:
        if state is not OutState.WAITING:
            entries = book.entries(item.case)
            failed = ReplyFailed(reply=item.id, problem=problem, perhaps_sent=perhaps)
            book.append(item.case, last(entries), fold(entries).policy, failed)
        book.put_item(after)
    return after


def follows(
    office: Office, entries: tuple[Entry, ...], item: OutItem, now: Instant, refused: tuple[str, ...]
) -> tuple[Body, ...]:
    """Give what a delivered reply means, by what it was written for.

    Its reporters were acknowledged; told the date; asked, and the case waits; told that it is out of scope, and it closes.
    A party that got it was told, of which version of the patch, and of which date.
    The public was told, on each list that took it.
    """
    for place, entry in enumerate(entries):
        queued = entry.body
        if isinstance(queued, ReplyQueued) and queued.reply == item.id:
            got = {address_key(one.address) for one in queued.recipients} - set(map(address_key, refused))
            told = [one for one in fold(entries).reports if one.id in queued.reports]
            reports = [one for one in told if address_key(one.reporter.address) in got]
            then = fold(entries[: place + 1])
            answered = frozenset(one.id for one in reports)
            return (
                *_acknowledgements(office, reports, queued, item, now),
                *_tellings(then, reports, queued, item),
                *_waits(entries, place, queued, answered),
                *closings(entries, place, queued, answered),
                *_archives(then, queued, item, got),
                *_party_tellings(then, queued, item, got, now),
                *_requests(office, then, queued, item, got),
                *_announcements(office, fold(entries), queued, item, got),
            )
    return ()


def _acknowledgements(office: Office, reports: list[Report], queued: ReplyQueued, item: OutItem, now: Instant) -> list[Body]:
    """Any reply that a person wrote to a reporter acknowledges the report (features, A2)."""
    signature: Literal["good", "unsigned"] = "unsigned" if queued.protection == "clear" else "good"
    return [
        Acknowledged(report=one.id, member=roster_of(office).display(item.by), when=now, mail=item.mail, signature=signature)
        for one in reports
        if one.acknowledged is None
    ]


def _tellings(then: Case, reports: list[Report], queued: ReplyQueued, item: OutItem) -> list[Body]:
    """The date that was told is the one in force when the reply was approved, whatever happened since."""
    until = then.embargo.until
    if queued.purpose not in TELLS or until is None or not then.embargo.active:
        return []
    return [EmbargoCommunicated(report=one.id, until=until, mail=item.mail) for one in reports if one.told != until]


def _archives(then: Case, queued: ReplyQueued, item: OutItem, got: set[str]) -> list[Body]:
    """The details of a report that a list took lie in its archive (features, R10)."""
    if not got.intersection(map(address_key, item.recipients)):
        return []
    return [Archived(report=one, mail=item.mail) for one in queued.archives if one not in then.work.archived]


def _party_tellings(then: Case, queued: ReplyQueued, item: OutItem, got: set[str], now: Instant) -> list[Body]:
    """Whoever got it knows, also beside its true addressee; only that one has the patch that was enclosed (features, F5)."""
    found: list[Body] = []
    for party in (*then.work.parties, *then.work.outside.gone):
        if address_key(party.address) in got:
            own = address_key(queued.party) == address_key(party.address)
            named = then.embargo.until if own and queued.purpose in NAMES_DATE and then.embargo.active else None
            patch = queued.patch if own else 0
            found.append(PartyTold(party=party.address, when=now, mail=item.mail, patch=patch, until=named))
    return found


def _requests(office: Office, then: Case, queued: ReplyQueued, item: OutItem, got: set[str]) -> list[Body]:
    """A CVE id was asked for once the mail that asks left (features, F1)."""
    if queued.purpose != CVE_REQUEST or not got.intersection(map(address_key, item.recipients)):
        return []
    policy = office.policies.get(then.policy)
    return [CveRequested(cna=(policy.cve.cna if policy else "") or item.recipients[0], how="mail", mail=item.mail)]


def _announcements(office: Office, case: Case, queued: ReplyQueued, item: OutItem, got: set[str]) -> list[Body]:
    """Each list that took it has its announcement (features, D1); where the public reads it is seen when its copy comes."""
    policy = office.policies.get(case.policy)
    if queued.purpose != ANNOUNCEMENT or policy is None:
        return []
    lists = [one for one in lists_for_announcements(policy) if address_key(one.address) in got]
    return [Announced(list=one.address, mail=item.mail) for one in lists if not has_announcement(case.work, one.address)]


def _waits(entries: tuple[Entry, ...], place: int, queued: ReplyQueued, answered: frozenset[MessageId]) -> list[Body]:
    """A reporter who was asked is waited for (features, I6), unless they have written since the question was approved."""
    case = fold(entries)
    waiting = case.work.waiting
    if queued.purpose != ASKS or not answered or case.closed or wrote_since(entries, place, answered):
        return []
    return [] if waiting and waiting.whom == "reporter" else [WaitingSet(whom="reporter", why="asked for what is missing")]


def _recovered(office: Office) -> list[OutItem]:
    """Record what dead consoles left in `sending`."""
    if not office.ledger.items(OutState.SENDING):
        return []
    with office.ledger.writing(office.person, office.clock()) as book:
        lost = [msgspec.structs.replace(item, problem=_LOST) for item in book.recover_items()]
        for item in lost:
            entries = book.entries(item.case)
            failed = ReplyFailed(reply=item.id, problem=_LOST, perhaps_sent=True)
            book.append(item.case, last(entries), fold(entries).policy, failed)
            book.put_item(item)
    return lost
