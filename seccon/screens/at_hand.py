"""What can be done with the mail at hand: its parts, and a search through all mails of the case that ends on one of them."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from seccon.desk.read_mail import MailView as MailRead
from seccon.desk.search_case import Hit
from seccon.screens.frame import Frame
from seccon.widgets.mail_view import MailView
from seccon.widgets.marks import MarkLine
from seccon.widgets.plain import plain
from seccon.widgets.thread_list import ThreadList


class PartsWanted(Message):
    """The parts of a mail shall be shown."""

    def __init__(self, case: int, read: MailRead) -> None:
        super().__init__()
        self.case, self.read = case, read


class SearchWanted(Message):
    """The mails of a case shall be searched; the hit that is chosen is shown by who asked."""

    def __init__(self, case: int, asker: "AtHand") -> None:
        super().__init__()
        self.case, self.asker = case, asker


class AtHand(Frame):
    """A screen that has a thread, and one of its mails on view."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "z", "parts", "parts", show=False, id="case.parts", tooltip="attachments and parts of this mail: see, save, open"
        ),
        Binding("slash", "search", "search", show=False, id="case.search", tooltip="find a text in all mails of the case"),
    ]
    case: int
    sought = ""
    """What was searched for last; kept while the screen stands, and nowhere else."""
    _thread: ThreadList
    _mail: MailView
    _marks: MarkLine
    _read_now: MailRead | None = None
    _hit: Hit | None = None

    def put(self, read: MailRead | None) -> None:
        """Show a mail with its marks, at the place that was searched for; or nothing."""
        self._read_now = read
        self._marks.put(read.mail if read else None)
        self._mail.put(read.mail if read else None, read.copies if read else ())
        if read is not None and self._hit is not None and self._hit.mail == read.id:
            self.call_after_refresh(self._reveal)

    def _reveal(self) -> None:
        hit, self._hit = self._hit, None
        if hit is not None:
            self._mail.reveal(plain(hit.line.strip("…"), lines=False))

    def action_parts(self) -> None:
        """Show the parts of the mail at hand."""
        if self._read_now is not None and self._read_now.id == self._thread.here:
            self.post_message(PartsWanted(self.case, self._read_now))

    def action_search(self) -> None:
        """Search all mails of the case."""
        self.post_message(SearchWanted(self.case, self))

    def go_to(self, hit: Hit) -> None:
        """Show the mail in which it was found, at that place."""
        self.remove_class("-info")
        self._hit = hit
        there = self._read_now is not None and self._read_now.id == hit.mail == self._thread.here
        self._thread.go_to(hit.mail)
        self._mail.focus()
        if there:
            self._reveal()
