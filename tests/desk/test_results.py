"""What came of a case (F1 F2 F3 F4 R10 E10), by clause: verbs decide on literals, nothing is written."""

import msgspec
import pytest

from seccon.core.case import Case, fold
from seccon.core.errors import RefusedError
from seccon.core.facts import facts
from seccon.core.journal.cases import MailArrived, PublicityFlagged
from seccon.core.journal.embargoes import EmbargoEnded, EmbargoSet
from seccon.core.journal.work import BranchSet, BugOpened, CveAssigned, CveWithdrawn, FixProposed
from seccon.core.report import Correspondent
from seccon.desk.assign_cve import AssignCve
from seccon.desk.results import Announce, CloseBug, OpenBug, Permit, ProposeFix, RecordArchive, SetBranch
from tests.story import at, received, shipped, tell

NOW = at("2026-03-01")
SET = ("2026-02-21", EmbargoSet(proposal="p1", until=at("2026-03-06")))
CVE = ("2026-02-22", CveAssigned(cve="CVE-2026-1234", by="Vendor"))
BUG = ("2026-02-22", BugOpened(url="https://bugs.example.org/1"))


def case(*events) -> Case:
    return fold(tell(*received(), *events))


def decide(request, *events, policy: str = "qemu"):
    return list(request.decide(case(*events), shipped(policy), NOW))


def refused(request, *events, policy: str = "qemu") -> RefusedError:
    with pytest.raises(RefusedError) as error:
        decide(request, *events, policy=policy)
    return error.value


AT = {"case": 1, "seen": 3}


@pytest.mark.parametrize(
    "request_",
    [
        OpenBug(**AT, url="https://bugs.example.org/1"),
        SetBranch(**AT, branch="master", state="merged", commit="abc"),
        Announce(**AT, list="oss-security@lists.openwall.com", url="https://x"),
    ],
)
def test_nothing_that_tells_everybody_is_recorded_while_the_embargo_holds(request_) -> None:
    """E10: no disclosure before the date; a passing date lifts nothing, a release does."""
    error = refused(request_, SET)
    assert error.rule == "embargo.secret"
    assert "2026-03-06" in error.sentence
    assert decide(request_, SET, ("2026-03-01", EmbargoEnded(reason="released")))
    assert decide(request_, SET, ("2026-03-01", PublicityFlagged(public=True, evidence="x")))


def test_a_private_bug_may_be_opened_in_the_embargo() -> None:
    assert decide(OpenBug(**AT, url="https://bugs.example.org/1", public=False), SET)


def test_an_issue_has_one_cve_id() -> None:
    """F1."""
    assert refused(AssignCve(**AT, cve="CVE-26-1", by="V")).rule == "cve.form"
    assert refused(AssignCve(**AT, cve="CVE-2026-1234", by=" ")).rule == "cve.by"
    assert refused(AssignCve(**AT, cve="CVE-2026-9999", by="V"), CVE).rule == "cve.one"
    assert refused(AssignCve(**AT, cve="cve-2026-1234", by="V"), CVE).rule == "cve.same"
    withdrawn, assigned = decide(AssignCve(**AT, cve="CVE-2026-9999", by="V", replaces=True), CVE)
    assert isinstance(withdrawn, CveWithdrawn)
    assert (withdrawn.cve, assigned.cve) == ("CVE-2026-1234", "CVE-2026-9999")


def test_a_patch_bears_what_the_case_knows() -> None:
    """F3: Reported-by always, the CVE id once there is one, the bug once it is open; who tested it the author knows."""
    assert "Reported-by" in refused(ProposeFix(**AT, commit="abc")).sentence
    trailers = ("Reported-by: A. Roe <roe@example.net>",)
    assert decide(ProposeFix(**AT, commit="abc", trailers=trailers))
    assert "CVE" in refused(ProposeFix(**AT, commit="abc", trailers=trailers), CVE).sentence
    more = (*trailers, "CVE: CVE-2026-1234", "Bug: https://bugs.example.org/1")
    (fix,) = decide(ProposeFix(**AT, commit="abc", trailers=more), CVE, BUG)
    assert (fix.version, fix.trailers) == (1, more)


def test_a_fault_in_the_patch_is_recorded_on_its_version() -> None:
    first = ("2026-02-22", FixProposed(version=1, commit="abc"))
    (fix,) = decide(ProposeFix(**AT, version=1, faulty="breaks migration"), first)
    assert (fix.version, fix.faulty) == (1, "breaks migration")
    assert refused(ProposeFix(**AT)).rule == "fix.where"


def test_a_bug_is_closed_with_its_commit() -> None:
    """The page: Fixed in: <commit hash/link>."""
    assert refused(CloseBug(**AT, commit="abc")).rule == "bug.none"
    assert refused(CloseBug(**AT, commit=" "), BUG).rule == "bug.commit"
    (closed,) = decide(CloseBug(**AT, commit="abc"), BUG)
    assert (closed.url, closed.commit) == ("https://bugs.example.org/1", "abc")


def test_only_branches_of_the_policy_are_recorded() -> None:
    assert refused(SetBranch(**AT, branch="stable-1", state="written")).rule == "branch.name"
    assert refused(SetBranch(**AT, branch="master", state="merged")).rule == "branch.commit"
    (branch,) = decide(SetBranch(**AT, branch="master", state="written"))
    assert isinstance(branch, BranchSet)


def test_a_branch_of_the_policys_form_is_recorded_with_all_that_is_known_of_it() -> None:
    """F4: several commits, tags, a date in the past; what has another form is none of the project's."""
    whole = {
        "commit": "6f4eae73a0bf", "further": ("cfc94140e598", "8fd2005cc059"), "introduced": ("77e8b6c62c48",),
        "vulnerable_tags": ("v1.0.5.1", "v1.0.5.2"), "fixed_tags": ("v1.0.5.3",), "when": at("2014-05-06"),
    }  # fmt: skip
    (found,) = decide(SetBranch(**AT, branch="v1.0.5-maint", state="released", **whole), policy="libvirt")
    assert {name: getattr(found, name) for name in whole} == whole
    assert refused(SetBranch(**AT, branch="v1.0.5/x-maint", state="written"), policy="libvirt").rule == "branch.name"
    assert refused(SetBranch(**AT, branch="--upload-pack=x-maint", state="written"), policy="libvirt").rule == "branch.name"
    late = refused(SetBranch(**AT, branch="master", state="merged", commit="abc", when=at("2026-03-02")))
    assert late.rule == "branch.when"


def test_a_partys_branch_bears_whose_it_is() -> None:
    """F4: other branches belong to parties; names repeat among distributions."""
    (found,) = decide(SetBranch(**AT, branch="rhel-9.4", owner=" secalert@vendor.example ", state="written"))
    assert (found.branch, found.owner) == ("rhel-9.4", "secalert@vendor.example")
    assert refused(SetBranch(**AT, branch="rhel-9.4", state="written")).rule == "branch.name"


def test_every_branch_that_is_known_must_be_done_and_parties_answer_for_theirs() -> None:
    """F4: a stable branch that the case knows counts like one that the policy names."""
    done = BranchSet(branch="master", state="released", commit="abc")
    behind = BranchSet(branch="v1.0.5-maint", state="vulnerable")
    theirs = BranchSet(branch="rhel-9.4", owner="v@example.org", state="vulnerable")
    policy = shipped("libvirt")
    day = "2026-02-25"
    assert not {"written", "fixed"} & facts(case((day, done), (day, behind), (day, theirs)), policy)
    for state in ("not-affected", "merged"):
        mended = BranchSet(branch="v1.0.5-maint", state=state, commit="def")
        assert {"written", "fixed"} <= facts(case((day, done), (day, behind), (day, theirs), (day, mended)), policy)
    assert "written" not in facts(case((day, BranchSet(branch="v1.0.5-maint", state="merged", commit="def"))), policy)


def test_who_reviewed_and_tested_is_named_or_stands_in_the_trailers() -> None:
    """F3: a version of the patch has its reviewers and testers."""
    trailers = ("Reported-by: A. Roe <roe@example.net>", "Reviewed-by: Bob Bell <bob@example.org>", "tested-by: Cy")
    (fix,) = decide(ProposeFix(**AT, commit="abc", trailers=trailers, testers=("Dee",)))
    assert (fix.reviewers, fix.testers) == (("Bob Bell <bob@example.org>",), ("Dee", "Cy"))


def test_an_announcement_goes_to_a_list_of_the_policy_and_says_where() -> None:
    """D1."""
    assert refused(Announce(**AT, list="qemu-security@nongnu.org", url="https://x")).rule == "announce.list"
    assert refused(Announce(**AT, list="devel@lists.libvirt.org"), policy="libvirt").rule == "announce.where"
    # What is recorded stays, and with a link that no form takes no advisory could be exported any more.
    for link in ("javascript:alert(1)", "https://lists.example.org/\x1b[31m<x>", "lists.example.org/1"):
        assert refused(Announce(**AT, list="devel@lists.libvirt.org", url=link), policy="libvirt").rule == "announce.url"


def test_an_archive_and_a_permission_need_their_proof() -> None:
    """R10 and F7."""
    report = "r1@example.net"
    assert refused(RecordArchive(**AT, report="other@x", evidence="sent")).rule == "archive.report"
    assert refused(RecordArchive(**AT, report=report)).rule == "archive.evidence"
    assert decide(RecordArchive(**AT, report=report, evidence="sent by hand"))
    assert refused(Permit(**AT, report=report, whom="vendor@example.com")).rule == "permission.proof"
    assert refused(Permit(**AT, report=report, whom=" ", why="said so")).rule == "permission.whom"
    assert decide(Permit(**AT, report=report, whom="vendor@example.com", why="said so on the telephone"))
    assert decide(Permit(**AT, report=report, whom="vendor@example.com", granted=False))


def test_a_colleagues_mail_is_no_reporters_permission() -> None:
    """F7: the mail that is named is the reporter's own, or somebody writes how theirs is known."""
    ours = MailArrived(mail="ours@x", digest="d2", report="r1@example.net", sender=Correspondent("Alice", "alice@x.example"))
    ask = Permit(**AT, report="r1@example.net", whom="psirt@vendor.example", proof="ours@x")
    refusal = refused(ask, ("2026-02-21", ours))
    assert (refusal.rule, refusal.sentence) == ("permission.whose", "That mail is from Alice, not from A. Roe.")
    assert decide(msgspec.structs.replace(ask, why="she quotes it"), ("2026-02-21", ours))
    assert decide(msgspec.structs.replace(ask, proof="r1@example.net"), ("2026-02-21", ours))
