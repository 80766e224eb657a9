"""Bodies of entries about files, cases, their reports and mails."""

from typing import Literal

import msgspec

from seccon.core.ids import CaseId, MessageId
from seccon.core.instants import Instant
from seccon.core.journal.body import Body
from seccon.core.report import Correspondent

Outcome = Literal[
    "published", "public-bug", "not-security", "out-of-scope", "question", "duplicate", "spam", "administrative", "membership"
]  # fmt: skip
"""How a case ends. All but the first three end without a case id."""


class CaseOpened(Body, frozen=True, tag="case-opened"):
    """A file was opened with its running number, by intake for a new thread or by a person who splits."""

    project: str
    quiet: bool = False
    """The thread is older than the day from which the team works with seccon: nothing is owed until new mail comes."""


class ReportLinked(Body, frozen=True, tag="report-linked"):
    """A report (a thread, named by its first mail) belongs to this case."""

    report: MessageId
    reporter: Correspondent
    subject: str = ""
    """The outer subject: never a decrypted one."""
    arrived: Instant | None = None
    from_case: int | None = None
    along: int = 0
    """How many entries came with it from the other case, this one counted; on the first report of a joining."""
    why: str = ""


class ReportUnlinked(Body, frozen=True, tag="report-unlinked"):
    """A report left this case: a link was undone, or the case was split."""

    report: MessageId
    to_case: int | None = None
    why: str = ""


class ReporterSet(Body, frozen=True, tag="reporter-set"):
    """The reporter is not the sender (relayed, forwarded, rewritten), or was wrong; with the evidence."""

    report: MessageId
    reporter: Correspondent
    evidence: str = ""


class CreditSet(Body, frozen=True, tag="credit-set"):
    """How this reporter wants to be credited; empty text: not at all."""

    report: MessageId
    credit: str
    evidence: str = ""


class MailArrived(Body, frozen=True, tag="mail-arrived"):
    """A mail on the thread of a report was seen in the store. `at` of the entry is when seccon saw it."""

    mail: MessageId
    digest: str
    report: MessageId
    sender: Correspondent
    to: tuple[str, ...] = ()
    """Addresses of To and Cc: who was told."""
    arrived: Instant | None = None
    subject: str = ""
    direction: Literal["in", "team", "out"] = "in"
    """From outside, from a rostered person or one of our identities, or sent by seccon."""
    automatic: bool = False
    encrypted: bool = False
    signed: bool = False
    joined: bool = False
    """It came to the thread by its References alone: its sender took no part before, and was not written to."""
    carried: bool = False
    """It is no news: it came along when its report was taken over from another case."""
    party: str = ""
    """A party's address: it is their mail, or one of ours on their own thread; then it is none of a reporter's."""

    @property
    def from_reporter(self) -> bool:
        """It came from outside by somebody of the report: no party wrote it, and nobody who joined the thread."""
        return self.direction == "in" and not self.joined and not self.party


class MailConflict(Body, frozen=True, tag="mail-conflict"):
    """Different mails bear one Message-ID: a way to hide a report (features, I11)."""

    mail: MessageId
    digests: tuple[str, ...]


class CaseAccepted(Body, frozen=True, tag="case-accepted"):
    """A person took the report for work; the case has its id from now on."""

    id: CaseId
    why: str = ""


class CaseClosed(Body, frozen=True, tag="case-closed"):
    """The case ended. `clause` cites the policy's reason; `other` is the case of which this is a duplicate."""

    outcome: Outcome
    why: str = ""
    clause: str = ""
    other: int | None = None


class ScopeJudged(Body, frozen=True, tag="scope-judged"):
    """A person judged that the case is not for this team, or is a question; once every reporter was told so, it closes (I7)."""

    outcome: Literal["out-of-scope", "question"]
    clause: str = ""
    """Id of the policy's reason; empty for a question."""
    why: str = ""


class CaseReopened(Body, frozen=True, tag="case-reopened"):
    """It goes on: somebody decided so, or new mail came to a closed case."""

    why: str = ""


class CaseMerged(Body, frozen=True, tag="case-merged"):
    """All reports of this case moved to another; this one stays as a signpost."""

    into: int
    why: str = ""


class CaseUnmerged(Body, frozen=True, tag="case-unmerged"):
    """The merge was taken back: the reports are here again."""

    why: str = ""


class CaseClaimed(Body, frozen=True, tag="case-claimed"):
    """A person answers for the case: who made the entry, unless `owner` names the colleague who takes it over."""

    owner: str
    why: str = ""


class CaseReleased(Body, frozen=True, tag="case-released"):
    """Nobody answers for the case any more."""

    why: str = ""


class PolicyMoved(Body, frozen=True, tag="policy-moved"):
    """From here on another revision of the policy judges the case."""

    to: str
    why: str = ""


class Acknowledged(Body, frozen=True, tag="acknowledged"):
    """A reporter was told, by a person, that the report was received (features, A1 A2)."""

    report: MessageId
    member: str
    """Roster name of who wrote it."""
    when: Instant
    """When it was written: what clocks start at."""
    mail: MessageId | None = None
    signature: Literal["good", "unsigned", "unverified"] = "unsigned"
    evidence: str = ""
    """Needed where there is no mail in the store."""


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """One consideration's answer: no entry by itself."""

    answer: Literal["yes", "no", "unknown"]
    note: str = ""


class Assessed(Body, frozen=True, tag="assessed"):
    """A person rated the case; the latest counts, the earlier stay (features, T1 T2)."""

    genuine: Literal["yes", "no", "unknown"]
    misuse: Literal["yes", "no", "unknown"]
    impact: str = ""
    """The worst case, in words."""
    apparent: str = ""
    """The rank that the worst case would have by itself."""
    answers: dict[str, Answer] = msgspec.field(default_factory=dict)
    """Consideration id -> answer."""
    suggested: str = ""
    severity: str = ""
    """A word of the policy's scale, or empty where the matter is no security issue."""
    why: str = ""
    """Needed where `severity` differs from `suggested`."""
    cvss: str = ""
    second: Literal["", "none", "open", "blind"] = ""
    """Whether a colleague is asked to rate it too; `blind`: nobody else is shown this one until then. `none`: knowingly not."""


class PublicityFlagged(Body, frozen=True, tag="publicity-flagged"):
    """The matter is public, or is exploited in the wild; or was flagged so wrongly."""

    public: bool = False
    exploited: bool = False
    evidence: str = ""


class NoteAdded(Body, frozen=True, tag="note-added"):
    """What a colleague should know."""

    text: str
