"""The program `seccon`: without words it opens the console, with words it is the command line."""

import sys


def main() -> None:
    """Run seccon. The console is opened without loading the command line: start time is a goal."""
    from seccon.hardening import harden

    harden()
    if len(sys.argv) == 1:
        from seccon.console import open_console

        sys.exit(open_console())
    from seccon.cli.main import cli

    cli(prog_name="seccon")


if __name__ == "__main__":
    main()
