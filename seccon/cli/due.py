"""`seccon due`: what is due, for cron. Ids only, never a subject: its output is mailed around (features, E5 E8)."""

import click

from seccon.cli.frame import FAILED, Frame, json_option, no_sync_option, pass_frame, say, say_json
from seccon.core.board import Dated
from seccon.core.errors import ConfigError
from seccon.core.instants import EPOCH
from seccon.core.spans import after, distance, span


@click.command()
@click.option("--within", default="3d", show_default=True, metavar="SPAN", help="How far ahead to look: 12h, 3d, 2 weeks.")
@click.option("--mine", is_flag=True, help="Only the cases that you answer for.")
@json_option
@no_sync_option
@click.pass_context
@pass_frame
def command(frame: Frame, ctx: click.Context, within: str, mine: bool, as_json: bool, no_sync: bool) -> None:
    """Print what is due: case, time, which promise. Never a subject, a name or an address.

    Exit status: 0 nothing, 1 something, 2 something is overdue, or new mail could not be read.
    """
    try:
        length = span(within)
    except ValueError as error:
        raise ConfigError(f"--within: {error}.") from None
    office = frame.synced(no_sync)
    now = office.clock()
    found = [one for one in office.ledger.dates(EPOCH, after(now, length)) if one.due <= after(now, length)]
    if mine:
        rows = {case: office.ledger.row(case, office.person) for case in {one.case for one in found}}
        found = [one for one in found if (row := rows[one.case]) and row.owner == office.person]
    overdue = [one for one in found if one.due < now]
    if as_json:
        say_json(now=now, due=[{**_json(one), "overdue": one.due < now} for one in found])
    for one in () if as_json else found:
        left = f"{distance(now, one.due)} over" if one.due < now else f"in {distance(now, one.due)}"
        say(f"{'!' if one.due < now else ' '} {one.label or one.case:<12} {one.due:%Y-%m-%d %H:%M}Z  {left:>9}  {one.title}")
    ctx.exit(FAILED if frame.stale or overdue else 1 if found else 0)


def _json(one: Dated) -> dict[str, object]:
    return {
        "case": one.label or f"#{one.case}",
        "number": one.case,
        "kind": one.kind,
        "name": one.name,
        "title": one.title,
        "due": one.due,
    }
