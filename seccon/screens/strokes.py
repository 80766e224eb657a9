"""Keys, one after another: each acts once the one before it has had its effect, and there is something for it to act upon.

A hand is faster than a screen that reads its case, and than a form that has to be made first. What it types meanwhile is kept,
in order. Where something goes wrong meanwhile it is forgotten, and that is said: it was meant for what did not come about.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from time import monotonic
from typing import Any, Protocol

from textual import events
from textual.app import ScreenStackError
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

PATIENCE = 2.0
"""Seconds after which the person is told that keys are being kept."""
_LOOK = 0.005
"""Seconds between looks whether the keys can be taken; there are looks only while keys wait."""
_STUCK = 0.05
"""Seconds after which it is seen whether whoever should have answered is gone."""
Stroke = events.Key | events.Paste


class Keyboard(Protocol):
    """The App, as far as keys need it."""

    @property
    def screen(self) -> Screen[object]:
        """The screen on view."""
        ...

    @property
    def focused(self) -> Widget | None:
        """Who gets the keys."""
        ...

    def call_later(self, callback: Callable[..., Awaitable[None]], *args: Any) -> bool:
        """Do it in the App's own turn."""
        ...

    def must_wait(self, key: str) -> bool:
        """Say whether it is still to come what a key would act upon."""
        ...

    async def strike(self, stroke: Stroke, pressed: float, again: bool) -> None:
        """Let a key act that was pressed at a moment of the monotonic clock; `again`: it is the one that acted last."""
        ...

    def say(self, sentence: str, *, wrong: bool = False) -> None:
        """Tell something in passing."""
        ...


class Strokes:
    """The keys that were pressed and have not acted yet."""

    def __init__(self, keyboard: Keyboard) -> None:
        self._keyboard = keyboard
        self._kept: deque[tuple[Stroke, float]] = deque()
        self._last: str | None = None
        """The key that acted last."""
        self._running: asyncio.Task[None] | None = None
        self._since: float | None = None
        """Since when the first of them waits for what it acts upon."""
        self._told = self._gave_up = False

    def add(self, stroke: Stroke) -> None:
        """Take a key; it acts when it is its turn."""
        if self._told and isinstance(stroke, events.Key) and stroke.key == "escape":
            self._gave_up = True
            self.forget()
        self._kept.append((stroke, monotonic()))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run(), name="strokes")

    def forget(self, but: Collection[str] = ()) -> int:
        """Forget what was kept; give how many keys that were. `but`: these stay, where they are the first."""
        before, first = len(self._kept), []
        while self._kept and _key(self._kept[0][0]) in but:
            first.append(self._kept.popleft())
        self._kept.clear()
        self._kept.extend(first)
        return before - len(first)

    def forget_repeats(self) -> None:
        """Forget that the last key was pressed again and again: its act is done, and was meant once."""
        while self._last is not None and self._kept and _key(self._kept[0][0]) == self._last:
            self._kept.popleft()

    def stop(self) -> None:
        """The program ends."""
        if self._running is not None:
            self._running.cancel()

    async def _run(self) -> None:
        with suppress(ScreenStackError):  # the program ends: there is no screen any more
            while self._kept:
                await self._ready()
                if self._kept:
                    stroke, pressed = self._kept.popleft()
                    again, self._last = _key(stroke) == self._last, _key(stroke)
                    text = self._is_text(stroke)
                    self._keyboard.call_later(self._keyboard.strike, stroke, pressed, again)
                    if not text:
                        await self._settled()

    async def _ready(self) -> None:
        """Wait until there is what the next key acts upon, or the person does not want to wait."""
        while self._waits():
            if self._since is None:
                self._since = monotonic()
            elif not self._told and monotonic() - self._since > PATIENCE:
                self._told = True
                self._keyboard.say("Still at work. What you type is kept until it is done; escape forgets it.")
            await asyncio.sleep(_LOOK)
            await self._settled()
        self._since, self._told = None, False

    def _waits(self) -> bool:
        if not self._kept:
            return False
        waits = self._keyboard.must_wait(_key(self._kept[0][0]) or "")
        self._gave_up &= waits
        return waits and not self._gave_up

    def _is_text(self, stroke: Stroke) -> bool:
        """Say whether it is a letter for a line that is open: it moves nothing, and the next key is for that line too."""
        focused = self._keyboard.focused
        return focused is not None and isinstance(stroke, events.Key) and focused.check_consume_key(stroke.key, stroke.character)

    async def _settled(self) -> None:
        """Wait until nothing is on its way any more between the App and whoever has the keys."""
        while True:
            path = self._path()
            for pump in path:
                await _passed(pump)
            await asyncio.sleep(0)
            if path == self._path() and not any(pump.message_queue_size for pump in path):
                return

    def _path(self) -> list[MessagePump]:
        """Give the way that a key goes, and after it what it set going."""
        start = self._keyboard.focused or self._keyboard.screen
        return list(start.ancestors_with_self)


def _key(stroke: Stroke) -> str | None:
    return stroke.key if isinstance(stroke, events.Key) else None


async def _passed(pump: MessagePump) -> None:
    """Wait until somebody has done all that was there to be done; who is gone has done it."""
    passed = asyncio.Event()
    comes = pump.call_later(passed.set)
    while comes and pump.is_running and not passed.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(passed.wait(), _STUCK)
