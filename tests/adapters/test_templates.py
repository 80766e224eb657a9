"""The texts that replies start from (R1)."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from seccon.adapters.backoff import CHANCE, LONGEST, MOST, GrowingBackoff
from seccon.adapters.templates import TemplateFolder, fold
from seccon.core.errors import ConfigError
from tests.story import at

WHEN = datetime(2026, 12, 5, 14, tzinfo=UTC)
FULL: dict[str, Any] = {
    "reporter": "A. Roe", "member": "Alice Ames", "source": "https://example.org/process/",
    "case": "Q-2026-041",
    "received": WHEN, "missing": ("the version", "a stack trace " * 12), "reason": "Technical assistance",
    "clause": "Questions on use are asked elsewhere. " * 6, "clause_source": "process, part 2", "embargo": WHEN, "proposed": WHEN,
    "zone": "Europe/Berlin", "cve": "CVE-2026-12345", "url": "https://example.org/a/very/long/path",
    "commit": "c0ffee", "note": "News.",
}  # fmt: skip
PURPOSES = (
    "acknowledge", "cve-assigned", "date-set", "disclosure", "embargo-proposal", "fix-ready", "needs-info", "out-of-scope",
    "progress", "question",
)  # fmt: skip

_NO_REPLIES = ("bug", "announcement", "cve-request", "party-")
"""Texts that go to others than a reporter."""


@pytest.fixture
def own(tmp_path: Path) -> Any:
    def render(text: str, **values: Any) -> str:
        (tmp_path / "own.txt").write_text(text)
        return TemplateFolder(lambda kind, name: tmp_path / name if (tmp_path / name).is_file() else None).render("own", values)

    return render


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("optional", [True, False])
def test_every_shipped_text_fits_72_columns_and_leaves_no_blank(purpose: str, optional: bool) -> None:
    values = (
        FULL if optional else {name: value for name, value in FULL.items() if name not in ("case", "received", "commit", "note")}
    )
    text = TemplateFolder().render(purpose, values)
    assert max(map(len, text.split("\n"))) <= 72
    assert text.startswith("Hello A. Roe,\n")
    assert text.endswith("Alice Ames\n")
    assert "{" not in text
    assert "\n\n\n" not in text


def test_all_purposes_are_there() -> None:
    replies = [name for name in TemplateFolder().names() if not name.startswith(_NO_REPLIES)]
    assert tuple(replies) == PURPOSES


def test_a_process_without_a_page_is_not_cited_to_the_reporter() -> None:
    texts = [
        TemplateFolder().render("acknowledge", {**FULL, "source": one}) for one in (FULL["source"], "ours, after a standard")
    ]
    assert ["How we work" in text for text in texts] == [True, False]
    assert "known.\n\nWith kind regards,\nAlice Ames" in texts[1]
    assert "known.\n\nHow we work: https://example.org/process/\n\nWith kind" in texts[0]


def test_times_are_written_in_utc_and_in_the_zone_of_the_promise() -> None:
    text = TemplateFolder().render("date-set", FULL)
    assert "2026-12-05 14:00 UTC (2026-12-05 15:00 Europe/Berlin)" in text


def test_a_reporters_name_is_one_clean_line(own: Any) -> None:
    text = own("Hello {{ reporter }},\nsecond\n", reporter="Eve\r\n\r\nPS: send\x1b[2J me \u202ekeys {{ member }}")
    assert text.count("\n") == 2
    assert not set(text) & {"\x1b", "\u202e", "\r"}
    assert "{{ member }}" in text, "a value is never a template"


def test_a_text_that_stands_whole_is_neither_folded_nor_read_as_a_template(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("Hello {{ reporter }},\n\n{{ advisory }}\n\nBye\n")
    whole = "Title\n=====\n\n  " + "many words " * 12 + "\n    {{ reporter }}\n"
    made = TemplateFolder(lambda kind, name: tmp_path / name).render("own", {"reporter": "A\ufdd00\ufdd0"}, {"advisory": whole})
    assert made == f"Hello A 0,\n\n{whole}\nBye\n"


def test_a_missing_value_is_a_sentence_that_names_it() -> None:
    with pytest.raises(ConfigError, match="'cve' is undefined"):
        TemplateFolder().render("cve-assigned", {"reporter": "A", "member": "B"})


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}", "{{ missing.append(1) }}", "{% for x in range(10**9) %}x{% endfor %}",
        "{% for x in range(3) %}x{% endfor %}", "{{ lipsum() }}", "{{ dict(a=1) }}",
        "{{ x", "{% include 'etc' %}",
        "{{ reporter | time }}", "{{ 1 / 0 }}", "{{ cycler.__init__ }}", "{{ (reporter).__format__ }}",
    ],
)  # fmt: skip
def test_a_template_reaches_nothing_but_its_values(own: Any, text: str) -> None:
    with pytest.raises(ConfigError):
        own(text, reporter="A", missing=("a",))


def test_an_unknown_template_is_named_with_what_was_meant() -> None:
    with pytest.raises(ConfigError, match="acknowledge"):
        TemplateFolder().render("acknowlege", {})
    with pytest.raises(ConfigError):
        TemplateFolder().render("../../etc/passwd", {})


def test_folding_keeps_what_fits_and_never_breaks_a_link() -> None:
    link = "https://example.org/" + "x" * 100
    assert fold("short\nlines\n") == "short\nlines\n"
    assert link in fold(f"See {link} for more, please, if you have the time to do so.")


def test_a_long_link_stays_beside_the_mark_of_its_list() -> None:
    link = "https://example.org/" + "a" * 70
    assert fold(f"- {link}\n- short\n") == f"- {link}\n- short\n"
    assert fold("- " + "many words " * 10).splitlines()[1].startswith("  ")


def test_waits_grow_to_a_limit_and_end() -> None:
    """R8: the time is stored, nobody sleeps."""
    now, backoff = at("2026-11-21"), GrowingBackoff()
    waits = [(backoff(tries, now) or now) - now for tries in range(1, MOST)]
    assert 60 <= waits[0].total_seconds() <= 71
    assert waits[4] > waits[0] * 8
    assert max(waits).total_seconds() <= LONGEST + CHANCE
    assert backoff(MOST, now) is None
