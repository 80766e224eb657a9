"""Spans: the traps of policies, each by name."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seccon.core.instants import from_text, to_text
from seccon.core.spans import NoSuchTimeError, TwoSuchTimesError, after, distance, exact_wall, is_working, span, zone
from tests.story import at

BERLIN = ZoneInfo("Europe/Berlin")


def test_two_weeks_from_20_february_is_6_march() -> None:
    assert after(at("2026-02-20 12:00"), span("2 weeks")) == at("2026-03-06 12:00")


def test_one_month_is_a_calendar_month() -> None:
    assert after(at("2026-01-31"), span("1 month")) == at("2026-02-28")
    assert after(at("2028-01-31"), span("1 month")) == at("2028-02-29")


def test_days_keep_the_wall_clock_across_summer_time() -> None:
    start = datetime(2026, 3, 20, 12, tzinfo=BERLIN).astimezone(UTC)
    assert after(start, span("2 weeks"), BERLIN).astimezone(BERLIN).hour == 12


def test_hours_are_absolute_across_summer_time() -> None:
    start = from_text("2026-03-28T12:00:00Z")
    assert after(start, span("24 hours"), BERLIN) - start == timedelta(hours=24)


def test_an_hour_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NoSuchTimeError, match="does not exist"):
        exact_wall(date(2027, 3, 28), time(2, 30), BERLIN)


def test_an_hour_that_exists_twice_is_asked_about() -> None:
    with pytest.raises(TwoSuchTimesError) as twice:
        exact_wall(date(2026, 10, 25), time(2, 30), BERLIN)
    assert twice.value.second - twice.value.first == timedelta(hours=1)


def test_half_past_eleven_utc_is_the_next_day_in_tokyo() -> None:
    assert at("2026-02-20 23:30").astimezone(ZoneInfo("Asia/Tokyo")).date() == date(2026, 2, 21)


def test_working_days_skip_weekends_and_holidays() -> None:
    friday = at("2026-02-20 12:00")
    assert after(friday, span("1 working day")).date() == date(2026, 2, 23)
    assert after(friday, span("1 working day"), holidays={date(2026, 2, 23)}).date() == date(2026, 2, 24)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),
    st.integers(1, 60),
    st.sets(st.dates(date(2000, 1, 1), date(2101, 1, 1)), max_size=20),
)
def test_a_due_day_in_working_days_is_never_a_holiday(start: datetime, days: int, holidays: set[date]) -> None:
    due = after(start.replace(tzinfo=UTC), span(f"{days} working days"), UTC, holidays)
    assert is_working(due.date(), holidays)


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1)),
    st.integers(0, 99),
    st.integers(0, 99),
    st.sampled_from(["hours", "days", "weeks", "months", "working days"]),
)
def test_a_longer_promise_is_never_due_earlier(start: datetime, short: int, more: int, unit: str) -> None:
    begin = start.replace(tzinfo=UTC)
    assert after(begin, span(f"{short} {unit}"), BERLIN) <= after(begin, span(f"{short + more} {unit}"), BERLIN)


def test_what_is_no_length_of_time_says_what_is() -> None:
    with pytest.raises(ValueError, match="14 days"):
        span("a fortnight")


def test_a_zone_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="Europe/Berlinn"):
        zone("Europe/Berlinn")


def test_distance_says_minutes_hours_days_weeks() -> None:
    now = at("2026-02-20")
    assert [distance(now, now + timedelta(**{unit: 5})) for unit in ("minutes", "hours", "days")] == ["5m", "5h", "5d"]
    assert distance(now, now - timedelta(weeks=60)) == "60w"


@given(st.datetimes(timezones=st.timezones()))
def test_instants_sort_as_text(value: datetime) -> None:
    from seccon.core.instants import instant

    one, other = instant(value), instant(value + timedelta(seconds=1)) if value.year < 9999 else instant(value)
    assert (to_text(one) < to_text(other)) is (one < other)
    assert from_text(to_text(one)) == one
