"""How the console ends when something ends it: in good order, and with one plain line on the shell's terminal."""

import asyncio
import signal
import sys
from functools import partial
from pathlib import Path

from textual.app import App


class Ending(App[None]):
    """Leaves neither decrypted text nor a traceback behind."""

    failure = ""
    """Why the program ended, in one plain line; empty after a good end."""

    def heed_signals(self) -> None:
        """Leave in good order when told to: killed where it stands, it would leave decrypted text on the terminal."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            loop.add_signal_handler(number, partial(self.exit, return_code=128 + number))

    def _handle_exception(self, error: Exception) -> None:
        """End with one plain line and status 1. No traceback with locals: they hold decrypted text (hostile input, 1)."""
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self.failure = self.failure or _where(error)
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """Print the one line, once the terminal is the shell's again."""
        if self.failure and not self.is_headless:
            sys.stderr.write(f"{self.failure}\n")
        self._exit_renderables.clear()


def _where(error: Exception) -> str:
    """Say what kind of fault it was and where, and nothing of what was being handled."""
    trace = error.__traceback__
    place = ""
    while trace is not None:
        place = f" in {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"seccon stopped: a fault of the program ({type(error).__name__}{place}). The ledger holds what was confirmed."
