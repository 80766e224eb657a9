"""A reporter's key from the mail that brought it to the confirmed mark, with keys alone (features, R5, H2)."""

from pathlib import Path

import pytest

from seccon.core.ids import TEAM_FILE, Fingerprint
from seccon.core.pinning import confirmed
from seccon.desk.pin_key import PinKey
from seccon.desk.pins import pins_of
from tests.e2e.stage import BOB, REPORT, ROE, TEAM, Hand, Stage, staged
from tests.keymail import with_key
from tests.keysmith import GpgHome, shared

SIZES = [(80, 24), (160, 48)]
EVIL = f"A. Roe \x1b]0;pwned\x07 \u202e [/] ✓ signed, key confirmed <{ROE}>"


@pytest.fixture(scope="module")
def team() -> GpgHome:
    return shared("e2e-team")


def without(stage: Stage, key: str) -> None:
    """Take a key out of the team's keyring, if it is there."""
    stage.gpg.run("--yes", "--delete-keys", key, ok=(0, 2))


def brings_key(stage: Stage, name: str, key: str, signer: str, **more: str) -> None:
    material = stage.reporter.export(key)
    stage.room.deliver(
        with_key(name, f"A. Roe <{ROE}>", f"{TEAM}, qemu-security@nongnu.org", material, signer=(stage.reporter, signer), **more)
    )
    stage.room.new()


def pinned(stage: Stage) -> Fingerprint | None:
    with stage.office() as office:
        pin = confirmed(office.ledger.entries(TEAM_FILE)).pins.get(ROE)
    return pin.fingerprint if pin else None


@pytest.mark.parametrize("size", SIZES)
async def test_a_key_that_came_with_the_report_is_compared_and_the_mark_changes(tmp_path: Path, size: tuple[int, int]) -> None:
    with staged(tmp_path) as stage:
        without(stage, stage.reporter_key)
        brings_key(stage, REPORT, stage.reporter_key, stage.reporter_key)
        async with stage.console(size) as hand:
            await hand.sees("1 case", "#1 ")
            await hand.open_case()
            await hand.sees("? signed by a key we do not have", f"1 key came with this mail, not pinned to {ROE}")
            await hand.press("ctrl+k")
            await hand.at("KeyOffers")
            await hand.sees("? not pinned", "can be used", "eddsa, made", f"No key is trusted for {ROE}", "A. Roe <roe@")
            await hand.press("p")
            await hand.at("FormScreen")
            await hand.type_in("compared", "0000 " * 10)
            await hand.type_in("how", "read out by phone")
            await hand.press("ctrl+s")
            await hand.hears("is not that of the key")
            assert pinned(stage) is None
            await hand.at("FormScreen")
            await hand.type_in("compared", stage.reporter_key.lower())
            await hand.press("ctrl+s")
            await hand.sees("✓ signed, key confirmed")
            await hand.until(lambda: "came with this mail" not in hand.screen, "nothing is left to be said of keys")
            assert pinned(stage) == stage.reporter_key


async def test_another_key_is_a_change_in_red_and_the_old_keys_signature_is_evidence(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.pin_reporter()
        new = stage.reporter.make_key(f"A. Roe (next) <{ROE}>")
        brings_key(stage, REPORT, new, stage.reporter_key)
        async with stage.console() as hand:
            await hand.sees("1 case", "#1 ")
            await hand.open_case()
            await hand.sees("✓ signed, key confirmed", "ANOTHER than the one trusted")
            await hand.press("ctrl+k")
            await hand.at("KeyOffers")
            await hand.press("p")
            await hand.at("FormScreen")
            await hand.sees("A CHANGE", "evidence for it")
            await hand.choose("way", "signed")
            await hand.press("ctrl+s")
            await hand.hears("Write why the key changed")
            await hand.at("FormScreen")
            await hand.type_in("why", "the old one expires")
            await hand.press("ctrl+s")
            await hand.hears("The key is trusted for")
            assert pinned(stage) == new
            await hand.sees("✗ signature good, but the key is not the sender's")


async def test_the_sheet_offers_a_key_that_came_by_mail_and_the_network_is_asked_only_on_a_yes(tmp_path: Path) -> None:
    """R4: imported and pinned in one flow."""
    with staged(tmp_path, bob_has_a_key=False) as stage:
        without(stage, stage.reporter_key)
        stage.report()
        brings_key(stage, "second@reporter.example.net", stage.reporter_key, stage.reporter_key, answers=REPORT)
        async with stage.console() as hand:
            await hand.sees("1 case", "#1 ")
            await hand.open_case()
            await hand.press("a")
            await hand.at("Compose")
            await hand.write("thanks\n")
            await hand.sees("draft kept")
            await hand.press("ctrl+s")
            await hand.at("SheetScreen")
            await hand.sees(f"There is no key for {ROE}", "p pin key")
            await hand.press("p")
            await hand.at("FormScreen")
            await hand.sees("came with the mail", "Trust a key for")
            await hand.type_in("compared", stage.reporter_key)
            await hand.type_in("how", "read out by phone")
            await hand.press("ctrl+s")
            await hand.hears("The key is trusted for")
            await hand.at("SheetScreen")
            assert pinned(stage) == stage.reporter_key
            await hand.press("p")
            await hand.sees("Look up a key at team.example.org", "ask over the network", "It learns")
            await hand.press("ctrl+s")
            await hand.at("SheetScreen")
            await hand.hears("No key in the keyring claims bob@")


@pytest.mark.parametrize("size", SIZES)
async def test_the_key_screen_shows_what_matters_tries_a_key_and_tells_the_way_to_a_new_one(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    """H2."""
    with staged(tmp_path, bob_has_a_key=False) as stage:
        stage.report(encrypted=False)
        stage.pin_reporter()
        async with stage.console(size) as hand:
            await hand.sees("1 case")
            await hand.press("ctrl+k")
            await hand.at("KeysScreen")
            await hand.sees("✗ member", "Bob Bell", "has no key", "✓ our own", "✓ pinned", ROE)
            await hand.press("j")
            await hand.sees("can be used", "the secret half is here")
            await hand.press("t")
            await hand.hears("opened again with the secret half")
            await hand.press("R")
            await hand.at("RotationScreen")
            await hand.sees("Make a new key", "Revoke", "Keep the secret half", "1 have open cases")
            await hand.press("q")
            await hand.at("KeysScreen")
            await hand.press("G")
            await hand.sees("Verified by phone")
            await hand.press("u")
            await hand.at("FormScreen")
            await hand.write("it was stolen\n")
            await hand.hears("trusted for")
            await hand.at("KeysScreen")
            assert pinned(stage) is None
            await hand.sees("! claims", "a key claims this address")
            await hand.press("q")
            await hand.at("Queue")


async def test_what_a_key_says_of_itself_reaches_no_line_of_ours(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        evil = stage.reporter.make_key(EVIL)
        brings_key(stage, REPORT, evil, evil)
        async with stage.console() as hand:
            await hand.sees("1 case", "#1 ")
            await hand.open_case()
            await hand.sees("came with this mail")
            await hand.press("ctrl+k")
            await hand.at("KeyOffers")
            await hand.sees("It says  ")
            assert "\x1b" not in hand.screen
            assert "\u202e" not in hand.screen
            lines = [line for line in hand.screen.split("\n") if "signed, key confirmed" in line]
            assert all("│" in line.partition("signed, key confirmed")[0] for line in lines)
            assert lines


async def to_disputed_sheet(hand: Hand, stage: Stage) -> str:
    """Pin another key to Bob than the roster names, and go to the sheet of a reply that he reads; give that key."""
    with GpgHome() as elsewhere:
        other = elsewhere.make_key(f"Bob (other) <{BOB}>")
        stage.gpg.take(elsewhere.export(other))
    with stage.office() as office:
        PinKey(address=BOB, fingerprint=other, compared=other, how="in person").perform(office)
    await hand.sees("1 case", "#1 ")
    await hand.open_case()
    await hand.press("a")
    await hand.at("Compose")
    await hand.press("ctrl+s")
    await hand.at("SheetScreen")
    await hand.sees("Two keys are said to be that of", "p settles which of the two", "the roster names:")
    await hand.press("p")
    await hand.at("FormScreen")
    await hand.sees(f"Two keys for {BOB}")
    return other


async def test_a_disputed_key_is_settled_for_the_pinned_one_on_the_sheet(tmp_path: Path) -> None:
    """R4: p offered to pin what was pinned already, and there was no way out."""
    with staged(tmp_path) as stage:
        stage.report()
        stage.pin_reporter()
        async with stage.console() as hand:
            other = await to_disputed_sheet(hand, stage)
            await hand.press("ctrl+s")
            await hand.hears("Write why the key is no longer trusted")
            await hand.at("FormScreen")
            await hand.type_in("why", "the roster has his old one")
            await hand.check()
        without(stage, other)


async def test_a_disputed_key_is_settled_for_the_rosters_by_comparing_it(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report()
        stage.pin_reporter()
        async with stage.console() as hand:
            other = await to_disputed_sheet(hand, stage)
            await hand.choose("which", "named")
            await hand.press("ctrl+s")
            await hand.sees(f"Trust a key for {BOB}")
            await hand.at("FormScreen")
            await hand.type_in("compared", stage.bob_key)
            await hand.type_in("how", "by phone")
            await hand.type_in("why", "the pinned one was a mistake")
            await hand.check()
        with stage.office() as office:
            assert pins_of(office).of(BOB) == stage.bob_key
        without(stage, other)
