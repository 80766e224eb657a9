"""What follows for the case from a reply that left: for whoever really got it, and when they got it."""

from typing import Literal

from seccon.core.announcing import has_announcement, lists_for_announcements
from seccon.core.case import Case, Report, fold
from seccon.core.delivery import takers
from seccon.core.ids import MessageId, address_key
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import Acknowledged
from seccon.core.journal.disclosure import CveRequested
from seccon.core.journal.embargoes import EmbargoCommunicated
from seccon.core.journal.parties import PartyTold
from seccon.core.journal.replies import ReplyQueued, ReplySent
from seccon.core.journal.work import Announced, Archived, WaitingSet
from seccon.core.letter import ANNOUNCEMENT, CVE_REQUEST
from seccon.core.post import OutItem
from seccon.desk.office import Office
from seccon.desk.refuse import closings, wrote_since
from seccon.desk.roster import roster_of

TELLS = ("date-set",)
"""Purposes that tell the reporter the embargo date (features, E6)."""
NAMES_DATE = ("party-invite", "party-patch", "party-date")
"""Purposes whose texts name the date in force to a party (features, F5)."""
ASKS = "needs-info"
"""The purpose that asks the reporter for what is missing (features, I6)."""


def follows(office: Office, entries: tuple[Entry, ...], item: OutItem, sent: ReplySent) -> tuple[Body, ...]:
    """Give what a delivered reply means to those who took it with this hand-over, by what it was written for.

    Its reporters were acknowledged; told the date; asked, and the case waits; told that it is out of scope, and it closes.
    A party that got it was told, of which version of the patch, and of which date.
    The public was told, on each list that took it.
    """
    for place, entry in enumerate(entries):
        queued = entry.body
        if isinstance(queued, ReplyQueued) and queued.reply == item.id:
            got, now = takers(queued, sent), sent.when
            told = [one for one in fold(entries).reports if one.id in queued.reports]
            reports = [one for one in told if address_key(one.reporter.address) in got]
            then = fold(entries[: place + 1])
            answered = frozenset(one.id for one in reports)
            return (
                *_acknowledgements(office, reports, queued, item, now),
                *_tellings(then, reports, queued, item),
                *_waits(entries, place, queued, answered),
                *closings(entries, place, queued, answered),
                *_archives(fold(entries), queued, item, got),
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


def _archives(case: Case, queued: ReplyQueued, item: OutItem, got: frozenset[str]) -> list[Body]:
    """The details of a report that a list took lie in its archive (features, R10)."""
    lists = {address_key(one.address) for one in queued.recipients if one.role == "list"}
    if not got & (lists or set(map(address_key, item.recipients))):
        return []
    return [Archived(report=one, mail=item.mail) for one in queued.archives if one not in case.work.archived]


def _party_tellings(then: Case, queued: ReplyQueued, item: OutItem, got: frozenset[str], now: Instant) -> list[Body]:
    """Whoever got it knows, also beside its true addressee; only that one has the patch that was enclosed (features, F5)."""
    found: list[Body] = []
    for party in (*then.work.parties, *then.work.outside.gone):
        if address_key(party.address) in got:
            own = address_key(queued.party) == address_key(party.address)
            named = then.embargo.until if own and queued.purpose in NAMES_DATE and then.embargo.active else None
            patch = queued.patch if own else 0
            found.append(PartyTold(party=party.address, when=now, mail=item.mail, patch=patch, until=named))
    return found


def _requests(office: Office, then: Case, queued: ReplyQueued, item: OutItem, got: frozenset[str]) -> list[Body]:
    """A CVE id was asked for once whoever allocates them took the mail that asks (features, F1)."""
    policy = office.policies.get(then.policy)
    wanted, keys = address_key(policy.cve.request_to if policy else ""), list(map(address_key, item.recipients))
    if queued.purpose != CVE_REQUEST or (wanted if wanted in keys else keys[0]) not in got:
        return []
    return [CveRequested(cna=(policy.cve.cna if policy else "") or item.recipients[0], how="mail", mail=item.mail)]


def _announcements(office: Office, case: Case, queued: ReplyQueued, item: OutItem, got: frozenset[str]) -> list[Body]:
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
