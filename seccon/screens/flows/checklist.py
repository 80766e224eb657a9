"""What a report holds, item by item with the evidence beside it; and asking the reporter for what it lacks (features, I5 I6)."""

from functools import partial

from seccon.core.ids import MessageId
from seccon.core.policy import Item
from seccon.desk.checklist import Tick
from seccon.desk.find_evidence import Checked, FindEvidence, missing
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.prepare_reply import PrepareReply
from seccon.desk.request import Request, require_open
from seccon.screens.flows.frame import Desk, fill
from seccon.screens.flows.reply import begin
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field
from seccon.widgets.line_view import Line
from seccon.widgets.plain import plain

_WORDS = {"": "–", "yes": "yes", "no": "no"}


async def checklist(desk: Desk, case: int) -> None:
    """Say which items a report holds; a person ticks, whatever was found."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    report = await _report(desk, view, "Which report is checked?")
    if report is None:
        return
    checked: Checked = await desk.ask(FindEvidence(case=case, report=report))
    done = await fill(desk, case, partial(_form, checked), partial(_request, checked), "The checklist is recorded.")
    if done:
        after: CaseView = await desk.ask(OpenCase(case=case))
        lacking = missing(after.case, after.policy, checked)
        if lacking:
            desk.say(f"Missing: {', '.join(one.title for one in lacking)}. N asks the reporter for it.")


async def needs_info(desk: Desk, case: int) -> None:
    """Draft the reply that asks for just what is missing; once it is sent, the case waits for the reporter."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    require_open(view.case)
    report = await _report(desk, view, "Which reporter is asked?")
    if report is None:
        return
    checked: Checked = await desk.ask(FindEvidence(case=case, report=report))
    lacking = missing(view.case, view.policy, checked)
    if not lacking:
        desk.say("Nothing is missing: every item was found or ticked. m shows the checklist.")
        return
    answered = _newest(view, report)
    request = PrepareReply(case=case, mail=answered, purpose="needs-info", missing=tuple(one.id for one in lacking))
    await begin(desk, view, request)


def _newest(view: CaseView, report: MessageId) -> MessageId:
    """Give the mail that is answered: the newest that came in on the report's thread, from its reporter if one is."""
    came = [one for one in view.case.mails if one.report == report and one.from_reporter]
    known = view.case.report(report)
    theirs = [one for one in came if known and one.sender.address == known.reporter.address]
    return theirs[-1].mail if theirs else report


async def _report(desk: Desk, view: CaseView, ask: str) -> MessageId | None:
    """Choose one of several reports."""
    reports = view.case.reports
    if len(reports) < 2:
        if not reports:
            desk.say(f"Case {view.case.label} holds no report.", wrong=True)
        return reports[0].id if reports else None
    names: dict[str, str] = {one.id: f"{one.reporter.name or one.reporter.address}: {one.subject}" for one in reports}
    field = Field("report", "report", "choice", reports[0].id, tuple(names), shown=names, help=f"{ask} ^s goes on.")
    given = await desk.wait_for(FormScreen(f"{view.case.label} holds {len(reports)} reports", (field,), does="go on"))
    return MessageId(given["report"]) if given is not None else None


def _form(checked: Checked, view: CaseView, values: Values) -> FormScreen:
    return FormScreen(
        f"Checklist of {view.case.label}  {view.row.subject if view.row else ''}",
        tuple(_field(checked, view, item, values) for item in view.policy.item),
        advise=partial(_advice, checked, view),
    )


def _field(checked: Checked, view: CaseView, item: Item, values: Values) -> Field:
    tick = view.case.work.ticks.get((checked.report, item.id))
    before = "" if tick is None else "yes" if tick.held else "no"
    found = checked.found.get(item.id, ())
    brief = f"   {found[0].place}: {found[0].text}" if found else "   nothing was found"
    told = "  ".join(f"[{one.place}] {one.text}" for one in found) or "Nothing was found; look into the mail yourself."
    return Field(
        f"item:{item.id}", item.title, "choice", values.get(f"item:{item.id}", before),
        ("yes", "no") if before else ("", "yes", "no"), shown={key: word.ljust(3) + brief for key, word in _WORDS.items()},
        help=told, source=item.source,
    )  # fmt: skip


def _advice(checked: Checked, view: CaseView, values: Values) -> tuple[Line, ...]:
    """Say how far it is, and what was not searched."""
    names = {f"item:{item.id}": item.title for item in view.policy.item}
    held = sum(value == "yes" for value in values.values())
    lacking = [names[name] for name, value in values.items() if value == "no"]
    lines = [Line(f"{held} of {len(names)} are there. Evidence is a proposal: y and n tick, ^s records.", "strong")]
    if lacking:
        lines.append(Line(plain(f"Missing: {', '.join(lacking)}; N asks the reporter for it.", lines=False), "warn"))
    lines += [Line(plain(one, lines=False, limit=200), "warn") for one in checked.unread[:3]]
    return tuple(lines)


def _request(checked: Checked, view: CaseView, given: Values) -> Request:
    held = {name.removeprefix("item:"): value == "yes" for name, value in given.items() if value}
    evidence = {item: checked.told(item) for item, is_held in held.items() if is_held and checked.told(item)}
    return Tick(case=view.case.number, seen=view.case.seq, report=checked.report, held=held, evidence=evidence)
