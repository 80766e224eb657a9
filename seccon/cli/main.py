"""The command group: names every command, and loads the one that is asked for."""

import importlib

import click

from seccon import __version__
from seccon.cli.frame import FAILED, Frame, told
from seccon.widgets.plain import plain

COMMANDS = {
    "demo": "open the console on a realistic store in a private place",
    "sync": "read new mail into the ledger",
    "list": "print the queue",
    "show": "print one case: clocks, steps, history",
    "read": "print one mail as the console understands it",
    "due": "print what is due, or mail it; for cron",
    "calendar": "print the agenda, or write it for other calendars",
    "trailers": "print the trailers of a case's fix; check a commit or patch",
    "keys": "list the keys that are trusted, and for whom; import, pin, check",
    "export": "write the advisory of a case: text, Markdown, CVE, CSAF, OSV, security notice",
    "policy": "list policies, show one, replay entries through one",
    "audit": "prove the journal, or say where it was altered",
    "doctor": "examine everything that seccon stands on",
}
"""Command -> what it does, in the order of the help; each is the `command` of the module of its name."""


class Commands(click.Group):
    """Loads a command when it is asked for: `seccon list` need not load what `demo` needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give all names, in the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        module = {"list": "queue"}.get(cmd_name, cmd_name)
        command: click.Command = importlib.import_module(f"seccon.cli.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a mistyped one is answered with the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            if args and args[0] in COMMANDS:
                raise
            from seccon.core.problems import unknown

            ctx.fail(unknown(f"There is no command '{plain(args[0], lines=False, limit=60)}'", args[0], COMMANDS))

    def invoke(self, ctx: click.Context) -> object:
        """Run; what goes wrong is one sentence on standard error."""
        done = told(lambda: super(Commands, self).invoke(ctx))
        if ctx.obj.stale:
            ctx.exit(FAILED)
        return done


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", metavar="FILE", help="Read this configuration instead of the person's and the host's.")
@click.version_option(__version__, prog_name="seccon")
@click.pass_context
def cli(ctx: click.Context, config: str | None) -> None:
    """Seccon is the console of a security response team. Without a command it opens the console.

    Exit status: 0 done, 1 something is due or wrong (see each command), 2 it could not be done, 3 the process forbids it.
    """
    ctx.obj = Frame(config)
    if ctx.invoked_subcommand is None:
        from seccon.console import open_console

        ctx.exit(open_console(config))
