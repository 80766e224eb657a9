"""Encrypts and signs what leaves, and proves it: the packets are read back before anything is handed out.

Fulfils `core.ports.Cipher`. Who may be a recipient is decided elsewhere; here a recipient is a full fingerprint or nothing.
"""

from collections.abc import Sequence

from seccon.adapters.gpg import status
from seccon.adapters.gpg.card import card_that_opens, card_that_signs
from seccon.adapters.gpg.opener import reach
from seccon.adapters.gpg.runner import Line, Outcome, Runner
from seccon.adapters.keyring import GpgKeyring
from seccon.core.errors import CryptoError
from seccon.core.ids import Fingerprint, fingerprint
from seccon.core.ports import Keyring, Phrase, Unlock

_HASHES = {"8": "pgp-sha256", "9": "pgp-sha384", "10": "pgp-sha512", "11": "pgp-sha224"}
"""Hash numbers (RFC 4880, 9.4) by their `micalg` names (RFC 3156, 5); weaker ones are refused."""
_REFUSALS = {
    "1": "is not in the keyring",
    "2": "is not unique",
    "3": "cannot encrypt",
    "4": "is revoked",
    "5": "is expired",
    "6": "cannot be checked",
    "7": "cannot be checked",
    "8": "cannot be checked",
    "9": "has no secret half here",
    "10": "is not trusted",
    "12": "is missing its own certificate",
    "13": "is disabled",
}
"""Reasons of INV_RECP and INV_SGNR (GnuPG, doc/DETAILS)."""
_PREFERENCES = ("personal-digest-preferences SHA512 SHA384 SHA256", "personal-cipher-preferences AES256 AES192 AES")


class GpgCipher:
    """The cipher of one GnuPG home."""

    def __init__(self, home: str | None = None, keyring: Keyring | None = None) -> None:
        self._runner = Runner(home)
        self._keyring = keyring or GpgKeyring(home)

    def encrypt(
        self,
        clear: bytes,
        recipients: Sequence[Fingerprint],
        signer: Fingerprint | None = None,
        passphrase: Phrase = None,
    ) -> bytes:
        """Encrypt, and sign where a signer is given; armoured. Raises CryptoError."""
        pinned = tuple(dict.fromkeys(_pinned(one) for one in recipients))
        if not pinned:
            raise CryptoError("There is nobody to encrypt to.")
        args = ["--armor", "--trust-model", "always", "--no-encrypt-to", "--no-throw-keyids", "--encrypt"]
        options = [*_PREFERENCES, *(f"recipient {one}" for one in pinned)]
        if signer is None:
            outcome = self._runner.run(*args, stdin=clear, options=options)
        else:
            options.append(f"local-user {_pinned(signer)}")
            outcome = self._unlocked([*args, "--sign"], clear, options, passphrase)
        self._require(outcome, "encrypt", signer)
        if not outcome.has("END_ENCRYPTION") or (signer is not None and len(outcome.all("SIG_CREATED")) != 1):
            raise CryptoError(f"gpg did not encrypt the mail as asked: {_reason(outcome)}")
        self._read_back(outcome.out, pinned)
        return outcome.out

    def sign(self, clear: bytes, signer: Fingerprint, passphrase: Phrase = None) -> tuple[bytes, str]:
        """Make a detached, armoured signature; also give its `micalg`. Raises CryptoError."""
        options = [*_PREFERENCES, f"local-user {_pinned(signer)}"]
        outcome = self._unlocked(["--armor", "--detach-sign"], clear, options, passphrase)
        self._require(outcome, "sign", signer)
        made = outcome.all("SIG_CREATED")
        micalg = _HASHES.get(made[0].word(2)) if len(made) == 1 else None
        if micalg is None:
            raise CryptoError("gpg did not sign the mail with a hash that holds today.", "Look at the signing key.")
        return outcome.out, micalg

    def decrypt(self, secret: bytes, passphrase: Phrase = None) -> bytes:
        """Decrypt what we sealed ourselves. Raises CryptoError."""
        outcome = self._unlocked(("--trust-model", "always", "--decrypt"), secret, (), passphrase)
        opened = status.opened(outcome)
        if opened.text is None:
            ids = tuple(line.word(0) for line in outcome.all("ENC_TO"))
            card = card_that_opens(self._runner, ids) if status.met_agent(outcome) else ""
            why = status.why_not(outcome, card)
            raise CryptoError(f"A draft could not be decrypted. {why}", locked=status.is_locked(outcome), card=card)
        return opened.text

    def _unlocked(self, args: Sequence[str], clear: bytes, options: Sequence[str], phrase: Phrase) -> Outcome:
        """Run what needs a secret key."""
        if isinstance(phrase, bytes):
            return reach(self._runner, args, clear, options, Unlock.TYPED, phrase)
        return reach(self._runner, args, clear, options, phrase or Unlock.QUIET, None)

    def _require(self, outcome: Outcome, doing: str, signer: Fingerprint | None) -> None:
        """Raise CryptoError unless gpg ended well and gave everything."""
        refused = outcome.all("INV_RECP", "INV_SGNR")
        if refused and not status.is_restricted(outcome):
            said = "; ".join(_refusal(line) for line in refused[:5])
            raise CryptoError(f"gpg would not {doing}: {said}.", "See the key screen.")
        if outcome.code != 0 or outcome.late or outcome.cut or not outcome.out:
            card = card_that_signs(self._runner, signer) if signer is not None and status.met_agent(outcome) else ""
            raise CryptoError(f"gpg did not {doing}: {_reason(outcome, card)}", locked=status.is_locked(outcome), card=card)

    def _read_back(self, secret: bytes, recipients: Sequence[Fingerprint]) -> None:
        """Compare the packets with the recipients: one for each of them, and none besides. Raises CryptoError."""
        outcome = self._runner.run("--list-only", "--decrypt", stdin=secret)
        packets = [line.word(0).upper() for line in outcome.all("ENC_TO")]
        if outcome.late or outcome.has("NEED_PASSPHRASE_SYM") or not outcome.has("BEGIN_DECRYPTION"):
            raise CryptoError("The encrypted mail could not be read back; it was thrown away.")
        for recipient in recipients:
            key = self._keyring.key(recipient)
            mine = [packet for packet in packets if key is not None and packet in key.encryption_keys]
            if len(mine) != 1:
                raise CryptoError(f"The encrypted mail does not open for the key {recipient}; it was thrown away.")
            packets.remove(mine[0])
        if packets:
            raise CryptoError(f"The encrypted mail also opens for {', '.join(packets)}; it was thrown away.")


def _pinned(text: str) -> Fingerprint:
    """Take a full fingerprint as it is, never a part of one or a name: gpg matches those by substring."""
    try:
        checked = fingerprint(text)
    except ValueError as error:
        raise CryptoError(f"A recipient must be a full fingerprint: {error}.") from error
    if checked != text:
        raise CryptoError(f"A recipient must be a full fingerprint, written plainly: {text[:60]!r}.")
    return checked


def _refusal(line: Line) -> str:
    """Say why one key was refused."""
    key = line.word(1)[-40:]
    why = _REFUSALS.get(line.word(0), "cannot be used")
    return f"the {'signing ' if line.keyword == 'INV_SGNR' else ''}key {key} {why}"


def _reason(outcome: Outcome, card: str = "") -> str:
    """Say why there is no outcome, in words where there are some."""
    if status.failed(outcome) or outcome.late or outcome.cut:
        return status.why_not(outcome, card)
    return "it gave no reason that is known; `seccon doctor` looks further."
