"""The keys that came with a mail, or that claim an address: each with what it is, and what pinning it would mean.

User ids are strangers' text: they stand quoted and behind a gutter, below what we say of the key ourselves.
"""

from collections.abc import Iterator
from typing import ClassVar, Literal

import msgspec
from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.strip import Strip

from seccon.core.key_offer import Offer, Offers, age, usable, users
from seccon.core.keys import grouped
from seccon.screens.aside import Aside
from seccon.widgets.bar import Bar
from seccon.widgets.fit import fit
from seccon.widgets.ink import ink
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_view import Line, LineView
from seccon.widgets.plain import plain
from seccon.widgets.value_list import ValueList

OfferVerb = Literal["take", "pin", "look-up"]


class Chosen(msgspec.Struct, frozen=True):
    """What a person wants done, and with which key."""

    verb: OfferVerb
    offer: Offer | None = None


class OfferList(ValueList[Offer]):
    """Draws keys on offer, one a line."""

    empty = "No key."

    def draw(self, index: int, width: int, *, here: bool) -> Strip:
        """Draw one key."""
        offer = self.lines[index]
        base = self.get_component_rich_style("list--cursor") if here else self.rich_style
        word, tone = standing(offer)
        print_ = fit(f" {grouped(offer.key.fingerprint)}", 52)
        return Strip([Segment(print_, base), Segment(fit(word, max(width - 52, 0)), base + ink(self, tone))], width)


def standing(offer: Offer) -> tuple[str, str]:
    """Say in a word how a key stands to the address, and in which ink."""
    if offer.pinned:
        return ("✓ pinned; newer copy", "warn") if offer.update else ("✓ pinned", "good")
    if offer.change:
        return "✗ A CHANGE", "alarm"
    if offer.unfit:
        return "✗ cannot be used", "alarm"
    return ("? not pinned; signs only", "warn") if offer.faults else ("? not pinned", "warn")


class KeyOffers(Aside[Chosen | None]):
    """Lists keys on offer, and tells all of the one at the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "choose('pin')", "compare, pin", id="offers.pin", tooltip="compare its fingerprint, then trust it"),
        Binding("t", "choose('take')", "take only", id="offers.take", tooltip="into the keyring; it is trusted for nobody"),
        Binding("w", "choose('look-up')", "look up", id="offers.look-up", tooltip="ask the address's domain over the network"),
        Binding("q,escape", "dismiss", "back", id="offers.leave", tooltip="leave; nothing is taken"),
    ]  # fmt: skip
    DEFAULT_CSS = """
    KeyOffers {
        background: $background;
        & OfferList { height: auto; max-height: 6; min-height: 2; }
        & LineView { border-top: solid $panel; }
    }
    """

    def __init__(self, offers: Offers, title: str) -> None:
        super().__init__()
        self._offers, self._title = offers, title
        self._list = OfferList(offers.keys)

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Bar(id="title")
        yield self._list
        yield LineView(id="about")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin with the likeliest key."""
        self.query_one("#title", Bar).say(((plain(f" {self._title}", lines=False), "strong"),))
        self._list.styles.height = min(max(len(self._offers.keys), 2), 6)
        self.query_one("#about").can_focus = False
        self._list.focus()
        self._follow()

    def on_value_list_moved(self) -> None:
        """Tell of the other key."""
        self._follow()

    def on_value_list_chosen(self) -> None:
        """Enter compares it."""
        if self.check_action("choose", ("pin",)):
            self.action_choose("pin")

    def _follow(self) -> None:
        here = self._list.here
        self.query_one("#about", LineView).show((*around_lines(self._offers), *(offer_lines(here) if here else ())))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the key at the cursor."""
        if action != "choose" or parameters[0] == "look-up":
            return True
        here = self._list.here
        if here is None:
            return False
        if parameters[0] == "take":
            return bool(here.material) and (not here.held or here.update)
        return not here.pinned and not here.unfit

    def action_choose(self, verb: OfferVerb) -> None:
        """Give it."""
        self.dismiss(Chosen(verb, self._list.here))


def around_lines(offers: Offers) -> Iterator[Line]:
    """Say what is known of the address itself."""
    if offers.secret:
        said = "SECRET key material came along. None of it was taken. Tell its owner, by another way, that this key is burnt."
        yield Line(said, "alarm", ("✗ ", "alarm"))
    if offers.trusted is None:
        yield Line(_said(f"No key is trusted for {offers.address}."), "warn")
    else:
        yield Line(_said(f"Trusted for {offers.address} now:"))
        yield Line(grouped(offers.trusted), "strong", ("         ", ""))
        if offers.before is not None:
            since = f", since {offers.before.at:%Y-%m-%d}" if offers.before.at else ""
            yield Line(_said(f"{offers.before.how} ({offers.before.by}{since})"), "quiet", ("         ", ""))
    yield Line("")


def offer_lines(offer: Offer) -> Iterator[Line]:
    """Tell all of one key, what speaks against it first."""
    yield from _against(offer)
    yield Line(grouped(offer.key.fingerprint), "strong", ("Key      ", "quiet"))
    yield Line(_said(age(offer.key)), "", ("         ", ""))
    yield Line(_said(usable(offer)), "alarm" if offer.faults else "warn" if offer.warnings else "good", ("Use      ", "quiet"))
    held = (
        "a newer copy than the one in the keyring" if offer.update else "in the keyring" if offer.held else "not in the keyring"
    )
    yield Line(_said(f"{offer.source}; {held}" if offer.source != held else held), "", ("Where    ", "quiet"))
    for place, user in enumerate(users(offer.key)):
        yield Line(
            plain(user, lines=False, limit=300), "quiet", ("         " if place else "It says  ", "quiet"), ("│ ", "quiet")
        )


def brief_lines(offer: Offer) -> Iterator[Line]:
    """Tell of one key what is wanted while its fingerprint is being typed: never the fingerprint again."""
    yield from _against(offer)
    yield Line(_said(f"{age(offer.key)}; {usable(offer)}; {offer.source}"), "alarm" if offer.faults else "")
    for user in users(offer.key)[:2]:
        yield Line(plain(user, lines=False, limit=100), "quiet", ("It says  ", "quiet"), ("│ ", "quiet"))


def _against(offer: Offer) -> Iterator[Line]:
    if offer.change:
        said = "A CHANGE: another key is trusted now. Pinning this one replaces it; both stay on record."
        yield Line(said, "alarm", ("✗ ", "alarm"))
    for other in offer.others:
        yield Line(_said(f"It also bears {other}, which is not this person's."), "alarm", ("✗ ", "alarm"))
    if not offer.claims:
        yield Line(_said(f"None of its user ids bears {offer.address}."), "warn", ("! ", "warn"))
    if offer.vouched:
        said = "The key trusted so far has signed it, in this mail: evidence for it."
        yield Line(said, "good", ("✓ ", "good"))


def _said(text: str) -> str:
    return plain(text, lines=False, limit=600)
