"""A policy: one revision of a project's process, as data. `policy_reading` reads one; every rule carries its source.

The language is described in docs/policy.md; nothing in Python knows any project.
"""

from typing import Literal

import msgspec

from seccon.core.advisory_rule import AdvisoryRule
from seccon.core.condition import Condition
from seccon.core.glob import matches
from seccon.core.outward import CveRule, EmbargoRule, Outside, Preflight
from seccon.core.outward import Limit as Limit
from seccon.core.pattern import Pattern
from seccon.core.spans import Span

EVENTS = (
    "received", "mail-in", "mail-out", "acknowledged", "case-accepted", "assessed", "public", "exploited", "embargo-proposed",
    "embargo-agreed", "embargo-set", "embargo-communicated", "embargo-ended", "case-closed", "case-reopened", "case-claimed",
    "waiting-set", "waiting-ended", "second-rated", "cve-assigned", "bug-opened", "bug-closed", "fix-proposed", "branch-set",
    "announced", "archived", "permission-recorded", "reply-sent", "party-invited", "party-told", "party-answered", "party-ready",
    "embargo-wished", "cve-requested", "cve-published", "cve-disclosed", "advisory-set", "announcement-seen",
)  # fmt: skip
"""Events at which clocks may start and stop."""


Verb = Literal[
    "acknowledge", "accept", "assess", "second", "checklist", "embargo", "tell", "release", "reply", "archive", "close", "claim",
    "wait", "permission", "cve", "bug", "bug-closed", "fix", "branches", "announce", "parties", "advisory", "credit",
    "cve-publish", "day",
]  # fmt: skip
"""What in the console carries out a step."""


Recogniser = Literal[
    "version", "commit", "architecture", "command-line", "trace", "code", "reproducer", "configuration", "credit", "impact",
]  # fmt: skip
"""What can be found in a mail's text as evidence (`recogniser.MEANINGS`)."""


class MailingList(msgspec.Struct, frozen=True):
    """An address that mail of the project goes to. `transport` says how secrets travel there (features, R6)."""

    address: str
    name: str = ""
    public: bool = False
    transport: Literal["clear", "members", "list-key"] = "clear"
    purpose: tuple[Literal["reports", "archive", "announce", "development"], ...] = ()
    if_told: tuple[str, ...] = ()
    """It is announced here only where one of these addresses was told before the date; none named: always."""
    archive: str = ""
    """The form of a mail's address in the list's archive, with `{message_id}` or `{hash}` (HyperKitty); empty: not computed."""
    source: str = ""


class Intake(msgspec.Struct, frozen=True):
    """Which mail is a report: a notmuch query."""

    reports: str
    archive: bool = False
    """After triage the details of encrypted reports are sent to the list whose purpose is `archive`."""
    source: str = ""


class CaseForm(msgspec.Struct, frozen=True):
    """The form of case ids; fields: prefix, year, serial."""

    prefix: str
    form: str = "{prefix}-{year}-{serial:03}"


class Item(msgspec.Struct, frozen=True):
    """One thing that a report should hold."""

    id: str
    title: str
    ask: str = ""
    """How to ask for it in a reply."""
    evidence: tuple[Recogniser, ...] = ()
    """What in a mail is shown as evidence for it; a person ticks."""
    products: tuple[str, ...] = ()
    """For `version`: what the number stands behind, such as a program's name; none named: a number of three places."""
    programs: tuple[str, ...] = ()
    """For `command-line`: names of programs, `*` for any letters."""
    pattern: tuple[Pattern, ...] = ()
    """Regular expressions of the policy's own, matched line by line, whatever the case of letters."""
    source: str = ""


class Question(msgspec.Struct, frozen=True):
    """One question of the triage."""

    id: Literal["genuine", "misuse", "impact"]
    ask: str
    source: str = ""


class Level(msgspec.Struct, frozen=True):
    """What a word of the scale means, and who says so."""

    name: str
    meaning: str
    source: str = ""


class Consideration(msgspec.Struct, frozen=True):
    """A question whose answer may lower the severity; `lowers` is that answer; `never`: it only leads to another question."""

    id: str
    ask: str
    lowers: Literal["yes", "no", "never"]
    because: str = ""
    """The reason, as a reporter could be told it."""
    only_if: dict[str, str] = msgspec.field(default_factory=dict)
    """It is asked only where another consideration has this answer."""
    source: str = ""


class SecondRule(msgspec.Struct, frozen=True):
    """Whether a colleague rates too (features, T4): `open`, seeing the first rating; `blind`, before anybody is shown it."""

    how: Literal["none", "open", "blind"] = "none"
    when: tuple[Condition, ...] = ()
    """Conditions on the case as the first rating leaves it; that it is asked for tells as much of the rating."""
    sentence: str = ""
    source: str = ""


class Severity(msgspec.Struct, frozen=True):
    """The scale, lowest first, and how a rating is suggested."""

    scale: tuple[str, ...]
    question: tuple[Question, ...] = ()
    level: tuple[Level, ...] = ()
    consideration: tuple[Consideration, ...] = ()
    lowered: str = ""
    """The word that is suggested where a consideration lowers; empty: the lowest of the scale."""
    cvss: Literal["optional", "none", "3.1", "4.0"] = "optional"
    """Whether a rating bears a CVSS vector: it may, it never does, or it must, of this version."""
    second: SecondRule = SecondRule()
    source: str = ""


class ClockRule(msgspec.Struct, frozen=True):
    """A promise: from an event, so long, until another event."""

    id: str
    title: str
    start: str
    stop: tuple[str, ...]
    length: Span
    lengths: dict[str, Span] = msgspec.field(default_factory=dict)
    """Other lengths by severity: a nag that is shorter for what is worse."""
    pause: Literal["", "waiting"] = ""
    """`waiting`: it stands still while the case waits for somebody."""
    owner: Literal["", "cna"] = ""
    """`cna`: the promise of whoever allocates CVE ids. Where that is not us, the clock informs and is nothing that we owe."""
    hard: bool = False
    again: bool = False
    """It starts anew with each `start` event, instead of running from the first."""
    when: tuple[Condition, ...] = ()
    warn: tuple[Span, ...] = ()
    zone: str = "UTC"
    source: str = ""


class StepRule(msgspec.Struct, frozen=True):
    """One thing that the process wants, while `when` holds; the first that holds is the next step."""

    id: str
    title: str
    verb: Verb
    when: tuple[Condition, ...]
    clock: str = ""
    """The clock whose due time is this step's; `embargo`: the date in force."""
    ahead: Span | None = None
    """How long before that time it is due."""
    why: str = ""
    source: str = ""


class DayRule(msgspec.Struct, frozen=True):
    """One line of the day of disclosure, in its order; `verb` carries it out."""

    id: str
    title: str
    verb: Verb
    when: tuple[Condition, ...] = ()
    """There is this line only where these hold."""
    needs: tuple[Condition, ...] = ()
    """What must hold before it can be done."""
    done: tuple[Condition, ...] = ()
    """It is done when these hold; for `announce`, a line for each list, when that list has its announcement."""
    before: bool = False
    """It shall be ready before the date."""
    publishes: bool = False
    """The public is told by it: until it is done, a case whose date has come stands in red."""
    why: str = ""
    source: str = ""


class Announcing(msgspec.Struct, frozen=True):
    """How announcements are written."""

    together: bool = False
    """One mail to all lists; else each list gets a mail of its own."""
    source: str = ""


class Branch(msgspec.Struct, frozen=True):
    """A branch that the project fixes, or with `pattern` all branches of that form that a local clone has."""

    name: str = ""
    pattern: str = ""
    """`*` stands for any characters but `/`, such as `v*-maint`."""
    repository: str = ""
    """Which of the configuration's `[repositories]` has it; empty: the one that is called as the project."""
    tags: tuple[str, ...] = ()
    """Patterns of its release tags, such as `v*`; one that begins with `!` leaves out what it matches."""
    product: str = ""
    """The product of `[advisory]` that it is of; empty: the first."""
    owed: bool = True
    """False: the process publishes no fix there; what is affected is told of it all the same."""
    source: str = ""


class Admission(msgspec.Struct, frozen=True):
    """What it takes to join the team (features, H1)."""

    vouches: int = 1
    """How many members must vouch."""
    pledge: bool = True
    """The nominee must promise to honour embargoes."""
    rotate: tuple[str, ...] = ()
    """What must be rotated when a member leaves: keys, passwords, subscriptions."""
    sentence: str = ""
    source: str = ""


class Moderation(msgspec.Struct, frozen=True):
    """How one learns that a list holds a post back: its notices to the moderators (features, I4)."""

    notices: str = ""
    """A notmuch query for them; empty: no list of the project holds posts back."""
    kinds: tuple[Literal["mailman2", "mailman3"], ...] = ("mailman2", "mailman3")
    """Whose notices they are."""
    title: str = "release or discard the held post"
    """The step that a held post asks for."""
    sentence: str = ""
    source: str = ""


class Reason(msgspec.Struct, frozen=True):
    """A citable reason for which a report is out of scope."""

    id: str
    title: str
    clause: str
    source: str = ""


class Policy(msgspec.Struct, frozen=True):
    """One revision of one process."""

    name: str
    revision: str
    title: str
    since: str
    """The day from which it is in force, ISO 8601."""
    source: str
    intake: Intake
    case: CaseForm
    severity: Severity
    extends: str = ""
    """The file in policies/ over which this one is laid: what stands here takes the place of what stands there."""
    mail: bool = True
    """False: this process takes no reports by mail, and seccon says so."""
    note: str = ""
    list: tuple[MailingList, ...] = ()
    item: tuple[Item, ...] = ()
    clock: tuple[ClockRule, ...] = ()
    embargo: EmbargoRule = EmbargoRule()
    cve: CveRule = CveRule()
    outside: tuple[Outside, ...] = ()
    preflight: tuple[Preflight, ...] = ()
    """What is checked before a mail to the lists of this process, by those who post there from another one."""
    step: tuple[StepRule, ...] = ()
    day: tuple[DayRule, ...] = ()
    announcement: Announcing = Announcing()
    reason: tuple[Reason, ...] = ()
    branch: tuple[Branch, ...] = ()
    advisory: AdvisoryRule = AdvisoryRule()
    admission: Admission = Admission()
    moderation: Moderation = Moderation()
    holidays: tuple[str, ...] = ()
    """Countries whose holidays count, ISO 3166 codes: for working days and warnings."""
    trailers: tuple[str, ...] = ()
    """What the fix must be annotated with, such as `Reported-by`."""
    outer_subject: str = "..."
    """What the outside of an encrypted mail says in place of its subject."""
    templates: dict[str, str] = msgspec.field(default_factory=dict)
    """Purpose -> file in `templates/`; a purpose that is not named has the file of its own name."""

    @property
    def key(self) -> str:
        """What entries bear: `name@revision`."""
        return f"{self.name}@{self.revision}"

    def rule_of(self, branch: str) -> Branch | None:
        """Find what the policy says of a branch of the project: by its name, else by its form; None: it is none of it."""
        named = next((one for one in self.branch if one.name == branch and branch), None)
        return named or next((one for one in self.branch if one.pattern and matches(one.pattern, branch)), None)

    @property
    def branch_names(self) -> tuple[str, ...]:
        """Give the branches that the policy names one by one; those of a form are where git has them."""
        return tuple(one.name for one in self.branch if one.name)

    def rank(self, word: str) -> int:
        """Give the place of a word on the scale, lowest 0; -1 for what is not on it."""
        return self.severity.scale.index(word) if word in self.severity.scale else -1

    def clock_rule(self, name: str) -> ClockRule | None:
        """Find a clock by id."""
        return next((rule for rule in self.clock if rule.id == name), None)
