"""A policy's own patterns: what a mail could make run for ever is refused when the policy is read."""

import time

import pytest

from seccon.core.pattern import LINE, matches, pattern


@pytest.mark.parametrize("text", [r"(a|aa)+b", r"(x+y)+z", r"(?:\w+\s)*end", r"(?:(?:a|b){0,3}){0,9}x"])
def test_a_repeated_group_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="repeats a group"):
        pattern(text)


@pytest.mark.parametrize("text", [r"x.*.*.*y", r"(?:a+b+){0,2}c", r"a{0,99}b{0,99}c{0,99}d"])
def test_many_open_repeats_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="repeats too much"):
        pattern(text)


@pytest.mark.parametrize(("text", "because"), [("(", "not a regular"), ("a*", "matches everywhere"), (r"(a)\1", "refers back"),
                                               ("", "1 to 200"), ("a" * 201, "1 to 200")])  # fmt: skip
def test_what_is_no_pattern_is_told(text: str, because: str) -> None:
    with pytest.raises(ValueError, match=because):
        pattern(text)


@pytest.mark.parametrize(
    ("text", "line"), [(r"\s+\s+x", " " * LINE), (r"[ab]+a+x", "a" * LINE), (r"(?:a?b?c?){0,3}\w+\w+!", "abc" * 100)]
)
def test_the_dearest_pattern_that_is_allowed_stops_soon(text: str, line: str) -> None:
    allowed = pattern(text)
    begin = time.monotonic()
    assert list(matches(allowed, [line] * 700)) == []
    assert time.monotonic() - begin < 10


def test_ordinary_patterns_find_in_ordinary_mails_to_the_end() -> None:
    lines = ["nothing on this line of fifty characters, as in mail"] * 3000 + ["  -device sdhci-pci"]
    assert list(matches(pattern(r"\s-device\s+\S+"), lines)) == [(3000, " -device sdhci-pci")]
