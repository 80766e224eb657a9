"""What gpg's status lines mean: a signature's seal, and whether something was truly decrypted. Pure; fails closed.

The exit status alone is no verdict: it is 2 with a good decryption by an unknown signer, and 0 for data that never was encrypted.
"""

from collections.abc import Sequence

import msgspec

from seccon.adapters.gpg.runner import Line, Outcome
from seccon.core.ids import Fingerprint, fingerprint
from seccon.core.report import Signature
from seccon.core.verdict import Seal

_STATES = {
    "GOODSIG": Signature.GOOD,
    "BADSIG": Signature.BAD,
    "EXPSIG": Signature.EXPIRED,
    "EXPKEYSIG": Signature.EXPIRED_KEY,
    "REVKEYSIG": Signature.REVOKED_KEY,
    "ERRSIG": Signature.ERROR,
}
_CHECKED = (Signature.GOOD, Signature.EXPIRED, Signature.EXPIRED_KEY, Signature.REVOKED_KEY)
"""States in which gpg has done the sum with a key that we have: VALIDSIG must then stand there."""
_WEAK_HASHES = {"1", "2", "3"}
"""MD5, SHA-1, RIPEMD-160 (RFC 4880, 9.4)."""
_DOCUMENT_CLASSES = {"00", "01"}
"""A signature over a document or a text; others certify keys (RFC 4880, 5.2.1)."""
_TEXT_CLASS = "01"
_BROKEN = ("NODATA", "UNEXPECTED", "BADARMOR", "BADMDC", "DECRYPTION_FAILED")
_NO_PUBKEY = "9"
_BAD_PASSPHRASE, _NO_PINENTRY, _BAD_PIN, _CANCELED, _ALL_CANCELED, _FORBIDDEN = 11, 85, 87, 99, 198, 251
_WRONG_CARD, _CARD_RESET, _CARD_REMOVED, _NO_CARD, _PIN_BLOCKED = 91, 109, 110, 112, 130
_NOT_SUPPORTED, _NO_SCDAEMON, _SCDAEMON = 60, 119, 120
"""Codes of libgpg-error."""
_PINENTRY, _SCD = 5, 6
"""Sources of libgpg-error: who met the error."""
_OF_THE_CARD = {"1": _CANCELED, "2": _BAD_PIN, "3": _PIN_BLOCKED}
"""SC_OP_FAILURE (GnuPG, doc/DETAILS), by the code that means the same."""
_MENDABLE = {
    _BAD_PASSPHRASE, _NO_PINENTRY, _BAD_PIN, _CANCELED, _ALL_CANCELED, _WRONG_CARD, _CARD_RESET, _CARD_REMOVED, _NO_CARD,
}  # fmt: skip
"""What a passphrase, a PIN or the right card would mend."""


class Opened(msgspec.Struct, frozen=True):
    """The end of an attempt to decrypt. `text` is None unless everything about it is sound."""

    text: bytes | None = None
    seal: Seal | None = None
    """Of a signature inside the encrypted message itself (RFC 3156, 6.2); None where there is none."""
    was_encrypted: bool = False
    """gpg met encrypted packets, whether or not it could open them."""
    problem: str = ""
    """Why there is no text, as a sentence."""
    damaged: bool = False
    """It was altered, or lacks the protection that would show it."""
    card: str = ""
    """The number of the smartcard that has the secret key, where it is on one and could not be used."""


def seal(outcome: Outcome) -> Seal:
    """Judge the one signature of a call: exactly one, whole, checked, with a hash that still holds; ERROR for everything else."""
    found = outcome.all(*_STATES)
    if len(found) != 1 or len(outcome.all("NEWSIG")) != 1 or _troubled(outcome, _BROKEN) or outcome.late or outcome.cut:
        return Seal(Signature.ERROR)
    line = found[0]
    state = _STATES[line.keyword]
    if line.keyword == "ERRSIG":
        return Seal(Signature.UNKNOWN_KEY if line.word(5) == _NO_PUBKEY else Signature.ERROR)
    if state not in _CHECKED:
        return Seal(state)
    key = _valid_key(outcome.all("VALIDSIG"), line.word(0))
    if key is None:
        return Seal(Signature.ERROR)
    valid = outcome.all("VALIDSIG")[0]
    return Seal(state, key, " ".join(line.words[1:])[:1000], valid.word(0)[-16:], valid.word(8) == _TEXT_CLASS)


def _valid_key(valid: Sequence[Line], key_id: str) -> Fingerprint | None:
    """Give the primary key's fingerprint out of the one VALIDSIG line, if all that it says will do."""
    if len(valid) != 1:
        return None
    line = valid[0]
    if line.word(7) in _WEAK_HASHES or line.word(8) not in _DOCUMENT_CLASSES or not line.word(0).endswith(key_id[-16:]):
        return None
    try:
        return fingerprint(line.word(9))
    except ValueError:
        return None


def opened(outcome: Outcome) -> Opened:
    """Judge a decryption: one encrypted message, integrity proved, one text, and nothing beside it."""
    encrypted = outcome.has("ENC_TO", "NEED_PASSPHRASE_SYM", "BEGIN_DECRYPTION")
    if _sound(outcome):
        found = seal(outcome) if outcome.has("NEWSIG", *_STATES) else None
        if outcome.code == 0 or _explained(outcome, found):
            return Opened(outcome.out, found, True)
    damaged = outcome.has("DECRYPTION_INFO", "BADMDC", "DECRYPTION_OKAY") or (encrypted and not outcome.has("END_DECRYPTION"))
    return Opened(None, None, encrypted, why_not(outcome), damaged and not outcome.late)


def _sound(outcome: Outcome) -> bool:
    """Say whether the lines tell of exactly one whole, protected, decrypted message, in the order in which that is told."""
    order = [line.keyword for line in outcome.lines if line.keyword in _DECRYPTING]
    if outcome.late or outcome.cut or _troubled(outcome, _BROKEN) or not outcome.has("ENC_TO"):
        return False
    inner = [keyword for keyword in order if keyword != "GOODMDC"]
    if inner != ["BEGIN_DECRYPTION", "DECRYPTION_INFO", "PLAINTEXT", "DECRYPTION_OKAY", "END_DECRYPTION"]:
        return False
    info = outcome.all("DECRYPTION_INFO")[0]
    sealed = info.word(0) != "0" and order.count("GOODMDC") == 1
    return (sealed or info.word(2) not in ("", "0")) and _signed_inside(outcome)


_DECRYPTING = ("BEGIN_DECRYPTION", "DECRYPTION_INFO", "PLAINTEXT", "DECRYPTION_OKAY", "GOODMDC", "END_DECRYPTION")


def _signed_inside(outcome: Outcome) -> bool:
    """Say whether every signature was met within the encrypted message: one beside it vouches for something else."""
    keywords = [line.keyword for line in outcome.lines]
    start, end = keywords.index("BEGIN_DECRYPTION"), keywords.index("END_DECRYPTION")
    return all(start < at < end for at, keyword in enumerate(keywords) if keyword in _STATES or keyword in ("NEWSIG", "VALIDSIG"))


def _explained(outcome: Outcome, found: Seal | None) -> bool:
    """Say whether a failing status comes from the signature, an agent that takes no pinentry mode, or keys that were tried."""
    return (found is not None and not found.good) or outcome.has("ERROR") or (outcome.code == 2 and hides_recipient(outcome))


def _troubled(outcome: Outcome, broken: Sequence[str]) -> bool:
    """Say whether a line tells of a failure; the one harmless ERROR is an agent's that refuses to be told a pinentry mode."""
    return outcome.has(*broken) or any(line.word(0) != "set_pinentry_mode" for line in outcome.all("ERROR"))


def is_restricted(outcome: Outcome) -> bool:
    """Say whether a forwarded agent forbade to choose how a passphrase is asked for; nothing was done then."""
    return any(line.word(0) == "set_pinentry_mode" and _code(line) == _FORBIDDEN for line in outcome.all("ERROR"))


def is_symmetric(outcome: Outcome) -> bool:
    """Say whether a password, rather than a key, would be asked for: that question is never put (it takes the terminal)."""
    return outcome.has("NEED_PASSPHRASE_SYM")


def hides_recipient(outcome: Outcome) -> bool:
    """Say whether a recipient's key is not named: gpg tries every secret key then, and a locked one leaves a failing status."""
    return any(not line.word(0).strip("0") for line in outcome.all("ENC_TO"))


def failed(outcome: Outcome) -> bool:
    """Say whether a call that needed a secret key did not get it."""
    return outcome.has("DECRYPTION_FAILED", "INV_SGNR") or any(_signing(line) for line in outcome.all("FAILURE"))


def is_locked(outcome: Outcome) -> bool:
    """Say whether a passphrase, or another one, or the right card would help."""
    return bool(_codes(outcome) & _MENDABLE) or _cannot_ask(outcome)


def met_agent(outcome: Outcome) -> bool:
    """Say whether it was at the agent, or at what it talks to, that a secret key could not be used."""
    return bool(_codes(outcome))


def why_not(outcome: Outcome, card: str = "") -> str:
    """Say in a sentence why there is nothing; `card` is the number of the one that has the key, if it is on one."""
    codes = _codes(outcome)
    if outcome.late:
        return "gpg gave no answer in time."
    if outcome.cut:
        return "It unfolds to more than a mail may hold."
    if is_symmetric(outcome):
        return "It is encrypted with a password only, not to a key; the console never asks for such a password."
    if codes and _cannot_ask(outcome):
        return _NO_SCREEN
    if codes and (card or _of_a_card(outcome)):
        return _why_no_card(codes, f"the card {card}" if card else "the card")
    if _BAD_PASSPHRASE in codes:
        return "The passphrase is wrong."
    if _NO_PINENTRY in codes:
        return "The secret key is locked: its passphrase is needed."
    if codes & {_CANCELED, _ALL_CANCELED}:
        return "The question for the passphrase was cancelled."
    if codes:
        return "The agent that holds the secret key could not use it: gpg-agent or pinentry gave an error."
    return _why_no_text(outcome)


_NO_SCREEN = "gpg-agent could not ask: its pinentry has no screen of its own here. Type the passphrase or PIN here instead."


def _why_no_card(codes: set[int], card: str) -> str:
    """Say why a key that is on a card could not be used, and what to do about it."""
    said = next((words for some, words in _CARD_WORDS if some & codes), _CARD_TROUBLE).format(card=card)
    return said[0].upper() + said[1:]


_CARD_TROUBLE = "{card} or its reader gave an error: take it out, insert it again, and see `gpg --card-status`."
_CARD_WORDS = (
    ({_PIN_BLOCKED}, "the PIN of {card} is blocked after too many wrong ones: `gpg --card-edit`, then `passwd`, unblocks it."),
    (
        {_BAD_PIN, _BAD_PASSPHRASE},
        "the PIN of {card} is wrong. The card counts: after a few wrong ones (mostly three) it blocks itself.",
    ),
    ({_CANCELED, _ALL_CANCELED}, "the question for {card} or its PIN was cancelled."),
    ({_CARD_REMOVED, _CARD_RESET}, "{card} was taken out while it was used: insert it, then try again."),
    ({_NO_CARD, _WRONG_CARD}, "{card} has the secret key, and is not in the reader: insert it, then try again."),
    ({_NO_PINENTRY}, "the secret key is on {card}: insert it, and have its PIN ready."),
    ({_NO_SCDAEMON, _SCDAEMON}, "the secret key is on {card}, and gpg-agent has no scdaemon to talk to it: install scdaemon."),
    ({_NOT_SUPPORTED}, "the secret key is on {card}, and this gpg-agent is told to use none (disable-scdaemon)."),
)
"""The first that fits."""


def _why_no_text(outcome: Outcome) -> str:
    """Say why, where no agent was in the way."""
    if outcome.has("DECRYPTION_INFO", "BADMDC") or outcome.has("DECRYPTION_OKAY"):
        return "It was altered or damaged on the way, or nothing protects it against that: none of its text is shown."
    if hides_recipient(outcome):
        return "It is encrypted to a hidden recipient, and no key that is open here fits; a locked one, or one on a card, may."
    missing = sorted({line.word(0)[-16:] for line in outcome.all("NO_SECKEY")})
    if missing:
        return f"It is encrypted to keys whose secret half is not here: {', '.join(missing[:5])}."
    if not outcome.has("ENC_TO", "BEGIN_DECRYPTION"):
        return "It holds no encrypted OpenPGP message."
    return "gpg could not decrypt it: the message is damaged or cut off."


def _codes(outcome: Outcome) -> set[int]:
    """Give the error codes of steps that needed a secret key."""
    told = {_OF_THE_CARD[line.word(0)] for line in outcome.all("SC_OP_FAILURE") if line.word(0) in _OF_THE_CARD}
    return told | {_code(line) for line in _failures(outcome)}


def _failures(outcome: Outcome) -> list[Line]:
    """Give the lines that tell of a secret key which could not be used."""
    lines = [line for line in outcome.all("ERROR") if line.word(0) == "pkdecrypt_failed"]
    return lines + [line for line in outcome.all("FAILURE") if _signing(line)]


def _of_a_card(outcome: Outcome) -> bool:
    """Say whether a card, or what talks to it, gave the error."""
    cards = {_BAD_PIN, _WRONG_CARD, _CARD_RESET, _CARD_REMOVED, _NO_CARD, _PIN_BLOCKED, _NO_SCDAEMON, _SCDAEMON}
    return bool(_codes(outcome) & cards) or any(_source(line) == _SCD for line in _failures(outcome))


def _cannot_ask(outcome: Outcome) -> bool:
    """Say whether a pinentry gave up for another reason than that a person cancelled it: one that draws has no terminal."""
    return any(_source(line) == _PINENTRY and _code(line) not in (_CANCELED, _ALL_CANCELED) for line in _failures(outcome))


def _signing(line: Line) -> bool:
    """Say whether a FAILURE is of signing, alone or together with encrypting."""
    return line.word(0) in ("sign", "sign-encrypt")


def _code(line: Line) -> int:
    """Give the error code without its source; 0 where there is none."""
    return _number(line) & 0xFFFF


def _source(line: Line) -> int:
    """Give who met the error."""
    return _number(line) >> 24 & 0x7F


def _number(line: Line) -> int:
    """Give code and source in one, as libgpg-error packs them."""
    word = line.word(1).split("_", 1)[0]
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 12 else 0
