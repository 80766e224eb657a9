"""A smartcard that is none: speaks gpg-agent's side of the talk with scdaemon, over standard input and output (Assuan).

gpg and gpg-agent are real, so what they say of a card is theirs; only the card behind them is played. Its plan is a JSON file:
`serial` (empty: no card in the reader), `pin`, `tries` (they count down, as on a card), `keys` (a keygrip to the secret scalar in
hex) and `error` (a code of libgpg-error with which every use of a key ends; 0: none).
"""

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

SOURCE = 6 << 24
"""GPG_ERR_SOURCE_SCD: errors bear who met them."""
HASHES = {"--hash=sha256": 32, "--hash=sha384": 48, "--hash=sha512": 64}
"""How many bytes of what is to be signed are the hash."""
BAD_PIN, CANCELLED, NO_CARD, PIN_BLOCKED, UNKNOWN = 87, 99, 112, 130, 275


class RefusedError(Exception):
    """An Assuan error, by its number."""


class Card:
    """One talk with one card."""

    def __init__(self, plan: Path) -> None:
        self.plan = plan
        self.data = b""

    def serve(self) -> None:
        """Answer line by line until the agent hangs up."""
        say("OK ready")
        for line in sys.stdin.buffer:
            verb, _, rest = line.decode().strip().partition(" ")
            if verb == "BYE":
                say("OK")
                return
            try:
                self.answer(verb.upper(), rest)
            except RefusedError as refused:
                say(f"ERR {SOURCE | int(str(refused))} refused <SCD>")
            else:
                say("OK")

    def answer(self, verb: str, rest: str) -> None:
        """Do one command."""
        if verb == "SERIALNO":
            say(f"S SERIALNO {self.serial()}")
        elif verb == "SETDATA":
            more = rest.startswith("--append ")
            self.data = (self.data if more else b"") + bytes.fromhex(rest.removeprefix("--append "))
        elif verb in ("PKSIGN", "PKAUTH", "PKDECRYPT"):
            give(self.use(verb, rest.split()))
        elif verb in ("GETINFO", "GETATTR", "LEARN", "READKEY"):
            raise RefusedError(UNKNOWN)

    def state(self) -> dict[str, Any]:
        """Read what is true of the card now."""
        found: dict[str, Any] = json.loads(self.plan.read_text())
        return found

    def serial(self) -> str:
        """Give the card's number, if one is in."""
        serial: str = self.state()["serial"]
        if not serial:
            raise RefusedError(NO_CARD)
        return serial

    def use(self, verb: str, words: list[str]) -> bytes:
        """Check the PIN, then sign the bare hash (a card drops what names it) or derive."""
        state = self.state()
        self.serial()
        if state["error"]:
            raise RefusedError(state["error"])
        if state["tries"] <= 0:
            raise RefusedError(PIN_BLOCKED)
        if inquire("NEEDPIN ||Please enter the PIN") != state["pin"].encode():
            self.plan.write_text(json.dumps(state | {"tries": state["tries"] - 1}))
            raise RefusedError(BAD_PIN)
        scalar = bytes.fromhex(state["keys"][words[-1]])
        if verb == "PKSIGN":
            return Ed25519PrivateKey.from_private_bytes(scalar).sign(self.data[-HASHES[words[0]] :])
        point = X25519PublicKey.from_public_bytes(self.data[-32:])
        return b"\x40" + X25519PrivateKey.from_private_bytes(scalar[::-1]).exchange(point)


def say(line: str) -> None:
    """Send one line."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def give(data: bytes) -> None:
    """Send data, escaped as Assuan wants it."""
    say("D " + "".join(chr(byte) if 32 < byte < 127 and byte != 37 else f"%{byte:02X}" for byte in data))


def inquire(question: str) -> bytes:
    """Ask the agent, which asks the person."""
    say(f"INQUIRE {question}")
    found = b""
    for line in sys.stdin.buffer:
        word = line.rstrip(b"\n")
        if word == b"END":
            return found.rstrip(b"\0")
        if word.startswith(b"CAN"):
            raise RefusedError(CANCELLED)
        if word.startswith(b"D "):
            found += unquote_to_bytes(word[2:])
    raise RefusedError(CANCELLED)


if __name__ == "__main__":
    Card(Path(sys.argv[1])).serve()
