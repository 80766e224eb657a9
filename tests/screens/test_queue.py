"""The queue on its own: keys, filter, card, what it asks and how little it paints."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import Any

import msgspec
import pytest
from textual.pilot import Pilot

from seccon.app import Console
from seccon.core.board import BoardQuery
from seccon.core.errors import LedgerError, RefusedError
from seccon.core.query import read_filter, write_filter
from seccon.core.team import Project
from seccon.screens.queue import Queue
from seccon.screens.reading import ReadBoard, ReadRows
from seccon.screens.request import Ask, CaseChosen
from seccon.widgets.board_list import BoardList
from seccon.widgets.card import Card
from seccon.widgets.filter_line import FilterInput, FilterLine
from seccon.widgets.key_line import KeyLine
from seccon.widgets.theme import CALM
from tests.screens.office_stub import NOW, OfficeStub, Untended, office, row


def console(given: OfficeStub) -> Console:
    return Untended(given)  # type: ignore[arg-type]


def queue(app: Console) -> Queue:
    screen = app.screen
    assert isinstance(screen, Queue)
    return screen


async def settle(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
    """Wait until something holds; the executor answers in its own time."""
    for _ in range(200):
        await pilot.pause(0.01)
        if holds():
            return
    raise AssertionError("it never came to hold")


def screen_text(app: Console) -> str:
    return "\n".join("".join(segment.text for segment in line) for line in app.screen._compositor.render_strips())


async def test_the_first_painting_has_the_first_rows() -> None:
    app = console(office(12))
    async with app.run_test(size=(80, 24)):
        assert "Q-2026-001" in screen_text(app)
        assert "12 cases" in screen_text(app)


async def test_every_line_is_as_wide_as_the_terminal() -> None:
    """U4: from 60 to 200 columns nothing is out of line."""
    for width in (60, 80, 119, 120, 200):
        app = console(office(40))
        async with app.run_test(size=(width, 24)) as pilot:
            await pilot.pause()
            for line in app.screen._compositor.render_strips():
                assert sum(segment.cell_length for segment in line) == width


@pytest.mark.parametrize(
    ("keys", "at"),
    [
        (["j", "j", "down"], 3),
        (["j", "k", "up"], 0),
        (["end"], 499),
        (["G", "k"], 498),
        (["end", "home"], 0),
        (["pagedown"], 19),
        (["pagedown", "pageup"], 0),
    ],
)
async def test_keys_move_the_cursor(keys: list[str], at: int) -> None:
    """U2: arrows, hjkl, pages, ends."""
    app = console(office(500))
    async with app.run_test(size=(80, 24)) as pilot:
        board = app.screen.query_one(BoardList)
        await pilot.press(*keys)
        await settle(pilot, lambda: board.current is not None)
        assert board.cursor == at
        assert board.current is not None
        assert board.current.number == at + 1
        assert "▌" in screen_text(app)


async def test_at_the_edge_it_moves_on_by_two_thirds_of_a_page() -> None:
    """P9: one scroll for many keys."""
    app = console(office(500))
    async with app.run_test(size=(80, 24)) as pilot:
        board = app.screen.query_one(BoardList)
        await pilot.press(*["j"] * board.lines_on_view)
        assert board.scroll_offset.y == board.lines_on_view - board.lines_on_view // 3
        await pilot.press(*["k"] * board.lines_on_view)
        assert (board.cursor, board.scroll_offset.y) == (0, 0)


async def test_a_step_repaints_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """P8: what a key costs on the line."""
    app = console(office(500))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        board = app.screen.query_one(BoardList)
        drawn: list[int] = []
        real = board.draw
        monkeypatch.setattr(board, "draw", lambda index, width, here: drawn.append(index) or real(index, width, here=here))
        await pilot.press("j")
        await pilot.pause()
        assert sorted(set(drawn)) == [0, 1]


async def test_only_windows_of_a_long_list_are_read() -> None:
    """P3, P6: a hundred thousand rows are a few blocks."""
    given = office(0)
    few = [row(number) for number in range(1, 200)]
    given.ledger.held = few * 500
    app = console(given)
    async with app.run_test(size=(80, 24)) as pilot:
        board = app.screen.query_one(BoardList)
        await pilot.press("end")
        await settle(pilot, lambda: board.current is not None)
        assert board.cursor == 99_499
        assert sum(1 for kind, _what in given.ledger.asked if kind == "rows") <= 4
        assert len(board.window._blocks) <= 4


async def test_marking_several_and_unmarking() -> None:
    """I7: one thing for a selection."""
    app = console(office(12))
    async with app.run_test(size=(80, 24)) as pilot:
        board = app.screen.query_one(BoardList)
        await pilot.press("space", "space")
        assert board.marked == {1, 2}
        assert board.cursor == 2
        assert "2 marked" in screen_text(app)
        await pilot.press("escape")
        assert board.marked == frozenset()


async def test_filtering_as_one_types_and_leaving_the_filter() -> None:
    """U2, P12."""
    app = console(office(40))
    async with app.run_test(size=(80, 24)) as pilot:
        board = app.screen.query_one(BoardList)
        await pilot.press("slash", *"sdhci")
        await settle(pilot, lambda: board.total == 8)
        assert all("sdhci" in board.window.row(at).subject for at in range(8))  # type: ignore[union-attr]
        await pilot.press("enter")
        await settle(pilot, lambda: not app.screen.query(FilterInput))
        assert app.focused is board
        assert "sdhci" in app.screen.query_one(FilterLine).said
        await pilot.press("slash", "escape")
        await settle(pilot, lambda: board.total == 40)


async def test_what_is_typed_while_filtering_is_no_command() -> None:
    app = console(office(40))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"Qo12?")
        await settle(pilot, lambda: queue(app).asked.words == ("Qo12?",))
        assert app.is_running


async def test_an_empty_list_says_what_to_do() -> None:
    app = console(office(0))
    async with app.run_test(size=(80, 24)) as pilot:
        assert "Nothing here: nobody is waiting" in screen_text(app)
        await pilot.press("slash", *"zzz")
        await settle(pilot, lambda: "Nothing here matches" in screen_text(app))


async def test_orders_and_projects_go_round() -> None:
    """I1: most urgent first, other sorts one key away; several projects in one console."""
    given = office(10)
    given.projects = (Project(name="qemu", policy="a"), Project(name="libvirt", policy="b"))
    given.ledger.held.append(row(99, project="libvirt", state="open"))
    app = console(given)
    async with app.run_test(size=(80, 24)) as pilot:
        board = app.screen.query_one(BoardList)
        await pilot.press("O")
        assert queue(app).asked.sort == "age"
        await pilot.press("tab", "tab")
        await settle(pilot, lambda: board.total == 1)
        assert queue(app).asked.project == "libvirt"
        await pilot.press("tab")
        await settle(pilot, lambda: board.total == 11)


async def test_one_project_offers_no_others() -> None:
    app = console(office(3))
    async with app.run_test(size=(80, 24)):
        assert "project" not in app.screen.query_one(KeyLine).said


async def test_the_card_stands_beside_the_list_from_120_columns() -> None:
    app = console(office(12))
    async with app.run_test(size=(120, 30)) as pilot:
        card = app.screen.query_one(Card)
        await settle(pilot, lambda: "Q-2026-001" in card.said)
        await pilot.press("j", "j")
        await settle(pilot, lambda: "Q-2026-003" in card.said)
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        assert not card.display


async def test_keys_held_down_read_no_card_in_between() -> None:
    given = office(40)
    app = console(given)
    async with app.run_test(size=(120, 30)) as pilot:
        card = app.screen.query_one(Card)
        await settle(pilot, lambda: "Q-2026-001" in card.said)
        for _ in range(10):
            app.screen.query_one(BoardList).action_step(1)
        await settle(pilot, lambda: "Q-2026-011" in card.said)
        assert [what for kind, what in given.ledger.asked if kind == "row"] == [1, 11]


async def test_enter_and_a_double_click_open_the_case() -> None:
    chosen: list[int] = []

    class Opening(Untended):
        def on_case_chosen(self, message: CaseChosen) -> None:
            message.prevent_default()
            chosen.append(message.number)

    app = Opening(office(12))  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j", "enter")
        await pilot.click(BoardList, offset=(10, 4), times=2)
        await pilot.pause()
        assert chosen == [2, 4]


async def test_what_others_write_shows_without_a_key_and_the_cursor_stays_on_its_case() -> None:
    """H3: within two seconds."""
    given = office(12)
    app = console(given)
    async with app.run_test(size=(80, 24)) as pilot:
        board = app.screen.query_one(BoardList)
        await pilot.press("j", "j", "j")
        given.ledger.held.insert(0, row(77, subject="brand new", state="new"))
        given.ledger.moved += 1
        await settle(pilot, lambda: board.total == 13)
        assert "brand new" in screen_text(app)
        assert board.current is not None
        assert board.current.number == 4


async def test_as_time_passes_only_what_reads_otherwise_is_painted() -> None:
    """P11: nothing changed, nothing painted."""
    given = office(0)
    given.ledger.held = [row(1, opened=NOW - timedelta(days=5), due=None), row(2, opened=NOW - timedelta(minutes=5), due=None)]
    app = console(given)
    async with app.run_test(size=(80, 24)) as pilot:
        board = app.screen.query_one(BoardList)
        await pilot.pause()
        painted: list[int] = []
        board.refresh_line = painted.append  # type: ignore[method-assign]
        board.tick(NOW)
        assert painted == []
        board.tick(NOW + timedelta(minutes=1))
        assert painted == [1]


async def test_late_rows_of_an_older_list_are_dropped() -> None:
    app = console(office(300))
    async with app.run_test(size=(80, 24)):
        board = app.screen.query_one(BoardList)
        board.fill(((0, (row(999),)),), board.window.generation - 1)
        assert board.window.row(0) == row(1)


class Broken(msgspec.Struct, frozen=True):
    """A request that fails."""

    error: str

    def perform(self, office: object) -> None:
        if self.error == "refused":
            raise RefusedError("R3", "[/]No key for \x1b]0;x\x07[@click=app.quit]alice[/].", "QEMU 2020-12")
        if self.error == "ledger":
            raise LedgerError("The ledger is away.", "Mount it.")
        raise KeyError("secret text of a mail")


@pytest.mark.parametrize(
    ("kind", "words"), [("refused", "[/]No key for ␛]0;x␇[@click=app.quit]alice[/]."), ("ledger", "Mount it.")]
)
async def test_errors_are_shown_in_words_and_the_console_goes_on(kind: str, words: str) -> None:
    app = console(office(3))
    async with app.run_test(size=(80, 24)) as pilot:
        app.screen.post_message(Ask(app.screen, Broken(kind)))
        await settle(pilot, lambda: len(app._notifications) == 1)
        (note,) = app._notifications
        assert words in note.message
        assert not note.markup
        await pilot.press("j")
        assert app.screen.query_one(BoardList).cursor == 1


async def test_a_fault_of_the_program_ends_it_with_one_line_that_tells_nothing() -> None:
    """H6: no cleartext in crash reports."""
    app = console(office(3))
    with pytest.raises(KeyError):  # noqa: PT012
        async with app.run_test(size=(80, 24)) as pilot:
            app.screen.post_message(Ask(app.screen, Broken("fault")))
            await settle(pilot, lambda: bool(app.failure))
    assert app.return_code == 1
    assert "KeyError in test_queue.py" in app.failure
    assert "secret" not in app.failure
    assert "\n" not in app.failure


async def test_a_question_that_was_overtaken_is_not_answered() -> None:
    """P12: typing quickly asks the ledger for the last word only."""
    given = office(40)
    app = console(given)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = queue(app)
        before = len(given.ledger.asked)
        gate = Event()
        app.desk.submit(gate.wait)
        for word in ("a", "ab", "abc"):
            app.on_ask(Ask(screen, ReadBoard(BoardQuery(words=(word,))), latest=True))
        app.on_ask(Ask(screen, ReadRows(BoardQuery(), (0,), 0)))
        gate.set()
        await settle(pilot, lambda: len(given.ledger.asked) - before >= 2)
        queries = [what for kind, what in given.ledger.asked[before:] if kind == "rows"]
        assert queries == [(BoardQuery(words=("abc",)), 0), (BoardQuery(), 0)]


def test_filters_read_back_what_they_write() -> None:
    for text in ("state:open", "state:all", "state:new,waiting heap overflow", "state:open sort:age x"):
        query, problem = read_filter(text, BoardQuery())
        assert not problem
        assert write_filter(query) == text


def test_a_filter_that_is_half_typed_is_no_error_and_a_wrong_one_is_told() -> None:
    assert read_filter("state:", BoardQuery()) == (BoardQuery(), "")
    assert "did you mean 'closed'" in read_filter("state:closd", BoardQuery())[1]
    assert read_filter("CVE-2026:1", BoardQuery())[0].words == ("CVE-2026:1",)


async def test_the_first_painting_has_the_colours_of_the_theme() -> None:
    app = console(office(3))
    async with app.run_test(size=(80, 24)):
        assert app.screen.query_one(BoardList).styles.background.hex == CALM.background.upper()  # type: ignore[union-attr]


async def test_the_overdue_figure_heeds_the_filter() -> None:
    """M10: of how many that are hidden, too."""
    given = office(12)
    late = sum(1 for each in given.ledger.held if each.due is not None and each.due <= NOW)
    shown = [each for each in given.ledger.held if "sdhci" in each.subject]
    over = sum(1 for each in shown if each.due is not None and each.due <= NOW)
    assert over < late
    app = console(given)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: f"12 cases  {late} overdue" in screen_text(app))
        await pilot.press("slash", *"sdhci", "enter")
        await settle(pilot, lambda: f"{len(shown)} cases  {over} of {late} overdue" in screen_text(app))


async def test_a_terminal_that_grows_shows_the_card_at_once() -> None:
    app = console(office(3))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        before = sum(1 for kind, _ in app.office.ledger.asked if kind == "row")  # type: ignore[attr-defined]
        await pilot.resize_terminal(160, 48)
        await settle(pilot, lambda: sum(1 for kind, _ in app.office.ledger.asked if kind == "row") > before)  # type: ignore[attr-defined]


async def test_a_ledger_that_is_away_is_told_once_and_again_after_it_was_back() -> None:
    """It is asked each second: a sentence a second would bury the screen for as long as it lasts."""
    given, looks = office(3), []

    def away() -> int:
        looks.append(1)
        raise LedgerError("The ledger is away.", "Mount it.")

    app = console(given)
    async with app.run_test(size=(80, 24)) as pilot:
        there, given.ledger.revision = given.ledger.revision, away  # type: ignore[method-assign]

        async def look(times: int) -> None:
            for _ in range(times):
                app._look()
                assert app._looking is not None
                await settle(pilot, app._looking.done)
            await pilot.pause()

        await look(4)
        assert len(looks) >= 4
        assert len(app._notifications) == 1
        given.ledger.revision = there  # type: ignore[method-assign]
        await look(1)
        given.ledger.revision = away  # type: ignore[method-assign]
        await look(1)
        await settle(pilot, lambda: len(app._notifications) == 2)
