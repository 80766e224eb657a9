"""Bodies of entries about the work on a case: waiting, completeness, permissions, second ratings, CVE, bug, fix, publication."""

from typing import Literal

from seccon.core.ids import CveId, Fingerprint, MessageId
from seccon.core.instants import Instant
from seccon.core.journal.body import Body
from seccon.core.journal.cases import Assessed

BranchState = Literal["vulnerable", "not-affected", "written", "merged", "released"]


class WaitingSet(Body, frozen=True, tag="waiting-set"):
    """The case waits for somebody; it comes back by itself on their mail, or at `until` (features, A5)."""

    whom: str
    """`reporter`, `team`, or a party's address."""
    until: Instant | None = None
    why: str = ""


class WaitingEnded(Body, frozen=True, tag="waiting-ended"):
    """It waits no longer: a mail came, the date passed, or a person took it up."""

    why: str = ""


class ItemTicked(Body, frozen=True, tag="item-ticked"):
    """A person says whether a report holds an item of the policy's checklist (features, I5)."""

    report: MessageId
    item: str
    held: bool = True
    evidence: str = ""


class SecondRated(Body, frozen=True, tag="second-rated"):
    """A colleague's rating, made before seeing the first (features, T4); an `assessed` after it settles a difference."""

    rating: Assessed
    blind: bool = True


class RatingShown(Body, frozen=True, tag="rating-shown"):
    """Whoever made the entry chose to see a sealed rating before they rated: theirs is not blind then."""

    why: str = ""


class PermissionRecorded(Body, frozen=True, tag="permission-recorded"):
    """A reporter permits, or forbids, that somebody outside is told (features, F7)."""

    report: MessageId
    whom: str
    """An address, a vendor's name, or `anyone`."""
    granted: bool = True
    proof: MessageId | None = None
    why: str = ""


class StaffTold(Body, frozen=True, tag="staff-told"):
    """A member told supporting staff of their company: minimal, and on record (features, F7)."""

    member: str
    staff: str
    why: str = ""


class CveAssigned(Body, frozen=True, tag="cve-assigned"):
    """The issue has its CVE id; who allocated it."""

    cve: CveId
    by: str = ""
    proof: str = ""


class CveWithdrawn(Body, frozen=True, tag="cve-withdrawn"):
    """The id is not this issue's: a mistake, or rejected by its CNA."""

    cve: CveId
    why: str = ""


class BugOpened(Body, frozen=True, tag="bug-opened"):
    """The upstream bug is open; `public` says that everybody can read it."""

    url: str
    public: bool = True


class BugClosed(Body, frozen=True, tag="bug-closed"):
    """The upstream bug is closed with the commit: "Fixed in: …"."""

    url: str = ""
    commit: str = ""


class BranchSet(Body, frozen=True, tag="branch-set"):
    """Where the fix stands on a branch; `commit` is the fix's, or the one that brought the fault."""

    branch: str
    state: BranchState
    commit: str = ""
    proof: str = ""
    owner: str = ""
    """The party that answers for the branch; empty: the project."""
    further: tuple[str, ...] = ()
    """The fix's other commits, where it has several."""
    introduced: tuple[str, ...] = ()
    """The commits that brought the fault."""
    vulnerable_tags: tuple[str, ...] = ()
    """The tags of the branch that have the fault, the oldest first."""
    fixed_tags: tuple[str, ...] = ()
    """The tags of the branch that have the fix, the oldest first."""
    when: Instant | None = None
    """When the state was reached: the merge's, the release's own time; else the entry's."""


class FixProposed(Body, frozen=True, tag="fix-proposed"):
    """A version of the patch: its mail, who reviewed and tested it."""

    version: int
    mail: MessageId | None = None
    commit: str = ""
    trailers: tuple[str, ...] = ()
    """As they stand in it: `Reported-by: …`, `Tested-by: …`."""
    reviewers: tuple[str, ...] = ()
    testers: tuple[str, ...] = ()
    faulty: str = ""
    """The problem that was found with it; a reason to restart the embargo."""


class Announced(Body, frozen=True, tag="announced"):
    """An announcement went to a list of the policy; where the public can read it."""

    list: str
    url: str = ""
    mail: MessageId | None = None
    when: Instant | None = None
    """When it went out; else the entry's time."""


class Archived(Body, frozen=True, tag="archived"):
    """The details of an encrypted report were sent to the private list (features, R10)."""

    report: MessageId
    mail: MessageId | None = None
    evidence: str = ""


class PostHeld(Body, frozen=True, tag="post-held"):
    """A list's notice says that a post is held for moderation; it has not reached the list (features, I4)."""

    mail: MessageId
    """The held post's own Message-ID, out of the notice."""
    notice: MessageId
    list: str
    sender: str = ""
    subject: str = ""


class PostReleased(Body, frozen=True, tag="post-released"):
    """The held post reached the list, or a moderator says that it was released, or discarded."""

    mail: MessageId
    by: str = ""
    """Empty: not known."""
    discarded: bool = False


class SeatOpened(Body, frozen=True, tag="seat-opened"):
    """In the team's file: a vendor has a seat, also while nobody sits on it."""

    vendor: str
    why: str = ""


class SeatClosed(Body, frozen=True, tag="seat-closed"):
    """In the team's file: a vendor has no seat any more, or was named by mistake."""

    vendor: str
    why: str = ""


class MemberNominated(Body, frozen=True, tag="member-nominated"):
    """In the team's file: somebody shall join; by their own mail, or a member's word."""

    address: str
    name: str = ""
    company: str = ""
    role: str = ""
    fingerprint: Fingerprint | None = None
    mail: MessageId | None = None
    why: str = ""


class MemberVouched(Body, frozen=True, tag="member-vouched"):
    """In the team's file: a member vouches for a nominee (who made the entry)."""

    address: str
    why: str = ""


class MemberPledged(Body, frozen=True, tag="member-pledged"):
    """In the team's file: the nominee promised to honour embargoes; with the mail that says so."""

    address: str
    proof: MessageId | None = None
    why: str = ""


class MemberApproved(Body, frozen=True, tag="member-approved"):
    """In the team's file: the team approved the membership."""

    address: str
    login: str = ""
    why: str = ""


class MemberDeclined(Body, frozen=True, tag="member-declined"):
    """In the team's file: the membership was not approved, or the nominee declined."""

    address: str
    why: str = ""


class MemberLeft(Body, frozen=True, tag="member-left"):
    """In the team's file: a member left; what must be rotated then."""

    address: str
    why: str = ""
    rotate: tuple[str, ...] = ()
