"""Keys that reporters send: which are on offer for an address, taking one in, pinning it with its evidence (features, R5).

A key that came by mail is trusted for nobody until a person pins it; one that came with a mail is taken alone, whatever else
lay beside it.
"""

from collections.abc import Iterator, Mapping
from typing import ClassVar

import msgspec

from seccon.core.case import Case
from seccon.core.errors import CryptoError, MailNotFoundError, RefusedError
from seccon.core.ids import TEAM_FILE, Fingerprint, MessageId, address_key
from seccon.core.journal import Entry
from seccon.core.key_offer import Around, Offer, Offers, holds_secret_block, is_key_part, is_update, offer, ordered
from seccon.core.keys import Key
from seccon.core.pinning import confirmed
from seccon.core.report import Mail
from seccon.core.team import own_addresses
from seccon.desk.office import Office
from seccon.desk.pin_key import PinKey
from seccon.desk.pins import pins_of
from seccon.desk.read_mail import ReadMail
from seccon.desk.request import Request, load, require_member
from seccon.desk.roster import roster_of

_SOURCE = "a key is trusted once a person compared it"
_PARTS = 10
"""Parts of a mail in which keys are looked for again, to see whether they were signed."""
_MAILS = 20
"""Mails of a case, the newest first, in which a key is looked for."""


class OfferKeys(Request, frozen=True, kw_only=True):
    """Ask which keys came with a mail, as it was read, and what pinning each to its author would mean."""

    beside: ClassVar[bool] = True

    case: int
    mail: MessageId
    read: Mail

    def perform(self, office: Office) -> Offers:
        """Examine them; takes nothing in. Raises CryptoError, LedgerError."""
        address = _author(load(office, self.case), self.mail) or self.read.sender.address
        return _offers(office, address, self.mail, self.read)


class FindKeys(Request, frozen=True, kw_only=True):
    """Ask which keys could be an address's: those in the keyring that claim it, and those that came with the case's mails."""

    beside: ClassVar[bool] = True

    address: str
    case: int = 0

    def perform(self, office: Office) -> Offers:
        """Look; takes nothing in. Raises CryptoError, LedgerError."""
        around = around_of(office)
        found = {key.fingerprint: offer(key, self.address, around, held=True, source="in the keyring")
                 for key in office.keyring.claiming(self.address)}  # fmt: skip
        secret = False
        for mail, read in self._mails(office):
            came = _offers(office, self.address, mail, read)
            secret |= came.secret
            for one in came.keys:
                known = found.get(one.key.fingerprint)
                if known is None or one.vouched or one.update:
                    found[one.key.fingerprint] = one
        return _made(self.address, found, around, secret)

    def _mails(self, office: Office) -> Iterator[tuple[MessageId, Mail]]:
        """Give the mails of the case that this address wrote, the newest first."""
        case = load(office, self.case) if self.case else Case()
        theirs = [one for one in case.mails if address_key(one.sender.address) == address_key(self.address)]
        for arrived in theirs[::-1][:_MAILS]:
            read = next(_copies(office, arrived.mail), None)
            if read is not None:
                yield arrived.mail, read[1]


def around_of(office: Office) -> Around:
    """Gather what offers are compared with."""
    roster = roster_of(office)
    team = {address_key(one) for member in roster.members for one in member.addresses}
    pins = confirmed(office.ledger.entries(TEAM_FILE)).pins
    pinned = {address: msgspec.structs.replace(pin, by=roster.display(pin.by)) for address, pin in pins.items()}
    return Around(pins_of(office), pinned, frozenset(team) | own_addresses(office.identities), office.clock())


def _author(case: Case, mail: MessageId) -> str:
    """Name whose keys they would be: who wrote the mail, of a list that rewrites From too; else the reporter."""
    arrived = next((one for one in case.mails if one.mail == mail), None)
    if arrived is not None and arrived.sender.address:
        return arrived.sender.address
    report = case.report(arrived.report if arrived else mail)
    return report.reporter.address if report else ""


def _offers(office: Office, address: str, mail: MessageId, read: Mail) -> Offers:
    around = around_of(office)
    parts = [part for part in read.parts if is_key_part(part.type, part.text)][:_PARTS]
    secret = any(holds_secret_block(part.text or "") for part in read.parts)
    found: dict[Fingerprint, Offer] = {}
    for material in read.keys:
        for key in _examined(office, material):
            if key.secret:
                secret = True
                continue
            held = office.keyring.key(key.fingerprint)
            found[key.fingerprint] = offer(
                key, address, around, held=held is not None, update=held is not None and is_update(key, held),
                source="came with the mail", mail=mail, material=material,
            )  # fmt: skip
    if parts:
        signed, hidden = _within(office, address, mail)
        secret |= hidden
        for name in signed & found.keys():
            found[name] = msgspec.structs.replace(found[name], vouched=found[name].change)
    return _made(address, found, around, secret, mail)


def _made(address: str, found: Mapping[Fingerprint, Offer], around: Around, secret: bool, mail: str = "") -> Offers:
    before, trusted = around.pinned.get(address_key(address)), around.pins.of(address)
    return Offers(address, ordered(found.values()), secret, before, trusted, mail)


def _examined(office: Office, material: bytes) -> tuple[Key, ...]:
    """Say which keys some bytes hold; what is larger than a key holds none."""
    try:
        return office.keyring.examine(material)
    except CryptoError:
        return ()


def _copies(office: Office, mail: MessageId) -> Iterator[tuple[str, Mail]]:
    """Read every file of a Message-ID that is still there; nobody is asked for a passphrase."""
    pins = pins_of(office)
    for path in office.store.paths(mail):
        try:
            yield path, office.reader.read(path, pins)
        except MailNotFoundError:
            continue


def _within(office: Office, address: str, mail: MessageId) -> tuple[frozenset[Fingerprint], bool]:
    """Say which keys stand in parts that the key trusted for `address` has signed, and whether a secret one lies in any.

    A header is outside every signature: a key that only an Autocrypt header bears is never vouched for.
    """
    signed: set[Fingerprint] = set()
    secret = False
    for path, read in _copies(office, mail):
        proved = read.verdict.trusted and read.sender.same(address)
        for part in [part for part in read.parts if is_key_part(part.type, part.text)][:_PARTS]:
            try:
                data = office.reader.attachment(path, part.path)
            except MailNotFoundError:
                continue
            keys = _examined(office, data)
            secret |= any(key.secret for key in keys) or holds_secret_block(data.decode("ascii", "replace"))
            if proved and part.signed:
                signed |= {key.fingerprint for key in keys}
    return frozenset(signed), secret


class TakeKey(Request, frozen=True, kw_only=True):
    """Take one key into the keyring. It is trusted for nobody."""

    beside: ClassVar[bool] = True

    fingerprint: Fingerprint
    material: bytes

    def perform(self, office: Office) -> Key:
        """Import this key alone. Raises CryptoError."""
        require_member(office)
        office.keyring.take(self.material, self.fingerprint)
        key = office.keyring.key(self.fingerprint)
        if key is None:
            raise CryptoError("gpg did not take this key.", "It has no user id that it signed itself, or it is damaged.")
        return key


class TakeAndPin(Request, frozen=True, kw_only=True):
    """Pin a key that may have to be taken in first. Nothing is taken when the comparison fails."""

    beside: ClassVar[bool] = True

    pin: PinKey
    material: bytes = b""

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Compare, take, pin. Raises RefusedError, CryptoError."""
        require_member(office)
        self.pin.check_words()
        if self.material:
            TakeKey(fingerprint=self.pin.fingerprint, material=self.material).perform(office)
        return self.pin.perform(office)


class PinVouched(Request, frozen=True, kw_only=True):
    """Pin a key because the key pinned before has signed the mail that holds it: looked at again here, never believed."""

    beside: ClassVar[bool] = True

    address: str
    fingerprint: Fingerprint
    mail: MessageId
    why: str
    replaces: Fingerprint | None
    material: bytes = b""

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Look at the evidence, take, pin. Raises RefusedError, CryptoError."""
        trusted = pins_of(office).of(self.address)
        signed, _ = _within(office, self.address, self.mail)
        if trusted is None or self.fingerprint not in signed:
            sentence = "No signature by the key trusted so far covers this key. Nothing was pinned."
            raise RefusedError("not-vouched", sentence, _SOURCE, "Compare the fingerprint, by another way than this mail.")
        how = f"in the mail {self.mail}, signed by the key trusted before ({trusted}): {self.why.strip()}"
        if len(self.why.strip()) < 3:
            raise RefusedError("how", "Write why the key changed.", _SOURCE)
        pin = PinKey(
            address=self.address, fingerprint=self.fingerprint, compared=self.fingerprint, how=how, replaces=self.replaces
        )
        return TakeAndPin(pin=pin, material=self.material).perform(office)


class VerifyAgain(Request, frozen=True, kw_only=True):
    """Verify the mails of a case that an address wrote, once another key is trusted for it: lists show the marks, too."""

    beside: ClassVar[bool] = True

    case: int
    address: str

    def perform(self, office: Office) -> int:
        """Read them again; give how many bear the trusted mark now. Raises LedgerError, StoreError."""
        wanted = address_key(self.address)
        trusted = 0
        for one in load(office, self.case).mails:
            if address_key(one.sender.address) == wanted:
                try:
                    trusted += ReadMail(mail=one.mail).perform(office).mail.verdict.trusted
                except MailNotFoundError:
                    continue
        return trusted
