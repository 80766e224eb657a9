"""`seccon sync`: read new mail into the ledger."""

import sys
from datetime import UTC, datetime

import click
import msgspec

from seccon.cli.frame import Frame, complain, json_option, pass_frame, say_json
from seccon.core.errors import ConfigError
from seccon.core.instants import Instant, instant
from seccon.core.plural import count
from seccon.desk.sync import Sync


@click.command()
@click.option("--since", metavar="DATE", help="For a store with years of history: threads whose mails are all older owe nothing.")
@click.option("--anew", is_flag=True, help="Look at the whole store again; what is filed already adds nothing.")
@json_option
@pass_frame
def command(frame: Frame, since: str | None, anew: bool, as_json: bool) -> None:
    """Read new mail into the ledger, with progress. For cron, or for notmuch's post-new hook.

    Nothing in the mail store is altered.
    """
    tell = _progress if sys.stderr.isatty() and not as_json else None
    taken = Sync(since=_day(since) if since else None, anew=anew, tell=tell).perform(frame.office)
    if frame.office.feed:
        from seccon.desk.calendar import WriteFeed

        WriteFeed().perform(frame.office)
    for policy in (frame.office.policies[one.policy] for one in frame.office.projects):
        if not policy.mail:
            complain(f"{policy.key} takes no reports by mail: nothing is read for it. {policy.note}".strip())
    if as_json:
        say_json(**msgspec.to_builtins(taken))
        return
    if tell:
        click.echo("\r\033[K", nl=False, err=True)
    missing = f", {count(taken.missing, 'file')} vanished meanwhile" if taken.missing else ""
    said = (count(taken.mails, "mail") + " read", count(taken.opened, "new report"), count(taken.entries, "entry", "entries"))
    click.echo(f"{', '.join(said)}{missing}.")


def _progress(done: int, total: int) -> bool:
    click.echo(f"\r\033[K{done} of {count(total, 'mail')}", nl=False, err=True)
    return True


def _day(text: str) -> Instant:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"--since: '{text}' is not a date such as 2026-01-31.") from None
    return instant(found if found.tzinfo else found.replace(tzinfo=UTC))
