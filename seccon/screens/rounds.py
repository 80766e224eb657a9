"""What the console looks after again and again, beside the screens: changes by others, new mail, the journal's wholeness."""

from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

from textual.reactive import reactive

from seccon.core.errors import SecconError
from seccon.screens.hands import Hands
from seccon.screens.request import CaseChosen
from seccon.screens.snap import Snap

if TYPE_CHECKING:
    from seccon.desk.guard import Guard
    from seccon.screens.pulse import Pulse
    from seccon.screens.tend import Tender


class Rounds(Hands):
    """Makes each round when the one before has ended; a slow one is never made twice at once."""

    snap: reactive[Snap] = reactive(Snap, repaint=False, layout=False, init=False)
    guard: "Guard"
    _pulse: "Pulse"
    _tender: "Tender"
    _looking: Future[None] | None = None
    _tending: Future[None] | None = None
    _trouble = ""
    """What the last look at the ledger failed by: told once, not with every second that it lasts."""

    def _look(self) -> None:
        if self._looking is None or self._looking.done():
            self._looking = self.begin(self.desk, self._beat)

    def _beat(self) -> None:
        try:
            snap = self._pulse.look()
        except SecconError as error:
            if str(error) != self._trouble:
                self._trouble = str(error)
                self.call_later(self.show_error, error)
        else:
            self._trouble = ""
            if snap != self.snap:
                self.call_later(setattr, self, "snap", snap)

    def _tend(self) -> None:
        if self._tending is None or self._tending.done():
            self._tending = self.begin(self.errands, self._errand)

    def _errand(self) -> None:
        for error in self._tender.look():
            self.call_later(self.show_error, error)

    def on_case_chosen(self, message: CaseChosen) -> None:
        """Look, beside the case that is opened, whether its entries are what was written; `CaseVerbs` opens it."""
        self.begin(self.errands, partial(self._check_case, message.number))

    def _check_case(self, case: int) -> None:
        try:
            self.guard.read(case)
        except SecconError as error:
            self.call_later(self.show_error, error)
