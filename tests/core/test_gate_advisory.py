"""The gate before an announcement, and the check that everything tells the same (D3), finding by finding."""

from datetime import timedelta

import msgspec
import pytest

from seccon.core.advisory import advisory
from seccon.core.formats.text import write
from seccon.core.gate import Finding, Words, gate, stopping
from seccon.core.journal import Body
from seccon.core.journal.cases import Assessed, CaseClosed, CreditSet
from seccon.core.journal.disclosure import Reference
from seccon.core.journal.embargoes import EmbargoEnded, EmbargoSet
from seccon.core.journal.parties import PartyAnswered, PartyInvited
from seccon.core.journal.work import Announced, BranchSet, BugOpened, CveAssigned, FixProposed
from seccon.core.policy import Branch
from tests.core.advisories import ACCEPTED, CVSS, FIX, FULL, MASTER, NOW, OLD, POLICY, REPORT, STABLE, START, but, of


def found(*bodies: Body, texts: tuple[Words, ...] = (), policy=POLICY, now=NOW) -> dict[str, Finding]:
    """Give the findings by id."""
    return {one.id: one for one in gate(of(*bodies), policy, now, texts)}


def stops(*bodies: Body, **given: object) -> list[str]:
    return [name for name, one in found(*bodies, **given).items() if one.open]  # type: ignore[arg-type]


BUG = BugOpened(url="https://bugs.example.org/77")


def test_a_case_that_has_all_passes_without_a_word() -> None:
    assert found(*FULL, BUG) == {}


def test_an_empty_case_has_every_gap_with_the_key_that_fills_it() -> None:
    gaps = {name: (one.key, one.stops) for name, one in found().items()}
    assert gaps == {
        "title": ("E", True), "description": ("E", True), "cve": ("C", True), "affected": ("F", True), "fixed": ("F", True),
        "references": ("E", True), "branches:master": ("F", True), "branches:stable-1.0": ("F", True),
        f"credits:{REPORT}": ("H", True), "impact": ("E", False), "workaround": ("E", False), "cwe": ("E", False),
        "patchers": ("E", False), "notice": ("E", False), "severity": ("s", False), "cvss": ("V", False), "bug": ("b", False),
    }  # fmt: skip


def test_which_gaps_stop_is_the_policys() -> None:
    rule = msgspec.structs.replace(POLICY.advisory, needs=("bug", "parties"))
    policy = msgspec.structs.replace(POLICY, advisory=rule)
    assert stops(PartyInvited(party="v@v.example"), policy=policy) == ["bug", "parties:v@v.example"]
    calm = (PartyInvited(party="v@v.example"), PartyAnswered(party="v@v.example", affected="no"), BUG)
    assert stops(*calm, policy=policy) == []


def test_no_workaround_is_an_answer() -> None:
    assert "workaround" in found(*FULL, but(workaround=" "))
    assert "workaround" not in found(*FULL, but(workaround="None known."))


def test_nothing_passes_the_gate_while_the_embargo_holds() -> None:
    again = EmbargoSet(proposal="p2", until=NOW + timedelta(days=3))
    early = but(published=START, dates_because="typo", passed={"embargo": "x", "embargo.date": "y"})
    assert stops(*FULL, again, early)[:2] == ["embargo.date", "embargo"]
    on_the_day = but(published=NOW + timedelta(days=3), dates_because="the day itself")
    assert "embargo.date" not in found(*FULL, again, on_the_day), "the day of the release is no day too early"
    late = found(*FULL, again, now=NOW + timedelta(days=4))["embargo"]
    assert "a person must release it" in late.sentence


def test_a_reason_in_writing_lets_pass_what_may_pass() -> None:
    odd = but(published=START - timedelta(days=9), dates_because="the bug tracker had it")
    assert stops(*FULL, odd) == ["dates.published-before-reported", "dates.fixed-after-published"]
    assert found(*FULL, odd)["dates.fixed-after-published"].kind == "odd"
    passed = {"dates.published-before-reported": "public bug", "dates.fixed-after-published": "it took long"}
    one = found(*FULL, msgspec.structs.replace(odd, passed=passed))["dates.fixed-after-published"]
    assert (one.open, one.passed) == (False, "it took long")


def test_dates_that_have_not_come_are_a_contradiction() -> None:
    assert "dates.future:fixed" in found(*FULL, but(fixed=NOW + timedelta(days=9), dates_because="x"))


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "CVE-2026-54321: overflow"}, {"impact": "As in cve-2026-54321."},
        {"references": (Reference("https://example.org/CVE-2026-54321"),)},
    ],
)  # fmt: skip
def test_another_issues_id_is_found_wherever_it_stands(changed: dict[str, object]) -> None:
    assert "cve.other:CVE-2026-54321" in found(*FULL, but(**changed))
    assert "cve.other:CVE-2026-54321" not in found(*FULL, but(also=("CVE-2026-54321",), **changed))


THANKS = write(advisory(of(*FULL), POLICY))


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (THANKS.replace("CVE-2026-12345", "an issue"), "cve.absent:announcement"),
        (THANKS.replace("12345", "12346"), "cve.other:CVE-2026-12346"),
        (THANKS.replace("0003", "0004"), "notice.other:EX-2026-0004"),
        (THANKS.replace("03-11", "03-14"), "dates.other:2026-03-14"),
        (THANKS.replace("A. Reporter", "the reporter"), "credits.absent:announcement:A. Reporter"),
        (THANKS.replace("v1.2", "v1.3"), "text.other:announcement"), (THANKS.replace(FIX, OLD), "text.other:announcement"),
        (THANKS.replace("a length", "any length"), "text.other:announcement"),
    ],
)  # fmt: skip
def test_an_announcement_that_tells_otherwise_is_stopped(text: str, finding: str) -> None:
    assert stops(*FULL, texts=(Words("announcement", THANKS),)) == []
    assert finding in stops(*FULL, texts=(Words("announcement", text),))


def test_an_announcement_is_the_advisorys_text_however_it_is_framed_and_wrapped() -> None:
    """D3: what a later moment adds, its day and where it was published, was in no letter that was written before."""
    framed = f"Dear all,\n\n{THANKS.replace(chr(10) + '  ', ' ')}\n-- \nThe team\n"
    assert stops(*FULL, texts=(Words("announcement", framed),)) == []
    before = write(advisory(of(*(one for one in FULL if not isinstance(one, EmbargoEnded))), POLICY))
    assert "Published" not in before
    later = Announced(list="devel@example.org", url="https://lists.example.org/1")
    assert stops(*FULL, later, texts=(Words("announcement", before),)) == []
    older = found(*FULL, but(impact="Worse than that."), texts=(Words("announcement", before),))["text.other:announcement"]
    assert older.sentence == "The announcement does not say what the advisory says: impact. L drafts it anew."


@pytest.mark.parametrize(("by", "odd"), [("MITRE", True), ("Fedora", True), ("EXAMPLE Project", False), ("", False)])
def test_an_id_of_another_organisation_is_told_and_stops_nothing(by: str, odd: bool) -> None:
    """CVE-2019-14378 is MITRE's, CVE-2023-0330 Fedora's: a record in the name of another CNA is not theirs."""
    there = found(*FULL, CveAssigned(cve="CVE-2026-12345", by=by))
    assert ("cve.allocated" in there) is odd
    assert not odd or (there["cve.allocated"].stops, there["cve.allocated"].kind) == (False, "odd")


def test_an_address_that_is_none_is_seen_before_it_is_published() -> None:
    """2019-0004 was published with a name where the address stands."""
    assert "credits.malformed:Ján Tomko <Ján Tomko>" in stops(*FULL, but(patchers=("Ján Tomko <Ján Tomko>",)))


def test_a_reporter_who_wants_no_credit_is_named_nowhere() -> None:
    """D4."""
    silent = CreditSet(report=REPORT, credit="")
    assert "credits.unwanted:description" in stops(*FULL, silent, but(description="Found by a. reporter."))
    assert "credits.unwanted:credit for the fix" in stops(*FULL, silent, but(patchers=("X <A@reporter.example>",)))
    trailers = FixProposed(version=1, trailers=("Reported-by: A.  Reporter <x@y.example>",))
    assert "credits.unwanted:fix's trailers" in stops(*FULL, silent, trailers)
    assert "credits.unwanted:mail" in stops(*FULL, silent, texts=(Words("mail", "thanks, A. Reporter!", announces=False),))
    assert stops(*FULL, silent, but(description="Found by Aa. Reporters.")) == []
    hidden = CreditSet(report=REPORT, credit="anonymous")
    assert "credits.unwanted:title" in stops(*FULL, hidden, but(title="A. Reporter's bug"))


def test_a_pseudonym_hides_the_name_and_one_of_several_finders_is_no_secret() -> None:
    other = CreditSet(report=REPORT, credit="n0body")
    assert "credits.unwanted:impact" in stops(*FULL, other, but(impact="Says A. Reporter."))
    both = CreditSet(report=REPORT, credit="A. Reporter; Somebody Else")
    assert stops(*FULL, both, but(impact="Says A. Reporter.")) == []


@pytest.mark.parametrize(
    ("broken", "mended", "finding"),
    [
        (("v1.0", "v1.10"), ("v1.9",), "versions.order:master"), (("v1.0", "v1.2"), ("v1.2",), "versions.both:master:v1.2"),
        (("v2.0.0",), ("v2.0.0-rc3",), "versions.order:master"), (("v1.9",), ("v1.10",), ""), (("v2.0.0-rc3",), ("v2.0",), ""),
    ],
)  # fmt: skip
def test_a_fixed_release_comes_after_the_vulnerable_ones(broken: tuple[str, ...], mended: tuple[str, ...], finding: str) -> None:
    branch = msgspec.structs.replace(MASTER, vulnerable_tags=broken, fixed_tags=mended)
    assert stops(*FULL, branch) == ([finding] if finding else [])


def test_branches_that_cannot_both_be_true_are_named() -> None:
    same = msgspec.structs.replace(MASTER, introduced=(MASTER.commit,))
    assert "versions.commit:master" in stops(*FULL, same)
    never = BranchSet(branch="master", state="not-affected")
    fixed = msgspec.structs.replace(STABLE, state="merged", commit="c" * 40)
    assert "versions.main" in stops(*FULL, never, fixed)


def test_a_branch_of_the_policy_that_nobody_looked_at_is_named() -> None:
    policy = msgspec.structs.replace(POLICY, branch=(*POLICY.branch, Branch("stable-0.9")))
    assert stops(*FULL, policy=policy) == ["branches:stable-0.9"]


def test_the_word_and_the_score_agree() -> None:
    low = Assessed(genuine="yes", misuse="yes", severity="Low", cvss=CVSS)
    assert stops(*FULL, low) == ["severity.band"]


def test_malformed_words_are_named() -> None:
    bad = but(references=(Reference("www.example.org/x"),), cwe="CWE-0", notice="3")
    assert set(stops(*FULL, bad)) >= {"references.malformed:www.example.org/x", "cwe.form", "notice.form"}


def test_a_case_that_was_closed_as_nothing_is_not_announced() -> None:
    assert "closed" in stops(*FULL, CaseClosed(outcome="not-security"))


def test_what_stops_comes_first() -> None:
    findings = gate(of(*ACCEPTED), POLICY, NOW)
    assert [one.open for one in findings] == sorted((one.open for one in findings), reverse=True)
    assert stopping(findings) == tuple(one for one in findings if one.open)
