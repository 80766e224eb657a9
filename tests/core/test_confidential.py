"""Who outside the team may be told of a case (F7), and what naming another reporter means."""

import msgspec

from seccon.core.addressee import standing
from seccon.core.case import Case, fold
from seccon.core.circle import Circle, circle_of
from seccon.core.ids import MessageId
from seccon.core.journal import Body
from seccon.core.journal.cases import Acknowledged, CreditSet, ReporterSet, ReportLinked
from seccon.core.journal.embargoes import EmbargoProposed
from seccon.core.journal.work import PermissionRecorded, StaffTold
from seccon.core.report import Correspondent
from seccon.core.team import Roster
from tests.story import ROE, at, received, shipped, tell

R1, R2, VENDOR = MessageId("r1@example.net"), MessageId("r2@example.net"), "psirt@vendor.example"
DAY = "2026-02-21"


def permit(whom: str = VENDOR, report: MessageId = R1, *, granted: bool = True) -> Body:
    return PermissionRecorded(report=report, whom=whom, granted=granted, why="by phone")


def case_of(*bodies: Body) -> Case:
    return fold(tell(*received(), *((DAY, body) for body in bodies)))


def circle(*bodies: Body) -> Circle:
    return circle_of(case_of(*bodies), shipped("qemu"), Roster(), (), R1)


def may_know(address: str, *bodies: Body) -> bool:
    return standing(address, circle(*bodies))[0]


def test_a_third_party_is_told_nothing_without_the_reporters_permission() -> None:
    """QEMU 2020-12: not disclosed to third party organisations or individuals without prior permission."""
    assert not may_know(VENDOR)
    assert may_know(VENDOR, permit())
    assert may_know(VENDOR.upper(), permit())
    assert not may_know("other@vendor.example", permit())


def test_being_a_party_of_the_embargo_is_no_permission() -> None:
    proposed = EmbargoProposed(proposal="p1", party=VENDOR, until=at("2026-03-06"))
    assert not may_know(VENDOR, proposed)
    assert may_know(VENDOR, proposed, permit())


def test_the_latest_word_counts() -> None:
    assert not may_know(VENDOR, permit(), permit(granted=False))
    assert may_know(VENDOR, permit(granted=False), permit())


def test_permission_for_anyone_covers_everybody_but_public_lists() -> None:
    assert may_know("who@ever.example", permit("anyone"))
    assert not may_know("who@ever.example", permit("anyone"), permit("anyone", granted=False))
    policy = shipped("libvirt")
    drawn = circle_of(case_of(permit("anyone")), policy, Roster(), (), R1)
    public = next(one.address for one in policy.list if one.public)
    assert not standing(public, drawn)[0]


def test_each_reporter_must_permit_it() -> None:
    """One reporter's permission does not bind the other, whose finding would be told too."""
    second = ReportLinked(report=R2, reporter=Correspondent("J. Doe", "doe@example.com"))
    assert not may_know(VENDOR, second, permit())
    assert may_know(VENDOR, second, permit(), permit(report=R2))


def test_a_recorded_credit_permits_what_it_names_and_no_more() -> None:
    """F7: until they have said how they want to be credited, a reporter is not named to anybody outside."""
    both = {"roe@example.net", "a. roe"}
    assert circle().unnamed == {"roe@example.net": both}
    for credit, left in (
        ("A. Roe", {"roe@example.net"}), ("A. Roe <roe@example.net>; B. Doe", set()),
        ("anonymous", both), ("", both), ("n0body", both),
    ):  # fmt: skip
        assert circle(CreditSet(report=R1, credit=credit)).unnamed == ({"roe@example.net": left} if left else {})


def test_staff_whom_a_member_told_on_record_may_get_mail() -> None:
    told = StaffTold(member="Alice", staff="Ben Build <ben@vendor.example>, packager", why="builds the package")
    assert may_know("ben@vendor.example", told)
    assert not may_know("ben@elsewhere.example", told)


def test_another_reporter_is_owed_what_the_one_before_got() -> None:
    seen = Acknowledged(report=R1, member="Alice", when=at(DAY))
    other = ReporterSet(report=R1, reporter=Correspondent("E. Nwosu", "emeka@host.example", claimed=True), evidence="forwarded")
    before = case_of(seen, CreditSet(report=R1, credit="A. Roe"))
    after = fold(tell(*received(), (DAY, seen), (DAY, CreditSet(report=R1, credit="A. Roe")), (DAY, other)))
    assert before.reports[0].acknowledged
    assert (after.reports[0].acknowledged, after.reports[0].credit) == (None, None)


def test_the_same_reporter_by_a_better_name_stays_acknowledged() -> None:
    seen = Acknowledged(report=R1, member="Alice", when=at(DAY))
    renamed = msgspec.structs.replace(ROE, name="Ann Roe", address=ROE.address.upper())
    assert case_of(seen, ReporterSet(report=R1, reporter=renamed)).reports[0].acknowledged
