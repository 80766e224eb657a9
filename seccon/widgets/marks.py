"""The marks of a mail, a line or two: who can have read it, and who wrote it; drawn outside the area of the mail's own text.

No text of a mail reaches this line but a signer's user id, at its end and stripped of everything but letters. The trusted
mark is drawn for `Verdict.trusted` alone (design, `seccon read`).
"""

from seccon.core.report import Mail, Scope, Signature, Verdict
from seccon.widgets.bar import BREAK, Span, TallBar
from seccon.widgets.plain import plain

_IN_NAMES = " .,-_@<>()'+"
_BROKEN = {
    Signature.BAD: "✗ BAD signature: the text is not what was signed",
    Signature.EXPIRED: "✗ signature has expired",
    Signature.EXPIRED_KEY: "✗ signed by a key that has expired",
    Signature.REVOKED_KEY: "✗ signed by a key that was REVOKED",
    Signature.ERROR: "✗ signature cannot be checked",
}


def encryption(verdict: Verdict, locked: str = "") -> Span:
    """Say who could read it on its way."""
    if locked:
        return "🔒 encrypted, not opened", "warn"
    if verdict.encrypted is Scope.WHOLE:
        return "🔒 encrypted", "good"
    if verdict.encrypted is Scope.PART:
        return "! only PARTS were encrypted", "alarm"
    return "not encrypted", "quiet"


def signature(verdict: Verdict) -> tuple[Span, ...]:
    """Say who wrote it, as far as that is proved; the signer goes onto a line of its own where there is no room beside."""
    said, tone = _proved(verdict)
    return ((f"{said} ", tone), BREAK, (_signer(verdict), tone)) if said.endswith(":") else ((said, tone),)


def _proved(verdict: Verdict) -> Span:
    if verdict.signature is Signature.NONE or (verdict.signed is Scope.NO and verdict.signature is Signature.GOOD):
        return "not signed", "quiet"
    if verdict.trusted:
        return "✓ signed, key confirmed:", "good"
    if verdict.signature in _BROKEN:
        return _BROKEN[verdict.signature], "alarm"
    if verdict.signature is Signature.UNKNOWN_KEY:
        return "? signed by a key we do not have", "warn"
    if verdict.signed is Scope.PART:
        return "! only PARTS were signed", "alarm"
    if not verdict.matches_from:
        return "✗ signature good, but the key is not the sender's:", "alarm"
    return "? signed, key never confirmed:", "warn"


def _signer(verdict: Verdict) -> str:
    """Name the key, then what it calls itself: last, and of letters only, so that it cannot write a mark of its own."""
    key = f"key {verdict.fingerprint[-16:]}" if verdict.fingerprint else "a key"
    name = "".join(char for char in plain(verdict.signer or "", lines=False, limit=60) if char.isalnum() or char in _IN_NAMES)
    return f"{key} “{name}”" if name else key


def spans(verdict: Verdict, locked: str = "") -> tuple[Span, ...]:
    """Lay the line out."""
    return ((" ", ""), encryption(verdict, locked), (" · ", "quiet"), *signature(verdict))


class MarkLine(TallBar):
    """Draws the marks of one mail."""

    DEFAULT_CSS = "MarkLine { background: $panel; }"

    def put(self, mail: Mail | None) -> None:
        """Show the marks of a mail; nothing where there is none on view."""
        self.say(spans(mail.verdict, mail.locked) if mail is not None else ())
