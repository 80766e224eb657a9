"""`seccon read`: one mail as the console understands it."""

import sys
from pathlib import Path

import click

from seccon.cli.frame import Frame, json_option, pass_frame, say, say_json, say_lines
from seccon.core.errors import ConfigError, MailNotFoundError, SecconError
from seccon.core.ids import message_id
from seccon.core.keys import Pins
from seccon.core.readout import readout
from seccon.core.report import Mail, Verdict
from seccon.widgets.plain import plain


@click.command()
@click.argument("mail", metavar="FILE | id:MESSAGE-ID")
@json_option
@pass_frame
def command(frame: Frame, mail: str, as_json: bool) -> None:
    """Print one mail: headers, parts, and what is proved of its protection.

    FILE needs no configuration ('-' reads standard input); id:MESSAGE-ID asks the configured store.
    Exit status: 0 read, 2 not a mail or not found.
    """
    found = _stored(frame, mail) if mail.startswith("id:") else _file(frame, mail)
    if as_json:
        say_json(**{key: value for key, value in readout(found, plain).items() if key != "seccon"})
    else:
        _print(found)


def _stored(frame: Frame, mail: str) -> Mail:
    from seccon.desk.pins import pins_of

    office = frame.office
    paths = office.store.paths(message_id(mail.removeprefix("id:")))
    if not paths:
        raise MailNotFoundError(f"No mail '{mail}' is in the store.", "Run 'notmuch new' if it came in just now.")
    return office.reader.read(paths[0], pins_of(office))


def _file(frame: Frame, mail: str) -> Mail:
    """Read a file with the configured keys where there is a configuration, with gpg's own otherwise."""
    from seccon import wiring
    from seccon.desk.pins import pins_of

    path = "/dev/stdin" if mail == "-" else mail
    if mail != "-" and not Path(path).is_file():
        raise MailNotFoundError(f"There is no file '{mail}'.", "Name a file, or id:MESSAGE-ID.")
    try:
        office = frame.office
        return office.reader.read(path, pins_of(office))
    except ConfigError as error:
        if frame.config:
            raise
        if sys.stderr.isatty():
            click.echo(f"seccon: read without a configuration, so no key is pinned ({error.sentence})", err=True)
    except SecconError as error:
        click.echo(f"seccon: read without the ledger, so no key is pinned: {error.sentence}", err=True)
    found: Mail = wiring.bare_reader().read(path, Pins())
    return found


def _print(mail: Mail) -> None:
    heading = mail.heading
    for name, people in (("From", heading.sender), ("To", heading.to), ("Cc", heading.cc)):
        if people:
            say(f"{name}: {', '.join(map(str, people))}")
    say(f"Date: {heading.date:%Y-%m-%d %H:%M:%S}Z" if heading.date else "Date: none that can be read")
    say(f"Subject: {mail.subject}")
    say(f"Message-ID: {heading.message_id}")
    say(f"Protection: {protection(mail.verdict)}")
    for warned in (*heading.warnings, *mail.warnings):
        say(f"Warning: {warned.text}")
    if mail.locked:
        say(f"Locked: {mail.locked}")
    for part in mail.parts:
        marks = "".join((" encrypted" if part.encrypted else "", " signed" if part.signed else ""))
        say(f"\n[{part.path} {part.type}{' ' + part.filename if part.filename else ''}, {part.size} bytes{marks}]")
        if part.text is not None:
            say_lines(part.text)


def protection(verdict: Verdict) -> str:
    """Say in words what is proved: the line that the console draws beside a mail, without its colours."""
    signature = verdict.signature.value
    if verdict.trusted:
        signature = f"good, by {verdict.signer or verdict.fingerprint}, key pinned to this address"
    elif verdict.signature == "good" and verdict.matches_from:
        signature = f"good, by {verdict.signer or verdict.fingerprint}, key never confirmed"
    elif verdict.signature == "good":
        signature = f"good, but not by the sender: {verdict.signer or verdict.fingerprint}"
    return f"encrypted: {verdict.encrypted}; signed: {verdict.signed}; signature: {signature}"
