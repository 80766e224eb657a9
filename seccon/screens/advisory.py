"""The advisory of a case: what stands in its way, and how it comes out in each form."""

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from seccon.core.advisory import Advisory
from seccon.core.formats import FORMS, Document
from seccon.core.gate import Finding
from seccon.desk.export import OF_ONE_ID, AdvisoryView, ReadAdvisory
from seccon.screens.case_place import CasePlace
from seccon.screens.request import Ask, Done
from seccon.screens.snap import Snap
from seccon.screens.verbs import ADVISORY_VERBS, GATE_KEYS, VerbChosen
from seccon.widgets.bar import Bar, Span, spread
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_view import Line, LineView
from seccon.widgets.plain import plain, unmarked
from seccon.widgets.top_bar import TopBar


class DocumentWanted(Message):
    """A form of the advisory shall be saved."""

    def __init__(self, case: int, form: str) -> None:
        super().__init__()
        self.case, self.form = case, form


class AdvisoryScreen(CasePlace):
    """Shows the gate, and a page for each form."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *ADVISORY_VERBS,
        *GATE_KEYS,
        Binding("tab,right,l", "page(1)", "next form", id="advisory.next", tooltip="the next page: the gate, then each form"),
        Binding("shift+tab,left,h", "page(-1)", "before", show=False, id="advisory.before", tooltip="the page before"),
        Binding("ctrl+s", "save", "save", id="advisory.save", tooltip="save this form as a file that you alone can read"),
        Binding("q", "leave", "back", id="advisory.leave", tooltip="back to the case"),
    ]
    DEFAULT_CSS = "AdvisoryScreen { & #pages { background: $surface; } }"

    def __init__(self, case: int, snap: Snap | None = None) -> None:
        super().__init__(case, snap)
        self.page = 0
        """0: the gate; then the forms."""
        self._read_view: AdvisoryView | None = None

    def compose(self) -> ComposeResult:
        """Lay out."""
        self._top, self._title, self._pages, self._view = TopBar(), Bar(id="title"), Bar(id="pages"), LineView()
        yield self._top
        yield self._title
        yield self._pages
        yield self._view
        yield KeyLine()

    def read(self) -> None:
        """Ask for what is shown."""
        self.post_message(Ask(self, ReadAdvisory(case=self.case), latest=True))

    def on_done(self, message: Done) -> None:
        """Show it."""
        if isinstance(message.result, AdvisoryView):
            self._read_view = message.result
            self._show(keep=True)

    def _show(self, *, keep: bool) -> None:
        read = self._read_view
        if read is None:
            return
        state = "a draft: it is not public" if read.told.draft else "it may be published"
        title = unmarked(plain(read.told.title or "without a title", lines=False, limit=200))
        self._title.say(((f" Advisory {plain(read.told.label, lines=False)}  ", "here"), (f"{state}  ", "warn" if read.told.draft else "good"), (title, "strong")))  # fmt: skip  # noqa: E501
        self._pages.say(pages(read, self.page, self.app.size.width))
        lines = gate_lines(read) if self.page == 0 else document_lines(read.documents[self.page - 1], read.told.also)
        self._view.show(lines, keep_place=keep)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer saving where there is a form, and letting pass where something can be."""
        if action == "save":
            return bool(self.page and self._read_view and self._read_view.documents[self.page - 1].text)
        if action == "verb" and parameters[0] == "advisory-pass" and self._read_view is not None:
            return any((one.open and one.passable) or one.passed for one in self._read_view.findings)
        return True

    def action_page(self, by: int) -> None:
        """Turn the page."""
        self.page = (self.page + by) % (len(FORMS) + 1)
        self._show(keep=False)

    def action_save(self) -> None:
        """Have this form saved."""
        if self.page:
            self.post_message(DocumentWanted(self.case, FORMS[self.page - 1].id))

    def action_verb(self, verb: str) -> None:
        """Carry out a verb on this case."""
        self.post_message(VerbChosen(verb, self.case))

    def action_leave(self) -> None:
        """Go back."""
        self.app.pop_screen()


def pages(read: AdvisoryView, page: int, width: int) -> tuple[Span, ...]:
    """Name the pages; what is not complete says so, and what that sign means stands at the end where it has room."""
    stops = sum(one.open for one in read.findings)
    lacking = any(one.lacks for one in read.documents)
    names = [
        f"gate: {stops} open" if stops else "gate ✓",
        *(f"{one.form.id}{'·' if one.lacks else ''}" for one in read.documents),
    ]
    said = tuple((f" {name} ", "here" if at == page else "quiet") for at, name in enumerate(names))
    return spread(said, (("· lacks something ", "quiet"),) if lacking else (), width)


def gate_lines(read: AdvisoryView) -> Iterator[Line]:
    """Write what stops, what warns and what was let pass; then what the case tells."""
    stops = [one for one in read.findings if one.open]
    warns = [one for one in read.findings if not one.open and not one.passed]
    passed = [one for one in read.findings if one.passed]
    if not stops:
        yield Line("Nothing stops the announcement.", "good")
    for head, found, style in (("Stops the announcement", stops, "alarm"), ("Not needed by the policy", warns, "quiet")):
        if found:
            yield Line(head, "head")
            yield from (finding_line(one, style) for one in found)
    if passed:
        yield Line("Let pass", "head")
        yield from (Line(_said(f"{one.sentence} Because: {one.passed}"), "quiet", ("  ✓ ", "good")) for one in passed)
    yield Line("")
    yield from told_lines(read.told)


def finding_line(one: Finding, style: str) -> Line:
    """Write one finding behind the key that leads to where it is mended."""
    key = "w" if one.key == "E" else one.key
    return Line(_said(one.sentence), style, (f"  {key}  ", "strong"))


def told_lines(told: Advisory) -> Iterator[Line]:
    """Write what the case itself tells: nobody types that here."""
    days = ((name, getattr(told, name)) for name in ("reported", "published", "fixed"))
    shown = (
        ("ids", ", ".join((told.name, *told.cves)) if told.notice else ", ".join(told.cves)),
        ("severity", " ".join(one for one in (told.severity, told.cvss) if one)),
        *((name, f"{day:%Y-%m-%d}" if day else "") for name, day in days),
        ("finders", "; ".join(one.label for one in told.finders)),
        ("branches", _branches(told)),
        ("references", ", ".join(one.url for one in told.references)),
    )
    yield Line("The case tells", "head")
    for name, text in shown:
        yield Line(_said(text) or "–", "" if text else "quiet", (f"  {name:<12}", "quiet"))


def _branches(told: Advisory) -> str:
    fixed = [one.name for one in told.affected if one.fixes or one.fixed_tags]
    bare = [one.name for one in told.affected if one.name not in fixed]
    said = ((fixed, "fixed"), (bare, "not fixed"))
    return "; ".join(f"{word}: {', '.join(names)}" for names, word in said if names)


def document_lines(found: Document, also: Sequence[str] = ()) -> Iterable[Line]:
    """Write a form as it comes out, or what it lacks; `also` are the case's further ids."""
    if not found.lacks:
        said = f"The record of the case's own id; seccon export --cve writes that of {', '.join(also)}."
        more = [Line(_said(said), "quiet")] if also and found.form.id in OF_ONE_ID else []
        return [*more, *(Line(plain(line, lines=False)) for line in found.text.split("\n"))]
    head = Line(_said(f"Not written: {found.form.title} needs more."), "head")
    return [head, *(Line(_said(f"{one.what[:1].upper()}{one.what[1:]}."), "warn", (f"  {'w' if one.key == 'E' else one.key or '·'}  ", "strong")) for one in found.lacks)]  # fmt: skip  # noqa: E501


def _said(text: str) -> str:
    return plain(text, lines=False, limit=2000)
