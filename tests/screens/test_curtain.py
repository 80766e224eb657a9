"""The curtain: a console that nobody touches shows nothing; the key that opens it does nothing else."""

from time import monotonic

import pytest

from seccon.app import Console
from seccon.screens.curtain import Curtain
from seccon.screens.queue import Queue
from tests.screens.office_stub import OfficeStub, Untended, office
from tests.screens.test_queue import screen_text, settle


def console(given: OfficeStub, hide_after: float) -> Console:
    return Untended(given, hide_after=hide_after)  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["Q", "j", "tab", "space", "escape", "ctrl+s", "question_mark", "click"])
async def test_a_screen_that_nobody_touches_is_covered_and_any_key_shows_it_again(key: str) -> None:
    app = console(office(3), 0.4)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: isinstance(app.screen, Curtain))
        await pilot.pause()
        text = screen_text(app)
        assert "Any key shows it again" in text
        assert "sdhci" not in text
        assert "virtio" not in text
        await (pilot.click(offset=(5, 5)) if key == "click" else pilot.press(key))
        await settle(pilot, lambda: isinstance(app.screen, Queue))
        assert app.is_running, "the key that opens the curtain is no command"
        assert "sdhci" in screen_text(app)


async def test_only_one_curtain_falls_and_keys_put_it_off() -> None:
    app = console(office(3), 0.5)
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(8):
            await pilot.pause(0.1)
            await pilot.press("j")
        assert isinstance(app.screen, Queue)
        await pilot.pause(1.4)
        assert len(app.screen_stack) == 2


async def test_it_falls_as_long_after_the_last_key_as_was_said() -> None:
    app = console(office(3), 1.5)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.1)
        await pilot.press("j")
        began = monotonic()
        await settle(pilot, lambda: isinstance(app.screen, Curtain))
        assert 1.1 < monotonic() - began < 2.2


async def test_without_a_wish_it_never_falls() -> None:
    app = console(office(3), 0)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.3)
        assert isinstance(app.screen, Queue)
