"""A passphrase in `pass`, through keyring-pass: kept, given, and said in words where it is not to be had (R9). All of it real."""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from seccon.adapters.secrets import KeyringSecrets
from seccon.core.errors import SecretError
from tests.keysmith import GpgHome

pytestmark = pytest.mark.skipif(
    shutil.which("pass") is None or importlib.util.find_spec("keyring_pass") is None,
    reason="wants the program pass (Debian: pass) and the backend keyring-pass (pip install keyring-pass)",
)
NAME = "gpg:passphrase"


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[GpgHome]:
    """A home whose key has a passphrase, and whose pinentry would draw on a terminal."""
    with GpgHome(agent_conf="allow-loopback-pinentry\n") as made:
        made.make_key("Me <me@example.com>", passphrase="open sesame")
        monkeypatch.setenv("GNUPGHOME", str(made.path))
        monkeypatch.setenv("PASSWORD_STORE_DIR", str(made.path / "store"))
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring_pass.PasswordStoreBackend")
        monkeypatch.setenv("GPG_TTY", "/dev/tty")
        yield made


def init(home: GpgHome) -> None:
    subprocess.run(["pass", "init", "me@example.com"], check=True, capture_output=True, env=dict(os.environ))  # noqa: S607


def test_an_empty_store_says_how_it_begins(home: GpgHome) -> None:
    for ask in (lambda: KeyringSecrets().password(NAME), lambda: KeyringSecrets().keep(NAME, "horse")):
        with pytest.raises(SecretError, match="pass init"):
            ask()
    assert "pass init" in KeyringSecrets().check()[0]


def test_what_is_kept_comes_back_while_the_stores_key_is_open_and_else_it_says_so(home: GpgHome) -> None:
    init(home)
    assert KeyringSecrets().check() == ()
    assert KeyringSecrets().password(NAME) is None
    KeyringSecrets().keep(NAME, "battery horse")
    kept = next((home.path / "store").rglob("*.gpg"))
    assert b"horse" not in kept.read_bytes()
    home.forget()
    with pytest.raises(SecretError, match=r"keyring_pass.*did not give the password: gpg: .*`pass show`"):
        KeyringSecrets().password(NAME)
    home.run("--pinentry-mode", "loopback", "--passphrase", "open sesame", "--decrypt", str(kept))
    assert KeyringSecrets().password(NAME) == "battery horse"


def test_a_store_whose_key_is_not_there_is_told_in_gpgs_words(home: GpgHome, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the store was made with another GNUPGHOME: what pass says last is which directory it made."""
    init(home)
    with GpgHome() as other:
        monkeypatch.setenv("GNUPGHOME", str(other.path))
        with pytest.raises(SecretError, match=r"did not take the password: gpg: .*encryption failed"):
            KeyringSecrets().keep(NAME, "battery horse")
