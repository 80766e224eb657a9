"""The circle of a case: who is in it, what is known in public, what must not be told. The facts that the guard judges by."""

import re
from collections.abc import Iterable

import msgspec

from seccon.core.announcing import lists_for_announcements
from seccon.core.case import Case
from seccon.core.credit import people
from seccon.core.facts import is_public, lacking, may_tell
from seccon.core.ids import MessageId, address_key
from seccon.core.journal.cases import MailArrived
from seccon.core.party_thread import party_of
from seccon.core.policy import MailingList, Policy
from seccon.core.team import Identity, Member, Roster, own_addresses

_WORD = re.compile(r"[^\W_][\w.+-]{2,}[^\W_]")
_PLAIN_TEXT = """about again and been between cannot case does fails found from fwd have into issue mail more need note over patch
please possible problem question regarding report reported security some that the them then there these they this update using
very vulnerability what when where which will with would your"""
_ADDRESS = re.compile(r"[^\s<>(),;:\"]{1,64}@[^\s<>(),;:\"]{1,189}")
_PLAIN = frozenset(_PLAIN_TEXT.split())
"""Words of a subject that tell nothing."""


class Circle(msgspec.Struct, frozen=True):
    """One case as the guard sees it, for a letter on one report's thread. Addresses are in `address_key` form."""

    label: str
    embargoed: bool = False
    public: bool = False
    encrypted: bool = False
    """A mail from outside on this thread arrived encrypted."""
    reporters: frozenset[str] = frozenset()
    """Of the report that the letter answers."""
    claimed: bool = False
    """Their address is what headers claim that a list passed on."""
    clear_reporters: frozenset[str] = frozenset()
    """Those of them who wrote in clear text."""
    others: frozenset[str] = frozenset()
    """Reporters of the case's other reports: each is not told of the other."""
    other_names: frozenset[str] = frozenset()
    """Their full names, in folded case; a single word is too often one of the language."""
    unnamed: dict[str, frozenset[str]] = msgspec.field(default_factory=dict)
    """Reporter's address -> what of their name and address they have not said may be told, in folded case."""
    told: frozenset[str] = frozenset()
    """Whom the reporter told in the report itself. A later mail that only bears their From could be anybody's."""
    parties: frozenset[str] = frozenset()
    """Outsiders who may be told: by the reporters' permission, or as staff whom a member told on record."""
    invited: dict[str, str] = msgspec.field(default_factory=dict)
    """Who takes part from outside: address -> what they are called. Each gets mails of their own."""
    unpermitted: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """Those of them who may not be told: address -> the reporters who have not permitted it."""
    removed: frozenset[str] = frozenset()
    """Who took part, and does no longer."""
    present: frozenset[str] = frozenset()
    """To whom mails of this thread went before: they have it already."""
    permitted: bool = False
    """The reporters permitted that anyone is told."""
    refused: frozenset[str] = frozenset()
    """Of whom a reporter said by name that they are not told: that counts more than `anyone`."""
    members: tuple[Member, ...] = ()
    own: frozenset[str] = frozenset()
    lists: tuple[MailingList, ...] = ()
    outer: str = "..."
    telling: tuple[str, ...] = ()
    """Texts whose words must not stand in an outer Subject."""
    foreign: frozenset[MessageId] = frozenset()
    """Mails of the case's other threads."""
    announces: frozenset[str] = frozenset()
    """The lists that announcements may go to."""
    stopping: tuple[str, ...] = ()
    """Of an announcement: what the gate holds against it (features, D3)."""
    gaps: tuple[str, ...] = ()
    """Of an announcement: what else is missing or does not agree."""

    @property
    def telling_words(self) -> frozenset[str]:
        """The words that would tell something, in folded case."""
        return frozenset().union(*map(words, self.telling)) - _PLAIN

    def list_at(self, address: str) -> MailingList | None:
        """Find the list of that address."""
        wanted = address_key(address)
        return next((one for one in self.lists if address_key(one.address) == wanted), None)

    def member_at(self, address: str) -> Member | None:
        """Find the member of that address."""
        return Roster(self.members).by_address(address)

    def is_of_another(self, mail: MessageId) -> bool:
        """Say whether a mail stands on another reporter's thread."""
        return mail in self.foreign


def words(text: str) -> frozenset[str]:
    """Give the words of a text that could tell something, in folded case."""
    return frozenset(_WORD.findall(text.casefold()))


def circle_of(
    case: Case,
    policy: Policy,
    roster: Roster,
    identities: Iterable[Identity],
    report: MessageId | None,
    telling: Iterable[str] = (),
) -> Circle:
    """Draw the circle of a case around one of its reports."""
    incoming = [mail for mail in case.mails if mail.direction == "in" and mail.report == report]
    reporters = frozenset(address_key(one.reporter.address) for one in case.reports if one.id == report)
    own = own_addresses(identities)
    by_reporter = [mail for mail in incoming if address_key(mail.sender.address) in reporters and not mail.joined]
    others = [
        one.reporter for one in case.reports if one.id != report and address_key(one.reporter.address) not in reporters | own
    ]
    names = {" ".join(one.name.casefold().split()) for one in others}
    return Circle(
        label=case.label,
        embargoed=case.embargo.state in ("proposed", "active", "revised"),
        public=is_public(case),
        encrypted=any(mail.encrypted for mail in incoming),
        reporters=reporters,
        claimed=any(one.reporter.claimed for one in case.reports if one.id == report),
        clear_reporters=frozenset(address_key(mail.sender.address) for mail in by_reporter if not mail.encrypted)
        - {address_key(mail.sender.address) for mail in by_reporter if mail.encrypted},
        others=frozenset(address_key(one.address) for one in others),
        other_names=frozenset(one for one in names if " " in one),
        unnamed=_unnamed(case, own),
        parties=_parties(case),
        invited={address_key(one.address): one.label for one in case.work.parties},
        unpermitted=_unpermitted(case),
        removed=frozenset(address_key(one.address) for one in case.work.outside.gone),
        present=frozenset(
            address_key(to) for one in case.mails if one.report == report and one.direction != "in" for to in one.to
        ),
        permitted=may_tell(case, "anyone"),
        refused=frozenset(address_key(one.whom) for one in case.work.permissions if not may_tell(case, one.whom)),
        told=_told(case, report, by_reporter),
        members=roster.members,
        own=own,
        lists=policy.list,
        announces=frozenset(address_key(one.address) for one in lists_for_announcements(policy)),
        outer=policy.outer_subject,
        telling=(case.label, *(one.subject for one in case.reports), *telling),
        foreign=_foreign(case, report),
    )


def _unnamed(case: Case, own: frozenset[str]) -> dict[str, frozenset[str]]:
    """Give what a party must not read of who reported it: a recorded credit permits what it names, and no more (features, F7)."""
    found: dict[str, frozenset[str]] = {}
    for report in case.reports:
        who, address = report.reporter, address_key(report.reporter.address)
        wished = people(report.credit or "")
        name = " ".join(who.name.casefold().split())
        told = {address_key(one.address) for one in wished} | {" ".join(one.name.casefold().split()) for one in wished}
        held = frozenset(one for one in (address, name if " " in name else "") if one) - told
        if held and address not in own:
            found[address] = found.get(address, held) & held
    return found


def _told(case: Case, report: MessageId | None, by_reporter: Iterable[MailArrived]) -> frozenset[str]:
    """Give whom the report itself went to: what bears its Message-ID later may be anybody's, as may its From."""
    first = next((mail.digest for mail in case.mails if mail.mail == report), "")
    genuine = [mail for mail in by_reporter if mail.mail == report and mail.digest == first]
    return frozenset(address_key(address) for mail in genuine for address in mail.to)


def _parties(case: Case) -> frozenset[str]:
    """Give the addresses outside the team that mail of this case may go to."""
    named = {one.whom for one in case.work.permissions} | {one.party for one in case.embargo.proposals}
    named |= {party for one in case.embargo.proposals for party in one.agreed} | {one.address for one in case.work.parties}
    staff = {address for told in case.work.staff for address in _ADDRESS.findall(told.staff)}
    permitted = {address_key(one) for one in named if "@" in one and may_tell(case, one)}
    permitted -= {address_key(one.address) for one in case.work.outside.gone}
    return frozenset(permitted | set(map(address_key, staff)))


def _unpermitted(case: Case) -> dict[str, tuple[str, ...]]:
    """Name for each party that may not be told the reporters whose word is missing."""
    return {
        address_key(one.address): tuple(
            report.reporter.name or report.reporter.address for report in lacking(case, one.address) or case.reports
        )
        for one in case.work.parties
        if not may_tell(case, one.address)
    }


def _foreign(case: Case, report: MessageId | None) -> frozenset[MessageId]:
    """Give the mails of the case's other threads, those among them that were only sent so far."""
    mails = {mail.mail for mail in case.mails if mail.report != report}
    mails |= {one.id for one in case.reports if one.id != report}
    own = party_of(case, report)
    mails |= {one.queued.mail for one in case.replies if address_key(one.queued.party) != address_key(own)}
    return frozenset(mails)
