"""Bodies of entries about parties: vendors and downstreams who are told before the public is (features, F5 E1)."""

from typing import Literal

from seccon.core.ids import MessageId
from seccon.core.instants import Instant
from seccon.core.journal.body import Body

PartyRole = Literal["vendor", "downstream", "upstream", "coordinator", "list"]
Affected = Literal["yes", "no", "unknown"]


Proof = Literal["", "good", "unproved"]
"""Of the mail that says so: signed as a whole with the key pinned to its sender, or anybody's; empty: nobody looked."""


class PartyInvited(Body, frozen=True, tag="party-invited"):
    """Somebody outside shall take part in the case. It tells them nothing yet: that needs each reporter's permission."""

    party: str
    """Their address: what they are called by in every other entry."""
    name: str = ""
    role: PartyRole = "vendor"
    agrees: bool = False
    """The embargo date needs their agreement too."""
    proof: MessageId | None = None
    why: str = ""


class PartyTold(Body, frozen=True, tag="party-told"):
    """A party was told of the case, or got a version of the patch; with the mail that did it, or how else."""

    party: str
    when: Instant | None = None
    mail: MessageId | None = None
    patch: int = 0
    """The version of the patch that went with it; 0: none."""
    until: Instant | None = None
    """The embargo date that it named, where one was in force."""
    evidence: str = ""


class PartyAnswered(Body, frozen=True, tag="party-answered"):
    """A party answered: whether what they ship is affected."""

    party: str
    affected: Affected = "unknown"
    mail: MessageId | None = None
    signature: Proof = ""
    """What is proved of that mail."""
    why: str = ""


class PartyReady(Body, frozen=True, tag="party-ready"):
    """A party can publish, or no longer can. It holds for one version of the patch: a newer one makes it void."""

    party: str
    ready: bool = True
    patch: int = 0
    """The version that they are ready with; 0: none is known, or they need none."""
    mail: MessageId | None = None
    signature: Proof = ""
    """What is proved of that mail."""
    why: str = ""


class PartyRemoved(Body, frozen=True, tag="party-removed"):
    """A party takes part no longer, or was invited by mistake. What they know they know."""

    party: str
    why: str = ""
