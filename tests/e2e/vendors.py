"""Three vendors with keys of their own, what comes to them, and a person's keys on the screen of parties."""

import email

from seccon.desk.pin_key import PinKey
from tests.e2e.stage import TEAM, Hand, Stage
from tests.keysmith import GpgHome, shared, shared_key
from tests.mailroom import letter

HARBOR, PEAK, CLEFT = "psirt@harbor.example", "security@peak.example", "cert@cleft.example"
NAMES = {HARBOR: "Harbor Linux", PEAK: "Peak Linux", CLEFT: "Cleft"}


class Vendors:
    """The vendors' own homes, and what came to them."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.homes: dict[str, GpgHome] = {}
        for address, name in NAMES.items():
            home = f"e2e-{address.partition('@')[2]}"
            key = shared_key(home, f"{name} <{address}>")
            self.homes[address] = shared(home)
            self.homes[address].take(stage.gpg.export(stage.team_key))
            stage.gpg.take(self.homes[address].export(key))
            with stage.office() as office:
                PinKey(address=address, fingerprint=key, compared=key, how="by phone").perform(office)

    def mails(self, address: str) -> list[bytes]:
        return [bytes(one.content or b"") for one in self.stage.box.taken if one.rcpt_tos == [address]]

    def opened(self, address: str, content: bytes) -> str:
        start = content.index(b"-----BEGIN PGP MESSAGE-----")
        armour = content[start : content.index(b"-----END PGP MESSAGE-----") + 25]
        told = self.homes[address].run("--status-fd", "1", "--output", "/dev/null", "--yes", "--decrypt", input=armour)
        assert b"GOODSIG" in told
        inside = email.message_from_bytes(self.homes[address].run("--decrypt", input=armour))
        parts = [part for part in inside.walk() if part.get_content_maintype() == "text"]
        return "\n".join((part.get_payload(decode=True) or b"").decode() for part in parts)  # type: ignore[union-attr]

    def answers(self, address: str, body: str, name: str, *, sender: str = "") -> None:
        """Let a vendor answer the first mail that it got, to us alone."""
        first = str(email.message_from_bytes(self.mails(address)[0])["Message-ID"]).strip("<>")
        mail = letter(
            "Re: ...", body, message_id=name, sender=sender or f"{NAMES[address]} <{address}>", to=TEAM,
            date=self.stage.now(), reply_to=[first],
        )  # fmt: skip
        self.stage.room.deliver(mail)
        self.stage.room.new()


async def form(hand: Hand, **answers: str) -> None:
    await hand.at("FormScreen")
    for name, value in answers.items():
        field = next(each for each in hand.fields.fields if each.name == name)
        await (hand.choose if field.kind == "choice" else hand.type_in)(name, value)
    await hand.press("ctrl+s")
    await hand.at("PartiesScreen")
    await done(hand)


async def done(hand: Hand) -> None:
    """Wait until what was asked is recorded: the same key would open nothing before."""
    await hand.until(lambda: not any(one.is_running for one in hand.app.workers if one.group == "flow"), "recorded")


async def invite(hand: Hand, address: str, name: str) -> None:
    await hand.press("i")
    await form(hand, party=address, name=name)
    await hand.sees(name)


async def go_to(hand: Hand, stage: Stage, address: str) -> None:
    """Move the cursor to a party."""
    at = [one.address for one in stage.case().work.parties].index(address)
    await hand.press("home", *["j"] * at)
    await hand.sees(f"<{address}>")


async def send(hand: Hand, words: str, because: str = "a party that may be told") -> None:
    """Fill the blank, and send what the sheet shows."""
    await hand.at("Compose")

    def text() -> str:
        return str(hand.app.screen.query_one("LetterText").text)  # type: ignore[attr-defined]

    while blanks := text().count("<<"):
        await hand.press("ctrl+n")
        await hand.until(lambda: hand.app.screen.query_one("LetterText").selected_text.startswith("<<"), "on a blank")  # type: ignore[attr-defined]
        await hand.write(words)
        await hand.until(lambda blanks=blanks: text().count("<<") == blanks - 1 and words in text(), "it is filled")  # type: ignore[misc]
    await hand.press("ctrl+s")
    await hand.at("SheetScreen")
    await hand.sees("ready: S sends it", because)
    await hand.press("S")
