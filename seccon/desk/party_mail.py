"""Find what parties answered: their mail goes to us, so no query for reports names it (features, F5 I2)."""

from collections.abc import Iterable, Iterator

from seccon.core.case import Case, fold
from seccon.core.errors import MailNotFoundError
from seccon.core.ids import MessageId
from seccon.core.letter import is_address
from seccon.core.projection import TO_PARTY
from seccon.core.reply import is_message_id
from seccon.core.report import StoredMail
from seccon.core.team import Project
from seccon.desk.office import Office


def parties_mail(office: Office, project: Project, since: int) -> Iterator[StoredMail]:
    """Give new mails on the threads of a project's parties, and those of a party that answer one of ours.

    Where the store has our copies, a thread is found by them; where it has not, by who wrote and what they answer.
    """
    cases = [fold(office.ledger.entries(number)) for number in office.ledger.cases_with(TO_PARTY)]
    cases = [case for case in cases if case.project == project.name]
    ours = {one.queued.mail for case in cases for one in case.replies if one.queued.party}
    if not ours:
        return
    yield from office.store.mails(" or ".join(f'id:"{_quoted(one)}"' for one in sorted(ours)), since)
    known = ours | {mail.mail for case in cases for mail in case.mails if mail.party}
    for mail in office.store.mails(_written_by(cases), since):
        if mail.matched and not known.isdisjoint(_answered(office, mail)):
            yield mail


def _written_by(cases: Iterable[Case]) -> str:
    addresses = {one.queued.party for case in cases for one in case.replies if one.queued.party}
    return " or ".join(f'from:"{one}"' for one in sorted(addresses) if is_address(one))


def _answered(office: Office, mail: StoredMail) -> frozenset[MessageId]:
    """Give the mails that one answers or refers to."""
    for path in mail.paths:
        try:
            heading = office.reader.heading(path)
        except MailNotFoundError:
            continue  # another program renamed it: it comes again when the store is indexed
        return frozenset((*heading.in_reply_to, *heading.references))
    return frozenset()


def _quoted(name: MessageId) -> str:
    """Write a Message-ID for a query; ours are always plain."""
    return name if is_message_id(name) and '"' not in name else ""
