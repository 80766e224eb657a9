"""The demo's own way to GnuPG: throw-away keys without passphrases in homes that it made. Nothing else uses it."""

import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from seccon.adapters.demo.age import age
from seccon.adapters.demo.content import Person
from seccon.core.errors import CryptoError
from seccon.core.ids import Fingerprint, fingerprint
from seccon.core.instants import Instant

SOCKET_NAME = "S.gpg-agent.browser"
"""The longest socket that gpg-agent makes in its home."""
SOCKET_LIMIT = 100
"""Bytes that a socket's path may have here: Linux allows 107, macOS 103, and at 107 gpg was seen to find no agent."""
_TIME_LIMIT = 60.0


class Homes:
    """Two GnuPG homes: the team's, as the console's user has it, and everybody else's. Also what had to be made elsewhere."""

    def __init__(self, directory: Path) -> None:
        self.borrowed: list[Path] = []
        self.team = self._home(directory / "gnupg")
        self.others = self._home(directory / "others" / "gnupg")
        self.keys: dict[str, Fingerprint] = {}

    def _home(self, wanted: Path) -> Path:
        for made in (wanted.parent, wanted):
            made.mkdir(mode=0o700, exist_ok=True)
        (wanted / "gpg.conf").write_text("no-auto-key-locate\nno-auto-key-retrieve\ndisable-dirmngr\n", encoding="utf-8")
        (wanted / "gpg-agent.conf").write_text("allow-loopback-pinentry\ndisable-scdaemon\n", encoding="utf-8")
        if _socket_fits(wanted):
            return wanted
        short = Path(tempfile.mkdtemp(prefix="sd", dir=_short_root()))
        self.borrowed.append(short)
        link = short / "g"
        link.symlink_to(wanted, target_is_directory=True)
        return link

    def of(self, person: Person) -> Path:
        """Give the home that holds a person's secret key."""
        return self.team if person.holder == "team" else self.others

    def generate(self, people: Iterable[Person], now: Instant) -> None:
        """Make everybody's key, both homes at once, and let the two know each other's public halves."""
        holders = [person for person in people if person.holder]
        halves = [[one for one in holders if one.holder == holder] for holder in ("team", "others")]
        with ThreadPoolExecutor(2) as pool:
            for made in pool.map(lambda half: self._generate(half, now), halves):
                self.keys.update(made)
        self._exchange(holders)

    def _generate(self, people: Sequence[Person], now: Instant) -> dict[str, Fingerprint]:
        home = self.of(people[0])
        wanted = "".join(_recipe(person, now) for person in people)
        status = run(home, "--status-fd", "1", "--gen-key", clear=wanted.encode()).decode("ascii", "replace")
        made = [line.split()[3] for line in status.splitlines() if line.startswith("[GNUPG:] KEY_CREATED")]
        if len(made) != len(people):
            raise CryptoError(f"gpg made {len(made)} of the demo's {len(people)} keys.", "Is there room on the disk?")
        return {person.key: fingerprint(one) for person, one in zip(people, made, strict=True)}

    def revoke(self, people: Iterable[Person]) -> None:
        """Revoke the keys that are to be, once their mails are signed; the team comes to know of it."""
        for person in people:
            if person.revoked:
                home, key = self.of(person), self.keys[person.key]
                certificate = (home / "openpgp-revocs.d" / f"{key}.rev").read_bytes()
                run(home, "--import", clear=certificate.replace(b":-----BEGIN", b"-----BEGIN"))
                run(self.team, "--import", clear=run(home, "--export", key))

    def _exchange(self, holders: Sequence[Person]) -> None:
        known = [self.keys[one.key] for one in holders if one.holder == "others" and one.known]
        run(self.team, "--import", clear=run(self.others, "--export", *known))
        theirs = [self.keys[one.key] for one in holders if one.holder == "team"]
        run(self.others, "--import", clear=run(self.team, "--export", *theirs))

    def public_key(self, person: Person) -> bytes:
        """Give a person's public key, armoured."""
        return run(self.of(person), "--armor", "--export", self.keys[person.key])

    def sign(self, person: Person, clear: bytes, at: Instant) -> bytes:
        """Make a detached signature as of `at`, with SHA-512."""
        return run(self.of(person), *_as_of(at), *_signer(self.keys[person.key]), "--armor", "--detach-sign", clear=clear)

    def encrypt(self, writer: Person, clear: bytes, readers: Sequence[Fingerprint], at: Instant, signer: Person | None) -> bytes:
        """Encrypt to `readers`, signing too where there is a signer. The keys are the demo's own, so trust is not asked for."""
        home = self.of(signer or writer)
        recipients = [word for reader in readers for word in ("--recipient", reader)]
        signing = (*_signer(self.keys[signer.key]), "--sign") if signer else ()
        return run(home, *_as_of(at), "--trust-model", "always", *recipients, *signing, "--armor", "--encrypt", clear=clear)


def _signer(key: Fingerprint) -> tuple[str, ...]:
    return ("--local-user", key, "--digest-algo", "SHA512")


def _as_of(at: Instant) -> tuple[str, str]:
    return ("--faked-system-time", f"{at:%Y%m%dT%H%M%S}")


def _recipe(person: Person, now: Instant) -> str:
    lasts = f"seconds={int(age(person.lasts).total_seconds())}" if person.lasts else "0"
    made: Instant = now - age(person.made) - timedelta(hours=3)
    return (
        "Key-Type: eddsa\nKey-Curve: ed25519\nKey-Usage: sign\n"
        "Subkey-Type: ecdh\nSubkey-Curve: cv25519\nSubkey-Usage: encrypt\n"
        f"Name-Real: {person.name}\nName-Email: {person.address[0]}\n"
        f"Creation-Date: {made:%Y%m%dT%H%M%S}\nExpire-Date: {lasts}\n%no-protection\n%commit\n"
    )


def _socket_fits(home: Path) -> bool:
    """Say whether gpg-agent can make its sockets for a home: in it, or where gpg keeps them for a person who is logged in."""
    if len(os.fsencode(home / SOCKET_NAME)) <= SOCKET_LIMIT:
        return True
    asked = subprocess.run(
        ["gpgconf", "--homedir", str(home), "--list-dirs", "socketdir"],  # noqa: S607 - the person's own gpg
        capture_output=True,
        timeout=_TIME_LIMIT,
        check=False,
    )
    kept = asked.stdout.strip()
    return bool(kept) and len(kept) + 1 + len(SOCKET_NAME) <= SOCKET_LIMIT


def _short_root() -> str:
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    if given and len(os.fsencode(given)) < 60:
        try:
            found = Path(given).stat()
        except OSError:
            return "/tmp"  # noqa: S108 - mkdtemp makes a private directory in it
        if found.st_uid == os.getuid() and stat.S_IMODE(found.st_mode) == 0o700:
            return given
    return "/tmp"  # noqa: S108 - mkdtemp makes a private directory in it


def run(home: Path, *words: str, clear: bytes = b"") -> bytes:
    """Run gpg in one of the demo's homes; give what it wrote. Raises CryptoError with its last words."""
    command = ["gpg", "--homedir", str(home), "--batch", "--no-tty", "--quiet", *words]
    environment = {**os.environ, "GNUPGHOME": str(home), "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(command, input=clear, capture_output=True, timeout=_TIME_LIMIT, env=environment, check=False)
    except FileNotFoundError:
        raise CryptoError("gpg is not installed.", "Install GnuPG (Debian: apt install gnupg).") from None
    except subprocess.TimeoutExpired:
        raise CryptoError("gpg did not answer within a minute while the demo's keys were made.") from None
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it gave no reason"]
        raise CryptoError(f"gpg failed while the demo was made: {last[0]}.")
    return done.stdout


def stop_agents(home: Path) -> None:
    """End the daemons that gpg started for a home, and take away the socket directory it may have made under /run/user."""
    for words in (("--kill", "all"), ("--remove-socketdir",)):
        subprocess.run(
            ["gpgconf", "--homedir", str(home), *words],  # noqa: S607 - the person's own gpg, as for every mail program
            capture_output=True,
            timeout=_TIME_LIMIT,
            check=False,
        )


def discard(short: Path) -> None:
    """Take away the short way to a home that was made outside the demo's directory; the home itself stays."""
    shutil.rmtree(short, ignore_errors=True)  # it holds a symbolic link only, which is not followed
