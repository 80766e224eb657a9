"""Intake: what came into the mail store since the last look becomes entries of the journal (features, I2 I3 A2).

May run in several consoles at once: what to write is decided inside the transaction, and a mail that is filed adds nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import ClassVar

import msgspec

from seccon.core.arrival import Arrival, Rules, arrived_at
from seccon.core.case import Case, fold, last
from seccon.core.errors import MailNotFoundError
from seccon.core.ids import MessageId, address_key
from seccon.core.instants import Instant
from seccon.core.intake import Filing, Known, plan_intake, wanted
from seccon.core.journal import Body
from seccon.core.journal.cases import Acknowledged, MailArrived
from seccon.core.keys import Pins
from seccon.core.likeness import skeleton
from seccon.core.moderation import held_post
from seccon.core.policy import Policy
from seccon.core.ports import Book, Unlock
from seccon.core.report import StoredMail, StoreRevision
from seccon.core.team import Project, own_addresses
from seccon.desk.lookout import watch
from seccon.desk.office import Office
from seccon.desk.party_mail import parties_mail
from seccon.desk.pins import pins_of
from seccon.desk.request import INTAKE, Request
from seccon.desk.roster import roster_of

_PORTION = 100
"""Mails a transaction, a thread is never parted: others get to write in between."""
_GLANCES = 40
"""First mails whose protection is looked at in one intake, so that lists can show it."""

Tell = Callable[[int, int], bool]
"""Mails done, mails in all -> whether to go on."""


class Taken(msgspec.Struct, frozen=True):
    """What an intake did."""

    mails: int = 0
    opened: int = 0
    entries: int = 0
    missing: int = 0
    """Files that vanished while they were read; they come again when the store is indexed."""
    complete: bool = True


class Sync(Request, frozen=True, kw_only=True):
    """Take in what is new. `since`: threads whose mails are all older owe nothing until new mail comes."""

    beside: ClassVar[bool] = True

    since: Instant | None = None
    as_of_arrival: bool = False
    """Date the entries by the mail itself instead of now: for a store that is made, such as the demo's."""
    anew: bool = False
    """Look at the whole store again."""
    tell: Tell | None = None

    def perform(self, office: Office) -> Taken:
        """Take in, project by project. Raises StoreError, LedgerError; what was written stays."""
        taken = Taken()
        revision = office.store.revision()
        for project in office.projects:
            policy = office.policies[project.policy]
            if policy.mail:
                taken = _added(taken, self._project(office, project, policy, revision))
            watched = 0 if self.as_of_arrival else watch(office, project, policy, revision)
            taken = msgspec.structs.replace(taken, entries=taken.entries + watched)
        return taken

    def _project(self, office: Office, project: Project, policy: Policy, revision: StoreRevision) -> Taken:
        since = 0 if self.anew else _reached(office, project, policy, revision)
        if since >= revision.lastmod and since:
            return Taken()
        mails, notices = _new_mails(office, project, policy, since)
        taken = Taken()
        for portion in _portions(mails, self.as_of_arrival):
            arrivals, missing = _arrivals(office, portion, mails, since)
            arrivals = [_with_held(office, one, policy) if one.name in notices else one for one in arrivals]
            rules = self._rules(office, project, policy, arrivals)
            taken = _added(taken, msgspec.structs.replace(_file(office, arrivals, rules), missing=missing))
            if self.tell is not None and not self.tell(taken.mails, len(mails)):
                return msgspec.structs.replace(taken, complete=False)
        if mails and taken.missing == len(mails):
            return taken  # no file is where the index says: the store is elsewhere, and nothing was seen of it
        with office.ledger.writing(INTAKE, office.clock()) as book:
            book.set_mark(_mark(project), f"{revision.uuid} {revision.lastmod} {_query(project, policy)}")
        return taken

    def _rules(self, office: Office, project: Project, policy: Policy, arrivals: Sequence[Arrival]) -> Rules:
        times = [one.heading.arrived for one in arrivals if one.heading.arrived]
        return Rules(
            project=project.name,
            policy=policy.key,
            now=min(times, default=office.clock()) if self.as_of_arrival else office.clock(),
            roster=roster_of(office),
            own=own_addresses(office.identities),
            lists=frozenset(address_key(one.address) for one in policy.list),
            quiet_before=self.since,
        )


def _mark(project: Project) -> str:
    return f"intake:{project.name}"


def _query(project: Project, policy: Policy) -> str:
    """Name what intake looks for: where that is another, it looks at everything again."""
    notices = policy.moderation.notices
    return f"{project.reports} | {notices}" if notices else project.reports


def _new_mails(office: Office, project: Project, policy: Policy, since: int) -> tuple[list[StoredMail], frozenset[MessageId]]:
    """Give the mails that are new, with those that are notices of moderation, which need not match the reports' query."""
    found = {one.message_id: one for one in office.store.mails(project.reports, since)}
    for one in parties_mail(office, project, since):
        found.setdefault(one.message_id, one)
    query = policy.moderation.notices
    if not query:
        return list(found.values()), frozenset()
    told = list(office.store.mails(query, since))
    names = frozenset(one.message_id for one in told if one.matched)
    for one in told:
        found.setdefault(one.message_id, one)
    return list(found.values()), names


def _with_held(office: Office, arrival: Arrival, policy: Policy) -> Arrival:
    """Read the post that a notice tells of; where it tells of none, it is mail like any other."""
    for path in arrival.mail.paths:
        try:
            mail = office.reader.read(path, Pins(), Unlock.UNASKED)
        except MailNotFoundError:
            continue
        if mail.heading.digest == arrival.heading.digest:
            return msgspec.structs.replace(arrival, held=held_post(mail, policy.moderation.kinds))
    return arrival


def _reached(office: Office, project: Project, policy: Policy, revision: StoreRevision) -> int:
    """Give how far this project's intake has come; 0 where the database or the query is another one now."""
    uuid, _, rest = office.ledger.mark(_mark(project)).partition(" ")
    number, _, query = rest.partition(" ")
    known = uuid == revision.uuid and query == _query(project, policy) and number.isdigit()
    return int(number) if known and int(number) <= revision.lastmod else 0


def _portions(mails: Sequence[StoredMail], single: bool) -> Iterator[Sequence[StoredMail]]:
    """Give whole threads, as many as fit; one at a time where each is dated by itself."""
    threads: dict[str, list[StoredMail]] = {}
    for mail in mails:
        threads.setdefault(mail.thread, []).append(mail)
    portion: list[StoredMail] = []
    for thread in threads.values():
        if portion and (single or len(portion) + len(thread) > _PORTION):
            yield portion
            portion = []
        portion += thread
    if portion:
        yield portion


def _arrivals(
    office: Office, portion: Sequence[StoredMail], mails: Sequence[StoredMail], since: int
) -> tuple[list[Arrival], int]:
    """Read the headings of a portion; a mail with several files arrives with all of them."""
    mates: dict[str, list[MessageId]] = {}
    if not since:
        for mail in mails:
            mates.setdefault(mail.thread, []).append(mail.message_id)
    found, missing = [], 0
    for mail in portion:
        together = mates.get(mail.thread) or [one.message_id for one in office.store.thread(mail.message_id)]
        files = list(_files(office, mail, tuple(together)))
        missing += not files
        found += files
    return found, missing


def _files(office: Office, mail: StoredMail, mates: tuple[MessageId, ...]) -> Iterator[Arrival]:
    paths = mail.paths
    for attempt in range(2):
        try:
            read = [Arrival(mail, office.reader.heading(path), None, mates) for path in paths]
        except MailNotFoundError:
            # Other programs rename Maildir files: the store is asked once more for the name.
            paths = office.store.paths(mail.message_id)
            if attempt:
                read = []
                continue
        else:
            break
    if len({one.heading.digest for one in read}) > 1:
        read = [
            msgspec.structs.replace(one, body=skeleton(office.reader.source(path))) for one, path in zip(read, paths, strict=True)
        ]
    yield from read


def _file(office: Office, arrivals: Sequence[Arrival], rules: Rules) -> Taken:
    """Decide and write one portion; gpg is asked before the transaction, never inside it."""
    pins = pins_of(office)
    proved = _proved(office, arrivals, rules, pins)
    opened: list[Filing] = []
    entries = 0
    with office.ledger.writing(INTAKE, rules.now) as book:
        known = Known(cases=_with_targets(book, {number: fold(book.entries(number)) for number in _cases(book, arrivals)}))
        for filing in plan_intake(arrivals, known, rules):
            bodies = tuple(_with_proof(body, proved) for body in filing.bodies)
            if filing.case is None:
                book.open_file(rules.policy, *bodies)
                opened.append(filing)
            else:
                before = book.entries(filing.case)
                book.append(filing.case, last(before), fold(before).policy, *bodies)
            entries += len(bodies)
    _glance(office, arrivals, opened, pins)
    return Taken(mails=len({one.name for one in arrivals}), opened=len(opened), entries=entries)


def _cases(book: Book, arrivals: Iterable[Arrival]) -> set[int]:
    return {number for name in wanted(arrivals) for number in book.cases_of(name)}


def _with_targets(book: Book, cases: dict[int, Case]) -> dict[int, Case]:
    """Add the cases into which some of them were merged: what parties answer goes on there."""
    found = dict(cases)
    ahead = [case.merged_into for case in cases.values()]
    while ahead:
        number = ahead.pop()
        if number is not None and number not in found:
            found[number] = fold(book.entries(number))
            ahead.append(found[number].merged_into)
    return found


def _proved(office: Office, arrivals: Sequence[Arrival], rules: Rules, pins: Pins) -> frozenset[MessageId]:
    """Give the signed mails of colleagues whose signature is good and theirs: an acknowledgement is marked by it (A2)."""
    found = set()
    for one in arrivals:
        sender = one.heading.sender
        when = arrived_at(one.heading, rules)
        if one.heading.signed and len(sender) == 1 and rules.roster.by_address(sender[0].address, when):
            for path in one.mail.paths[:1]:
                try:
                    if office.reader.read(path, pins, Unlock.UNASKED).verdict.trusted:
                        found.add(one.name)
                except MailNotFoundError:
                    continue
    return frozenset(found)


def _with_proof(body: Body, proved: frozenset[MessageId]) -> Body:
    if isinstance(body, Acknowledged) and body.mail in proved and body.signature == "unverified":
        return msgspec.structs.replace(body, signature="good")
    return body


def _glance(office: Office, arrivals: Sequence[Arrival], opened: Sequence[Filing], pins: Pins) -> None:
    """Look at the protection of first mails without asking anybody for a passphrase, so that the queue can show it."""
    roots = {
        body.mail for filing in opened for body in filing.bodies if isinstance(body, MailArrived) and body.mail == body.report
    }
    protected = [one for one in arrivals if one.name in roots and (one.heading.signed or one.heading.encrypted)]
    for one in protected[:_GLANCES]:
        for path in one.mail.paths[:1]:
            try:
                mail = office.reader.read(path, pins, Unlock.UNASKED)
            except MailNotFoundError:
                continue
            if not mail.locked:
                office.ledger.keep_verdict(one.name, mail.heading.digest, mail.verdict)


def _added(one: Taken, other: Taken) -> Taken:
    return Taken(
        one.mails + other.mails,
        one.opened + other.opened,
        one.entries + other.entries,
        one.missing + other.missing,
        one.complete and other.complete,
    )
