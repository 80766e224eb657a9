"""Announcements from their key to the lists, and a possible leak that is none (features, D1 E9)."""

from seccon.core.announcing import announce_lists, has_announcement, lists_for_announcements
from seccon.core.errors import RefusedError
from seccon.core.letter import ANNOUNCEMENT, Letter
from seccon.desk.announce import PrepareAnnouncement
from seccon.desk.leak import DismissLeak
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.request import Request
from seccon.screens.flows import results
from seccon.screens.flows.frame import Desk, fill
from seccon.screens.flows.reply import edit, resumed
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field

_HOW = {"send": "write and send it", "elsewhere": "it was announced elsewhere: record it"}
_ALL = "all"


async def announce(desk: Desk, case: int) -> None:
    """Write the announcement to the next list, or record one that was sent elsewhere."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    if await resumed(desk, view, ANNOUNCEMENT):
        return
    given = await desk.wait_for(_form(view))
    if given is None:
        return
    if given["how"] == "elsewhere":
        await results.announce(desk, case)
        return
    named = _owed(view) if given["list"] == _ALL else (given["list"],)
    letter: Letter = await desk.ask(PrepareAnnouncement(case=case, lists=named))
    await edit(desk, view, letter, f"Announcement of {view.case.label}")


def _owed(view: CaseView) -> tuple[str, ...]:
    return tuple(
        one.address for one in announce_lists(view.case, view.policy) if not has_announcement(view.case.work, one.address)
    )


def _form(view: CaseView) -> FormScreen:
    case, policy = view.case, view.policy
    lists = tuple(one.address for one in lists_for_announcements(policy))
    if not lists:
        raise RefusedError("announce.none", "The policy names no list for announcements.", policy.source)
    owed = _owed(view)
    shown = {one: f"{one}{_state(view, one, owed)}" for one in lists} | {_ALL: f"one mail to all {len(owed)}"}
    options = (*lists, *((_ALL,) if len(owed) > 1 else ()))
    first = _ALL if policy.announcement.together and len(owed) > 1 else next(iter(owed), lists[0])
    source = next((one.source for one in policy.list if one.address == first), "") or policy.announcement.source
    held = " It can be written now and is sent after the release." if case.embargo.active and not case.public else ""
    return FormScreen(
        f"Announce {case.label}",
        (
            Field("how", "announcement", "choice", "send" if owed else "elsewhere", tuple(_HOW), shown=_HOW,
                  help=f"A draft is made of the case and the advisory's words; you edit and send it.{held}", source=source),
            Field("list", "to", "choice", first, options, shown=shown, help="Which list? Each gets a mail of its own.",
                  source=source),
        ),
        does="go on",
    )  # fmt: skip


def _state(view: CaseView, address: str, owed: tuple[str, ...]) -> str:
    if has_announcement(view.case.work, address):
        return " (done)"
    return "" if address in owed else " (not owed)"


async def no_leak(desk: Desk, case: int) -> None:
    """Say that a mail on a public list tells nothing of the issue."""

    def form(view: CaseView, values: Values) -> FormScreen:
        leaks = {str(one.mail): f"{one.sender or 'nobody known'} on {one.list}: {one.mail}" for one in view.case.work.leaking}
        if not leaks:
            raise RefusedError("leak.none", "No mail on a public list waits to be judged.")
        return FormScreen(
            f"No leak of {view.case.label}",
            (
                Field("mail", "mail", "choice", values.get("mail", next(iter(leaks))), tuple(leaks), shown=leaks,
                      help="The mail that was found on a public list. If it does tell of the issue, leave with q and press p."),
                Field("why", "why", value=values.get("why", ""), help="Why does it tell nothing of the issue? It is recorded."),
            ),
        )  # fmt: skip

    def request(view: CaseView, given: Values) -> Request:
        return DismissLeak(case=case, seen=view.case.seq, mail=given["mail"], why=given["why"])  # type: ignore[arg-type]

    await fill(desk, case, form, request, "Recorded: it is no leak.")
