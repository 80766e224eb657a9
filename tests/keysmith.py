"""Makes GnuPG homes with freshly generated keys for tests: private, below /tmp (a socket's path is short), gone at the end.

Owns the homes it makes and their agents. It uses plain gpg, never seccon's own runner: tests compare the two.
"""

import atexit
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from seccon.core.ids import Fingerprint

_GPG = shutil.which("gpg") or "gpg"
_GPGCONF = shutil.which("gpgconf") or "gpgconf"
_CREATED = re.compile(rb"^\[GNUPG:\] KEY_CREATED [BP] ([0-9A-F]{40})", re.MULTILINE)
_PLACE = "SECCON_TEST_HOMES"
"""Names the directory in which homes are made, where it is not /tmp."""
_shared: dict[str, "GpgHome"] = {}


class GpgError(RuntimeError):
    """gpg refused: its arguments and what it wrote to stderr."""


class GpgHome:
    """One temporary GNUPGHOME."""

    def __init__(self, conf: str = "", agent_conf: str = "allow-loopback-pinentry\n") -> None:
        self.path = Path(tempfile.mkdtemp(prefix="sg-", dir=os.environ.get(_PLACE, "/tmp")))
        self.path.chmod(0o700)
        self.kept: dict[tuple[str, ...], Fingerprint] = {}
        (self.path / "gpg.conf").write_text(conf)
        (self.path / "gpg-agent.conf").write_text(agent_conf)
        atexit.register(self.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def run(self, *args: str, input: bytes = b"", ok: Sequence[int] = (0,)) -> bytes:
        """Run gpg in this home and give what it wrote to standard output. Raises GpgError for another exit status than `ok`."""
        command = [_GPG, "--homedir", str(self.path), "--batch", "--no-tty", "--quiet", "--disable-dirmngr", *args]
        done = subprocess.run(command, input=input, capture_output=True, check=False, timeout=60)
        if done.returncode not in ok:
            raise GpgError(f"{' '.join(args)}: {done.returncode}: {done.stderr.decode(errors='replace')}")
        return done.stdout

    def make_key(
        self,
        uid: str,
        algo: str = "ed25519/cv25519",
        expires: str = "0",
        passphrase: str = "",
        made: str = "",
    ) -> Fingerprint:
        """Generate a signing key and an encryption subkey; `ed25519/cv25519`, `rsa2048`, or `SIGN` alone such as `ed25519`.

        `expires` is gpg's (`0`, `1y`, `2020-02-01`); `made` (`20200101T000000`) lets it be born in the past, and so be expired.
        """
        primary, _, subkey = algo.partition("/")
        if primary.startswith("rsa"):
            subkey = subkey or primary
        clock = ["--faked-system-time", made] if made else []
        quiet = ["--pinentry-mode", "loopback", "--passphrase", passphrase, *clock]
        out = self.run(
            "--yes", "--status-fd", "1", *quiet, "--allow-freeform-uid",
            "--quick-gen-key", "--", uid, primary, "sign,cert", expires,
        )  # fmt: skip
        found = _CREATED.search(out)
        if found is None:
            raise GpgError(f"no key for {uid}")
        fingerprint = Fingerprint(found[1].decode())
        if subkey:
            self.run(*quiet, "--quick-add-key", fingerprint, subkey, "encr", expires)
        return fingerprint

    def export(self, fingerprint: str, *, armor: bool = True) -> bytes:
        """Give the public key."""
        return self.run(*(["--armor"] if armor else []), "--export", fingerprint)

    def export_secret(self, fingerprint: str, passphrase: str = "") -> bytes:
        """Give the secret key, armoured."""
        return self.run("--pinentry-mode", "loopback", "--passphrase", passphrase, "--armor", "--export-secret-keys", fingerprint)

    def take(self, data: bytes) -> None:
        """Import keys, public or secret."""
        self.run("--pinentry-mode", "loopback", "--passphrase", "", "--import", input=data)

    def revoke(self, fingerprint: str) -> None:
        """Revoke a key made here, with the certificate that gpg wrote when it was made."""
        text = (self.path / "openpgp-revocs.d" / f"{fingerprint}.rev").read_text().replace(":-----BEGIN", "-----BEGIN")
        self.run("--import", input=text.encode())

    def forget(self) -> None:
        """Make the agent forget the passphrases it holds."""
        subprocess.run([_GPGCONF, "--homedir", str(self.path), "--reload", "gpg-agent"], capture_output=True, check=False)

    def close(self) -> None:
        """Stop the agent of this home and remove it."""
        _end(self.path)
        atexit.unregister(self.close)


def _end(home: Path) -> None:
    if home.exists():
        subprocess.run([_GPGCONF, "--homedir", str(home), "--kill", "all"], capture_output=True, check=False)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def homes_of_a_child() -> Iterator[dict[str, str]]:
    """Give the environment for a process that will be killed: the homes that it made, and their agents, are ended here."""
    with tempfile.TemporaryDirectory(prefix="sg-", dir="/tmp") as place:
        yield {_PLACE: place}
        for home in Path(place).iterdir():
            _end(home)


def shared(name: str) -> GpgHome:
    """Give the home of that name, the same one for the whole test run: make keys in it once, leave them as they are."""
    if name not in _shared:
        _shared[name] = GpgHome()
    return _shared[name]


def shared_key(name: str, uid: str, algo: str = "ed25519/cv25519", expires: str = "0", passphrase: str = "") -> Fingerprint:
    """Give a key of the shared home `name`, made when it is first asked for; the same arguments give the same key."""
    kept = shared(name).kept
    wanted = (uid, algo, expires, passphrase)
    if wanted not in kept:
        kept[wanted] = shared(name).make_key(uid, algo, expires, passphrase)
    return kept[wanted]


@contextmanager
def gpg_home(*uids: str) -> Iterator[tuple[GpgHome, list[Fingerprint]]]:
    """Give a home of its own with a key for each user id; gone afterwards."""
    with GpgHome() as home:
        yield home, [home.make_key(uid) for uid in uids]
