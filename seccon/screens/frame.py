"""The frame of the console's places: top line, key line, the snapshot, and a start that paints once.

Textual paints a new screen three times: laying it out, and twice more because resuming asks for a repaint of what was painted
a moment ago. At 120×40 that is 24 KB over the line and a third of the time to the first usable list.
"""

from typing import ClassVar, Self

from textual import events
from textual.geometry import Region
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from seccon.screens.snap import Snap


class Frame(Screen[None]):
    """A screen that shows one of the places, bound to the App's snapshot."""

    snap: reactive[Snap] = reactive(Snap, repaint=False, layout=False, init=False)
    _painted = False
    heard: bool | None = None
    """Its first question was answered; None: it asked nothing."""

    def __init__(self, snap: Snap | None = None, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        if snap is not None:
            self.set_reactive(Frame.snap, snap)

    def must_wait(self, key: str) -> bool:
        """Say whether what a key would act upon is still to come; the key is kept until it has."""
        if self.heard is False:
            return True
        bound = self.active_bindings.get(key) if self.is_behind else None
        return bound is not None and bound.binding.action.startswith(self.ACTS)

    ACTS: ClassVar[tuple[str, ...]] = ()
    """Actions, as their bindings begin, that wait while `is_behind`; the others go on."""

    @property
    def is_behind(self) -> bool:
        """Say whether something else is asked for than is on view."""
        return False

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """See whether laying out will paint everything anyway. Runs before Textual's own handler does it."""
        if self.outer_size != self.app.size:
            self._painted = True
            self.call_next(self._resumed)

    def _resumed(self) -> None:
        self._painted = False

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        """Move the focus; the widgets that lose and get it repaint themselves, the rest of the screen is what it was."""
        before, self._painted = self._painted, True
        super().set_focus(widget, scroll_visible, from_app_focus)
        self._painted = before

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Ask for a repaint, unless the whole screen is being painted just now."""
        if layout and not (regions or recompose):
            # What a new layout moves is painted by it; painting all the rest again is 12 KB at 120×40.
            return super().refresh(repaint=False, layout=True)
        if (self._painted or not self.outer_size) and not (regions or recompose):
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
