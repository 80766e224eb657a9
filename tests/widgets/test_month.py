"""The month: bars share lanes, nothing is dropped silently (features, E5)."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from seccon.core.board import Dated
from seccon.widgets.month import due_on, first_monday, layout, next_month, span

NOVEMBER = date(2026, 11, 15)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 14, tzinfo=UTC)


def embargo(case: int, start: date, due: date, rank: int = 1) -> Dated:
    return Dated(case=case, kind="embargo", name="active", title=f"case {case}", start=at(start), due=at(due), rank=rank)


def clock(case: int, due: date, rank: int = 1) -> Dated:
    return Dated(case=case, kind="clock", name="triage", title=f"case {case}", start=at(due), due=at(due), rank=rank)


def test_the_grid_has_whole_weeks_from_monday() -> None:
    assert first_monday(NOVEMBER) == date(2026, 10, 26)
    assert span(NOVEMBER) == (date(2026, 10, 26), date(2026, 12, 7))
    weeks = layout(NOVEMBER, (), NOVEMBER, 2)
    assert len(weeks) == 6
    assert [day.day.weekday() for week in weeks for day in week.days] == list(range(7)) * 6
    assert sum(day.inside for week in weeks for day in week.days) == 30
    assert [day.day for week in weeks for day in week.days if day.today] == [NOVEMBER]


def test_a_february_of_four_weeks_has_four() -> None:
    assert len(layout(date(2027, 2, 1), (), NOVEMBER, 2)) == 4


def test_two_that_end_on_one_day_have_a_lane_each() -> None:
    due = date(2026, 11, 18)
    weeks = layout(NOVEMBER, (embargo(1, date(2026, 11, 16), due), embargo(2, date(2026, 11, 17), due, rank=3)), NOVEMBER, 2)
    week = weeks[3]
    assert [(piece.dated.case, piece.lane, piece.first, piece.last) for piece in week.bars] == [(2, 0, 1, 2), (1, 1, 0, 2)]
    assert all(piece.ends for piece in week.bars)
    assert [each.case for each in week.days[2].due] == [2, 1]


def test_one_that_spans_three_months_crosses_every_week_of_the_middle_one() -> None:
    weeks = layout(NOVEMBER, (embargo(1, date(2026, 10, 5), date(2027, 1, 4)),), NOVEMBER, 1)
    pieces = [piece for week in weeks for piece in week.bars]
    assert len(pieces) == len(weeks)
    assert all((piece.first, piece.last) == (0, 6) and not piece.begins and not piece.ends for piece in pieces)


def test_what_follows_on_the_next_day_shares_the_lane() -> None:
    monday = date(2026, 11, 16)
    bars = (embargo(1, monday, monday + timedelta(days=1)), embargo(2, monday + timedelta(days=2), monday + timedelta(days=4)))
    week = layout(NOVEMBER, bars, NOVEMBER, 1)[3]
    assert [piece.lane for piece in week.bars] == [0, 0]


def test_what_is_closed_is_not_shown() -> None:
    closed = Dated(case=1, kind="embargo", name="x", title="", start=at(NOVEMBER), due=at(NOVEMBER), open=False)
    weeks = layout(NOVEMBER, (closed,), NOVEMBER, 3)
    assert not any(week.bars or day.due for week in weeks for day in week.days)


def test_the_gravest_stands_first_among_those_due() -> None:
    assert [each.case for each in due_on((clock(1, NOVEMBER, 0), clock(2, NOVEMBER, 3)), NOVEMBER)] == [2, 1]


DAYS = st.dates(date(2026, 9, 1), date(2027, 1, 31))


@given(st.lists(st.tuples(DAYS, st.integers(0, 120), st.integers(-1, 3)), max_size=40), st.integers(0, 5))
def test_every_bar_is_on_view_or_counted_on_each_of_its_days(given_bars: list[tuple[date, int, int]], lanes: int) -> None:
    bars = [embargo(case, start, start + timedelta(days=length), rank) for case, (start, length, rank) in enumerate(given_bars)]
    for week in layout(NOVEMBER, bars, NOVEMBER, lanes):
        for column, day in enumerate(week.days):
            wanted = sum(bar.start.date() <= day.day <= bar.due.date() for bar in bars)
            drawn = [piece.lane for piece in week.bars if piece.first <= column <= piece.last]
            assert len(drawn) + day.more == wanted
            assert len(set(drawn)) == len(drawn)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-40, 40))
def test_months_count_back_as_they_count_on(day: date, by: int) -> None:
    assert next_month(next_month(day, by), -by) == day.replace(day=1)
