"""A reply to every reporter of a case: one letter each, on their own thread; none learns of another (features, R1 I8)."""

from seccon.core.case import Report
from seccon.core.errors import RefusedError, SecconError
from seccon.core.letter import Letter
from seccon.core.plural import count
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.prepare_reply import PrepareReply
from seccon.desk.save_draft import SaveDraft
from seccon.screens.flows.frame import Desk
from seccon.screens.flows.reply import PURPOSES, edit
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field

_PURPOSES = {name: PURPOSES[name] for name in ("progress", "date-set", "cve-assigned", "fix-ready", "disclosure", "")}
_ASKED = {"progress": "note", "cve-assigned": "cve", "fix-ready": "commit", "disclosure": "url"}


async def everyone(desk: Desk, case: int) -> None:
    """Ask what for, write a draft for each, and go through them one by one."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    reports = view.case.reports
    if not reports:
        raise RefusedError("no-report", f"Case {view.case.label} holds no report that could be answered.")
    given = await desk.wait_for(_form(view))
    if given is None:
        return
    if given["purpose"] == "date-set" and not view.case.embargo.active:
        raise RefusedError("tell", "No embargo date is in force.", hint="e opens the negotiation.")
    letters = [(report, await _draft(desk, case, report, given)) for report in reports]
    await _walk(desk, view, [(report, letter) for report, letter in letters if letter is not None])


def _form(view: CaseView) -> FormScreen:
    def fields(values: Values) -> list[Field]:
        purpose = values.get("purpose", "progress")
        shown = {name: f"{name or 'none'}: {said}" for name, said in _PURPOSES.items()}
        names = ", ".join(one.reporter.name or one.reporter.address for one in view.case.reports)
        found = [
            Field("purpose", "template", "choice", purpose, tuple(_PURPOSES), shown=shown,
                  help=f"Each gets a letter of their own, and learns nothing of the others: {names}."),
        ]  # fmt: skip
        name = _ASKED.get(purpose)
        return found + ([Field(name, name, value=values.get(name, ""), help="It stands in each letter.")] if name else [])

    count = len(view.case.reports)
    return FormScreen(
        f"Reply to {'every reporter' if count > 1 else 'the reporter'} of {view.case.label}",
        fields({}),
        adapt=fields,
        does="write",
    )


async def _draft(desk: Desk, case: int, report: Report, given: Values) -> Letter | None:
    """Write and keep one draft; a report whose mail cannot be read holds up no other."""
    values = {name: given[name] for name in _ASKED.values() if given.get(name)}
    try:
        letter: Letter = await desk.ask(PrepareReply(case=case, report=report.id, purpose=given["purpose"], values=values))
        await desk.ask(SaveDraft(letter=letter))
    except SecconError as error:
        desk.show_error(error)
        return None
    return letter


async def _walk(desk: Desk, view: CaseView, letters: list[tuple[Report, Letter]]) -> None:
    """Edit and send one after the other; who leaves one leaves the rest as drafts."""
    for done, (report, letter) in enumerate(letters, 1):
        who = report.reporter.name or report.reporter.address
        if not await edit(desk, view, letter, f"Reply {done} of {len(letters)} on {view.case.label}, to {who}"):
            left = len(letters) - done + 1
            desk.say(f"{count(left, 'reply waits as a draft', 'replies wait as drafts')}; r goes on with them.")
            return
    if letters:
        desk.say(f"{count(len(letters), 'reporter was', 'reporters were')} written to.")
