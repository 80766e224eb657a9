"""What all commands share: the office, JSON and text output, errors as sentences."""

import io
import json
import os
import sys
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from seccon.core.errors import SecconError
from seccon.core.instants import Instant, to_text
from seccon.settings import Settings, load
from seccon.widgets.plain import plain

if TYPE_CHECKING:
    from seccon.desk.office import Office

json_option = click.option("--json", "as_json", is_flag=True, help='Answer in JSON; "seccon": 1 names the shape\'s version.')
no_sync_option = click.option("--no-sync", is_flag=True, help="Do not read new mail first.")

FAILED = 2
"""Exit status of what could not be done, or only in part."""


class Frame:
    """One run of the program: configuration and office, made when a command wants them, closed at its end."""

    def __init__(self, config: str | None) -> None:
        self.config = config
        self.stale = False
        """New mail could not be read: what is printed is what the ledger knew before, and the exit status says so."""

    @cached_property
    def settings(self) -> Settings:
        """The configuration. Raises ConfigError."""
        return load(self.config)

    @cached_property
    def office(self) -> "Office":
        """The office. Raises ConfigError, LedgerError."""
        from seccon import wiring

        office = wiring.office(self.settings)
        click.get_current_context().call_on_close(lambda: wiring.close(office))
        return office

    def synced(self, no_sync: bool) -> "Office":
        """Give the office after reading new mail; where the store does not answer, the ledger still does, and it is said."""
        from seccon.desk.sync import Sync
        from seccon.desk.wake import Wake

        office = self.office
        if not no_sync:
            try:
                Wake().perform(office)
                Sync().perform(office)
            except SecconError as error:
                self.stale = True
                complain(f"new mail was not read: {error}")
        return office


pass_frame = click.make_pass_decorator(Frame)


def told(run: Callable[[], object]) -> object:
    """Run a command; what goes wrong is a sentence on standard error, and its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a locale without UTF-8 gets question marks, not the end of the program
            stream.reconfigure(errors="replace")
    try:
        return run()
    except SecconError as error:
        complain(str(error))
        sys.exit(error.exit_status)
    except BrokenPipeError:
        # The reader has gone. Python would flush once more at exit, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        complain(f"The system refuses: {error.strerror or error}{where}.")
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(130)


def complain(sentence: str) -> None:
    """Print a sentence on standard error, through the door."""
    click.echo(f"seccon: {plain(sentence)}", err=True)


def say(text: str = "") -> None:
    """Print one line that may hold strangers' text: through the door, so that a terminal obeys none of it."""
    click.echo(plain(text, lines=False, limit=4000))


def say_quoted(text: str) -> None:
    """Print a stranger's text of several lines behind a gutter: none of it can be taken for a line of ours."""
    click.echo("\n".join(f"| {line}" for line in plain(text).split("\n")))


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
