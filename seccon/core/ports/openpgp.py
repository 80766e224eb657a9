"""GnuPG: how far to go for a secret key, what leaves, and the keys that we hold."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal, Protocol

from seccon.core.ids import Fingerprint
from seccon.core.keys import Key


class Unlock(StrEnum):
    """How far decryption may go to get at a secret key."""

    UNASKED = "unasked"
    """As quiet, and where the agent cannot be told to keep quiet (a forwarded one) not at all. Where no person asked for it."""
    QUIET = "quiet"
    """Ask nobody: a key that the agent holds unlocked, or nothing. While browsing."""
    AGENT = "agent"
    """Let gpg-agent ask by its own means: a forwarded agent's pinentry, a smartcard."""
    TYPED = "typed"
    """Use the passphrase that the person typed here."""


Phrase = bytes | Literal[Unlock.AGENT] | None
"""What opens a secret key: a passphrase, or a card's PIN, as typed; the agent, asking by its own means; or nobody is asked."""


class Cipher(Protocol):
    """GnuPG for what leaves. Recipients are pinned fingerprints; every method raises CryptoError and then made nothing."""

    def encrypt(
        self,
        clear: bytes,
        recipients: Sequence[Fingerprint],
        signer: Fingerprint | None = None,
        passphrase: Phrase = None,
    ) -> bytes:
        """Encrypt (and sign) to an ASCII-armoured message, whose packets have been read back and name these recipients only."""
        ...

    def sign(self, clear: bytes, signer: Fingerprint, passphrase: Phrase = None) -> tuple[bytes, str]:
        """Make a detached signature; also give its hash name for `micalg`, such as `pgp-sha512`."""
        ...

    def decrypt(self, secret: bytes, passphrase: Phrase = None) -> bytes:
        """Decrypt what we sealed ourselves (drafts)."""
        ...


class Keyring(Protocol):
    """The public keys that we hold. Its texts are strangers'."""

    def key(self, fingerprint: Fingerprint) -> Key | None:
        """Find one key."""
        ...

    def claiming(self, address: str) -> tuple[Key, ...]:
        """Find the keys whose user ids bear an address: a claim, no proof."""
        ...

    def secret_keys(self) -> tuple[Key, ...]:
        """List the keys whose secret half we can use."""
        ...

    def all(self) -> tuple[Key, ...]:
        """List everything: slow with many keys, never on the way to a screen."""
        ...

    def public(self, fingerprint: Fingerprint, address: str) -> bytes:
        """Give a key as small as it can be used (Autocrypt 1.1): one user id, no foreign signatures; empty where that fails."""
        ...

    def examine(self, data: bytes) -> tuple[Key, ...]:
        """Say which keys `data` holds, without taking them in."""
        ...

    def take(self, data: bytes, only: Fingerprint | None = None) -> tuple[Fingerprint, ...]:
        """Import keys, or one of them; trusted for nobody until pinned. Raises CryptoError, also for secret keys."""
        ...

    def look_up(self, address: str) -> bytes:
        """Ask the address's own domain for its key (WKD), over the network. Takes nothing in. Raises CryptoError: none came."""
        ...
