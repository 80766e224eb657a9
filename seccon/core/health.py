"""What an examination finds: a part, how it is, and the command that mends it."""

from typing import Literal

import msgspec

Condition = Literal["ok", "warning", "broken"]


class Examined(msgspec.Struct, frozen=True):
    """One finding. `mend` is a command or an action; empty where nothing is to be done."""

    part: str
    condition: Condition
    sentence: str
    mend: str = ""
