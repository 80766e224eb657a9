"""Bodies of entries about the way to the public: the CVE's stations, the advisory, the announcements that were seen."""

from typing import Literal

import msgspec

from seccon.core.ids import CveId, MessageId
from seccon.core.instants import Instant
from seccon.core.journal.body import Body


class CveRequested(Body, frozen=True, tag="cve-requested"):
    """A CVE id was asked for: of which numbering authority (CNA), and how."""

    cna: str
    how: Literal["mail", "service", "form"] = "mail"
    mail: MessageId | None = None
    why: str = ""


class CvePublished(Body, frozen=True, tag="cve-published"):
    """The record of the id is public; by whom is the entry's, or the CNA's."""

    cve: CveId
    when: Instant | None = None
    url: str = ""


class Reference(msgspec.Struct, frozen=True, omit_defaults=True):
    """A link of the advisory: no entry by itself."""

    url: str
    kind: Literal["advisory", "fix", "report", "web", "article"] = "web"


class AdvisorySet(Body, frozen=True, tag="advisory-set"):
    """The advisory's words as a person wrote them; the latest counts. Dates, credits, ids, branches come from the case itself."""

    title: str = ""
    description: str = ""
    impact: str = ""
    workaround: str = ""
    cwe: str = ""
    """The kind of fault, such as `CWE-787`."""
    references: tuple[Reference, ...] = ()
    notice: str = ""
    """The project's own number for its notice, such as `2026-0003`."""
    patchers: tuple[str, ...] = ()
    """Who wrote the fix, each `Name <address>`."""
    deployable: str = ""
    """Whether, and where, the fix may be deployed before the date."""
    also: tuple[CveId, ...] = ()
    """Further CVE ids that the notice tells of, beside the case's own."""
    reported: Instant | None = None
    """The day of the report, where the first mail is not it; `dates_because` says why."""
    published: Instant | None = None
    """The day on which the public could know, where the case's entries do not tell it."""
    fixed: Instant | None = None
    """The day on which the main branch had the fix, where its branch does not tell it."""
    dates_because: str = ""
    """Why a date differs from what the case tells."""
    passed: dict[str, str] = msgspec.field(default_factory=dict)
    """Finding of the gate -> why it is let pass, in words (features, D3)."""


class AnnouncementSeen(Body, frozen=True, tag="announcement-seen"):
    """A list's copy of the announcement came into the mail store: the public has it."""

    list: str
    mail: MessageId
    when: Instant | None = None
    url: str = ""


class AnnouncementUnproved(Body, frozen=True, tag="announcement-unproved"):
    """A mail on a list looks like a colleague's announcement, and nothing proves that it is: a person says so, or nobody."""

    list: str
    mail: MessageId
    sender: str = ""
    when: Instant | None = None
    url: str = ""


class LeakSuspected(Body, frozen=True, tag="leak-suspected"):
    """A mail on a public list tells of an issue that is under embargo, as far as a program can see; a person judges."""

    mail: MessageId
    list: str
    sign: Literal["cve", "case-id", "subject"]
    """By which words of the case it was found."""
    sender: str = ""
    when: Instant | None = None


class LeakDismissed(Body, frozen=True, tag="leak-dismissed"):
    """A person looked at the mail: it tells nothing of the issue."""

    mail: MessageId
    why: str = ""
