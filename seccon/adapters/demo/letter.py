"""A letter of the demo's data -> the bytes of a mail as a mail server would have filed it."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from email import encoders
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, parseaddr

import msgspec

from seccon.adapters.demo.age import age
from seccon.adapters.demo.content import Attached, Content, Letter, Person, ProjectFacts, Thread
from seccon.adapters.demo.gpg import Homes
from seccon.adapters.demo.raw import raw_letter
from seccon.adapters.demo.seal import Envelope, plain_bytes, seal
from seccon.core.ids import MessageId
from seccon.core.instants import Instant

_SEVEN_BIT = frozenset({"us-ascii", "iso-2022-jp"})
_POSTMARK = "from {by} by {to} with ESMTPS id {id}; {date}"


class Posted(msgspec.Struct, frozen=True):
    """A mail, ready to be filed."""

    thread: str
    letter: str
    mail: MessageId
    arrived: Instant
    message: bytes


class Postman:
    """Writes letters. Knows who people are, when now is, and which letters went before."""

    def __init__(self, content: Content, homes: Homes, now: Instant) -> None:
        self.content, self.homes, self.now = content, homes, now
        self.ids = {f"{thread.key}/{one.id}": thread.mail_id(one) for thread in content.threads for one in thread.letters}

    def post(self, thread: Thread, place: int) -> Posted:
        """Write one letter of a thread."""
        letter = thread.letters[place]
        written: Instant = self.now - age(letter.at)
        arrived: Instant = written + timedelta(seconds=_delay(thread, letter))
        mail = self.ids[f"{thread.key}/{letter.id}"]
        if letter.raw:
            message = raw_letter(self.content.source / "raw" / letter.raw, mail, written, arrived)
        else:
            message = self._compose(thread, place, written, arrived)
        return Posted(thread.key, letter.id, mail, arrived, message)

    def _compose(self, thread: Thread, place: int, written: Instant, arrived: Instant) -> bytes:
        letter = thread.letters[place]
        project = self.content.projects[thread.project]
        head = self._head(thread, place, project, written, arrived)
        body = self._body(letter)
        if letter.protect == "clear":
            return plain_bytes(head, body)
        writer = self.content.people[letter.sender]
        signer = self.content.people[letter.sign] if letter.sign else writer
        readers = tuple(self.homes.keys[key] for key in (*letter.to, *letter.cc, letter.sender) if key in self.homes.keys)
        envelope = Envelope(writer, signer if "sign" in letter.protect else None, readers, letter.protect, letter.outer, written)
        return seal(self.homes, envelope, head, body)

    def _head(
        self, thread: Thread, place: int, project: ProjectFacts, written: Instant, arrived: Instant
    ) -> list[tuple[str, str]]:
        letter = thread.letters[place]
        to = self._addresses(letter.to) or [project.list]
        cc = self._addresses(letter.cc)
        sender = self._address(letter.sender)
        on_list = any(project.list in address for address in (*to, *cc))
        head = [("Received", _received(sender, arrived, on_list, project.list))]
        head += [("Received", _handed_in(sender, written))]
        head += _list_headers(project) if on_list else []
        head += [("From", encoded_address(sender)), ("To", ", ".join(map(encoded_address, to)))]
        head += [("Cc", ", ".join(map(encoded_address, cc)))] if cc else []
        head += [("Subject", encoded(letter.subject, letter.charset)), ("Date", format_datetime(written))]
        head += [("Message-ID", f"<{self.ids[f'{thread.key}/{letter.id}']}>")]
        head += self._threading(thread, place)
        given = {name.lower() for name in letter.headers}
        return [pair for pair in head if pair[0].lower() not in given] + list(letter.headers.items())

    def _threading(self, thread: Thread, place: int) -> list[tuple[str, str]]:
        letter = thread.letters[place]
        if place == 0 and not letter.reply:
            return []
        answered = letter.reply or thread.letters[place - 1].id
        key = answered if "/" in answered else f"{thread.key}/{answered}"
        first = self.ids[f"{key.split('/')[0]}/{self._thread(key.split('/')[0]).letters[0].id}"]
        chain = dict.fromkeys((first, self.ids[key]))
        return [("In-Reply-To", f"<{self.ids[key]}>"), ("References", "\n ".join(f"<{one}>" for one in chain))]

    def _thread(self, key: str) -> Thread:
        return next(thread for thread in self.content.threads if thread.key == key)

    def _addresses(self, given: Sequence[str]) -> list[str]:
        return [self._address(one) for one in given]

    def _address(self, given: str) -> str:
        person: Person | ProjectFacts | None = self.content.people.get(given) or self.content.projects.get(given)
        if person is None:
            return given
        return str(person) if isinstance(person, Person) else person.list

    def _body(self, letter: Letter) -> Message:
        text = _text(letter.body, letter.charset)
        shown: Message = text
        if letter.html and letter.body:
            shown = MIMEMultipart(
                "alternative", boundary=_boundary(letter, "alt"), _subparts=[text, _text(letter.html, "utf-8", "html")]
            )
        elif letter.html:
            shown = _text(letter.html, "utf-8", "html")
        if not letter.attach:
            return shown
        parts = [shown, *(self._attached(one) for one in letter.attach)]
        return MIMEMultipart("mixed", boundary=_boundary(letter, "mix"), _subparts=parts)

    def _attached(self, one: Attached) -> Message:
        if one.public_key:
            person = self.content.people[one.public_key]
            name, kind, data = (
                f"OpenPGP_0x{self.homes.keys[person.key][-16:]}.asc",
                "application/pgp-keys",
                self.homes.public_key(person),
            )
        else:
            name, kind, data = one.name or one.file, one.type, (self.content.source / "attachments" / one.file).read_bytes()
        if kind.startswith("text/"):
            part: Message = _text(data.decode(), "utf-8", kind.removeprefix("text/"))
        else:
            part = MIMEBase(*kind.split("/", 1))
            part.set_payload(data)
            encoders.encode_base64(part)
        part.add_header("Content-Disposition", "attachment", filename=name)
        return part


def encoded(text: str, charset: str = "utf-8") -> str:
    """Write header text; encoded words where it is not plain ASCII (RFC 2047)."""
    if text.isascii():
        return text
    return Header(text, charset, maxlinelen=72).encode(linesep="\n")


def encoded_address(text: str) -> str:
    """Write an address whose name may bear any letter."""
    if text.isascii():
        return text
    name, address = parseaddr(text)
    return f"{Header(name, 'utf-8').encode(linesep=chr(10))} <{address}>"


def _text(body: str, charset: str, kind: str = "plain") -> MIMEText:
    if body.isascii() and charset == "utf-8" and all(len(line) < 900 for line in body.splitlines()):
        return MIMEText(body, kind, "us-ascii")
    chosen = Charset(charset)
    if charset not in _SEVEN_BIT:
        chosen.body_encoding = QP
    return MIMEText(body, kind, chosen)  # type: ignore[arg-type]


def _delay(thread: Thread, letter: Letter) -> int:
    return 20 + int(hashlib.sha256(f"{letter.id}{thread.key}".encode()).hexdigest()[:4], 16) % 200


def _boundary(letter: Letter, kind: str) -> str:
    return f"{kind}-{hashlib.sha256(f'{letter.id}{letter.subject}{kind}'.encode()).hexdigest()[:24]}"


def _received(sender: str, arrived: Instant, on_list: bool, list_address: str) -> str:
    by = f"lists.{list_address.partition('@')[2].removeprefix('lists.')}" if on_list else _host(sender)
    word = hashlib.sha256(f"{sender}{arrived}".encode()).hexdigest()[:12]
    return _POSTMARK.format(
        by=by, to="triage.example.org\n (Postfix)", id=f"{word}\n for <triage@triage.example.org>", date=format_datetime(arrived)
    )


def _handed_in(sender: str, written: Instant) -> str:
    word = hashlib.sha256(f"{written}{sender}".encode()).hexdigest()[:12]
    return f"from [192.0.2.{int(word[:2], 16)}] by {_host(sender)} with ESMTPSA id {word};\n {format_datetime(written)}"


def _host(sender: str) -> str:
    return f"mx.{sender.rpartition('@')[2].rstrip('>')}"


def _list_headers(project: ProjectFacts) -> list[tuple[str, str]]:
    local, _, host = project.list.partition("@")
    return [
        ("List-Id", f"{project.list_name} <{local}.{host}>"),
        ("List-Post", f"<mailto:{project.list}>"),
        ("Precedence", "list"),
        ("Sender", f"{local}-bounces@{host}"),
    ]
