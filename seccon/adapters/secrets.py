"""Passwords: from the desktop's keyring if its backend is a safe one, from a command, or typed and then in memory only.

`keyring` finds a backend by itself, and some that it finds keep passwords in a readable file or lose them: an allow-list says
which may be asked; nothing else is ever called. What was typed is never written anywhere.
"""

import subprocess
from collections.abc import Sequence
from typing import TYPE_CHECKING

from seccon.adapters.couriers.wording import said
from seccon.core.errors import SecretError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "seccon"
"""Under which our passwords are kept in a keyring."""
_LIMIT = 60
"""Seconds for `password_command`: it may ask for a PIN."""
_SAFE = (
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.libsecret.Keyring",
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.kwallet.DBusKeyringKWallet4",
    "keyring.backends.macOS.Keyring",
    "keyring_pass.PasswordStoreBackend",
)
_WAYS_OUT = (
    "Set password_command in [courier], such as [\"pass\", \"show\", \"mail\"], or install keyring-pass, which suits a host "
    "without a desktop; else the password is asked for and kept in memory."
)  # fmt: skip


class KeyringSecrets:
    """Gives passwords by name, such as `smtp:user@host`."""

    def __init__(self, command: Sequence[str] = ()) -> None:
        self._command = tuple(command)
        self._typed: dict[str, str] = {}

    def remember(self, name: str, password: str) -> None:
        """Keep what a person typed, in memory, until the program ends."""
        self._typed[name] = password

    def password(self, name: str) -> str | None:
        """Give the password kept under `name`; None where there is none. Raises SecretError with the ways out."""
        if name in self._typed:
            return self._typed[name]
        if self._command:
            return self._ask_command()
        backend = self._backend()
        from keyring.errors import KeyringError

        try:
            return backend.get_password(SERVICE, name)
        except KeyringError as error:
            sentence = f"The keyring {_name(backend)} did not give the password: {said(str(error)) or 'it is locked'}."
            raise SecretError(sentence, "Unlock it, then try again.") from None

    def keep(self, name: str, password: str) -> None:
        """Keep a password in the keyring. Raises SecretError where there is no safe one, or it does not take it."""
        backend = self._backend()
        from keyring.errors import KeyringError

        try:
            backend.set_password(SERVICE, name, password)
        except KeyringError as error:
            sentence = f"The keyring {_name(backend)} did not take the password: {said(str(error)) or 'it is locked'}."
            raise SecretError(sentence, "Unlock it, then try again.") from None

    def check(self) -> tuple[str, ...]:
        """Say what is wrong with where passwords come from; asks for none."""
        if self._command:
            import shutil

            found = shutil.which(self._command[0])
            return () if found else (f"password_command: {self._command[0]} is not there or cannot be run.",)
        try:
            self._backend()
        except SecretError as error:
            return (str(error),)
        return ()

    def _ask_command(self) -> str:
        """Run the command; its first line is the password."""
        name = self._command[0]
        try:
            done = subprocess.run(self._command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_LIMIT, check=False)
        except OSError as error:
            raise SecretError(f"password_command {name} cannot be run: {error.strerror}.") from None
        except subprocess.TimeoutExpired:
            raise SecretError(f"password_command {name} gave no answer within {_LIMIT} seconds.") from None
        password = done.stdout.split(b"\n")[0].decode("utf-8", "replace")
        if done.returncode != 0 or not password:
            told = f": {said(done.stderr)}" if done.stderr.strip() else ""
            raise SecretError(f"password_command {name} ended with status {done.returncode}{told}.", "Run it by hand.")
        return password

    def _backend(self) -> "KeyringBackend":
        """Find a safe backend. Raises SecretError that names the one found. Imports keyring: half a second on a slow disk."""
        import keyring
        from keyring.backends.chainer import ChainerBackend
        from keyring.errors import KeyringError

        try:
            found = keyring.get_keyring()
            # A chain asks all its members in turn, the unsafe ones too: only its safe members are asked.
            members = list(found.backends) if isinstance(found, ChainerBackend) else [found]
        except (KeyringError, ImportError, RuntimeError, ValueError, OSError) as error:
            raise SecretError(f"No keyring can be used: {said(str(error))}.", _WAYS_OUT) from None
        safe = next((one for one in members if _name(one) in _SAFE), None)
        if safe is None:
            names = ", ".join(map(_name, members)) or _name(found)
            raise SecretError(f"The keyring found is {names}: it does not keep secrets safely, and is not used.", _WAYS_OUT)
        return safe


def _name(backend: object) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"
