"""Who works beside the screens: the desk, in order, and errands that take time. The screens' thread only draws."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

from textual.message_pump import MessagePump

from seccon.core.errors import SecconError
from seccon.screens.frame import Frame
from seccon.screens.request import Ask, Done, Refused
from seccon.screens.typist import Typist
from seccon.widgets.plain import plain

if TYPE_CHECKING:
    from seccon.desk.office import Office
    from seccon.desk.request import Request

T = TypeVar("T")


class Hands(Typist):
    """Has requests carried out, and says what came of them."""

    office: "Office"
    desk: Executor
    """Carries out requests in the order in which they were asked."""
    errands: Executor
    """Carries out what takes time: gpg, delivery."""
    _asked: dict[tuple[int, type], int]
    """Who asked and for what kind of thing -> how often: only the latest of readings is worth carrying out."""
    _leaving = False
    """The person leaves: nothing new is begun."""

    def hands(self, request: object) -> Executor:
        """Say who carries a request out."""
        return self.errands if getattr(request, "beside", False) else self.desk

    async def ask(self, request: "Request") -> Any:
        """Have a request carried out beside the screens, in order. Raises SecconError."""
        with self.elsewhere() if request.away else nullcontext():
            return await asyncio.wrap_future(self.hands(request).submit(request.perform, self.office))

    def begin(self, by: Executor, work: Callable[[], T]) -> Future[T] | None:
        """Have work done beside the screens; None where the person leaves."""
        if self._leaving:
            return None
        begun = by.submit(work)
        begun.add_done_callback(self._check)
        return begun

    def _check(self, done: Future[Any]) -> None:
        """Let a fault of the program end it, as one on the thread that draws would."""
        error = done.exception() if not done.cancelled() else None
        if isinstance(error, Exception):
            self.call_later(self._handle_exception, error)

    def on_ask(self, message: Ask) -> None:
        """Carry a request out beside the screens, in the order in which they were asked."""
        asker = message.asker
        if isinstance(asker, Frame) and asker.heard is None:
            asker.heard = False
        kind = (id(asker), type(message.request))
        serial = self._asked[kind] = self._asked.get(kind, 0) + 1

        def perform() -> None:
            if message.latest and self._asked[kind] != serial:
                return
            try:
                result = message.request.perform(self.office)
            except SecconError as error:
                self.call_later(self._refused, asker, error)
                asker.post_message(Refused(message.request, error))
            else:
                asker.post_message(Done(message.request, result))
            self.call_later(self._answered, asker)

        self.begin(self.hands(message.request), perform)

    def _refused(self, asker: MessagePump, error: SecconError) -> None:
        """Show it. Keys that waited for the answer were meant for what is not there."""
        self.say(self.after(str(error), spoilt=asker is self.screen and self.must_wait("")), wrong=True)

    def _answered(self, asker: MessagePump) -> None:
        if isinstance(asker, Frame):
            asker.heard = True

    def on_unmount(self) -> None:
        """Take nothing new; what has begun is carried out."""
        self._leaving = True
        self.desk.shutdown(wait=False)
        self.errands.shutdown(wait=False, cancel_futures=True)

    def finish(self) -> None:
        """Wait for what was begun: a request of the desk is never cancelled half-way."""
        self.desk.shutdown(wait=True)
        self.errands.shutdown(wait=True, cancel_futures=True)

    def say(self, sentence: str, *, wrong: bool = False) -> None:
        """Tell the person something in passing. The only way to a notification: it never reads markup."""
        sentence = self.after(sentence, wrong=wrong)
        self.notify(
            plain(sentence, limit=600), severity="error" if wrong else "information", markup=False, timeout=12 if wrong else 5
        )

    def show_error(self, error: SecconError) -> None:
        """Tell what went wrong, and what to do."""
        self.say(str(error), wrong=True)
