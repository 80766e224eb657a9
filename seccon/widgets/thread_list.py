"""The thread of a case: its mails in the order in which they arrived, who wrote them, and which way they went."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip

from seccon.core.ids import MessageId
from seccon.core.journal.cases import MailArrived
from seccon.widgets.fit import fit
from seccon.widgets.ink import ink
from seccon.widgets.lapse import age
from seccon.widgets.line_list import LineList
from seccon.widgets.plain import plain, unmarked

_SIGNS = {"in": "←", "team": "→", "out": "→"}


class ThreadLine(msgspec.Struct, frozen=True):
    """One mail of the thread."""

    mail: MessageId
    sign: str
    who: str
    subject: str
    age: str
    alarm: str = ""
    encrypted: bool = False


def thread_lines(mails: Sequence[MailArrived], conflicts: frozenset[MessageId], now: datetime) -> tuple[ThreadLine, ...]:
    """Make the lines, oldest first; one line for each Message-ID, files that differ are told by its alarm."""
    lines: dict[MessageId, ThreadLine] = {}
    for mail in sorted(mails, key=lambda one: one.arrived or now):
        alarm = "two mails, one id" if mail.mail in conflicts else "came from outside the thread" if mail.joined else ""
        who = mail.sender.name or mail.sender.address
        claimed = "~" if mail.sender.claimed else ""
        lines.setdefault(
            mail.mail,
            ThreadLine(
                mail.mail,
                _SIGNS[mail.direction],
                claimed + who,
                mail.subject,
                age(mail.arrived, now) if mail.arrived else "?",
                alarm,
                mail.encrypted,
            ),
        )
    return tuple(lines.values())


class ThreadList(LineList):
    """Draws the thread."""

    class Highlighted(Message):
        """The cursor stands on another mail."""

        def __init__(self, mail: MessageId) -> None:
            super().__init__()
            self.mail = mail

    class Chosen(Message):
        """A mail shall be read."""

    empty = "No mail."

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[ThreadLine, ...] = ()

    @property
    def total(self) -> int:
        """Number of mails."""
        return len(self._lines)

    @property
    def here(self) -> MessageId | None:
        """The mail at the cursor."""
        return self._lines[self.cursor].mail if self._lines else None

    def said(self, index: int) -> object:
        """Give what is to be read."""
        return self._lines[index]

    def show(self, lines: tuple[ThreadLine, ...]) -> None:
        """Show a thread; the cursor stays on its mail, and begins on the newest."""
        here, first = self.here, not self._lines
        with self.changing():
            self._lines = lines
        self.settle()
        at = next((at for at, line in enumerate(lines) if line.mail == here), 0)
        self.cursor = len(lines) - 1 if first else at
        if lines and self.here != here and self.cursor == 0:
            self.moved()  # the cursor stays where it was, on another mail

    def go_to(self, mail: MessageId) -> None:
        """Put the cursor on a mail."""
        self.cursor = next((at for at, line in enumerate(self._lines) if line.mail == mail), self.cursor)

    def moved(self) -> None:
        """Tell it."""
        if self.here is not None:
            self.post_message(self.Highlighted(self.here))

    def action_choose(self) -> None:
        """Read the mail."""
        self.post_message(self.Chosen())

    def draw(self, index: int, width: int, *, here: bool) -> Strip:
        """Draw one mail."""
        line = self._lines[index]
        base = self.get_component_rich_style("list--cursor") if here else self.rich_style
        lock = "🔒" if line.encrypted else "  "
        head = f" {line.sign} {lock} {fit(unmarked(plain(line.who, lines=False)), 20)} {line.age:>4}  "
        alarm = f"! {line.alarm}  " if line.alarm else ""
        room = max(width - 33 - len(alarm), 0)
        return Strip(
            [
                Segment(head, base),
                Segment(alarm, base + ink(self, "alarm")),
                Segment(fit(unmarked(plain(line.subject, lines=False, limit=400)), room), base + ink(self, "quiet")),
            ]
        ).adjust_cell_length(width, base)
