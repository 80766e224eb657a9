"""Wrapping a paragraph of a mail: quotations stay as deep as they are, no word is lost (R1)."""

from hypothesis import given
from hypothesis import strategies as some

from seccon.core.paragraph import WIDTH, paragraph_at, wrapped

LINES = [
    "Hello,",
    "",
    "first line",
    "second line",
    "> quoted",
    "> more",
    ">> deeper",
    "",
    "- an item",
    "  of two lines",
    "- next",
]


def test_a_paragraph_ends_at_blank_lines_other_depths_and_items() -> None:
    assert paragraph_at(LINES, 2) == paragraph_at(LINES, 3) == (2, 4)
    assert paragraph_at(LINES, 5) == (4, 6)
    assert paragraph_at(LINES, 6) == (6, 7)
    assert paragraph_at(LINES, 9) == (8, 10)
    assert paragraph_at(LINES, 1) == (1, 1)
    assert paragraph_at([], 0) == (0, 0)
    assert paragraph_at([">", "> a"], 0) == (0, 0)


def test_a_quotation_stays_a_quotation() -> None:
    made = wrapped(["> > " + "word " * 40])
    assert len(made) > 2
    assert all(line.startswith(">> word") and len(line) <= WIDTH for line in made)


def test_an_item_hangs() -> None:
    made = wrapped(["- " + "word " * 30])
    assert made[0].startswith("- word")
    assert all(line.startswith("  word") for line in made[1:])


def test_a_long_word_stays_whole() -> None:
    link = "https://example.org/" + "a" * 120
    assert link in wrapped([f"see {link} there"])


_WORDS = some.lists(some.text("abcXYZ09.,-", min_size=1, max_size=30), min_size=1, max_size=60)


@given(_WORDS, some.integers(0, 4))
def test_no_word_is_lost_and_the_depth_stays(words: list[str], depth: int) -> None:
    text = "x " + " ".join(words)
    made = wrapped([">" * depth + " " * bool(depth) + text])
    bodies = [line[depth:].strip() for line in made]
    assert " ".join(bodies).split() == text.split()
    assert all(line.startswith(">" * depth) and not line[depth:].startswith(">") for line in made)
    assert wrapped(made) == made
