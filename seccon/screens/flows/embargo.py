"""The steps of an embargo's negotiation, each on its form."""

from seccon.core.errors import RefusedError
from seccon.core.first_offer import first_offer
from seccon.core.instants import Instant
from seccon.core.letter import is_address
from seccon.core.limits import exceeded, notes
from seccon.core.solver import solve, would
from seccon.core.spans import distance
from seccon.core.typed import typed_instant
from seccon.desk.embargo import (
    AgreeEmbargo,
    EndEmbargo,
    ProposeEmbargo,
    RejectEmbargo,
    SetEmbargo,
    change_of,
    missing,
    parties,
)
from seccon.desk.open_case import CaseView
from seccon.desk.request import Request
from seccon.desk.wish import RecordWish
from seccon.screens.flows.frame import Desk, fill
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field
from seccon.widgets.line_view import Line
from seccon.widgets.plain import plain


async def propose(desk: Desk, case: int) -> None:
    """Put a date on the table, or another one against it."""
    await fill(desk, case, lambda view, values: _proposing(view, values, restart=False), _proposal, "The date is proposed.")


async def restart(desk: Desk, case: int) -> None:
    """Propose that the clock starts anew."""
    await fill(desk, case, lambda view, values: _proposing(view, values, restart=True), _proposal, "The restart is proposed.")


def _proposing(view: CaseView, values: Values, *, restart: bool) -> FormScreen:
    rule = view.policy.embargo
    names = ("team", *(report.reporter.address for report in view.case.reports), *(one.address for one in view.case.work.parties))
    table = {one.id: f"{one.id}: {one.until:%Y-%m-%d %H:%M}Z by {one.party}" for one in view.case.embargo.table}
    why = rule.restart_because if restart else "Needed where the date is later than the policy prefers."
    fields = [
        Field("until", "until", value=values.get("until", first_offer(rule, view.now, view.holidays)),
              help="Day and hour, such as 2026-12-05 12:00, on the wall clock of the zone below.", source=rule.source),
        Field("zone", "zone", value=values.get("zone", rule.zone), help="UTC, or a name such as Europe/Berlin."),
        Field("party", "proposed by", "choice", values.get("party", "team"), names, shown=_called(view),
              help="In whose name is it proposed?"),
        Field("other", "or another party", value=values.get("other", ""),
              help="A vendor's or member's address, where it is none of those. Who has spoken must agree from then on."),
        Field("counters", "in answer to", "choice", values.get("counters", ""), ("", *table), shown={"": "–", **table},
              help="The proposal that this party rejects with it."),
        _proof(view, values, "The mail in which they say so; the team's own word needs none."),
        Field("why", "why", value=values.get("why", _fault(view) if restart else ""), help=why),
    ]  # fmt: skip
    if restart:
        fields.append(Field("restart", "new window", "choice", "yes", ("yes",), shown={"yes": "yes, the clock starts anew"}))
    title = "Restart the embargo of" if restart else "Propose an embargo for"
    return FormScreen(f"{title} {view.case.label}", fields, advise=lambda given: _limits(view, given))


def _fault(view: CaseView) -> str:
    """Give the problem that was found with the newest patch: it is what a restart is for."""
    newest = view.case.work.fixes[-1] if view.case.work.fixes else None
    return f"version {newest.version} of the patch is faulty: {newest.faulty}" if newest and newest.faulty else ""


def _called(view: CaseView) -> dict[str, str]:
    """Say what parties are called, with the address that they write from."""
    return {one.address: f"{one.name} <{one.address}>" for one in view.case.work.parties if one.name}


def _party(given: Values) -> str:
    """Name who speaks. Raises ValueError for another party that is no address."""
    other = given.get("other", "").strip()
    if other and not is_address(other):
        raise ValueError(f"'{other[:60]}' is no address.")
    return other or given["party"]


def _proof(view: CaseView, values: Values, help_: str) -> Field:
    """Offer the mails of the case, the newest first: nobody types a Message-ID."""
    mails = sorted(view.case.mails, key=lambda one: one.arrived or view.now, reverse=True)
    shown: dict[str, str] = {
        one.mail: f"{one.arrived or view.now:%m-%d %H:%M} {one.sender.name or one.sender.address}: {one.subject}" for one in mails
    }
    return Field(
        "proof", "mail that proves it", "choice", values.get("proof", ""), ("", *shown), shown={"": "–", **shown}, help=help_
    )


def _limits(view: CaseView, given: Values) -> tuple[Line, ...]:
    """Say what the policy says of the date, before it is proposed."""
    try:
        until = _until(view, given)
    except ValueError as error:
        return (Line(str(error), "alarm"),)
    change = "restart" if given.get("restart") else ("extension" if view.case.embargo.active else "initial")
    over = exceeded(view.case, view.policy, until, change, view.now)
    when = f"in {distance(view.now, until)}" if until > view.now else "which is not in the future"
    lines = [Line(f"That is {until:%a %Y-%m-%d %H:%M}Z, {when}.", "strong" if until > view.now else "alarm")]
    for one in over:
        wants = "" if one.strength == "hard" or given["why"].strip() else " Write why."
        source = f" “{one.source}”" if one.source else ""
        lines.append(Line(f"{one.sentence}{wants}{source}", "alarm" if one.strength == "hard" else "warn"))
    lines += _others(view, until, change)
    lines += [Line(one.sentence, "warn") for one in notes(until, given["zone"], view.holidays, view.policy.embargo.avoid)]
    return tuple(lines)


def _others(view: CaseView, until: Instant, change: str) -> list[Line]:
    """Say what reporters wish, and which lists could not be told any more with such a date."""
    found = solve(view.case, view.policy, view.now, change)
    said = [
        f"{one.whose} wishes {one.latest:%Y-%m-%d}: this is {'later' if until > one.latest else 'earlier'}."
        for one in found.rules
        if one.strength == "wish" and one.latest and one.latest.date() != until.date()
    ]
    for each in would(view.case, view.policy, view.now):
        if each.binding and each.binding.latest and until > each.binding.latest:
            said.append(f"A mail to {each.outside.label} now would allow {each.binding.latest:%Y-%m-%d} at the latest (Z).")
    return [Line(plain(one, lines=False, limit=300), "warn") for one in said]


def _until(view: CaseView, given: Values) -> Instant:
    return typed_instant(given["until"], given["zone"], view.policy.embargo.hour)


def _proposal(view: CaseView, given: Values) -> Request:
    return ProposeEmbargo(
        case=view.case.number,
        seen=view.case.seq,
        until=_until(view, given),
        zone=given["zone"],
        typed=given["until"],
        party=_party(given),
        counters=given["counters"],
        restart=bool(given.get("restart")),
        proof=given["proof"] or None,  # type: ignore[arg-type]
        why=given["why"],
    )


async def agree(desk: Desk, case: int) -> None:
    """Record a party's agreement; with the last one the date is in force."""
    await fill(desk, case, lambda view, values: _answering(view, values, "Agree to a date,"), _agreement, "Recorded.")


async def reject(desk: Desk, case: int) -> None:
    """Record a party's rejection."""
    await fill(desk, case, lambda view, values: _answering(view, values, "Reject a date,"), _rejection, "Recorded.")


def _answering(view: CaseView, values: Values, title: str) -> FormScreen:
    table = view.case.embargo.table
    if not table:
        raise RefusedError("embargo.proposal", "No date is on the table.", hint="Propose one first.")
    shown = {one.id: f"{one.until:%a %Y-%m-%d %H:%M}Z by {one.party}" for one in table}
    waiting = missing(view.case, view.policy, table[0])
    names = tuple(dict.fromkeys((*waiting, *parties(view.case, view.policy))))
    help_ = f"Not agreed yet: {', '.join(waiting) or 'nobody'}. With the last agreement the date is in force."
    return FormScreen(
        f"{title} {view.case.label}",
        (
            Field("proposal", "date", "choice", values.get("proposal", table[0].id), tuple(shown), shown=shown, help=help_),
            Field(
                "party",
                "who",
                "choice",
                values.get("party", names[0] if names else "team"),
                names or ("team",),
                shown=_called(view),
                help=help_,
            ),
            Field("other", "or another party", value=values.get("other", ""), help="A vendor's or member's address."),
            _proof(view, values, "The mail in which they say so."),
            Field("why", "else: how known", value=values.get("why", ""), help="Where no mail proves it: how do you know?"),
        ),
    )


def _agreement(view: CaseView, given: Values) -> Request:
    return AgreeEmbargo(
        case=view.case.number, seen=view.case.seq, proposal=given["proposal"], party=_party(given),
        proof=given["proof"] or None, why=given["why"],  # type: ignore[arg-type]
    )  # fmt: skip


def _rejection(view: CaseView, given: Values) -> Request:
    return RejectEmbargo(
        case=view.case.number, seen=view.case.seq, proposal=given["proposal"], party=_party(given),
        proof=given["proof"] or None, why=given["why"],  # type: ignore[arg-type]
    )  # fmt: skip


async def wish(desk: Desk, case: int) -> None:
    """Record the date, or the length, that a reporter wishes."""

    def form(view: CaseView, values: Values) -> FormScreen:
        names: dict[str, str] = {one.id: one.reporter.name or one.reporter.address for one in view.case.reports}
        unheard = next((one.id for one in view.case.reports if one.id not in view.case.work.wishes), next(iter(names), ""))
        return FormScreen(
            f"What a reporter wishes, {view.case.label}",
            (
                Field("report", "reporter", "choice", values.get("report", unheard), tuple(names), shown=names,
                      help="Whose wish? Each reporter has their own; it is kept whatever is agreed."),
                Field("until", "until", value=values.get("until", ""), help="Day and hour in UTC, where they name a day."),
                Field("length", "or length", value=values.get("length", ""),
                      help="Such as 90 days, counted from their report, where they name no day."),
                _proof(view, values, "The mail in which they say so."),
                Field("why", "else: how known", value=values.get("why", ""), help="Where no mail says it: how do you know?"),
            ),
        )  # fmt: skip

    def request(view: CaseView, given: Values) -> Request:
        until = typed_instant(given["until"], "UTC", view.policy.embargo.hour) if given["until"].strip() else None
        return RecordWish(
            case=case, seen=view.case.seq, report=given["report"], until=until, length=given["length"],  # type: ignore[arg-type]
            proof=given["proof"] or None, why=given["why"],  # type: ignore[arg-type]
        )  # fmt: skip

    await fill(desk, case, form, request, "The wish is recorded.")


async def enforce(desk: Desk, case: int) -> None:
    """Put a date in force though not all have agreed."""

    def form(view: CaseView, values: Values) -> FormScreen:
        table = view.case.embargo.table
        if not table:
            raise RefusedError("embargo.proposal", "No date is on the table.", hint="Propose one first.")
        shown = {one.id: f"{change_of(view.case, one)} to {one.until:%a %Y-%m-%d %H:%M}Z" for one in table}
        waiting = missing(view.case, view.policy, table[0])
        help_ = f"Not agreed yet: {', '.join(waiting)}." if waiting else "All have agreed."
        return FormScreen(
            f"Put a date in force, {view.case.label}",
            (
                Field("proposal", "date", "choice", values.get("proposal", table[0].id), tuple(shown), shown=shown, help=help_),
                Field("why", "why", value=values.get("why", ""), help=f"{help_} Why does it hold without them?",
                      source=view.policy.embargo.source),
            ),
        )  # fmt: skip

    def request(view: CaseView, given: Values) -> Request:
        return SetEmbargo(case=case, seen=view.case.seq, proposal=given["proposal"], why=given["why"])

    await fill(desk, case, form, request, "The date is in force.")


async def end(desk: Desk, case: int) -> None:
    """Release the embargo, or end it early."""
    reasons = ("released", "leaked", "public", "exploited", "not-needed")

    def form(view: CaseView, values: Values) -> FormScreen:
        until = view.case.embargo.until
        said = f"The date is {until:%a %Y-%m-%d %H:%M}Z. " if until else ""
        return FormScreen(
            f"End the embargo of {view.case.label}",
            (
                Field("reason", "reason", "choice", values.get("reason", "released"), reasons,
                      shown={"released": "released, its date has come"},
                      help=f"{said}A date that passes ends nothing by itself: this does."),
                Field("why", "why", value=values.get("why", ""), help="Needed where it ends before its date."),
                Field("url", "public at", value=values.get("url", ""), help="Where it is published, if it is."),
            ),
        )  # fmt: skip

    def request(view: CaseView, given: Values) -> Request:
        return EndEmbargo(case=case, seen=view.case.seq, reason=given["reason"], why=given["why"], url=given["url"])  # type: ignore[arg-type]

    await fill(desk, case, form, request, "The embargo has ended.")
