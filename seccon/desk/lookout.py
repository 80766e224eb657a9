"""Look at what public lists say of the cases whose date is near or has come: announcements that came out, possible leaks (E9).

Asks the store one narrow question, and another one for each mail that answers it: a development list may hold a million mails.
"""

import hashlib
from collections.abc import Sequence

from seccon.core.case import Case, fold
from seccon.core.errors import CryptoError, MailNotFoundError
from seccon.core.ids import MessageId
from seccon.core.instants import EPOCH, FAR
from seccon.core.journal.disclosure import AnnouncementUnproved
from seccon.core.lookout import Sign, Watcher, by_id, meaning, query, signs
from seccon.core.policy import Policy
from seccon.core.ports import Unlock
from seccon.core.report import Heading, StoreRevision
from seccon.core.team import Project, own_addresses
from seccon.desk.office import Office
from seccon.desk.pins import pins_of
from seccon.desk.request import INTAKE
from seccon.desk.roster import roster_of

_MANY = 200
"""Mails that are looked at in one go: the newest."""


def watch(office: Office, project: Project, policy: Policy, revision: StoreRevision) -> int:
    """Write what came out; give the number of entries. Raises StoreError, LedgerError."""
    cases = _watched(office, project)
    asked = query(cases, policy)
    if not asked:
        return 0
    name = f"watch:{project.name}"
    stamp = hashlib.sha256(asked.encode()).hexdigest()[:24]
    since = _reached(office.ledger.mark(name), revision, stamp)
    if since >= revision.lastmod and since:
        return 0
    fresh = f"({asked}) and lastmod:{since + 1}.." if since else asked
    written = sum(_look(office, mail, cases, policy) for mail in office.store.search(fresh, _MANY))
    with office.ledger.writing(INTAKE, office.clock()) as book:
        book.set_mark(name, f"{revision.uuid} {revision.lastmod} {stamp}")
    return written


def _watched(office: Office, project: Project) -> list[Case]:
    numbers = dict.fromkeys(one.case for one in office.ledger.dates(EPOCH, FAR, clocks=False))
    cases = [fold(office.ledger.entries(number)) for number in numbers]
    return [case for case in cases if case.project == project.name]


def _reached(mark: str, revision: StoreRevision, stamp: str) -> int:
    """Give how far the lists were looked at; 0 where the database is another one, or other words are looked for now."""
    uuid, _, rest = mark.partition(" ")
    number, _, before = rest.partition(" ")
    known = uuid == revision.uuid and before == stamp and number.isdigit()
    return int(number) if known and int(number) <= revision.lastmod else 0


def _look(office: Office, mail: MessageId, cases: Sequence[Case], policy: Policy) -> int:
    headings = _headings(office, mail)
    watcher = Watcher(roster_of(office), own_addresses(office.identities))
    written = 0
    for case in cases:
        found = _sign(office, mail, case)
        means = meaning(mail, headings, found, case, policy, watcher, office.clock())
        if not means:
            continue
        claims = any(isinstance(one, AnnouncementUnproved) for one in means)
        proved = _proved(office, mail) if claims else frozenset()
        with office.ledger.writing(INTAKE, office.clock()) as book:
            now = fold(book.entries(case.number))  # a colleague may have released or closed it meanwhile
            bodies = meaning(mail, headings, found, now, policy, watcher, office.clock(), proved)
            book.append(case.number, now.seq, now.policy, *bodies)
            written += len(bodies)
    return written


def _sign(office: Office, mail: MessageId, case: Case) -> Sign | None:
    """Say by what a mail tells of a case."""
    for sign, some in signs(case).items():
        if some and office.store.count(f"{by_id(mail)} and ({' or '.join(some)})"):
            return sign
    return None


def _proved(office: Office, mail: MessageId) -> frozenset[str]:
    """Give the digests of those of a mail's files that are signed, whole, by the key that a person pinned to their sender."""
    found = set()
    for path in office.store.paths(mail):
        try:
            read = office.reader.read(path, pins_of(office), Unlock.UNASKED)
        except (MailNotFoundError, CryptoError):
            continue  # what cannot be verified proves nothing
        if read.verdict.trusted:
            found.add(read.heading.digest)
    return frozenset(found)


def _headings(office: Office, mail: MessageId) -> tuple[Heading, ...]:
    found = []
    for path in office.store.paths(mail):
        try:
            found.append(office.reader.heading(path))
        except MailNotFoundError:
            continue  # another program renamed it: it comes again when the store is indexed
    return tuple(found)
