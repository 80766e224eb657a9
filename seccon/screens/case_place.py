"""A place that shows one side of one case: it is read when it opens, and again when anybody changes something or time goes on."""

from seccon.screens.frame import Frame
from seccon.screens.place import top_of
from seccon.screens.snap import Snap
from seccon.widgets.line_view import LineView
from seccon.widgets.top_bar import TopBar


class CasePlace(Frame):
    """Reads again by itself. `compose` sets `_top`, and `_view`, which gets the keys; `read` asks for what is shown."""

    _top: TopBar
    _view: LineView

    def __init__(self, case: int, snap: Snap | None = None) -> None:
        super().__init__(snap)
        self.case = case

    def on_mount(self) -> None:
        """Read the case."""
        self._top.top = top_of(self.snap, "")
        self._view.focus()
        self.read()

    def watch_snap(self, before: Snap, after: Snap) -> None:
        """Read again what others changed, and what the clock did."""
        if not self.is_mounted:
            return
        self._top.top = top_of(after, "")
        if (before.ledger, before.now) != (after.ledger, after.now):
            self.read()

    def read(self) -> None:
        """Ask for what is shown."""
        raise NotImplementedError
