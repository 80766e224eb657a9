"""How a screen asks and hears: one message carries every request to the App, one brings back what came of it."""

from typing import TYPE_CHECKING, Protocol

from textual.message import Message
from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from seccon.core.errors import SecconError
    from seccon.desk.office import Office


class Performed(Protocol):
    """What can be asked: the desk's requests, and readings that change nothing. Carried out beside the screens, in order."""

    def perform(self, office: "Office") -> object:
        """Carry it out. Raises SecconError."""
        ...


class Ask(Message):
    """Something is asked of the desk. The answer comes to `asker` as `Done` or `Refused`."""

    def __init__(self, asker: MessagePump, request: Performed, *, latest: bool = False) -> None:
        super().__init__()
        self.asker = asker
        self.request = request
        self.latest = latest
        """Answering is pointless once the same asker has asked the same kind of thing again, as typing a filter does."""


class Done(Message, bubble=False):
    """A request was carried out."""

    def __init__(self, request: object, result: object) -> None:
        super().__init__()
        self.request = request
        self.result = result


class Refused(Message, bubble=False):
    """A request was not carried out. The App has shown why; this is for who must put a form in order again."""

    def __init__(self, request: object, error: "SecconError") -> None:
        super().__init__()
        self.request = request
        self.error = error


class CaseChosen(Message):
    """A case shall be opened."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
