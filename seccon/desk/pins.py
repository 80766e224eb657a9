"""Which key is trusted for which address, as the office knows it."""

from seccon.core.ids import TEAM_FILE, address_key
from seccon.core.keys import Pins
from seccon.core.pinning import confirmed
from seccon.desk.office import Office
from seccon.desk.roster import roster_of


def pins_of(office: Office) -> Pins:
    """Give all that is trusted: what was pinned, else the roster's key of a member, else our own; never what was withdrawn."""
    team = confirmed(office.ledger.entries(TEAM_FILE))
    found = {address_key(one.address): one.sign_key for one in office.identities if one.sign_key}
    found |= {address_key(address): one.key for one in roster_of(office).members if one.key for address in one.addresses}
    found = {address: key for address, key in found.items() if (address, key) not in team.withdrawn}
    found |= {address: pin.fingerprint for address, pin in team.pins.items()}
    return Pins(found)
