"""A program for a pseudo-terminal: `python -m tests.screens.hostile_console console|net|bare`, full of hostile text.

`console` is the real one; `net` draws the text unwashed behind the last net; `bare` draws it as Textual alone does.
"""

import sys
from collections.abc import Sequence
from datetime import timedelta

from textual.app import App, ComposeResult
from textual.content import Content
from textual.filter import LineFilter
from textual.widgets import Static

from seccon.core.board import Dated
from seccon.core.team import Project
from seccon.widgets.net import Net
from tests.screens.office_stub import NOW, OfficeStub, Untended, office, row
from tests.widgets.hostile import HOSTILE


def hostile_office() -> OfficeStub:
    """Put hostile text into every field."""
    given = office(0)
    for number, text in enumerate(HOSTILE, 1):
        given.ledger.held.append(
            row(
                number,
                id=text,
                project=text,
                subject=text,
                reporter=text,
                address=text,
                severity=text,
                next=text,
                owner=text,
                alarm=text,
            )
        )
    given.ledger.held_dates = tuple(
        Dated(
            case=at,
            kind="embargo" if at % 2 else "clock",
            name=text,
            title=text,
            start=NOW,
            due=NOW + timedelta(days=at),
            label=text,
        )
        for at, text in enumerate(HOSTILE, 1)
    )
    given.person = HOSTILE[0]
    given.projects = tuple(Project(name=text, policy=text) for text in HOSTILE)
    return given


class Unwashed(App[None]):
    """Draws all of it, as a programmer would who knows no better."""

    def compose(self) -> ComposeResult:
        """Show the text."""
        yield Static(Content("ready " + " ".join(HOSTILE).replace("\ud800\udfff", "")))


class Netted(Unwashed):
    """The same, behind the net."""

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Add the net."""
        return [*super().get_line_filters(), Net()]


if __name__ == "__main__":
    if sys.argv[1] == "console":
        console = Untended(hostile_office())  # type: ignore[arg-type]
        console.run()
        sys.exit(console.return_code)
    (Netted if sys.argv[1] == "net" else Unwashed)().run()
