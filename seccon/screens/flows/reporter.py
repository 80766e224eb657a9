"""What concerns the people behind a report: reporter, credit, permission, staff told, membership, moderation."""

import re

from seccon.core.errors import RefusedError, SecconError
from seccon.core.facts import lacking, may_tell
from seccon.core.ids import MessageId, message_id
from seccon.core.relay import Suggestion, suggestions
from seccon.core.report import Mail
from seccon.desk.credit import SetCredit
from seccon.desk.membership import NominateByMail
from seccon.desk.moderate import Moderate
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.read_mail import ReadMail
from seccon.desk.reporter import SetReporter
from seccon.desk.request import Request
from seccon.desk.results import Permit
from seccon.desk.staff import TellStaff
from seccon.screens.flows.frame import Desk, fill
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field

_KEY = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{4}[ \t]{0,3}){10}(?![0-9A-Fa-f])")
_LONGEST = 1 << 17


async def reporter(desk: Desk, case: int) -> None:
    """Name the true reporter of a report that was handed on."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    read = {report.id: await _mail(desk, report.id) for report in view.case.reports[:5]}
    ours = [one.address for one in desk.identities] + [one.address for one in view.policy.list]

    def offered(report: MessageId) -> dict[str, Suggestion]:
        mail, sender = read.get(report), next((one.sender.address for one in view.case.mails if one.mail == report), "")
        return {one.who.address: one for one in (suggestions(mail, ours, sender) if mail else ())}

    def form(view: CaseView, values: Values) -> FormScreen:
        def fields(values: Values) -> list[Field]:
            report = _report(view, values)
            found = offered(MessageId(report.value))
            chosen = values.get("who", next(iter(found), ""))
            chosen = chosen if chosen in found or not chosen else next(iter(found), "")
            shown = {key: f"{one.who.name} <{key}>" for key, one in found.items()} | {"": "somebody else: type the address"}
            who = Field("who", "named in the mail", "choice", chosen, (*found, ""), shown=shown, help=_said(found.get(chosen)))
            if chosen:
                return [report, who, _text("evidence", "evidence", values, "How is it known?", found[chosen].evidence)]
            return [
                report, who, _text("address", "address", values, "Where do they write from? The acknowledgement goes there."),
                _text("name", "name", values, "What are they called?"), _text("evidence", "evidence", values, "How is it known?"),
            ]  # fmt: skip

        return FormScreen(f"The true reporter, {view.case.label}", fields(values), adapt=fields)

    def request(view: CaseView, given: Values) -> Request:
        report = MessageId(given["report"])
        found = offered(report).get(given["who"])
        name, address = (found.who.name, found.who.address) if found else (given.get("name", ""), given.get("address", ""))
        return SetReporter(
            case=case, seen=view.case.seq, report=report, name=name, address=address, evidence=given["evidence"]
        )  # fmt: skip

    await fill(desk, case, form, request, "Recorded. An acknowledgement is owed to them, unless the team wrote to them already.")


def _said(found: Suggestion | None) -> str:
    return found.evidence if found else "Somebody whom the mail does not name in a form that is known here."


_CREDIT = (
    "As they asked for it, word for word. ; stands between several people; Name <address> publishes the address too; "
    "anonymous thanks without a name; empty: they do not want to be named."
)


async def credit(desk: Desk, case: int) -> None:
    """Record how a reporter wants to be credited."""
    typed: dict[str, Values] = {}
    """What was typed for each report: it is theirs alone, and is there again when one turns back to it."""

    def form(view: CaseView, values: Values) -> FormScreen:
        unsaid = next((one.id for one in view.case.reports if one.credit is None), None)
        known = {str(one.id): one.credit or "" for one in view.case.reports}
        here = [""]
        if values:  # it comes back; what was typed last was given before it was told
            typed[values["report"]] = values

        def fields(values: Values) -> list[Field]:
            report = _report(view, values)
            if here[0] == report.value:
                typed[report.value] = values
            here[0] = report.value
            theirs = typed.get(report.value, {})
            return [
                report, _text("credit", "credit", theirs, _CREDIT, known.get(report.value, "")),
                _text("evidence", "evidence", theirs, "Where do they say so? A Message-ID, or in words."),
            ]  # fmt: skip

        return FormScreen(f"Credit, {view.case.label}", fields({"report": unsaid, **values} if unsaid else values), adapt=fields)

    def request(view: CaseView, given: Values) -> Request:
        report = MessageId(given["report"])
        return SetCredit(case=case, seen=view.case.seq, report=report, credit=given["credit"], evidence=given["evidence"])

    await fill(desk, case, form, request, "The credit is recorded.")


async def permission(desk: Desk, case: int) -> None:
    """Record whom a reporter permits, or forbids, to be told."""

    def form(view: CaseView, values: Values) -> FormScreen:
        mails: dict[str, str] = {
            one.mail: f"{one.sender.name or one.sender.address}: {one.subject}" for one in reversed(view.case.mails)
        }
        whom = next((one.address for one in view.case.work.parties if not may_tell(view.case, one.address)), "")
        unsaid = next((one.id for one in lacking(view.case, whom)), "") if whom else ""
        return FormScreen(
            f"Permission, {view.case.label}",
            (
                _report(view, {"report": unsaid, **values} if unsaid else values),
                _text("whom", "who", values, "Who may be told: an address, a vendor, or: anyone. Mail goes to addresses only.",
                      whom),
                Field("granted", "the reporter", "choice", values.get("granted", "yes"), ("yes", "no"),
                      shown={"yes": "permits it", "no": "forbids it"}, help="The latest word about somebody counts."),
                Field("proof", "in the mail", "choice", values.get("proof", ""), ("", *mails), shown={"": "none", **mails},
                      help="The mail in which the reporter says so."),
                _text("why", "how known", values, "Where no mail says it: how do you know?"),
            ),
        )  # fmt: skip

    def request(view: CaseView, given: Values) -> Request:
        return Permit(
            case=case, seen=view.case.seq, report=MessageId(given["report"]), whom=given["whom"],
            granted=given["granted"] == "yes", proof=MessageId(given["proof"]) if given["proof"] else None, why=given["why"],
        )  # fmt: skip

    await fill(desk, case, form, request, "Recorded.")


async def staff(desk: Desk, case: int) -> None:
    """Record supporting staff who were told."""

    def form(view: CaseView, values: Values) -> FormScreen:
        return FormScreen(
            f"Supporting staff who know of {view.case.label}",
            (
                _text(
                    "staff", "who", values, "Whom was it told? A name; with an address, where mail of this case shall go there."
                ),
                _text("why", "what for", values, "What are they needed for? The staff that knows is to be minimal."),
                _text("member", "by", values, "Which member told them? Empty: you."),
            ),
        )

    def request(view: CaseView, given: Values) -> Request:
        return TellStaff(case=case, seen=view.case.seq, staff=given["staff"], why=given["why"], member=given["member"])

    await fill(desk, case, form, request, "Recorded.")


async def membership(desk: Desk, case: int) -> None:
    """Nominate whoever asks by this mail to join, and close the file as a membership matter."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    if not view.case.reports:
        raise RefusedError("membership.mail", f"Case {view.case.label} holds no mail that could ask for it.")
    first = view.case.reports[0]
    mail = await _mail(desk, first.id)
    key = _KEY.search(mail.text[:_LONGEST]) if mail else None

    def form(view: CaseView, values: Values) -> FormScreen:
        return FormScreen(
            f"Nominate by this mail, {view.case.label}",
            (
                _text("address", "address", values, "Who asks to join. The mail is kept as evidence.", first.reporter.address),
                _text("name", "name", values, "What they are called.", first.reporter.name),
                _text("company", "company", values, "Whom do they represent? A vendor's seat goes by this name."),
                _text("role", "role", values, "What do they do there?"),
                _text("key", "fingerprint", values, "As the mail gives it; no trust until a person compared and pinned it.",
                      " ".join(key[0].split()) if key else ""),
                _text("why", "why", values, "Why shall they join?"),
            ),
        )  # fmt: skip

    def request(view: CaseView, given: Values) -> Request:
        return NominateByMail(case=case, seen=view.case.seq, **given)

    await fill(desk, case, form, request, "Nominated (4 Team), and closed as a membership matter.")


async def moderate(desk: Desk, case: int) -> None:
    """Say what became of a post that a list held back."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    open_ended = [one for one in view.case.work.held.values() if _is_unsaid(view, one.mail)]
    if not open_ended:
        raise RefusedError("moderate.post", f"No list holds a post of case {view.case.label} back.")
    posts: dict[str, str] = {one.mail: f"{one.sender}: {one.subject}" for one in open_ended}
    options = {"released": "I released it on the list", "discarded": "I discarded it"}

    def form(view: CaseView, values: Values) -> FormScreen:
        return FormScreen(
            f"Held by {open_ended[0].list}, {view.case.label}",
            (
                Field("mail", "post", "choice", values.get("mail", open_ended[0].mail), tuple(posts), shown=posts,
                      help="It is released or discarded on the list's own pages; here it is recorded who did it."),
                Field("what", "what happened", "choice", values.get("what", "released"), tuple(options), shown=options,
                      help="Once the list's copy comes, the case goes on by itself."),
                _text("why", "why", values, "For a discarded post: why? A file that holds nothing else is closed as spam."),
            ),
        )  # fmt: skip

    def request(view: CaseView, given: Values) -> Request:
        mail = message_id(given["mail"])
        return Moderate(case=case, seen=view.case.seq, mail=mail, what=given["what"], why=given["why"])  # type: ignore[arg-type]

    await fill(desk, case, form, request, "Recorded.")


def _is_unsaid(view: CaseView, mail: MessageId) -> bool:
    released = view.case.work.released.get(mail)
    return released is None or not (released.by or released.discarded)


async def _mail(desk: Desk, mail: MessageId) -> Mail | None:
    """Read a mail for what it suggests; where it cannot be, nothing is suggested."""
    try:
        return (await desk.ask(ReadMail(mail=mail))).mail  # type: ignore[no-any-return]
    except SecconError:
        return None


def _report(view: CaseView, values: Values) -> Field:
    names: dict[str, str] = {one.id: f"{one.reporter.name or one.reporter.address}: {one.subject}" for one in view.case.reports}
    chosen = values.get("report", next(iter(names), ""))
    return Field("report", "report", "choice", chosen, tuple(names), shown=names, help="Whose report?")


def _text(name: str, label: str, values: Values, help: str, first: str = "") -> Field:
    return Field(name, label, value=values.get(name, first), help=help)
