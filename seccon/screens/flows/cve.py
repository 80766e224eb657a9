"""The stations of a CVE id on one key: ask for it, reserve it, record it, withdraw it, and its record when that is public."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from seccon.core.cve import OpenCve, record_url
from seccon.core.errors import SecconError, SecretError
from seccon.core.work import Work
from seccon.desk.assign_cve import AssignCve, WithdrawCve
from seccon.desk.attachments import AttachFile
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.open_cves import ReadOpenCves
from seccon.desk.publish_cve import PublishCve, PublishCveRecord
from seccon.desk.request import Request
from seccon.desk.request_cve import CveDraft, DraftCveRequest, RequestCve
from seccon.desk.reserve_cve import ReadUnusedCves, RememberCveKey, ReserveCve, Unused
from seccon.screens.flows.frame import Desk, fill, record
from seccon.screens.flows.reply import edit, resumed
from seccon.screens.form_screen import FormScreen, Values
from seccon.screens.source import Source
from seccon.widgets.form import Field
from seccon.widgets.line_view import Line
from seccon.widgets.plain import plain

_STATIONS = {
    "request": "ask for an id",
    "reserve": "reserve an id at CVE Services",
    "record": "record the id and who allocated it",
    "publish": "the record is public",
    "withdraw": "withdraw the id",
}


async def cve(desk: Desk, case: int) -> None:
    """Show where the id stands, and go to a station; the next one is proposed."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    elsewhere = [one for one in await desk.ask(ReadOpenCves()) if one.case != case]
    stations = _stations(view)
    shown = {name: _STATIONS[name] for name in stations}
    field = Field("station", "what now", "choice", _next(view, stations), stations, shown=shown, help=_help(view))
    given = await desk.wait_for(
        FormScreen(
            f"CVE of {view.case.label}",
            (field,),
            advise=lambda values: (*_state(view), *_elsewhere(elsewhere)),
            does="go on",
        )
    )
    if given is not None:
        await _FLOWS[given["station"]](desk, case)


def _stations(view: CaseView) -> tuple[str, ...]:
    """Give what can be done: there is one id an issue."""
    if view.case.work.cve is None:
        return ("request", *(("reserve",) if view.policy.cve.own else ()), "record")
    return ("publish", "record", "withdraw")


def _next(view: CaseView, stations: tuple[str, ...]) -> str:
    if "reserve" in stations:
        return "reserve"
    return "record" if view.case.work.requested and "request" in stations else stations[0]


def _help(view: CaseView) -> str:
    rule = view.policy.cve
    return f"By this process ids are allocated by {rule.cna}." if rule.cna else "The process does not say who allocates ids."


def _state(view: CaseView) -> tuple[Line, ...]:
    """Say how far it has come."""
    work = view.case.work
    said = [*_requested(work), *_allocated(work)] or ["No id was asked for."]
    return tuple(Line(plain(one, lines=False, limit=300)) for one in said)


def _elsewhere(late: Sequence[OpenCve]) -> tuple[Line, ...]:
    """Name the ids of other cases whose record stays away: closed cases stand in no queue."""
    if not late:
        return ()
    named = ", ".join(f"{one.cve} of {one.label}" for one in late[:4])
    more = f" and {len(late) - 4} more" if len(late) > 4 else ""
    said = f"Records that should be public, and are not known to be: {named}{more}."
    return (Line(plain(said, lines=False, limit=300), "alarm" if any(one.ours for one in late) else "warn"),)


def _requested(work: Work) -> list[str]:
    if work.requested is None:
        return []
    return [f"Asked for: {work.requested.cna}, by {work.requested.how}."]


def _allocated(work: Work) -> list[str]:
    if work.cve is None:
        return []
    by = next((one.by for one in work.cves if one.cve == work.cve), "")
    public = work.published.get(work.cve)
    stands = f"its record is public: {public.url}" if public else "its record is not known to be public"
    return [f"{work.cve}, allocated by {by or 'nobody knows whom'}; {stands}."]


async def _request(desk: Desk, case: int) -> None:
    """Write the mail that asks, or show the text and record where it was taken."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    if await resumed(desk, view, "cve-request"):
        return
    draft: CveDraft = await desk.ask(DraftCveRequest(case=case))
    if draft.letter is not None:
        await edit(desk, view, draft.letter, f"CVE request for {view.case.label}")
        return
    desk.say(f"Take this text to whoever allocates ids: {draft.because}.")
    await desk.wait_for(Source(f"CVE request for {view.case.label}: take it elsewhere, then q", draft.text))

    def form(view: CaseView, values: Values) -> FormScreen:
        about = f"The form: {draft.form}" if draft.form else "Who allocates ids."
        return FormScreen(
            f"The CVE request of {view.case.label} was sent",
            (
                Field("cna", "asked of", value=values.get("cna", draft.cna), help=about, source=view.policy.cve.source),
                Field("how", "by", "choice", values.get("how", "form"), ("form", "mail"), help="How did you ask?"),
                Field("why", "where", value=values.get("why", ""), help="The number or link of the request, if there is one."),
            ),
        )

    def request(view: CaseView, given: Values) -> Request:
        how: Any = given["how"]
        return RequestCve(case=case, seen=view.case.seq, cna=given["cna"], how=how, why=given["why"])

    await fill(desk, case, form, request, "It is recorded that the id was asked for.")


async def _reserve(desk: Desk, case: int) -> None:
    """Offer the ids that are reserved and unused, then take one of them or reserve another."""
    unused: Unused | None = await _with_key(desk, ReadUnusedCves())
    if unused is None:
        return
    options = {"": f"reserve a new one as {unused.org}"} | {
        one.cve: f"take {one.cve}, reserved {f'{one.reserved:%Y-%m-%d} ' if one.reserved else ''}by {one.user or 'somebody'}"
        for one in unused.ids[:40]
    }
    about = "Ids that are reserved and that no case here has: the answer to an earlier request may have been lost."

    def form(view: CaseView, values: Values) -> FormScreen:
        said = (
            f"{about} There {'is one' if len(unused.ids) == 1 else f'are {len(unused.ids)}'}."
            if unused.ids
            else "One id is reserved."
        )
        return FormScreen(
            f"Reserve a CVE id for {view.case.label}",
            (Field("take", "id", "choice", values.get("take", ""), tuple(options), shown=options, help=said),),
        )

    view: CaseView = await desk.ask(OpenCase(case=case))
    given = await desk.wait_for(form(view, {}))
    if given is not None:
        make = partial(ReserveCve, case=case, seen=view.case.seq, take=given["take"])
        if await record(desk, make):
            after: CaseView = await desk.ask(OpenCase(case=case))
            desk.say(f"{after.case.work.cve} is reserved, and recorded as the id of {after.case.label}.")


async def _with_key(desk: Desk, request: Request) -> Any:
    """Ask CVE Services; where the API key is not to be had, a person types it. None: they leave."""
    try:
        return await desk.ask(request)
    except SecretError as error:
        field = Field("key", "API key", "secret", help=f"{error.sentence} It is kept in memory until the console ends.")
        given = await desk.wait_for(FormScreen("API key for CVE Services", (field,)))
        if not given or not given["key"]:
            return None
    await desk.ask(RememberCveKey(key=given["key"]))
    return await desk.ask(request)


async def _record(desk: Desk, case: int) -> None:
    """Record the id; who allocated it is always asked."""

    def form(view: CaseView, values: Values) -> FormScreen:
        old = view.case.work.cve
        fields = [
            Field("cve", "CVE id", value=values.get("cve", old or ""), help="Each issue has one. Such as CVE-2026-12345."),
            Field("by", "allocated by", value=values.get("by", ""), help=f"Who allocated it? {_help(view)}",
                  source=view.policy.cve.source),
            Field("proof", "where", value=values.get("proof", ""), help="The mail or page in which they did."),
        ]  # fmt: skip
        if old:
            fields.append(
                Field("replaces", f"in place of {old}", "choice", values.get("replaces", "no"), ("no", "yes"),
                      help="Only where the old id was a mistake; it is withdrawn on record.")
            )  # fmt: skip
        return FormScreen(f"CVE of {view.case.label}", fields)

    def request(view: CaseView, given: Values) -> Request:
        return AssignCve(
            case=case, seen=view.case.seq, cve=given["cve"], by=given["by"], proof=given["proof"],
            replaces=given.get("replaces") == "yes",
        )  # fmt: skip

    await fill(desk, case, form, request, "The CVE id is recorded.")


async def _publish(desk: Desk, case: int) -> None:
    """Record that the record is public; with the team's own credentials, publish it."""

    def form(view: CaseView, values: Values) -> FormScreen:
        known = view.case.work.cve
        url = values.get("url", record_url(known) if known else "")
        fields = [Field("url", "link", value=url, help="Where the record is public.")]
        if view.policy.cve.own:
            fields = [
                Field("what", "what now", "choice", values.get("what", "case"), tuple(_PUBLISH), shown=_PUBLISH,
                      help="Published by us at CVE Services, or by somebody already?", source=view.policy.cve.source),
                Field("file", "the file", value=values.get("file", ""), help="A CVE Record or its CNA container, as JSON."),
                *fields,
            ]  # fmt: skip
        return FormScreen(f"CVE Record of {view.case.label}", fields)

    values: Values = {}
    while True:
        view: CaseView = await desk.ask(OpenCase(case=case))
        given = await desk.wait_for(form(view, values))
        if given is None:
            return
        values = given
        at: dict[str, Any] = {"case": case, "seen": view.case.seq, "url": given["url"]}
        what = given.get("what", "public")
        if what == "public":
            done = await record(desk, partial(PublishCve, **at), "It is recorded that the record is public.")
        else:
            done = await _published(desk, at, given["file"] if what == "file" else "")
        if done:
            return


_PUBLISH = {
    "case": "publish the record of this case's advisory",
    "file": "publish the record in a file",
    "public": "it is public already",
}


async def _published(desk: Desk, at: dict[str, Any], file: str) -> bool:
    """Publish it; False: it was not, and what stood against it was shown."""
    try:
        data = (await desk.ask(AttachFile(path=file))).data if file else b""
        if await _with_key(desk, PublishCveRecord(**at, record=data)) is None:
            return False
    except SecconError as error:
        desk.show_error(error)
        return False
    desk.say("The record is published.")
    return True


async def _withdraw(desk: Desk, case: int) -> None:
    """Record that the id was wrong, or is not used."""

    def form(view: CaseView, values: Values) -> FormScreen:
        about = "Its CNA must reject an id that is not used (CNA Operational Rules 4.5.3.5): tell them."
        return FormScreen(
            f"Withdraw {view.case.work.cve} from {view.case.label}",
            (Field("why", "why", value=values.get("why", ""), help=about),),
        )

    await fill(
        desk, case, form, lambda view, given: WithdrawCve(case=case, seen=view.case.seq, why=given["why"]), "The id is withdrawn."
    )


_FLOWS: dict[str, Callable[[Desk, int], Awaitable[None]]] = {
    "request": _request,
    "reserve": _reserve,
    "record": _record,
    "publish": _publish,
    "withdraw": _withdraw,
}
