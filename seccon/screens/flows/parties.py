"""What is done about a party: invite, permit, tell, record a word, remove. Each on its form, or a mail of its own."""

from typing import cast

from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId, address_key
from seccon.core.journal.parties import Affected, PartyRole
from seccon.core.letter import Letter
from seccon.core.party import Party
from seccon.core.party_view import PartyLine, party_lines
from seccon.core.typed import typed_instant
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.party import InviteParty, RemoveParty, require_party
from seccon.desk.party_letter import PURPOSES, PrepareParty
from seccon.desk.party_word import RecordAnswer, RecordTold, SetReady
from seccon.desk.request import Request
from seccon.desk.results import Permit
from seccon.desk.save_draft import DropDraft
from seccon.screens.flows.frame import Desk, fill
from seccon.screens.flows.reply import drafts, edit, write
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field

_ROLES = {
    "vendor": "a vendor, who ships it",
    "downstream": "a downstream or distribution",
    "upstream": "an upstream, whose code it is",
    "coordinator": "a coordinator, such as a CERT",
    "list": "a private list outside, such as the distributions'",
}
_WANTED = {"tell": "party-invite", "patch": "party-patch", "date": "party-date", "go": "party-go"}
"""What is due about a party -> the text that does it."""


async def invite(desk: Desk, case: int, party: str) -> None:
    """Invite somebody, or say something else of one who is there: their address begins the form."""

    def form(view: CaseView, values: Values) -> FormScreen:
        return FormScreen(
            f"A party of {view.case.label}",
            (
                _text("party", "address", values, "Where mail to them goes. They are told nothing yet. One that takes part "
                      "already is changed."),
                _text("name", "name", values, "What they are called, such as a vendor's name."),
                Field("role", "they are", "choice", values.get("role", "vendor"), tuple(_ROLES), shown=_ROLES,
                      help="What are they to this issue?"),
                Field("agrees", "the date", "choice", values.get("agrees", _agrees(view)), ("yes", "no"),
                      shown={"yes": "needs their agreement", "no": "is told to them"},
                      help="Must they agree to the embargo's date?", source=view.policy.embargo.source),
                _text("why", "why", values, "Why shall they take part?"),
            ),
        )  # fmt: skip

    def request(view: CaseView, given: Values) -> Request:
        return InviteParty(
            case=case, seen=view.case.seq, party=given["party"], name=given["name"], role=cast(PartyRole, given["role"]),
            agrees=given["agrees"] == "yes", why=given["why"],
        )  # fmt: skip

    await fill(desk, case, form, request, "Invited. They are told nothing before each reporter permits it (P).")


def _agrees(view: CaseView) -> str:
    return "yes" if "parties" in view.policy.embargo.agree else "no"


async def permission(desk: Desk, case: int, party: str) -> None:
    """Record that a reporter permits, or forbids, that this party is told."""

    def form(view: CaseView, values: Values) -> FormScreen:
        known = require_party(view.case, party)
        names: dict[str, str] = {one.id: one.reporter.name or one.reporter.address for one in view.case.reports}
        waiting = next((one for one in names if not view.case.work.permits(party, MessageId(one))), next(iter(names), ""))
        return FormScreen(
            f"May {known.label} be told? {view.case.label}",
            (
                Field("report", "reporter", "choice", values.get("report", waiting), tuple(names), shown=names,
                      help="Whose word is it? Nobody is told before each reporter has permitted it."),
                Field("granted", "they", "choice", values.get("granted", "yes"), ("yes", "no"),
                      shown={"yes": "permit it", "no": "forbid it"}, help="The latest word counts."),
                Field("whom", "of", "choice", values.get("whom", party), (party, "anyone"),
                      shown={party: known.label, "anyone": "anyone whom the team chooses"}, help="Whom does their word cover?"),
                _proof(view, values, "The mail in which they say so."),
                _text("why", "else: how known", values, "Where no mail says it: how do you know?"),
            ),
        )  # fmt: skip

    def request(view: CaseView, given: Values) -> Request:
        return Permit(
            case=case, seen=view.case.seq, report=MessageId(given["report"]), whom=given["whom"],
            granted=given["granted"] == "yes", proof=_mail(given), why=given["why"],
        )  # fmt: skip

    await fill(desk, case, form, request, "Recorded.")


async def tell(desk: Desk, case: int, party: str) -> None:
    """Write to one party: what is due first, or another text."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    line = _line(view, party)
    chosen = await desk.wait_for(
        FormScreen(
            f"Write to {line.label}, {view.case.label}",
            (
                Field("purpose", "what for", "choice", _WANTED.get(line.due, ""), tuple(PURPOSES), shown=PURPOSES,
                      help="It goes to them alone, on a thread of their own, encrypted to their key."),
            ),
            does="write",
        )
    )  # fmt: skip
    if chosen is not None:
        await _write(desk, view, party, chosen["purpose"])


async def tell_all(desk: Desk, case: int, party: str) -> None:
    """Write to every party to whom something is due, one after the other: each a mail of its own."""
    offered: set[str] = set()
    while True:
        view: CaseView = await desk.ask(OpenCase(case=case))
        due = [one for one in party_lines(view.case, view.policy) if one.due in _WANTED and one.address not in offered]
        if not due:
            desk.say("No other party is to be written to." if offered else "No party is to be written to now.")
            return
        if offered:
            desk.say(f"Next: {due[0].label}. esc leaves it for later (t).")
        offered.add(due[0].address)
        await _write(desk, view, due[0].address, _WANTED[due[0].due])
        after: CaseView = await desk.ask(OpenCase(case=case))
        if len(after.case.replies) == len(view.case.replies):
            return


async def _write(desk: Desk, view: CaseView, party: str, purpose: str) -> None:
    """Go on with a draft to this very party, or begin the mail."""
    title = f"To {require_party(view.case, party).label} alone, {view.case.label}"
    found = [one for one in await drafts(desk, view.case.number) if _is_for(one, party, purpose)]
    if not found:
        await write(desk, view, PrepareParty(case=view.case.number, party=party, purpose=purpose), title)
        return
    options = {"on": "go on with it", "anew": "throw it away, and begin anew"}
    first = " ".join(found[0].text.split())[:80]
    given = await desk.wait_for(
        FormScreen(
            "A draft waits", (Field("what", "what now", "choice", "on", tuple(options), shown=options, help=first),), does="go on"
        )
    )
    if given is None:
        return
    if given["what"] == "on":
        await edit(desk, view, found[0], title)
        return
    await desk.ask(DropDraft(letter=found[0].id))
    await write(desk, view, PrepareParty(case=view.case.number, party=party, purpose=purpose), title)


def _is_for(letter: Letter, party: str, purpose: str) -> bool:
    return address_key(letter.party) == address_key(party) and letter.purpose == purpose


async def told(desk: Desk, case: int, party: str) -> None:
    """Record that a party was told by another way than our mail."""

    def form(view: CaseView, values: Values) -> FormScreen:
        known = require_party(view.case, party)
        until = view.case.embargo.until if view.case.embargo.active else None
        fields = [
            _text("evidence", "how", values, f"How was {known.label} told: by telephone, on a list, by whom?"),
            _proof(view, values, "Or the mail that told them, where the case has it."),
            _text("when", "when", values, "Day and hour in UTC, such as 2026-12-05 12:00; empty: now."),
            _version(view, values, "Which version of the patch do they have since then?", 0),
        ]
        if until is not None:
            fields.append(
                Field("date", f"of {until:%Y-%m-%d}", "choice", values.get("date", "yes"), ("yes", "no"),
                      shown={"yes": "they know the date in force", "no": "they were told no date, or another one"},
                      help="Do they know until when it is secret?")
            )  # fmt: skip
        return FormScreen(f"{known.label} was told, {view.case.label}", fields)

    def request(view: CaseView, given: Values) -> Request:
        return RecordTold(
            case=case, seen=view.case.seq, party=party, mail=_mail(given), evidence=given["evidence"], patch=int(given["patch"]),
            when=typed_instant(given["when"], "UTC", "12:00") if given["when"].strip() else None,
            until=view.case.embargo.until if given.get("date") == "yes" else None,
        )  # fmt: skip

    await fill(desk, case, form, request, "Recorded.")


async def answer(desk: Desk, case: int, party: str) -> None:
    """Record whether a party is affected, with its mail."""
    options = {"yes": "affected", "no": "not affected", "unknown": "not known yet"}

    def form(view: CaseView, values: Values) -> FormScreen:
        known = require_party(view.case, party)
        before = known.answered.affected if known.answered else "yes"
        return FormScreen(
            f"{known.label} answered, {view.case.label}",
            (
                Field("affected", "they are", "choice", values.get("affected", before), tuple(options), shown=options,
                      help="Is what they ship affected? Who is not affected needs no patch."),
                *_word(view, values, known),
            ),
        )  # fmt: skip

    def request(view: CaseView, given: Values) -> Request:
        return RecordAnswer(
            case=case, seen=view.case.seq, party=party, affected=cast(Affected, given["affected"]), mail=_mail(given),
            why=given["why"],
        )  # fmt: skip

    await fill(desk, case, form, request, "The answer is recorded. r records whether they are ready.")


async def ready(desk: Desk, case: int, party: str) -> None:
    """Record whether a party can publish, and with which version of the patch."""
    options = {"yes": "can publish", "no": "cannot publish"}

    def form(view: CaseView, values: Values) -> FormScreen:
        known = require_party(view.case, party)
        return FormScreen(
            f"Is {known.label} ready? {view.case.label}",
            (
                Field("ready", "they", "choice", values.get("ready", "yes"), tuple(options), shown=options,
                      help="Can they publish on the date? A newer version of the patch makes it void."),
                _version(view, values, f"With which version? They hold {f'v{known.holds}' if known.holds else 'none'}.",
                         known.holds),
                *_word(view, values, known),
            ),
        )  # fmt: skip

    def request(view: CaseView, given: Values) -> Request:
        return SetReady(
            case=case, seen=view.case.seq, party=party, ready=given["ready"] == "yes", patch=int(given["patch"]),
            mail=_mail(given), why=given["why"],
        )  # fmt: skip

    await fill(desk, case, form, request, "Recorded.")


async def remove(desk: Desk, case: int, party: str) -> None:
    """Let a party take part no longer."""

    def form(view: CaseView, values: Values) -> FormScreen:
        known = require_party(view.case, party)
        knows = " They were told: what they know they know, and it stays on view." if known.told else ""
        return FormScreen(
            f"{known.label} takes part no longer, {view.case.label}", (_text("why", "why", values, f"Why?{knows}"),)
        )

    def request(view: CaseView, given: Values) -> Request:
        return RemoveParty(case=case, seen=view.case.seq, party=party, why=given["why"])

    await fill(desk, case, form, request, "They take part no longer.")


def _line(view: CaseView, party: str) -> PartyLine:
    lines = party_lines(view.case, view.policy)
    found = next((one for one in lines if address_key(one.address) == address_key(party) and not one.gone), None)
    if found is None:
        raise RefusedError("party.unknown", "This party takes part no longer.")
    return found


def _word(view: CaseView, values: Values, party: Party) -> tuple[Field, Field]:
    """Ask for the mail that says it, theirs that nobody recorded a word from before all others."""
    newest = party.wrote[-1] if party.wrote else ""
    return (
        _proof(
            view,
            {"proof": newest, **values},
            "The mail in which they say so. Whether it is signed by them is kept with it.",
            party.address,
        ),
        _text("why", "else: how known", values, "Where no mail of theirs says it: how do you know?"),
    )


def _version(view: CaseView, values: Values, help: str, first: int) -> Field:
    versions = [str(number) for number in range(view.case.work.patch, -1, -1)]
    shown = {one: f"version {one}" if one != "0" else "none" for one in versions}
    return Field("patch", "patch", "choice", values.get("patch", str(first)), tuple(versions), shown=shown, help=help)


def _proof(view: CaseView, values: Values, help: str, theirs: str = "") -> Field:
    """Offer the mails of the case, those from `theirs` first, the newest before older ones: nobody types a Message-ID."""
    mails = sorted(view.case.mails, key=lambda one: one.arrived or view.now, reverse=True)
    mails.sort(key=lambda one: address_key(one.sender.address) != address_key(theirs))
    shown: dict[str, str] = {
        one.mail: f"{one.arrived or view.now:%m-%d %H:%M} {one.sender.name or one.sender.address}: {one.subject}" for one in mails
    }
    return Field("proof", "in the mail", "choice", values.get("proof", ""), ("", *shown), shown={"": "–", **shown}, help=help)


def _mail(given: Values) -> MessageId | None:
    return MessageId(given["proof"]) if given["proof"] else None


def _text(name: str, label: str, values: Values, help: str) -> Field:
    return Field(name, label, value=values.get(name, ""), help=help)
