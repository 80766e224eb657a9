"""The one door: what a terminal would obey or hide comes out visible."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from seccon.widgets.plain import MARKS, content, plain

HOSTILE = st.text(
    alphabet=st.characters(codec=None) | st.sampled_from("\x1b\x9b\x9d\x07\r\n\t\u202e\u200d\ufe0f\u0301\ud800👩💻🇩🇪")
)


@given(HOSTILE, st.booleans(), st.integers(1, 60))
def test_cleaning_twice_changes_nothing(text: str, lines: bool, limit: int) -> None:
    once = plain(text, lines=lines, limit=limit)
    assert plain(once, lines=lines, limit=limit) == once


@given(HOSTILE, st.booleans())
def test_nothing_that_a_terminal_obeys_or_hides_comes_out(text: str, lines: bool) -> None:
    out = plain(text, lines=lines)
    allowed = "\n\t" if lines else ""
    assert all(char in allowed or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for char in out)
    out.encode()


@given(HOSTILE, st.integers(1, 40))
def test_no_more_comes_out_than_the_limit(text: str, limit: int) -> None:
    assert len(plain(text, limit=limit)) <= limit


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_ascii_is_untouched(text: str) -> None:
    assert plain(text) == text == plain(text, lines=False)


@given(HOSTILE)
def test_widths_add_up_character_by_character(text: str) -> None:
    """tmux adds up characters; Rich joins some. After the door both agree."""
    out = plain(text, lines=False)
    assert cell_len(out) == sum(cell_len(char) for char in out)


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("\x1b]52;c;AAAA\x07", "␛]52;c;AAAA␇"),
        ("\x9b2J", "⟨U+009B⟩2J"),
        ("a\u202etxt.exe", "a⟨U+202E⟩txt.exe"),
        ("pay\u200bpal", "pay⟨U+200B⟩pal"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("\udc80", "⟨U+DC80⟩"),
        ("👩\u200d💻", "👩⟨U+200D⟩💻"),
        ("❤\ufe0f", "❤"),
        ("straße \u0645\u0631\u062d\u0628\u0627", "straße \u0645\u0631\u062d\u0628\u0627"),
        ("one\r\ntwo\rthree", "one\ntwo␍three"),
        ("a\u00a0b\u3000c", "a b c"),
        ("e\u0301", "e\u0301"),
        ("\u0301x", "◌\u0301x"),
        ("\u3164", "⟨U+3164⟩"),
    ],
)
def test_each_trick_is_shown(given_text: str, shown: str) -> None:
    assert plain(given_text) == shown


def test_a_pile_of_marks_is_cut_down() -> None:
    assert plain("x" + "\u0301" * 500) == "x" + "\u0301" * MARKS


def test_a_subject_stays_on_one_line() -> None:
    assert plain("a\nb\tc\x0bd", lines=False) == "a␤b c␋d"


def test_what_was_cut_says_so() -> None:
    assert plain("abcdef", limit=4) == "abc…"


def test_content_has_no_markup() -> None:
    value = content("[@click=app.quit]x[/] [CVE-2026-1234] \x1b")
    assert value.plain == "[@click=app.quit]x[/] [CVE-2026-1234] ␛"
    assert not value.spans
