"""The program `seccon`: without words it opens the console, with words it is the command line."""

import gc
import sys


def main() -> None:
    """Run seccon. The console is opened without loading the command line: start time is a goal."""
    gc.disable()  # until the first painting: collecting what imports leave costs a tenth of the start
    from seccon.hardening import harden

    harden()
    given = sys.argv[1:]
    if not given or (given[0] == "--config" and len(given) == 2):
        from seccon.console import open_console

        sys.exit(open_console(*given[1:]))
    gc.enable()
    from seccon.cli.main import cli

    cli(prog_name="seccon")


if __name__ == "__main__":
    main()
