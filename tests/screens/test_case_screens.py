"""The screens of one case with hostile text in every field, at both sizes; their keys; what they say when something is gone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from rich.cells import cell_len

from seccon.core.errors import ConflictError
from seccon.core.ids import MessageId
from seccon.core.journal.cases import MailConflict, NoteAdded
from seccon.core.journal.embargoes import EmbargoAgreed, EmbargoProposed, EmbargoSet
from seccon.core.post import OutItem, OutState
from seccon.core.report import Correspondent, Part, Warned
from seccon.screens.flows.frame import changes
from seccon.screens.request import CaseChosen
from tests.e2e.stage import Hand
from tests.outgoing import ROE, Scene, arrival, made_mail
from tests.screens.office_stub import Untended
from tests.story import tell
from tests.widgets.hostile import ALL, FORBIDDEN, HOSTILE

SIZES = [(80, 24), (160, 48)]
EVIL = Correspondent(ALL.encode("utf-8", "ignore").decode(), "evil@reporter.example.net")
TEXT = EVIL.name


@asynccontextmanager
async def at_case(scene: Scene, case: int, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Hand]:
    """Open the console on one case."""
    app = Untended(scene.office)
    async with app.run_test(size=size) as pilot:
        hand = Hand(app, pilot)
        app.post_message(CaseChosen(case))
        await hand.at("CaseScreen")
        await hand.until(lambda: "▶" in hand.screen or "nothing is owed" in hand.screen, "the case")
        yield hand


def clean(hand: Hand) -> None:
    """What is drawn keeps to the terminal, and bears no character that it would obey."""
    lines = hand.screen.split("\n")
    width, height = hand.app.size
    assert len(lines) == height
    assert {cell_len(line) for line in lines} == {width}, hand.place
    assert not set(hand.screen.replace("\n", "")) & FORBIDDEN, hand.place
    assert lines[-1].strip(), f"{hand.place} tells its keys"
    for widget in hand.app.screen.query("*"):  # what is laid out beyond the edge is text that nobody sees
        assert not widget.region or widget.region.right <= width, f"{widget} reaches beyond the screen of {hand.place}"


def hostile_case(scene: Scene) -> int:
    """Let hostile text stand in every field that a stranger or a colleague can fill."""
    case = scene.report(EVIL, encrypted=True, subject=TEXT)
    path, mail = next(iter(scene.reader.mails.items()))
    parts = tuple(
        Part(str(at), "text/plain", text, text, encrypted=at % 2 == 0, text=text, inline=at != 2)
        for at, text in enumerate(HOSTILE, 1)
    )
    scene.reader.mails[path] = msgspec.structs.replace(
        mail, parts=parts, subject=ALL, warnings=(Warned("odd", ALL),), locked=ALL,
        heading=msgspec.structs.replace(mail.heading, subject=ALL),
    )  # fmt: skip
    until = scene.now.replace(day=28)
    scene.add(
        case,
        NoteAdded(text=TEXT),
        MailConflict(mail=mail.heading.message_id, digests=(TEXT,)),
        EmbargoProposed(proposal="p1", party=TEXT, until=until, zone="Europe/Berlin", typed=TEXT, why=TEXT),
        EmbargoAgreed(proposal="p1", party=TEXT, why=TEXT),
        EmbargoSet(proposal="p1", until=until, change="initial", zone="UTC", why=TEXT, overrides=(TEXT,)),
        EmbargoProposed(proposal="p2", party=TEXT, until=until.replace(day=29), zone="Europe/Berlin", typed=TEXT, why=TEXT),
    )
    return case


async def through_the_fields(hand: Hand) -> None:
    """Stand on every field of a form, and turn every choice."""
    for _ in range(len(hand.fields.fields)):
        await hand.press("right", "j")
        await hand.pilot.pause()
        clean(hand)


@pytest.mark.parametrize("size", SIZES)
async def test_no_screen_of_a_case_lets_hostile_text_through(tmp_path: Path, size: tuple[int, int]) -> None:
    """I11, R7: case, card, source, history, embargo."""
    scene = Scene(tmp_path)
    async with at_case(scene, hostile_case(scene), size) as hand:
        await hand.sees("gpj.exe")
        clean(hand)
        for key, place in (
            ("i", "CaseScreen"),
            ("i", "CaseScreen"),
            ("h", "History"),
            ("q", "CaseScreen"),
            ("O", "Source"),
            ("q", "CaseScreen"),
        ):
            await hand.press(key)
            await hand.at(place)
            await hand.pilot.pause()
            clean(hand)
        await hand.press("e")
        await hand.at("EmbargoScreen")
        await hand.sees("On the table")
        await hand.press("end")
        clean(hand)
    scene.close()


async def leave(hand: Hand) -> None:
    """Leave a form; what stands on it is given up only when the person says so twice."""
    await hand.press("escape")
    if hand.place == "FormScreen":
        await hand.hears("would be lost")
        await hand.press("escape")


@pytest.mark.parametrize("size", SIZES)
async def test_no_form_of_a_case_lets_hostile_text_through(tmp_path: Path, size: tuple[int, int]) -> None:
    """Every form, every field, every choice."""
    scene = Scene(tmp_path)
    async with at_case(scene, hostile_case(scene), size) as hand:
        for key in ("s", "x", "r", "n", "p", "A"):
            await hand.press(key)
            await hand.at("FormScreen")
            await through_the_fields(hand)
            await leave(hand)
            await hand.at("CaseScreen")
        await hand.press("e")
        await hand.at("EmbargoScreen")
        await hand.sees("On the table")
        for key in ("p", "a", "x", "f", "E"):
            await hand.press(key)
            await hand.at("FormScreen")
            await through_the_fields(hand)
            await leave(hand)
            await hand.at("EmbargoScreen")
    scene.close()


@pytest.mark.parametrize("size", SIZES)
async def test_writing_and_the_sheet_let_no_hostile_text_through(tmp_path: Path, size: tuple[int, int]) -> None:
    """R1, R4: text, head, sheet; quoted text is a stranger's."""
    scene = Scene(tmp_path)
    case = hostile_case(scene)
    async with at_case(scene, case, size) as hand:
        await hand.press("a")
        await hand.at("Compose")
        await hand.sees("gpj.exe")
        clean(hand)
        await hand.press("ctrl+e")
        await hand.at("FormScreen")
        clean(hand)
        await hand.press("escape")
        await hand.at("Compose")
        await hand.press("ctrl+s")
        await hand.at("SheetScreen")
        clean(hand)
        await hand.press("end")
        await hand.pilot.pause()
        clean(hand)
    scene.close()


@pytest.mark.parametrize("size", SIZES)
async def test_the_outbox_lets_no_hostile_text_through(tmp_path: Path, size: tuple[int, int]) -> None:
    """R8: states, problems that servers tell, addresses."""
    scene = Scene(tmp_path)
    case = hostile_case(scene)
    states = [state for state in OutState if state is not OutState.SENDING]
    for state in states:
        item = OutItem(
            str(state), case, MessageId(f"{state}@x"), TEXT, (TEXT,), b"", OutState.WAITING, scene.now, TEXT, label=TEXT
        )
        with scene.office.ledger.writing("alice", scene.now) as book:
            book.put_item(item)
        if state is not OutState.WAITING:
            scene.office.ledger.take_item(item.id, scene.now)
            with scene.office.ledger.writing("alice", scene.now) as book:
                book.put_item(msgspec.structs.replace(item, state=state, problem=TEXT, retry=scene.now, tries=1))
    async with at_case(scene, case, size) as hand:
        await hand.press("3")
        await hand.at("Outbox")
        await hand.sees("perhaps sent", "failed")
        for _ in states:
            clean(hand)
            await hand.press("j")
            await hand.pilot.pause()
    scene.close()


async def test_what_is_told_in_passing_is_never_markup(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    async with at_case(scene, scene.report()) as hand:
        for text in HOSTILE:
            hand.app.say(text, wrong=True)
        await hand.until(lambda: len(hand.app._notifications) == len(HOSTILE), "all are told")
        await hand.pilot.pause(0.1)
        clean(hand)
        await hand.press("j")
        assert hand.place == "CaseScreen"
    scene.close()


@pytest.mark.parametrize(
    ("key", "place", "keys"),
    [
        ("j", "CaseScreen", ("enter open", "a acknowledge", "s assess", "e embargo", "r reply", "? help")),
        ("h", "History", ("q back",)),
        ("O", "Source", ("q back",)),
        ("e", "EmbargoScreen", ("p propose", "q back", "? help")),
        ("s", "FormScreen", ("^s record", "q back")),
        ("n", "FormScreen", ("^s record", "esc back")),
        ("a", "Compose", ("^s check and send", "^e recipients", "esc leave")),
    ],
)
async def test_the_key_line_tells_what_can_be_done_here(tmp_path: Path, key: str, place: str, keys: tuple[str, ...]) -> None:
    """U2: at 80 by 24 the most wanted verbs stand on the last line."""
    scene = Scene(tmp_path)
    async with at_case(scene, scene.report()) as hand:
        await hand.press(key)
        await hand.at(place)
        await hand.until(lambda: all(one in hand.screen.split("\n")[-1] for one in keys), f"keys: {keys}")
    scene.close()


async def test_the_end_of_the_card_is_within_reach_at_80_by_24(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    scene.add(case, *(NoteAdded(text=f"note {number}") for number in range(30)))
    async with at_case(scene, case) as hand:
        await hand.press("i")
        await hand.sees("nobody has taken it")
        await hand.press("end")
        await hand.sees("Whom to acknowledge")
        await hand.press("q")
        await hand.sees("Subject")
        await hand.press("q")
        await hand.at("Queue")
    scene.close()


async def test_a_mail_whose_file_vanished_is_said_once_and_shows_no_other_mail(tmp_path: Path) -> None:
    """I11: the rest of the case is there, and the console goes on."""
    scene = Scene(tmp_path)
    case = scene.report()
    second = made_mail(
        MessageId("second@x"), ROE, text="the second mail", references=(MessageId("report1@reporter.example.net"),)
    )
    scene.keep(second)
    scene.add(case, arrival(second, MessageId("report1@reporter.example.net"), ROE), by="seccon")
    scene.store._records.clear()
    scene.reader.mails.clear()
    async with at_case(scene, case) as hand:
        await hand.hears("The file of this mail has gone from the store.")
        assert "the second mail" not in hand.screen
        await hand.press("k")
        await hand.press("s")
        await hand.at("FormScreen")
    scene.close()


def test_a_conflict_says_who_did_what() -> None:
    error = ConflictError("Somebody else changed it.", tuple(tell(("2026-02-20", NoteAdded(text="x")), by="bob")))
    assert changes(error, {"bob": "Bob Bell"}.get) == "Meanwhile Bob Bell noted x."  # type: ignore[arg-type]
    assert changes(ConflictError("It is gone."), str) == ""
