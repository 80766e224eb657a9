"""What a walk along the journal's chain found: how far it holds, and each place where it does not."""

import msgspec


class Proof(msgspec.Struct, frozen=True):
    """How far the chain was walked; given again, the next walk goes on from there."""

    entries: int = 0
    """The last row that was walked: rows count from 1 without gaps."""
    head: str = ""
    """Its hash. Written down elsewhere, it also tells when a whole other journal was put in place."""
    breaks: tuple[str, ...] = ()
    """Each place where the chain does not hold, in words."""

    @property
    def holds(self) -> bool:
        """Nothing was found that was changed, removed, added or put in another order."""
        return not self.breaks
