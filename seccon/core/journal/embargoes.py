"""Bodies of entries about embargoes: a negotiation, with the message that proves each word (CERT/CC Vultron)."""

from typing import Literal

from seccon.core.ids import MessageId
from seccon.core.instants import Instant
from seccon.core.journal.body import Body


class EmbargoProposed(Body, frozen=True, tag="embargo-proposed"):
    """A party proposed a date. While an embargo is active this is a proposed revision; the old date holds meanwhile."""

    proposal: str
    """A name for it, unique in the case: `p1`, `p2` …"""
    party: str
    """`team`, or an address of a reporter, vendor, member."""
    until: Instant
    zone: str = "UTC"
    typed: str = ""
    """The wall-clock time as it was typed, in `zone`."""
    counters: str = ""
    """The proposal that this one answers; that one is then rejected by `party`."""
    restart: bool = False
    """It opens a new window instead of moving the end of this one."""
    proof: MessageId | None = None
    why: str = ""
    """The justification, where it is longer than the policy prefers."""


class EmbargoAgreed(Body, frozen=True, tag="embargo-agreed"):
    """A party agreed to a proposal."""

    proposal: str
    party: str
    proof: MessageId | None = None
    why: str = ""


class EmbargoRejected(Body, frozen=True, tag="embargo-rejected"):
    """A party rejected a proposal."""

    proposal: str
    party: str
    proof: MessageId | None = None
    why: str = ""


class EmbargoWished(Body, frozen=True, tag="embargo-wished"):
    """What a reporter wishes of the date: theirs alone, kept when reports are joined or parted (features, I3 E7)."""

    report: MessageId
    until: Instant | None = None
    length: str = ""
    """A length such as `90 days`, counted from the report's arrival, where no date was named."""
    proof: MessageId | None = None
    why: str = ""


class ListTold(Body, frozen=True, tag="list-told"):
    """A person says whether, and when, a list outside was first told: a header that names it proves nothing (features, E7)."""

    list: str
    told: bool = True
    when: Instant | None = None
    """When it was; else the entry's time."""
    proof: MessageId | None = None
    why: str = ""


class EmbargoSet(Body, frozen=True, tag="embargo-set"):
    """The agreed date is in force."""

    proposal: str
    until: Instant
    change: Literal["initial", "extension", "shortening", "restart"] = "initial"
    """`restart` opens a new window: its length counts from this entry (features, E3)."""
    zone: str = "UTC"
    why: str = ""
    opened: Instant | None = None
    """Where the window began, if not at this entry: the date was taken over from another case."""
    overrides: tuple[str, ...] = ()
    """Limits of strength `aim` that were knowingly exceeded, by id; `why` then is the written reason."""


class EmbargoCommunicated(Body, frozen=True, tag="embargo-communicated"):
    """A reporter was told the date (features, E6)."""

    report: MessageId
    until: Instant
    mail: MessageId | None = None
    evidence: str = ""


class EmbargoTakenBack(Body, frozen=True, tag="embargo-taken-back"):
    """The embargo came with a report of another case, which went back there: nothing was released, and none is in force here."""

    why: str = ""


class EmbargoEnded(Body, frozen=True, tag="embargo-ended"):
    """A person released it, or it lost its object. A date that passes ends nothing by itself."""

    reason: Literal["released", "leaked", "public", "exploited", "not-needed"]
    why: str = ""
    url: str = ""
