"""Bodies of entries about what leaves: replies, the decisions before sending, and the keys that were pinned."""

from typing import Literal

import msgspec

from seccon.core.ids import Fingerprint, MessageId
from seccon.core.instants import Instant
from seccon.core.journal.body import Body

Protection = Literal["encrypted", "signed", "clear"]


class SentTo(msgspec.Struct, frozen=True, omit_defaults=True):
    """One recipient of a reply, and the key it was encrypted to: no entry by itself."""

    address: str
    role: Literal["reporter", "team", "member", "party", "list", "other"] = "other"
    fingerprint: Fingerprint | None = None


class ReplyQueued(Body, frozen=True, tag="reply-queued"):
    """A person approved a reply; it lies in the outbox, encrypted as it will leave."""

    reply: str
    """The outbox item's id."""
    mail: MessageId
    identity: str
    """The address it is sent from."""
    recipients: tuple[SentTo, ...]
    protection: Protection
    purpose: str = ""
    """The template: `acknowledge`, `needs-info`, `date-set` …"""
    reports: tuple[MessageId, ...] = ()
    """The reports whose reporters it tells."""
    in_reply_to: MessageId | None = None
    digest: str = ""
    """SHA-256 of the mail as it leaves."""
    attachments: tuple[str, ...] = ()
    """SHA-256 of each attachment."""
    archives: tuple[MessageId, ...] = ()
    """The encrypted reports whose details it brings to the private list (features, R10)."""
    party: str = ""
    """The party to whom alone it goes, on their own thread (features, F5)."""
    patch: int = 0
    """The version of the patch that goes with it; 0: none."""


class ReplySent(Body, frozen=True, tag="reply-sent"):
    """The courier took it."""

    reply: str
    mail: MessageId
    when: Instant
    via: str = ""
    refused: tuple[str, ...] = ()
    """Recipients that the server refused while it took the others."""
    put_off: tuple[str, ...] = ()
    """Recipients that the server put off while it took the others: they alone are tried again."""
    retry: Instant | None = None
    """When those who were put off are tried again."""
    problem: str = ""
    """What the server said of those who were put off."""
    recipients: tuple[str, ...] = ()
    """For whom it was handed over this time, where not everybody took it at once; else all."""


class ReplyFailed(Body, frozen=True, tag="reply-failed"):
    """The courier did not take it, or (perhaps) did without telling."""

    reply: str
    problem: str
    perhaps_sent: bool = False
    recipients: tuple[str, ...] = ()
    """Those for whom it failed, where others had taken it before; else all."""


class ReplyDiscarded(Body, frozen=True, tag="reply-discarded"):
    """A person took it out of the outbox."""

    reply: str
    why: str = ""
    recipients: tuple[str, ...] = ()
    """Those who do not get it, where others had taken it before; else all."""


class SendDecided(Body, frozen=True, tag="send-decided"):
    """A decision on the pre-send sheet: a rule was overridden, a recipient left out (features, R3–R6)."""

    reply: str
    rule: str
    choice: Literal["overridden", "left-out", "clear-accepted"]
    recipient: str = ""
    why: str = ""


class KeyPinned(Body, frozen=True, tag="key-pinned"):
    """In the team's file: this key is that address's, because a person compared the fingerprint."""

    address: str
    fingerprint: Fingerprint
    how: str = ""
    """How it was verified: phone, web page, seen in person, earlier mail …"""
    replaces: Fingerprint | None = None


class KeyUnpinned(Body, frozen=True, tag="key-unpinned"):
    """In the team's file: no longer trusted for that address (revoked, lost, a mistake)."""

    address: str
    fingerprint: Fingerprint
    why: str = ""
