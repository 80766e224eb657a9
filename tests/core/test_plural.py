"""One place makes plurals, and nothing else does (U9)."""

import re
from pathlib import Path

import pytest

from seccon.core.plural import count, word

HERE = Path(__file__).parents[2] / "seccon"
_OWN = re.compile(r"""\{['"]s['"] (?:if|\*)|[a-z]\(s\)[ .,"']|['"]1 [a-z]+['"] if """)


@pytest.mark.parametrize(("number", "said"), [(0, "0 mails"), (1, "1 mail"), (2, "2 mails")])
def test_a_number_has_its_word(number: int, said: str) -> None:
    assert count(number, "mail") == said


def test_a_word_with_another_plural_is_given_both() -> None:
    assert [count(at, "try", "tries") for at in (1, 2)] == ["1 try", "2 tries"]
    assert [word(at, "mail is", "mails are") for at in (1, 3)] == ["mail is", "mails are"]


def test_no_other_file_makes_plurals_by_hand() -> None:
    found = [f"{path.name}: {line.strip()}" for path in HERE.rglob("*.py") for line in path.read_text().splitlines()
             if _OWN.search(line) and "plural" not in path.name]  # fmt: skip
    assert found == [], "use seccon.core.plural.count"
