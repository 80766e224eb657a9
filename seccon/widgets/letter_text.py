"""The text of a letter as it is typed: blanks set off, paragraphs wrapped. What it is given has passed the door."""

from rich.text import Text
from textual.widgets import TextArea

from seccon.core.letter import BLANK
from seccon.core.paragraph import paragraph_at, wrapped
from seccon.widgets.ink import ink


class LetterText(TextArea):
    """A text area with undo (^z) and redo (^y); one wrap, one editing elsewhere is one step of it."""

    def __init__(self, text: str) -> None:
        super().__init__(text, soft_wrap=True, tab_behavior="indent", show_line_numbers=False, compact=True)
        self.cursor_blink = False

    def get_line(self, line_index: int) -> Text:
        """Give a line with its blanks set off; a quoted line's are not ours to fill."""
        line = super().get_line(line_index)
        if not line.plain.startswith(">"):
            for found in BLANK.finditer(line.plain):
                line.stylize(ink(self, "alarm"), *found.span())
        return line

    def wrap(self) -> None:
        """Wrap the paragraph at the cursor, and go to its end."""
        lines = self.text.split("\n")
        first, end = paragraph_at(lines, self.cursor_location[0])
        made = wrapped(lines[first:end])
        if made != lines[first:end]:
            self.history.checkpoint()
            self.replace("\n".join(made), (first, 0), (end - 1, len(lines[end - 1])))
            self.history.checkpoint()
        if made:
            self.move_cursor((first + len(made) - 1, len(made[-1])))

    def next_blank(self) -> None:
        """Select the next blank after the cursor, round to the beginning: typing fills it."""
        here = max(self.selection.start, self.selection.end)
        places = [
            ((row, found.start()), (row, found.end()))
            for row, line in enumerate(self.text.split("\n"))
            if not line.startswith(">")
            for found in BLANK.finditer(line)
        ]
        later = [place for place in places if place[0] >= here] or places
        if later:
            self.move_cursor(later[0][0])
            self.move_cursor(later[0][1], select=True)

    def put(self, text: str) -> None:
        """Take another text whole; undo brings the one before back."""
        if text != self.text:
            self.history.checkpoint()
            self.replace(text, (0, 0), self.document.end)
            self.history.checkpoint()
