"""What stands before a place until it is left: a form, a text, a sheet. Help and commands are one key away there too."""

from time import monotonic
from typing import Any, ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

T = TypeVar("T")


class Aside(ModalScreen[T]):
    """A modal screen; Textual offers the App's own keys on none of those."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "app.help", "help", id="app.help", tooltip="all keys of this screen"),
        Binding("colon", "app.command_palette", "commands", show=False, id="app.palette", tooltip="find a command by its name"),
    ]
    SEEN: ClassVar[tuple[str, ...]] = ()
    """Actions, as their bindings begin, that decide about what it shows: pressed before it was there they decide nothing."""
    ONCE: ClassVar[tuple[str, ...]] = ()
    """Actions of which a key that was pressed again before it was there was meant for what stood there before."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._made = monotonic()

    def decides_unseen(self, key: str, pressed: float, again: bool) -> bool:
        """Say whether a key would decide about what nobody has seen yet; `pressed` by the monotonic clock, `again`: a repeat."""
        bound = self.active_bindings.get(key) if pressed < self._made else None
        return bound is not None and bound.binding.action.startswith((*self.SEEN, *(self.ONCE if again else ())))
