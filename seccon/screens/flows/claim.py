"""Taking a case: its id, and who answers for it."""

from seccon.desk.accept import Accept
from seccon.desk.claim import Claim, Release
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.request import Request
from seccon.screens.flows.frame import Desk, fill, record
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field


async def accept(desk: Desk, case: int) -> None:
    """Give the case its id."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    if await record(desk, lambda: Accept(case=case, seen=view.case.seq)):
        after: CaseView = await desk.ask(OpenCase(case=case))
        desk.say(f"Accepted as {after.case.label}.")


async def own(desk: Desk, case: int) -> None:
    """Take the case, or give it back where it is one's own; from a colleague with a reason."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    owner = view.case.owner
    if not owner:
        await record(desk, lambda: Claim(case=case, seen=view.case.seq), "The case is yours.")
    elif view.person == owner:
        await record(desk, lambda: Release(case=case, seen=view.case.seq), "Nobody answers for the case now.")
    else:
        await _take_over(desk, case)


async def _take_over(desk: Desk, case: int) -> None:
    def form(view: CaseView, values: Values) -> FormScreen:
        owner = desk.name_of(view.case.owner) if view.case.owner else "Nobody"
        help_ = f"{owner} answers for this case. Why do you take it over?"
        return FormScreen(f"Take over {view.case.label}", (Field("why", "why", value=values.get("why", ""), help=help_),))

    def request(view: CaseView, given: Values) -> Request:
        return Claim(case=case, seen=view.case.seq, why=given["why"])

    await fill(desk, case, form, request, "It is yours.")
