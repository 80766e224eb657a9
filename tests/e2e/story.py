"""The stage of a long story: two reporters, three vendors, a clone; and a person's keys that it presses again and again."""

import email
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner

from seccon.cli.main import cli
from seccon.core.case import Case
from seccon.core.instants import instant
from seccon.desk.pin_key import PinKey
from tests.e2e.stage import SECRET, SUBJECT, TEAM, Hand, Stage, staged
from tests.e2e.vendors import Vendors, done, go_to, send
from tests.e2e.vendors import form as party_form
from tests.gitsmith import START, Clone
from tests.keysmith import shared, shared_key
from tests.mailroom import letter

PRIVATE = "security@lists.libvirt.org"
DOE = "doe@other.example.com"
ROES, DOES = "roe-1@reporter.example.net", "doe-1@other.example.com"
DOE_SUBJECT = "daemon crashes when a ring is closed twice"
CVE = "CVE-2026-4713"
BRANCHES = ("master", "v10.0-maint", "v9.0-maint")
FIX = "ring: check the index before it is used"


class Story:
    """The stage, with two reporters, three vendors and a clone. `stage.ahead` is the time."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.doe = shared("e2e-doe")
        self.doe_key = shared_key("e2e-doe", f"J. Doe <{DOE}>")
        stage.gpg.take(self.doe.export(self.doe_key))
        self.doe.take(stage.gpg.export(stage.team_key))
        stage.ahead = timedelta(days=-42)
        stage.pin_reporter()
        with stage.office() as office:
            PinKey(address=DOE, fingerprint=self.doe_key, compared=self.doe_key, how="by phone").perform(office)
        self.vendors = Vendors(stage)
        self.clone = Clone(stage.home / "clone")
        self._history()
        text = stage.config.read_text().replace('policy = "qemu@2020-12"', 'policy = "libvirt@2013-06"')
        stage.config.write_text(f'{text}\n[repositories]\nlibvirt = "{self.clone.path}"\n')

    def _history(self) -> None:
        """Two releases, each with its stable branch; the fault is older than both."""
        clone = self.clone
        clone.write("begin", ring__c="int ring[8];\nint use(int i)\n{\n    return i;\n}\n")
        self.fault = clone.write(
            "ring: use what the guest names", ring__c="int ring[8];\nint use(int i)\n{\n    return ring[i];\n}\n"
        )
        for name in ("v9.0", "v10.0"):
            clone.write(f"release {name}", NEWS=f"{name}\n")
            clone.tag(f"{name}.0")
            clone.git("branch", f"{name}-maint")

    def fix(self) -> str:
        """Commit the fix on master and on both stable branches, in a clone that nobody else reads."""
        clone, now = self.clone, self.stage.now()
        clone.hours = int((now.timestamp() - START) // 3600) - 8
        body = f"{FIX}\n\n{CVE}\n\nFixes: {self.fault[:12]}\n"
        fixed = clone.write(body, ring__c="int ring[8];\nint use(int i)\n{\n    return i < 8 ? ring[i] : 0;\n}\n")
        for name in BRANCHES[1:]:
            clone.on(name)
            clone.pick(fixed, "-x")
        clone.on("master")
        return fixed

    @property
    def case(self) -> Case:
        return self.stage.case(1)

    def later(self, **span: int) -> None:
        """Let time pass."""
        self.stage.ahead += timedelta(**span)

    def deliver(self, mail: bytes) -> None:
        self.stage.room.deliver(mail, self.stage.now())
        self.stage.room.new()

    def reports(self) -> None:
        """Roe writes encrypted; Doe wrote in clear, a day earlier, and the list's moderator let it through only now."""
        now = self.stage.now()
        sealed = self.stage.encrypted(ROES, SUBJECT, SECRET).decode()
        old = email.message_from_string(sealed)
        self.deliver(
            sealed.replace("qemu-security@nongnu.org", PRIVATE)
            .replace(str(old["Date"]), f"{now:%a, %d %b %Y %H:%M:%S +0000}")
            .encode()
        )

    def doe_reports(self) -> None:
        when = instant(self.stage.now() - timedelta(hours=30))
        mail = letter(DOE_SUBJECT, "It reads wombatfruit.", message_id=DOES, sender=f"J. Doe <{DOE}>", to=PRIVATE, date=when)
        self.stage.room.deliver(mail, when)
        self.stage.room.new()

    def writes(self, who: str, name: str, body: str, answers: str) -> None:
        """Let a reporter answer on their own thread."""
        self.deliver(letter("Re: ...", body, message_id=name, sender=who, to=TEAM, date=self.stage.now(), reply_to=[answers]))

    def to(self, address: str) -> list[bytes]:
        """What was sent to somebody, and to nobody else of them."""
        return [bytes(one.content or b"") for one in self.stage.box.taken if address in one.rcpt_tos]


@contextmanager
def told(home: Path) -> Iterator[Story]:
    with staged(home) as stage:
        yield Story(stage)


async def to_reporters(story: Story, hand: Hand) -> None:
    """Tell both reporters the date: one letter each."""
    for number in (1, 2):
        before = len(story.stage.box.taken)
        await hand.at("Compose")
        await hand.press("ctrl+s")
        await hand.sees("ready: S sends it")
        await hand.press("S")
        await hand.until(lambda before=before: len(story.stage.box.taken) == before + 1, f"letter {number} arrived")  # type: ignore[misc]
    await hand.hears("No other reporter is left to be told the date.")
    await hand.at("CaseScreen")
    until = story.case.embargo.until
    assert [one.told for one in story.case.reports] == [until, until]


async def to_vendors(
    story: Story, hand: Hand, number: int, words: str = "quokkaberry", because: str = "a party that may be told"
) -> None:
    """Write to every vendor to whom something is due."""
    await hand.sees("simultaneous release")
    await done(hand)
    await hand.press("T")
    for _ in range(number):
        before = len(story.stage.box.taken)
        await send(hand, words, because)
        await hand.until(lambda before=before: len(story.stage.box.taken) == before + 1, "it arrived")  # type: ignore[misc]
    await done(hand)
    await hand.at("PartiesScreen")


async def back(hand: Hand, place: str = "CaseScreen") -> None:
    await done(hand)
    await hand.press("q")
    await hand.at(place)


def mail_of(who: str, turn: int) -> str:
    """Name the mail in which somebody agrees."""
    return f"answer-{turn}@{who.partition('@')[2]}"


async def look(hand: Hand, **values: str) -> None:
    """Look in git."""
    await hand.at("BranchesScreen")
    await hand.sees("Branches of ", "Patch v2", "Peak Linux (not affected)")
    await hand.press("g")
    await hand.at("FormScreen")
    for name, value in values.items():
        await hand.type_in(name, value)
    await hand.press("ctrl+s")
    await hand.at("BranchesScreen")


async def recorded_answer(story: Story, hand: Hand, address: str, affected: str, turn: int) -> None:
    await go_to(hand, story.stage, address)
    await hand.press("a")
    await party_form(hand, affected=affected, proof=mail_of(address, turn))


def armour(content: bytes) -> bytes:
    """Cut the encrypted part out."""
    start = content.index(b"-----BEGIN PGP MESSAGE-----")
    return content[start : content.index(b"-----END PGP MESSAGE-----") + 25]


def run(story: Story, *words: str) -> str:
    """Run the command line as a person would."""
    done = CliRunner().invoke(cli, ["--config", str(story.stage.config), *words])
    assert done.exit_code == 0, done.output
    return done.stdout
