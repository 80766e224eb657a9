"""A team at work for tests from end to end: a real mail store, real keys, a real ledger, a real SMTP server, the real console.

Everything is built from a configuration file, as a person would write it. Keys and mail are made by plain gpg and plain text:
what seccon writes is read here by other programs, and the other way round.
"""

import asyncio
import os
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from seccon import wiring
from seccon.app import Console
from seccon.core.case import Case, fold
from seccon.core.instants import Instant, instant
from seccon.desk.office import Office
from seccon.desk.pin_key import PinKey
from seccon.settings import load
from seccon.widgets.form import Entry, FieldList
from seccon.widgets.letter_text import LetterText
from tests.keysmith import GpgHome, shared, shared_key
from tests.mailroom import Mailroom, letter
from tests.postbox import Postbox, running

LIST = "qemu-security@nongnu.org"
TEAM = "security@team.example.org"
ALICE = "alice@team.example.org"
BOB = "bob@team.example.org"
ROE = "roe@reporter.example.net"
SUBJECT = "vhost-user: use after free in descriptor handling"
SECRET = "The guest writes past the end of the quokkaberry ring."
REPORT = "report-1@reporter.example.net"

_CONFIG = """\
policy = "qemu@2020-12"

[store]
path = "{mail}"
sent = "{mail}/Sent"

[ledger]
url = "sqlite:///{home}/ledger.db"

[gpg]
home = "{gpg}"

[courier]
kind = "smtp"
host = "127.0.0.1"
port = {port}
security = "none"

[[identity]]
address = "{team}"
name = "Security Team"
sign_key = "{team_key}"

[[member]]
name = "Alice Ames"
address = ["{alice}"]
login = "{login}"
key = "{alice_key}"

[[member]]
name = "Bob Bell"
address = ["{bob}"]
login = "bob"
{bob_key}"""


class Stage:
    """One host with its team. `ahead` moves the team's clock."""

    def __init__(self, home: Path, box: Postbox, room: Mailroom, passphrase: str = "", bob_has_a_key: bool = True) -> None:
        self.home, self.box, self.room = home, box, room
        team = "e2e-locked" if passphrase else "e2e-team" if bob_has_a_key else "e2e-without-bob"
        self.gpg: GpgHome = shared(team)
        self.team_key = shared_key(team, f"Security Team <{TEAM}>", passphrase=passphrase)
        self.alice_key = shared_key(team, f"Alice Ames <{ALICE}>")
        self.bob_key = shared_key(team, f"Bob Bell <{BOB}>") if bob_has_a_key else ""
        self.reporter: GpgHome = shared("e2e-reporter")
        self.reporter_key = shared_key("e2e-reporter", f"A. Roe <{ROE}>")
        self.gpg.take(self.reporter.export(self.reporter_key))
        self.reporter.take(self.gpg.export(self.team_key))
        self.ahead = timedelta()
        self.config = home / "config.toml"
        self.configure(box.port)

    def configure(self, port: int) -> None:
        """Write the configuration; `port` is the SMTP server's."""
        self.config.write_text(
            _CONFIG.format(
                mail=self.room.root, home=self.home, gpg=self.gpg.path, port=port, team=TEAM, team_key=self.team_key,
                alice=ALICE, alice_key=self.alice_key, bob=BOB, login=wiring.login(),
                bob_key=f'key = "{self.bob_key}"\n' if self.bob_key else "",
            )
        )  # fmt: skip

    def now(self) -> Instant:
        """Tell the team's time."""
        return instant(datetime.now(UTC) + self.ahead)

    @contextmanager
    def office(self, **changes: Any) -> Iterator[Office]:
        """Build the office from the configuration; `changes` replace what would be another person's, such as `person`."""
        made = wiring.office(load(str(self.config)), self.now)
        try:
            yield msgspec.structs.replace(made, **changes)
        finally:
            wiring.close(made)

    @asynccontextmanager
    async def console(self, size: tuple[int, int] = (80, 24), **changes: Any) -> AsyncIterator["Hand"]:
        """Open the console as it is, without a terminal."""
        with self.office(**changes) as office:
            app = Console(office)
            async with app.run_test(size=size) as pilot:
                yield Hand(app, pilot)

    # --- mail that comes in ---------------------------------------------------------------------------------------------

    def report(self, name: str = REPORT, *, encrypted: bool = True, subject: str = SUBJECT, body: str = SECRET) -> None:
        """Let a report come in, as another mail program writes it, and index it."""
        mail = self.encrypted(name, subject, body) if encrypted else plain_report(name, subject, body)
        self.room.deliver(mail)
        self.room.new()

    def encrypted(self, name: str, subject: str, body: str) -> bytes:
        """Write a PGP/MIME report with a protected subject, encrypted to the team and signed by the reporter."""
        return self.sealed(
            name, f'Content-Type: text/plain; charset=utf-8; protected-headers="v1"\nSubject: {subject}\n\n{body}\n'
        )

    def sealed(self, name: str, inside: str) -> bytes:
        """Write a mail of the reporter around a MIME part, which is encrypted to both and signed."""
        sealed = self.reporter.run(
            "--trust-model", "always", "--armor", "--sign", "--encrypt", "-u", self.reporter_key,
            "-r", self.team_key, "-r", self.reporter_key, input=inside.replace("\n", "\r\n").encode(),
        )  # fmt: skip
        head = (
            f"From: A. Roe <{ROE}>\nTo: {TEAM}, {LIST}\nSubject: ...\nMessage-ID: <{name}>\n"
            f"Date: {datetime.now(UTC):%a, %d %b %Y %H:%M:%S +0000}\nMIME-Version: 1.0\n"
            'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="edge"\n\n'
            "--edge\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n--edge\nContent-Type: application/octet-stream\n\n"
        )
        return head.encode() + sealed + b"\n--edge--\n"

    def pin_reporter(self) -> None:
        """Have a colleague confirm the reporter's key."""
        with self.office() as office:
            PinKey(address=ROE, fingerprint=self.reporter_key, compared=self.reporter_key, how="by phone").perform(office)

    def unserved(self) -> int:
        """Let the configuration name a port at which nobody answers, and give it."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port: int = free.getsockname()[1]
        self.configure(port)
        return port

    def from_reporter(self, body: str, name: str, answers: str = REPORT) -> None:
        """Let the reporter write again."""
        self.reply(f"A. Roe <{ROE}>", TEAM, name, datetime.now(UTC), body=body, answers=answers)

    def from_bob(self, body: str, name: str, when: datetime, answers: str = REPORT) -> None:
        """Let a colleague answer the reporter with another mail program."""
        self.reply(f"Bob Bell <{BOB}>", f"A. Roe <{ROE}>", name, when, body=body, answers=answers)

    def reply(
        self,
        sender: str,
        to: str,
        name: str,
        when: datetime,
        headers: Sequence[tuple[str, str]] = (),
        *,
        body: str = "Thank you.",
        answers: str = REPORT,
    ) -> None:
        """Let a mail come in on the thread, with a copy to the list."""
        mail = letter(
            f"Re: {SUBJECT}", body, message_id=name, sender=sender, to=to, date=instant(when), reply_to=[answers],
            headers=[("Cc", LIST), *headers],
        )  # fmt: skip
        self.room.deliver(mail, instant(when))
        self.room.new()

    # --- what became of it ----------------------------------------------------------------------------------------------

    def case(self, number: int = 1) -> Case:
        """Read a case from the ledger, as another process would."""
        with self.office() as office:
            return fold(office.ledger.entries(number))

    def opened_by_reporter(self, content: bytes) -> tuple[bytes, bytes]:
        """Decrypt with plain gpg and the reporter's secret key; give the text and gpg's status lines."""
        start = content.index(b"-----BEGIN PGP MESSAGE-----")
        armour = content[start : content.index(b"-----END PGP MESSAGE-----") + 25]
        told = self.reporter.run("--status-fd", "1", "--output", "/dev/null", "--yes", "--decrypt", input=armour)
        return self.reporter.run("--decrypt", input=armour), told


def plain_report(name: str = REPORT, subject: str = SUBJECT, body: str = SECRET, **more: Any) -> bytes:
    """Write a report in clear."""
    more.setdefault("date", instant(datetime.now(UTC)))
    return letter(subject, body, message_id=name, sender=f"A. Roe <{ROE}>", to=LIST, **more)


class Hand:
    """A person at the console: presses keys and reads the screen. Waits for what should come, with a deadline."""

    def __init__(self, app: Console, pilot: Pilot[Any]) -> None:
        self.app, self.pilot = app, pilot
        self._told: list[str] = []
        notify = app.notify

        def remember(message: Any, **more: Any) -> None:
            self._told.append(str(message))
            notify(message, **more)

        app.notify = remember  # type: ignore[method-assign, assignment]

    @property
    def screen(self) -> str:
        """Everything that is to be read now."""
        return "\n".join("".join(segment.text for segment in line) for line in self.app.screen._compositor.render_strips())

    @property
    def typing(self) -> bool:
        """A line stands open to be typed in."""
        return any(entry.has_focus for entry in self.app.screen.query(Entry))

    @property
    def typed(self) -> str:
        """What stands in that line."""
        return self.app.screen.query_one(Entry).value

    @property
    def place(self) -> str:
        """Name the screen that has the keys."""
        return type(self.app.screen).__name__

    @property
    def said(self) -> str:
        """What the console told in passing, all of it: what is on view, and what was said since the last key."""
        shown = Counter(
            str(each.message) for each in self.app._notifications
        )  # a word comes on view some turns after it was said
        return "\n".join((shown | Counter(self._told)).elements())

    async def press(self, *keys: str) -> None:
        """Press keys, as fast as a terminal hands over what was pasted: who wants an effect waits for it."""
        for key in keys:
            await self._hit(key, key if len(key) == 1 else None)

    async def write(self, text: str) -> None:
        """Type a text."""
        for char in text:
            await self._hit("enter" if char == "\n" else _character_to_key(char), "\r" if char == "\n" else char)

    async def _hit(self, key: str, char: str | None) -> None:
        self._told.clear()
        event = events.Key(key, char)
        event.set_sender(self.app)
        assert self.app._driver is not None
        self.app._driver.send_message(event)
        await asyncio.sleep(0.001)

    async def give(self, text: str) -> None:
        """Type into the one line of a form, and wait until that form has gone."""
        form = self.app.screen
        await self.until(lambda: self.typing, "a line to type in")
        await self.write(text)
        await self.until(lambda: self.typed == text, f"typed {text}")
        await self.press("enter")
        await self.until(lambda: self.app.screen is not form, "the form has gone")

    async def until(self, holds: Callable[[], object], what: str = "", within: float = 20.0) -> None:
        """Wait until something holds."""
        deadline = datetime.now(UTC) + timedelta(seconds=within)
        while not holds():
            if datetime.now(UTC) > deadline:
                raise AssertionError(f"never: {what or holds}\n{self.place}\n{self.screen}\nsaid: {self.said}")
            await asyncio.sleep(0.02)

    async def sees(self, *texts: str, within: float = 20.0) -> None:
        """Wait until the screen shows each of these."""
        await self.until(lambda: all(text in self.screen for text in texts), f"on screen: {texts}", within)

    async def hears(self, text: str, within: float = 20.0) -> None:
        """Wait until the console says it in passing."""
        await self.until(lambda: text in self.said, f"said: {text}", within)

    async def at(self, place: str, within: float = 20.0) -> None:
        """Wait until a screen has the keys."""
        await self.until(
            lambda: self.place == place and self.app.screen.focused is not None and "\n" in self.screen, f"at {place}", within
        )

    async def leave_form(self) -> None:
        """Leave a form: `escape` closes the line that is open first, and asks where something would be lost."""
        for _ in range(4):
            if self.place == "FormScreen":
                await self.press("escape")
                await self.pilot.pause(0.2)

    async def open_case(self) -> None:
        """Open the case at the cursor of the queue, and wait for it."""
        await self.press("enter")
        await self.at("CaseScreen")

    async def acknowledge(self) -> None:
        """From the queue to the letter that acknowledges the case at the cursor."""
        await self.sees("#1 ")
        await self.open_case()
        await self.press("a")
        await self.at("Compose")

    async def check(self) -> None:
        """Have the letter checked: nothing stands in the way of sending it."""
        await self.press("ctrl+s")
        await self.at("SheetScreen")
        await self.sees("ready: S sends it")

    @property
    def fields(self) -> FieldList:
        """The fields of the form on view."""
        return self.app.screen.query_one(FieldList)

    async def go_to(self, name: str) -> None:
        """Move the cursor to a field, with keys."""
        await self.until(lambda: self.app.screen.query(FieldList), "a form")
        if self.typing:
            await self.press("escape")
            await self.until(lambda: not self.typing, "the line closed")
        asked = [field.name for field in self.fields.fields if field.kind != "head"]  # the cursor stands on no heading
        steps = asked.index(name) - asked.index(self.fields.here.name)
        await self.press(*["j" if steps > 0 else "k"] * abs(steps))
        await self.until(lambda: self.fields.here.name == name, f"the cursor on {name}")

    async def choose(self, name: str, value: str) -> None:
        """Turn a choice to a value."""
        await self.go_to(name)
        field = self.fields.here
        assert value in field.options, f"{name} has no {value}: {field.options}"
        at = field.options.index(field.value) if field.value in field.options else -1
        await self.press(*["right"] * ((field.options.index(value) - at) % len(field.options)))
        await self.until(lambda: self.fields.values[name] == value, f"{name} is {value}")

    async def type_in(self, name: str, text: str) -> None:
        """Type a text into a field, over what stands there."""
        await self.go_to(name)
        await self.press("enter")
        await self.until(lambda: self.typing, "the line to type in")
        if self.typed:  # a binding's action can be slower than the next letter: in an empty line it would take that
            await self.press("end", "ctrl+u")
            await self.until(lambda: not self.typed, "an empty line")
        await self.write(text)
        await self.until(lambda: self.typed == text, f"typed {text}")
        await self.press("enter")
        await self.until(lambda: not self.typing, "the line closed")
        await self.until(lambda: self.fields.values[name] == text, f"{name} is {text}")

    async def write_prose(self, name: str, text: str) -> None:
        """Type a text of several lines on its own page."""
        await self.go_to(name)
        await self.press("enter")
        await self.at("ProsePage")
        await self.write(text)
        await self.until(lambda: self.app.screen.query_one(LetterText).text == text, "typed")
        await self.press("ctrl+s")
        await self.at("FormScreen")
        await self.until(lambda: self.fields.values[name] == text, "taken")


@contextmanager
def staged(home: Path, slow: float = 0, **more: Any) -> Iterator[Stage]:
    """Set the stage in a directory of its own; the person's own files and environment are not touched."""
    with running(Postbox(slow=slow)) as box, pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("XDG_", "NOTMUCH", "SECCON", "GNUPG"))]:
            patch.delenv(name)
        patch.setenv("HOME", str(home))
        room = Mailroom(home)
        room.new()
        yield Stage(home, box, room, **more)
