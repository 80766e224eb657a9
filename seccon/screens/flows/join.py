"""Several reports of one issue, several issues in one mail: join, part, take back (features, I3)."""

from collections.abc import Sequence

from seccon.core.case import Case
from seccon.core.errors import RefusedError, SecconError
from seccon.core.ids import MessageId
from seccon.core.plural import count
from seccon.desk.find_case import FindCase
from seccon.desk.join import LinkReport, MergeCases
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.part import PartReport
from seccon.desk.request import Request
from seccon.desk.undo import Joint, LastJoint, TakeBack
from seccon.screens.flows.frame import Desk, fill
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field
from seccon.widgets.line_view import Line
from seccon.widgets.plain import plain


async def join(desk: Desk, case: int) -> None:
    """Merge this case into another, or let one of its reports belong to another too."""
    other = await _other(desk, case, "Join", "the other case", "Its id or number: the case that is of the same issue.")
    if other is None:
        return
    there = other.case.number

    async def look() -> None:
        nonlocal other
        other = await desk.ask(OpenCase(case=there))

    def form(view: CaseView, values: Values) -> FormScreen:
        here, there = view.case, other.case
        ways = _ways(here, there)
        fields = [
            Field("how", "what to do", "choice", values.get("how", ways[0]), ways,
                  shown={"merge": f"merge {here.label} into {there.label}", "take": f"merge {there.label} into {here.label}",
                         "link": f"also put a report of {here.label} into {there.label}"},
                  help="Merge: one issue. All reports move over; each reporter keeps credit, acknowledgement and wish. "
                       "Link: the mail tells of several issues, and belongs to both. ^z takes either back."),
            *_reports(here, values, "which report"),
            Field("why", "why", value=values.get("why", ""), help="What in the reports shows it? Kept in both histories."),
        ]  # fmt: skip
        return FormScreen(f"Join {here.label} and {there.label}", fields, advise=lambda _values: _both(view, other))

    def request(view: CaseView, given: Values) -> Request:
        if given["how"] == "merge":
            return MergeCases(case=case, seen=view.case.seq, into=other.case.number, why=given["why"])
        if given["how"] == "take":
            return MergeCases(case=other.case.number, seen=other.case.seq, into=case, why=given["why"])
        report = _chosen(view.case, given)
        return LinkReport(case=case, seen=view.case.seq, report=report, to=other.case.number, why=given["why"])

    await fill(desk, case, form, request, "Joined. ^z takes it back.", look)


async def part(desk: Desk, case: int) -> None:
    """Move a report to a case of its own, or to another."""

    def form(view: CaseView, values: Values) -> FormScreen:
        fields = [
            *_reports(view.case, values, "which report"),
            Field("keep", "and here", "choice", values.get("keep", _keep(view.case)), ("no", "yes"),
                  shown={"no": "it leaves this case", "yes": "it stays here too: the mail tells of several issues"},
                  help="Does the report belong to this case as well?"),
            Field("why", "why", value=values.get("why", ""), help="What in the report shows that it is another issue?"),
        ]  # fmt: skip
        return FormScreen(f"A case of its own, out of {view.case.label}", fields)

    def request(view: CaseView, given: Values) -> Request:
        keep = given["keep"] == "yes"
        return PartReport(case=case, seen=view.case.seq, report=_chosen(view.case, given), keep=keep, why=given["why"])

    await fill(desk, case, form, request, "It has a case of its own, at the top of the queue. ^z takes it back.")


async def undo(desk: Desk, case: int) -> None:
    """Take back the last link, split or merge of this case."""
    joint: Joint

    async def look() -> None:
        nonlocal joint
        found: Joint | None = await desk.ask(LastJoint(case=case))
        if found is None:
            raise RefusedError("undo.none", "Nothing is linked, split or merged here.")
        joint = found

    def form(view: CaseView, values: Values) -> FormScreen:
        why = Field("why", "why", value=values.get("why", ""), help="Why was it wrong? Kept in both histories.")
        said = f"What is taken back: somebody {joint.sentence}. What came since goes back too."
        return FormScreen("Take back", (why,), advise=lambda _values: (Line(plain(said)),))

    def request(view: CaseView, given: Values) -> Request:
        return TakeBack(case=case, seen=view.case.seq, why=given["why"])

    await fill(desk, case, form, request, "Taken back.", look)


async def _other(desk: Desk, case: int, title: str, label: str, about: str) -> CaseView | None:
    view: CaseView = await desk.ask(OpenCase(case=case))
    typed = ""
    while True:
        given = await desk.wait_for(FormScreen(f"{title} {view.case.label}", (Field("other", label, value=typed, help=about),)))
        if given is None or not given["other"].strip():
            return None
        typed = given["other"]
        try:
            return await _found(desk, case, typed)
        except SecconError as error:
            desk.show_error(error)


async def _found(desk: Desk, case: int, label: str) -> CaseView:
    number = await desk.ask(FindCase(label=label))
    if number == case:
        raise RefusedError("join.self", "That is this case itself.")
    found: CaseView = await desk.ask(OpenCase(case=number))
    return found


def _ways(here: Case, there: Case) -> tuple[str, ...]:
    """Give the ways to join that are not refused: who has an id keeps the file."""
    if bool(here.id) == bool(there.id):
        return ("merge", "take", "link")
    return ("take", "link") if here.id else ("merge", "link")


def _reports(case: Case, values: Values, label: str) -> Sequence[Field]:
    if len(case.reports) < 2:
        return ()
    names = tuple(str(place) for place in range(len(case.reports)))
    shown = {str(place): f"{one.reporter.name or one.reporter.address}: {one.subject}" for place, one in enumerate(case.reports)}
    about = "Whose report? A merge takes all of them."
    return (Field("report", label, "choice", values.get("report", "0"), names, shown=shown, help=about),)


def _chosen(case: Case, given: Values) -> MessageId:
    place = int(given.get("report", "0"))
    return case.reports[min(place, len(case.reports) - 1)].id


def _keep(case: Case) -> str:
    return "yes" if len(case.reports) == 1 else "no"


def _both(view: CaseView, other: CaseView) -> tuple[Line, ...]:
    found = []
    for one in (view, other):
        first = one.case.reports[0] if one.case.reports else None
        who = first.reporter.name or first.reporter.address if first else "no report"
        said = f"{one.case.label}: {who}, {count(len(one.case.mails), 'mail')}, {one.case.severity or 'not rated'}"
        found.append(Line(plain(said, lines=False, limit=200), "strong"))
        found.append(Line(plain(first.subject if first else "", lines=False, limit=200), "", ("  ", "")))
    return tuple(found)
