"""Writing a reply: the head of the letter, its text, and the way to the pre-send sheet. What is typed is kept as it is typed."""

from collections.abc import Callable, Sequence
from typing import ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import TextArea

from seccon.core.letter import Letter, blanks
from seccon.core.team import Identity
from seccon.desk.attachments import AttachFile
from seccon.desk.save_draft import SaveDraft
from seccon.screens.form_screen import Values
from seccon.screens.letter_head import brief_lines, files_form, head_form, head_lines, with_file, with_head, without_file
from seccon.screens.request import Ask, Done, Refused
from seccon.widgets.bar import Bar
from seccon.widgets.key_line import KeyLine
from seccon.widgets.letter_text import LetterText
from seccon.widgets.line_view import LineView, height
from seccon.widgets.plain import plain

SAVE_AFTER = 1.0
"""Seconds after a key until the draft is kept."""
SAVE_LATER = 0.4 / (1 << 20)
"""Seconds more for each byte of attachments: ten megabytes take 0.9 s to seal and store, and colleagues write there too."""
_HEAD = 8
"""Lines that the head takes at most."""
_REST = 8
"""Lines that are not the head's: title, border, keys, and five of the text at least."""


class Written(msgspec.Struct, frozen=True):
    """What a person made of a letter: to be sent, or only to be kept."""

    letter: Letter
    send: bool


class EditorWanted(Message):
    """The text shall be edited in the person's own editor."""

    def __init__(self, text: str, asker: "Compose") -> None:
        super().__init__()
        self.text, self.asker = text, asker


class Compose(ModalScreen[Written | None]):
    """Edits a letter; dismissed with it, or with None when the person leaves it as it was. Keeps it while it is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "send", "check and send", id="compose.send", tooltip="to the pre-send sheet", priority=True),
        Binding("ctrl+e", "head", "recipients", id="compose.head", tooltip="from, to, cc, subject, protection", priority=True),
        Binding("ctrl+o", "files", "attach", id="compose.files", tooltip="attach a file, or take one away again", priority=True),
        Binding(
            "ctrl+r",
            "wrap",
            "wrap",
            show=False,
            id="compose.wrap",
            tooltip="wrap this paragraph at 72 columns; quotations stay as deep as they are",
            priority=True,
        ),
        Binding(
            "ctrl+n",
            "blank",
            "next blank",
            show=False,
            id="compose.blank",
            tooltip="go to the next <<blank>> that is still to be filled",
            priority=True,
        ),
        Binding(
            "ctrl+x",
            "editor",
            "$EDITOR",
            show=False,
            id="compose.editor",
            tooltip="your own editor, in a private directory that goes away afterwards",
            priority=True,
        ),
        Binding("escape", "leave", "leave", id="compose.leave", tooltip="leave; what was typed is kept", priority=True),
    ]
    DEFAULT_CSS = """
    Compose {
        background: $background;
        & #head { height: auto; border-bottom: solid $panel; }
        & TextArea { padding: 0 1; height: 1fr; background: $background; scrollbar-size-vertical: 0; }
    }
    """

    def __init__(self, letter: Letter, title: str, identities: Sequence[Identity]) -> None:
        super().__init__()
        self.letter = letter
        self._identities = identities
        self._title = title
        self._timer: Timer | None = None
        self._kept = ""
        self._given = self._last = letter
        """As it was given, and as it was kept last."""

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Bar(id="title")
        yield LineView(id="head")
        # The quoted text is a stranger's: it passes the door before it can be drawn, or sent back.
        yield LetterText(plain(self.letter.text))
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin at the top."""
        self.query_one("#head").can_focus = False
        self.query_one(TextArea).focus()
        self._given = self._last = self.written
        self._describe()

    def on_resize(self) -> None:
        """Give the head the lines that it needs in the new width."""
        self._describe()

    def _describe(self, kept: str = "") -> None:
        self._kept = kept or self._kept
        said = f" {self._title}"
        blank = next(iter(blanks(self.query_one(TextArea).text)), "")
        still = f"   ^n still to fill: {plain(blank, lines=False)}" if blank else ""
        spans = ((plain(said, lines=False), "strong"), (still, "warn"), (f"   {self._kept}", "quiet"))
        self.query_one("#title", Bar).say(spans)
        view = self.query_one("#head", LineView)
        width, room = self.app.size.width, min(_HEAD, self.app.size.height - _REST)
        lines = head_lines(self.letter)
        if height(lines, width) > room:
            lines = brief_lines(self.letter, width, max(room, 1))
        view.styles.height = min(height(lines, width), max(room, 1)) + 1
        view.show(lines)

    @property
    def written(self) -> Letter:
        """The letter as it stands."""
        return msgspec.structs.replace(self.letter, text=self.query_one(TextArea).text)

    def change(self, letter: Letter) -> None:
        """Take another head; the text stays what it is."""
        self.letter = letter
        self._describe()
        self._keep()

    def on_text_area_changed(self) -> None:
        """Keep what was typed, again and again while a person types on."""
        if self._timer is None and self.written != self._last:
            self._describe("not kept yet")
            files = sum(len(one.data) for one in self.letter.attachments)
            self._timer = self.set_timer(SAVE_AFTER + files * SAVE_LATER, self._keep)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = None

    def _keep(self) -> None:
        self._stop()
        self._last = self.written
        self.post_message(Ask(self, SaveDraft(letter=self._last), latest=True))

    def on_done(self, message: Done) -> None:
        """Say that the draft is kept, unless more was typed meanwhile."""
        if isinstance(message.request, AttachFile):
            self.change(with_file(self.letter, message.result))
        elif isinstance(message.request, SaveDraft) and self._timer is None:
            self._describe("draft kept, encrypted to your key" if message.result else "draft kept in your private directory")

    def on_refused(self, message: Refused) -> None:
        """Say that it is not."""
        if isinstance(message.request, SaveDraft):
            self._describe("THE DRAFT IS NOT KEPT")

    def action_send(self) -> None:
        """Give the letter to be checked; who gets it keeps it, before anything else is done with it."""
        self._once_typed(self._send)

    def _once_typed(self, then: Callable[[], object]) -> None:
        """Do it after the keys that were pressed before: these keys overtake them on the way to the text."""
        self.query_one(LetterText).call_later(self._unless_gone, then)

    def _unless_gone(self, then: Callable[[], object]) -> None:
        if self.is_current:  # the same key twice: dismissing again would close what lies below
            then()

    def _send(self) -> None:
        self._stop()
        self.dismiss(Written(self.written, send=True))

    def action_head(self) -> None:
        """Change the head."""
        self.app.push_screen(head_form(self.written, self._identities), self._changed)

    def _changed(self, values: Values | None) -> None:
        if values is not None:
            self.change(with_head(self.letter, values))

    def action_files(self) -> None:
        """Attach a file, or take one away."""
        self.app.push_screen(files_form(self.letter), self._filed)

    def _filed(self, values: Values | None) -> None:
        if values is None:
            return
        if values.get("away"):
            self.change(without_file(self.letter, values["away"]))
        if values["path"].strip():
            held = sum(len(one.data) for one in self.letter.attachments)
            self.post_message(Ask(self, AttachFile(path=values["path"], held=held)))

    def action_wrap(self) -> None:
        """Wrap the paragraph at the cursor."""
        self._once_typed(self.query_one(LetterText).wrap)

    def action_blank(self) -> None:
        """Select the next blank."""
        self._once_typed(self.query_one(LetterText).next_blank)

    def action_editor(self) -> None:
        """Keep the draft, then have the text edited elsewhere."""
        self._once_typed(self._edit)

    def _edit(self) -> None:
        self._keep()
        self.post_message(EditorWanted(self.query_one(TextArea).text, self))

    def edited(self, text: str) -> None:
        """Take the text that came back from the editor: it passes the door, and can be undone."""
        self.query_one(LetterText).put(plain(text))

    def action_leave(self) -> None:
        """Leave; what was typed is kept, and a letter that nobody changed is no draft."""
        self._once_typed(self._leave)

    def _leave(self) -> None:
        self._stop()
        self.dismiss(Written(self.written, send=False) if self.written != self._given else None)
