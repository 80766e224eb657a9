"""Passwords: safe backends only, else the ways out (R9)."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backends import chainer, fail, null
from keyring.errors import KeyringLocked

from seccon.adapters.ring import Answer, answer
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


# What the process beside us asks of keyring


def test_a_safe_backend_is_asked(ring: Any) -> None:
    backend = named(SAFE)()
    ring(backend)
    assert answer("get", "smtp:a@b") == Answer(f"{SAFE}.Keyring", "from the ring")
    assert backend.asked == ["seccon smtp:a@b"]
    assert answer("look", "") == Answer(f"{SAFE}.Keyring")
    assert len(backend.asked) == 1


@pytest.mark.parametrize(
    "backend",
    [
        fail.Keyring(),
        null.Keyring(),
        named("keyrings.alt.file", "PlaintextKeyring")(),
        named("keyrings.alt.file", "EncryptedKeyring")(),
    ],
)
def test_an_unsafe_backend_is_named_and_asked_nothing(ring: Any, backend: Any) -> None:
    ring(backend)
    for verb in ("get", "put", "look"):
        assert answer(verb, "smtp:a@b", "horse").unsafe == (f"{type(backend).__module__}.{type(backend).__qualname__}",)
    assert not getattr(backend, "asked", [])


def test_of_a_chain_only_the_safe_members_are_asked(ring: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    unsafe, safe = named("keyrings.alt.file", "PlaintextKeyring")("plain"), named("keyring_pass", "PasswordStoreBackend")("safe")
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [unsafe, safe])
    ring(chainer.ChainerBackend())
    assert answer("get", "x").password == "safe"
    assert unsafe.asked == []
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [unsafe])
    assert answer("get", "x").unsafe == ("keyrings.alt.file.PlaintextKeyring",)
    assert unsafe.asked == []


def test_whatever_a_backend_raises_is_an_answer(ring: Any) -> None:
    ring(named(SAFE)(None))
    assert answer("get", "x").problem == "locked"
    assert answer("put", "x", "y").problem == "nothing is stored"


def test_what_a_server_refused_is_not_given_to_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = KeyringSecrets()
    ring = ["stale"]
    monkeypatch.setattr(kept, "_ask_keyring", lambda *_: ring[0])
    assert kept.password("smtp:a@b") == "stale"
    kept.refused("smtp:a@b")
    assert kept.password("smtp:a@b") is None
    kept.remember("smtp:a@b", "mistyped")
    assert kept.password("smtp:a@b") == "mistyped"
    kept.refused("smtp:a@b")
    ring[0] = "mended by hand"
    assert kept.password("smtp:a@b") == "mended by hand"
    kept.refused("smtp:a@b")
    kept.remember("smtp:a@b", "mended by hand")
    assert kept.password("smtp:a@b") == "mended by hand"


# Through that process


def elsewhere(monkeypatch: pytest.MonkeyPatch, place: Path, body: str) -> None:
    """Let the child find a backend of a name that it trusts."""
    (place / "keyring_pass.py").write_text(f"import os, sys, time\nfrom keyring.backend import KeyringBackend\n{BACKEND}{body}")
    monkeypatch.setenv("PYTHONPATH", str(place))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring_pass.PasswordStoreBackend")


BACKEND = """
class PasswordStoreBackend(KeyringBackend):
    priority = 1
    def set_password(self, service, name, password):
        open(os.path.join(os.path.dirname(__file__), "kept"), "w").write(f"{service} {name} {password}")
    def get_password(self, service, name):
"""


def test_a_passphrase_is_kept_by_a_safe_keyring_and_comes_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    elsewhere(monkeypatch, tmp_path, "        print('chatter')\n        return 'Gr\u00fc\u00dfe'\n")
    KeyringSecrets().keep("gpg:passphrase", "a horse\u00e9")
    assert (tmp_path / "kept").read_text() == "seccon gpg:passphrase a horse\u00e9"
    assert KeyringSecrets().password("gpg:passphrase") == "Gr\u00fc\u00dfe"
    assert KeyringSecrets().check() == ()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("        print('no \\x1b[2Jkey', file=sys.stderr); sys.exit(3)\n", "status 3: no"),
        ("        raise RuntimeError('password store is empty')\n", "did not give the password: password store is empty"),
        ("        os.kill(os.getpid(), 9)\n", "it said nothing"),
        ("        time.sleep(60)\n", "no answer within 2 seconds"),
        ("        open('/dev/tty')\n", "did not give the password"),
    ],
)
def test_a_backend_that_fails_hangs_or_wants_the_terminal_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str, words: str
) -> None:
    elsewhere(monkeypatch, tmp_path, body)
    with pytest.raises(SecretError) as met:
        KeyringSecrets(limit=2 if "sleep" in body else 60).password("x")  # a loaded machine takes long to start the others
    assert words in met.value.sentence
    assert "\x1b" not in str(met.value)


@pytest.mark.parametrize("backend", ["keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"])
def test_an_unsafe_keyring_is_refused_with_the_ways_out_that_there_are(monkeypatch: pytest.MonkeyPatch, backend: str) -> None:
    """A command gives the mail server's password and nothing else: for a passphrase it is no way out."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    for server in (True, False):
        secrets = KeyringSecrets(server=server)
        for ask in (lambda secrets=secrets: secrets.password("x"), lambda secrets=secrets: secrets.keep("x", "horse")):
            with pytest.raises(SecretError, match=backend) as met:
                ask()
            assert ("password_command" in met.value.hint, "keyring-pass" in met.value.hint) == (server, True)
        assert len(secrets.check()) == 1


def test_a_password_command_needs_no_keyring_and_says_when_it_fails() -> None:
    assert KeyringSecrets((sys.executable, "-c", "print('s3cret'); print('second')")).password("x") == "s3cret"
    failing = KeyringSecrets((sys.executable, "-c", "import sys; sys.exit('no \\x1b[2Jkey')"))
    with pytest.raises(SecretError, match="status 1: no"):
        failing.password("x")
    with pytest.raises(SecretError, match="cannot be run"):
        KeyringSecrets(("/nowhere/pass",)).password("x")
    with pytest.raises(SecretError, match="no answer within 1 second"):
        KeyringSecrets(("sh", "-c", "sleep 50 & wait"), limit=1).password("x")
    with pytest.raises(SecretError, match="status"):
        KeyringSecrets(("sh", "-c", "echo stolen </dev/tty")).password("x")
    assert KeyringSecrets(("/nowhere/pass",)).check()


def test_what_was_typed_is_kept_in_memory_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    secrets = KeyringSecrets()
    secrets.remember("smtp:a@b", "typed")
    assert secrets.password("smtp:a@b") == "typed"


def test_keyring_is_imported_only_when_a_password_is_wanted() -> None:
    code = "import sys, seccon.adapters.secrets, seccon.adapters.postroom, seccon.desk.send_reply; "
    code += "print([one for one in ('keyring', 'jinja2', 'smtplib', 'tenacity') if one in sys.modules])"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == "[]"
