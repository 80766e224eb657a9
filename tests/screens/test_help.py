"""Help and the key line are made of the bindings; nobody has to remember to write a key down."""

import pytest
from rich.cells import cell_len
from textual.binding import Binding

from seccon.app import Console
from seccon.screens.calendar import Calendar
from seccon.screens.help import Help
from seccon.screens.queue import Queue
from seccon.screens.source import Source
from seccon.widgets.agenda import Agenda
from seccon.widgets.board_list import BoardList
from seccon.widgets.filter_line import FilterInput
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_list import LineList
from seccon.widgets.line_view import LineView
from seccon.widgets.month_grid import MonthGrid
from tests.screens.office_stub import office
from tests.screens.test_queue import console, screen_text, settle

DECLARING = (Console, Queue, Calendar, Help, LineList, BoardList, LineView, MonthGrid, Agenda, FilterInput)


@pytest.mark.parametrize("kind", DECLARING, ids=lambda kind: kind.__name__)
def test_every_binding_has_an_id_and_says_what_it_does(kind: type) -> None:
    """U2: keys can be changed by id."""
    for binding in kind.BINDINGS:  # type: ignore[attr-defined]
        assert isinstance(binding, Binding)
        assert binding.id, binding
        assert binding.tooltip, binding


def test_no_id_is_used_twice() -> None:
    own = {kind: [each.id for each in vars(kind).get("BINDINGS", ())] for kind in DECLARING}
    every = [each for ids in own.values() for each in ids]
    assert len(every) == len(set(every))


async def test_help_shows_the_keys_of_the_screen_it_was_called_on() -> None:
    app = console(office(3))
    async with app.run_test(size=(100, 90)) as pilot:
        await pilot.press("question_mark")
        await settle(pilot, lambda: isinstance(app.screen, Help))
        await pilot.pause()
        text = app.screen.query_one(LineView).said
        assert "next line" in screen_text(app) or "show only" in screen_text(app)
        for words in ("show only what has these words", "next line", "go to the calendar", "mark the case", "not confirmed"):
            assert words in text
        await pilot.press("q")
        await settle(pilot, lambda: isinstance(app.screen, Queue))


@pytest.mark.parametrize("width", [40, 60, 80, 160])
async def test_the_key_line_fits_and_help_is_always_on_it(width: int) -> None:
    app = console(office(3))
    async with app.run_test(size=(width, 24)) as pilot:
        await pilot.pause()
        said = app.screen.query_one(KeyLine).said
        assert len(said.rstrip()) <= width
        assert "? help" in said
        assert said.index("enter open") < said.index("? help")


async def test_the_palette_offers_what_the_keys_do() -> None:
    app = console(office(3))
    async with app.run_test(size=(80, 24)):
        titles = {command.title for command in app.get_system_commands(app.screen)}
        assert {"filter", "order", "open", "Calendar", "quit"} <= titles


async def test_help_is_one_key_away_on_what_stands_before_a_place_too() -> None:
    app = console(office(3))
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(Source("Source of a@b", "From: somebody"))
        await settle(pilot, lambda: isinstance(app.screen, Source))
        await pilot.pause()
        assert "? help" in app.screen.query_one(KeyLine).said
        await pilot.press("question_mark")
        await settle(pilot, lambda: isinstance(app.screen, Help))
        assert "back to the mail" in app.screen.query_one(LineView).said
        await pilot.press("q", "left")
        await settle(pilot, lambda: isinstance(app.screen, Queue))


async def test_no_word_of_help_is_cut_at_the_edge() -> None:
    """What was wrapped for the box with its padding lost its last letter in it."""
    app = console(office(3))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark")
        await settle(pilot, lambda: isinstance(app.screen, Help))
        await pilot.pause()
        view = app.screen.query_one(LineView)
        await pilot.press("end")
        await pilot.pause()
        drawn, rows = screen_text(app), view.said.split("\n")
        assert [row for row in rows[-view.size.height :] if row.rstrip() not in drawn] == []
        assert max(cell_len(row) for row in rows) + 1 <= view.size.width
