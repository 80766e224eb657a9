"""Drafts and the outbox: text on its way out, as values."""

from enum import StrEnum

import msgspec

from seccon.core.ids import MessageId
from seccon.core.instants import Instant


class Draft(msgspec.Struct, frozen=True):
    """A reply that somebody is writing. `sealed` is its JSON, encrypted to the author's own key where there is one."""

    id: str
    person: str
    case: int
    saved: Instant
    sealed: bytes
    encrypted: bool


class OutState(StrEnum):
    """Where an outbox item stands."""

    WAITING = "waiting"
    SENDING = "sending"
    """Handed to the courier, answer not recorded: after a crash this is shown as *perhaps sent*, never sent again by itself."""
    SENT = "sent"
    FAILED = "failed"
    PERHAPS = "perhaps-sent"
    DISCARDED = "discarded"


class OutItem(msgspec.Struct, frozen=True):
    """One mail in the outbox, as it leaves: its bytes are already encrypted (or were approved in clear)."""

    id: str
    case: int
    mail: MessageId
    sender: str
    recipients: tuple[str, ...]
    message: bytes
    state: OutState
    queued: Instant
    by: str
    tries: int = 0
    retry: Instant | None = None
    """Not before this."""
    problem: str = ""
    label: str = ""
    """What the list shows: purpose and case, never the text."""
    late: tuple[str, ...] = ()
    """To whom it is still to be handed over, where others took it; empty: nobody, or everybody."""
    refused: tuple[str, ...] = ()
    """Whom the server refused for good while it took the others: `address: what it said`."""
