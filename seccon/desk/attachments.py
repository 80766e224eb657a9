"""Parts of a mail one by one: read, opened as a mail of their own, saved, and files that go with a letter (features, R1 R7).

Nothing is ever run. What was encrypted and is saved is on record as a note that names mail, part and size; never a name, a
path or a text, since the ledger holds nothing that was decrypted.
"""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from seccon.core.case import Case
from seccon.core.errors import ConfigError, RefusedError
from seccon.core.ids import MessageId
from seccon.core.instants import Instant
from seccon.core.journal import Body
from seccon.core.journal.cases import NoteAdded
from seccon.core.letter import MAX_ATTACHED, Attachment
from seccon.core.policy import Policy
from seccon.core.ports import Unlock
from seccon.core.report import Mail
from seccon.core.workplace import Files
from seccon.desk.mail_file import mail_file
from seccon.desk.office import Office
from seccon.desk.pins import pins_of
from seccon.desk.request import Request, load, record, require_member


class PartOf(msgspec.Struct, frozen=True):
    """Where a part is: the file of a mail, the mails within mails that lead to it, and its own path in the last of them."""

    mail: MessageId
    digest: str
    path: str
    within: tuple[str, ...] = ()


class ReadPart(Request, frozen=True, kw_only=True):
    """Read the bytes of one part; nobody is asked for a passphrase unless `unlock` says so."""

    beside: ClassVar[bool] = True

    part: PartOf
    unlock: Unlock = Unlock.QUIET
    passphrase: bytes | None = None

    def perform(self, office: Office) -> bytes:
        """Give them decoded. Raises MailNotFoundError for what is gone or locked."""
        source: str | bytes = mail_file(office, self.part.mail, (self.part.digest,))
        for path in (*self.part.within, self.part.path):
            source = office.reader.attachment(source, path, self.unlock, self.passphrase)
        return source if isinstance(source, bytes) else b""


class OpenWithin(ReadPart, frozen=True, kw_only=True):
    """Read a mail that lies within another as a mail of its own: the outer one's marks are not its marks."""

    def perform(self, office: Office) -> Mail:  # type: ignore[override]  # another answer to another question
        """Give it, judged by itself alone. Raises MailNotFoundError."""
        raw = ReadPart.perform(self, office)
        return office.reader.read(raw, pins_of(office), self.unlock, self.passphrase)


class SavePart(ReadPart, frozen=True, kw_only=True):
    """Save a part as a file of the person's own."""

    case: int
    directory: str = ""
    name: str = ""
    secret: bool = False
    """It was encrypted on its way: that it lies on a disk now is noted in the case."""

    def perform(self, office: Office) -> str:  # type: ignore[override]  # another answer to another question
        """Give the path. Raises StoreError, MailNotFoundError: then no file was made."""
        require_member(office)
        data = ReadPart.perform(self, office)
        path = files(office).save(self.directory, self.name, data)
        if self.secret:
            self._note(office, len(data))
        return path

    def _note(self, office: Office, size: int) -> None:
        where = ".".join((*self.part.within, self.part.path)) if self.part.within else self.part.path
        text = f"Saved to disk in clear: part {where} ({size} bytes) of the encrypted mail {self.part.mail}."

        def decide(case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
            return (NoteAdded(text=text),)

        record(office, self.case, load(office, self.case).seq, decide)


class AttachFile(Request, frozen=True, kw_only=True):
    """Read a file that shall go with a letter."""

    beside: ClassVar[bool] = True

    path: str
    held: int = 0
    """Bytes that go with the letter already."""

    def perform(self, office: Office) -> Attachment:
        """Give it, with a name that tells nothing of its directory. Raises StoreError, RefusedError."""
        require_member(office)
        if not self.path.strip():
            raise RefusedError("attach", "Name the file.")
        name, data = files(office).read(self.path, MAX_ATTACHED - self.held)
        return Attachment(name, data, media_type(name, data))


def media_type(name: str, data: bytes) -> str:
    """Say what a file is, by its name only where its bytes do not contradict: text is text."""
    if b"\0" in data[:8192]:
        return "application/octet-stream"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "text/x-patch" if name.endswith((".patch", ".diff")) else "text/plain"


def files(office: Office) -> Files:
    """Give the person's files. Raises ConfigError where there is no place for them."""
    if office.files is None:
        raise ConfigError("There is no private directory here.", "Set XDG_STATE_HOME, or HOME.")
    return office.files
