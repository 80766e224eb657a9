"""Every screen of the real console on a real terminal, over a store, keys, a ledger and a policy full of hostile text (I11, R7).

What is written is scanned for anything that a terminal obeys and Textual does not make; what is shown is read back by pyte.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seccon.core.case import last
from seccon.core.ids import MessageId
from seccon.core.instants import instant
from seccon.core.journal.cases import NoteAdded
from seccon.core.journal.embargoes import EmbargoProposed
from seccon.core.post import OutItem, OutState
from seccon.desk.sync import Sync
from seccon.screens.verbs import CASE_VERBS
from tests import envelope
from tests.e2e.stage import ALICE, LIST, ROE, TEAM, Stage, staged
from tests.e2e.terminal import Terminal, terminal
from tests.keysmith import GpgHome
from tests.screens.test_terminal import strangers
from tests.story import POLICIES
from tests.widgets.hostile import HOSTILE

HOME = Path(__file__).parents[2]
TEXT = "".join(each for each in HOSTILE if "\ud800" not in each) + " https://eve.example/x"
LINE = TEXT.replace("\r", "").replace("\n", " ")
WORD = "=?utf-8?b?{}?="
ENTER, ESCAPE, SEND = "\r", "\x1b", "\x13"


def word(text: str) -> str:
    """Write a text as an encoded word, which carries any control into a header."""
    import base64

    return WORD.format(base64.b64encode(text.encode()).decode())


def hostile_policy(folder: Path) -> Path:
    """Give the shipped policy with hostile text in everything that a screen shows of it."""
    escaped = "".join(f"\\U{ord(char):08X}" for char in TEXT)
    given = (POLICIES / "qemu.toml").read_text()
    shown = re.compile(r'^((?:title|ask|because|clause|meaning|sentence|source|why) = "[^"\n]*)"$', re.MULTILINE)
    made = folder / "hostile.toml"
    made.write_text(shown.sub(lambda match: f'{match[1]} {escaped}"', given))
    return made


def hostile_mails(stage: Stage) -> Iterator[bytes]:
    """Give mails with hostile text in every field: in clear, signed by a key of a hostile name, encrypted, and a double."""
    when = f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S +0000}"
    head = (
        f"From: {word('Roe ' + LINE)} <{ROE}>\nTo: {word(LINE)} <{TEAM}>, {LIST}\nCc: {word(LINE)} <carl@example.com>,\n"
        f" {LINE.encode().decode('latin-1', 'replace')} <dora@example.com>\nSubject: {word('subject ' + LINE)}\nDate: {when}\n"
    ).encode("utf-8", "replace")  # fmt: skip
    body = f"the body {TEXT}\n> quoted {TEXT}\n[@click=app.quit]press me[/]\n"
    attached = envelope.multi(
        envelope.plain(body),
        b"Content-Type: text/x-patch; name*=utf-8''" + b"".join(b"%%%02X" % byte for byte in TEXT.encode()) + b"\n"
        b"Content-Disposition: attachment\n\n--- a\n+++ b\n" + TEXT.encode(),
        b"Content-Type: text/html\nContent-Disposition: inline\n\n<a href='x\x1b]52;c;eA==\x07'>" + TEXT.encode() + b"</a>",
        b"Content-Type: message/rfc822\n\nSubject: "
        + word(TEXT).encode()
        + b"\nFrom: "
        + LINE.encode()
        + b"\n\n"
        + TEXT.encode(),
    )
    yield head + b'Message-ID: <a"]\x1b[2J[/]@x>\nMIME-Version: 1.0\n' + attached
    with GpgHome() as eve:
        key = eve.make_key(f"Roe ✓ {LINE[60:]} <{ROE}>".replace("\x00", ""), "ed25519")
        stage.gpg.take(eve.export(key))
        other = eve.make_key(f"Roe [/] {LINE[:60]} <{ROE}>".replace("\x00", ""))
        keyed = envelope.multi(envelope.plain(body), b"Content-Type: application/pgp-keys\n\n" + eve.export(other))
        inner = envelope.plain(body, 'text/plain; charset=utf-8; protected-headers="v1"', f"Subject: {word('inner ' + LINE)}\n")
        unit = envelope.encrypted(stage.gpg, stage.team_key, inner)
        signed = envelope.signed(eve, key, envelope.plain(body))
        answer = b'In-Reply-To: <a"]\x1b[2J[/]@x>\n'
        yield head + b"Message-ID: <two@x>\n" + answer + b"MIME-Version: 1.0\n" + unit
        yield head + b"Message-ID: <three@x>\n" + answer + b"MIME-Version: 1.0\n" + signed
        yield head + b"Message-ID: <three@x>\n" + answer + b"MIME-Version: 1.0\n" + envelope.plain("another " + TEXT)
        yield head + b"Message-ID: <four@x>\n" + answer + b"MIME-Version: 1.0\n" + keyed


def prepare(stage: Stage) -> None:
    """Fill store, ledger and configuration."""
    config = stage.config.read_text().replace('"qemu@2020-12"', f'"{hostile_policy(stage.home)}"', 1)
    hostile = "".join(f"\\U{ord(char):08X}" for char in LINE)
    stage.config.write_text(config.replace('name = "Bob Bell"', f'name = "Bob {hostile}"'))
    stage.room.fill(list(hostile_mails(stage)))
    now = stage.now()
    with stage.office() as office:
        Sync().perform(office)
        with office.ledger.writing(office.person, now) as book:
            policy = book.entries(1)[-1].policy
            until = instant(now + timedelta(days=9))
            proposed = [EmbargoProposed(proposal=f"p{n}", party=who, until=until) for n, who in enumerate((ROE, LINE, ALICE))]
            book.append(1, last(book.entries(1)), policy, *proposed, NoteAdded(text=TEXT))
            for number, state in enumerate((OutState.FAILED, OutState.PERHAPS)):
                item = OutItem(
                    f"i{number}", 1, MessageId(f"i{number}@x"), TEAM, (ROE, LINE), b"x", state, now, office.person,
                    problem=TEXT, label=LINE,
                )  # fmt: skip
                book.put_item(item)


class Person:
    """Presses keys, clicks, and keeps all that was written and all that was to be read."""

    def __init__(self, console: Terminal) -> None:
        self.console = console
        self.output = b""
        self.read: list[str] = []
        feed = console._stream.feed

        def both(piece: bytes) -> None:
            self.output += piece
            feed(piece)

        console._stream.feed = both

    def go(self, *keys: str, wait: float = 0.15) -> None:
        """Press keys one by one, and take in what each changes."""
        for key in keys:
            self.console.press(key)
            self.console.read(wait)
            self.read.append(self.console.shown)

    def click(self, text: str) -> None:
        """Click where a text stands."""
        for y, line in enumerate(self.console.shown.split("\n"), 1):
            if text in line:
                x = line.index(text) + 2
                self.go(f"\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m")
                return
        raise AssertionError(f"not on screen: {text}\n{self.console.shown}")


def places(person: Person) -> None:
    """Go through queue, filter, calendar, outbox, team, palette and help."""
    person.console.sees("subject")
    person.click("subject")
    person.go("j", "k", "/", "x", "[", ESCAPE, ESCAPE, "2", "l", "]", "[", "w", "j", "w", "j", "w", "\t", "j", "1")
    person.go("\x0b", wait=1.0)
    person.go("j", "G", "q", "1")
    person.go("3", "j", "s", "y", ESCAPE, "x", ESCAPE, "4", "j", ENTER, "q", "1", ":", "c", "\x1b[B", ESCAPE, "?", "G", "q", "1")


PLACES = ("case.embargo", "case.parties", "case.branches", "case.day")
"""Verbs that open a screen of their own, which `q` leaves."""


def case(person: Person) -> None:
    """Go through a case: thread, mails, attachments, source, history, card, keys, and every verb."""
    person.go(ENTER)
    person.console.sees("not encrypted")
    person.go("\x0b", wait=1.5)  # the newest mail brings a key
    person.go("p", wait=0.6)
    person.go("j", ESCAPE, ESCAPE, ESCAPE)
    for _ in range(2):
        person.go("K", ENTER, " ", " ", " ", "G", "q")
    person.click("CVE-2026-1234")
    person.go("u", ESCAPE, "O", " ", "G", "q", "v", "G", "q", "h", " ", "G", "q", "i", "G", "q")
    person.go("\x0b", ESCAPE, ":", ESCAPE, "?", " ", "q")
    person.go("z", "j", ENTER, " ", "q", "q", "/", "x", wait=0.4)
    person.go(ENTER, "j", "q", "q", ESCAPE, wait=0.4)
    for verb in CASE_VERBS:
        key = "." if verb.key == "full_stop" else verb.key
        person.go(key, wait=0.3)
        person.go(*(["j", "q"] if verb.id in PLACES else [ESCAPE, ESCAPE]))
    person.go("s", *["j", "\x1b[C"] * 6, ESCAPE, "e", "j", "a", ESCAPE, ESCAPE, "q", ESCAPE)


def letter(person: Person) -> None:
    """Write a reply that quotes hostile text, and look at its sheet."""
    person.go("r", SEND, wait=1.5)
    person.go("x", "\x1b[B", "\x1b[B", "\x1b[6~")
    person.go(SEND, wait=1.5)
    person.go(" ", ESCAPE, ESCAPE)


@pytest.mark.timeout(170)
def test_no_screen_writes_what_a_stranger_made(tmp_path: Path) -> None:
    """No escape sequence, no markup, no link, no action: on every screen, with a person who presses every key and clicks."""
    with staged(tmp_path) as stage:
        prepare(stage)
        with terminal(["--config", str(stage.config)], HOME) as console:
            person = Person(console)
            console.sees("help")
            places(person)
            case(person)
            letter(person)
            person.go(ESCAPE, ESCAPE, "1")
            alive = Path(f"/proc/{console.pid}/cmdline").read_bytes()
    said = "\n".join(person.read)
    assert b"seccon" in alive  # nothing quit, nothing fell
    assert len(person.output) > 50_000
    assert sorted(set(strangers(person.output))) == []
    for place in (
        "Outbox",
        "History",
        "Calendar",
        "q  back",
        "Before sending",
        "perhaps sent",
        "Attachments",
        "> quoted",
        "want attention",
        "Keys that came",
    ):
        assert place in said, place
    for literal in ("[@click=app.quit]", "[bold red]CVE", "[/]"):  # no markup took effect
        assert literal in said, literal
