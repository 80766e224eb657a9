"""Decrypts and verifies: which call of gpg answers which question, and how far it goes to reach a secret key."""

import time
from collections.abc import Sequence

import msgspec

from seccon.adapters.gpg import status
from seccon.adapters.gpg.armour import mended
from seccon.adapters.gpg.card import card_that_opens, has_card
from seccon.adapters.gpg.runner import EXTRA, PATIENT, QUICK, Outcome, Runner
from seccon.core.errors import CryptoError
from seccon.core.ports import Unlock
from seccon.core.report import Signature
from seccon.core.verdict import Seal

_READING = ("--trust-model", "always", "--no-verbose")
"""gpg's own trust plays no part: a pinned fingerprint does."""
_MAX_SIGNATURE = 32 << 10
_REMEMBERED = 60.0
"""Seconds for which an agent's being restricted is remembered: asking costs as much as decrypting."""
_QUIET = ("--pinentry-mode", "error")


class Cleared(msgspec.Struct, frozen=True):
    """A clearsigned block: what gpg gave back of it (never what stood in the mail), and its seal."""

    text: bytes
    seal: Seal


class Opener:
    """Opens what came in, with one runner."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def decrypt(self, data: bytes, unlock: Unlock = Unlock.QUIET, passphrase: bytes | None = None) -> status.Opened:
        """Decrypt a public-key message. A missing gpg is a problem of the mail like any other: nothing is raised."""
        try:
            outcome = reach(self._runner, (*_READING, "--decrypt"), mended(data), (), unlock, passphrase)
        except CryptoError as error:
            return status.Opened(problem=str(error))
        opened = status.opened(outcome)
        if opened.text is not None or not status.met_agent(outcome):
            return opened
        card = card_that_opens(self._runner, tuple(line.word(0) for line in outcome.all("ENC_TO")))
        return msgspec.structs.replace(opened, problem=status.why_not(outcome, card), card=card)

    def verify(self, signed: bytes, signature: bytes) -> Seal:
        """Verify a detached signature over these very bytes (RFC 3156, 5: with CR LF at line ends)."""
        if len(signature) > _MAX_SIGNATURE:
            return Seal(Signature.ERROR)
        try:
            outcome = self._runner.run(*_READING, "--verify", "--", EXTRA, "-", stdin=signed, extra=mended(signature))
        except CryptoError:
            return Seal(Signature.ERROR)
        return _with_status(outcome)

    def clear(self, block: bytes) -> Cleared | None:
        """Verify one clearsigned block; None where gpg gives no text for it."""
        try:
            outcome = self._runner.run(*_READING, "--decrypt", stdin=mended(block))
        except CryptoError:
            return None
        if len(outcome.all("PLAINTEXT")) != 1 or outcome.has("BEGIN_DECRYPTION") or outcome.cut or outcome.late:
            return None
        return Cleared(outcome.out, _with_status(outcome))


def _with_status(outcome: Outcome) -> Seal:
    """Take a seal as good only when gpg also ended well."""
    seal = status.seal(outcome)
    return Seal(Signature.ERROR) if seal.good and outcome.code != 0 else seal


def reach(
    runner: Runner,
    args: Sequence[str],
    data: bytes,
    options: Sequence[str],
    unlock: Unlock,
    passphrase: bytes | None,
) -> Outcome:
    """Run what needs a secret key: first without asking anybody, then as far as `unlock` allows.

    A forwarded agent's restricted socket refuses every pinentry mode, and gpg then does nothing at all: there it is run without
    one. Its pinentry stands on its owner's desk, never on this terminal, and for a password-only message it refuses by itself.
    Where nobody asked for it (`UNASKED`) it is left alone: questions out of the blue teach a person to answer them.
    """
    known = unlock is not Unlock.UNASKED and time.monotonic() < runner.restricted_until
    first = None if known else runner.run(*_QUIET, *args, stdin=data, options=options)
    if first is None or status.is_restricted(first):
        if first is not None:
            runner.restricted_until = time.monotonic() + _REMEMBERED
            if unlock is Unlock.UNASKED:
                return first
        return runner.run(*args, stdin=data, options=options, seconds=QUICK if unlock is Unlock.QUIET else PATIENT)
    if unlock in (Unlock.QUIET, Unlock.UNASKED) or status.is_symmetric(first) or not status.failed(first):
        return first
    if unlock is Unlock.AGENT:
        return runner.run(*args, stdin=data, options=options, seconds=PATIENT)
    if passphrase is None or (status.hides_recipient(first) and has_card(runner)):
        return first  # gpg tries every key: a card would count the passphrase of another as a wrong PIN
    return runner.run(*args, stdin=data, options=options, passphrase=passphrase)
