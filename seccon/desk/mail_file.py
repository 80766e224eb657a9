"""Which file of the store holds a mail of the journal: of several under one Message-ID the one with the digest that is known."""

from collections.abc import Container

from seccon.core.case import Case
from seccon.core.errors import MailNotFoundError
from seccon.core.ids import MessageId
from seccon.desk.office import Office


def mail_file(office: Office, mail: MessageId, digests: Container[str]) -> str:
    """Give the path. Raises MailNotFoundError when no file there is the one that is known."""
    for path in office.store.paths(mail):
        try:
            if office.reader.heading(path).digest in digests:
                return path
        except MailNotFoundError:
            continue  # another program renamed it since the store was asked
    raise MailNotFoundError("The file of this mail has gone from the store, or is another now.", "Run 'notmuch new'.")


def digests_of(case: Case, mail: MessageId) -> frozenset[str]:
    """Give the digests under which the journal knows a mail of a case."""
    return frozenset(one.digest for one in case.mails if one.mail == mail)
