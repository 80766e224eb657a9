"""Passwords and passphrases that a person types: kept in memory, or where they wished it in a safe keyring (features, R8 R9)."""

from typing import ClassVar

from seccon.core.errors import SecretError
from seccon.desk.office import Office
from seccon.desk.request import Request

_KEPT_UNDER = "gpg:passphrase"
"""The name under which the keyring has it."""


class WantsPassword(Request, frozen=True, kw_only=True):
    """Ask whether the mail server wants a password that is not to be had; gives the name it would have, else nothing."""

    beside: ClassVar[bool] = True

    def perform(self, office: Office) -> str:
        """Look where passwords come from; a command is not run for this."""
        if not office.smtp_login:
            return ""
        try:
            return "" if office.secrets.password(office.smtp_login) is not None else office.smtp_login
        except SecretError:
            return office.smtp_login


class RememberPassword(Request, frozen=True, kw_only=True):
    """Keep a typed password: in memory, and with `keep` in the keyring."""

    name: str
    password: str
    keep: bool = False

    def perform(self, office: Office) -> None:
        """Keep it. Raises SecretError where the keyring is none that keeps secrets; in memory it is kept all the same."""
        office.secrets.remember(self.name, self.password)
        if self.keep:
            office.secrets.keep(self.name, self.password)


class KeptPassphrase(Request, frozen=True, kw_only=True):
    """Ask for the passphrase that a person once had kept; None where the configuration does not wish it, or there is none."""

    beside: ClassVar[bool] = True

    def perform(self, office: Office) -> bytes | None:
        """Ask the keyring. Raises SecretError where it is no safe one."""
        kept = office.passphrases.password(_KEPT_UNDER) if office.passphrases is not None else None
        return kept.encode() if kept else None


class KeepPassphrase(Request, frozen=True, kw_only=True):
    """Keep a passphrase in the keyring, where the configuration wishes it."""

    passphrase: bytes

    def perform(self, office: Office) -> None:
        """Keep it. Raises SecretError where the keyring is no safe one: then nothing is kept."""
        if office.passphrases is not None:
            office.passphrases.keep(_KEPT_UNDER, self.passphrase.decode("utf-8", "surrogateescape"))
