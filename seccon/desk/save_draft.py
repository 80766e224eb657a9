"""Keep what is being written: sealed to the author's own key, else in the author's private directory; nobody else can read it."""

import msgspec

from seccon.core.errors import LedgerError
from seccon.core.ids import Fingerprint
from seccon.core.keys import faults
from seccon.core.letter import Letter, letter_from_json, letter_to_json
from seccon.core.ports import Phrase
from seccon.core.post import Draft
from seccon.desk.office import Office
from seccon.desk.request import Request
from seccon.desk.room import room
from seccon.desk.roster import roster_of


class SaveDraft(Request, frozen=True, kw_only=True):
    """Keep a letter as it stands; saving again replaces it."""

    letter: Letter

    def perform(self, office: Office) -> bool:
        """Keep it; say whether it is encrypted. Raises LedgerError, CryptoError: then the draft of before is still there."""
        clear = letter_to_json(self.letter)
        key = own_key(office)
        if key is None:
            drawer = room(office).drawer
            if drawer is None:
                raise LedgerError("The draft cannot be kept: you have no key, and no private directory.", "Give yourself a key.")
            drawer.put(self.letter.id, clear)
            return False
        sealed = office.cipher.encrypt(clear, [key])
        office.ledger.save_draft(Draft(self.letter.id, office.person, self.letter.case, office.clock(), sealed, encrypted=True))
        return True


class OpenDrafts(Request, frozen=True, kw_only=True):
    """Give a person's drafts, newest first within each kind: all, or those of one case."""

    case: int | None = None
    passphrase: Phrase = None

    def perform(self, office: Office) -> tuple[Letter, ...]:
        """Unseal them. Raises CryptoError when the key is locked; LedgerError when one cannot be read."""
        found = [
            _letter(office.cipher.decrypt(one.sealed, self.passphrase)) for one in office.ledger.drafts(office.person, self.case)
        ]
        drawer = room(office).drawer
        if drawer is not None:
            found += [_letter(data) for _, data in drawer.all()]
        known = {letter.id: letter for letter in reversed(found) if self.case in (None, letter.case)}
        return tuple(reversed(known.values()))


class DropDraft(Request, frozen=True, kw_only=True):
    """Throw a draft away."""

    letter: str

    def perform(self, office: Office) -> None:
        """Forget it, wherever it is."""
        office.ledger.drop_draft(self.letter)
        drawer = room(office).drawer
        if drawer is not None:
            drawer.drop(self.letter)


def own_key(office: Office) -> Fingerprint | None:
    """Give the key that a person's drafts are sealed to: one that they can read again, here."""
    member = roster_of(office).by_login(office.person)
    if member is None or member.key is None:
        return None
    key = office.keyring.key(member.key)
    return key.fingerprint if key is not None and key.secret and not faults(key, office.clock()) else None


def _letter(data: bytes) -> Letter:
    try:
        return letter_from_json(data)
    except (msgspec.MsgspecError, ValueError):
        raise LedgerError("A draft is damaged and cannot be read.", "Throw it away.") from None
