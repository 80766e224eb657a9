"""Where in a mail a reading stands, and what gpg is asked on the way."""

from typing import Protocol

import msgspec

from seccon.adapters.gpg.opener import Cleared
from seccon.adapters.gpg.status import Opened
from seccon.core.verdict import Seal


class Opening(Protocol):
    """What gpg is asked, with the unlocking of this reading already in it."""

    def decrypt(self, data: bytes) -> Opened:
        """Decrypt a message."""
        ...

    def verify(self, signed: bytes, signature: bytes) -> Seal:
        """Verify a detached signature."""
        ...

    def clear(self, block: bytes) -> Cleared | None:
        """Verify a clearsigned block."""
        ...

    def is_weak(self, seal: Seal) -> bool:
        """Say whether a good signature is by a key that can be broken, or whose strength cannot be seen."""
        ...


class Place(msgspec.Struct, frozen=True):
    """Where in a mail we are, and what covers that place."""

    path: str = ""
    whole: bool = True
    """Nothing stands beside this part: a unit here is the whole mail."""
    encrypted: bool = False
    sealed: bool = False
    """A signature covers it, good or not: no second one is looked at."""
    signed: bool = False
    """A good signature covers it."""
    forwarded: bool = False
    """Within a forwarded mail: whatever is signed there lends this mail nothing."""
    inline: bool = True
    depth: int = 0

    def child(self, number: int) -> "Place":
        """Give the place of a part among others."""
        return msgspec.structs.replace(self, path=f"{self.path}.{number}".lstrip("."), whole=False, depth=self.depth + 1)

    def leaf_path(self) -> str:
        """Give the path of a leaf here: a mail that is one part has the path 1."""
        return self.path or "1"
