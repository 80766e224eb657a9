"""Confirm a key for an address, or take that back: the only ways in which a key becomes trusted (features, R4, R5)."""

from seccon.core.case import last
from seccon.core.errors import CryptoError, RefusedError
from seccon.core.ids import TEAM_FILE, Fingerprint, address_key
from seccon.core.journal import Entry
from seccon.core.journal.replies import KeyPinned, KeyUnpinned
from seccon.core.keys import unfit
from seccon.core.letter import clean_line, is_address
from seccon.core.pinning import confirmed
from seccon.desk.office import Office
from seccon.desk.request import Request, require_member

_SOURCE = "a key is trusted once a person compared it"


class PinKey(Request, frozen=True, kw_only=True):
    """Trust this key for this address, because a person compared the fingerprint.

    `compared` is the fingerprint as the reporter gave it, by another way than the mail with the key. `replaces` must name the
    key that was pinned before, if there is one: nobody changes a key unawares.
    """

    address: str
    fingerprint: Fingerprint
    compared: str
    how: str
    replaces: Fingerprint | None = None

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write it into the team's file. Raises RefusedError, CryptoError."""
        require_member(office)
        self.check_words()
        self._check_key(office)
        with office.ledger.writing(office.person, office.clock()) as book:
            entries = book.entries(TEAM_FILE)
            before = confirmed(entries).pins.get(address_key(self.address))
            if before is not None and before.fingerprint == self.fingerprint:
                raise RefusedError("pin", f"This key is pinned to {self.address} already.")
            if (before.fingerprint if before else None) != self.replaces:
                pinned = before.fingerprint if before else "none"
                sentence = f"Another key is pinned to {self.address} now: {pinned}."
                raise RefusedError(
                    "key-change", sentence, _SOURCE, "Find out why the key changed, then confirm that it replaces this one."
                )
            body = KeyPinned(address=self.address, fingerprint=self.fingerprint, how=self.how.strip(), replaces=self.replaces)
            return book.append(TEAM_FILE, last(entries), "", body)

    def check_words(self) -> None:
        """Refuse what was typed wrongly, before anything is looked at or taken in."""
        if not is_address(self.address):
            raise RefusedError("bad-address", f"'{clean_line(self.address)}' is not an address.", "RFC 5321, 4.1.2")
        bare = "".join(self.compared.split()).upper().removeprefix("0X")
        if bare != self.fingerprint:
            sentence = "The fingerprint that was compared is not that of the key. Nothing was pinned."
            raise RefusedError("fingerprint-differs", sentence, _SOURCE, "Compare all 40 digits.")
        if len(self.how.strip()) < 3:
            raise RefusedError("how", "Write how the fingerprint was verified: by phone, on which page, in person.", _SOURCE)

    def _check_key(self, office: Office) -> None:
        key = office.keyring.key(self.fingerprint)
        if key is None:
            raise CryptoError(f"The key {self.fingerprint} is not in the keyring.", "Import it first.")
        wrong = unfit(key, office.clock())
        if wrong:
            raise RefusedError("key-unusable", f"The key {wrong[0]}.", _SOURCE)


class UnpinKey(Request, frozen=True, kw_only=True):
    """No longer trust this key for this address."""

    address: str
    fingerprint: Fingerprint
    why: str

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write it into the team's file. Raises RefusedError."""
        require_member(office)
        if not self.why.strip():
            raise RefusedError("unpin", "Write why the key is no longer trusted.", _SOURCE)
        with office.ledger.writing(office.person, office.clock()) as book:
            entries = book.entries(TEAM_FILE)
            body = KeyUnpinned(address=self.address, fingerprint=self.fingerprint, why=self.why.strip())
            return book.append(TEAM_FILE, last(entries), "", body)
