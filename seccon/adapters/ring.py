"""One question to the keyring, asked in a process of its own; its arguments are `get`, `put` or `look`, and a name.

A backend is other people's code. It may run programs that write to the terminal or ask on it, raise what it likes, or wait for
ever: `secrets`, which starts this, gives it no terminal and little time. The password comes on standard input; the answer goes to
standard output as JSON. `keyring` finds a backend by itself, and some that it finds keep passwords in a readable file or lose
them: an allow-list says which may be asked; nothing else is ever called.
"""

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from seccon.hardening import harden

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "seccon"
"""Under which our passwords are kept in a keyring."""
_SAFE = (
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.libsecret.Keyring",
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.kwallet.DBusKeyringKWallet4",
    "keyring.backends.macOS.Keyring",
    "keyring_pass.PasswordStoreBackend",
)


class Answer(msgspec.Struct, frozen=True):
    """What the keyring said."""

    backend: str = ""
    """The one that was asked; empty where none could be."""
    password: str | None = None
    unsafe: tuple[str, ...] = ()
    """Backends that were found, and are not asked."""
    problem: str = ""
    """What went wrong, in the backend's words: to be cleaned before it is shown."""


def answer(verb: str, name: str, password: str = "") -> Answer:
    """Ask a safe backend. Whatever it raises is an answer: nothing says what a backend may raise."""
    backend = None
    try:
        members = list(_members())
        backend = next((one for one in members if name_of(one) in _SAFE), None)
        if backend is None:
            return Answer(unsafe=tuple(map(name_of, members)))
        if verb == "put":
            backend.set_password(SERVICE, name, password)
        found = backend.get_password(SERVICE, name) if verb == "get" else None
    except Exception as error:  # noqa: BLE001 - see above
        return Answer("" if backend is None else name_of(backend), problem=str(error) or type(error).__name__)
    return Answer(name_of(backend), found)


def _members() -> Iterator["KeyringBackend"]:
    """Give what `keyring` would ask. A chain asks all its members in turn, the unsafe ones too: they are looked at one by one."""
    import keyring
    from keyring.backends.chainer import ChainerBackend

    found = keyring.get_keyring()
    if isinstance(found, ChainerBackend):
        yield from found.backends
    else:
        yield found


def name_of(backend: object) -> str:
    """Name a backend as keyring's own configuration does."""
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def main() -> None:
    """Answer one question; what a backend prints goes to standard error, which the parent reads."""
    harden()
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    verb, name = sys.argv[1:3]
    password = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    with told:
        told.write(msgspec.json.encode(answer(verb, name, password)))
