"""What the verbs that let mail leave share: the post room, what is known of keys, and the judgement of a letter."""

from collections.abc import Iterable, Sequence

import msgspec

from seccon.core.addressee import Trust
from seccon.core.case import Case, fold
from seccon.core.circle import Circle, circle_of
from seccon.core.errors import ConfigError, LedgerError
from seccon.core.guard import judge
from seccon.core.ids import TEAM_FILE, Fingerprint, address_key
from seccon.core.journal import Entry
from seccon.core.keys import Key
from seccon.core.letter import ANNOUNCEMENT, Letter, Sheet
from seccon.core.pinning import Confirmed, confirmed
from seccon.core.ports import Keyring
from seccon.core.postroom import Postroom
from seccon.core.preflight import preflight
from seccon.core.report import Address
from seccon.core.team import Identity
from seccon.desk.office import Office
from seccon.desk.request import policy_of
from seccon.desk.roster import roster_of


def room(office: Office) -> Postroom:
    """Give the post room. Raises ConfigError where there is none."""
    if office.postroom is None:
        raise ConfigError("Nothing can be sent from here: no courier is configured.", "See [courier] in the configuration.")
    return office.postroom


class Known:
    """What the keyring said, asked once each: a judgement inside a transaction must not wait for gpg."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._keys: dict[Fingerprint, Key | None] = {}
        self._claims: dict[str, tuple[Fingerprint, ...]] = {}

    def key(self, fingerprint: Fingerprint | None) -> Key | None:
        """Give one key."""
        if fingerprint is None:
            return None
        if fingerprint not in self._keys:
            self._keys[fingerprint] = self._keyring.key(fingerprint)
        return self._keys[fingerprint]

    def claiming(self, address: str) -> tuple[Fingerprint, ...]:
        """Give the keys that claim an address."""
        key = address_key(address)
        if key not in self._claims:
            self._claims[key] = tuple(one.fingerprint for one in self._keyring.claiming(address))
        return self._claims[key]


class Judged(msgspec.Struct, frozen=True):
    """A letter's sheet, with what it was judged by."""

    sheet: Sheet
    case: Case
    circle: Circle
    signer: Key | None


def judge_letter(office: Office, letter: Letter, entries: Sequence[Entry], team: Iterable[Entry], known: Known) -> Judged:
    """Judge a letter by what the journal says. Raises LedgerError when there is no such case."""
    if not entries:
        raise LedgerError(f"There is no case #{letter.case}.", "See the queue: seccon list")
    case = fold(entries)
    policy, now = policy_of(office, case), office.clock()
    circle = circle_of(case, policy, roster_of(office), office.identities, letter.report)
    if letter.purpose == ANNOUNCEMENT:
        circle = _gated(office, circle, case, letter)
    identity = identity_of(office, letter.identity)
    addresses = [one.address for one in letter.recipients]
    addresses += [one.addresses[0] for one in roster_of(office).members if one.addresses]
    trust = trust_of(office, addresses, confirmed(team), known) if letter.protection == "encrypted" else {}
    signer = known.key(identity.sign_key) if identity else None
    sender = Address(identity.name, identity.address) if identity else None
    flight = preflight(letter, case, policy, now)
    return Judged(judge(letter, circle, trust, sender, signer, now, flight), case, circle, signer)


def _gated(office: Office, circle: Circle, case: Case, letter: Letter) -> Circle:
    """Compare the announcement with everything else that is told of the issue, and with the ids of others (features, D3)."""
    from seccon.core.gate import Words, gate, stopping
    from seccon.desk.export import taken

    words = Words("announcement", f"{letter.subject}\n{letter.text}")
    found = gate(case, policy_of(office, case), office.clock(), (words,), taken(office, case))
    against = stopping(found)
    others = tuple(one.sentence for one in found if one not in against and not one.passed)
    return msgspec.structs.replace(circle, stopping=tuple(one.sentence for one in against), gaps=others)


def identity_of(office: Office, address: str) -> Identity | None:
    """Find an identity by its address."""
    return next((one for one in office.identities if address_key(one.address) == address_key(address)), None)


def trust_of(office: Office, addresses: Iterable[str], pins: Confirmed, known: Known) -> dict[str, Trust]:
    """Say what is known of each address's key: pinned by a person, else named by the roster or as our own."""
    return {address_key(one): _trust(office, one, pins, known) for one in addresses}


def _trust(office: Office, address: str, pins: Confirmed, known: Known) -> Trust:
    key, pin = address_key(address), pins.pins.get(address_key(address))
    member, own = roster_of(office).by_address(address), identity_of(office, address)
    named = (member.key if member else None) or (own.sign_key if own else None)
    if named is not None and (key, named) in pins.withdrawn:
        named = None
    if pin is not None:
        who = f"{roster_of(office).display(pin.by)}, {pin.at:%Y-%m-%d}" if pin.at else roster_of(office).display(pin.by)
        disputed = named if named is not None and named != pin.fingerprint else None
        return Trust(pin.fingerprint, f"{pin.how} ({who})", known.key(pin.fingerprint), disputed=disputed)
    if named is not None:
        return Trust(named, "on the roster" if member and member.key else "our own key", known.key(named))
    return Trust(offered=known.claiming(address))


def team_entries(office: Office) -> tuple[Entry, ...]:
    """Give the team's file."""
    return office.ledger.entries(TEAM_FILE)
