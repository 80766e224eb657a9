"""`seccon demo`: the console on a realistic store, in a private place."""

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from seccon.cli.frame import Frame, json_option, say, say_json
from seccon.cli.rows import row_json, row_line
from seccon.core.board import BoardQuery
from seccon.desk.roster import roster_of


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--build-only", is_flag=True, help="Make it in DIR and say how to use it; do not open the console.")
@json_option
def command(directory: Path | None, build_only: bool, as_json: bool) -> None:
    """Open the console on a realistic store with mail, keys and cases in every state.

    It is made in a private temporary place that is taken away afterwards, or in DIR, which stays. Nothing else is touched: mail
    that you send in it goes into a directory. Without a terminal, or with --json, it prints the queue and exits 0.
    """
    if build_only and directory is None:
        raise click.UsageError("--build-only needs a DIR.")
    place = Path(directory or "")
    for number in (signal.SIGHUP, signal.SIGTERM):  # a closed terminal must not leave agents and keys behind
        signal.signal(number, _stop)
    try:
        if directory is None:
            place = Path(tempfile.mkdtemp(prefix="seccon-demo-"))
        _run(place.absolute(), build_only, as_json)
    except _StoppedError as stopped:
        sys.exit(128 + int(stopped.args[0]))
    finally:
        if directory is None and place.name:
            shutil.rmtree(place, ignore_errors=True)


def _run(directory: Path, build_only: bool, as_json: bool) -> None:
    from seccon import wiring

    with wiring.demo(directory, _progress) as made:
        _enter(made.environment())
        if build_only:
            _explain(made, as_json)
        elif sys.stdin.isatty() and sys.stdout.isatty() and not as_json:
            from seccon.console import open_console

            status = open_console(str(made.config))
            if status:
                sys.exit(status)
        else:
            _print_queue(str(made.config), as_json)


class _StoppedError(KeyboardInterrupt):
    """A signal came; it ends the demo as Ctrl-C does, so that whatever is half made is taken away."""


def _stop(number: int, frame: object) -> None:
    for other in (signal.SIGHUP, signal.SIGTERM):  # a second signal must not cut the tidying short
        signal.signal(other, signal.SIG_IGN)
    raise _StoppedError(number)


def _enter(environment: dict[str, str]) -> None:
    """Let this process, and what it starts, see nothing of the person's own."""
    for name in [name for name in os.environ if name.startswith(("XDG_", "NOTMUCH", "SECCON"))]:
        del os.environ[name]
    os.environ.update(environment)


def _progress(text: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\033[Kdemo: {text} ({done} of {total})", nl=done >= total, err=True)


def _explain(made: Any, as_json: bool) -> None:
    if as_json:
        say_json(directory=str(made.directory), environment=made.environment())
        return
    click.echo(f"The demo lies in {made.directory}. To look at it with other programs too:")
    for name, value in made.environment().items():
        click.echo(f"  export {name}={value}")
    click.echo("  seccon")


def _print_queue(config: str, as_json: bool) -> None:
    office = Frame(config).office
    now = office.clock()
    rows, roster = office.ledger.rows(BoardQuery(), office.person, 0, -1, office.clock()), roster_of(office)
    if as_json:
        say_json(cases=[row_json(row, now) for row in rows])
    for row in () if as_json else rows:
        say(row_line(row, now, roster))
