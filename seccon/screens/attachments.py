"""The parts of a mail, one part of it, and a mail within it. Nothing is run; what is saved is asked for on a form."""

from collections.abc import Iterable
from typing import ClassVar, Literal

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from seccon.core.plural import count
from seccon.core.report import Mail, Part
from seccon.screens.aside import Aside
from seccon.widgets.bar import Bar
from seccon.widgets.dump import dump_lines
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_view import Line, LineView
from seccon.widgets.mail_view import MailView
from seccon.widgets.marks import MarkLine
from seccon.widgets.part_list import Held, PartList, size
from seccon.widgets.patch import is_patch, patch_lines, text_lines
from seccon.widgets.plain import plain, unmarked


class PartChosen(msgspec.Struct, frozen=True):
    """What shall be done with which part."""

    what: Literal["view", "dump", "save"]
    held: Held


class Parts(Aside[PartChosen | None]):
    """Lists the parts of a mail; dismissed with what shall be done with one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "take('save')", "save", id="parts.save", tooltip="save it as a file of your own; it is never run"),
        Binding("x", "take('dump')", "bytes", id="parts.dump", tooltip="its bytes, in hex and ASCII"),
        Binding("q,escape,z,h,left", "dismiss", "back", id="parts.leave", tooltip="back to the mail"),
    ]
    DEFAULT_CSS = "Parts { background: $background; }"

    def __init__(self, title: str, held: tuple[Held, ...], at: int = 0) -> None:
        super().__init__()
        self._title, self._held, self._at = title, held, at

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Bar(id="title")
        yield PartList(self._held)
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin where the person was, or with the first attachment."""
        said = f" {self._title}   {count(len(self._held), 'part')}"
        self.query_one("#title", Bar).say(((unmarked(plain(said, lines=False, limit=200)), "strong"),))
        parts = self.query_one(PartList)
        parts.focus()
        parts.settle()
        parts.cursor = self._at

    def on_value_list_chosen(self) -> None:
        """See the part."""
        self.action_take("view")

    def action_take(self, what: Literal["view", "dump", "save"]) -> None:
        """Have it done with the part at the cursor."""
        here = self.query_one(PartList).here
        if here is not None:
            self.dismiss(PartChosen(what, here))


class PartView(Aside[bool]):
    """Shows one part; dismissed with True when it shall be saved."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "dismiss(True)", "save", id="part.save", tooltip="save it as a file of your own; it is never run"),
        Binding("q,escape,h,left", "dismiss(False)", "back", id="part.leave", tooltip="back to the parts"),
    ]
    DEFAULT_CSS = "PartView { background: $background; & #side { background: $panel; } }"

    def __init__(self, part: Part, lines: Iterable[Line]) -> None:
        super().__init__()
        self._part, self._lines = part, tuple(lines)

    def compose(self) -> ComposeResult:
        """Lay out: the protection on a line that no text of the part can reach."""
        yield Bar(id="side")
        yield Bar(id="title")
        yield LineView(self._lines)
        yield KeyLine()

    def on_mount(self) -> None:
        """Say what it is."""
        part = self._part
        lock = ("🔒 encrypted", "good") if part.encrypted else ("not encrypted", "quiet")
        signed = ("covered by a good signature", "good") if part.signed else ("not signed", "quiet")
        self.query_one("#side", Bar).say(((" This part: ", ""), lock, (" · ", "quiet"), signed))
        said = f" {part.filename or 'without a name'}   {part.type}   {size(part.size)}"
        self.query_one("#title", Bar).say(((unmarked(plain(said, lines=False, limit=300)), "strong"),))
        self.query_one(LineView).focus()


class MailWithin(Aside[bool]):
    """A mail that lies within another, with its own marks; dismissed with True when its parts shall be listed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("z", "dismiss(True)", "parts", id="within.parts", tooltip="the parts of this mail"),
        Binding(
            "q,escape,h,left", "dismiss(False)", "back", id="within.leave", tooltip="back to the parts of the mail around it"
        ),
    ]
    DEFAULT_CSS = "MailWithin { background: $background; }"

    def __init__(self, mail: Mail) -> None:
        super().__init__()
        self._mail = mail

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Bar(id="title")
        yield MarkLine()
        yield MailView()
        yield KeyLine()

    def on_mount(self) -> None:
        """Show it; its marks are what it earns by itself."""
        said = " A mail within the mail: these marks are its own; whoever sent it on may have made it up."
        self.query_one("#title", Bar).say(((said, "warn"),))
        self.query_one(MarkLine).put(self._mail)
        view = self.query_one(MailView)
        view.put(self._mail)
        view.focus()


def shown(part: Part, data: bytes) -> Iterable[Line]:
    """Lay a part out by what its bytes are: a patch, text, or a dump. HTML is shown as the text that was made of it."""
    text = part.text if part.text is not None else text_of(data)
    if text is None:
        return dump_lines(data)
    return patch_lines(text) if is_patch(text, part.filename or "", part.type) else text_lines(text)


def text_of(data: bytes) -> str | None:
    """Read bytes that say of themselves that they are UTF-8 text; None for all others."""
    head = data[: 1 << 20]
    if b"\0" in head or (head and sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head[:4096]) > 8):
        return None
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError as error:
        return head[: error.start].decode("utf-8") if len(data) > len(head) and error.start >= len(head) - 4 else None
