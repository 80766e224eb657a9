"""A mail as seccon understands it: frozen values, made by the reader (adapters), shown and judged elsewhere.

All text in here is still hostile: it has been decoded, not cleaned. It reaches a terminal only through `widgets/plain.py`.
"""

from enum import StrEnum

import msgspec

from seccon.core.ids import Fingerprint, MessageId, address_key
from seccon.core.instants import Instant


class Address(msgspec.Struct, frozen=True):
    """One mailbox: what it calls itself, and where it is."""

    name: str = ""
    address: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address

    def same(self, other: "Address | str") -> bool:
        """Say whether both are the same mailbox, whatever they call themselves."""
        return address_key(self.address) == address_key(other if isinstance(other, str) else other.address)


class Correspondent(msgspec.Struct, frozen=True):
    """Who wrote, and whether that is *claimed* only (taken from Reply-To, Cc or X-Original-From of a list that rewrites From)."""

    name: str = ""
    address: str = ""
    claimed: bool = False


class Scope(StrEnum):
    """How much of a mail a protection covers. Only `whole` earns a mark; `part` is a warning."""

    WHOLE = "whole"
    PART = "part"
    NO = "no"


class Signature(StrEnum):
    """What gpg said of the signature, from its status lines alone."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN_KEY = "unknown-key"
    EXPIRED_KEY = "expired-key"
    REVOKED_KEY = "revoked-key"
    EXPIRED = "expired"
    ERROR = "error"
    NONE = "none"


class Verdict(msgspec.Struct, frozen=True):
    """What is proved of a mail's protection; the default is that nothing is."""

    encrypted: Scope = Scope.NO
    signed: Scope = Scope.NO
    signature: Signature = Signature.NONE
    fingerprint: Fingerprint | None = None
    """The primary key's, when the signature is by a key that we have."""
    signer: str | None = None
    """A user id of that key: a stranger's text."""
    matches_from: bool = False
    """Exactly one From with exactly one mailbox, and the key is that address's."""
    pinned: bool = False
    """The key was confirmed by a person for that address; else the match rests on the key's own user id."""

    @property
    def trusted(self) -> bool:
        """The only condition under which a trusted mark is drawn (design, `seccon read`)."""
        return self.signed is Scope.WHOLE and self.theirs

    @property
    def theirs(self) -> bool:
        """What the signature covers, be it a part only, was signed by the sender's confirmed key."""
        return self.signature is Signature.GOOD and self.matches_from and self.pinned


class Warned(msgspec.Struct, frozen=True):
    """An oddity of a mail: a code for programs, a sentence for people."""

    code: str
    text: str


class Heading(msgspec.Struct, frozen=True):
    """What the headers of a mail say, enough to file it: no body was read, nothing was decrypted."""

    message_id: MessageId
    digest: str
    """SHA-256 of the whole file, in hex: the other half of a mail's identity."""
    subject: str = ""
    """The outer one."""
    sender: tuple[Address, ...] = ()
    """Every mailbox of every From header: more than one is an oddity."""
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    original_from: tuple[Address, ...] = ()
    """X-Original-From, as lists set it that rewrite From."""
    date: Instant | None = None
    """The Date header, if it can be read."""
    arrived: Instant | None = None
    """When it came in: the topmost Received, else a believable Date, else the file's time; never later than the file's time."""
    in_reply_to: tuple[MessageId, ...] = ()
    references: tuple[MessageId, ...] = ()
    automatic: bool = False
    """It bears Auto-Submitted (other than `no`, RFC 3834)."""
    list_id: str = ""
    list_post: str = ""
    """The address out of List-Post, if any."""
    encrypted: bool = False
    """It says that it is PGP-encrypted; nothing is proved."""
    signed: bool = False
    """It says that it is signed; nothing is proved."""
    size: int = 0
    warnings: tuple[Warned, ...] = ()


class Part(msgspec.Struct, frozen=True):
    """One leaf of a mail. `text` is None for what is no text; `size` is in bytes after transfer decoding."""

    path: str
    """Where it stands, such as `1.2`; parts that came out of decryption continue the path of the encrypted one."""
    type: str
    charset: str | None = None
    filename: str | None = None
    size: int = 0
    encrypted: bool = False
    signed: bool = False
    """Covered by a signature that is good; by whom, the verdict says."""
    text: str | None = None
    truncated: bool = False
    inline: bool = True
    """Shown in the body, not listed as an attachment."""
    forwarded: Heading | None = None
    """Of a mail within the mail: what its headers say, all of it a claim. Its digest is empty: it is no file."""


class Mail(msgspec.Struct, frozen=True):
    """One e-mail, read whole."""

    heading: Heading
    subject: str
    """The one to show: of a protected header where there is one, else the outer."""
    parts: tuple[Part, ...]
    verdict: Verdict = Verdict()
    warnings: tuple[Warned, ...] = ()
    keys: tuple[bytes, ...] = ()
    """OpenPGP public keys that came with it (attached, inline, Autocrypt): offered for import, never taken."""
    locked: str = ""
    """Why it could not be decrypted, as a sentence; empty when it could, or needed not."""
    card: str = ""
    """The number of the smartcard that has the secret key, where that is why it is locked."""
    body_complete: bool = True
    """False where a limit cut something; the raw source still has it."""

    @property
    def sender(self) -> Address:
        """The one From mailbox; empty where there is none, or more than one."""
        return self.heading.sender[0] if len(self.heading.sender) == 1 else Address()

    @property
    def text(self) -> str:
        """The text of the parts that are shown in the body, in order."""
        return "\n".join(part.text for part in self.parts if part.inline and part.text is not None)

    @property
    def content(self) -> object:
        """What a person reads in it, to tell two mails of one Message-ID apart; what lists change in its headers is left out."""
        return self.text, self.subject, [(part.type, part.filename, part.size) for part in self.parts if not part.inline]


class StoredMail(msgspec.Struct, frozen=True):
    """A mail as the store knows it. `thread` is a hint that changes; paths are looked up, never kept."""

    message_id: MessageId
    thread: str
    lastmod: int
    matched: bool
    """It matches the report query itself, rather than standing in the thread of one that does."""
    paths: tuple[str, ...]
    tags: tuple[str, ...] = ()


class StoreRevision(msgspec.Struct, frozen=True):
    """Which database this is, and how far it has moved: a new `uuid` means that it was made anew."""

    uuid: str
    lastmod: int
