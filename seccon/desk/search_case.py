"""Search in the mails of one case: decrypted in memory, asked of nobody, and nothing of it is stored (features, R11)."""

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from seccon.core.errors import MailNotFoundError, RefusedError
from seccon.core.ids import MessageId
from seccon.core.ports import Unlock
from seccon.core.report import Mail
from seccon.desk.mail_file import digests_of, mail_file
from seccon.desk.office import Office
from seccon.desk.pins import pins_of
from seccon.desk.request import Request, load

MAX_HITS = 500
MAX_MAILS = 400
"""Mails that are opened for one question; what is beyond is said."""
_SHOWN = 300
"""Characters of a line that is shown."""


class Hit(msgspec.Struct, frozen=True):
    """A line in which it was found; `place` is `subject`, `from`, an attachment's name, or the text."""

    mail: MessageId
    who: str
    place: str
    line: str


class Found(msgspec.Struct, frozen=True):
    """What was found, and what could not be looked at."""

    text: str
    hits: tuple[Hit, ...] = ()
    locked: int = 0
    """Mails, or parts of them, that could not be opened without asking somebody."""
    missing: int = 0
    more: bool = False
    """There are more hits, or more mails, than were looked at."""


class SearchCase(Request, frozen=True, kw_only=True):
    """Find a text in all mails of a case, whatever the case of letters; each word of it where it is several, in one line."""

    beside: ClassVar[bool] = True

    case: int
    text: str

    def perform(self, office: Office) -> Found:
        """Look, oldest mail first. Raises LedgerError, StoreError, RefusedError."""
        words = self.text.casefold().split()
        if not words:
            raise RefusedError("search", "Type what to look for.")
        case, pins = load(office, self.case), pins_of(office)
        mails = tuple(dict.fromkeys(one.mail for one in case.mails))
        hits: list[Hit] = []
        locked = missing = 0
        for name in mails[:MAX_MAILS]:
            try:
                mail = office.reader.read(mail_file(office, name, digests_of(case, name)), pins, Unlock.QUIET)
            except MailNotFoundError:
                missing += 1
                continue
            locked += bool(mail.locked)
            hits += _hits(name, mail, words)
        return Found(self.text, tuple(hits[:MAX_HITS]), locked, missing, len(hits) > MAX_HITS or len(mails) > MAX_MAILS)


def _hits(name: MessageId, mail: Mail, words: list[str]) -> Iterator[Hit]:
    who = mail.sender.name or mail.sender.address or "nobody"
    for place, line in _lines(mail):
        folded = line.casefold()
        if all(word in folded for word in words):
            yield Hit(name, who, place, _around(line, folded, words[0]))


def _lines(mail: Mail) -> Iterator[tuple[str, str]]:
    yield "subject", mail.subject
    for sender in mail.heading.sender:
        yield "from", str(sender)
    for part in mail.parts:
        if part.filename:
            yield "attachment", part.filename
        for line in (part.text or "").split("\n"):
            yield "text", line


def _around(line: str, folded: str, word: str) -> str:
    """Give the line, or of a long one the stretch around the word; folding may have moved it a little, which does not matter."""
    line = line.strip()
    if len(line) <= _SHOWN:
        return line
    begin = max(folded.find(word) - _SHOWN // 2, 0)
    return ("…" if begin else "") + line[begin : begin + _SHOWN] + "…"
