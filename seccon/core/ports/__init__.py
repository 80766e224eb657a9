"""What the desk needs of the outside: Protocols of few methods. Adapters fulfil them, twins pass the same contracts."""

from collections.abc import Callable

from seccon.core.instants import Instant
from seccon.core.ports.ledger import Book, Ledger, Projector
from seccon.core.ports.mail import MailReader, MailStore
from seccon.core.ports.openpgp import Cipher, Keyring, Phrase, Unlock
from seccon.core.ports.outside import Courier, CveService, Receipt, Secrets

Clock = Callable[[], Instant]

__all__ = [
    "Book", "Cipher", "Clock", "Courier", "CveService", "Keyring", "Ledger", "MailReader", "MailStore", "Phrase", "Projector",
    "Receipt", "Secrets", "Unlock",
]  # fmt: skip
