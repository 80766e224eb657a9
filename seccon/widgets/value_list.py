"""A list whose lines are values that it holds: what the places that list things share.

Who makes a list of it draws a value (`draw`), and says by what it is known again when the others around it change (`identity`).
"""

from collections.abc import Sequence
from typing import Generic, TypeVar

from textual.message import Message

from seccon.widgets.line_list import LineList

T = TypeVar("T")


class ValueList(LineList, Generic[T]):
    """Lines that are values; that the cursor moves, and that one is chosen, are messages."""

    class Moved(Message):
        """The cursor stands on something else, or other lines are there."""

    class Chosen(Message):
        """More of what the cursor stands on is wanted."""

    def __init__(self, lines: Sequence[T] = ()) -> None:
        super().__init__()
        self.lines = tuple(lines)

    @property
    def total(self) -> int:
        """Number of lines."""
        return len(self.lines)

    @property
    def here(self) -> T | None:
        """What the cursor stands on."""
        return self.lines[self.cursor] if self.lines else None

    def said(self, index: int) -> object:
        """Give what is to be read."""
        return self.lines[index]

    def identity(self, line: T) -> object:
        """Give by what a line is known again."""
        return line

    def show(self, lines: Sequence[T]) -> None:
        """Show these; the cursor stays on what it was on, else where it was."""
        before = self.here
        with self.changing():
            self.lines = tuple(lines)
        self.settle()
        self.cursor = self.cursor if before is None else self.place_of(before)
        self.moved()

    def place_of(self, before: T) -> int:
        """Find the line that a line of before is now."""
        known = self.identity(before)
        return next((at for at, line in enumerate(self.lines) if self.identity(line) == known), self.cursor)

    def moved(self) -> None:
        """Tell it."""
        self.post_message(self.Moved())

    def action_choose(self) -> None:
        """Tell it."""
        if self.lines:
            self.post_message(self.Chosen())
