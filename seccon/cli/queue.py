"""`seccon list`: the queue."""

import click

from seccon.cli.frame import Frame, json_option, no_sync_option, pass_frame, say, say_json
from seccon.cli.rows import row_json, row_line
from seccon.core.errors import ConfigError
from seccon.core.problems import unknown
from seccon.core.query import query_from
from seccon.desk.roster import roster_of


@click.command("list")
@click.argument("words", metavar="[FILTER]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Closed cases too.")
@json_option
@no_sync_option
@pass_frame
def command(frame: Frame, words: tuple[str, ...], everything: bool, as_json: bool, no_sync: bool) -> None:
    """Print the queue, most urgent first.

    FILTER: words that must all occur in subject, reporter, id or owner; or state:new|open|waiting|embargo|closed|all,
    project:NAME, sort:urgency|age|severity|activity|number|reporter.
    Exit status: 0 printed, 2 it could not be, or new mail could not be read.
    """
    office = frame.synced(no_sync)
    query = query_from(" ".join(words), everything=everything)
    rows = office.ledger.rows(query, office.person, 0, -1, office.clock())
    known = [project.name for project in office.projects]
    if query.project and not rows and query.project not in known:
        raise ConfigError(unknown(f"There is no project '{query.project}'", query.project, known))
    now = office.clock()
    if as_json:
        say_json(cases=[row_json(row, now) for row in rows])
        return
    roster = roster_of(office)
    for row in rows:
        say(row_line(row, now, roster))
    if not rows:
        click.echo("Nothing here.", err=True)
