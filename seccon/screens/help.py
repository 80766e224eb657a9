"""Help: every key of a screen, made from its bindings, so that it is never out of date."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen

from seccon.widgets.bar import Bar
from seccon.widgets.key_line import key_name
from seccon.widgets.line_view import Line, LineView

_AREAS = {
    "list": "In lists", "view": "In texts", "filter": "While filtering", "month": "In the month",
    "case": "To the case",
    "queue": "In the queue", "embargo": "On the embargo", "outbox": "In the outbox", "place": "Places", "app": "Everywhere",
}  # fmt: skip
_LAST = ("list", "view", "month", "place", "app")
_SIGNS = (
    ("○ ● ◷ ◆ ✕", "new, at work, waiting, under embargo, closed"),
    ("!", "overdue, or a warning that stands above all order"),
    ("🔒", "the mail says it is encrypted"),
    ("✓ ? ✗", "signature: proved and key confirmed, not confirmed, wrong"),
    ("+2", "mails that you have not seen; beside a day of the calendar: embargoes that have no line there"),
    ("┣━ ◆ ◷", "in the calendar: an embargo begins, ends; something is due"),
    ("○ ▸ ✓ ✗", "on the day of disclosure: to do, comes next, done, something stands before it"),
    ("*", "marked"),
)


class Sections(dict[str, list[tuple[str, str]]]):
    """Area -> keys and what they do."""


def sections(screen: Screen[object]) -> Sections:
    """Collect the bindings that apply on a screen, by the area that their id names; keys of one action stand together."""
    keys: dict[tuple[str, str, str], list[str]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.id and active.enabled:
            area = binding.id.partition(".")[0]
            named = keys.setdefault((area, binding.action, binding.tooltip or binding.description), [])
            if (name := key_name(binding.key)) not in named:
                named.append(name)
    found = Sections()
    for (area, _action, says), names in keys.items():
        found.setdefault(area, []).append((" ".join(names), says))
    ordered = sorted(found, key=lambda area: _LAST.index(area) + 1 if area in _LAST else 0)
    return Sections((area, found[area]) for area in ordered)


def lines(found: Sections, title: str) -> Iterator[Line]:
    """Lay help out."""
    for area, keys in found.items():
        yield Line(_AREAS.get(area, title), "head")
        for names, says in keys:
            yield Line(says, "", (f"  {names:<16}  ", "strong"))
        yield Line("")
    yield Line("Signs", "head")
    for sign, says in _SIGNS:
        yield Line(says, "", (f"  {sign:<{16 - sign.count('🔒')}}  ", "strong"))


class Help(ModalScreen[None]):
    """Shows the sections; any of the usual keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,question_mark,h,left", "dismiss", "back", id="help.close", tooltip="back"),
    ]
    DEFAULT_CSS = """
    Help {
        align: center middle; background: $background 60%;
        & LineView { width: 76; max-width: 96%; height: 90%; background: $panel; padding: 0 1; }
        & Bar { width: 76; max-width: 96%; background: $surface; }
    }
    """

    def __init__(self, found: Sections, title: str = "Here") -> None:
        super().__init__()
        self._found = found
        self._title = title

    def compose(self) -> ComposeResult:
        """Lay out."""
        bar = Bar()
        bar.say(((" Keys ", "head"), ("   q  back     j k  scroll", "quiet")))
        yield bar
        yield LineView(lines(self._found, self._title))
