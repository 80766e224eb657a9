"""Look up an address's key at its own domain: the only thing that a person asks of the network, and only when they say so."""

from typing import ClassVar

import msgspec

from seccon.core.errors import RefusedError
from seccon.core.ids import address_key
from seccon.core.key_offer import Offers, offer, ordered
from seccon.desk.office import Office
from seccon.desk.request import Request, require_member
from seccon.desk.take_key import around_of


class LookUpKey(Request, frozen=True, kw_only=True):
    """Ask the domain for its Web Key Directory. `agreed`: the person knows that the domain will see that somebody asks."""

    beside: ClassVar[bool] = True
    away: ClassVar[bool] = True

    address: str
    agreed: bool = False

    def perform(self, office: Office) -> Offers:
        """Give what was found; takes nothing in. Raises RefusedError, CryptoError where nothing is published."""
        require_member(office)
        if not self.agreed:
            raise RefusedError(
                "network",
                f"Nobody agreed to ask {self.address.rpartition('@')[2]} over the network.",
                "lookup only when asked",
            )
        material = office.keyring.look_up(self.address)
        around = around_of(office)
        keys = [one for one in office.keyring.examine(material) if not one.secret]
        made = (offer(one, self.address, around, source="published by its domain", material=material) for one in keys)
        held = (msgspec.structs.replace(one, held=office.keyring.key(one.key.fingerprint) is not None) for one in made)
        key = address_key(self.address)
        return Offers(self.address, ordered(held), False, around.pinned.get(key), around.pins.of(self.address))
