"""The top line: which places there are and where one is, who is here, and the time that everything on the screen is told by."""

import msgspec
from textual import events
from textual.reactive import reactive

from seccon.core.instants import EPOCH, Instant
from seccon.widgets.bar import Bar, Span, spread
from seccon.widgets.plain import plain


class Place(msgspec.Struct, frozen=True):
    """One of the console's places; `badge` is a number that wants attention."""

    key: str
    title: str
    badge: int = 0


class Top(msgspec.Struct, frozen=True):
    """What the top line shows."""

    title: str = ""
    """Projects and policies at work."""
    places: tuple[Place, ...] = ()
    here: str = ""
    """Title of the place on view."""
    person: str = ""
    others: tuple[str, ...] = ()
    now: Instant = EPOCH
    alarm: str = ""
    """What everybody has to see before anything else."""


class TopBar(Bar):
    """Draws a `Top`."""

    top: reactive[Top] = reactive(Top, repaint=False, layout=False)

    def watch_top(self) -> None:
        """Show what changed."""
        self.say(spans(self.top, self.app.size.width))

    def on_resize(self, event: events.Resize) -> None:
        """Fit the new width."""
        self.say(spans(self.top, event.size.width))


def spans(top: Top, width: int) -> tuple[Span, ...]:
    """Lay the line out: places first, since one acts by them; in narrow terminals the title goes, then who else is here."""
    places = _places(top)
    name: tuple[Span, ...] = ((" seccon", "strong"), ("  ", ""))
    title: Span = (f"{plain(top.title, lines=False, limit=30)}   ", "quiet")
    others = f"  {plain(','.join(top.others), lines=False, limit=24)} here" if top.others else ""
    right: tuple[Span, ...] = (
        (others, "quiet"),
        (f"  {plain(top.person, lines=False, limit=16)}", "strong"),
        (f"  {top.now:%H:%M}Z " if top.now > EPOCH else "", "quiet"),
    )
    if top.alarm:
        return spread(((f" {top.alarm} ", "siren"), ("  ", ""), *places), right, width)
    wanted = sum(len(text) for text, _style in (*name, title, *places, *right))
    return spread((*name, *((title,) if wanted <= width else ()), *places), right, width)


def _places(top: Top) -> tuple[Span, ...]:
    places: list[Span] = []
    for place in top.places:
        badge = f" {place.badge}" if place.badge else ""
        places += [
            (f"{place.key} ", "quiet"),
            (place.title, "here" if place.title == top.here else ""),
            (badge, "warn"),
            ("  ", ""),
        ]
    return tuple(places)
