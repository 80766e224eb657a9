"""Watches whether anybody is at the console: where nobody is, the curtain falls."""

from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from textual.app import App

_LOOKS = 10
"""How often it is looked whether anybody is there, in the time after which the screen is covered."""


class Idle:
    """Covers the screen of `app` when it was not touched for `after` seconds; 0: never."""

    def __init__(self, app: "App[None]", after: float) -> None:
        self._app, self._after = app, after
        self._still = 0

    def begin(self) -> None:
        """Begin to watch. A timer that is reset at each key would first run to its end: up to twice as long."""
        if self._after > 0:
            self._app.set_interval(self._after / _LOOKS, self._look)

    def heed(self, event: events.Event) -> None:
        """Note that somebody is there."""
        if isinstance(event, events.Key | events.MouseEvent | events.Paste):
            self._still = 0

    def _look(self) -> None:
        from seccon.screens.curtain import Curtain

        self._still += 1
        if self._still >= _LOOKS and not isinstance(self._app.screen, Curtain):
            self._app.push_screen(Curtain())
