"""`seccon show`: one case."""

import json
from typing import Any

import click
import msgspec

from seccon.cli.bounds import bounds_json
from seccon.cli.disclosure import disclosure_json
from seccon.cli.frame import Frame, json_option, no_sync_option, pass_frame, say, say_json
from seccon.cli.party_rows import parties_json, print_parties
from seccon.cli.rows import row_json
from seccon.core.case import Assessment
from seccon.core.clocks import Reading
from seccon.core.embargo import total_days
from seccon.core.errors import MailNotFoundError
from seccon.core.journal import entry_to_json
from seccon.core.plural import count
from seccon.core.rundown import headline
from seccon.core.second import is_veiled
from seccon.core.solver import solve
from seccon.core.steps import Step
from seccon.core.telling import Telling
from seccon.desk.office import Office
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.roster import roster_of
from seccon.widgets.plain import quoted


@click.command()
@click.argument("case")
@click.option("--entries", is_flag=True, help="Print the journal's entries instead, one JSON object a line (docs/journal.md).")
@json_option
@no_sync_option
@pass_frame
def command(frame: Frame, case: str, entries: bool, as_json: bool, no_sync: bool) -> None:
    """Print one CASE (its id, or the number of its file): what is owed, clocks, embargo, reports, history.

    Exit status: 0 printed, 2 no such case, or new mail could not be read.
    """
    office = frame.synced(no_sync)
    number = office.ledger.find(case)
    if number is None:
        raise MailNotFoundError(f"There is no case '{case}'.", "See 'seccon list --all'.")
    view = OpenCase(case=number).perform(office)
    if entries:
        for entry in view.entries:
            click.echo(json.dumps(json.loads(entry_to_json(entry))))  # the same value, in ASCII: no terminal obeys any of it
    elif as_json:
        say_json(case=_json(view))
    else:
        _print(view, office)


def _json(view: CaseView) -> dict[str, Any]:
    case = view.case
    rating = case.assessment
    row = row_json(view.row, view.now) if view.row else {"number": case.number, "id": case.id}
    return row | {
        "policy": case.policy,
        "steps": [{"id": one.id, "title": one.title, "due": one.due, "why": one.why, "source": one.source} for one in view.steps],
        "clocks": [
            {"id": one.id, "title": one.title, "start": one.start, "due": one.due, "state": one.state, "hard": one.hard,
             "informative": one.informative, "stopped": one.stopped, "because": one.because, "source": one.source}
            for one in view.readings
        ],
        "reports": [
            {"message_id": one.id, "reporter": msgspec.to_builtins(one.reporter), "subject": one.subject, "arrived": one.arrived,
             "acknowledged": {"by": one.acknowledged.member, "at": one.acknowledged.when, "mail": one.acknowledged.mail,
                              "signature": one.acknowledged.signature} if one.acknowledged else None,
             "told": one.told}
            for one in case.reports
        ],
        "assessment": _rating(rating) if rating else None,
        "second_ratings": [{"by": one.by, "at": one.at, "severity": one.rating.severity, "suggested": one.rating.suggested,
                            "why": one.rating.why, "blind": one.blind} for one in case.work.seconds],
        "bounds": bounds_json(solve(case, view.policy, view.now)),
        **disclosure_json(view),
        **parties_json(view),
        "embargo_state": case.embargo.state,
        "closed": case.closed.outcome if case.closed else None,
        "merged_into": case.merged_into,
        "last_entry": case.seq,
    }  # fmt: skip


def _rating(rating: Assessment) -> dict[str, Any]:
    if is_veiled(rating):
        return {"by": rating.by, "at": rating.at, "severity": None, "suggested": None, "why": None, "sealed": True}
    body = rating.body
    return {"by": rating.by, "at": rating.at, "severity": body.severity, "suggested": body.suggested, "why": body.why,
            "sealed": rating.sealed}  # fmt: skip


def _print(view: CaseView, office: Office) -> None:
    case, row = view.case, view.row
    say(f"{case.label}  {row.subject if row else ''}")
    say(f"  {case.project}, policy {case.policy}, owner {roster_of(office).display(case.owner) or 'nobody'}")
    if row and row.alarm:
        say(f"  ! {row.alarm}")
    if case.merged_into is not None:
        say(f"  merged into #{case.merged_into}: its reports are there")
    words, tone = headline(case, view.policy, view.now)
    if tone in ("alarm", "warn"):
        say(f"  {'!' if tone == 'alarm' else ' '} {words}")
    click.echo("\nNext")
    for step in view.steps:
        say(_step_line(step))
    if not view.steps:
        say("  nothing: the case is closed" if case.closed else f"  {row.next if row else 'nothing is owed'}")
    click.echo("\nClocks")
    for reading in view.readings:
        say(_clock_line(reading, view))
    _print_reports(view)
    print_parties(view)
    click.echo("\nHistory")
    telling = Telling(view.entries, roster_of(office).display, lambda when: f"{when:%Y-%m-%d %H:%M}Z", quoted)
    for entry in view.entries:
        say(f"  {entry.at:%Y-%m-%d %H:%M}Z  {telling.who(entry)} {telling.sentence(entry)}")
        for reason in telling.reasons(entry):
            say(f"{'':21}{reason}")


def _step_line(step: Step) -> str:
    due = f", by {step.due:%Y-%m-%d %H:%M}Z" if step.due else ""
    return f"  {step.title}{due}. {step.why}"


def _clock_line(reading: Reading, view: CaseView) -> str:
    left = reading.left(view.now) if reading.open else reading.state
    whose = ", not ours" if reading.informative else ""
    return f"  {reading.title:<20} {reading.due:%Y-%m-%d %H:%M}Z  {left:<12} {reading.because}{whose}"


def _print_reports(view: CaseView) -> None:
    click.echo("\nReports")
    for report in view.case.reports:
        seen = report.acknowledged
        ack = f"acknowledged by {seen.member} at {seen.when:%Y-%m-%d %H:%M}Z ({seen.signature})" if seen else "not acknowledged"
        claimed = " (claimed)" if report.reporter.claimed else ""
        say(f"  {report.reporter.name} <{report.reporter.address}>{claimed}: {report.subject}; {ack}")
    embargo = view.case.embargo
    if embargo.state != "none":
        until = f"{', its date was' if embargo.ended else ' until'} {embargo.until:%Y-%m-%d %H:%M}Z" if embargo.until else ""
        windows = f", in {count(len(embargo.windows), 'window')}" if len(embargo.windows) > 1 else ""
        inall = f"; {count(total_days(embargo), 'day')} in all{windows}" if embargo.windows else ""
        click.echo()
        say(f"Embargo: {embargo.state}{until}{inall}")
