"""The latest date that an embargo may have, and when lists outside were told."""

from seccon.core.errors import RefusedError
from seccon.core.outside import first_post
from seccon.core.typed import typed_instant
from seccon.desk.list_told import RecordListTold
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.request import Request
from seccon.screens.bounds import BoundsScreen
from seccon.screens.flows.frame import Desk, fill
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field


async def latest(desk: Desk, case: int) -> None:
    """Show every rule with its date, which one decides, and what a mail to a list outside would change."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    await desk.wait_for(BoundsScreen(view))


async def list_told(desk: Desk, case: int) -> None:
    """Record when a list outside was told, or that it was not."""

    def form(view: CaseView, values: Values) -> FormScreen:
        lists = {one.address: one for one in view.policy.outside}
        if not lists:
            raise RefusedError("list.none", "The policy names no list outside.", view.policy.source)
        told = {address: first_post(view.case, one) for address, one in lists.items()}
        shown = {
            address: f"{one.label}: {f'told {told[address]:%Y-%m-%d %H:%M}Z' if told[address] else 'not told'}"
            for address, one in lists.items()
        }
        first = next(iter(lists))
        return FormScreen(
            f"When a list was told of {view.case.label}",
            (
                Field("list", "list", "choice", values.get("list", first), tuple(lists), shown=shown,
                      help="Which list? What stands behind it is what the journal knows now.", source=lists[first].source),
                Field("told", "it was told", "choice", values.get("told", "yes"), ("yes", "no"),
                      help="No: it never got the matter, whatever the To or Cc of a mail says."),
                Field("when", "on", value=values.get("when", ""),
                      help="Day and hour of the first mail to it, in UTC; empty: now."),
                _proof(view, values),
                Field("why", "else: how known", value=values.get("why", ""), help="Where no mail proves it: how do you know?"),
            ),
        )  # fmt: skip

    def request(view: CaseView, given: Values) -> Request:
        when = given["when"].strip()
        return RecordListTold(
            case=case,
            seen=view.case.seq,
            list=given["list"],
            told=given["told"] == "yes",
            when=typed_instant(when, "UTC", "00:00") if when and given["told"] == "yes" else None,
            proof=given["proof"] or None,  # type: ignore[arg-type]
            why=given["why"],
        )

    await fill(desk, case, form, request, "It is recorded.")


def _proof(view: CaseView, values: Values) -> Field:
    """Offer the mails of the case, the newest first."""
    mails = sorted(view.case.mails, key=lambda one: one.arrived or view.now, reverse=True)
    shown: dict[str, str] = {one.mail: f"{one.sender.name or one.sender.address}: {one.subject}" for one in mails}
    return Field("proof", "mail that shows it", "choice", values.get("proof", ""), ("", *shown), shown={"": "–", **shown},
                 help="The mail to the list, or the list's answer.")  # fmt: skip
