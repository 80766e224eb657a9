"""`seccon policy list | show | replay`: for people who choose and write policies. Needs no configuration."""

from collections.abc import Container
from datetime import date
from pathlib import Path
from typing import Any

import click

from seccon.cli.bounds import bounds_json
from seccon.cli.frame import complain, json_option, say, say_json
from seccon.core.errors import ConfigError, LedgerError
from seccon.core.instants import Instant, from_text
from seccon.core.journal import Entry, entry_from_json, unread
from seccon.core.overrun import overrun_words
from seccon.core.plural import count
from seccon.core.policy import ClockRule, Policy
from seccon.core.spans import distance
from seccon.core.team import Roster
from seccon.desk.replay import Replayed, replay


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Policies: the processes that seccon carries, as dated data (docs/policy.md)."""


@command.command("list")
@json_option
def list_(as_json: bool) -> None:
    """Print the policies that are found: the user's, the host's, the shipped ones."""
    from seccon import wiring

    found, broken = wiring.all_policies()
    if as_json:
        say_json(policies=[_head(policy) for policy in found], broken=broken)
    for policy in () if as_json else found:
        mail = "" if policy.mail else "  (takes no reports by mail)"
        say(f"{policy.key:<22} since {policy.since}  {policy.title}{mail}")
    for problem in () if as_json else broken:
        click.echo(problem, err=True)
    if broken:
        click.get_current_context().exit(2)


@command.command()
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Print one policy, NAME, NAME@REVISION or a file: clocks, steps, limits, each with its source."""
    import msgspec

    from seccon import wiring

    policy = wiring.policy_named(name)
    if as_json:
        plain = msgspec.to_builtins(policy, enc_hook=str)
        say_json(policy=plain)
        return
    _print(policy)


def _head(policy: Policy) -> dict[str, Any]:
    return {"key": policy.key, "title": policy.title, "since": policy.since, "mail": policy.mail, "source": policy.source}


def _print(policy: Policy) -> None:
    say(f"{policy.key}  {policy.title}, in force since {policy.since}")
    say(f"  {policy.source}")
    if policy.note:
        say(f"  {policy.note}")
    say(f"Reports: {policy.intake.reports}")
    say(f"Severity: {' < '.join(policy.severity.scale)}")
    for heading, rules in (
        ("Clocks", [(one.id, _promise(one), one.source) for one in policy.clock]),
        ("Limits", [(one.id, f"{one.length}, {one.strength}", one.source) for one in policy.embargo.limit]),
        ("Embargo", _embargo(policy)),
        ("CVE ids", [("allocated by", policy.cve.cna, policy.cve.source)] if policy.cve.cna else []),
        ("Lists outside", [(one.id, f"{one.address}, by its policy '{one.policy}'", one.source) for one in policy.outside]),
        ("Wanted of a mail to the list", [(one.id, f"{one.sentence} ({one.strength})", one.source) for one in policy.preflight]),
        ("Steps", [(one.id, f"{one.title}: {' and '.join(map(str, one.when)) or 'always'}", one.source) for one in policy.step]),
        ("Checklist", [(one.id, one.title, one.source) for one in policy.item]),
        ("Out of scope", [(one.id, one.title, one.clause) for one in policy.reason]),
    ):  # fmt: skip
        if rules:
            click.echo(f"\n{heading}")
        for name, said, source in rules:
            say(f"  {name:<18} {said}")
            if source:
                say(f"  {'':<18} “{source}”")


def _promise(clock: ClockRule) -> str:
    """Say a clock in words: its length, by severity too, what starts and stops it, when it stands still."""
    other = "".join(f", {length} if {word}" for word, length in clock.lengths.items())
    still = ", stands still while the case waits" if clock.pause else ""
    kind = ", a duty" if clock.hard else ""
    return f"{clock.length}{other} from {'each ' if clock.again else ''}{clock.start} to {' or '.join(clock.stop)}{still}{kind}"


def _embargo(policy: Policy) -> list[tuple[str, str, str]]:
    """Say when the process wants an embargo, when it refuses one, and how a date comes about."""
    rule = policy.embargo
    said = [("wanted", " and ".join(map(str, rule.wanted)) or "never", rule.source)]
    if rule.forbidden:
        said.append(("refused", f"{' and '.join(map(str, rule.forbidden))}: {rule.forbidden_because}".rstrip(": "), ""))
    said.append(("agreed by", ", ".join(rule.agree) or "nobody", ""))
    counted = f", counted from {rule.counts_from}" if rule.counts_from else ""
    said.append(("proposed", f"{rule.default}{counted}, at {rule.hour} {rule.zone}", ""))
    if rule.restart_because:
        said.append(("restarted", f"for {rule.restart_because}", ""))
    return said


@command.command("replay")
@click.argument("name")
@click.argument("entries", type=click.Path(path_type=Path))
@click.option("--now", metavar="TIME", help="Look at this moment, such as 2026-11-21T19:13:00Z; default: now.")
@json_option
def replay_(name: str, entries: Path, now: str | None, as_json: bool) -> None:
    """Fold ENTRIES (one JSON object a line, docs/journal.md) through policy NAME; print what comes of it.

    State, clocks with their readings, steps owed, and each entry that the process would have refused, with rule and source.
    NAME judges until an entry of kind policy-moved names another revision that is installed.
    """
    from seccon import wiring

    policy = wiring.policy_named(name)
    moment = _moment(now) if now else wiring.clock()
    others = {one.key: one for one in wiring.all_policies()[0]}

    def moved(key: str) -> tuple[Policy, Container[date]] | None:
        return (others[key], wiring.days_off(others[key])) if key in others else None

    found = replay(_read(entries, policy), policy, moment, wiring.days_off(policy), moved)
    if as_json:
        say_json(policy=policy.key, now=moment, cases=[_json(one, moment) for one in found])
    for one in () if as_json else found:
        _tell(one, moment)


def _moment(text: str) -> Instant:
    try:
        return from_text(text)
    except ValueError:
        raise ConfigError(f"--now: '{text}' is not a time with its zone, such as 2026-11-21T19:13:00Z.") from None


def _read(path: Path, policy: Policy) -> list[Entry]:
    try:
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except OSError as error:
        raise LedgerError(f"{path} cannot be read: {error.strerror}.") from None
    found: dict[tuple[int, int], Entry] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            entry = _entry(f"{path}, line {number}", line)
            if (entry.case, entry.seq) in found:
                raise LedgerError(f"{path}, line {number}: case {entry.case} has an entry {entry.seq} already.")
            found[entry.case, entry.seq] = entry
    for case, seq in found:
        if seq > 1 and (case, seq - 1) not in found:
            complain(f"{path}: case {case} has no entry {seq - 1}; the history goes on without it.")
    if not found:
        complain(f"{path} holds no entries.")
    return list(found.values())


def _entry(where: str, line: bytes) -> Entry:
    """Read one line; a field that nobody knows is told of, and left out. Raises LedgerError with the place."""
    try:
        entry = entry_from_json(line)
    except LedgerError as error:
        raise LedgerError(f"{where}: {error.sentence}", error.hint) from None
    for odd in unread(line):
        complain(f"{where}: '{entry.kind}' has no {odd}{'' if odd.endswith('?') else '.'} It is left out.")
    return entry


def _json(one: Replayed, now: Instant) -> dict[str, Any]:
    case = one.case
    embargo = case.embargo
    return {
        "number": case.number, "policy": case.policy or None, "facts": list(one.facts), "sealed": case.sealed,
        "second_ratings": [{"by": r.by, "at": r.at, "severity": r.rating.severity or None, "blind": r.blind}
                           for r in case.work.seconds],
        "team": _team(one.team) if one.team else None,
        "id": case.id, "entries": case.seq, "owner": case.owner or None, "severity": case.severity or None,
        "closed": case.closed.outcome if case.closed else None, "public": case.public, "exploited": case.exploited,
        "waiting": case.work.waiting.whom if case.work.waiting else None, "cve": case.work.cve,
        "embargo": {"state": embargo.state, "until": embargo.until, "windows": [
            {"start": window.start, "until": window.until, "change": window.change} for window in embargo.windows],
            "ended": embargo.ended.reason if embargo.ended else None, "proposals": _proposals(one)},
        "notes": [{"until": until, "rule": f.rule, "sentence": f.sentence} for until, f in one.notes],
        "bounds": bounds_json(one.bounds), "merged_into": case.merged_into,
        "reports": [{"message_id": report.id, "reporter": report.reporter.address,
                     "acknowledged": report.acknowledged.when if report.acknowledged else None,
                     "told": report.told} for report in case.reports],
        "clocks": [{"id": r.id, "title": r.title, "start": r.start, "due": r.due, "state": r.state, "hard": r.hard,
                    "informative": r.informative, "stopped": r.stopped, "left": r.left(now) if r.open else None,
                    "because": r.because, "source": r.source} for r in one.readings],
        "steps": [{"id": s.id, "title": s.title, "verb": s.verb, "due": s.due, "why": s.why, "source": s.source}
                  for s in one.steps],
        "over": [{"rule": f.rule, "strength": f.strength, "sentence": overrun_words(f), "latest": f.latest, "source": f.source}
                 for f in one.over],
        "refusals": [{"seq": o.seq, "kind": o.kind, "rule": o.rule, "sentence": o.sentence, "source": o.source}
                     for o in one.objections],
    }  # fmt: skip


def _proposals(one: Replayed) -> list[dict[str, Any]]:
    """Give every date that was proposed; of those on the table, who has not agreed yet."""
    return [
        {"id": p.id, "party": p.party, "until": p.until, "open": p.id in one.missing, "agreed": p.agreed,
         "missing": one.missing.get(p.id, ()), "rejected": p.rejected, "restart": p.restart, "why": p.why}
        for p in one.case.embargo.proposals
    ]  # fmt: skip


def _team(roster: Roster) -> dict[str, Any]:
    return {"members": [one.name for one in roster.members], "former": [one.name for one in roster.former]}


def _tell(one: Replayed, now: Instant) -> None:
    if one.team is not None:
        said = ", ".join(member.name for member in one.team.members) or "nobody"
        say(f"team  {said}; {count(one.case.seq, 'entry', 'entries')}")
    else:
        _tell_case(one, now)
    for objection in one.objections:
        say(f"  entry {objection.seq} ({objection.kind}) refused by {objection.rule}: {objection.sentence} “{objection.source}”")


def _tell_case(one: Replayed, now: Instant) -> None:
    case, embargo = one.case, one.case.embargo
    rated = "sealed" if case.sealed else case.severity or ("no security issue" if case.assessment else "not rated")
    state = f"closed: {case.closed.outcome}" if case.closed else f"severity {rated}"
    until = f" until {embargo.until:%Y-%m-%d %H:%M}Z" if embargo.until else ""
    if embargo.active and embargo.until and embargo.until <= now:
        until += f", lapsed {distance(embargo.until, now)} ago"
    if case.merged_into is not None:
        state = f"merged into #{case.merged_into}"
    say(f"{case.label}  {state}; embargo {embargo.state}{until}; {count(case.seq, 'entry', 'entries')}")
    for proposal in embargo.table:
        lacking = ", ".join(one.missing[proposal.id]) or "nobody"
        when = f"{proposal.until:%Y-%m-%d %H:%M}Z"
        say(f"  date   {proposal.id:<16} {when}, proposed by {proposal.party}; not agreed yet: {lacking}")
    for _until, note in one.notes:
        say(f"  note   {note.rule:<16} {note.sentence}")
    for found in one.over:
        say(f"  over   {found.rule:<16} {overrun_words(found)} “{found.source}”")
    for reading in one.readings:
        left = reading.left(now) if reading.open else reading.state
        whose = ", the CNA's promise" if reading.informative else ""
        say(f"  clock  {reading.id:<16} {left:<10}  due {reading.due:%Y-%m-%d %H:%M}Z  {reading.because}{whose}")
    for step in one.steps:
        over = f", {distance(step.due, now)} over" if step.due and step.due < now else ""
        say(f"  step   {step.id:<16} {step.title}" + (f", by {step.due:%Y-%m-%d %H:%M}Z{over}" if step.due else ""))
    say(f"  facts  {', '.join(one.facts) or 'none'}")
