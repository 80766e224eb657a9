"""What all commands share: the office, JSON and text output, errors as sentences."""

import json
import sys
from collections.abc import Callable
from functools import cached_property
from typing import Any

import click

from seccon.core.errors import SecconError
from seccon.core.instants import Instant, to_text
from seccon.desk.office import Office
from seccon.settings import Settings, load
from seccon.widgets.plain import plain

json_option = click.option("--json", "as_json", is_flag=True, help='Answer in JSON; "seccon": 1 names the shape\'s version.')
no_sync_option = click.option("--no-sync", is_flag=True, help="Do not read new mail first.")


class Frame:
    """One run of the program: configuration and office, made when a command wants them, closed at its end."""

    def __init__(self, config: str | None) -> None:
        self.config = config

    @cached_property
    def settings(self) -> Settings:
        """The configuration. Raises ConfigError."""
        return load(self.config)

    @cached_property
    def office(self) -> Office:
        """The office. Raises ConfigError, LedgerError."""
        from seccon import wiring

        office = wiring.office(self.settings)
        click.get_current_context().call_on_close(lambda: wiring.close(office))
        return office

    def synced(self, no_sync: bool) -> Office:
        """Give the office after reading new mail; a store that does not answer is a warning: the ledger still does."""
        from seccon.desk.sync import Sync

        office = self.office
        if not no_sync:
            try:
                Sync().perform(office)
            except SecconError as error:
                click.echo(f"seccon: new mail was not read: {error}", err=True)
        return office


pass_frame = click.make_pass_decorator(Frame)


def told(run: Callable[[], object]) -> object:
    """Run a command; what goes wrong is a sentence on standard error, and its exit status."""
    try:
        return run()
    except SecconError as error:
        click.echo(f"seccon: {plain(str(error))}", err=True)
        sys.exit(error.exit_status)
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone; Python would complain once more at exit
        sys.exit(0)


def say(text: str = "") -> None:
    """Print one line that may hold strangers' text: through the door, so that a terminal obeys none of it."""
    click.echo(plain(text, lines=False, limit=4000))


def say_lines(text: str) -> None:
    """Print text of several lines, through the door."""
    click.echo(plain(text))


def say_json(**fields: Any) -> None:
    """Print an object of the documented shape; ASCII only, so that no terminal can be told anything by it."""
    click.echo(json.dumps({"seccon": 1, **_ready(fields)}, ensure_ascii=True))


def _ready(value: Any) -> Any:
    if isinstance(value, Instant):
        return to_text(value)
    if isinstance(value, dict):
        return {key: _ready(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_ready(item) for item in value]
    return value
