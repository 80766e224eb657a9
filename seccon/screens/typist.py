"""The App as its keys know it: what they act upon, and whether that is there yet (`strokes` keeps them until it is)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from textual import events
from textual.app import App
from textual.worker import NoActiveWorker, get_current_worker

from seccon.screens.aside import Aside
from seccon.screens.frame import Frame
from seccon.screens.strokes import Stroke, Strokes

FLOW = "flow"
"""The group of the workers that run flows."""
_LEAVE = ("q", "Q", "escape")
"""Keys that leave a place also when it could not be read."""
_FORGOTTEN = "What was typed meanwhile was not taken."


class Typist(App[None]):
    """Lets keys act one after another, each on what it was meant for."""

    at_work = 0
    """Flows of which the next form, or the end, is still to come: keys that were pressed since are for that."""
    forms = 0
    """Screens that flows have shown."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._strokes = Strokes(self)

    async def on_event(self, event: events.Event) -> None:
        """Keep keys until it is their turn. A last key, when the screens are gone already, finds nothing."""
        if isinstance(event, Stroke) and not event.is_forwarded:
            self._strokes.add(event)
        elif not isinstance(event, Stroke) or self.screen_stack:
            await super().on_event(event)

    async def strike(self, stroke: Stroke, pressed: float, again: bool) -> None:
        """Let a key act, unless it would decide about what was not on view yet when it was pressed."""
        if not self.screen_stack:
            return
        screen = self.screen
        if isinstance(stroke, events.Key) and isinstance(screen, Aside) and screen.decides_unseen(stroke.key, pressed, again):
            self._strokes.forget()
            self.say("Look at it first: what was pressed before this was on view was not taken.", wrong=True)
        else:
            await super().on_event(stroke)

    def on_unmount(self) -> None:
        """The program ends."""
        self._strokes.stop()

    def must_wait(self, key: str) -> bool:
        """Say whether what a key would act upon is still to come: a form that is being made, a case that is being read."""
        screen = self.screen
        return self.at_work > 0 or not screen.is_mounted or (isinstance(screen, Frame) and screen.must_wait(key))

    @contextmanager
    def flowing(self) -> Iterator[None]:
        """A flow runs. A key that was pressed again before anything was seen is one wish, where it shows no form."""
        forms = self.forms
        try:
            yield
        finally:
            self.at_work -= 1
            if self.forms == forms:
                self._strokes.forget_repeats()

    @contextmanager
    def elsewhere(self) -> Iterator[None]:
        """A flow waits, and keys need not wait for it: they are its form's, or for what the person goes on with."""
        self.at_work -= 1
        try:
            yield
        finally:
            self.at_work += 1

    def after(self, sentence: str, *, wrong: bool = False, spoilt: bool = False) -> str:
        """Give a sentence that is told, and forget the keys that were meant for what did not come about by it."""
        if (spoilt or (wrong and _in_flow())) and self._strokes.forget(_LEAVE if spoilt else ()):
            return f"{sentence} {_FORGOTTEN}"
        return sentence

    def say(self, sentence: str, *, wrong: bool = False) -> None:
        """Tell the person something in passing."""
        raise NotImplementedError


def _in_flow() -> bool:
    """Say whether it is a flow that runs now."""
    try:
        return get_current_worker().group == FLOW
    except NoActiveWorker:
        return False
