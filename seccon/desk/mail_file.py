"""Which file of the store holds a mail of the journal: of several under one Message-ID the one with the digest that is known."""

from collections.abc import Sequence

from seccon.core.case import Case
from seccon.core.errors import MailNotFoundError
from seccon.core.ids import MessageId
from seccon.desk.office import Office


def mail_file(office: Office, mail: MessageId, digests: Sequence[str]) -> str:
    """Give the path of the first of `digests` that is there. Raises MailNotFoundError when none is."""
    found: dict[str, str] = {}
    for path in office.store.paths(mail):
        try:
            found.setdefault(office.reader.heading(path).digest, path)
        except MailNotFoundError:
            continue  # another program renamed it since the store was asked
    for digest in digests:
        if digest in found:
            return found[digest]
    raise MailNotFoundError("The file of this mail has gone from the store, or is another now.", "Run 'notmuch new'.")


def digests_of(case: Case, mail: MessageId) -> tuple[str, ...]:
    """Give the digests under which the journal knows a mail of a case; the first that came leads, whatever bore its id later."""
    return tuple(dict.fromkeys(one.digest for one in case.mails if one.mail == mail))
