"""The two pages sentence by sentence, where no test of a rule proves it: what they list, name and ask stands in the policies."""

import msgspec
import pytest

from seccon.core.case import fold
from seccon.core.facts import facts
from seccon.core.journal.cases import Acknowledged, Assessed, CaseAccepted, CreditSet, ReportLinked
from seccon.core.journal.embargoes import EmbargoProposed
from seccon.core.journal.parties import PartyInvited
from seccon.core.journal.work import BranchSet
from seccon.core.limits import exceeded
from seccon.core.report import Correspondent
from seccon.core.steps import steps
from seccon.desk.embargo import missing
from tests.mailroom import letter, open_mailroom
from tests.story import at, received, shipped, tell

QEMU, LIBVIRT = shipped("qemu"), shipped("libvirt")
DAY = "2026-02-20"
ACK = (DAY, Acknowledged(report="r1@example.net", member="Bob", when=at(DAY)))  # type: ignore[arg-type]
RATED = (DAY, Assessed(genuine="yes", misuse="yes", severity="Important"))
TAKEN = (DAY, CaseAccepted(id="X-2026-001"))  # type: ignore[arg-type]

ITEMS = {
    "version": "QEMU version, upstream commit/tag",
    "architecture": "Host & Guest architecture x86/Arm/PPC, 32/64 bit etc.",
    "code": "Affected code area/snippets",
    "trace": "Stack traces, crash details",
    "reproducer": "Malicious inputs/reproducer steps etc.",
    "configuration": "Any configurations/settings required to trigger the issue.",
    "command-line": "Please share the QEMU command line used to invoke a guest VM.",
    "credit": "Please specify whom to acknowledge for reporting this issue.",
}


def test_a_report_to_qemu_is_asked_for_each_thing_that_the_page_lists() -> None:
    assert {one.id: one.source for one in QEMU.item} == ITEMS
    assert all(one.ask for one in QEMU.item)


def test_the_triage_asks_the_pages_questions() -> None:
    """Confirm whether the issue is genuine; validate if it can be misused; determine its worst case impact and severity."""
    asked = {one.id: one.ask for one in QEMU.severity.question}
    assert list(asked) == ["genuine", "misuse", "impact"]
    assert "genuine" in asked["genuine"]
    assert "misused for malicious purposes" in asked["misuse"]
    assert "worst-case impact" in asked["impact"]
    assert QEMU.severity.scale == ("Low", "Moderate", "Important", "Critical")
    assert [one.id for one in LIBVIRT.severity.question] == ["genuine", "misuse", "impact"]


def test_what_is_not_for_the_list_is_refused_in_the_pages_words() -> None:
    clauses = {one.id: one.clause for one in QEMU.reason}
    assert clauses["language"] == "You can contact us in English. We are unable to respond in other languages."
    assert clauses["technical-assistance"].startswith("You require technical assistance")
    assert clauses["upgrade"] == "You need help upgrading QEMU due to security alerts."
    assert clauses["not-security"] == "Your issue is not security related."


@pytest.mark.parametrize(
    ("policy", "to", "subject", "comes"),
    [
        ("qemu", "qemu-security@nongnu.org", "an overflow", True),
        ("qemu", "secalert@redhat.com", "encrypted", True),
        ("qemu", "someone@example.org", "[QEMU-SECURITY] an overflow", True),
        ("qemu", "qemu-devel@nongnu.org", "a patch", False),
        ("libvirt", "libvirt-security@redhat.com", "a link is followed", True),
        ("libvirt", "security@lists.libvirt.org", "a link is followed", True),
        ("libvirt", "devel@lists.libvirt.org", "a patch", False),
    ],
)
def test_a_mail_to_each_address_of_the_page_is_a_report_and_no_other(policy: str, to: str, subject: str, comes: bool) -> None:
    with open_mailroom() as room:
        room.fill([letter(subject, to=to)])
        assert room.notmuch("count", shipped(policy).intake.reports).strip() == str(int(comes))


@pytest.mark.parametrize(
    ("policy", "owner"), [("qemu", "qemu-security-owner@nongnu.org"), ("libvirt", "libvirt-security-owner@redhat.com")]
)
def test_the_lists_notice_of_a_held_post_is_found(policy: str, owner: str) -> None:
    """It is invitation only and moderated for non-members."""
    with open_mailroom() as room:
        room.fill(
            [letter("Security post from jane@x requires approval", sender=owner, to="mod@x"), letter("approval", to="mod@x")]
        )
        assert room.notmuch("count", shipped(policy).moderation.notices).strip() == "1"


def test_details_of_an_encrypted_report_go_to_the_list_after_the_triage_not_before() -> None:
    story = received()
    when, mail = story[-1]
    secret = [*story[:-1], (when, msgspec.structs.replace(mail, encrypted=True)), ACK]
    assert "archive" not in {one.id for one in steps(fold(tell(*secret)), QEMU, at(DAY))}
    assert "archive" in {one.id for one in steps(fold(tell(*secret, RATED)), QEMU, at(DAY))}
    (archive,) = (one.address for one in QEMU.list if "archive" in one.purpose)
    assert archive == "qemu-security@nongnu.org"


def test_each_reporter_says_how_to_be_acknowledged() -> None:
    other = ReportLinked(report="r2@example.net", reporter=Correspondent("Two", "two@example.net"), arrived=at(DAY))  # type: ignore[arg-type]
    first = (DAY, CreditSet(report="r1@example.net", credit="A. Roe"))  # type: ignore[arg-type]
    second = (DAY, CreditSet(report="r2@example.net", credit=""))  # type: ignore[arg-type]
    assert "credited" not in facts(fold(tell(*received(), (DAY, other), first)), QEMU)
    assert "credited" in facts(fold(tell(*received(), (DAY, other), first, second)), QEMU)


def test_of_two_who_acknowledged_the_earlier_starts_the_sixty_days() -> None:
    """Trap: the 60 days when two people acknowledged."""
    for first, second in (("2026-02-20", "2026-02-23"), ("2026-02-23", "2026-02-20")):
        acks = [
            ("2026-02-23", Acknowledged(report="r1@example.net", member=who, when=at(when)))  # type: ignore[arg-type]
            for who, when in (("Bob", first), ("Eve", second))
        ]
        report = fold(tell(*received(), *acks)).reports[0]
        assert report.acknowledged is not None
        assert report.acknowledged.when == at("2026-02-20")


@pytest.mark.parametrize("policy", [QEMU, LIBVIRT], ids=lambda one: one.name)
def test_other_relevant_parties_agree_to_the_date_too(policy) -> None:
    """By mutual agreement between reporter(s), members of the list and other relevant parties to the problem."""
    invited = (DAY, PartyInvited(party="sec@vendor.example", name="Vendor"))
    proposed = (DAY, EmbargoProposed(proposal="p1", party="team", until=at("2026-03-01")))
    case = fold(tell(*received(), RATED, invited, proposed))
    assert missing(case, policy, case.embargo.table[0]) == ("roe@example.net", "sec@vendor.example")


def test_two_weeks_are_the_aim_also_where_a_month_is_allowed() -> None:
    """The general aim of the team is to have embargo dates which are two weeks or less in duration."""
    case = fold(tell(*received(), RATED))
    assert [one.rule for one in exceeded(case, LIBVIRT, at("2026-03-06"), "initial", at(DAY))] == []
    assert [one.rule for one in exceeded(case, LIBVIRT, at("2026-03-07"), "initial", at(DAY))] == ["two-weeks"]


def test_the_fix_goes_to_master_and_to_every_stable_branch_that_is_known() -> None:
    """A fix for all official stable branches of libvirt; published for GIT master and each maintained stable branch."""
    assert LIBVIRT.branch_names == ("master",)
    assert LIBVIRT.rule_of("v9.1-maint") is not None
    assert LIBVIRT.rule_of("feature-x") is None
    done = (DAY, BranchSet(branch="master", state="released", commit="abc"))
    behind = (DAY, BranchSet(branch="v9.1-maint", state="vulnerable"))
    assert "fixed" in facts(fold(tell(*received(), RATED, TAKEN, done)), LIBVIRT)
    assert "fixed" not in facts(fold(tell(*received(), RATED, TAKEN, done, behind)), LIBVIRT)


def test_branches_of_two_distributions_stand_side_by_side_whatever_they_are_called() -> None:
    """The distro maintainers backport to other release branches where applicable."""
    theirs = [(DAY, BranchSet(branch="stable", owner=f"{one}@example.org", state="vulnerable")) for one in ("a", "b")]
    own = (DAY, BranchSet(branch="v9.1-maint", state="merged", commit="abc"))
    assert len(fold(tell(*received(), own, *theirs)).work.branches) == 3


def test_the_private_lists_carry_what_the_pages_say_and_the_announcements_are_public() -> None:
    """Each list with its purpose: reports and archive private, to each member's key where the list has none."""
    private = {one.address: one.transport for one in (*QEMU.list, *LIBVIRT.list) if not one.public}
    assert private["qemu-security@nongnu.org"] == "members"
    assert private["secalert@redhat.com"] == "list-key"
    assert set(private) >= {"libvirt-security@redhat.com", "security@lists.libvirt.org"}
    announce = {one.address for one in LIBVIRT.list if "announce" in one.purpose and not one.if_told}
    assert announce == {"devel@lists.libvirt.org", "announce@lists.libvirt.org"}
    assert all(one.public for one in LIBVIRT.list if "announce" in one.purpose)
