"""What the desk needs to let mail leave, beside the ports of `ports`: Protocols of few methods, and the room that holds them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from seccon.core.ids import Fingerprint
from seccon.core.instants import Instant
from seccon.core.letter import Letter, Stamp
from seccon.core.ports import Phrase


class Writer(Protocol):
    """Turns letters into mail as it leaves."""

    def write(
        self,
        letter: Letter,
        stamp: Stamp,
        keys: Sequence[Fingerprint] = (),
        signer: Fingerprint | None = None,
        passphrase: Phrase = None,
    ) -> bytes:
        """Write the mail, protected as the letter says. Raises CryptoError or RefusedError, and then made nothing."""
        ...


class Templates(Protocol):
    """The texts that replies start from; a user's file shadows the shipped one."""

    def names(self) -> tuple[str, ...]:
        """List the purposes for which there is a text."""
        ...

    def render(self, name: str, occasion: Mapping[str, object], whole: Mapping[str, str] | None = None) -> str:
        """Fill a text; those of `whole` stand in it as they are. Raises ConfigError for what is missing or broken."""
        ...


class SentBox(Protocol):
    """Where copies of what was sent are kept, encrypted as they left."""

    def file(self, name: str, message: bytes) -> None:
        """Keep a copy; the same name twice is one copy. Raises CourierError when it cannot."""
        ...


class Drawer(Protocol):
    """The person's own drafts that no key can seal: private files. Raises LedgerError with a sentence."""

    def put(self, name: str, data: bytes) -> None:
        """Keep, or replace; what was there stays until the new one is safe on disk."""
        ...

    def all(self) -> tuple[tuple[str, bytes], ...]:
        """Give everything in it, newest first."""
        ...

    def drop(self, name: str) -> None:
        """Throw one away; nothing happens where there is none."""
        ...


class Backoff(Protocol):
    """How long to wait before trying again."""

    def __call__(self, tries: int, now: Instant) -> Instant | None:
        """Give when to try next after so many failures; None: give up."""
        ...


class Postroom(msgspec.Struct, frozen=True):
    """Everything that letting mail leave needs."""

    writer: Writer
    templates: Templates
    backoff: Backoff
    sent: SentBox | None = None
    drawer: Drawer | None = None
