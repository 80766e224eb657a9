"""Passwords: safe backends only, else the ways out (R9)."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backends import chainer, fail, null
from keyring.errors import KeyringLocked

from seccon.adapters.secrets import KeyringSecrets
from seccon.core.errors import SecretError


class Kept(keyring.backend.KeyringBackend):
    """A backend that gives what it has, and counts how often it is asked."""

    priority = 1  # type: ignore[assignment]

    def __init__(self, kept: str | None = "from the ring") -> None:
        super().__init__()
        self.asked: list[str] = []
        self._kept = kept

    def get_password(self, service: str, username: str) -> str | None:
        self.asked.append(f"{service} {username}")
        if self._kept is None:
            raise KeyringLocked("locked")
        return self._kept

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("nothing is stored")


def named(module: str, name: str = "Keyring") -> type[Kept]:
    return type(name, (Kept,), {"__module__": module, "__qualname__": name})


SAFE = "keyring.backends.SecretService"


@pytest.fixture
def ring() -> Any:
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


def test_a_safe_backend_is_asked(ring: Any) -> None:
    backend = named(SAFE)()
    ring(backend)
    assert KeyringSecrets().password("smtp:a@b") == "from the ring"
    assert backend.asked == ["seccon smtp:a@b"]
    assert KeyringSecrets().check() == ()


@pytest.mark.parametrize(
    "backend",
    [
        fail.Keyring(),
        null.Keyring(),
        named("keyrings.alt.file", "PlaintextKeyring")(),
        named("keyrings.alt.file", "EncryptedKeyring")(),
    ],
)
def test_an_unsafe_backend_is_named_and_refused_with_the_ways_out(ring: Any, backend: Any) -> None:
    ring(backend)
    with pytest.raises(SecretError) as caught:
        KeyringSecrets().password("smtp:a@b")
    assert f"{type(backend).__module__}.{type(backend).__qualname__}" in str(caught.value)
    assert "password_command" in caught.value.hint
    assert "keyring-pass" in caught.value.hint
    assert not getattr(backend, "asked", [])
    assert len(KeyringSecrets().check()) == 1


def test_of_a_chain_only_the_safe_members_are_asked(ring: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    unsafe, safe = named("keyrings.alt.file", "PlaintextKeyring")("plain"), named("keyring_pass", "PasswordStoreBackend")("safe")
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [unsafe, safe])
    ring(chainer.ChainerBackend())
    assert KeyringSecrets().password("x") == "safe"
    assert unsafe.asked == []


def test_a_locked_keyring_is_a_sentence(ring: Any) -> None:
    ring(named(SAFE)(None))
    with pytest.raises(SecretError, match="Unlock it"):
        KeyringSecrets().password("x")


def test_a_password_command_needs_no_keyring_and_says_when_it_fails() -> None:
    assert KeyringSecrets((sys.executable, "-c", "print('s3cret'); print('second')")).password("x") == "s3cret"
    failing = KeyringSecrets((sys.executable, "-c", "import sys; sys.exit('no \\x1b[2Jkey')"))
    with pytest.raises(SecretError, match="status 1: no"):
        failing.password("x")
    with pytest.raises(SecretError, match="cannot be run"):
        KeyringSecrets(("/nowhere/pass",)).password("x")
    assert KeyringSecrets(("/nowhere/pass",)).check()


def test_what_was_typed_is_kept_in_memory_and_nowhere_else(ring: Any) -> None:
    ring(fail.Keyring())
    secrets = KeyringSecrets()
    secrets.remember("smtp:a@b", "typed")
    assert secrets.password("smtp:a@b") == "typed"


def test_keyring_is_imported_only_when_a_password_is_wanted() -> None:
    code = "import sys, seccon.adapters.secrets, seccon.adapters.postroom, seccon.desk.send_reply; "
    code += "print([one for one in ('keyring', 'jinja2', 'smtplib', 'tenacity') if one in sys.modules])"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == "[]"


class Taking(Kept):
    """A backend that takes what it is given."""

    def set_password(self, service: str, username: str, password: str) -> None:
        self.asked.append(f"kept {service} {username} {password}")


def test_a_password_is_kept_in_a_safe_keyring_only(ring: Any) -> None:
    """R9: a keyring that would write it in plain text is refused, and nothing is kept."""
    backend = type("Keyring", (Taking,), {"__module__": SAFE, "__qualname__": "Keyring"})()
    ring(backend)
    KeyringSecrets().keep("gpg:passphrase", "horse")
    assert backend.asked == ["kept seccon gpg:passphrase horse"]
    plain = type("PlaintextKeyring", (Taking,), {"__module__": "keyrings.alt.file", "__qualname__": "PlaintextKeyring"})()
    ring(plain)
    with pytest.raises(SecretError, match=r"keyrings\.alt\.file\.PlaintextKeyring"):
        KeyringSecrets().keep("gpg:passphrase", "horse")
    assert plain.asked == []
