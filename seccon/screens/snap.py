"""What every screen is bound to: how far the ledger has moved, what time it is, and the few figures of the top line."""

import msgspec

from seccon.core.board import Counts
from seccon.core.instants import EPOCH, Instant


class Snap(msgspec.Struct, frozen=True):
    """Small on purpose: it is compared each time it is set. Rows are asked for by who shows them."""

    ledger: int = -1
    """Moves when anybody has written."""
    now: Instant = EPOCH
    """To the minute: what every age and every time left on the screen is told by."""
    counts: Counts = Counts()
    person: str = ""
    title: str = ""
    """Projects and policies at work."""
    projects: tuple[str, ...] = ()
    altered: bool = False
    """The journal does not hold: somebody changed it behind seccon's back."""
    pressing: tuple[str, ...] = ()
    """Labels of the cases whose date has come, or that leak, and of which the public was not told."""
    scale: int = 4
    """Ranks on the longest severity scale in use."""
