"""Draws on the terminal itself, whatever standard error is: what is on the screen belongs into no file."""

from pathlib import Path
from typing import Any

from textual.driver import Driver


def on_terminal(driver: type[Driver]) -> type[Driver]:
    """Give a driver that differs in one thing: it writes to the controlling terminal, where there is one."""

    class OnTerminal(driver):  # type: ignore[misc, valid-type]
        """Writes to `/dev/tty`."""

        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            if hasattr(self, "_file") and Path("/dev/tty").exists():
                self._file = Path("/dev/tty").open("w", encoding="utf-8")  # noqa: SIM115  # for as long as the program

    return OnTerminal
