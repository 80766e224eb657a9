"""Letting a case wait, and taking it up again (features, A5)."""

from seccon.core.typed import typed_instant
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.request import Request
from seccon.desk.waiting import TakeUp, Wait
from seccon.screens.flows.frame import Desk, fill, record
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field


async def wait(desk: Desk, case: int) -> None:
    """Wait for somebody; a case that waits is taken up again."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    if view.case.work.waiting is not None:
        await record(desk, lambda: TakeUp(case=case, seen=view.case.seq), "The case waits no longer.")
        return
    await fill(desk, case, _form, _request, "The case waits; it comes back by itself.")


def _form(view: CaseView, values: Values) -> FormScreen:
    return FormScreen(
        f"Let {view.case.label} wait",
        (
            Field("whom", "for", "choice", values.get("whom", "reporter"), ("reporter", "party", "team"),
                  help="It comes back by itself when a mail comes from outside; clocks that the policy lets pause stand still."),
            Field("until", "until at most", value=values.get("until", ""), help="A day; empty: until they write."),
            Field("why", "why", value=values.get("why", ""), help="What is waited for?"),
        ),
    )  # fmt: skip


def _request(view: CaseView, given: Values) -> Request:
    until = typed_instant(given["until"], view.policy.embargo.zone, "08:00") if given["until"].strip() else None
    return Wait(case=view.case.number, seen=view.case.seq, whom=given["whom"], until=until, why=given["why"])
