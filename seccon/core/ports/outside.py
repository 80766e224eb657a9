"""Who is spoken to over the network, and the passwords that they ask for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from seccon.core.ids import CveId

if TYPE_CHECKING:
    from seccon.core.cve import ReservedCve


class Receipt(msgspec.Struct, frozen=True):
    """A courier's word that it has the mail, for all but the recipients it names: `address: what the server said`."""

    via: str
    refused: tuple[str, ...] = ()
    """Never: trying again does not help."""
    put_off: tuple[str, ...] = ()
    """Not now: they, and nobody else, are to be tried again."""


class Courier(Protocol):
    """Delivers mail."""

    def deliver(self, message: bytes, sender: str, recipients: Sequence[str]) -> Receipt:
        """Hand over one mail. Raises CourierError (`final`, `perhaps_sent`)."""
        ...

    def check(self) -> tuple[str, ...]:
        """Say what stands in the way of delivering, in words; sends nothing."""
        ...


class CveService(Protocol):
    """CVE Services, where a CNA reserves ids and publishes records, over the network. Raises CveServiceError, SecretError."""

    @property
    def org(self) -> str:
        """The CNA's short name there."""
        ...

    def reserve(self, year: int) -> CveId:
        """Reserve one id of a year."""
        ...

    def reserved(self) -> "tuple[ReservedCve, ...]":
        """List the org's ids that are reserved and not published, the newest first."""
        ...

    def publish(self, cve: CveId, record: bytes) -> None:
        """Publish a CVE Record (JSON, 5.x), or put it in the place of the one that is public."""
        ...

    def remember(self, key: str) -> None:
        """Keep the API key that a person typed, in memory."""
        ...

    def check(self) -> tuple[str, ...]:
        """Say what stands in the way, in words; asks nobody."""
        ...


class Secrets(Protocol):
    """Passwords, from a keyring that is a safe one. Raises SecretError with the ways out."""

    def password(self, name: str) -> str | None:
        """Give the password kept under `name`; None where there is none."""
        ...

    def remember(self, name: str, password: str) -> None:
        """Keep what a person typed, in memory, until the program ends."""
        ...

    def refused(self, name: str) -> None:
        """Give no more what was given last: whoever wanted it did not take it."""
        ...

    def keep(self, name: str, password: str) -> None:
        """Keep it in the keyring, if that is a safe one."""
        ...

    def check(self) -> tuple[str, ...]:
        """Say what is wrong with the keyring's backend, in words."""
        ...
