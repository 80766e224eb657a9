"""What leaves the console about dated things: selection and wording, by clause (features, E4 E5 E8)."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seccon.core.agenda import horizon, line, occasion, reminder, warned, warnings
from seccon.core.board import Dated
from seccon.core.case import fold
from seccon.core.clocks import readings
from seccon.core.instants import FAR
from seccon.core.journal.cases import Acknowledged
from seccon.core.limits import notes
from seccon.core.policy import ClockRule, EmbargoRule
from seccon.core.projection import projector
from seccon.core.spans import Span, after
from seccon.core.steps import steps
from tests.story import at, received, shipped, tell

NOW = at("2026-11-21 19:13")
QEMU = shipped("qemu")
EMBARGO = Dated(41, "embargo", "active", "embargo", at("2026-11-10"), at("2026-11-25 12:00"), 2, True, "Q-2026-041")
CLOCK = Dated(7, "clock", "triage", "triage", at("2026-11-10"), at("2026-11-20 12:00"))


def test_a_line_has_id_time_what_and_nothing_else() -> None:
    assert line(EMBARGO, NOW) == "  Q-2026-041   2026-11-25 12:00Z      in 3d  embargo ends"
    assert line(CLOCK, NOW) == "! #7           2026-11-20 12:00Z   31h over  triage"


def test_only_an_embargo_that_nobody_released_has_lapsed() -> None:
    later = at("2026-12-01")
    assert line(EMBARGO, later).endswith("EMBARGO LAPSED, not released")
    assert line(msgspec.structs.replace(EMBARGO, open=False), later).endswith("embargo ends")


def test_a_reminder_names_the_overdue_first_and_counts_them() -> None:
    subject, text = reminder((EMBARGO, CLOCK), NOW)
    assert subject == "seccon: 2 due, 1 overdue"
    assert text.index("#7") < text.index("Q-2026-041")


@given(st.sampled_from(["hours", "days", "weeks", "months", "working days"]), st.integers(1, 60), st.integers(0, 400))
def test_a_reminder_comes_at_its_distance_and_not_an_hour_later(unit: str, count: int, later: int) -> None:
    due = NOW + timedelta(days=later)
    policy = msgspec.structs.replace(QEMU, embargo=EmbargoRule(warn=(Span(count, unit),)))
    (first,) = warnings(msgspec.structs.replace(EMBARGO, due=due), policy)
    assert first <= due <= after(first, Span(count, unit))
    assert after(first - timedelta(hours=1), Span(count, unit)) < due


def test_it_is_warned_from_the_longest_distance_on() -> None:
    policy = msgspec.structs.replace(QEMU, embargo=EmbargoRule(warn=(Span(1, "days"), Span(7, "days"))))
    assert not warned(EMBARGO, policy, at("2026-11-18 11:59"))
    assert warned(EMBARGO, policy, at("2026-11-18 12:00"))
    assert not warned(EMBARGO, None, NOW)


def test_nothing_is_warned_of_beyond_the_horizon() -> None:
    longest = ClockRule("x", "x", "received", (), Span(1, "years"), warn=(Span(3, "weeks"),))
    policy = msgspec.structs.replace(QEMU, clock=(longest,), embargo=EmbargoRule(warn=(Span(2, "days"),)))
    assert horizon((policy,), NOW) == NOW + timedelta(weeks=3)
    assert horizon((), NOW) == NOW


def test_a_due_time_at_the_end_of_time_can_be_asked_for_its_reminders() -> None:
    assert all(moment <= FAR for moment in warnings(msgspec.structs.replace(EMBARGO, due=FAR), QEMU))


def test_an_event_keeps_its_id_when_the_embargo_moves_or_is_revised() -> None:
    case = fold(tell(*received()))
    moved = msgspec.structs.replace(EMBARGO, name="revised", due=at("2026-12-01"))
    before, later = occasion(EMBARGO, case, QEMU, NOW), occasion(moved, case, QEMU, NOW)
    assert before.uid == later.uid == "case-41-embargo@seccon.invalid"
    assert occasion(CLOCK, case, QEMU, NOW, "team.example").uid == "case-7-clock-triage@team.example"


def test_an_event_bears_nothing_of_the_mail() -> None:
    case = fold(tell(*received()))
    said = msgspec.json.encode(occasion(EMBARGO, case, QEMU, NOW)).decode()
    for secret in ("sdhci", "Roe", "example.net", "r1@"):
        assert secret in msgspec.json.encode(case).decode()
        assert secret not in said


@pytest.mark.parametrize("kind", ["friday", "weekend", "holiday"])
def test_only_what_the_policy_avoids_is_warned_of(kind: str) -> None:
    """E4: `embargo.avoid` names the days."""
    days = {"friday": "2026-12-04", "weekend": "2026-12-05", "holiday": "2026-12-25"}
    holidays = frozenset({date(2026, 12, 25)})
    assert kind in [one.rule for one in notes(at(days[kind]), "UTC", holidays)]
    assert [one.rule for one in notes(at(days[kind]), "UTC", holidays, (kind,))] == [kind]
    assert notes(at(days[kind]), "UTC", holidays, ()) == ()


def working(length: int) -> ClockRule:
    return ClockRule("answer", "answer", "received", ("acknowledged",), Span(length, "working days"))


def test_holidays_move_a_clock_the_list_and_the_steps_alike() -> None:
    """E5: working days are no holidays, wherever the due time is shown."""
    policy = msgspec.structs.replace(QEMU, clock=(working(1), *QEMU.clock[1:]), embargo=EmbargoRule())
    entries = tell(*received("2026-02-20"))
    off = frozenset({date(2026, 2, 23)})
    assert readings(fold(entries), policy, NOW)[0].due == at("2026-02-23")
    assert readings(fold(entries), policy, NOW, off)[0].due == at("2026-02-24")
    listed = projector({policy.key: policy}, {policy.key: off})(1, entries)
    assert [one.due for one in listed.dates if one.name == "answer"] == [at("2026-02-24")]
    assert all(one.due != at("2026-02-23") for one in steps(fold(entries), policy, NOW, off))


@given(st.integers(1, 30), st.sets(st.dates(date(2026, 2, 1), date(2026, 6, 1)), max_size=40))
def test_a_due_day_in_working_days_is_never_a_holiday(length: int, off: set[date]) -> None:
    policy = msgspec.structs.replace(QEMU, clock=(working(length),))
    due = readings(fold(tell(*received("2026-02-20"))), policy, NOW, off)[0].due
    assert due.date() not in off
    assert due.weekday() < 5


def test_a_holiday_after_the_answer_changes_nothing() -> None:
    policy = msgspec.structs.replace(QEMU, clock=(working(1),))
    body = Acknowledged(report="r1@example.net", member="Alice", when=at("2026-02-21"), mail="a@x")  # type: ignore[arg-type]
    told = fold(tell(*received("2026-02-20"), ("2026-02-21", body)))
    assert readings(told, policy, NOW, frozenset({date(2026, 2, 23)}))[0].state == "met"
