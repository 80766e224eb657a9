"""Patches and bytes as they are shown: what is set off, and how much (R7)."""

from seccon.widgets.dump import dump_lines
from seccon.widgets.patch import is_patch, patch_lines
from tests.widgets.hostile import HOSTILE

PATCH = """\
Subject: [PATCH] x

- a list in the message
diff --git a/x b/x
--- a/x
+++ b/x
@@ -1,3 +1,2 @@ int main
 same
--- gone
-- gone too
+++ new
@@ -9 +9 @@
-a
+b
-- 
2.45"""  # noqa: W291


def styles() -> dict[str, str]:
    return {line.text: line.style for line in patch_lines(PATCH)}


def test_what_is_added_and_taken_away_is_told_by_the_hunks_own_counts() -> None:
    found = styles()
    assert found["--- gone"] == "alarm"
    assert found["+++ new"] == "good"
    assert found["--- a/x"] == "strong"
    assert found["- a list in the message"] == ""
    assert found["@@ -9 +9 @@"] == "head"
    assert found["-- "] == "", "a signature is no deletion"


def test_a_patch_is_known_by_its_type_its_name_or_itself() -> None:
    assert is_patch(PATCH)
    assert is_patch("", "a.diff")
    assert is_patch("", kind="text/x-patch")
    assert not is_patch("@@ -1 +1 @@ alone")
    assert not is_patch("--- a line\n+ another")


def test_a_hunk_that_counts_too_much_ends_with_the_text() -> None:
    assert len(list(patch_lines("@@ -1,999999999 +1,999999999 @@\n" + "x\n" * 5))) == 7


def test_bytes_are_shown_in_76_columns_and_no_more_than_the_bound() -> None:
    lines = list(dump_lines(bytes(range(256)) * 600))
    assert max(len(line.lead[0] + line.text) for line in lines) <= 76
    assert len(lines) == 4097
    assert lines[-1].text == f"… {256 * 600 - (64 << 10)} more bytes are not shown"
    assert lines[1].lead[0] == "00000010  "
    assert [line.text for line in dump_lines(b"")] == ["It is empty."]


def test_hostile_text_is_washed() -> None:
    said = "".join(line.text for text in HOSTILE for line in (*patch_lines(text), *dump_lines(text.encode("utf-8", "replace"))))
    assert not set(said) & {"\x1b", "\x07", "\x9b", "\u202e", "\u200b"}
