"""The App as flows know it: runs them, one at a time for each thing, and shows the screens they wait for."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from textual.screen import Screen

from seccon.core.errors import SecconError
from seccon.desk.roster import known_roster
from seccon.screens.frame import Frame
from seccon.screens.hands import Hands
from seccon.screens.snap import Snap
from seccon.screens.typist import FLOW

if TYPE_CHECKING:
    from seccon.core.team import Identity

T = TypeVar("T")


class Conductor(Hands):
    """Runs flows, and is the `Desk` that they are given."""

    @property
    def identities(self) -> "Sequence[Identity]":
        """Who replies can come from."""
        return self.office.identities

    @property
    def keeps_passphrase(self) -> bool:
        """The configuration wishes that the keyring keeps the passphrase."""
        return self.office.passphrases is not None

    @property
    def place(self) -> str:
        """The private directory that is proposed for what is saved."""
        return self.office.files.place if self.office.files is not None else ""

    def name_of(self, login: str) -> str:
        """Give what a person is called."""
        return known_roster(self.office).display(login)

    async def wait_for(self, screen: Screen[T]) -> T | None:
        """Show a screen until it is dismissed."""
        self.forms += 1
        with self.elsewhere():
            return await self.push_screen_wait(screen)

    def show_place(self, make: Callable[[Snap], Frame]) -> None:
        """Push a screen that is bound to the snapshot; only the App's own turn can bind it."""
        raise NotImplementedError

    def conduct(self, flow: Callable[[], Awaitable[None]], name: str) -> None:
        """Run a flow to its end; a second press of the same key while its form is open starts nothing."""
        if any(worker.name == name and worker.is_running for worker in self.workers):
            return

        async def run() -> None:
            with self.flowing():
                try:
                    await flow()
                except SecconError as error:
                    self.show_error(error)

        self.at_work += 1
        self.run_worker(run(), name=name, group=FLOW, exit_on_error=True)
