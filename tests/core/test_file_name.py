"""Names for saved files: whatever a stranger calls an attachment, it becomes one plain visible file (R7)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from seccon.core.file_name import LONGEST, numbered, safe_name


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("fix.patch", "fix.patch"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("--output=x", "output=x"),
        ("~root", "root"),
        ("..", "attachment"),
        ("", "attachment"),
        (None, "attachment"),
        ("/", "attachment"),
        ("a\nb\x1b[2Jc.txt", "a b [2Jc.txt"),
        ("invoice\u202efdp.exe", "invoice fdp.exe"),
        ("a\u200b\u2800\u3164.txt", "a.txt"),
        ("photo.jpg          .exe", "photo.jpg.exe"),
        ("name. . .", "name"),
        ("file:stream", "file_stream"),
        ("\ud800\udfff", "attachment"),
        ("x" * 300 + ".patch", "x" * 94 + ".patch"),
    ],
)
def test_a_name_is_made_safe(given_name: str | None, safe: str) -> None:
    assert safe_name(given_name) == safe


@given(some.text(max_size=400))
def test_any_name_is_safe_and_stays_as_it_is_then(text: str) -> None:
    made = safe_name(text)
    assert 0 < len(made) <= LONGEST
    assert len(made.encode()) <= 200
    assert made[0] not in ".-~ "
    assert not set(made) & set("/\\\n\0")
    assert all(unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in made)
    assert safe_name(made) == made


def test_a_number_stands_before_the_extension() -> None:
    assert numbered("a.tar.gz", 0) == "a.tar.gz"
    assert numbered("a.patch", 2) == "a-2.patch"
    assert numbered("Makefile", 1) == "Makefile-1"
    assert numbered("v1.not an extension", 1) == "v1.not an extension-1"
