"""What the run-down of the day says of the date."""

from datetime import UTC

import pytest

from seccon.core.case import fold
from seccon.core.journal.embargoes import EmbargoEnded, EmbargoSet
from seccon.desk.open_case import CaseView
from seccon.screens.day import date_line
from seccon.widgets.agenda import times
from tests.story import at, received, shipped, tell

SET = ("2026-02-21", EmbargoSet(proposal="p1", until=at("2026-02-27 10:00")))


@pytest.mark.parametrize(
    ("ended", "now", "line"),
    [
        ("", "2026-02-22", "embargo ends Friday 2026-02-27 10:00Z"),
        ("", "2026-02-28", "embargo was to end Friday 2026-02-27 10:00Z"),
        ("2026-02-27 10:05", "2026-02-28", "embargo ended Friday 2026-02-27 10:00Z"),
        ("2026-02-22 09:00", "2026-02-23", "embargo ended Sunday 2026-02-22 09:00Z; its date was 2026-02-27 10:00Z"),
        ("2026-02-22 09:00", "2026-02-28", "embargo ended Sunday 2026-02-22 09:00Z; its date was 2026-02-27 10:00Z"),
    ],
)
def test_an_embargo_that_ended_early_did_not_end_on_its_date(
    monkeypatch: pytest.MonkeyPatch, ended: str, now: str, line: str
) -> None:
    """E10: what leaked on Sunday was not under embargo until Friday."""
    monkeypatch.setattr("seccon.screens.day.times", lambda moment, _where: times(moment, UTC))
    end = [(ended, EmbargoEnded(reason="leaked", why="it is on a list"))] if ended else []
    case = fold(tell(*received(), SET, *end))
    view = CaseView(case, shipped("qemu"), None, (), (), (), (), at(now), "alice")
    assert date_line(view) == line
