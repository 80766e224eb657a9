"""Writing the advisory's words, letting a finding pass, saving a form. What a mail said is never filled in."""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from seccon.core.case import Case
from seccon.core.formats import form_of
from seccon.core.gate import gate
from seccon.core.instants import Instant
from seccon.core.journal.disclosure import AdvisorySet
from seccon.desk.advisory import PassFinding, SetAdvisory, references, written
from seccon.desk.export import AdvisoryView, Export, Exported, ReadAdvisory, is_secret
from seccon.desk.open_case import CaseView
from seccon.desk.request import Request
from seccon.screens.flows.frame import Desk, fill
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field
from seccon.widgets.line_view import Line
from seccon.widgets.plain import plain

_DAYS = ("reported", "published", "fixed")


async def words(desk: Desk, case: int) -> None:
    """Write them all on one form; what is still missing stands beside it while one types."""
    read: AdvisoryView = await desk.ask(ReadAdvisory(case=case))

    def form(view: CaseView, values: Values) -> FormScreen:
        now = view.case.work.advisory or AdvisorySet()
        return FormScreen(
            f"Advisory of {view.case.label}",
            tuple(_fields(now, values, read)),
            lambda given: _advice(view.case, given, read),
            beside=True,
        )

    def request(view: CaseView, given: Values) -> Request:
        return SetAdvisory(case=case, seen=view.case.seq, words=_words(given))

    await fill(desk, case, form, request, "The advisory is written.")


def _fields(now: AdvisorySet, values: Values, read: AdvisoryView) -> Iterator[Field]:
    rule = read.policy.advisory

    def text(name: str, label: str, value: str, help_: str, kind: str = "text") -> Field:
        return Field(name, label, kind, values.get(name, value), help=help_, source=rule.source if name == "notice" else "")  # type: ignore[arg-type]

    yield text("title", "title", now.title, "One line that says what is wrong, for readers who know the project.")
    yield text("description", "description", now.description, "What the flaw is. An empty line parts paragraphs.", "prose")
    yield text("impact", "impact", now.impact, "What somebody can do with it, and who they must be.", "prose")
    yield text("workaround", "workaround", now.workaround, "What helps until the fix is in; 'none' where nothing does.", "prose")
    yield text("cwe", "CWE", now.cwe, "The kind of weakness, such as CWE-787.")
    yield text("notice", "notice number", now.notice, f"The project's number for this notice. {read.free} is free.")
    yield text("patchers", "fix written by", "; ".join(now.patchers), "Name <address>, with ; between several.")
    about = (
        "Links that everybody can open, with blanks between them; fix: report: advisory: article: may stand before one. "
        "TRACKER#NUMBER for a bug without a page."
    )
    yield text("references", "references", written(now.references), about)
    yield text("also", "further CVE ids", " ".join(now.also), "Ids beside the case's own that the notice tells of.")
    yield Field("", "Days, where the case tells them wrongly", "head")
    for name in _DAYS:
        told = getattr(read.told, name)
        day = getattr(now, name)
        known = f"The case says {told:%Y-%m-%d}." if told else "The case does not know it."
        yield text(
            name, name, f"{day:%Y-%m-%d}" if day else "", f"{known} Another day, such as 2026-01-31, wants its reason below."
        )
    yield text("dates_because", "because", now.dates_because, "Why a day is set by hand.")
    yield text("deployable", "fix deployed early", now.deployable, "Whether, and where, the fix may be deployed before the date.")


def _words(given: Values) -> AdvisorySet:
    """Read the form. Raises ValueError for a day that is none."""
    return AdvisorySet(
        title=given["title"],
        description=given["description"],
        impact=given["impact"],
        workaround=given["workaround"],
        cwe=given["cwe"],
        notice=given["notice"],
        patchers=tuple(one.strip() for one in given["patchers"].split(";") if one.strip()),
        references=references(given["references"]),
        also=tuple(given["also"].replace(",", " ").split()),  # type: ignore[arg-type]
        reported=_day(given["reported"]),
        published=_day(given["published"]),
        fixed=_day(given["fixed"]),
        dates_because=given["dates_because"],
        deployable=given["deployable"],
    )


def _day(text: str) -> Instant | None:
    if not text.strip():
        return None
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise ValueError(f"'{text[:40]}' is no day such as 2026-01-31.") from None


def _advice(case: Case, given: Values, read: AdvisoryView) -> tuple[Line, ...]:
    """Judge the words as they stand on the form."""
    try:
        words = _words(given)
    except ValueError as error:
        return (Line(plain(str(error), lines=False), "alarm"),)
    passed = case.work.advisory.passed if case.work.advisory else {}
    words = msgspec.structs.replace(words, cwe=words.cwe.upper(), passed=passed)
    tried = msgspec.structs.replace(case, work=msgspec.structs.replace(case.work, advisory=words))
    found = gate(tried, read.policy, read.now, taken=read.taken)
    stops = [one for one in found if one.open]
    head = (
        f"{len(stops)} {'thing stops' if len(stops) == 1 else 'things stop'} the announcement" if stops else "Nothing stops it."
    )
    lines = [Line(head, "warn" if stops else "good")]
    if words.cwe:
        name = read.weaknesses.get(words.cwe, "no weakness of the list has this id")
        lines.append(Line(plain(f"{words.cwe}: {name}", lines=False, limit=200), "quiet"))
    lines += [Line(plain(one.sentence, lines=False), "", (f" {'·' if one.key == 'E' else one.key} ", "strong")) for one in stops]
    return tuple(lines)


async def let_pass(desk: Desk, case: int) -> None:
    """Let a finding pass with its reason, or take that back."""
    read: AdvisoryView = await desk.ask(ReadAdvisory(case=case))
    open_ = [one for one in read.findings if one.passable and (one.open or one.passed)]
    if not open_:
        desk.say("Nothing that stops can be let pass.", wrong=True)
        return
    names = {one.id: plain(one.sentence, lines=False, limit=200) for one in open_}
    reasons = {one.id: one.passed for one in open_}

    def form(view: CaseView, values: Values) -> FormScreen:
        here = values.get("finding", open_[0].id)
        return FormScreen(
            f"Let pass, {view.case.label}",
            (
                Field("finding", "what", "choice", here, tuple(names), shown=names, help="Which of those that stop? ← → turn."),
                Field("why", "because", value=values.get("why", reasons[here]),
                      help="Why it may pass, for whoever asks later. Empty: it shall stop again."),
            ),
            lambda given: (Line(names[given["finding"]], "warn"),),
        )  # fmt: skip

    def request(view: CaseView, given: Values) -> Request:
        return PassFinding(case=case, seen=view.case.seq, finding=given["finding"], why=given["why"])

    await fill(desk, case, form, request, "That is on record.")


async def save(desk: Desk, case: int, form: str) -> None:
    """Save one form where the person says: a new file that nobody else can read."""
    named = form_of(form)
    values: Values = {}
    while True:
        read: AdvisoryView = await desk.ask(ReadAdvisory(case=case))
        given = await desk.wait_for(_save_form(read, named.title, values, desk.place))
        if given is None:
            return
        values = given
        secret = is_secret(read.case, read.policy)
        done = await _saved(desk, Export(case=case, form=form, draft=secret, directory=given["directory"].strip()))
        if done:
            return


def _save_form(read: AdvisoryView, title: str, values: Values, place: str) -> FormScreen:
    about = f"A directory of yours. {title} is saved there as a new file that you alone can read."
    directory = Field("directory", "directory", value=values.get("directory", place), help=about)
    return FormScreen(f"Save, {read.told.label}: {title}", (directory,))


async def _saved(desk: Desk, request: Export) -> bool:
    from seccon.core.errors import SecconError

    try:
        done: Exported = await desk.ask(request)
    except SecconError as error:
        desk.show_error(error)
        return False
    if done.document.lacks:
        desk.say("Nothing is saved: " + "; ".join(one.what for one in done.document.lacks) + ".", wrong=True)
        return False
    desk.say(f"Saved as {plain(done.path, lines=False)}.")
    return True
