"""The smaller processes: what each wants next differs as `policies.md` tells, and nothing of it is written in Python."""

import pytest

from seccon.core.case import fold
from seccon.core.clocks import readings
from seccon.core.journal.cases import Assessed, CaseAccepted, PublicityFlagged
from seccon.core.journal.embargoes import EmbargoProposed, EmbargoSet
from seccon.core.journal.work import BranchSet, FixProposed
from seccon.core.steps import steps
from tests.story import at, received, shipped, tell

DAY = "2026-02-22"
ACCEPTED = (DAY, CaseAccepted(id="X-2026-001"))
FIX = (DAY, FixProposed(version=1, mail="fix@example.net"))
IN_THE_WILD = (DAY, PublicityFlagged(exploited=True, evidence="https://example.org"))
EMBARGO = (
    (DAY, EmbargoProposed(proposal="p1", party="team", until=at("2026-03-01"))),
    (DAY, EmbargoSet(proposal="p1", until=at("2026-03-01"))),
)
OTHERS = ["generic", "kernel", "kubernetes", "libvirt", "libvirt-2020s", "linux-distros", "psrt", "qemu", "xen"]


def owed(policy: str, *events, severity: str = "Critical") -> list[str]:
    rated = (DAY, Assessed(genuine="yes", misuse="yes", severity=severity))
    case = fold(tell(*received(), rated, ACCEPTED, *events))
    return [one.id for one in steps(case, shipped(policy), at("2026-02-23"))]


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_exploited_wants_no_embargo_and_ends_the_one_there_is(name: str) -> None:
    """T7; Vultron: an embargo should end when the matter is exploited."""
    assert "propose-embargo" not in owed(name, IN_THE_WILD, FIX)
    held = owed(name, *EMBARGO, IN_THE_WILD)
    assert "end-exploited" in held
    assert "end-exploited" not in owed(name, *EMBARGO)


@pytest.mark.parametrize(("name", "low"), [("generic", False), ("kubernetes", False), ("xen", True), ("linux-distros", True)])
def test_the_step_to_an_embargo_is_owed_as_the_policys_own_rule_says(name: str, low: bool) -> None:
    assert "propose-embargo" in owed(name, FIX)
    assert ("propose-embargo" in owed(name, FIX, severity="Low")) is low
    assert ("fix-openly" in owed(name, FIX, severity="Low")) is not low


def test_the_kernels_clock_starts_when_a_fix_exists_and_the_cve_comes_after_the_stable_tree() -> None:
    assert owed("kernel") == ["acknowledge", "fix"]
    assert "propose-embargo" in owed("kernel", FIX)
    branches = [(DAY, BranchSet(branch=name, state="merged", commit="a" * 40)) for name in ("mainline", "stable")]
    assert "cve" not in owed("kernel", FIX, branches[0])
    assert "cve" in owed("kernel", FIX, *branches)


def test_the_process_without_mail_promises_no_time_and_wants_no_embargo() -> None:
    policy = shipped("qemu-2026-06")
    case = fold(tell(*received(), (DAY, Assessed(genuine="yes", misuse="yes", severity="Critical")), ACCEPTED))
    assert not policy.mail
    assert readings(case, policy, at("2026-03-30")) == ()
    assert [one.id for one in steps(case, policy, at("2026-03-30"))] == ["acknowledge", "cve", "bug", "fix"]
    assert "end-embargo" in owed("qemu-2026-06", *EMBARGO)


def test_the_boundary_is_a_reason_that_can_be_cited() -> None:
    """I7: outside the security boundary."""
    (clause,) = (one.clause for one in shipped("qemu").reason if one.id == "boundary")
    for said in ("TCG is outside", "aarch64: virt", "microvm, xenfv, xenpv, xenpvh, pc, q35", "s390-ccw-virtio", "pseries"):
        assert said in clause


def test_a_report_by_a_tool_is_asked_for_more_where_the_process_says_so() -> None:
    asked = {one.id for one in shipped("libvirt-2020s").item}
    assert asked == {"details", "reproducer", "release", "tool", "patch"}
    assert {one.id for one in shipped("libvirt").item} == {"details", "reproducer"}


def test_ninety_days_are_told_of_at_fourteen_seven_one_and_none() -> None:
    (rule,) = (one for one in shipped("psrt").clock if one.id == "ninety-days")
    assert [str(one) for one in rule.warn] == ["14 days", "7 days", "1 day", "0 days"]
