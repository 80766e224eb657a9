"""The mail store and the reading of mails: what comes in, and what is proved of it."""

from collections.abc import Iterator
from typing import Protocol

from seccon.core.ids import MessageId
from seccon.core.keys import Pins
from seccon.core.ports.openpgp import Unlock
from seccon.core.report import Heading, Mail, StoredMail, StoreRevision


class MailStore(Protocol):
    """The team's notmuch store, read-only. Every method raises StoreError with a sentence; none keeps the database open."""

    def revision(self) -> StoreRevision:
        """Say which database this is and how far it has moved; cheap, for asking again and again."""
        ...

    def mails(self, query: str, since: int = 0) -> Iterator[StoredMail]:
        """Give every mail of every thread in which a mail matches `query`, oldest first, changed after lastmod `since`."""
        ...

    def thread(self, mail: MessageId) -> tuple[StoredMail, ...]:
        """Give all mails of the thread that `mail` stands in now, oldest first; empty when it is not indexed."""
        ...

    def paths(self, mail: MessageId) -> tuple[str, ...]:
        """Give the files that bear this Message-ID and exist now."""
        ...

    def count(self, query: str) -> int:
        """Count the mails that match."""
        ...

    def search(self, query: str, limit: int = 50) -> tuple[MessageId, ...]:
        """Give the newest mails that match."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class MailReader(Protocol):
    """Bytes to values: bounded in depth, parts, size and time; never raises on what a mail holds."""

    def heading(self, path: str) -> Heading:
        """Read the headers of a file. Raises MailNotFoundError when it is not there."""
        ...

    def read(self, path: str | bytes, pins: Pins, unlock: Unlock = Unlock.QUIET, passphrase: bytes | None = None) -> Mail:
        """Read, decrypt, verify a file, or the bytes of a mail that lay within another. Raises MailNotFoundError."""
        ...

    def source(self, path: str, limit: int = 1 << 20) -> bytes:
        """Give the raw source, cut at `limit` bytes."""
        ...

    def attachment(self, path: str | bytes, part: str, unlock: Unlock = Unlock.QUIET, passphrase: bytes | None = None) -> bytes:
        """Give the decoded bytes of one part of a file, or of the bytes of a mail that lay within another."""
        ...
