"""The keys that matter: ours, the members', the correspondents'; what is wrong with each, ahead of time, and what to do."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from seccon.core.key_offer import age, users
from seccon.core.key_watch import Rotation, Watched
from seccon.core.keys import grouped
from seccon.desk.keys_overview import KeysOverview, Overview
from seccon.screens.aside import Aside
from seccon.screens.frame import Frame
from seccon.screens.place import top_of
from seccon.screens.request import Ask, Done
from seccon.screens.snap import Snap
from seccon.widgets.bar import Bar
from seccon.widgets.fit import fit
from seccon.widgets.ink import ink
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_view import Line, LineView
from seccon.widgets.plain import plain
from seccon.widgets.top_bar import TopBar
from seccon.widgets.value_list import ValueList

Verb = Literal["try", "pin", "unpin"]
_SIGNS = {"wrong": ("✗", "alarm"), "soon": ("!", "warn"), "ok": ("✓", "good")}
_ROLES = {"ours": "our own", "member": "member", "pinned": "pinned", "claimed": "claims"}
_HEAD, _WIDE_HEAD = 46, 76
"""Cells before what is said of a key; where there is room, an address is not cut."""


class KeyVerb(Message):
    """Something shall be done with a key."""

    def __init__(self, verb: Verb, key: Watched, asker: "KeysScreen") -> None:
        super().__init__()
        self.verb = verb
        self.key = key
        self.asker = asker


class KeyList(ValueList[Watched]):
    """Draws keys in their roles, what is wrong first."""

    empty = "Reading the keyring …"

    def identity(self, line: Watched) -> object:
        """Give whose key it is, and in which role."""
        return _one(line)

    def show(self, lines: Sequence[Watched]) -> None:
        """Show these."""
        self.empty = "No key matters yet: no [[identity]], no member, no open case.\n\nCorrespondents' keys come with their mail."
        super().show(lines)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to open: all is told below."""
        return action != "choose"

    def draw(self, index: int, width: int, *, here: bool) -> Strip:
        """Draw one key."""
        key = self.lines[index]
        base = self.get_component_rich_style("list--cursor") if here else self.rich_style
        sign, tone = _SIGNS[key.condition]
        who = plain(f"{key.who} <{key.address}>" if key.who else key.address, lines=False, limit=120)
        room = min(_HEAD, width * 3 // 5) if width < 2 * _HEAD else min(_WIDE_HEAD, width // 2)
        head = f" {_ROLES[key.role]:<8}{fit(who, room - 12)} "
        said = fit(plain(key.said, lines=False, limit=300), max(width - room, 0))
        return Strip([Segment(f" {sign}", base + ink(self, tone)), Segment(head, base), Segment(said, base + ink(self, tone))])


class KeysScreen(Frame):
    """The keys, and all that is known of the one at the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "verb('try')", "encrypt a test", id="keys.try", tooltip="encrypt a line to it, and read it back"),
        Binding("p", "verb('pin')", "pin", id="keys.pin", tooltip="compare a key's fingerprint, and trust it"),
        Binding("u", "verb('unpin')", "unpin", id="keys.unpin", tooltip="take the trust back, with the reason"),
        Binding("R", "rotation", "rotation", id="keys.rotation", tooltip="how the change of our own keys goes"),
        Binding("q,escape,h,left", "app.pop_screen", "back", id="keys.leave", tooltip="back to where you were"),
    ]  # fmt: skip
    DEFAULT_CSS = "KeysScreen { & #about { height: 9; max-height: 45%; border-top: solid $panel; } }"

    def compose(self) -> ComposeResult:
        """Lay out."""
        self._top, self._list, self._about = TopBar(), KeyList(), LineView(id="about")
        self._found = Overview(())
        yield self._top
        yield Bar(id="title")
        yield self._list
        yield self._about
        yield KeyLine()

    def on_mount(self) -> None:
        """Ask for it: listing keys takes gpg's time, not the screen's."""
        self._top.top = top_of(self.snap, "")
        self._about.can_focus = False
        self._list.focus()
        self._title()
        self.read()

    def watch_snap(self, before: Snap, after: Snap) -> None:
        """Read again what others changed."""
        self._top.top = top_of(after, "")
        if before.ledger != after.ledger:
            self.read()

    def read(self) -> None:
        """Read them again."""
        self.post_message(Ask(self, KeysOverview(), latest=True))

    def on_done(self, message: Done) -> None:
        """Show what was read."""
        if isinstance(message.request, KeysOverview) and isinstance(message.result, Overview):
            self._found = message.result
            self._list.show(message.result.keys)
            self._title()

    def _title(self) -> None:
        keys = self._found.keys
        wrong, soon = (sum(one.condition == each for one in keys) for each in ("wrong", "soon"))
        self.query_one("#title", Bar).say(
            (
                (f" Keys  {len(keys) or ''}", "strong"),
                (f"   {wrong} cannot be used" if wrong else "", "alarm"),
                (f"   {soon} want attention" if soon else "", "warn"),
            )
        )

    def on_value_list_moved(self) -> None:
        """Tell of the key at the cursor."""
        here = self._list.here
        self._about.show(about(here) if here else ())
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the key at hand."""
        if not self.query(KeyList):
            return action != "verb"
        if action == "rotation":
            return bool(self._found.rotations)
        if action != "verb":
            return True
        here = self._list.here
        if here is None or (here.role == "ours" and parameters[0] != "try"):
            return False
        if parameters[0] == "unpin":
            return here.fingerprint is not None and here.role != "claimed"
        return parameters[0] == "pin" or here.fingerprint is not None

    def action_verb(self, verb: Verb) -> None:
        """Do something with the key at hand."""
        if self._list.here is not None:
            self.post_message(KeyVerb(verb, self._list.here, self))

    def action_rotation(self) -> None:
        """Show how the change of our keys goes."""
        self.app.push_screen(RotationScreen(self._found.rotations))


def about(key: Watched) -> Iterator[Line]:
    """Tell all of one key."""
    _sign, tone = _SIGNS[key.condition]
    if key.todo:
        yield Line(_said(key.todo), "strong", ("Do       ", "quiet"))
    yield Line(_said(key.said), tone, ("State    ", "quiet"))
    if key.fingerprint is not None:
        yield Line(grouped(key.fingerprint), "strong", ("Key      ", "quiet"))
    if key.key is not None:
        secret = "; the secret half is here" if key.key.secret else ""
        yield Line(_said(age(key.key) + secret), "", ("         ", ""))
    if key.how:
        yield Line(_said(key.how), "", ("Verified ", "quiet"))
    for place, line in enumerate(reversed(key.former)):
        yield Line(_said(line), "quiet", ("         " if place else "Before   ", "quiet"))
    for place, user in enumerate(users(key.key) if key.key else ()):
        yield Line(
            plain(user, lines=False, limit=300), "quiet", ("         " if place else "It says  ", "quiet"), ("│ ", "quiet")
        )


class RotationScreen(Aside[None]):
    """A checklist: how one gets from a team key to the next, derived from what can be seen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,R,h,left", "dismiss", "back", id="rotation.leave", tooltip="back to the keys"),
    ]
    DEFAULT_CSS = "RotationScreen { background: $background; }"

    def __init__(self, rotations: tuple[Rotation, ...]) -> None:
        super().__init__()
        self._rotations = rotations

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Bar(id="title")
        yield LineView(line for each in self._rotations for line in rotation_lines(each))
        yield KeyLine()

    def on_mount(self) -> None:
        """Say what it is."""
        self.query_one("#title", Bar).say(((" Changing a key of ours, in this order", "strong"),))
        self.query_one(LineView).focus()


def rotation_lines(rotation: Rotation) -> Iterator[Line]:
    """Write one identity's steps."""
    yield Line(_said(rotation.address), "head")
    for number, step in enumerate(rotation.steps, 1):
        sign, tone = {True: ("✓", "good"), False: ("·", "warn"), None: (" ", "")}[step.done]
        yield Line(_said(step.text), "quiet" if step.done else "", (f"{sign} {number}. ", tone))
    yield Line("✓ is done, · is seen not to be; of the others nothing here can tell.", "quiet")
    yield Line("")


def _one(key: Watched) -> tuple[str, str, str | None]:
    return key.role, key.address, key.fingerprint


def _said(text: str) -> str:
    return plain(text, lines=False, limit=800)
