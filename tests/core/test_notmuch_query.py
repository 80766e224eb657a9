"""A nonsense query is told: notmuch would take it, and no report would come in (M11)."""

import pytest

from seccon.core.notmuch_query import faults_of
from tests.story import POLICIES, shipped


@pytest.mark.parametrize(
    "query",
    [
        "*",
        "to:a@b.example",
        'to:a@b.example or (subject:"[X] (y" and not tag:spam)',
        "from:/(a|b.*/ and date:2026-01..",
        'List:list.b.example -tag:"a b"',
        "tag:security thread:{tag:x}",
        "is:inbox AND NOT path:a/**",
        "plain words here",
    ],
)
def test_a_sound_query_has_no_faults(query: str) -> None:
    assert list(faults_of(query)) == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "is empty"),
        ("form:a@b.example", "'form:', which notmuch does not know; did you mean 'from'?"),
        ("(subjct:x)", "did you mean 'subject'?"),
        ('subject:"[X] or to:y', "a quotation that does not end"),
        ("(to:a or to:b", "a bracket that does not close"),
        ("to:a) or to:b", "closes a bracket that is not open"),
        ("to: a@b.example", "nothing behind 'to:'"),
    ],
)
def test_what_notmuch_would_swallow_is_told(query: str, words: str) -> None:
    assert words in "\n".join(faults_of(query))


@pytest.mark.parametrize("name", sorted(path.stem for path in POLICIES.glob("*.toml") if "-" not in path.stem))
def test_the_shipped_queries_are_sound(name: str) -> None:
    policy = shipped(name)
    assert not policy.intake.reports or list(faults_of(policy.intake.reports)) == []
