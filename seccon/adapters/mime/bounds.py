"""How much of one mail is looked at, and what was odd about it: limits, and the warnings that say so when one is met."""

import time

from seccon.core.report import Warned

MAX_FILE = 64 << 20
"""Bytes of a file that are read at all."""
MAX_HEADER = 64 << 10
"""Bytes of one header block that are read."""
SHOWN_HEADER = 4 << 10
"""Characters of one header field that are kept."""
MAX_DEPTH = 50
MAX_PARTS = 1000
MAX_TEXT = 1 << 20
"""Bytes of text that are shown of one mail."""
MAX_HTML = 200 << 10
"""Bytes of one HTML part that are turned into text."""
MAX_UNITS = 8
"""Signatures and encrypted parts of one mail that gpg is asked about."""
MAX_BLOCKS = 32
"""OpenPGP blocks of one text that are told apart."""
MAX_KEYS = 20
MAX_KEY = 256 << 10
SECONDS = 0.75
"""Processor time that understanding one mail may take, gpg aside."""


class Bounds:
    """What is left to be spent on one mail; collects the warnings, each code once."""

    def __init__(self) -> None:
        self.parts = MAX_PARTS
        self.text = MAX_TEXT
        self.units = MAX_UNITS
        self.complete = True
        self._until = time.thread_time() + SECONDS
        self._warned: dict[str, Warned] = {}

    @property
    def warnings(self) -> tuple[Warned, ...]:
        """Every oddity met, in order."""
        return tuple(self._warned.values())

    def warn(self, code: str, text: str) -> None:
        """Note an oddity; the first sentence of a code stays."""
        self._warned.setdefault(code, Warned(code, text))

    def mixed(self, what: str) -> None:
        """Note that a protection covers only a part."""
        self.warn("mixed-protection", f"Only a part of this mail is {what}: anybody may have added the rest.")

    def cut(self, code: str, text: str) -> None:
        """Note that a limit left something out."""
        self.complete = False
        self.warn(code, f"{text} The raw source has the rest.")

    def in_time(self) -> bool:
        """Say whether there is time left; notes it when there is not."""
        if time.thread_time() < self._until:
            return True
        self.cut("time-limit", "Reading this mail took too long and was ended.")
        return False

    def take_part(self) -> bool:
        """Spend one part; False when there are no more to spend."""
        self.parts -= 1
        if self.parts < 0:
            self.cut("too-many-parts", f"This mail has more than {MAX_PARTS} parts.")
            return False
        return self.in_time()

    def take_text(self, data: bytes) -> bytes:
        """Spend text: give as much of it as may still be shown."""
        given = data[: self.text]
        self.text -= len(given)
        if len(given) < len(data):
            self.cut("too-long", "This mail is longer than what is shown of it.")
        return given

    def take_unit(self) -> bool:
        """Spend one question to gpg."""
        self.units -= 1
        if self.units < 0:
            self.warn("too-many-units", "This mail has more signed or encrypted parts than are looked at.")
        return self.units >= 0
