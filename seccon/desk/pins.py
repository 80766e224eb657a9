"""Which key is trusted for which address, as the office knows it."""

from seccon.core.ids import TEAM_FILE
from seccon.core.keys import Pins
from seccon.core.pinning import pins_of as folded
from seccon.desk.office import Office


def pins_of(office: Office) -> Pins:
    """Give the pins: what people pinned, over the roster's and our own keys."""
    return folded(office.ledger.entries(TEAM_FILE), office.roster, office.identities)
