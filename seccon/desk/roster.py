"""The roster in force: the configuration's members, and what the team's file made of them (features, H1).

Kept by the ledger's revision, so that a colleague's change is seen by every console at its next question.
"""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from seccon.core.ids import TEAM_FILE, Fingerprint
from seccon.core.journal import Entry
from seccon.core.pinning import confirmed
from seccon.core.roster_state import Team, roster_from, team_of
from seccon.core.team import Roster
from seccon.desk.office import Office

if TYPE_CHECKING:
    from seccon.core.policy import Admission
    from seccon.core.ports import Ledger

_Kept = tuple[int, Roster, Team, Roster]
_kept: "WeakKeyDictionary[Ledger, _Kept]" = WeakKeyDictionary()
_lock = threading.Lock()


def roster_of(office: Office) -> Roster:
    """Give who is on the team now. Raises LedgerError."""
    return _read(office)[3]


def team_file(office: Office) -> Team:
    """Give nominees, members, seats as the team's file has them now. Raises LedgerError."""
    return _read(office)[2]


def known_roster(office: Office) -> Roster:
    """Give the roster as it was read last, without asking the ledger: for the thread that draws."""
    with _lock:
        found = _kept.get(office.ledger)
    return found[3] if found and found[1] is office.roster else office.roster


def admission_rules(office: Office) -> "tuple[Admission, ...]":
    """Give what each project's process asks of whoever joins."""
    keys = dict.fromkeys(project.policy for project in office.projects)
    return tuple(office.policies[key].admission for key in keys if key in office.policies)


def pinned_in(entries: Iterable[Entry]) -> dict[str, Fingerprint]:
    """Give the keys that the team's file confirms, by `address_key`."""
    return {address: pin.fingerprint for address, pin in confirmed(entries).pins.items()}


def _read(office: Office) -> _Kept:
    revision = office.ledger.revision()
    with _lock:
        found = _kept.get(office.ledger)
    if found is not None and found[0] == revision and found[1] is office.roster:
        return found
    entries = office.ledger.entries(TEAM_FILE)
    team = team_of(entries)
    made = (revision, office.roster, team, roster_from(office.roster, team, pinned_in(entries)))
    with _lock:
        _kept[office.ledger] = made
    return made
