"""A reply from its key to the courier: text, sheet, decisions, passphrase, delivery (features, R1-R4 R8 R9)."""

from collections.abc import Awaitable
from typing import Any

import msgspec

from seccon.core.errors import ConflictError, RefusedError, SecconError
from seccon.core.journal import Entry
from seccon.core.letter import Choice, Letter, Sheet
from seccon.core.ports import Phrase
from seccon.core.post import OutItem, OutState
from seccon.desk.hand_over import HandOver
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.party_letter import PrepareParty
from seccon.desk.prepare_reply import PrepareReply
from seccon.desk.presend import Presend
from seccon.desk.save_draft import DropDraft, OpenDrafts, SaveDraft
from seccon.desk.send_reply import SendReply
from seccon.screens.compose import Compose, Written
from seccon.screens.flows.frame import Desk, changes
from seccon.screens.flows.secret import ask_password, with_secret_key
from seccon.screens.form_screen import FormScreen, Values
from seccon.screens.sheet import Decision, SheetScreen
from seccon.widgets.form import Field

FREE = ""
PURPOSES = {
    "acknowledge": "the report was received",
    "needs-info": "ask for what is missing",
    "out-of-scope": "not for this team, with the policy's clause",
    "question": "answer how a known matter affects somebody",
    "embargo-proposal": "propose a date",
    "date-set": "tell the date in force",
    "progress": "how it is going",
    "cve-assigned": "a CVE id was assigned",
    "fix-ready": "a fix is ready",
    "disclosure": "it is about to be published",
    FREE: "free text",
}
"""Template -> what it is for."""
_PURPOSE_NAMES = {key: f"{key or 'none'}: {said}" for key, said in PURPOSES.items()}


async def acknowledge(desk: Desk, case: int) -> None:
    """Answer a reporter that the report was received."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    waiting = next((report for report in view.case.reports if not report.acknowledged), None)
    if waiting is None and view.case.reports:
        desk.say("Every reporter is acknowledged already. r writes another reply.")
        return
    await begin(desk, view, PrepareReply(case=case, mail=waiting.id if waiting else None, purpose="acknowledge"))


async def tell(desk: Desk, case: int) -> None:
    """Tell the reporters the embargo date, one after the other, each on their own thread."""
    offered: set[str] = set()
    while True:
        view: CaseView = await desk.ask(OpenCase(case=case))
        embargo = view.case.embargo
        if not embargo.active:
            raise RefusedError("tell", "No embargo date is in force.", hint="e opens the negotiation.")
        untold = [report for report in view.case.reports if report.told != embargo.until and report.id not in offered]
        if not untold:
            desk.say("No other reporter is left to be told the date." if offered else "Every reporter was told the date already.")
            return
        if offered:
            desk.say(f"Next: {untold[0].reporter.name or untold[0].reporter.address}. esc leaves it for later (d).")
        offered.add(untold[0].id)
        await begin(desk, view, PrepareReply(case=case, mail=untold[0].id, purpose="date-set"))
        after: CaseView = await desk.ask(OpenCase(case=case))
        if len(after.case.replies) == len(view.case.replies):
            return


async def reply(desk: Desk, case: int) -> None:
    """Write a reply: first a draft that waits, else a choice of templates."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    if await resumed(desk, view):
        return
    given = await desk.wait_for(_purpose(view))
    if given is None:
        return
    missing = tuple(
        name.removeprefix("missing:") for name, value in given.items() if name.startswith("missing:") and value == "yes"
    )
    values = {name: given[name] for name in ("cve", "commit", "url", "note") if given.get(name)}
    await write(
        desk,
        view,
        PrepareReply(
            case=case,
            mail=given["mail"] or None,  # type: ignore[arg-type]
            purpose=given["purpose"],
            reason=given.get("reason", ""),
            missing=missing,
            values=values,
        ),
    )


async def begin(desk: Desk, view: CaseView, request: PrepareReply) -> None:
    """Go on with a draft of this purpose if one waits, else begin the reply."""
    if not await resumed(desk, view, request.purpose):
        await write(desk, view, request)


async def resumed(desk: Desk, view: CaseView, purpose: str | None = None) -> bool:
    """Offer to go on with a draft, of this purpose if one is named; False: begin anew."""
    found = [one for one in await drafts(desk, view.case.number) if purpose in (None, one.purpose)]
    if not found:
        return False
    shown = {one.id: f"{one.purpose or 'reply'}: {' '.join(one.text.split())[:60]}" for one in found}
    given = await desk.wait_for(
        FormScreen(
            "A draft waits",
            (
                Field("what", "what now", "choice", "on", tuple(_DRAFT), shown=_DRAFT, help="^s does it. q leaves all as it is."),
                Field(
                    "draft", "draft", "choice", found[0].id, tuple(shown), shown=shown, help="The draft at hand; newest first."
                ),
            ),
            does="go on",
        )
    )
    if given is None:
        return True
    if given["what"] == "on":
        await edit(desk, view, next(one for one in found if one.id == given["draft"]))
    elif given["what"] == "drop":
        await desk.ask(DropDraft(letter=given["draft"]))
        desk.say("The draft is thrown away.")
    return given["what"] != "anew"


_DRAFT = {"on": "go on with it", "anew": "keep it, and begin another", "drop": "throw it away"}


async def drafts(desk: Desk, case: int) -> tuple[Letter, ...]:
    """Read the drafts of a case; a locked key is asked for."""
    found: tuple[Letter, ...] | None = await with_secret_key(
        desk, lambda phrase: desk.ask(OpenDrafts(case=case, passphrase=phrase))
    )
    return found or ()


def _purpose(view: CaseView) -> FormScreen:
    def fields(values: Values) -> list[Field]:
        purpose = values.get("purpose", FREE)
        mails: dict[str, str] = {
            one.mail: f"{one.sender.name or one.sender.address}: {one.subject}" for one in reversed(view.case.mails)
        }
        mails = {"": "the reporter's newest mail", **mails}
        found = [
            Field("purpose", "template", "choice", purpose, tuple(PURPOSES), shown=_PURPOSE_NAMES,
                  help="What the reply is for. ← → or the first letter."),
            Field("mail", "in answer to", "choice", values.get("mail", ""), tuple(mails), shown=mails,
                  help="The mail that is answered and quoted."),
        ]  # fmt: skip
        if purpose == "out-of-scope":
            reasons = {reason.id: reason for reason in view.policy.reason}
            chosen = values.get("reason") or next(iter(reasons), "")
            found.append(
                Field("reason", "reason", "choice", chosen, tuple(reasons),
                      shown={key: one.title for key, one in reasons.items()}, help="The clause that is cited.",
                      source=reasons[chosen].clause if chosen in reasons else "")
            )  # fmt: skip
        if purpose == "needs-info":
            found += [
                Field(f"missing:{item.id}", item.id, "choice", values.get(f"missing:{item.id}", "no"), ("yes", "no"),
                      help=f"Ask for {item.ask or item.title}?", source=item.source)
                for item in view.policy.item
            ]  # fmt: skip
        wanted = {"cve-assigned": ("cve",), "fix-ready": ("commit",), "disclosure": ("url",), "progress": ("note",)}.get(
            purpose, ()
        )
        return found + [Field(name, name, value=values.get(name, "")) for name in wanted]

    return FormScreen(f"Reply on {view.case.label}", fields({}), adapt=fields, does="write")


async def write(desk: Desk, view: CaseView, request: PrepareReply | PrepareParty, title: str = "") -> bool:
    return await edit(desk, view, await desk.ask(request), title)


async def edit(desk: Desk, view: CaseView, letter: Letter, title: str = "") -> bool:
    """Edit, check, decide, until it is sent (True) or left."""
    seen = view.case.seq
    while True:
        written = await desk.wait_for(Compose(letter, title or f"Reply on {view.case.label}", desk.identities))
        if written is None or not await _keep(desk, written):
            return False
        letter = written.letter
        try:
            sent, letter = await _check(desk, view, letter, seen)
        except ConflictError as error:
            desk.say(f"{changes(error, desk.name_of)} {error.sentence} Look once more, then send it.".strip(), wrong=True)
            seen = max((one.seq for one in error.since if isinstance(one, Entry)), default=seen)
            continue
        except SecconError as error:
            desk.show_error(error)
            continue
        if sent:
            return True


async def _keep(desk: Desk, written: Written) -> bool:
    """Keep what was written; say whether it shall be sent.

    Before all else, and in order: what were kept after sending would be offered, and sent, again.
    """
    try:
        await desk.ask(SaveDraft(letter=written.letter))
    except SecconError as error:
        desk.show_error(error)
        return written.send
    if not written.send:
        desk.say("The draft is kept; r goes on with it.")
    return written.send


async def _check(desk: Desk, view: CaseView, letter: Letter, seen: int) -> tuple[bool, Letter]:
    """Show the sheet, and do what is decided on it: (sent, the letter with the decisions)."""
    while True:
        sheet: Sheet = await desk.ask(Presend(letter=letter))
        decision = await desk.wait_for(SheetScreen(sheet, f"Before sending, {view.case.label}"))
        if decision is None:
            return False, letter
        if decision.what == "send":
            return await _send(desk, letter, sheet, seen), letter
        letter = await _decide(desk, letter, decision)


async def _decide(desk: Desk, letter: Letter, decision: Decision) -> Letter:
    refusal = decision.refusal
    if refusal is None:
        return letter
    if decision.what == "pin":
        from seccon.screens.flows.keys import pin_for, settle

        if decision.line is not None and decision.line.fingerprint and decision.line.disputed:
            await settle(desk, refusal.recipient, decision.line.fingerprint, decision.line.disputed, letter.case)
            return letter
        await pin_for(desk, refusal.recipient, letter.case)
        return letter
    verb = "leaving them out" if decision.what == "leave-out" else "setting the rule aside"
    why = Field("why", "why", help=f"{refusal.sentence} Why {verb}? It is recorded.", source=refusal.source)
    given = await desk.wait_for(FormScreen(f"A recorded decision: {verb}", (why,)))
    if given is None:
        return letter
    kind: Any = "left-out" if decision.what == "leave-out" else "overridden"
    return msgspec.structs.replace(letter, choices=(*letter.choices, Choice(refusal.rule, kind, refusal.recipient, given["why"])))


async def _send(desk: Desk, letter: Letter, sheet: Sheet, seen: int) -> bool:
    """Queue it and hand it over; a locked key is asked for."""

    def send(phrase: Phrase) -> Awaitable[Any]:
        return desk.ask(SendReply(letter=letter, digest=sheet.digest, passphrase=phrase, seen=seen))

    if await with_secret_key(desk, send) is None:
        return False
    await ask_password(desk)
    desk.say("It lies in the outbox, and is handed over now.")
    found: tuple[OutItem, ...] = await desk.ask(HandOver(items=(letter.id,)))
    for mine in found:
        if mine.id == letter.id:
            _tell(desk, mine)
    return True


def _tell(desk: Desk, mine: OutItem) -> None:
    """Say what became of it."""
    if mine.state is OutState.SENT:
        desk.say(f"Sent. {mine.problem}".strip(), wrong=bool(mine.problem))
    elif mine.state is OutState.SENDING:
        desk.say("Another console is handing it over; the outbox (3) tells what becomes of it.")
    else:
        lead = "Handed over: " if mine.late else "Not sent yet: "
        desk.say(f"{lead}{mine.problem}{'.' if mine.late else ''} It stays in the outbox (3).", wrong=True)
