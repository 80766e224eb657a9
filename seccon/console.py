"""Opens the console, and tells in one plain line why it cannot."""

import sys

from seccon.core.errors import SecconError


def open_console(config: str | None = None) -> int:
    """Run the console until the person leaves; give the exit status."""
    from seccon import settings, wiring

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("seccon: the console needs a terminal. For scripts: seccon list, show, due … (seccon --help)", file=sys.stderr)  # noqa: T201
        return 2
    try:
        given = settings.load(config)
        office = wiring.office(given)
    except SecconError as error:
        print(f"seccon: {error}", file=sys.stderr)  # noqa: T201
        return error.exit_status
    from seccon.app import Console

    try:
        console = Console(office, hide_after=60 * given.console.hide_after)
        console.run()
        console.finish()
        return console.return_code or 0
    finally:
        wiring.close(office)
