"""What is offered first is a date that nobody need be warned of (features, E4)."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seccon.core.first_offer import first_offer
from seccon.core.limits import notes
from seccon.core.spans import after, span
from seccon.core.spans import zone as find_zone
from seccon.core.typed import typed_instant
from tests.story import at, shipped

RULE = shipped("qemu").embargo


@pytest.mark.parametrize(
    ("now", "offered"),
    [
        ("2026-02-18 13:00", "2026-03-04 12:00"),  # a Wednesday, and two weeks later one
        ("2026-02-18 11:00", "2026-03-03 12:00"),  # by noon two weeks are not over
        ("2026-02-20 12:00", "2026-03-05 12:00"),  # two weeks end on a Friday
        ("2026-02-22 12:00", "2026-03-05 12:00"),  # on a Sunday
    ],
)
def test_two_weeks_end_before_the_weekend(now: str, offered: str) -> None:
    assert first_offer(RULE, at(now), ()) == offered


def test_holidays_are_left_out_and_a_process_that_avoids_nothing_gets_its_last_day() -> None:
    assert first_offer(RULE, at("2026-02-20 12:00"), {date(2026, 3, 5), date(2026, 3, 4)}) == "2026-03-03 12:00"
    assert first_offer(msgspec.structs.replace(RULE, avoid=()), at("2026-02-20 12:00"), ()) == "2026-03-06 12:00"


def test_where_every_day_is_warned_of_it_is_the_latest() -> None:
    short = msgspec.structs.replace(RULE, default=span("2 days"))
    assert first_offer(short, at("2026-02-26 13:00"), ()) == "2026-02-28 12:00"


@given(st.datetimes(min_value=at("2026-01-01").replace(tzinfo=None), max_value=at("2027-12-31").replace(tzinfo=None)))
def test_it_is_never_beyond_the_policys_length_and_never_warned_of(now: object) -> None:
    moment = at(f"{now:%Y-%m-%d %H:%M}")
    for zone in ("UTC", "Europe/Berlin", "Asia/Tokyo"):
        rule = msgspec.structs.replace(RULE, zone=zone)
        until = typed_instant(first_offer(rule, moment, ()), zone, rule.hour)
        assert moment < until <= after(moment, rule.default, find_zone(zone))
        assert not notes(until, zone, (), rule.avoid)
