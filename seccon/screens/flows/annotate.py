"""What is added to a case beside its process."""

from seccon.core.typed import typed_instant
from seccon.desk.annotate import AddNote, FlagPublic, RecordAcknowledgement
from seccon.desk.move_policy import MovePolicy, RevisionNotes, Revisions
from seccon.desk.open_case import CaseView
from seccon.desk.request import Request
from seccon.screens.flows.frame import Desk, fill
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field
from seccon.widgets.line_view import Line
from seccon.widgets.plain import plain


async def note(desk: Desk, case: int) -> None:
    """Leave a note."""

    def form(view: CaseView, values: Values) -> FormScreen:
        text = Field("text", "note", value=values.get("text", ""), help="What should a colleague know? It stays in the history.")
        return FormScreen(f"Note on {view.case.label}", (text,))

    await fill(desk, case, form, lambda view, given: AddNote(case=case, seen=view.case.seq, text=given["text"]), "Noted.")


async def publicity(desk: Desk, case: int) -> None:
    """Flag the matter public or exploited, or take that back."""

    def form(view: CaseView, values: Values) -> FormScreen:
        now = "exploited" if view.case.exploited else "public" if view.case.public else "private"
        state = Field(
            "state", "the matter is", "choice", values.get("state", now), ("private", "public", "exploited"),
            shown={"exploited": "exploited in the wild"},
            help="A public matter takes no embargo; the process then wants it published.",
        )  # fmt: skip
        evidence = Field(
            "evidence", "evidence", value=values.get("evidence", ""), help="Where is it public? A link, or a Message-ID."
        )
        return FormScreen(f"Publicity of {view.case.label}", (state, evidence))

    def request(view: CaseView, given: Values) -> Request:
        state = given["state"]
        return FlagPublic(
            case=case, seen=view.case.seq, public=state != "private", exploited=state == "exploited", evidence=given["evidence"]
        )

    await fill(desk, case, form, request, "Recorded.")


async def acknowledged(desk: Desk, case: int) -> None:
    """Record an acknowledgement that no mail in the store shows."""

    def form(view: CaseView, values: Values) -> FormScreen:
        waiting = [report for report in view.case.reports if not report.acknowledged] or list(view.case.reports)
        names: dict[str, str] = {report.id: report.reporter.name or report.reporter.address for report in waiting}
        first = waiting[0].id if waiting else ""
        return FormScreen(
            f"An acknowledgement sent elsewhere, {view.case.label}",
            (
                Field(
                    "report",
                    "reporter",
                    "choice",
                    values.get("report", first),
                    tuple(names),
                    shown=names,
                    help="Who was told?",
                ),
                Field(
                    "when",
                    "when (UTC)",
                    value=values.get("when", f"{view.now:%Y-%m-%d %H:%M}"),
                    help="When were they told, in UTC?",
                ),
                Field(
                    "evidence", "how", value=values.get("evidence", ""), help="How were they told? No mail in the store shows it."
                ),
            ),
        )

    def request(view: CaseView, given: Values) -> Request:
        when = typed_instant(given["when"], "UTC", "12:00")
        return RecordAcknowledgement(case=case, seen=view.case.seq, report=given["report"], when=when, evidence=given["evidence"])  # type: ignore[arg-type]

    await fill(desk, case, form, request, "The acknowledgement is recorded.")


async def policy(desk: Desk, case: int) -> None:
    """Move the case to another revision of its policy."""
    others: tuple[str, ...] = await desk.ask(Revisions(case=case))
    if not others:
        desk.say("There is no other revision of this policy.")
        return

    notes: dict[str, str] = await desk.ask(RevisionNotes(case=case))

    def form(view: CaseView, values: Values) -> FormScreen:
        return FormScreen(
            f"Policy of {view.case.label}, now {view.case.policy}",
            (
                Field("to", "move to", "choice", values.get("to", others[0]), others,
                      help="An open case keeps its revision until somebody moves it: clocks, limits and steps change."),
                Field("why", "why", value=values.get("why", ""), help="Why shall another revision judge it?"),
            ),
            lambda given: (Line(plain(notes.get(given.get("to", ""), ""), lines=False, limit=400), "warn"),),
        )  # fmt: skip

    def request(view: CaseView, given: Values) -> Request:
        return MovePolicy(case=case, seen=view.case.seq, to=given["to"], why=given["why"])

    await fill(desk, case, form, request, "Another revision judges the case now.")
