"""The team's key is on a smartcard: the console names it, asks for its PIN, and gives it only what was typed for it (R9)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from seccon.adapters.secrets import KeyringSecrets
from tests.cardsmith import PIN, SHOWN, CardHome
from tests.e2e.stage import TEAM, Stage, staged


class Ring(KeyringSecrets):
    """A keyring that has the passphrase of another key, and notes what it is given to keep."""

    def __init__(self) -> None:
        super().__init__()
        self.remember("gpg:passphrase", "of another key")
        self.kept: list[str] = []

    def keep(self, name: str, password: str) -> None:
        self.kept.append(password)


@contextmanager
def with_card(home: Path) -> Iterator[tuple[Stage, CardHome]]:
    with staged(home) as stage, CardHome(f"Security Team <{TEAM}>") as card:
        for key in (stage.alice_key, stage.bob_key, stage.reporter_key):
            card.take(stage.gpg.export(key))
        stage.reporter.take(card.export(card.key))
        stage.gpg, stage.team_key = card, card.key
        stage.configure(stage.box.port)
        yield stage, card


async def test_a_card_is_named_asked_for_and_never_given_a_kept_passphrase(tmp_path: Path) -> None:
    """Three wrong PINs block a card: what a keyring keeps is no PIN, and a PIN is not kept."""
    ring = Ring()
    with with_card(tmp_path) as (stage, card):
        stage.report()
        stage.pin_reporter()
        async with stage.console(passphrases=ring) as hand:
            await hand.sees("#1 ")
            await hand.open_case()
            await hand.sees("is on the card", SHOWN)
            await hand.press("u")
            await hand.at("FormScreen")
            await hand.sees("its PIN", f"card {SHOWN}")
            assert card.tries == 3
            await hand.write("999999\n")
            await hand.hears(f"The PIN of the card {SHOWN} is wrong")
            assert card.tries == 2
            await hand.until(lambda: hand.typing and not hand.typed, "asked again")
            await hand.write(f"{PIN}\n")
            await hand.sees("quokkaberry")
        assert (card.tries, ring.kept) == (2, [])


async def test_a_reply_is_signed_by_the_card_when_the_agent_asks_for_its_pin(tmp_path: Path) -> None:
    with with_card(tmp_path) as (stage, card):
        stage.report(encrypted=False)
        stage.pin_reporter()
        async with stage.console(passphrases=Ring()) as hand:
            await hand.acknowledge()
            await hand.check()
            card.card(serial="")
            await hand.press("S")
            await hand.sees("its PIN", f"card {SHOWN}")
            await hand.choose("way", "agent")
            await hand.press("ctrl+s")
            await hand.sees("cancelled", "its PIN", f"card {SHOWN}")
            assert stage.box.taken == []
            card.card()
            await hand.choose("way", "agent")
            await hand.press("ctrl+s")
            await hand.hears("Sent.")
        assert len(stage.box.taken) == 1
        assert card.tries == 3
