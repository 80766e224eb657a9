"""What a commit's message says of where it was picked from, and of what it undoes."""

import time

import pytest

from seccon.core.branch_events import names_issue, picked_from
from seccon.core.repository import Commit

FIRST = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    "line",
    [
        f"(cherry picked from commit {FIRST})",
        f"(backported from commit {FIRST} [context])",
        f"commit {FIRST} upstream.",
        f"    commit {FIRST} upstream",
        f"[ Upstream commit {FIRST} ]",
        f"[ Upstream commit {FIRST} ]  \r",
    ],
)
def test_each_way_to_say_that_a_commit_was_picked_is_read(line: str) -> None:
    assert picked_from(f"net: check the length\n\n{line}\n\nmore\n") == (FIRST,)


@pytest.mark.parametrize("line", ["commit of {} upstream", "see commit {} upstream", "commit {} upstream was wrong"])
def test_what_only_sounds_like_it_is_no_pick(line: str) -> None:
    assert picked_from(f"net: check the length\n\n{line.format(FIRST)}\n") == ()


@pytest.mark.parametrize("sign", ["\n", " ", "\t", "\r\n", " \n"])
def test_a_message_of_blanks_costs_no_time(sign: str) -> None:
    """Hostile input: a pattern that looks for its line's beginning across line ends took minutes over this."""
    commit = Commit(FIRST, message=f"net: check\n{sign * 300_000}x")
    begun = time.process_time()
    assert picked_from(commit.message) == ()
    assert not names_issue(commit, "CVE-2026-1234")
    assert time.process_time() - begun < 2
