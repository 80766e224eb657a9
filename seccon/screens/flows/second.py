"""A colleague's second rating, on a form that does not show the first; and seeing the first before it (features, T4)."""

from functools import partial

from seccon.core.errors import RefusedError
from seccon.core.second import difference, veiled, word
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.request import Request
from seccon.desk.second_rating import RateAgain, ShowRating
from seccon.screens.flows.assess import advice, fields, rating_from
from seccon.screens.flows.frame import Desk, fill
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field


async def second(desk: Desk, case: int) -> None:
    """Rate what a colleague rated; then say whether the two differ."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    if view.case.assessment is None:
        raise RefusedError("second.first", "Nobody has rated it yet.", hint="s rates it.")
    if view.case.assessment.by == view.person:
        raise RefusedError("second.self", "You rated it yourself: a second rating is a colleague's.", "features T4")

    def request(seen: CaseView, given: Values) -> Request:
        return RateAgain(case=case, seen=seen.case.seq, rating=rating_from(given))

    if await fill(desk, case, _form, request, "Your rating is recorded."):
        after: CaseView = await desk.ask(OpenCase(case=case))
        differ = difference(after.case, desk.name_of)
        desk.say(differ or f"You agree: {word(after.case.severity)}.", wrong=bool(differ))


def _form(view: CaseView, values: Values) -> FormScreen:
    kept = "the first is sealed" if veiled(view.case) else "the first is not shown here"
    title = f"Second rating of {view.case.label}: {kept}"
    return FormScreen(title, fields(view.policy, values), partial(advice, view.policy), partial(fields, view.policy))


async def unseal(desk: Desk, case: int) -> None:
    """Show a sealed rating to the person who asks, once they have said so for the record."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    if not veiled(view.case):
        raise RefusedError("second.shown", f"Nothing is sealed for you in case {view.case.label}.", "features T4")

    def form(seen: CaseView, values: Values) -> FormScreen:
        help_ = "It stays sealed for everybody else. A rating that you give after this is recorded as not blind."
        why = Field("why", "why", value=values.get("why", ""), help=help_)
        return FormScreen(f"See the sealed rating of {seen.case.label}, on record", (why,))

    def request(seen: CaseView, given: Values) -> Request:
        return ShowRating(case=case, seen=seen.case.seq, why=given["why"])

    await fill(desk, case, form, request, "You see it now; the journal says so.")
