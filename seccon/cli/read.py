"""`seccon read`: one mail as the console understands it."""

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec

from seccon.cli.frame import Frame, complain, json_option, pass_frame, say, say_json, say_quoted
from seccon.core.errors import MailNotFoundError, SecconError
from seccon.core.ids import message_id
from seccon.core.keys import Pins
from seccon.core.readout import readout
from seccon.core.report import Mail, Verdict, Warned
from seccon.settings import UnconfiguredError
from seccon.widgets.plain import plain

_HEAD = 1 << 16
"""Bytes in which a header must begin: the bound under which the reader takes headers in."""
_FIELD = re.compile(
    rb"(?:from|to|cc|bcc|subject|date|sender|reply-to|received|return-path|delivered-to|message-id|in-reply-to|references"
    rb"|mime-version|content-[a-z-]+|list-[a-z-]+|resent-[a-z-]+|x-[!-9;-~]+)[ \t]*:",
    re.IGNORECASE,
)
_ANY_FIELD = re.compile(rb"[a-z][a-z0-9_-]*[ \t]*:(?:[ \t]|\Z)", re.IGNORECASE)


@click.command()
@click.argument("mail", metavar="FILE | id:MESSAGE-ID")
@json_option
@pass_frame
def command(frame: Frame, mail: str, as_json: bool) -> None:
    """Print one mail: headers, parts, and what is proved of its protection.

    FILE needs no configuration ('-' reads standard input); id:MESSAGE-ID asks the configured store.
    Exit status: 0 read, 2 not a mail or not found.
    """
    found, *others = _stored(frame, mail) if mail.startswith("id:") else [_file(frame, mail)]
    if as_json:
        shown = {"others": [readout(other, plain) for other in others]} if others else {}
        say_json(**{key: value for key, value in readout(found, plain).items() if key != "seccon"}, **shown)
        return
    _print(found)
    for other in others:
        click.echo()
        say("ANOTHER mail under the same Message-ID; what is proved above is not said of it.")
        _print(other)


def _stored(frame: Frame, mail: str) -> list[Mail]:
    """Read every file of a Message-ID: a second mail under it is a way to hide a report, and is said and shown (I11)."""
    from seccon.desk.pins import pins_of

    try:
        wanted = message_id(mail.removeprefix("id:"))
    except ValueError:
        raise MailNotFoundError("'id:' names no mail.", "Write the Message-ID after it: id:2026.4711@example.org") from None
    office = frame.office
    paths = office.store.paths(wanted)
    if not paths:
        raise MailNotFoundError(f"No mail '{mail}' is in the store.", "Run 'notmuch new' if it came in just now.")
    pins = pins_of(office)
    first, *copies = [office.reader.read(path, pins) for path in paths]
    others = [copy for copy in copies if copy.content != first.content]
    if others:
        warned = Warned("same-id", f"{len(others) + 1} different mails bear this Message-ID; each is shown.")
        first = msgspec.structs.replace(first, warnings=(*first.warnings, warned))
    return [first, *others]


def _file(frame: Frame, mail: str) -> Mail:
    """Read a file with the configured keys where there is a configuration, with gpg's own otherwise."""
    from seccon import wiring

    with _path(mail) as path:
        _require_mail(path, mail)
        pins = _pins(frame)
        reader = wiring.bare_reader() if pins is None else frame.office.reader
        found: Mail = reader.read(path, pins or Pins())
    return found


def _pins(frame: Frame) -> Pins | None:
    """Give what is trusted; None, and a word on it, where neither configuration nor ledger tells."""
    from seccon.desk.pins import pins_of

    try:
        return pins_of(frame.office)
    except UnconfiguredError as error:
        if sys.stderr.isatty():
            complain(f"no key is pinned, since there is no configuration. {error.hint}")
    except SecconError as error:
        if frame.config:
            raise
        complain(f"no key is pinned: {error.sentence}")
    return None


@contextmanager
def _path(mail: str) -> Iterator[str]:
    """Give the path of a file that can be read more than once; what comes on standard input has none until it gets one."""
    if mail != "-":
        yield mail
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
        copy.flush()
        yield f"/dev/fd/{copy.fileno()}"


def _require_mail(path: str, mail: str) -> None:
    """Refuse what is no file, and a file without any header line. Raises MailNotFoundError."""
    name = mail[:300]
    try:
        if not Path(path).is_file():
            kind = "is a directory" if Path(path).is_dir() else "is no regular file" if Path(path).exists() else "does not exist"
            raise MailNotFoundError(f"'{name}' {kind}.", "Name the file of a mail, or id:MESSAGE-ID.")
        with Path(path).open("rb") as file:
            head = file.read(_HEAD)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no path"
        raise MailNotFoundError(f"'{name}' cannot be read: {reason}.", "Name the file of a mail, or id:MESSAGE-ID.") from None
    if not _has_header(head):
        raise MailNotFoundError(f"'{name}' is not a mail: it begins with no header line.", "Name the file of a mail.")


def _has_header(head: bytes) -> bool:
    """Say whether the first paragraph holds a header: one that mail is known to bear, or anything of that form on top."""
    lines = head.lstrip(b"\r\n \t\xef\xbb\xbf").splitlines()
    if lines[:1] and lines[0].startswith((b"From ", b">From ")):
        lines = lines[1:]
    paragraph = lines[: next((place for place, line in enumerate(lines) if not line.strip()), len(lines))]
    return any(map(_FIELD.match, paragraph)) or any(map(_ANY_FIELD.match, paragraph[:1]))


def _print(mail: Mail) -> None:
    heading = mail.heading
    for name, people in (("From", heading.sender), ("To", heading.to), ("Cc", heading.cc)):
        if people:
            say(f"{name}: {', '.join(map(str, people))}")
    say(f"Date: {heading.date:%Y-%m-%d %H:%M:%S}Z" if heading.date else "Date: none that can be read")
    say(f"Subject: {mail.subject}")
    if mail.subject != heading.subject:
        say(f"Outer subject: {heading.subject}")
    say(f"Message-ID: {heading.message_id}")
    say(f"Protection: {protection(mail.verdict)}")
    for sentence in dict.fromkeys(warned.text for warned in (*heading.warnings, *mail.warnings)):
        say(f"Warning: {sentence}")
    if mail.locked:
        say(f"Locked: {mail.locked}")
    for part in mail.parts:
        marks = "".join((" encrypted" if part.encrypted else "", " signed" if part.signed else ""))
        click.echo()
        name = f" “{part.filename}”" if part.filename else ""  # last: it could hold words like ours
        say(f"[{part.path} {part.type}, {part.size} bytes{marks}]{name}")
        if part.text is not None:
            say_quoted(part.text)


_NOT_THEIRS = "but not the sender's: by"


def protection(verdict: Verdict) -> str:
    """Say in words what is proved: the line that the console draws beside a mail, without its colours."""
    # What is proved stands before the user id: a stranger's text cannot add to it.
    signature, signer = verdict.signature.value, verdict.signer or verdict.fingerprint
    if verdict.signature == "good":
        good = "good" if verdict.signed == "whole" else "good over a part only"
        standing = "key pinned to this address, by" if verdict.pinned else "key never confirmed, by"
        signature = f"{good}, {standing if verdict.matches_from else _NOT_THEIRS} {signer}"
    return f"encrypted: {verdict.encrypted}; signed: {verdict.signed}; signature: {signature}"
