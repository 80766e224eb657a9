"""Hides the screen of a console that nobody touches: what was decrypted does not stand there all night (features, H6)."""

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from seccon.widgets.line_view import Line, LineView


class Curtain(ModalScreen[None]):
    """Covers everything until a key is pressed, which does nothing else; what was typed below stays."""

    AUTO_FOCUS = ""
    DEFAULT_CSS = "Curtain { background: $background; }"

    def compose(self) -> ComposeResult:
        """Say what this is, and how to go on; nothing of any case."""
        yield LineView(
            [Line(""), Line("  seccon", "head"), Line("  Hidden: nobody was here for a while. Any key shows it again.")]
        )

    async def on_event(self, event: events.Event) -> None:
        """Take every key before anything else does."""
        if isinstance(event, events.Key):
            event.stop()
            event.prevent_default()
            self._open()
        elif not isinstance(event, events.Paste):
            await super().on_event(event)

    def on_click(self) -> None:
        """A click shows it again too."""
        self._open()

    def _open(self) -> None:
        if self.is_current:  # of two keys at once the second finds it gone
            self.dismiss()
