"""Archive to the list: an encrypted report's details as a letter to the private list, or the word that they lie there (R10)."""

from collections.abc import Awaitable

from seccon.core.errors import RefusedError
from seccon.core.letter import ARCHIVE, Letter
from seccon.core.ports import Phrase, Unlock
from seccon.desk.archive_to_list import PrepareArchive, archive_of
from seccon.desk.open_case import CaseView, OpenCase
from seccon.screens.flows import results
from seccon.screens.flows.frame import Desk
from seccon.screens.flows.reply import edit, resumed
from seccon.screens.flows.secret import with_secret_key
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field

_HOW = {"send": "send them to the list now", "elsewhere": "they were archived elsewhere: record it"}
_MAILS = {"report": "the report alone", "thread": "all that the reporter wrote encrypted"}
_FILES = {"no": "their names only", "yes": "go along"}


async def archive(desk: Desk, case: int) -> None:
    """Send the details, or record where they lie."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    if await resumed(desk, view, ARCHIVE):
        return
    given = await desk.wait_for(_form(view))
    if given is None:
        return
    if given["how"] == "elsewhere":
        await results.archive(desk, case)
        return
    letter = await _prepared(desk, case, given)
    if letter is not None:
        await edit(desk, view, letter, f"Archive of {view.case.label}")


def _form(view: CaseView) -> FormScreen:
    case = view.case
    if not case.reports:
        raise RefusedError("archive.report", f"Case {case.label} holds no report.")
    left = [one for one in case.reports if one.id not in case.work.archived]
    names: dict[str, str] = {one.id: one.reporter.name or one.reporter.address for one in left or case.reports}
    try:
        mailing = archive_of(view.policy)
        where, source = f"{mailing.address} ({_TRANSPORTS[mailing.transport]})", mailing.source
    except RefusedError as error:
        where, source = error.sentence, error.source
    state = "" if left else " Every report of this case is archived already."
    fields = (
        Field("how", "details", "choice", "send" if left else "elsewhere", tuple(_HOW), shown=_HOW,
              help=f"After triage they go to {where}.{state}", source=source),
        Field("report", "report of", "choice", next(iter(names)), tuple(names), shown=names, help="Whose report?"),
        Field("mails", "mails", "choice", "report", tuple(_MAILS), shown=_MAILS, help="What is decrypted into the letter?"),
        Field("files", "attachments", "choice", "no", tuple(_FILES), shown=_FILES, help="Reproducers may be wanted there."),
    )  # fmt: skip
    return FormScreen(f"Archive {case.label} to the list", fields, does="go on")


_TRANSPORTS = {
    "members": "encrypted to each member",
    "list-key": "encrypted to the list's key",
    "clear": "the list reads clear text only: that needs your written decision",
}


async def _prepared(desk: Desk, case: int, given: Values) -> Letter | None:
    """Have the letter written; a locked key is asked for."""

    def prepare(phrase: Phrase) -> Awaitable[Letter]:
        return desk.ask(
            PrepareArchive(
                case=case,
                report=given["report"],  # type: ignore[arg-type]
                mails=given["mails"],  # type: ignore[arg-type]
                attached=given["files"] == "yes",
                unlock=Unlock.TYPED if isinstance(phrase, bytes) else phrase or Unlock.QUIET,
                passphrase=phrase if isinstance(phrase, bytes) else None,
            )
        )

    return await with_secret_key(desk, prepare)
