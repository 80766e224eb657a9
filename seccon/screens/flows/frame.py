"""What all flows share: the desk as they see it, and the form that comes back until it is recorded or left."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import groupby
from typing import Any, Protocol, TypeVar

from textual.screen import Screen

from seccon.core.errors import ConflictError, SecconError
from seccon.core.journal import Entry
from seccon.core.journal.cases import Assessed
from seccon.core.journal.work import SecondRated
from seccon.core.team import Identity
from seccon.core.telling import Telling
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.request import Request
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.plain import quoted

T = TypeVar("T")


class Desk(Protocol):
    """The App, as far as a flow needs it."""

    @property
    def identities(self) -> Sequence[Identity]:
        """Who replies can come from."""
        ...

    @property
    def keeps_passphrase(self) -> bool:
        """The configuration wishes that the keyring keeps the passphrase."""
        ...

    @property
    def place(self) -> str:
        """The private directory that is proposed for what is saved."""
        ...

    def name_of(self, login: str) -> str:
        """Give what a person is called."""
        ...

    async def ask(self, request: Request) -> Any:
        """Have a request carried out beside the screens. Raises SecconError."""
        ...

    async def wait_for(self, screen: Screen[T]) -> T | None:
        """Show a screen until it is dismissed; give its result."""
        ...

    def say(self, sentence: str, *, wrong: bool = False) -> None:
        """Tell something in passing."""
        ...

    def show_error(self, error: SecconError) -> None:
        """Tell what went wrong."""
        ...


_RATINGS = (Assessed, SecondRated)
"""What a colleague may not be told in passing: a rating could be blind."""
MakeForm = Callable[[CaseView, Values], FormScreen]
MakeRequest = Callable[[CaseView, Values], Request]
Look = Callable[[], Awaitable[None]]


async def fill(desk: Desk, case: int, form: MakeForm, request: MakeRequest, said: str, look: Look | None = None) -> bool:
    """Ask until it is recorded (True) or the person leaves (False). What was typed stays through refusals and conflicts.

    `look` reads, each time before the form is shown, what else of it others may have changed.
    """
    values: Values = {}
    left = ""
    while True:
        view: CaseView = await desk.ask(OpenCase(case=case))
        if look is not None:  # after it: what changes between the two is a conflict, and is told
            await look()
        screen = form(view, values)
        screen.start_at(left)
        given = await desk.wait_for(screen)
        left = screen.here
        if given is None:
            return False
        values = given
        if await record(desk, partial(request, view, values), said):
            return True


async def record(desk: Desk, request: Callable[[], Request], said: str = "") -> bool:
    """Hand one request over; True when it is recorded. `said` is told then; empty where the caller knows more to tell."""
    try:
        await desk.ask(request())
    except ConflictError as error:
        desk.say(f"{changes(error, desk.name_of) or error.sentence} Look once more, then record it again.", wrong=True)
        return False
    except SecconError as error:
        desk.show_error(error)
        return False
    except ValueError as error:
        desk.say(str(error), wrong=True)
        return False
    if said:
        desk.say(said)
    return True


def changes(error: ConflictError, name_of: Callable[[str], str]) -> str:
    """Say what the colleague did, in a sentence; nothing where that is not known."""
    seen = [entry for entry in error.since if isinstance(entry, Entry)]
    telling = Telling(seen, name_of, lambda when: f"{when:%Y-%m-%d %H:%M}Z", quoted)

    def told(entry: Entry) -> str:
        return "rated it" if isinstance(entry.body, _RATINGS) else telling.sentence(entry)

    by_person = groupby(seen[-4:], key=lambda entry: entry.by)
    people = [f"{name_of(by)} {', '.join(map(told, some))}" for by, some in by_person]
    return f"Meanwhile {'; '.join(people)}." if people else ""
