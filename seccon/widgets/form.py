"""A form as a list of fields: each line is a label and its value; what a field means is told by who holds the form.

Choices turn with ← → or take the first letter of an answer; texts are typed in a line that opens under the form.
"""

from collections.abc import Sequence
from typing import ClassVar, Literal

import msgspec
from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

from seccon.widgets.bar import Bar
from seccon.widgets.fit import fit
from seccon.widgets.ink import ink
from seccon.widgets.line_list import LineList
from seccon.widgets.plain import plain

LABEL, LONGEST = 26, 48
"""Cells that labels have at least, where there is room for them, and at most."""


_MOVES = tuple("qjkhlG ?:")
"""Keys that leave, move or help in every list: never the first letter of an answer."""
_ALWAYS = tuple("qjkG ?:")
"""Those that do it on a text too; what turns an answer begins a text: it would do nothing there, and be lost."""


class Field(msgspec.Struct, frozen=True):
    """One line of a form. `options` are the values of a choice; `head` is a line without a value."""

    name: str
    label: str
    kind: Literal["choice", "text", "prose", "secret", "head"] = "text"
    """`prose` has several lines, and is typed on a page of its own."""
    value: str = ""
    options: tuple[str, ...] = ()
    shown: dict[str, str] = msgspec.field(default_factory=dict)
    """What a value is called, where not by itself."""
    help: str = ""
    """What is asked, whole; shown while the cursor stands here."""
    source: str = ""


class FieldList(LineList):
    """Draws fields and changes values."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space,l", "turn(1)", "change", id="form.next", tooltip="the next answer"),
        Binding("left,h", "turn(-1)", "Before", show=False, id="form.before", tooltip="the answer before"),
        Binding("enter", "choose", "edit", id="form.edit", tooltip="type a text, or take the next answer"),
    ]

    class Changed(Message):
        """A value is another one, or the cursor stands on another field."""

    class Edit(Message):
        """A text is to be typed."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

    def __init__(self, fields: Sequence[Field]) -> None:
        super().__init__()
        self.fields = list(fields)
        self.ahead: str | None = None
        """What was typed since a line was asked for; None while none is open."""
        self.entry: Entry | None = None
        """The line that is open."""
        self.set_reactive(LineList.cursor, next((at for at, field in enumerate(self.fields) if field.kind != "head"), 0))

    @property
    def total(self) -> int:
        """Number of fields."""
        return len(self.fields)

    @property
    def here(self) -> Field:
        """The field at the cursor."""
        return self.fields[self.cursor]

    @property
    def values(self) -> dict[str, str]:
        """All values by name."""
        return {field.name: field.value for field in self.fields if field.kind != "head"}

    def said(self, index: int) -> object:
        """Give what is to be read."""
        return self.fields[index]

    def show(self, fields: Sequence[Field]) -> None:
        """Show other fields; the cursor stays on the one of its name."""
        name = self.here.name
        with self.changing():
            self.fields = list(fields)
        self.settle()
        self.cursor = next((at for at, field in enumerate(self.fields) if field.name == name), 0)

    def go_to(self, name: str) -> None:
        """Put the cursor on a field, if it is there."""
        self.cursor = next((at for at, field in enumerate(self.fields) if field.name == name), self.cursor)

    def put(self, name: str, value: str) -> None:
        """Set one value."""
        for at, field in enumerate(self.fields):
            if field.name == name and field.value != value:
                self.fields[at] = msgspec.structs.replace(field, value=value)
                self.refresh_line(at)
                self.post_message(self.Changed())

    def validate_cursor(self, cursor: int) -> int:
        """Keep it inside, and on a line that takes a value: on a heading no key does anything."""
        at = super().validate_cursor(cursor)
        back = at < self.cursor
        asked = [place for place, field in enumerate(self.fields) if field.kind != "head"]
        on = [place for place in asked if place >= at]
        before = [place for place in asked if place <= at]
        return (before[-1:] or on[:1] or [at])[0] if back else (on[:1] or before[-1:] or [at])[0]

    def in_sight(self) -> bool:
        """Say whether the cursor is on view, and the heading over it."""
        above = self.cursor - 1
        return super().in_sight() and not (0 <= above < self.top and self.fields[above].kind == "head")

    def moved(self) -> None:
        """Tell it: help and the rest follow the cursor."""
        self.post_message(self.Changed())

    def action_turn(self, by: int) -> None:
        """Take the next answer of a choice."""
        field = self.here
        if field.kind == "choice" and field.options:
            at = field.options.index(field.value) if field.value in field.options else -1 if by > 0 else 0
            self.put(field.name, field.options[(at + by) % len(field.options)])

    def action_choose(self) -> None:
        """Edit a text; turn a choice."""
        if self.here.kind == "choice":
            self.action_turn(1)
        elif self.here.kind != "head" and self.ahead is None:
            self.ahead = ""
            self.post_message(self.Edit(self.here))

    def on_key(self, event: events.Key) -> None:
        """Take the first letter of an answer; keep what is typed ahead while the line to type in opens."""
        field = self.here
        if self.ahead is not None:
            self._type_ahead(event)
            return
        if field.kind in ("text", "prose", "secret") and event.is_printable and event.character not in _ALWAYS:
            self.action_choose()  # typing begins the text: nothing that was typed vanishes
            self._type_ahead(event)
            return
        if field.kind != "choice" or event.character is None or not event.character.isalnum():
            return
        if event.character in _MOVES:  # what leaves and what moves is never an answer
            return
        wanted = event.character.casefold()
        found = [value for value in field.options if field.shown.get(value, value).casefold().startswith(wanted)]
        if found:
            event.stop()
            event.prevent_default()
            self.put(field.name, found[(found.index(field.value) + 1) % len(found) if field.value in found else 0])

    def _type_ahead(self, event: events.Key) -> None:
        """A fast hand is faster than the focus: what it typed meanwhile belongs into the line."""
        if event.is_printable and event.character:
            event.stop()
            event.prevent_default()
            if self.entry is not None:
                self.entry.insert_text_at_cursor(event.character)
            else:
                self.ahead = (self.ahead or "") + event.character

    def draw(self, index: int, width: int, *, here: bool) -> Strip:
        """Draw one field."""
        field = self.fields[index]
        base = self.get_component_rich_style("list--cursor") if here else self.rich_style
        if field.kind == "head":
            return Strip([Segment(fit(plain(f" {field.label}", lines=False), width), base + ink(self, "head"))], width)
        label_room = min(self._label_room, max(width * 2 // 5, min(LABEL, width // 2)))
        label = fit(plain(f" {field.label}", lines=False), label_room - 1) + " "
        value, style = self._value(field, here)
        room = width - label_room
        return Strip([Segment(label, base), Segment(fit(value, room), base + ink(self, style))], width)

    @property
    def _label_room(self) -> int:
        """Cells for the longest label; one column for all of them."""
        longest = max((cell_len(field.label) for field in self.fields if field.kind != "head"), default=0)
        return min(max(longest + 2, LABEL), LONGEST)

    def _value(self, field: Field, here: bool) -> tuple[str, str]:
        if field.kind == "secret":
            return ("•" * len(field.value), "warn") if field.value else ("enter: type it", "quiet")
        said = plain(field.shown.get(field.value, " ".join(field.value.split("\n"))), lines=False)
        if field.kind == "choice":
            return f"‹ {said or '–'} ›" if here else said or "–", "warn" if field.value else "quiet"
        return (said, "warn") if said else ("enter: type it" if here and self.entry is None else "–", "quiet")


class Entry(Input):
    """The line in which a text is typed: its cursor stands still."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back", id="entry.leave", tooltip="leave the value as it was"),
    ]

    class Left(Message):
        """The person thought otherwise."""

    def action_leave(self) -> None:
        """Say so."""
        self.post_message(self.Left())


class Form(Vertical):
    """Fields, and the line in which the one at the cursor is typed."""

    DEFAULT_CSS = """
    Form {
        height: 1fr;
        & #entry { height: 1; background: $surface; & Bar { width: auto; min-width: 12; } }
        & Entry { border: none; height: 1; padding: 0 1; background: $surface; width: 1fr; }
    }
    """

    class Changed(Message):
        """Something on the form is another."""

    class Finished(Message):
        """The one text of the form was typed."""

    class ProseWanted(Message):
        """A text of several lines is to be typed, on a page of its own; `ahead` is what was typed meanwhile."""

        def __init__(self, field: Field, ahead: str) -> None:
            super().__init__()
            self.field, self.ahead = field, ahead

    class Abandoned(Message):
        """The one text of the form, which asks nothing else, was left."""

    def __init__(self, fields: Sequence[Field], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.list = FieldList(fields)
        self.entry = Entry(select_on_focus=False, compact=True)
        self.entry.cursor_blink = False

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield self.list
        with Horizontal(id="entry") as row:
            row.display = False
            yield Bar(id="entry-label")
            yield self.entry

    def begin(self, name: str = "") -> None:
        """Give the keys to the fields; where one text is all that has to be typed, open its line at once.

        `name`: the field to begin on, where the form comes back.
        """
        self.screen.set_focus(self.list)
        if name:
            self.list.go_to(name)
        if self._is_sole(self.list.here):
            self.edit(self.list.here)

    def _is_sole(self, field: Field) -> bool:
        """Say whether this comes first and is the only text: then enter gives the whole form."""
        asked = [each for each in self.list.fields if each.kind != "head"]
        return asked[:1] == [field] and [each for each in asked if each.kind != "choice"] == [field]

    def on_field_list_changed(self, event: FieldList.Changed) -> None:
        """Pass it on."""
        event.stop()
        self.post_message(self.Changed())

    def on_field_list_edit(self, event: FieldList.Edit) -> None:
        """Open the line, or ask for a page."""
        event.stop()
        if event.field.kind == "prose":
            self.call_later(self._ask_for_prose, event.field)  # what was typed with the first letter is in by then
        else:
            self.edit(event.field)

    def _ask_for_prose(self, field: Field) -> None:
        ahead, self.list.ahead = self.list.ahead or "", None
        self.post_message(self.ProseWanted(field, ahead))

    def edit(self, field: Field) -> None:
        """Open the line for a field."""
        label = self.query_one("#entry-label", Bar)
        said = plain(f" {field.label}: ", lines=False)
        label.styles.width = len(said)
        label.say(((said, "strong"),))
        ahead, self.list.ahead = self.list.ahead or "", ""
        self.entry.password = field.kind == "secret"
        self.entry.value = field.value + ahead
        self.entry.cursor_position = len(self.entry.value)
        self.list.entry = self.entry
        self.query_one("#entry").display = True
        self.add_class("-editing")
        self.screen.set_focus(self.entry)  # at once: a deferred focus would lose what a fast hand types

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the value, and go on to the next field."""
        event.stop()
        sole = self._is_sole(self.list.here)
        self.take()
        if sole:
            self.post_message(self.Finished())
        else:
            self.list.action_step(1)

    def take(self) -> None:
        """Take the text that is being typed, if one is."""
        if self.has_class("-editing"):
            self.list.put(self.list.here.name, self.entry.value)
            self._close()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep it here: nobody else cares for half a text."""
        event.stop()

    def on_entry_left(self, event: Entry.Left) -> None:
        """Close the line."""
        event.stop()
        self._close()
        if len(self.list.fields) == 1:
            self.post_message(self.Abandoned())

    def _close(self) -> None:
        self.list.entry = self.list.ahead = None
        self.remove_class("-editing")
        self.query_one("#entry").display = False
        self.entry.value = ""  # a passphrase does not stay in a widget
        self.screen.set_focus(self.list)
