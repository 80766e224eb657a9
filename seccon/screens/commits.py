"""Commits out of a clone, to read: what they are to the branch, subject, author, day, message. All of it strangers' text."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from seccon.core.repository import Commit
from seccon.screens.aside import Aside
from seccon.widgets.bar import Bar
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_view import Line, LineView
from seccon.widgets.plain import plain, unmarked


class Commits(Aside[None]):
    """Shows commits, one below the other."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,h,left", "dismiss", "back", id="commits.leave", tooltip="back to the branches"),
    ]
    DEFAULT_CSS = "Commits { background: $background; }"

    def __init__(self, branch: str, found: tuple[tuple[str, Commit], ...]) -> None:
        super().__init__()
        self._branch, self._found = branch, found

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Bar(id="title")
        yield LineView(commit_lines(self._found))
        yield KeyLine()

    def on_mount(self) -> None:
        """Say of which branch."""
        said = plain(f" Commits of {self._branch}", lines=False, limit=200)
        self.query_one("#title", Bar).say(((unmarked(said), "strong"),))
        self.query_one(LineView).focus()


def commit_lines(found: tuple[tuple[str, Commit], ...]) -> Iterator[Line]:
    """Write commits; each line of a message behind a gutter, so that none passes for one of ours."""
    for word, one in found:
        day = f", {one.committed:%Y-%m-%d %H:%M}Z" if one.committed else ""
        yield Line(plain(one.id, lines=False, limit=80), "head", (f"{word}  ", "here"))
        yield Line(unmarked(plain(f"{one.author}{day}", lines=False, limit=300)), "quiet")
        for line in plain(one.message.strip("\n"), limit=20_000).split("\n"):
            yield Line(line, "", ("", ""), ("│ ", "quiet"))
        yield Line("")
