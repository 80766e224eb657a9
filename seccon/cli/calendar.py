"""`seccon calendar`: the agenda as text and JSON, and as a file for other calendars. Ids only, never a subject (features, E5)."""

from datetime import UTC, date, datetime, time, timedelta

import click

from seccon.cli.due import due_json
from seccon.cli.frame import FAILED, Frame, json_option, no_sync_option, pass_frame, say, say_json
from seccon.core.agenda import line
from seccon.core.board import Dated
from seccon.core.errors import ConfigError
from seccon.core.instants import EPOCH, FAR, Instant
from seccon.desk.calendar import ReadStretch, WriteCalendar

_AHEAD = timedelta(days=92)
"""How far the agenda looks where nobody says."""


@click.command()
@click.option("--from", "first", metavar="DAY", help="From this day on, such as 2026-11-21; else everything that is open.")
@click.option("--to", "last", metavar="DAY", help="Until the end of this day; else three months ahead, and all in a file.")
@click.option("--ics", metavar="FILE", help="Write an iCalendar file, readable by you alone; - writes to standard output.")
@json_option
@no_sync_option
@click.pass_context
@pass_frame
def command(
    frame: Frame, ctx: click.Context, first: str | None, last: str | None, ics: str | None, as_json: bool, no_sync: bool
) -> None:
    """Print the agenda: the end of each embargo, the due time of each open clock, holidays. Never a subject or a name.

    Exit status: 0 done, 2 it could not be, or new mail could not be read.
    """
    start = _midnight(first, "--from") if first else EPOCH
    end = _midnight(last, "--to") + timedelta(days=1) if last else FAR
    if end <= start:
        raise ConfigError("--to lies before --from.")
    office = frame.synced(no_sync)
    if ics:
        written = WriteCalendar(path="" if ics == "-" else ics, start=start, end=end).perform(office)
        if ics == "-":
            click.echo(written, nl=False)
        ctx.exit(FAILED if frame.stale else 0)
    now = office.clock()
    end = end if last else max(start, now) + _AHEAD
    found = ReadStretch(start=start, end=end, holidays_from=max(start, now)).perform(office)
    dates = [one for one in found.dates if one.open and start <= one.due < end]
    if as_json:
        holidays = {str(day): name for day, name in found.holidays.items()}
        say_json(
            now=now, due=[{**due_json(one), "start": one.start, "overdue": one.due < now} for one in dates], holidays=holidays
        )
        ctx.exit(FAILED if frame.stale else 0)
    for text in _agenda(dates, dict(found.holidays), now):
        say(text)
    ctx.exit(FAILED if frame.stale else 0)


def _agenda(dates: list[Dated], holidays: dict[date, str], now: Instant) -> list[str]:
    """Give a line a day that holds anything, and below it what is due; times in UTC, the viewer's own beside."""
    days: dict[date, list[Dated]] = {day: [] for day in holidays}
    for one in dates:
        days.setdefault(one.due.date(), []).append(one)
    out: list[str] = []
    for day in sorted(days):
        today = "  today" if day == now.date() else ""
        holiday = f"  {holidays[day]}" if day in holidays else ""
        out.append(f"{day:%a %Y-%m-%d}{today}{holiday}")
        out += [f"{line(one, now)}{_here(one.due)}" for one in days[day]]
    return out


def _here(moment: Instant) -> str:
    local = moment.astimezone()
    return "" if not local.utcoffset() else f"  ({local:%a %H:%M %Z})"


def _midnight(text: str, option: str) -> Instant:
    try:
        return datetime.combine(date.fromisoformat(text), time(), tzinfo=UTC)
    except ValueError:
        raise ConfigError(f"{option}: '{text}' is not a day such as 2026-01-31.") from None
