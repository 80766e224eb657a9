"""Writing a reply: the head of the letter, its text, and the way to the pre-send sheet. What is typed is kept as it is typed."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import TextArea

from seccon.core.ids import address_key
from seccon.core.letter import Letter, Recipient
from seccon.core.team import Identity
from seccon.desk.save_draft import SaveDraft
from seccon.screens.form_screen import FormScreen, Values
from seccon.screens.request import Ask, Done, Refused
from seccon.widgets.bar import Bar
from seccon.widgets.form import Field
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_view import Line, LineView, height
from seccon.widgets.plain import plain

SAVE_AFTER = 1.0
"""Seconds after a key until the draft is kept."""
_HEAD = 8
"""Lines that the head takes at most."""
_PROTECTION = {
    "encrypted": ("encrypted and signed", "good"),
    "signed": ("signed only: everybody on the way can read it", "alarm"),
    "clear": ("in clear: everybody on the way can read it", "alarm"),
}


class Written(msgspec.Struct, frozen=True):
    """What a person made of a letter: to be sent, or only to be kept."""

    letter: Letter
    send: bool


class Compose(ModalScreen[Written | None]):
    """Edits a letter; dismissed with it, or with None when the person leaves it as it was. Keeps it while it is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "send", "check and send", id="compose.send", tooltip="to the pre-send sheet", priority=True),
        Binding("ctrl+e", "head", "recipients", id="compose.head", tooltip="from, to, cc, subject, protection", priority=True),
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
        area = TextArea(plain(self.letter.text), soft_wrap=True, tab_behavior="indent", show_line_numbers=False, compact=True)
        area.cursor_blink = False
        yield area
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
        self.query_one("#title", Bar).say(((plain(said, lines=False), "strong"), (f"   {self._kept}", "quiet")))
        view = self.query_one("#head", LineView)
        lines = head_lines(self.letter)
        view.styles.height = min(height(lines, self.app.size.width), _HEAD) + 1
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
            self._timer = self.set_timer(SAVE_AFTER, self._keep)

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
        if isinstance(message.request, SaveDraft) and self._timer is None:
            self._describe("draft kept, encrypted to your key" if message.result else "draft kept in your private directory")

    def on_refused(self, message: Refused) -> None:
        """Say that it is not."""
        if isinstance(message.request, SaveDraft):
            self._describe("THE DRAFT IS NOT KEPT")

    def action_send(self) -> None:
        """Give the letter to be checked; who gets it keeps it, before anything else is done with it."""
        self._stop()
        self.dismiss(Written(self.written, send=True))

    def action_head(self) -> None:
        """Change the head."""
        self.app.push_screen(head_form(self.written, self._identities), self._changed)

    def _changed(self, values: Values | None) -> None:
        if values is not None:
            self.change(with_head(self.letter, values))

    def action_leave(self) -> None:
        """Leave; what was typed is kept, and a letter that nobody changed is no draft."""
        self._stop()
        self.dismiss(Written(self.written, send=False) if self.written != self._given else None)


def head_lines(letter: Letter) -> tuple[Line, ...]:
    """Write the head of a letter."""
    words, tone = _PROTECTION[letter.protection]
    lines = [
        Line(words, tone, ("Sent     ", "quiet")),
        Line(plain(letter.identity or "nobody: choose an identity", lines=False), "", ("From     ", "quiet")),
    ]
    for field, lead in (("to", "To       "), ("cc", "Cc       ")):
        people = [_named(one) for one in letter.recipients if one.field == field]
        if people or field == "to":
            lines.append(
                Line(plain(", ".join(people) or "nobody", lines=False, limit=600), "" if people else "alarm", (lead, "quiet"))
            )
    lines.append(Line(plain(letter.subject, lines=False, limit=200), "strong", ("Subject  ", "quiet")))
    return tuple(lines)


def _named(one: Recipient) -> str:
    role = f" ({one.role})" if one.role != "other" else ""
    return f"{one.address}{role}"


def head_form(letter: Letter, identities: Sequence[Identity]) -> FormScreen:
    """Ask for the head of a letter."""
    names = tuple(one.address for one in identities)
    people = {field: ", ".join(one.address for one in letter.recipients if one.field == field) for field in ("to", "cc")}
    return FormScreen(
        "Head of the letter",
        (
            Field("identity", "from", "choice", letter.identity, names, help="Who the reply comes from."),
            Field("to", "to", value=people["to"], help="Addresses, with commas between them."),
            Field("cc", "cc", value=people["cc"], help="Addresses, with commas between them. There is no Bcc."),
            Field("subject", "subject", value=letter.subject, help="The true one; an encrypted mail bears it inside only."),
            Field("protection", "protection", "choice", letter.protection, ("encrypted", "signed", "clear"),
                  shown={key: words for key, (words, _tone) in _PROTECTION.items()},
                  help="The sheet says whether the policy allows it."),
        ),
    )  # fmt: skip


def with_head(letter: Letter, values: Values) -> Letter:
    """Give the letter with another head; who was a recipient before keeps name and role."""
    known = {address_key(one.address): one for one in letter.recipients}
    recipients = tuple(
        msgspec.structs.replace(known.get(address_key(address), Recipient(address)), field=field)
        for field in ("to", "cc")
        for address in dict.fromkeys(part.strip() for part in values[field].split(","))
        if address
    )
    return msgspec.structs.replace(
        letter,
        identity=values["identity"],
        recipients=recipients,
        subject=values["subject"],
        protection=values["protection"],
    )
