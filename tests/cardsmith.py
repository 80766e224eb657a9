"""A GnuPG home whose secret keys are on a smartcard: real gpg and gpg-agent, a played card and a played pinentry behind them."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from seccon.core.ids import Fingerprint
from tests.keysmith import GpgHome

SERIAL = "D2760001240103040006123456780000"
SHOWN = "0006 12345678"
"""As gpg's own questions write that number."""
PIN = "123456"
_SCALAR = re.compile(r"\(d #([0-9A-F\s]+)#\)")
_PINENTRY = """#!/bin/sh
echo OK
while read -r line; do
    case "$line" in
    GETPIN*) if [ -s {answer} ]; then echo "D $(cat {answer})"; echo OK; else echo "ERR {error} no"; fi ;;
    CONFIRM*) echo "ERR {error} no" ;;
    BYE*) echo OK; exit ;;
    *) echo OK ;;
    esac
done
"""
CANCELLED = 5 << 24 | 99
NO_TERMINAL = 5 << 24 | 1 << 15 | 102
"""ENOTTY: what a pinentry says that would draw, and has nothing to draw on."""


class CardHome(GpgHome):
    """A home with one key, whose halves are on a card since."""

    def __init__(self, uid: str = "Card <card@example.com>") -> None:
        super().__init__()
        self.key: Fingerprint = self.make_key(uid)
        keys = {grip: self._move(grip, number) for number, grip in enumerate(self._grips(), 1)}
        self._plan: dict[str, Any] = {"serial": SERIAL, "pin": PIN, "tries": 3, "keys": keys, "error": 0}
        daemon = f"#!/bin/sh\nexec {sys.executable} {Path(__file__).with_name('scdaemon.py')} {self._file}\n"
        self._script("scd", daemon)
        self.configure(f"scdaemon-program {self.path / 'scd'}")
        self.card()
        self.pinentry(PIN)

    @property
    def tries(self) -> int:
        """How many wrong PINs the card still takes."""
        left: int = json.loads(self._file.read_text())["tries"]
        return left

    def card(self, **changes: Any) -> None:
        """Put the card in as it was when new, but for `changes`; the agent forgets what it knew of it."""
        self._file.write_text(json.dumps(self._plan | changes))
        self.restart()

    def pinentry(self, answer: str = "", error: int = CANCELLED) -> None:
        """Say what a person answers where gpg-agent asks by its own means; empty: the error."""
        (self.path / "answer").write_text(answer)
        self._script("pinentry", _PINENTRY.format(answer=self.path / "answer", error=error))
        self.restart()

    def configure(self, line: str) -> None:
        """Say which scdaemon there is."""
        conf = f"allow-loopback-pinentry\npinentry-program {self.path / 'pinentry'}\n{line}\n"
        (self.path / "gpg-agent.conf").write_text(conf)
        self.restart()

    def restart(self) -> None:
        """End the agent: the next call starts one that has read all this."""
        command = ["gpgconf", "--homedir", str(self.path), "--kill", "all"]
        subprocess.run(command, check=True, capture_output=True)

    @property
    def _file(self) -> Path:
        return self.path / "card.json"

    def _script(self, name: str, text: str) -> None:
        path = self.path / name
        path.write_text(text)
        path.chmod(0o700)

    def _grips(self) -> list[str]:
        return re.findall(r"grp:+([0-9A-F]{40})", self.run("--with-colons", "--with-keygrip", "--list-secret-keys").decode())

    def _move(self, grip: str, number: int) -> str:
        """Leave a stub where a secret was, as gpg does when it moves a key to a card; give the secret."""
        path = self.path / "private-keys-v1.d" / f"{grip}.key"
        text = path.read_text()
        found = _SCALAR.search(text)
        if found is None:
            raise RuntimeError("gpg keeps its secrets in another form than this knows")
        stub = _SCALAR.sub(f"(shadowed t1-v1 (#{SERIAL}# OPENPGP.{number}))", text)
        path.write_text(stub.replace("(private-key", "(shadowed-private-key"))
        return re.sub(r"\s", "", found[1])
