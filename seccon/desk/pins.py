"""Which key is pinned to which address: the team's file, folded."""

from seccon.core.ids import TEAM_FILE, Fingerprint, address_key
from seccon.core.journal.replies import KeyPinned, KeyUnpinned
from seccon.core.keys import Pins
from seccon.desk.office import Office


def pins_of(office: Office) -> Pins:
    """Give the pins: the roster's keys of the configuration, and over them what people pinned."""
    found: dict[str, Fingerprint] = {}
    for member in office.roster.members:
        if member.key:
            found |= {address_key(address): member.key for address in member.addresses}
    for identity in office.identities:
        if identity.sign_key:
            found[address_key(identity.address)] = identity.sign_key
    for entry in office.ledger.entries(TEAM_FILE):
        match entry.body:
            case KeyPinned(address=address, fingerprint=fingerprint):
                found[address_key(address)] = fingerprint
            case KeyUnpinned(address=address, fingerprint=fingerprint):
                if found.get(address_key(address)) == fingerprint:
                    del found[address_key(address)]
    return Pins(found)
