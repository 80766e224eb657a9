"""The calendar: keys, legibility at 80 by 24, what it asks (features, E5)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from seccon.app import Console
from seccon.core.board import Dated
from seccon.core.instants import EPOCH
from seccon.screens.calendar import Calendar
from seccon.screens.request import CaseChosen
from seccon.widgets.agenda import Agenda, times
from seccon.widgets.month_grid import MonthGrid
from seccon.widgets.week_grid import WeekGrid
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

    def stretches() -> int:
        return sum(kind == "dates" and asked[0] != EPOCH for kind, asked in given.ledger.asked)

    async with app.run_test(size=(80, 24)) as pilot:
        await open_calendar(app, pilot)
        await settle(pilot, lambda: stretches() == 1)
        await pilot.press("l", "l")
        await pilot.press("right_square_bracket")
        await settle(pilot, lambda: stretches() == 2)


async def test_a_week_of_a_month_of_six_has_two_bars_at_80_by_24() -> None:
    """U7, E5: two that end on one day are both seen; of two as grave, those that end in the week come first."""
    long = dated(9, 40, since=40)
    app = console(with_dates(long, dated(1, 3), dated(2, 3)))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_calendar(app, pilot)
        await settle(pilot, lambda: screen.query_one(Agenda).total > 3)
        await pilot.pause()
        text = screen_text(app)
        bars = [line for line in text.splitlines() if line.rstrip().endswith("◆")]
        assert ["Q-2026-001" in bars[0], "Q-2026-002" in bars[1]] == [True, True], text
        assert " 24+1" in text
        assert "Nov 2026" in text
        lines = text.splitlines()
        assert [at for at, line in enumerate(lines) if line.startswith((" 16", " 23", " 30"))] == [11, 14, 17]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_agenda_opens_with_what_is_overdue_however_old(size: tuple[int, int]) -> None:
    """M9: it stood above the first line on view, or nowhere where it was due in another month."""
    app = console(with_dates(dated(1, -60, since=90, kind="clock"), dated(2, -1), dated(3, 1)))
    async with app.run_test(size=size) as pilot:
        screen = await open_calendar(app, pilot)
        agenda = screen.query_one(Agenda)
        await settle(pilot, lambda: agenda.total == 5)
        await pilot.pause()
        assert (agenda.top, agenda.cursor) == (0, 1)
        assert "Overdue: 2" in screen_text(app)
        assert "22 Sep 19:13Z" in screen_text(app)
        await pilot.press("l")
        assert agenda.cursor == 4
        await pilot.press("h", "h")
        assert agenda.cursor == 2


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
        assert ("November 2026" if size[1] > 24 else "Nov 2026") in text
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


def crowd() -> tuple[Dated, ...]:
    """Thirty-one in a month: two embargoes that end on one day, one that spans three months."""
    many = [dated(case, case - 10, rank=case % 4, kind="clock" if case % 3 else "embargo") for case in range(1, 29)]
    return (*many, dated(29, 4), dated(30, 4), dated(31, 60, since=60, rank=3))


async def in_view(app: Console, pilot: object, view: str) -> Calendar:
    screen = await open_calendar(app, pilot)
    await settle(pilot, lambda: screen.query_one(Agenda).total > 0)  # type: ignore[arg-type]
    for _ in range(("month", "week", "agenda").index(view)):
        await pilot.press("w")  # type: ignore[attr-defined]
    await pilot.pause(0.05)  # type: ignore[attr-defined]
    return screen


async def test_w_goes_from_month_to_week_to_agenda_and_the_day_stays() -> None:
    app = console(with_dates(*crowd()))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await in_view(app, pilot, "month")
        await pilot.press("l", "l", "w")
        week = screen.query_one(WeekGrid)
        assert week.has_focus
        assert week.day == date(2026, 11, 23)
        await pilot.press("l", "w")
        assert screen.query_one(Agenda).has_focus
        assert not week.display
        await pilot.press("w")
        month = screen.query(MonthGrid).first()
        assert month.has_focus
        assert month.day == date(2026, 11, 24)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_week_names_everything_that_is_due_in_it(size: tuple[int, int]) -> None:
    """E5: with its hour; two that end on one day stand below each other; the long one is among the first bars."""
    app = console(with_dates(*crowd()))
    async with app.run_test(size=size) as pilot:
        screen = await in_view(app, pilot, "week")
        await pilot.press("l", "l")
        await settle(pilot, lambda: "Week 48, 23 November – 29 November 2026" in screen_text(app))
        await settle(pilot, lambda: screen.query_one(WeekGrid)._dates != ())
        lines = screen_text(app).splitlines()
        cell = screen.query_one(WeekGrid).size.width // 7
        columns = ["\n".join(line[place * cell : (place + 1) * cell] for line in lines) for place in range(7)]
        for case, column in [(12, 0), (13, 1), (14, 2), (29, 2), (30, 2), (15, 3), (16, 4), (17, 5), (18, 6)]:
            assert f"Q-2026-{case:03}" in columns[column]
        assert columns[2].count("19:13Z") == 3
        assert "━Q-2026-031" in "".join([line for line in lines if "━" in line][:2])
        for line in app.screen._compositor.render_strips():
            assert sum(segment.cell_length for segment in line) == size[0]


async def test_what_has_no_room_in_a_week_is_counted() -> None:
    app = console(with_dates(*(dated(case, 0, kind="clock") for case in range(1, 21))))
    async with app.run_test(size=(80, 24)) as pilot:
        await in_view(app, pilot, "week")
        text = screen_text(app)
        named = sum(f"Q-2026-{case:03}" in "\n".join(text.splitlines()[:18]) for case in range(1, 21))
        assert 0 < named < 20
        assert f"+{20 - named} more" in text


async def test_the_agenda_alone_looks_three_months_ahead() -> None:
    given = with_dates(*crowd())
    app = console(given)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await in_view(app, pilot, "agenda")
        await settle(pilot, lambda: screen.query_one(Agenda).size.height > 18)
        kind, asked = given.ledger.asked[-1]
        assert kind == "dates"
        assert isinstance(asked, tuple)
        assert asked[1] - asked[0] > timedelta(days=90)
        await pilot.press("right_square_bracket")
        await settle(pilot, lambda: screen.query(MonthGrid).first().day == date(2026, 12, 21))


@pytest.mark.parametrize(("view", "x", "y", "day"), [("month", 36, 12, date(2026, 11, 19)), ("week", 58, 6, date(2026, 11, 21))])
async def test_a_click_puts_the_cursor_on_the_day(view: str, x: int, y: int, day: date) -> None:
    app = console(with_dates(*crowd()))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await in_view(app, pilot, view)
        await pilot.click(offset=(x, y))
        assert screen._grid.day == day


@pytest.mark.parametrize("view", ["month", "week", "agenda"])
async def test_enter_jumps_to_the_case_from_every_view(view: str) -> None:
    chosen: list[int] = []

    class Opening(Untended):
        def on_case_chosen(self, message: CaseChosen) -> None:
            message.prevent_default()
            chosen.append(message.number)

    app = Opening(with_dates(dated(7, 0)))  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await in_view(app, pilot, view)
        await settle(pilot, lambda: screen.query_one(Agenda).total == 2)
        await pilot.press("enter")
        await settle(pilot, lambda: chosen == [7])


class Thanksgiving:
    def __contains__(self, day: object, /) -> bool:
        return day == date(2026, 11, 26)

    def named(self, first: date, last: date) -> Mapping[date, str]:
        return {date(2026, 11, 26): "Thanksgiving Day (US)"}


@pytest.mark.parametrize("view", ["month", "week", "agenda"])
async def test_a_holiday_is_marked_and_named(view: str) -> None:
    given = with_dates(*crowd())
    given.holidays = {"qemu@2020-12": Thanksgiving()}
    app = console(given)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await in_view(app, pilot, "month")
        await pilot.press("l", "l", "l", "l", "l", *("w" * ("month", "week", "agenda").index(view)))
        await settle(pilot, lambda: "Thanksgiving Day (US)" in screen_text(app))
        assert ("26*" if view != "agenda" else "26 Nov") in screen_text(app)
        assert "25*" not in screen_text(app)
        assert screen._grid.day == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("UTC", "19:13Z"),
        ("Europe/Berlin", "19:13Z (20:13 CET)"),
        ("Asia/Tokyo", "19:13Z (Sun 04:13 JST)"),
        ("Europe/London", "19:13Z"),
    ],
)
def test_a_time_has_the_viewers_own_beside_it(zone: str, said: str) -> None:
    """E4: UTC first; the other only where it differs, with its day where that differs too."""
    assert times(NOW, ZoneInfo(zone)) == said


async def test_a_terminal_too_small_for_a_month_shows_the_week_of_the_day() -> None:
    app = console(with_dates())
    async with app.run_test(size=(40, 10)) as pilot:
        screen = await open_calendar(app, pilot)
        await settle(pilot, lambda: "▌21" in screen_text(app))
        await pilot.press("down", "down")
        await settle(pilot, lambda: "▌5" in screen_text(app))
        await pilot.click(offset=(1, 2))
        assert screen.query_one(MonthGrid).day.weekday() == 0
