"""A party: somebody outside who takes part in a case, from the invitation to being ready to publish (features, F5)."""

from collections.abc import Callable

import msgspec

from seccon.core.ids import address_key
from seccon.core.instants import Instant
from seccon.core.journal.body import Body
from seccon.core.journal.parties import (
    PartyAnswered,
    PartyInvited,
    PartyReady,
    PartyRemoved,
    PartyRole,
    PartyTold,
)


class Party(msgspec.Struct, frozen=True):
    """Where one party stands."""

    address: str
    name: str = ""
    role: PartyRole = "vendor"
    agrees: bool = False
    """The embargo date needs their agreement."""
    invited: Instant | None = None
    told: tuple[PartyTold, ...] = ()
    told_at: Instant | None = None
    """When they were told first."""
    answered: PartyAnswered | None = None
    ready: PartyReady | None = None

    @property
    def label(self) -> str:
        """What people call it."""
        return self.name or self.address

    @property
    def holds(self) -> int:
        """The newest version of the patch that they hold; 0: none."""
        return max((one.patch for one in self.told), default=0)

    @property
    def affected(self) -> str:
        """What they said of what they ship: `yes`, `no`, `unknown`."""
        return self.answered.affected if self.answered else "unknown"

    def is_ready(self, patch: int) -> bool:
        """Say whether they can publish: with the newest version of the patch, or because nothing of theirs is affected."""
        if self.affected == "no":
            return True
        return self.ready is not None and self.ready.ready and self.ready.patch >= patch


Parties = tuple[Party, ...]


def follow(parties: Parties, body: Body, at: Instant) -> Parties:
    """Give the parties after one entry; the same value where it is about none of them."""
    match body:
        case PartyInvited():
            return _invited(parties, body, at)
        case PartyRemoved():
            return tuple(one for one in parties if address_key(one.address) != address_key(body.party))
        case PartyTold():
            when = body.when or at
            return _changed(parties, body.party, lambda one: _told(one, body, when))
        case PartyAnswered():
            return _changed(parties, body.party, lambda one: msgspec.structs.replace(one, answered=body))
        case PartyReady():
            return _changed(parties, body.party, lambda one: msgspec.structs.replace(one, ready=body))
        case _:
            return parties


def _invited(parties: Parties, body: PartyInvited, at: Instant) -> Parties:
    """Invite, or change what is said of a party that is there: what they know and answered stays."""
    said = {"name": body.name, "role": body.role, "agrees": body.agrees}
    if any(address_key(one.address) == address_key(body.party) for one in parties):
        return _changed(parties, body.party, lambda one: msgspec.structs.replace(one, **said))
    return (*parties, Party(body.party, body.name, body.role, body.agrees, at))


def _told(party: Party, body: PartyTold, when: Instant) -> Party:
    first = min(when, party.told_at) if party.told_at else when
    return msgspec.structs.replace(party, told=(*party.told, body), told_at=first)


def _changed(parties: Parties, address: str, change: Callable[[Party], Party]) -> Parties:
    wanted = address_key(address)
    return tuple(change(one) if address_key(one.address) == wanted else one for one in parties)
