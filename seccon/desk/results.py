"""What came of a case: CVE, bug, patch, branches, archive, announcement. Each is recorded with who says so.

Nothing of it may make an embargoed matter public before its date: those that would are refused (features, E10).
"""

import re
from collections.abc import Iterable, Sequence

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId, address_key
from seccon.core.instants import Instant
from seccon.core.journal import Body
from seccon.core.journal.work import (
    Announced,
    Archived,
    BranchSet,
    BranchState,
    BugClosed,
    BugOpened,
    FixProposed,
    PermissionRecorded,
)
from seccon.core.outside import public_lists
from seccon.core.policy import Policy
from seccon.core.trailers import lacking_trailers
from seccon.core.wording import is_url
from seccon.desk.request import CaseRequest


class OpenBug(CaseRequest, frozen=True, kw_only=True):
    """Record the upstream bug."""

    url: str
    public: bool = True

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it; a public bug ends secrecy, so not before the embargo does."""
        if not is_link(self.url):
            raise RefusedError("bug.url", "Give the link of the bug, such as https://bugs.example.org/1.")
        if self.public:
            require_free(case, policy, "A public bug")
        return (BugOpened(url=self.url.strip(), public=self.public),)


class CloseBug(CaseRequest, frozen=True, kw_only=True):
    """Record that the bug was closed with the commit: "Fixed in: …"."""

    commit: str

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it."""
        if case.work.bug is None:
            raise RefusedError("bug.none", "No upstream bug is recorded.", policy.source)
        require_text(self.commit, "bug.commit", "Give the commit in which it is fixed.")
        return (BugClosed(url=case.work.bug.url, commit=self.commit.strip()),)


class ProposeFix(CaseRequest, frozen=True, kw_only=True):
    """Record a version of the patch, or the fault that was found with one."""

    version: int = 0
    """0: the next."""
    mail: MessageId | None = None
    commit: str = ""
    trailers: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    testers: tuple[str, ...] = ()
    """Who reviewed, who tested it, beside those that the trailers name."""
    faulty: str = ""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it; the patch must bear what the policy wants."""
        if not (self.mail or self.commit.strip() or self.faulty.strip()):
            raise RefusedError("fix.where", "Say where the patch is: a mail, or a commit.")
        version = self.version or len(case.work.fixes) + 1
        lacking = lacking_trailers(case, policy, self.trailers)
        if lacking and not self.faulty:
            raise RefusedError("fix.trailers", f"The patch is not annotated with {', '.join(lacking)}.", policy.source)
        return (
            FixProposed(
                version=version,
                mail=self.mail,
                commit=self.commit.strip(),
                trailers=self.trailers,
                reviewers=_people(self.reviewers, self.trailers, "reviewed-by"),
                testers=_people(self.testers, self.trailers, "tested-by"),
                faulty=self.faulty,
            ),
        )


def _people(named: Iterable[str], trailers: Iterable[str], trailer: str) -> tuple[str, ...]:
    """Give who is named, and who stands in the trailers of this name."""
    borne = (line.partition(":")[2].strip() for line in trailers if line.partition(":")[0].strip().casefold() == trailer)
    return tuple(dict.fromkeys(" ".join(one.split()) for one in (*named, *borne) if one.strip()))


class SetBranch(CaseRequest, frozen=True, kw_only=True):
    """Record where the fix stands on a branch of the project, or with `owner` on a party's."""

    branch: str
    state: BranchState
    commit: str = ""
    proof: str = ""
    owner: str = ""
    further: tuple[str, ...] = ()
    introduced: tuple[str, ...] = ()
    vulnerable_tags: tuple[str, ...] = ()
    fixed_tags: tuple[str, ...] = ()
    when: Instant | None = None

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it; a merge is public, so not before the embargo ends."""
        name, owner = self.branch.strip(), self.owner.strip()
        if not _NAME.fullmatch(name):
            raise RefusedError("branch.name", f"'{name[:60]}' is no name of a branch.")
        if not owner and policy.rule_of(name) is None:
            raise RefusedError(
                "branch.name",
                f"The policy names no branch '{name}'.",
                policy.source,
                "A party's branch bears whose it is; a stable branch of the project has its 'pattern' in the policy.",
            )
        if self.state in ("merged", "released"):
            require_free(case, policy, "A merged fix")
            require_text(self.commit, "branch.commit", "Give the commit.")
        if self.when is not None and self.when > now:
            raise RefusedError("branch.when", "That is in the future: a branch's state is what it has come to.")
        return (self._body(name, owner),)

    def _body(self, name: str, owner: str) -> BranchSet:
        return BranchSet(
            branch=name,
            state=self.state,
            commit=self.commit.strip(),
            proof=self.proof.strip(),
            owner=owner,
            further=self.further,
            introduced=self.introduced,
            vulnerable_tags=self.vulnerable_tags,
            fixed_tags=self.fixed_tags,
            when=self.when,
        )


class Announce(CaseRequest, frozen=True, kw_only=True):
    """Record that an announcement went to a list, and where the public reads it."""

    list: str
    url: str = ""
    mail: MessageId | None = None

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it; not before the embargo ends."""
        require_free(case, policy, "An announcement")
        if self.list not in [*(one.address for one in policy.list if "announce" in one.purpose), *public_lists(policy)]:
            raise RefusedError("announce.list", f"The policy does not announce on '{self.list}'.", policy.source)
        require_text(self.url or (self.mail or ""), "announce.where", "Say where it is: a link, or a Message-ID.")
        if self.url.strip() and not is_link(self.url):
            raise RefusedError(
                "announce.url", "Give the link under which the public reads it, such as https://lists.example.org/1.html."
            )
        known = next((one for one in case.work.announced if one.list == self.list), Announced(list=self.list))
        return (Announced(list=self.list, url=self.url.strip() or known.url, mail=self.mail or known.mail),)


class RecordArchive(CaseRequest, frozen=True, kw_only=True):
    """Record that the details of an encrypted report lie in the private list's archive (features, R10)."""

    report: MessageId
    mail: MessageId | None = None
    evidence: str = ""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it, with the mail or the evidence."""
        if case.report(self.report) is None:
            raise RefusedError("archive.report", f"Case {case.label} has no such report.")
        require_text(
            self.evidence or (self.mail or ""), "archive.evidence", "Say how it was archived: a Message-ID, or in words."
        )
        return (Archived(report=self.report, mail=self.mail, evidence=self.evidence),)


class Permit(CaseRequest, frozen=True, kw_only=True):
    """Record that a reporter permits, or forbids, that somebody outside the team is told (features, F7)."""

    report: MessageId
    whom: str
    granted: bool = True
    proof: MessageId | None = None
    why: str = ""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it; a permission needs its proof."""
        if case.report(self.report) is None:
            raise RefusedError("permission.report", f"Case {case.label} has no such report.")
        require_text(self.whom, "permission.whom", "Say who may be told, or 'anyone'.")
        if self.granted and not (self.proof or self.why.strip()):
            raise RefusedError(
                "permission.proof", "Name the mail in which the reporter permits it, or write how you know.", policy.source
            )
        self._require_theirs(case, policy)
        return (
            PermissionRecorded(report=self.report, whom=self.whom.strip(), granted=self.granted, proof=self.proof, why=self.why),
        )

    def _require_theirs(self, case: Case, policy: Policy) -> None:
        """Refuse somebody else's mail as the reporter's word, where nobody writes how that is one."""
        reporter = case.report(self.report)
        mail = next((one for one in case.mails if one.mail == self.proof), None)
        if not self.granted or reporter is None or mail is None or self.why.strip():
            return
        theirs = reporter.reporter
        if address_key(mail.sender.address) != address_key(theirs.address):
            raise RefusedError(
                "permission.whose",
                f"That mail is from {mail.sender.name or mail.sender.address}, not from {theirs.name or theirs.address}.",
                policy.source,
                "Choose theirs, or write how you know.",
            )


_NAME = re.compile(r"[^\s~^:?*\[\\\x00-\x1f\x7f-][^\s~^:?*\[\\\x00-\x1f\x7f]{0,199}")
"""What git takes for a branch (git-check-ref-format), and no option."""


def is_link(text: str) -> bool:
    """Say whether it is a web address that an advisory can refer to: what is recorded stays."""
    return is_url(text.strip())


def require_free(case: Case, policy: Policy, what: str) -> None:
    """Refuse what would make an embargoed matter public."""
    if case.embargo.active and not case.public:
        until = case.embargo.until
        raise RefusedError(
            "embargo.secret",
            f"{what} would tell everybody; the embargo of case {case.label} holds until {until:%Y-%m-%d %H:%M}Z.",
            policy.embargo.source,
            "End the embargo first: e, then E.",
        )


def require_text(text: str, rule: str, sentence: str) -> None:
    if not text.strip():
        raise RefusedError(rule, sentence)
