"""Ending a case, and going on with it."""

from typing import get_args

from seccon.core.errors import SecconError
from seccon.core.journal.cases import Outcome
from seccon.desk.close import Close, Reopen
from seccon.desk.find_case import FindCase
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.request import Request
from seccon.screens.flows.frame import Desk, record
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field


async def close(desk: Desk, case: int) -> None:
    """Close a case with its outcome."""
    values: Values = {}
    while True:
        view: CaseView = await desk.ask(OpenCase(case=case))
        if view.case.closed:
            await reopen(desk, case)
            return
        given = await desk.wait_for(_form(view, values))
        if given is None:
            return
        values = given
        try:
            other = await desk.ask(FindCase(label=values["other"])) if values["other"] else None
        except SecconError as error:  # what was typed beside it stays
            desk.show_error(error)
            continue
        request = Close(
            case=case, seen=view.case.seq, outcome=values["outcome"], why=values["why"], clause=values["clause"], other=other,  # type: ignore[arg-type]
        )  # fmt: skip
        if await record(desk, lambda request=request: request, f"Closed: {values['outcome']}."):  # type: ignore[misc]
            return


def _form(view: CaseView, values: Values) -> FormScreen:
    reasons = {reason.id: reason for reason in view.policy.reason}
    chosen = reasons.get(values.get("clause", ""))
    return FormScreen(
        f"Close {view.case.label}  {view.row.subject if view.row else ''}",
        (
            Field("outcome", "outcome", "choice", values.get("outcome", ""), get_args(Outcome),
                  help="How does it end? ← → or the first letter."),
            Field("clause", "out of scope because", "choice", values.get("clause", ""), ("", *reasons),
                  shown={name: reason.title for name, reason in reasons.items()},
                  help="For 'out-of-scope': the reason of the policy that is cited to the reporter.",
                  source=chosen.clause if chosen else ""),
            Field("other", "duplicate of", value=values.get("other", ""), help="For 'duplicate': the other case's id or number."),
            Field("why", "why", value=values.get("why", ""), help="What should be known of it in a year?"),
        ),
    )  # fmt: skip


async def reopen(desk: Desk, case: int) -> None:
    """Go on with a closed case."""
    from seccon.screens.flows.frame import fill

    def form(view: CaseView, values: Values) -> FormScreen:
        why = Field("why", "why", value=values.get("why", ""), help="Why does the case go on?")
        return FormScreen(f"Reopen {view.case.label}", (why,))

    def request(view: CaseView, given: Values) -> Request:
        return Reopen(case=case, seen=view.case.seq, why=given["why"])

    await fill(desk, case, form, request, "The case is open again.")
