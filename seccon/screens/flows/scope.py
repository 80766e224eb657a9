"""The scope gate: pick the policy's reason, answer with its clause, close once that is sent; one case or several (I7)."""

from collections.abc import Sequence
from functools import partial

from seccon.core.errors import RefusedError
from seccon.core.journal.cases import Outcome
from seccon.core.plural import count
from seccon.core.policy import Policy
from seccon.core.post import OutItem, OutState
from seccon.desk.hand_over import HandOver
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.prepare_reply import PrepareReply
from seccon.desk.refuse import Dismiss, JudgeScope, judgement, unanswered
from seccon.desk.refuse_many import MOST, Prepared, PrepareRefusals, SendRefusals
from seccon.desk.request import Request, require_open
from seccon.desk.save_draft import SaveDraft
from seccon.screens.bulk_sheet import BulkSheet
from seccon.screens.flows.frame import Desk, record
from seccon.screens.flows.reply import begin
from seccon.screens.flows.secret import ask_password, with_secret_key
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field
from seccon.widgets.line_view import Line
from seccon.widgets.plain import plain

_QUESTION, _SPAM = "?question", "?spam"
_HOW = {"answer": "answer the reporter; it closes when that is sent", "close": "close at once, unanswered: write why"}


async def scope(desk: Desk, case: int) -> None:
    """Judge one case."""
    values: Values = {}
    while True:
        view: CaseView = await desk.ask(OpenCase(case=case))
        require_open(view.case)
        given = await desk.wait_for(_form(view.policy, f"Out of scope?  {view.case.label}", values or _before(view)))
        if given is None:
            return
        values = given
        if not values["reason"]:
            desk.say("Choose the reason.", wrong=True)
            continue
        outcome, clause = _outcome(values["reason"])
        if _closes(values):
            request = Dismiss(case=case, seen=view.case.seq, outcome=outcome, clause=clause, why=values["why"])
            if await record(desk, partial(_given, request), f"Closed: {outcome}."):
                return
            continue
        judged = JudgeScope(case=case, seen=view.case.seq, outcome=outcome, clause=clause, why=values["why"])
        if await record(desk, partial(_given, judged), "Judged; the case closes once the answer is sent."):
            await _answer(desk, case, outcome, clause)
            return


def _given(request: Request) -> Request:
    return request


async def _answer(desk: Desk, case: int, outcome: Outcome, clause: str) -> None:
    """Write to the first reporter who was not told yet."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    waiting = unanswered(view.entries)
    if not waiting:
        desk.say("Every reporter was told already.")
        return
    await begin(desk, view, PrepareReply(case=case, mail=waiting[0], purpose=outcome, reason=clause))
    after: CaseView = await desk.ask(OpenCase(case=case))
    left = len(unanswered(after.entries))
    if after.case.closed:
        desk.say(f"Case {after.case.label} is closed: {after.case.closed.outcome}.")
    elif 0 < left < len(after.case.reports):
        desk.say(f"{count(left, 'more reporter of this case has', 'more reporters of this case have')} to be told: X goes on.")


async def scope_all(desk: Desk, cases: Sequence[int]) -> bool:
    """Judge several cases alike; True when it was done. Each letter has its sheet, and only those that are ready leave."""
    views = await _views(desk, cases[:MOST])
    marked = len(views)
    policies = {view.policy.key: view.policy for view in views}
    if len(policies) != 1:
        raise RefusedError("scope.policy", "The marked cases are judged by different policies.", hint="Mark those of one.")
    (policy,) = policies.values()
    values: Values = {}
    while True:
        given = await desk.wait_for(_form(policy, f"Out of scope?  {count(len(views), 'case')}", values))
        if given is None:
            return len(views) < marked
        values = given
        if not values["reason"]:
            desk.say("Choose the reason.", wrong=True)
        elif _closes(values):
            views = await _views(desk, await _dismiss_all(desk, views, values))
            if not views:
                return True
        else:
            return await _answer_all(desk, tuple(view.case.number for view in views), *_outcome(values["reason"]))


async def _views(desk: Desk, cases: Sequence[int]) -> list[CaseView]:
    return [await desk.ask(OpenCase(case=case)) for case in cases]


async def _dismiss_all(desk: Desk, views: Sequence[CaseView], values: Values) -> tuple[int, ...]:
    """Close them; give those that were not: the form comes back for them, with what was typed."""
    outcome, clause = _outcome(values["reason"])
    left = []
    for view in views:
        request = Dismiss(case=view.case.number, seen=view.case.seq, outcome=outcome, clause=clause, why=values["why"])
        if not await record(desk, partial(_given, request), f"{view.case.label} is closed: {outcome}."):
            left.append(view.case.number)
    desk.say(f"{len(views) - len(left)} of {count(len(views), 'case')} closed: {outcome}.", wrong=bool(left))
    return tuple(left)


async def _answer_all(desk: Desk, cases: tuple[int, ...], outcome: Outcome, clause: str) -> bool:
    prepared: tuple[Prepared, ...] = await desk.ask(PrepareRefusals(cases=cases, outcome=outcome, clause=clause))
    if not await desk.wait_for(BulkSheet(prepared, f"Before sending, {len(prepared)} letters")):
        return False
    done = await _send_all(desk, prepared, outcome, clause)
    if done is None:
        return False
    for one, problem in done:
        if problem and one.letter is not None:
            await desk.ask(SaveDraft(letter=one.letter))
    kept = [f"{one.label}: {problem}" for one, problem in done if problem]
    left = f" Left out, kept as drafts where there is one: {' '.join(kept)}" if kept else ""
    await ask_password(desk)
    queued = tuple(one.letter.id for one, problem in done if one.letter is not None and not problem)
    found: tuple[OutItem, ...] = await desk.ask(HandOver(items=queued))
    mine = [one for one in found if one.id in queued]
    stuck = any(one.state is not OutState.SENT for one in mine)
    desk.say(f"{_gone(mine, len(done))}{left}", wrong=stuck or bool(kept))
    return True


def _gone(items: Sequence[OutItem], of: int) -> str:
    """Say how many letters left, and what became of the others that lie in the outbox."""
    stuck = [one for one in items if one.state is not OutState.SENT]
    said = f"{len(items) - len(stuck)} of {count(of, 'letter')} left."
    if not stuck:
        return said
    return f"{said} {count(len(stuck), 'letter lies', 'letters lie')} in the outbox (3): {stuck[0].problem or stuck[0].state}."


async def _send_all(
    desk: Desk, prepared: tuple[Prepared, ...], outcome: Outcome, clause: str
) -> tuple[tuple[Prepared, str], ...] | None:
    """Send; a locked signing key is asked for."""
    return await with_secret_key(
        desk,
        lambda phrase: desk.ask(SendRefusals(prepared=prepared, outcome=outcome, clause=clause, passphrase=phrase)),
    )


def _form(policy: Policy, title: str, values: Values) -> FormScreen:
    reasons = {reason.id: reason.title for reason in policy.reason}
    shown = {**reasons, _QUESTION: "a question: how does a known matter affect me?", _SPAM: "spam: no answer is owed", "": "–"}
    return FormScreen(
        title,
        (
            Field("reason", "because", "choice", values.get("reason", ""), (*reasons, _QUESTION, _SPAM), shown=shown,
                  help="The policy's reason; its clause, below, is cited to the reporter. A question is answered, not refused."),
            Field("how", "then", "choice", values.get("how", "answer"), tuple(_HOW), shown=_HOW,
                  help="The answer is drafted, and leaves by its pre-send sheet only."),
            Field("why", "note", value=values.get("why", ""), help="What should be known of it later? Needed without an answer."),
        ),
        advise=partial(_advice, policy),
    )  # fmt: skip


def _advice(policy: Policy, values: Values) -> tuple[Line, ...]:
    """Show the clause that would be cited."""
    chosen = next((reason for reason in policy.reason if reason.id == values.get("reason")), None)
    if chosen is not None:
        source = plain(chosen.source or policy.source, lines=False, limit=200)
        return (Line(plain(f"{chosen.clause}”", lines=False, limit=600), "strong", ("“", "quiet")), Line(source, "quiet"))
    if values.get("reason") == _SPAM:
        return (Line("Spam is closed at once: nobody gets an answer. Write a note that says so.", "warn"),)
    if values.get("reason") == _QUESTION:
        return (Line("The answer is yours to write; the case closes as a question once it is sent.", "strong"),)
    return (Line("Choose the reason: ← → or its first letter.", "warn"),)


def _outcome(reason: str) -> tuple[Outcome, str]:
    if reason == _QUESTION:
        return "question", ""
    return ("spam", "") if reason == _SPAM else ("out-of-scope", reason)


def _closes(values: Values) -> bool:
    return values["how"] == "close" or values["reason"] == _SPAM


def _before(view: CaseView) -> Values:
    judged = judgement(view.entries)
    return {} if judged is None else {"reason": judged.clause or _QUESTION, "why": judged.why}
