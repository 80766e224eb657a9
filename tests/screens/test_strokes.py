"""Keys that are faster than the console: kept in order, acted upon once there is what they are meant for."""

from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from seccon.desk.hand_over import HandOver
from seccon.desk.office import Office
from seccon.desk.pin_key import PinKey
from seccon.desk.request import Request
from seccon.screens.form_screen import FormScreen, Values
from seccon.screens.request import CaseChosen
from seccon.widgets.form import Field
from tests.e2e.stage import Hand
from tests.outgoing import ROE, Scene
from tests.screens.office_stub import Untended, office, row


class Held(ThreadPoolExecutor):
    """A desk that does nothing until it is let."""

    def __init__(self) -> None:
        super().__init__(1)
        self.open = Event()
        self.open.set()
        self.begun: list[object] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        def when_let() -> Any:
            self.open.wait(20)
            return fn(*args, **more)

        self.begun.append(fn)
        return super().submit(when_let)

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Let nothing be done meanwhile."""
        self.open.clear()
        try:
            yield
        finally:
            self.open.set()


class Waits(Request, frozen=True, kw_only=True):
    """Does nothing, when it is its turn."""

    def perform(self, office: Office) -> None:
        """Do nothing."""


@asynccontextmanager
async def slow_console(given: Any) -> AsyncIterator[tuple[Hand, Held]]:
    """Open the console before a desk that can be held."""
    app = Untended(given)
    app.desk.shutdown(wait=True)
    app.desk = held = Held()
    async with app.run_test(size=(80, 24)) as pilot:
        try:
            yield Hand(app, pilot), held
        finally:
            held.open.set()


@pytest.fixture
def scene(tmp_path: Path) -> Any:
    made = Scene(tmp_path)
    yield made
    made.close()


async def test_keys_pressed_before_a_case_is_read_act_upon_it_in_order(scene: Scene) -> None:
    case = scene.report()
    async with slow_console(scene.office) as (hand, desk):
        async with desk.held():
            hand.app.post_message(CaseChosen(case))
            await hand.until(lambda: hand.place == "CaseScreen", "the screen of the case")
            await hand.press("h", "end", "q", "n")
            await hand.write("as typed")
            await hand.pilot.pause(0.1)
            assert hand.place == "CaseScreen", "nothing is done with what is not there"
        await hand.at("FormScreen")
        await hand.until(lambda: hand.typing and hand.typed == "as typed", "what was typed ahead")


async def test_keys_pressed_before_a_form_is_there_are_the_forms(scene: Scene) -> None:
    """They are verbs of the case beneath: `x` would close it, `c` accept it."""
    case = scene.report()
    async with slow_console(scene.office) as (hand, desk):
        hand.app.post_message(CaseChosen(case))
        await hand.sees("▶")
        async with desk.held():
            await hand.press("n", *"xcab", "enter")
        await hand.hears("Noted.")
        bodies = [entry.body for entry in scene.office.ledger.entries(case)]
        assert [getattr(body, "text", None) for body in bodies][-1] == "xcab"
        assert hand.place == "CaseScreen"


async def test_what_was_typed_for_a_form_that_is_refused_is_told_and_done_to_nothing(scene: Scene) -> None:
    case = scene.report()
    async with slow_console(scene.office) as (hand, desk):
        hand.app.post_message(CaseChosen(case))
        await hand.sees("▶")
        before = scene.office.ledger.entries(case)
        async with desk.held():
            await hand.press("d", "c", "o", "x")  # no date is in force that could be told
        await hand.hears("No embargo date is in force.")
        assert "What was typed meanwhile was not taken." in hand.said
        await hand.pilot.pause()
        assert hand.place == "CaseScreen"
        assert scene.office.ledger.entries(case) == before


async def test_a_key_pressed_again_before_anything_was_seen_is_one_wish(scene: Scene) -> None:
    """`o` takes a case, and again gives it back."""
    case = scene.report()
    async with slow_console(scene.office) as (hand, desk):
        hand.app.post_message(CaseChosen(case))
        await hand.sees("▶")
        async with desk.held():
            await hand.press("o", "o", "o")
        await hand.hears("The case is yours.")
        await hand.pilot.pause(0.1)
        assert "Nobody answers" not in hand.said


async def test_where_it_takes_long_the_person_is_told_and_escape_gets_them_out(scene: Scene) -> None:
    case = scene.report()
    async with slow_console(scene.office) as (hand, desk), desk.held():
        hand.app.post_message(CaseChosen(case))
        await hand.until(lambda: hand.place == "CaseScreen", "the screen of the case")
        await hand.press("x")
        await hand.hears("Still at work.")
        await hand.press("escape", "q")
        await hand.until(lambda: hand.place == "Queue", "back in the queue: x was forgotten")
        await hand.press("question_mark")
        await hand.at("Help")


async def test_nobody_waits_for_a_mail_server(scene: Scene) -> None:
    """While a mail is handed over the person goes on."""
    async with slow_console(scene.office) as (hand, desk):
        hand.app.errands = desk
        async with desk.held():
            hand.app.conduct(partial(hand.app.ask, HandOver(items=("on its way",))), "sending")
            await hand.press("question_mark")
            await hand.at("Help")


async def test_what_is_done_with_a_row_waits_for_the_list_that_was_filtered() -> None:
    """The row under the cursor is of the list before: `enter` would open, `X` refuse, another case."""
    given = office(0)
    given.ledger.held = [row(1, subject="first"), row(2, subject="second"), row(3, subject="wanted")]
    async with slow_console(given) as (hand, desk):
        async with desk.held():
            await hand.press("slash")
            await hand.write("wanted")
            await hand.press("enter", "enter")
            await hand.pilot.pause(0.1)
        await hand.until(lambda: hand.place == "CaseScreen", "the case that was wanted")
        assert hand.app.screen.case == 3  # type: ignore[attr-defined]


async def test_a_send_pressed_before_the_sheet_was_there_sends_nothing(scene: Scene) -> None:
    """R4: who did not see the sheet has approved nothing, however long gpg took to make it."""
    key = scene.reporter_key()
    PinKey(address=ROE.address, fingerprint=key, compared=key, how="read out by phone").perform(scene.office)
    case = scene.report(encrypted=True)
    async with slow_console(scene.office) as (hand, desk):
        hand.app.errands = desk
        hand.app.post_message(CaseChosen(case))
        await hand.sees("▶")
        await hand.press("a")
        await hand.at("Compose")
        async with desk.held():
            await hand.press("ctrl+s", "S")
            await hand.pilot.pause(0.1)
        await hand.at("SheetScreen")
        await hand.hears("Look at it first")
        await hand.sees("ready: S sends it")
        assert "reply-queued" not in scene.kinds(case)
        await hand.press("S")
        await hand.until(lambda: "reply-queued" in scene.kinds(case), "approved by who saw it")


async def test_a_form_is_not_recorded_by_the_key_that_was_pressed_twice_for_the_one_before(scene: Scene) -> None:
    """Each `.` leads to a form with an answer in it already."""
    async with slow_console(scene.office) as (hand, desk):
        made: list[Values | None] = []

        async def flow() -> None:
            for title in ("first", "second"):
                made.append(await hand.app.wait_for(FormScreen(title, [Field("why", "why", value="because")])))
                await hand.app.ask(Waits())

        hand.app.conduct(flow, "two forms")
        await hand.at("FormScreen")
        async with desk.held():
            await hand.press("ctrl+s", "ctrl+s")
            await hand.pilot.pause(0.1)
        await hand.hears("Look at it first")
        await hand.sees("second")
        assert made == [{"why": "because"}]
        await hand.press("ctrl+s")
        await hand.until(lambda: len(made) == 2, "recorded by who saw it")


async def test_a_case_that_cannot_be_read_is_left_by_the_key_that_was_pressed_first() -> None:
    """`Q` pressed while it was being read leaves the console; what else was meant for the case is forgotten."""
    given = office(1)  # its ledger holds rows, and no entries that a case could be read from
    async with slow_console(given) as (hand, desk):
        async with desk.held():
            hand.app.post_message(CaseChosen(1))
            await hand.until(lambda: hand.place == "CaseScreen", "the screen of the case")
            await hand.press("q", "x", "c")
            await hand.pilot.pause(0.05)
        await hand.until(lambda: hand.place == "Queue", "left")
        assert "What was typed meanwhile was not taken." in hand.said
