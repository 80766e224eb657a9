"""`seccon due`: what is due, for cron. Ids only, never a subject: its output is mailed around (features, E5 E8)."""

import click

from seccon.cli.frame import FAILED, Frame, json_option, no_sync_option, pass_frame, say, say_json
from seccon.core.agenda import label, line, what
from seccon.core.board import Dated
from seccon.core.errors import ConfigError
from seccon.core.spans import span
from seccon.desk.calendar import FindDue, MailReminder


@click.command()
@click.option("--within", default="3d", show_default=True, metavar="SPAN", help="How far ahead to look: 12h, 3d, 2 weeks.")
@click.option("--mine", is_flag=True, help="Only the cases that you answer for.")
@click.option("--mail", "to", metavar="ADDRESS", help="Mail it instead of printing it; nothing due, no mail.")
@click.option("--from", "sender", default="", metavar="ADDRESS", help="Which [[identity]] the mail comes from; else the first.")
@json_option
@no_sync_option
@click.pass_context
@pass_frame
def command(
    frame: Frame, ctx: click.Context, within: str, mine: bool, to: str | None, sender: str, as_json: bool, no_sync: bool
) -> None:
    """Print what is due: case, time, which promise. Never a subject, a name or an address.

    What the policy warns of already is there too, however far off it is.
    Exit status: 0 nothing, 1 something, 2 something is overdue, or new mail could not be read, or the mail was not sent.
    """
    try:
        length = span(within)
    except ValueError as error:
        raise ConfigError(f"--within: {error}.") from None
    office = frame.synced(no_sync)
    found = FindDue(within=length, mine=mine).perform(office)
    now = office.clock()
    if to and found:
        MailReminder(to=to, dates=found, identity=sender).perform(office)
    if as_json:
        say_json(now=now, due=[{**due_json(one), "overdue": one.due < now} for one in found])
    for one in () if as_json or to else found:
        say(line(one, now))
    overdue = any(one.due < now for one in found)
    ctx.exit(FAILED if frame.stale or overdue else 1 if found else 0)


def due_json(one: Dated) -> dict[str, object]:
    """Give one dated thing as JSON shows it."""
    return {"case": label(one), "number": one.case, "kind": one.kind, "name": one.name, "title": what(one), "due": one.due}
