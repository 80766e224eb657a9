"""What stands before a place until it is left: a form, a text, a sheet. Help and commands are one key away there too."""

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

T = TypeVar("T")


class Aside(ModalScreen[T]):
    """A modal screen; Textual offers the App's own keys on none of those."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "app.help", "help", id="app.help", tooltip="all keys of this screen"),
        Binding("colon", "app.command_palette", "commands", show=False, id="app.palette", tooltip="find a command by its name"),
    ]
