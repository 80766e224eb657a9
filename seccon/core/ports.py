"""What the desk needs of the outside: Protocols of few methods. Adapters fulfil them, twins pass the same contracts."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

from seccon.core.board import BoardQuery, Counts, Dated, MailRef, Projection, Row
from seccon.core.ids import CveId, Fingerprint, MessageId
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.keys import Key, Pins
from seccon.core.post import Draft, OutItem, OutState
from seccon.core.proof import Proof
from seccon.core.report import Heading, Mail, StoredMail, StoreRevision, Verdict

if TYPE_CHECKING:
    from seccon.core.cve import ReservedCve

Clock = Callable[[], Instant]
Projector = Callable[[int, Sequence[Entry]], Projection]
"""Case number and all its entries -> what lists know of it. Pure."""


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


class Unlock(StrEnum):
    """How far decryption may go to get at a secret key."""

    QUIET = "quiet"
    """Ask nobody: a key that the agent holds unlocked, or nothing. While browsing."""
    AGENT = "agent"
    """Let gpg-agent ask by its own means: a forwarded agent's pinentry, a smartcard."""
    TYPED = "typed"
    """Use the passphrase that the person typed here."""


Phrase = bytes | Literal[Unlock.AGENT] | None
"""What opens a secret key: a passphrase, or a card's PIN, as typed; the agent, asking by its own means; or nobody is asked."""


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


class Cipher(Protocol):
    """GnuPG for what leaves. Recipients are pinned fingerprints; every method raises CryptoError and then made nothing."""

    def encrypt(
        self,
        clear: bytes,
        recipients: Sequence[Fingerprint],
        signer: Fingerprint | None = None,
        passphrase: Phrase = None,
    ) -> bytes:
        """Encrypt (and sign) to an ASCII-armoured message, whose packets have been read back and name these recipients only."""
        ...

    def sign(self, clear: bytes, signer: Fingerprint, passphrase: Phrase = None) -> tuple[bytes, str]:
        """Make a detached signature; also give its hash name for `micalg`, such as `pgp-sha512`."""
        ...

    def decrypt(self, secret: bytes, passphrase: Phrase = None) -> bytes:
        """Decrypt what we sealed ourselves (drafts)."""
        ...


class Keyring(Protocol):
    """The public keys that we hold. Its texts are strangers'."""

    def key(self, fingerprint: Fingerprint) -> Key | None:
        """Find one key."""
        ...

    def claiming(self, address: str) -> tuple[Key, ...]:
        """Find the keys whose user ids bear an address: a claim, no proof."""
        ...

    def secret_keys(self) -> tuple[Key, ...]:
        """List the keys whose secret half we can use."""
        ...

    def all(self) -> tuple[Key, ...]:
        """List everything: slow with many keys, never on the way to a screen."""
        ...

    def public(self, fingerprint: Fingerprint, address: str) -> bytes:
        """Give a key as small as it can be used (Autocrypt 1.1): one user id, no foreign signatures; empty where that fails."""
        ...

    def examine(self, data: bytes) -> tuple[Key, ...]:
        """Say which keys `data` holds, without taking them in."""
        ...

    def take(self, data: bytes, only: Fingerprint | None = None) -> tuple[Fingerprint, ...]:
        """Import keys, or one of them; trusted for nobody until pinned. Raises CryptoError, also for secret keys."""
        ...

    def look_up(self, address: str) -> bytes:
        """Ask the address's own domain for its key (WKD), over the network. Takes nothing in. Raises CryptoError: none came."""
        ...


class Receipt(msgspec.Struct, frozen=True):
    """A courier's word that it has the mail, for all but the recipients it names: `address: what the server said`."""

    via: str
    refused: tuple[str, ...] = ()
    """Never: trying again does not help."""
    put_off: tuple[str, ...] = ()
    """Not now: they, and nobody else, are to be tried again."""


class Courier(Protocol):
    """Delivers mail."""

    def deliver(self, message: bytes, sender: str, recipients: Sequence[str]) -> Receipt:
        """Hand over one mail. Raises CourierError (`final`, `perhaps_sent`)."""
        ...

    def check(self) -> tuple[str, ...]:
        """Say what stands in the way of delivering, in words; sends nothing."""
        ...


class CveService(Protocol):
    """CVE Services, where a CNA reserves ids and publishes records, over the network. Raises CveServiceError, SecretError."""

    @property
    def org(self) -> str:
        """The CNA's short name there."""
        ...

    def reserve(self, year: int) -> CveId:
        """Reserve one id of a year."""
        ...

    def reserved(self) -> "tuple[ReservedCve, ...]":
        """List the org's ids that are reserved and not published, the newest first."""
        ...

    def publish(self, cve: CveId, record: bytes) -> None:
        """Publish a CVE Record (JSON, 5.x), or put it in the place of the one that is public."""
        ...

    def remember(self, key: str) -> None:
        """Keep the API key that a person typed, in memory."""
        ...

    def check(self) -> tuple[str, ...]:
        """Say what stands in the way, in words; asks nobody."""
        ...


class Secrets(Protocol):
    """Passwords, from a keyring that is a safe one. Raises SecretError with the ways out."""

    def password(self, name: str) -> str | None:
        """Give the password kept under `name`; None where there is none."""
        ...

    def remember(self, name: str, password: str) -> None:
        """Keep what a person typed, in memory, until the program ends."""
        ...

    def refused(self, name: str) -> None:
        """Give no more what was given last: whoever wanted it did not take it."""
        ...

    def keep(self, name: str, password: str) -> None:
        """Keep it in the keyring, if that is a safe one."""
        ...

    def check(self) -> tuple[str, ...]:
        """Say what is wrong with the keyring's backend, in words."""
        ...


class Book(Protocol):
    """The ledger inside one transaction: what is read here cannot change before what is written here."""

    def entries(self, case: int) -> tuple[Entry, ...]:
        """Give all entries of a case as whoever writes may see them (`second.veil`), in order."""
        ...

    def open_file(self, policy: str, *bodies: Body) -> int:
        """Open a new file with the next running number; give the number."""
        ...

    def append(self, case: int, after: int, policy: str, *bodies: Body) -> tuple[Entry, ...]:
        """Append; `after` is the last entry that the writer saw. Raises ConflictError when news (`unseen.news`) came after it."""
        ...

    def cases_of(self, mail: MessageId) -> tuple[int, ...]:
        """Give the cases in which a mail stands."""
        ...

    def cases_recording(self, kind: str) -> tuple[int, ...]:
        """Give the cases that have an entry of a kind."""
        ...

    def mail_digests(self, mail: MessageId) -> tuple[str, ...]:
        """Give the digests under which a Message-ID is known."""
        ...

    def next_serial(self, project: str, year: int) -> int:
        """Give the next serial for a case id of that project and year: one more than was ever given."""
        ...

    def put_item(self, item: OutItem) -> None:
        """Put into the outbox, or replace by id."""
        ...

    def recover_items(self) -> tuple[OutItem, ...]:
        """Turn what dead processes were sending to perhaps-sent; give these items."""
        ...

    def drop_draft(self, draft: str) -> None:
        """Forget a draft."""
        ...

    def set_mark(self, name: str, value: str) -> None:
        """Remember a bookkeeping value, such as how far intake has come."""
        ...

    def mark(self, name: str) -> str:
        """Give a bookkeeping value; empty where there is none."""
        ...


class Ledger(Protocol):
    """The journal, stored, and its projections. Raises LedgerError with a sentence."""

    def writing(self, by: str, at: Instant) -> AbstractContextManager[Book]:
        """Open the one kind of transaction in which anything is written; entries bear `by` and `at`."""
        ...

    def revision(self) -> int:
        """Give a number that moves whenever anybody has written; cheap, for asking again and again."""
        ...

    def entries(self, case: int, person: str = "") -> tuple[Entry, ...]:
        """Give all entries of a case as `person` may see them (`second.veil`), in order; empty where there is no such file."""
        ...

    def rows(
        self, query: BoardQuery, person: str, offset: int = 0, limit: int = 100, now: Instant | None = None
    ) -> tuple[Row, ...]:
        """Give a window of the list; what presses by `now` stands first, whatever the order."""
        ...

    def count(self, query: BoardQuery) -> int:
        """Count the rows of a list."""
        ...

    def row(self, case: int, person: str = "") -> Row | None:
        """Give one row, whatever its state."""
        ...

    def find(self, label: str) -> int | None:
        """Find a case by its id (`Q-2026-041`, any case) or number (`17`, `#17`)."""
        ...

    def counts(self, now: Instant, person: str = "") -> Counts:
        """Give the figures of the top line."""
        ...

    def pressing(self, now: Instant) -> tuple[str, ...]:
        """Name the open cases whose date has come, or that leak, and of which the public was not told (`Row.presses`)."""
        ...

    def dates(self, start: Instant, end: Instant, *, only_open: bool = True, clocks: bool = True) -> tuple[Dated, ...]:
        """Give what touches the time from `start` to `end`, by due time; without `clocks` only what the public waits for."""
        ...

    def mails(self, case: int) -> tuple[MailRef, ...]:
        """Give the mails of a case, by arrival."""
        ...

    def cases_of(self, mail: MessageId) -> tuple[int, ...]:
        """Give the cases in which a mail stands."""
        ...

    def cases_with(self, direction: str) -> tuple[int, ...]:
        """Give the cases that hold a mail of this direction (`MailRef.direction`)."""
        ...

    def cases_recording(self, kind: str) -> tuple[int, ...]:
        """Give the cases that have an entry of a kind."""
        ...

    def mark(self, name: str) -> str:
        """Give a bookkeeping value; empty where there is none."""
        ...

    def saw(self, person: str, case: int) -> None:
        """Remember that a person has now seen all mails of a case."""
        ...

    def keep_verdict(self, mail: MessageId, digest: str, verdict: Verdict) -> None:
        """Keep what was proved of a mail, so that lists can show it."""
        ...

    def verdict(self, mail: MessageId, digest: str) -> Verdict | None:
        """Give what was proved of the mail with this id and this content; None where nobody has looked."""
        ...

    def save_draft(self, draft: Draft) -> None:
        """Keep a draft, or replace it by id."""
        ...

    def drafts(self, person: str, case: int | None = None) -> tuple[Draft, ...]:
        """Give a person's drafts, newest first."""
        ...

    def drop_draft(self, draft: str) -> None:
        """Forget a draft."""
        ...

    def items(self, *states: OutState) -> tuple[OutItem, ...]:
        """Give outbox items (all states where none is named), oldest first."""
        ...

    def take_item(self, item: str, now: Instant) -> OutItem | None:
        """Take a waiting item for sending: to `sending`, once; None when somebody else has it or it is not due."""
        ...

    def verify(self) -> tuple[str, ...]:
        """Walk the whole chain; say where it breaks, in words. Empty: it holds."""
        ...

    def prove(self, after: Proof | None = None) -> Proof:
        """Walk the chain from its beginning, or the rows that came since `after`, which must hold."""
        ...

    def altered(self, case: int) -> tuple[str, ...]:
        """Say which entries of one case do not fit their own hashes; cheap, for each time a case is read."""
        ...

    def rebuild(self) -> int:
        """Make all projections anew out of the entries; give the number of cases."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...
