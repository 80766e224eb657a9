"""A passphrase in the desktop's keyring: the real gnome-keyring, on a message bus of its own (R9)."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_PROGRAMS = ("dbus-run-session", "gnome-keyring-daemon")
pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, _PROGRAMS)) or importlib.util.find_spec("secretstorage") is None,
    reason="wants gnome-keyring and dbus-run-session (Debian: gnome-keyring dbus-daemon)",
)
_SESSION = 'printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$0" -c "$1"'
_KEEP = """
import secretstorage
from seccon.adapters.secrets import KeyringSecrets
from seccon.core.errors import SecretError
secrets = KeyringSecrets(limit=20)
assert secrets.check() == (), secrets.check()
assert secrets.password("gpg:passphrase") is None
secrets.keep("gpg:passphrase", "battery horse \\u00e9")
assert secrets.password("gpg:passphrase") == "battery horse \\u00e9"
with secretstorage.dbus_init() as bus:
    secretstorage.get_default_collection(bus).lock()
for ask in (lambda: secrets.password("gpg:passphrase"), lambda: secrets.keep("x", "y")):
    try:
        ask()
    except SecretError as error:
        print(error)
    else:
        raise AssertionError("a locked keyring gave what it holds")
"""


def test_what_is_kept_comes_back_and_a_locked_keyring_says_so(tmp_path: Path) -> None:
    house = str(Path(__file__).parents[2])
    (tmp_path / "run").mkdir(mode=0o700)
    own = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run"), "PYTHONPATH": house, "PATH": os.environ["PATH"]}
    command = ["dbus-run-session", "--", "sh", "-c", _SESSION, sys.executable, _KEEP]
    done = subprocess.run(command, env=own, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert "SecretService.Keyring did not give the password: Failed to unlock" in first
    assert "SecretService.Keyring did not take the password" in second
    assert "Unlock it" in first
