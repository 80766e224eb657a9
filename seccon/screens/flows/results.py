"""Recording what came of a case: bug, patch, branches, archive, announcement."""

from seccon.core.announcing import claims
from seccon.core.errors import RefusedError
from seccon.core.lookout import awaited
from seccon.core.outside import public_lists
from seccon.core.trailers import known_trailers
from seccon.desk.open_case import CaseView
from seccon.desk.request import Request
from seccon.desk.results import Announce, CloseBug, OpenBug, ProposeFix, RecordArchive
from seccon.screens.flows.frame import Desk, fill
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field


async def bug(desk: Desk, case: int) -> None:
    """Record the upstream bug, or close it with the commit where it is open."""

    def opening(view: CaseView, values: Values) -> FormScreen:
        return FormScreen(
            f"Upstream bug of {view.case.label}",
            (
                Field("url", "link", value=values.get("url", ""), help="The upstream bug."),
                Field("public", "everybody can read it", "choice", values.get("public", "yes"), ("yes", "no"),
                      help="A public bug ends secrecy: it is refused while the embargo holds."),
            ),
        )  # fmt: skip

    def closing(view: CaseView, values: Values) -> FormScreen:
        known = next((one.commit for one in view.case.work.branches.values() if one.commit), "")
        commit = Field("commit", "fixed in", value=values.get("commit", known), help="Commit hash or link: “Fixed in: …”.")
        return FormScreen(f"Close the bug of {view.case.label}", (commit,))

    def opened(view: CaseView, given: Values) -> Request:
        return OpenBug(case=case, seen=view.case.seq, url=given["url"], public=given["public"] == "yes")

    def closed(view: CaseView, given: Values) -> Request:
        return CloseBug(case=case, seen=view.case.seq, commit=given["commit"])

    work = (await view_of(desk, case)).case.work
    if work.bug is not None and work.bug_closed is None:
        await fill(desk, case, closing, closed, "The bug is closed with its commit.")
    else:
        await fill(desk, case, opening, opened, "The bug is recorded.")


async def fix(desk: Desk, case: int) -> None:
    """Record a version of the patch with its trailers, or the fault that was found with the newest."""

    def form(view: CaseView, values: Values) -> FormScreen:
        work = view.case.work
        newest = work.fixes[-1] if work.fixes else None
        wanted = ", ".join(view.policy.trailers)
        fields = [
            Field("mail", "mail of the patch", value=values.get("mail", ""), help="Message-ID of the mail that holds it."),
            Field("commit", "or commit", value=values.get("commit", ""), help="Hash of the commit, where there is no mail."),
            Field("trailers", "annotated with", value=values.get("trailers", "; ".join(known_trailers(view.case, view.policy))),
                  help=f"The trailers as they stand in the patch, with ; between them. The policy wants: {wanted or 'none'}."),
        ]  # fmt: skip
        for name, label in (("reviewers", "reviewed by"), ("testers", "tested by")):
            about = "Names, with ; between them; who stands in the trailers counts without being named here."
            fields.append(Field(name, label, value=values.get(name, ""), help=about))
        if newest is not None and not newest.faulty:
            about = (
                f"Only where a problem was found with version {newest.version}; a restart of the embargo may follow (e, then R)."
            )
            fields.append(Field("faulty", f"problem with v{newest.version}", value=values.get("faulty", ""), help=about))
        return FormScreen(f"Patch for {view.case.label}", fields)

    def request(view: CaseView, given: Values) -> Request:
        faulty = given.get("faulty", "").strip()
        return ProposeFix(
            case=case,
            seen=view.case.seq,
            version=view.case.work.fixes[-1].version if faulty else 0,
            mail=given["mail"].strip("<> ") or None,  # type: ignore[arg-type]
            commit=given["commit"],
            trailers=_several(given["trailers"]),
            reviewers=_several(given.get("reviewers", "")),
            testers=_several(given.get("testers", "")),
            faulty=faulty,
        )

    await fill(desk, case, form, request, "The patch is recorded.")


def _several(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(";") if one.strip())


async def announce(desk: Desk, case: int) -> None:
    """Record an announcement on one of the policy's lists."""

    def form(view: CaseView, values: Values) -> FormScreen:
        ours = tuple(one.address for one in view.policy.list if "announce" in one.purpose)
        lists = tuple(dict.fromkeys((*ours, *public_lists(view.policy, view.case))))
        if not lists:
            raise RefusedError("announce.none", "The policy names no list for announcements.", view.policy.source)
        waiting = [one.address for one in awaited(view.case, view.policy)]
        claim = next(iter(claims(view.case.work)), None)
        shown = {one: f"{one}{'' if one in waiting else ' (done)'}" for one in lists}
        return FormScreen(
            f"Announcement of {view.case.label}",
            (
                Field(
                    "list",
                    "list",
                    "choice",
                    values.get("list", claim.list if claim else next(iter(waiting), lists[0])),
                    lists,
                    shown=shown,
                    help="Where was it announced?",
                ),
                Field("url", "link", value=values.get("url", claim.url if claim else ""), help="Where everybody can read it."),
                Field(
                    "mail",
                    "or Message-ID",
                    value=values.get("mail", claim.mail if claim else ""),
                    help="Of the announcement as the list sent it.",
                ),
            ),
        )

    def request(view: CaseView, given: Values) -> Request:
        mail = given["mail"].strip("<> ") or None
        return Announce(case=case, seen=view.case.seq, list=given["list"], url=given["url"], mail=mail)  # type: ignore[arg-type]

    await fill(desk, case, form, request, "The announcement is recorded.")


async def archive(desk: Desk, case: int) -> None:
    """Record that the details of an encrypted report lie in the private list's archive."""

    def form(view: CaseView, values: Values) -> FormScreen:
        reports = [one for one in view.case.reports if one.id not in view.case.work.archived] or list(view.case.reports)
        names: dict[str, str] = {one.id: one.reporter.name or one.reporter.address for one in reports}
        place = ", ".join(one.address for one in view.policy.list if "archive" in one.purpose)
        return FormScreen(
            f"Archive of {view.case.label}",
            (
                Field("report", "report of", "choice", values.get("report", next(iter(names), "")), tuple(names), shown=names,
                      help=f"After triage its details are sent to the private list: {place}."),
                Field("mail", "mail to the list", value=values.get("mail", ""), help="Message-ID of the mail with the details."),
                Field("evidence", "else: how", value=values.get("evidence", ""), help="How else was it archived?"),
            ),
        )  # fmt: skip

    def request(view: CaseView, given: Values) -> Request:
        return RecordArchive(
            case=case,
            seen=view.case.seq,
            report=given["report"],  # type: ignore[arg-type]
            mail=given["mail"].strip("<> ") or None,  # type: ignore[arg-type]
            evidence=given["evidence"],
        )

    await fill(desk, case, form, request, "The archive is recorded.")


async def view_of(desk: Desk, case: int) -> CaseView:
    """Read the case."""
    from seccon.desk.open_case import OpenCase

    view: CaseView = await desk.ask(OpenCase(case=case))
    return view
