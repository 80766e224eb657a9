"""Read one mail of a case: decrypt, verify, and keep what was proved for the lists."""

from typing import ClassVar

import msgspec

from seccon.core.errors import MailNotFoundError
from seccon.core.ids import MessageId
from seccon.core.moderation import masked_source
from seccon.core.ports import Unlock
from seccon.core.report import Mail
from seccon.desk.office import Office
from seccon.desk.pins import pins_of
from seccon.desk.request import Request


class ReadMail(Request, frozen=True, kw_only=True):
    """Read a mail. While browsing nobody is asked for a passphrase (`QUIET`); on a person's action the agent or they are."""

    beside: ClassVar[bool] = True

    mail: MessageId
    unlock: Unlock = Unlock.QUIET
    passphrase: bytes | None = None

    def perform(self, office: Office) -> "MailView":
        """Read every file of this Message-ID. Raises MailNotFoundError, StoreError."""
        paths = office.store.paths(self.mail)
        pins = pins_of(office)
        mails = []
        for path in paths:
            try:
                mails.append(office.reader.read(path, pins, self.unlock, self.passphrase))
            except MailNotFoundError:
                continue  # another program renamed it since the store was asked
        if not mails:
            raise MailNotFoundError(
                "The file of this mail has gone from the store.", "Run 'notmuch new'; the journal still knows that it came."
            )
        first = mails[0]
        office.ledger.keep_verdict(self.mail, first.heading.digest, first.verdict)
        return MailView(self.mail, first, tuple(mails[1:]))


class MailView(msgspec.Struct, frozen=True):
    """A mail as read, and the other files that bear its Message-ID."""

    id: MessageId
    mail: Mail
    copies: tuple[Mail, ...] = ()


class ReadSource(Request, frozen=True, kw_only=True):
    """Read the raw source of a mail, as the store has it (features, I11); a list's confirmation cookies are masked (I4)."""

    beside: ClassVar[bool] = True

    mail: MessageId

    def perform(self, office: Office) -> str:
        """Give it as text in which every byte but a cookie's can be seen. Raises MailNotFoundError."""
        paths = office.store.paths(self.mail)
        if not paths:
            raise MailNotFoundError("The file of this mail has gone from the store.", "Run 'notmuch new'.")
        parts = [office.reader.source(path).decode("utf-8", "backslashreplace").replace("\r\n", "\n") for path in paths]
        return "\n\n".join(masked_source(part) for part in parts)
