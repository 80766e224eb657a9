"""A party: somebody outside who takes part in a case, from the invitation to being ready to publish (features, F5)."""

from collections.abc import Callable

import msgspec

from seccon.core.ids import MessageId, address_key
from seccon.core.instants import Instant
from seccon.core.journal.body import Body
from seccon.core.journal.cases import MailArrived
from seccon.core.journal.embargoes import EmbargoAgreed, EmbargoProposed, EmbargoRejected
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
    wrote: tuple[MessageId, ...] = ()
    """Their mails that nobody has recorded a word from yet."""

    @property
    def label(self) -> str:
        """What people call it."""
        return self.name or self.address

    @property
    def holds(self) -> int:
        """The newest version of the patch that they hold; 0: none."""
        return max((one.patch for one in self.told), default=0)

    @property
    def until(self) -> Instant | None:
        """The embargo date that they were told last."""
        return next((one.until for one in reversed(self.told) if one.until), None)

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


class Outside(msgspec.Struct, frozen=True):
    """Everybody outside: who takes part, and who did until they were removed. What these were told they know."""

    parties: Parties = ()
    gone: Parties = ()

    @property
    def knowing(self) -> Parties:
        """Those who take part no longer, and were told."""
        return tuple(one for one in self.gone if one.told)


def find(parties: Parties, address: str) -> Party | None:
    """Find a party by its address, however that is written."""
    wanted = address_key(address)
    return next((one for one in parties if address_key(one.address) == wanted), None)


def follow(outside: Outside, body: Body, at: Instant) -> Outside:
    """Give everybody after one entry; the same value where it is about none of them."""
    match body:
        case PartyInvited():
            return _invited(outside, body, at)
        case PartyRemoved():
            return _removed(outside, body)
        case PartyTold():
            return _told(outside, body, body.when or at)
        case PartyAnswered():
            return _changed(outside, body.party, lambda one: msgspec.structs.replace(one, answered=body, wrote=()))
        case PartyReady():
            return _changed(outside, body.party, lambda one: msgspec.structs.replace(one, ready=body, wrote=()))
        case MailArrived(direction="in", automatic=False, joined=False) if body.party:
            return _changed(outside, body.party, lambda one: msgspec.structs.replace(one, wrote=(*one.wrote, body.mail)))
        case EmbargoProposed() | EmbargoAgreed() | EmbargoRejected():
            return _changed(outside, body.party, lambda one: msgspec.structs.replace(one, wrote=()))
        case _:
            return outside


def _invited(outside: Outside, body: PartyInvited, at: Instant) -> Outside:
    """Invite, or change what is said of a party that is there: what they know and answered stays, also of one that comes back."""
    before = find(outside.parties, body.party) or find(outside.gone, body.party) or Party(body.party, invited=at)
    said = msgspec.structs.replace(before, name=body.name, role=body.role, agrees=body.agrees)
    return Outside(_put(outside.parties, said), _without(outside.gone, body.party))


def _removed(outside: Outside, body: PartyRemoved) -> Outside:
    party = find(outside.parties, body.party)
    return outside if party is None else Outside(_without(outside.parties, body.party), _put(outside.gone, party))


def _told(outside: Outside, body: PartyTold, when: Instant) -> Outside:
    """Whoever was told knows, also who was removed while the mail was on its way."""
    party = find(outside.parties, body.party)
    known = party or find(outside.gone, body.party) or Party(body.party)
    first = min(when, known.told_at) if known.told_at else when
    told = msgspec.structs.replace(known, told=(*known.told, body), told_at=first)
    return Outside(_put(outside.parties, told), outside.gone) if party else Outside(outside.parties, _put(outside.gone, told))


def _changed(outside: Outside, address: str, change: Callable[[Party], Party]) -> Outside:
    party = find(outside.parties, address)
    return outside if party is None else Outside(_put(outside.parties, change(party)), outside.gone)


def _put(parties: Parties, party: Party) -> Parties:
    """Put it in the place that it has, else at the end."""
    if find(parties, party.address) is None:
        return (*parties, party)
    return tuple(party if address_key(one.address) == address_key(party.address) else one for one in parties)


def _without(parties: Parties, address: str) -> Parties:
    return tuple(one for one in parties if address_key(one.address) != address_key(address))
