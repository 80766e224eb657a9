"""The pre-send sheet: each recipient with their key and whether they may know; what stands against sending, and the way out."""

from collections.abc import Iterator
from typing import ClassVar, Literal

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from seccon.core.ids import Fingerprint
from seccon.core.letter import Line as Addressed
from seccon.core.letter import Refusal, Sheet, Way
from seccon.screens.aside import Aside
from seccon.widgets.bar import Bar
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_view import Line, LineView
from seccon.widgets.part_list import size
from seccon.widgets.plain import plain, unmarked


class Decision(msgspec.Struct, frozen=True):
    """What a person decided on the sheet."""

    what: Literal["send", "pin", "override", "leave-out"]
    refusal: Refusal | None = None
    offered: tuple[Fingerprint, ...] = ()
    line: Addressed | None = None
    """The recipient whom the refusal is about."""


class SheetScreen(Aside[Decision | None]):
    """Shows a sheet; dismissed with a decision, or None: back to the text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("S", "send", "SEND", id="sheet.send", tooltip="let it leave as the sheet says"),
        Binding("p", "way('pin')", "pin key", id="sheet.pin", tooltip="compare a fingerprint and trust that key for the address"),
        Binding(
            "l", "way('leave-out')", "leave out", id="sheet.leave-out", tooltip="leave out who cannot be encrypted to; recorded"
        ),
        Binding("O", "way('override')", "override", id="sheet.override", tooltip="set a rule aside, with a written reason"),
        Binding("q,escape", "dismiss", "back", id="sheet.back", tooltip="back to the text"),
    ]
    SEEN = ("send", "way")
    DEFAULT_CSS = "SheetScreen { background: $background; }"

    def __init__(self, sheet: Sheet, title: str) -> None:
        super().__init__()
        self.sheet = sheet
        self._title = title

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Bar(id="title")
        yield LineView(sheet_lines(self.sheet))
        yield KeyLine()

    def on_mount(self) -> None:
        """Say whether it can leave."""
        ready = ("ready: S sends it", "good") if self.sheet.can_send else ("it cannot leave yet", "alarm")
        self.query_one("#title", Bar).say(((plain(f" {self._title}   ", lines=False), "strong"), ready))
        self.query_one(LineView).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done, and nothing else."""
        if action == "send":
            return self.sheet.can_send
        if action == "way":
            return self._first(Way(str(parameters[0]))) is not None
        return True

    def _first(self, way: Way) -> Refusal | None:
        return next((one for one in self.sheet.refusals if way in one.ways), None)

    def action_send(self) -> None:
        """Let it leave."""
        self.dismiss(Decision("send"))

    def action_way(self, name: Literal["pin", "override", "leave-out"]) -> None:
        """Take the first refusal that has this way out."""
        refusal = self._first(Way(name))
        if refusal is not None:
            line = next((one for one in self.sheet.lines if one.recipient.address == refusal.recipient), None)
            self.dismiss(Decision(name, refusal, line.offered if line else (), line))


def sheet_lines(sheet: Sheet) -> Iterator[Line]:
    """Write the sheet: refusals first, then who gets it, then what is seen on the way."""
    for refusal in sheet.refusals:
        yield Line(_said(refusal.sentence), "alarm", ("✗ ", "alarm"))
        ways = "; ".join(_SETTLE if refusal.rule == DISPUTED and way is Way.PIN else _WAYS[way] for way in refusal.ways)
        yield Line(_said(f"{ways}." + (f"  “{refusal.source}”" if refusal.source else "")), "quiet", ("  ", ""))
    for refusal in sheet.settled:
        yield Line(_said(f"set aside: {refusal.sentence}"), "warn", ("! ", "warn"))
    for warning in sheet.warnings:
        yield Line(_said(warning), "warn", ("! ", "warn"))
    if sheet.refusals or sheet.settled or sheet.warnings:
        yield Line("")
    yield Line("Recipients", "head")
    lists = {line.via for line in sheet.lines if line.via}
    for line in sheet.lines:
        yield from _recipient(line, sheet.protection == "encrypted" and line.recipient.address not in lists)
    if sheet.enclosed:
        yield from (Line(""), Line("Attachments", "head"))
    for one in sheet.enclosed:
        name = unmarked(_said(one.name))
        yield Line(f"{name}  {size(one.size)}  SHA-256 {one.sha256[:16]}…", "", ("  ", ""))
    yield Line("")
    yield Line("On the way everybody can read", "head")
    yield Line(_said(str(sheet.sender)), "", ("  From     ", "quiet"))
    yield Line(unmarked(_said(sheet.outer)), "", ("  Subject  ", "quiet"))
    if sheet.protection == "encrypted":
        yield Line(unmarked(_said(sheet.subject)), "good", ("  The true subject is inside: ", "quiet"))
    else:
        yield Line("and the whole text: it is not encrypted.", "alarm", ("  ", ""))
    yield Line(
        _said(f"Signed with {_grouped(sheet.signer)}" if sheet.signer else "Not signed"),
        "" if sheet.signer else "warn",
        ("  ", ""),
    )


DISPUTED = "key-disputed"
_SETTLE = "p settles which of the two keys is right"
_WAYS = {
    Way.OVERRIDE: "O sets it aside with a written reason",
    Way.LEAVE_OUT: "l leaves them out",
    Way.PIN: "p compares and pins a key",
    Way.MEND: "q goes back to the letter, to mend it",
}


def _recipient(line: Addressed, encrypted: bool) -> Iterator[Line]:
    one = line.recipient
    # A list whose members are encrypted to each has no key of its own: its members stand below it with theirs.
    sign, tone = ("✓", "good") if line.may_know and (line.fingerprint or not encrypted) else ("✗", "alarm")
    if line.left_out:
        sign, tone = "–", "quiet"
    via = f" reads behind {line.via}" if line.via else ""
    left = "  LEFT OUT" if line.left_out else ""
    yield Line(_said(f"{one.address} ({one.role}, {one.field}){via}{left}"), "strong", (f"{sign} ", tone))
    yield Line(_said(line.because), "" if line.may_know else "alarm", ("    ", ""))
    if encrypted:
        expires = f", expires {line.expires:%Y-%m-%d}" if line.expires else ", never expires"
        key = f"{_grouped(line.fingerprint)}{expires}; {line.how}" if line.fingerprint else "no key is trusted for this address"
        yield Line(_said(key), "" if line.fingerprint else "alarm", ("    ", ""))
    for note in line.notes:
        yield Line(_said(f"the key {note}"), "warn", ("    ", ""))
    if line.disputed:
        yield Line(_said(f"the roster names: {_grouped(line.disputed)}"), "alarm", ("    ", ""))
    for offered in line.offered:
        yield Line(_said(f"offered, never compared: {_grouped(offered)}"), "quiet", ("    ", ""))


def _grouped(fingerprint: Fingerprint | None) -> str:
    """Write a fingerprint as people compare it."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, 40, 4)) if fingerprint else ""


def _said(text: str) -> str:
    return plain(text, lines=False, limit=800)
