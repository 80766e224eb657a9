"""Cases with advisories, for the tests of formats and gate: literals, folded; no port."""

from datetime import timedelta

import msgspec

from seccon.core.advisory_rule import AdvisoryRule, Product
from seccon.core.case import Case, fold
from seccon.core.ids import CveId, MessageId
from seccon.core.instants import from_text
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import Assessed, CaseAccepted, CaseOpened, CreditSet, ReportLinked
from seccon.core.journal.disclosure import AdvisorySet, Reference
from seccon.core.journal.embargoes import EmbargoEnded, EmbargoSet
from seccon.core.journal.work import BranchSet, CveAssigned
from seccon.core.policy import Branch, CaseForm, Intake, Policy, Severity
from seccon.core.report import Correspondent

START = from_text("2026-03-02T09:00:00Z")
NOW = from_text("2026-04-01T12:00:00Z")
REPORT = MessageId("one@reporter.example")
FIX, OLD = "a" * 40, "b" * 40
CVSS = "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H"

RULE = AdvisoryRule(
    publisher="Example Project",
    namespace="https://example.org",
    contact="security@example.org",
    prefix="EX-",
    page="https://example.org/notices/{notice}.html",
    xmlns="http://example.org/xmlns/security-notice/1.0",
    cna="example",
    cna_id="11111111-2222-4333-8444-555555555555",
    product=(Product("widget", "widget.git", "https://example.org/widget.git", "https://example.org/widget/commit/", "Example"),),
    trackers={"example": "https://bugs.example.org/"},
    bands={"Low": ("Low",), "Important": ("High",)},
)
POLICY = Policy(
    name="p", revision="1", title="", since="2026-01-01", source="", intake=Intake("*"), case=CaseForm("P"),
    severity=Severity(("Low", "Important")), branch=(Branch("master"), Branch("stable-1.0")), advisory=RULE,
)  # fmt: skip

WORDS = AdvisorySet(
    title="widget: out-of-bounds write in the frobnicator",
    description="The frobnicator trusts a length that the guest gives.\n\nIt has done so since its first version.",
    impact="A guest can write behind a buffer of the host.",
    workaround="Run widgets without a frobnicator.",
    cwe="CWE-787",
    references=(Reference("https://bugs.example.org/77", "report"), Reference("https://example.org/story", "article")),
    notice="2026-0003",
    patchers=("Pat Cher <pat@example.org>",),
)
MASTER = BranchSet(
    branch="master", state="merged", commit=FIX, introduced=(OLD,), vulnerable_tags=("v1.0", "v1.1"), fixed_tags=("v1.2",),
    when=from_text("2026-03-11T12:00:00Z"),
)  # fmt: skip
STABLE = BranchSet(branch="stable-1.0", state="vulnerable", introduced=(OLD,), vulnerable_tags=("v1.0.1",))
ACCEPTED: tuple[Body, ...] = (
    Assessed(genuine="yes", misuse="yes", severity="Important", cvss=CVSS),
    CaseAccepted(id="P-2026-001"),  # type: ignore[arg-type]
    EmbargoSet(proposal="p1", until=from_text("2026-03-16T12:00:00Z")),
    CveAssigned(cve=CveId("CVE-2026-12345"), by="Example"),
    CreditSet(report=REPORT, credit="A. Reporter <a@reporter.example>"),
)
FULL: tuple[Body, ...] = (*ACCEPTED, WORDS, EmbargoEnded(reason="released"), MASTER, STABLE)


def of(*bodies: Body) -> Case:
    """Fold these, a day apart, after a case with one report was opened."""
    opened: tuple[Body, ...] = (
        CaseOpened(project="widget"),
        ReportLinked(report=REPORT, reporter=Correspondent("A. Reporter", "a@reporter.example"), arrived=START),
    )
    entries = (Entry(1, seq, START + timedelta(days=seq), "alice", "p@1", body) for seq, body in enumerate((*opened, *bodies), 1))
    return fold(entries)


def but(**changes: object) -> AdvisorySet:
    """Give the words with these changed."""
    return msgspec.structs.replace(WORDS, **changes)
