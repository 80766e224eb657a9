"""The calendar: keys, legibility at 80 by 24, what it asks (features, E5)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from seccon.app import Console
from seccon.core.board import Dated
from seccon.screens.calendar import Calendar
from seccon.screens.request import CaseChosen
from seccon.widgets.agenda import Agenda
from seccon.widgets.month_grid import MonthGrid
from tests.screens.office_stub import NOW, OfficeStub, Untended, office
from tests.screens.test_queue import console, screen_text, settle


def dated(case: int, days: int, *, rank: int = 1, kind: str = "embargo", since: int = 3) -> Dated:
    return Dated(
        case=case, kind=kind, name="triage", title=f"title {case}",  # type: ignore[arg-type]
        start=NOW - timedelta(days=since), due=NOW + timedelta(days=days), rank=rank, label=f"Q-2026-{case:03}",
    )  # fmt: skip


def with_dates(*dates: Dated) -> OfficeStub:
    given = office(3)
    given.ledger.held_dates = dates
    return given


async def open_calendar(app: Console, pilot: object) -> Calendar:
    await pilot.press("2")  # type: ignore[attr-defined]
    await settle(pilot, lambda: isinstance(app.screen, Calendar) and bool(app.screen.query(MonthGrid)))  # type: ignore[arg-type]
    screen = app.screen
    assert isinstance(screen, Calendar)
    return screen


@pytest.mark.parametrize(
    ("keys", "day"),
    [
        (["l"], date(2026, 11, 22)),
        (["h", "left"], date(2026, 11, 19)),
        (["j", "down"], date(2026, 12, 5)),
        (["k"], date(2026, 11, 14)),
        (["pagedown"], date(2026, 12, 21)),
        (["left_square_bracket", "left_square_bracket"], date(2026, 9, 21)),
        (["right_square_bracket", "t"], date(2026, 11, 21)),
    ],
)
async def test_keys_move_by_day_week_and_month(keys: list[str], day: date) -> None:
    app = console(with_dates())
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_calendar(app, pilot)
        await pilot.press(*keys)
        assert screen.query_one(MonthGrid).day == day


async def test_the_31st_becomes_the_last_day_of_a_shorter_month() -> None:
    given = with_dates()
    given.now = datetime(2026, 1, 31, 12, tzinfo=UTC)
    app = console(given)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_calendar(app, pilot)
        await pilot.press("right_square_bracket")
        assert screen.query_one(MonthGrid).day == date(2026, 2, 28)


async def test_another_month_is_read_when_it_comes_on_view_and_only_then() -> None:
    given = with_dates()
    app = console(given)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_calendar(app, pilot)
        await settle(pilot, lambda: sum(kind == "dates" for kind, _ in given.ledger.asked) == 1)
        await pilot.press("l", "l")
        await pilot.press("right_square_bracket")
        await settle(pilot, lambda: sum(kind == "dates" for kind, _ in given.ledger.asked) == 2)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (160, 48)])
async def test_thirty_in_a_month_are_legible(size: tuple[int, int]) -> None:
    """E5: each due day says what is due or how much; two that end on one day, one that spans three months."""
    many = [dated(case, case - 10, rank=case % 4, kind="clock" if case % 3 else "embargo") for case in range(1, 29)]
    app = console(with_dates(*many, dated(29, 4), dated(30, 4), dated(31, 60, since=60, rank=3)))
    async with app.run_test(size=size) as pilot:
        screen = await open_calendar(app, pilot)
        await settle(pilot, lambda: screen.query_one(Agenda).total > 30)
        await pilot.pause()
        text = screen_text(app)
        assert "November 2026" in text
        assert "━" in text
        assert "31━" in text.replace("Q-2026-0", "")
        grid = "\n".join(line for line in text.splitlines()[: size[1]])
        assert grid.count("◷") + grid.count("!") + grid.count("◆") >= 15
        for line in app.screen._compositor.render_strips():
            assert sum(segment.cell_length for segment in line) == size[0]


async def test_the_agenda_follows_the_day_and_opens_its_case() -> None:
    chosen: list[int] = []

    class Opening(Untended):
        def on_case_chosen(self, message: CaseChosen) -> None:
            message.prevent_default()
            chosen.append(message.number)

    app = Opening(with_dates(dated(7, 2), dated(8, 5)))  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_calendar(app, pilot)
        agenda = screen.query_one(Agenda)
        await settle(pilot, lambda: agenda.total == 4)
        await pilot.press("l", "l", "l", "enter")
        await settle(pilot, lambda: chosen == [8])
        await pilot.press("tab", "up", "up", "enter")
        await settle(pilot, lambda: chosen == [8, 7])


async def test_q_goes_back_to_the_queue() -> None:
    app = console(with_dates())
    async with app.run_test(size=(80, 24)) as pilot:
        await open_calendar(app, pilot)
        await pilot.press("q")
        await settle(pilot, lambda: app.current_mode == "queue")
        assert "3 cases" in screen_text(app)
