"""Asks a domain for the key of one of its addresses (Web Key Directory). The only call of gpg that uses the network.

What comes goes into a keyring that is thrown away, never into ours; the address stands in no argument that others on this host
could read. Whether anybody may ask is decided elsewhere.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from seccon.adapters.gpg.runner import Runner
from seccon.core.errors import CryptoError
from seccon.core.letter import is_address

_SECONDS = 45.0


def look_up(runner: Runner, address: str) -> bytes:
    """Give what the domain publishes. Raises CryptoError where that is nothing, or nobody could be asked."""
    if not is_address(address):
        raise CryptoError("That is not an address whose domain could be asked for a key.")
    with TemporaryDirectory(prefix="seccon-") as place:
        aside = ("--no-default-keyring", "--keyring", str(Path(place) / "found.kbx"))
        # gpg looks an unknown recipient up before it encrypts; `--locate-keys` would bear the address in its arguments.
        locate = ("--auto-key-locate", "clear,wkd", "--trust-model", "always", "--encrypt")
        asked = runner.run(*aside, *locate, stdin=b"-", options=[f"recipient {address}"], seconds=_SECONDS, online=True)
        found = runner.run(*aside, "--export").out
    if not found:
        domain = address.rpartition("@")[2]
        why = "did not answer in time" if asked.late else f"publishes no key for {address}, or could not be asked from here"
        raise CryptoError(f"{domain} {why}.", "Ask for the key by mail, and for its fingerprint by another way.")
    return found
