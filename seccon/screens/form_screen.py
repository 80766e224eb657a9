"""A form on a screen of its own: a verb asks for what it needs, and gets the values or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from seccon.screens.aside import Aside
from seccon.widgets.bar import Bar
from seccon.widgets.form import Field, Form
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_view import Line, LineView, height
from seccon.widgets.plain import plain

Values = dict[str, str]
Advise = Callable[[Values], tuple[Line, ...]]
"""Values so far -> what is to be said of them: a suggestion, limits, what is still missing."""
Adapt = Callable[[Values], Sequence[Field]]
"""Values so far -> the fields to ask now, with their values: some questions, and some answers, follow from others."""


class ProsePage(ModalScreen[str | None]):
    """A page to type one text of a form on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "accept", "take it", id="prose.accept", tooltip="take the text into the form", priority=True),
        Binding("ctrl+j", "wrap", "wrap", id="prose.wrap", tooltip="wrap the paragraph at the cursor", priority=True),
        Binding("escape", "dismiss(None)", "back", id="prose.leave", tooltip="back to the form; the text stays as it was"),
    ]
    DEFAULT_CSS = """
    ProsePage {
        background: $background;
        & #title { background: $surface; }
        & LetterText { height: 1fr; border: none; padding: 0 1; background: $background; }
        & #help { height: 3; border-top: solid $panel; background: $background; }
    }
    """

    def __init__(self, title: str, text: str, about: str) -> None:
        super().__init__()
        self._title, self._text, self._help = title, text, about

    def compose(self) -> ComposeResult:
        """Lay out."""
        from seccon.widgets.letter_text import LetterText

        yield Bar(id="title")
        yield LetterText(plain(self._text))
        yield LineView(id="help")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin at the end of what is there."""
        from seccon.widgets.letter_text import LetterText

        self.query_one("#title", Bar).say(((plain(f" {self._title}", lines=False), "strong"),))
        self.query_one("#help").can_focus = False
        self.query_one("#help", LineView).show((Line(plain(self._help, limit=600)),))
        area = self.query_one(LetterText)
        area.move_cursor(area.document.end)
        self.set_focus(area)

    def action_accept(self) -> None:
        """Give the text."""
        from seccon.widgets.letter_text import LetterText

        self.dismiss(self.query_one(LetterText).text.strip("\n"))

    def action_wrap(self) -> None:
        """Wrap the paragraph."""
        from seccon.widgets.letter_text import LetterText

        self.query_one(LetterText).wrap()


class FormScreen(Aside[Values | None]):
    """Asks; dismissed with all values by `ctrl+s`, with None by `q`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "accept", "record", id="form.accept", tooltip="record it"),
        Binding("q,escape", "leave", "back", id="form.leave", tooltip="leave; nothing is recorded"),
    ]
    ONCE = ("accept",)
    DEFAULT_CSS = """
    FormScreen {
        background: $background;
        & #title { background: $surface; }
        & #help { height: 5; border-top: solid $panel; background: $background; }
        & #advice { height: auto; max-height: 9; border-top: solid $panel; background: $background; }
        &.-beside #advice { dock: right; width: 46%; height: 1fr; max-height: 100%; border-top: none; border-left: vkey $panel; }
    }
    """
    WIDE = 120

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        advise: Advise | None = None,
        adapt: Adapt | None = None,
        *,
        beside: bool = False,
        does: str = "record",
    ) -> None:
        super().__init__()
        if does != "record":  # the key line must not promise an entry where none is made yet
            self._bindings.key_to_bindings["ctrl+s"] = [
                replace(each, description=does, tooltip=f"{does}, with what stands here")
                for each in self._bindings.key_to_bindings["ctrl+s"]
            ]
        self._does = does
        self._beside = beside
        """What is said of the values stands beside them, where there is room."""
        self._title = title
        self._form = Form(fields)
        self._advise, self._adapt = advise, adapt
        self._start = ""
        self._first: Values = {}
        self._warned = False

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Bar(id="title")
        yield self._form
        yield LineView(id="help")
        yield LineView(id="advice")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin with the first field."""
        self.query_one("#title", Bar).say(((plain(f" {self._title}", lines=False), "strong"),))
        self.query_one("#help").can_focus = False
        self.query_one("#advice").can_focus = False
        self._form.begin(self._start)
        self._first = self.values
        self._follow()

    def on_resize(self) -> None:
        """Give the advice the lines that it needs in the new width."""
        self._follow()

    def on_form_prose_wanted(self, event: Form.ProseWanted) -> None:
        """Have a text of several lines typed; what is left there by `escape` is kept as it was."""
        event.stop()
        name = event.field.name

        def taken(text: str | None) -> None:
            if text is not None:
                self._form.list.put(name, text)
                self._form.list.action_step(1)  # as after a text of one line

        self.app.push_screen(ProsePage(event.field.label, event.field.value + event.ahead, event.field.help), taken)

    def on_form_finished(self, event: Form.Finished) -> None:
        """The one text that was asked for is given."""
        event.stop()
        self.action_accept()

    def on_form_abandoned(self, event: Form.Abandoned) -> None:
        """The one text that was asked for is not given."""
        event.stop()
        self.action_leave()

    def on_form_changed(self, event: Form.Changed) -> None:
        """Say what follows from the values."""
        event.stop()
        if self._adapt is not None:
            fields = self._adapt(self.values)
            if [(each.name, each.value) for each in fields] != [(each.name, each.value) for each in self._form.list.fields]:
                self._form.list.show(fields)
        self._follow()

    @property
    def values(self) -> Values:
        """What stands on the form."""
        return self._form.list.values

    def _follow(self) -> None:
        field = self._form.list.here
        source = (Line(plain(f"{field.source}”", limit=400), "quiet", ("“", "quiet")),) if field.source else ()
        about = (Line(plain(field.help, limit=600)), *source)
        self.query_one("#help", LineView).show(about)
        advice = self._advise(self.values) if self._advise else ()
        view = self.query_one("#advice", LineView)
        view.display = bool(advice)
        beside = self._beside and self.app.size.width >= self.WIDE
        self.set_class(beside, "-beside")
        view.styles.height = "100%" if beside else 1 + height(advice, self.app.size.width)
        view.show(advice)
        wide = self.app.size.width * 54 // 100 if beside else self.app.size.width
        self._stand_clear(view, 1 + height(about, wide))

    def _stand_clear(self, advice: LineView, wanted: int) -> None:
        """Let messages stand above help and advice, which are read while one corrects what a message says."""
        tall = self.app.size.height
        advice.styles.max_height = 9 if tall >= 20 else 5 if tall >= 14 else 3
        lines = max(5, min(wanted, tall // 3)) if tall >= 20 else 3 if tall >= 14 else 2
        self.query_one("#help").styles.height = lines
        below = lines + (min(int(advice.styles.height.value), 9) if advice.display and advice.styles.height else 0)
        for rack in self.query("ToastRack"):
            rack.styles.margin = (0, 0, min(below, max(tall - 8, 0)) + 1, 0)

    def action_accept(self) -> None:
        """Give the values, with the text that is still being typed."""
        self._form.take()
        self.dismiss(self.values)

    @property
    def here(self) -> str:
        """The field at the cursor, also after the screen has gone."""
        return self._form.list.here.name

    def start_at(self, name: str) -> None:
        """Begin on this field: a form that comes back stands where it was left."""
        self._start = name

    def action_leave(self) -> None:
        """Give nothing; what was typed goes only when the person says so twice."""
        self._form.take()
        if self.values != self._first and not self._warned:
            self._warned = True
            way = "^s records it." if self._does == "record" else f"^s: {self._does}."
            self.app.say(f"What stands on the form would be lost: once more leaves it. {way}")  # type: ignore[attr-defined]
        else:
            self.dismiss(None)
