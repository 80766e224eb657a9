"""Letters: what a person writes, to whom, and the pre-send sheet on which it is judged, as values.

Owns their form and the cleaning of single lines. Planning is `reply`, judging `guard`, bytes are an adapter's.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import Literal

import msgspec

from seccon.core.ids import Fingerprint, MessageId
from seccon.core.instants import Instant
from seccon.core.journal.replies import Protection
from seccon.core.report import Address

Role = Literal["reporter", "team", "member", "party", "list", "other"]
Verb = Literal["overridden", "left-out", "clear-accepted"]

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~][A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
BLANK = re.compile(r"<<[^<>\n]{1,80}>>|\{\{|\}\}|\{%")
"""A blank of a template that nobody has filled."""
_WORD = re.compile(r"\w+")
_RUN = 6
_MARKED = 100_000
"""Characters of a text that are marked."""
_TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


ARCHIVE = "archive"
"""The purpose of letters that bring the details of an encrypted report to the private list (features, R10)."""
CVE_REQUEST = "cve-request"
"""The purpose of letters that ask for a CVE id; delivered, they are on record as that."""
ANNOUNCEMENT = "announcement"
"""The purpose of letters that tell the public (features, D1)."""
MAX_ATTACHED = 10 << 20
"""Bytes of all files of one letter: what servers commonly take, encoded."""
REMINDER = "reminder"
"""The purpose of mails that seccon writes by itself, to people of the team."""


class Recipient(msgspec.Struct, frozen=True):
    """One address that a letter goes to, in To or in Cc. There is no Bcc: nobody reads in secret."""

    address: str
    name: str = ""
    role: Role = "other"
    field: Literal["to", "cc"] = "to"


class Attachment(msgspec.Struct, frozen=True):
    """A file that goes with a letter."""

    name: str
    data: bytes
    type: str = "application/octet-stream"


class Enclosed(msgspec.Struct, frozen=True):
    """A file that goes with a letter, as the sheet shows it."""

    name: str
    size: int
    sha256: str


class Choice(msgspec.Struct, frozen=True):
    """A person's decision about one rule, and one recipient where the rule is about one; with the reason."""

    rule: str
    choice: Verb
    recipient: str = ""
    why: str = ""


class Letter(msgspec.Struct, frozen=True):
    """A mail as it is being written. `identity` is the address that it comes from."""

    id: str
    case: int
    identity: str
    recipients: tuple[Recipient, ...] = ()
    subject: str = ""
    """The true one; an encrypted mail bears it inside."""
    text: str = ""
    protection: Protection = "encrypted"
    purpose: str = ""
    """The template's name: `acknowledge`, `date-set` …; empty for a free text."""
    report: MessageId | None = None
    """The report on whose thread it goes."""
    answers: MessageId | None = None
    references: tuple[MessageId, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    wire: str = ""
    """The subject that the answered mail bore for everybody to read."""
    secret: bool = False
    """The answered mail arrived encrypted."""
    secret_marks: tuple[str, ...] = ()
    """`marks` of the answered mail, where that arrived encrypted, else of its case's: the guard knows them again."""
    choices: tuple[Choice, ...] = ()
    doubts: tuple[str, ...] = ()
    """What is odd about the sender of the answered mail, in sentences for the sheet."""
    party: str = ""
    """The party to whom alone it goes, on a thread of their own."""
    patch: int = 0
    """The version of the patch that goes with it; 0: none."""


class Stamp(msgspec.Struct, frozen=True):
    """What a letter gets when it leaves."""

    mail: MessageId
    date: Instant
    sender: Address
    outer: str
    """The Subject that everybody on the way can read."""
    key: bytes = b""
    """The sender's public key, small: offered to the readers' programs (Autocrypt)."""


class Way(StrEnum):
    """What a person can do about a refusal."""

    OVERRIDE = "override"
    LEAVE_OUT = "leave-out"
    PIN = "pin"
    MEND = "mend"


class Refusal(msgspec.Struct, frozen=True):
    """Why the letter must not leave: the rule, in words, where it comes from, and what can be done."""

    rule: str
    sentence: str
    source: str
    recipient: str = ""
    ways: tuple[Way, ...] = (Way.MEND,)


class Line(msgspec.Struct, frozen=True):
    """One recipient on the sheet: key, how it was verified, and whether they may know."""

    recipient: Recipient
    fingerprint: Fingerprint | None = None
    expires: Instant | None = None
    how: str = ""
    """How the key was verified; empty where no key is trusted for the address."""
    may_know: bool = False
    because: str = ""
    """Why they may know, or why not."""
    via: str = ""
    """The list behind which this member reads; such a line is a key, no address of the mail."""
    left_out: bool = False
    notes: tuple[str, ...] = ()
    """What will soon be wrong with the key."""
    offered: tuple[Fingerprint, ...] = ()
    """Keys that claim the address, where none is pinned: to be compared and pinned, never used."""
    disputed: Fingerprint | None = None
    """The key that the roster names, where another one is pinned."""


class Sheet(msgspec.Struct, frozen=True):
    """The pre-send sheet. What is approved is its `digest`: nothing else than what it shows can leave."""

    letter: str
    protection: Protection
    sender: Address
    subject: str
    outer: str
    signer: Fingerprint | None
    lines: tuple[Line, ...]
    refusals: tuple[Refusal, ...]
    settled: tuple[Refusal, ...]
    """Refusals that a recorded choice has set aside."""
    warnings: tuple[str, ...]
    digest: str = ""
    enclosed: tuple[Enclosed, ...] = ()
    """The files that go with it."""

    @property
    def can_send(self) -> bool:
        """Nothing stands against it."""
        return not self.refusals

    @property
    def keys(self) -> tuple[Fingerprint, ...]:
        """The keys that it is encrypted to, each once."""
        return tuple(dict.fromkeys(line.fingerprint for line in self.lines if line.fingerprint and not line.left_out))

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """Who gets it: the addresses of the mail."""
        return tuple(line.recipient for line in self.lines if not line.via and not line.left_out)


def enclosed(letter: Letter) -> tuple[Enclosed, ...]:
    """Say which files go with a letter."""
    return tuple(Enclosed(one.name, len(one.data), hashlib.sha256(one.data).hexdigest()) for one in letter.attachments)


def letter_to_json(letter: Letter) -> bytes:
    """Write a letter as a draft keeps it, before it is sealed."""
    return msgspec.json.encode(_speakable(msgspec.to_builtins(letter)))


def letter_from_json(data: bytes) -> Letter:
    """Read a draft that was unsealed. Raises ValueError when it is none."""
    return msgspec.json.decode(data, type=Letter)


def digest_of(letter: Letter, sheet: Sheet) -> str:
    """Give the SHA-256 over the whole letter and all that the sheet shows of it, in hex."""
    shown = msgspec.structs.replace(sheet, digest="")
    sealed = hashlib.sha256(letter_to_json(letter))
    sealed.update(b"\n" + msgspec.json.encode(_speakable(msgspec.to_builtins(shown))))
    return sealed.hexdigest()


def _speakable(value: object) -> object:
    """Replace lone surrogates, which no encoder takes; a person may have pasted one."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {key: _speakable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_speakable(item) for item in value]
    return value


def clean_line(text: str, limit: int = 80) -> str:
    """Make one line of a stranger's text that may stand in a mail of ours: no control or invisible character, no line break."""
    plain = "".join(" " if unicodedata.category(char) in _DROPPED else char for char in text[: limit * 8])
    return " ".join(plain.split())[:limit].rstrip()


def clean_text(text: str) -> str:
    """Make text of several lines fit to leave: `\\n` alone ends lines, controls and what turns text around become U+FFFD."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join("\ufffd" if char not in "\n\t" and _ends_or_turns(char) else char for char in unix)


def _ends_or_turns(char: str) -> bool:
    """Say whether it is a control, ends lines for some programs (an editor would set a quotation free), or turns text around."""
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(char) in _TURNING


def blanks(text: str) -> Iterator[str]:
    """Give what is still to be filled in a text, such as `<<name>>`; what others wrote is theirs."""
    for line in text.split("\n"):
        if not line.startswith(">"):
            yield from (found[0] for found in BLANK.finditer(line))


def is_address(text: str) -> bool:
    """Say whether this is an address that we write to: no quoting, no control, no option of a command (RFC 5321, 4.1.2)."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def marks(text: str) -> frozenset[str]:
    """Give marks by which any passage of a text is known again, however it is quoted, folded, spaced or written in capitals.

    One for each run of six words, and one for each line that is long enough to tell something.
    """
    lines = (" ".join(_WORD.findall(line)) for line in text[:_MARKED].casefold().split("\n"))
    return run_marks(text) | {_mark(line) for line in lines if len(line) >= 12}


def run_marks(text: str) -> frozenset[str]:
    """Give those of `marks` that are of six words: a line of two, such as a greeting, is everybody's."""
    words = _WORD.findall(text[:_MARKED].casefold())
    return frozenset(_mark(" ".join(words[place : place + _RUN])) for place in range(len(words) - _RUN + 1))


def quotes(text: str, secret: Collection[str]) -> bool:
    """Say whether any passage of a text bears one of these marks, however long the text is and wherever the passage stands."""
    if not secret:
        return False
    folded = text.casefold()
    words = _WORD.findall(folded)
    if any(_mark(" ".join(words[place : place + _RUN])) in secret for place in range(len(words) - _RUN + 1)):
        return True
    lines = (" ".join(_WORD.findall(line)) for line in folded.split("\n"))
    return any(len(line) >= 12 and _mark(line) in secret for line in lines)


def _mark(passage: str) -> str:
    return hashlib.blake2b(passage.encode("utf-8", "replace"), digest_size=6).hexdigest()
