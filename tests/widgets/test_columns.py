"""The queue's columns: every width from narrow to wide, every state by a sign and not by colour alone."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from rich.cells import cell_len

from seccon.core.board import Row
from seccon.widgets.columns import cells, columns, heads, rank_style
from seccon.widgets.fit import fit, wrap
from seccon.widgets.lapse import age, left, short
from tests.widgets.hostile import ALL, FORBIDDEN

NOW = datetime(2026, 11, 21, 19, 13, tzinfo=UTC)
ROW = Row(number=41, id="Q-2026-041", project="qemu", state="open", subject="virtio-net: heap overflow", reporter="J. Doe")


def drawn(row: Row, width: int = 100) -> dict[str, str]:
    layout = columns(width)
    return {column.name: cell.text for column, cell in zip(layout, cells(row, NOW, layout, 4), strict=True)}


@pytest.mark.parametrize("width", [*range(60, 201, 7), 78, 80, 100, 120, 160, 200])
def test_columns_fill_any_width_exactly(width: int) -> None:
    layout = columns(width)
    assert sum(column.width + 1 for column in layout) - 1 == width
    assert cell_len(heads(width)) == width
    assert layout[-1].width >= 12


@pytest.mark.parametrize("width", [60, 78, 100, 150, 200])
def test_hostile_text_in_every_field_stays_in_its_column(width: int) -> None:
    row = Row(
        number=1, id=ALL, project=ALL, state="open", subject=ALL, reporter=ALL, address=ALL, severity=ALL, rank=9, next=ALL,
        owner=ALL, alarm=ALL, unread=12345, encrypted=True, signed=True,
    )  # fmt: skip
    layout = columns(width)
    for column, cell in zip(layout, cells(row, NOW, layout, 4), strict=True):
        assert cell_len(cell.text) == column.width, column
        assert not FORBIDDEN & set(cell.text)


@pytest.mark.parametrize(
    ("changes", "glyph"),
    [
        ({}, "●"),
        ({"state": "new"}, "○"),
        ({"state": "waiting"}, "◷"),
        ({"state": "embargo"}, "◆"),
        ({"state": "closed", "due": NOW - timedelta(days=1)}, "✕"),
        ({"due": NOW}, "!"),
        ({"due": NOW + timedelta(seconds=1)}, "●"),
        ({"alarm": "two mails under one id"}, "!"),
    ],
)
def test_each_state_has_its_sign(changes: dict[str, object], glyph: str) -> None:
    assert drawn(msgspec.structs.replace(ROW, **changes))["glyph"] == glyph


@pytest.mark.parametrize(
    ("changes", "sign"),
    [
        ({}, "   "),
        ({"encrypted": True}, "🔒 "),
        ({"signed": True}, "  ?"),
        ({"signed": True, "mark": "weak"}, "  ?"),
        ({"signed": True, "mark": "bad"}, "  ✗"),
        ({"signed": True, "mark": "trusted", "encrypted": True}, "🔒✓"),
    ],
)
def test_the_tick_is_for_what_was_proved(changes: dict[str, object], sign: str) -> None:
    assert drawn(msgspec.structs.replace(ROW, **changes))["pgp"] == sign


def test_what_is_unread_shows_at_every_width() -> None:
    row = msgspec.structs.replace(ROW, unread=2)
    assert drawn(row, 78)["subject"].startswith("+2 virtio")
    assert drawn(row, 150)["unread"] == " +2"


def test_ranks_are_coloured_by_their_place_on_any_scale() -> None:
    assert [rank_style(rank, 4) for rank in range(-1, 4)] == ["quiet", "rank-0", "rank-1", "rank-2", "rank-3"]
    assert [rank_style(rank, 2) for rank in range(2)] == ["rank-0", "rank-3"]
    assert rank_style(0, 1) == "rank-0"
    assert rank_style(99, 5) == "rank-3"


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(minutes=59), "59m"),
        (timedelta(hours=47), "47h"),
        (timedelta(days=9, hours=23), "9d"),
        (timedelta(days=900), "2y"),
    ],
)
def test_lengths_are_rounded_down(length: timedelta, said: str) -> None:
    assert short(length) == said == short(-length)


def test_time_left_turns_into_time_over_at_the_due_second() -> None:
    assert left(NOW, NOW) == "0m over"
    assert left(NOW + timedelta(days=4), NOW) == "4d left"
    assert left(None, NOW) == ""
    assert age(NOW + timedelta(hours=1), NOW) == "0m"


@pytest.mark.parametrize("width", [1, 2, 5, 9])
def test_fitting_counts_cells_not_characters(width: int) -> None:
    for text in ("日本語テキスト", "a🔒b", "abc", "e\u0301te\u0301"):
        assert cell_len(fit(text, width)) == width


def test_wrapping_loses_no_word_and_breaks_what_is_too_long() -> None:
    lines = list(wrap("alpha beta gamma " + "x" * 25 + " end", 10))
    assert all(cell_len(line) <= 10 for line in lines)
    assert "".join("".join(lines).split()) == "alphabetagamma" + "x" * 25 + "end"
    assert list(wrap("a\n\nb", 10)) == ["a", "", "b"]
