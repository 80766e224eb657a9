"""What the first screen does not need is loaded later: start time is mostly imports (performance, P1)."""

import subprocess
import sys

import pytest

LATER = (
    "click", "email", "gnupg", "icalendar", "jinja2", "keyring", "notmuch2", "psycopg", "smtplib", "tenacity",
    "seccon.adapters.ledger.book", "seccon.core.case", "seccon.core.intake", "seccon.core.projection", "seccon.desk.request",
)  # fmt: skip


def loaded(code: str) -> set[str]:
    """Give the modules that a new interpreter has after it ran this."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_console_is_there_before_what_it_needs_later() -> None:
    found = loaded("import seccon.app, seccon.console, seccon.settings, seccon.wiring")
    assert "seccon.screens.queue" in found
    assert found.isdisjoint(LATER), sorted(found & set(LATER))


@pytest.mark.parametrize("words", [[], ["--config", "/nowhere/config.toml"]])
def test_opening_the_console_loads_no_command_line(words: list[str]) -> None:
    code = (
        f"import sys; sys.argv = ['seccon', *{words!r}]\nfrom seccon.__main__ import main\ntry: main()\nexcept SystemExit: pass"
    )
    assert loaded(code).isdisjoint({"click", "seccon.cli.main"})
