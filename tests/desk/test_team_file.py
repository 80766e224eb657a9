"""The team's file at work: what is written is seen by every office at its next question (H1)."""

import msgspec
import pytest

from seccon.core.errors import ConflictError, RefusedError
from seccon.core.ids import TEAM_FILE, MessageId
from seccon.core.journal.cases import CaseClosed
from seccon.core.team_view import TeamLine
from seccon.desk.admit import Approve, Leave, Nominate, OpenSeat, RecordPledge, Vouch, last_entry
from seccon.desk.annotate import AddNote
from seccon.desk.membership import NominateByMail
from seccon.desk.office import Office
from seccon.desk.pins import pins_of
from seccon.desk.read_team import ReadTeam
from seccon.desk.request import require_member
from seccon.desk.roster import known_roster, roster_of
from tests.outgoing import DOE, Scene

YEJIN = "yejin@vendor.example"


def as_person(scene: Scene, login: str) -> Office:
    return msgspec.structs.replace(scene.office, person=login)


def admit(scene: Scene) -> None:
    alice, bob = scene.office, as_person(scene, "bob")
    Nominate(seen=last_entry(alice), address=YEJIN, name="Ye-jin Park", company="Hanok", why="ships it").perform(alice)
    Vouch(seen=last_entry(bob), address=YEJIN, why="met her").perform(bob)
    RecordPledge(seen=last_entry(alice), address=YEJIN, proof=MessageId("pledge@v")).perform(alice)
    Approve(seen=last_entry(alice), address=YEJIN, login="yejin").perform(alice)


def test_an_admitted_member_may_decide_and_who_left_may_not(scene: Scene) -> None:
    case, hers = scene.report(), as_person(scene, "yejin")
    with pytest.raises(RefusedError, match="nobody on the roster"):
        AddNote(case=case, seen=3, text="mine").perform(hers)
    admit(scene)
    AddNote(case=case, seen=3, text="mine").perform(hers)
    Leave(seen=last_entry(scene.office), address=YEJIN, why="changed jobs", rotate=("password",)).perform(scene.office)
    with pytest.raises(RefusedError, match="Ye-jin Park left the team"):
        AddNote(case=case, seen=4, text="again").perform(hers)
    assert roster_of(scene.office).display("yejin") == "Ye-jin Park"


def test_another_console_sees_the_change_at_its_next_question(scene: Scene) -> None:
    admit(scene)
    assert roster_of(as_person(scene, "bob")).by_address(YEJIN) is not None
    assert known_roster(scene.office).by_login("yejin") is not None
    other = msgspec.structs.replace(scene.office, roster=msgspec.structs.replace(scene.office.roster, members=()))
    assert [member.name for member in roster_of(other).members] == ["Ye-jin Park"], "each configuration has its own base"


def test_a_member_of_the_configuration_who_left_may_not_act_and_their_key_is_trusted_no_more(scene: Scene) -> None:
    alice = as_person(scene, "alice")
    assert pins_of(scene.office).of("alice@team.example.org")
    Leave(seen=0, address="alice@team.example.org", why="retired").perform(as_person(scene, "bob"))
    with pytest.raises(RefusedError, match="left the team"):
        require_member(alice)
    assert pins_of(scene.office).of("alice@team.example.org") is None


def test_two_who_write_at_once_do_not_overwrite_each_other(scene: Scene) -> None:
    OpenSeat(seen=0, vendor="Hanok").perform(scene.office)
    with pytest.raises(ConflictError):
        OpenSeat(seen=0, vendor="Deb").perform(as_person(scene, "bob"))


def test_a_stranger_on_the_host_changes_nothing_about_the_team(scene: Scene) -> None:
    with pytest.raises(RefusedError):
        OpenSeat(seen=0, vendor="Hanok").perform(as_person(scene, "mallory"))
    assert scene.office.ledger.entries(TEAM_FILE) == ()


def test_a_request_by_mail_is_nominated_with_the_mail_and_the_file_ends_as_membership(scene: Scene) -> None:
    case = scene.report(DOE, subject="please let me join")
    NominateByMail(case=case, seen=3, address=DOE.address, name=DOE.name, key="AB" * 20).perform(scene.office)
    (nominated,) = scene.office.ledger.entries(TEAM_FILE)
    assert getattr(nominated.body, "mail", None) == "report1@other.example.com"
    closed = scene.office.ledger.entries(case)[-1].body
    assert isinstance(closed, CaseClosed)
    assert closed.outcome == "membership"


def test_a_request_that_is_refused_leaves_both_files_as_they_were(scene: Scene) -> None:
    case = scene.report(DOE)
    with pytest.raises(RefusedError, match="40 hexadecimal digits"):
        NominateByMail(case=case, seen=3, address=DOE.address, key="ABCD 1234").perform(scene.office)
    with pytest.raises(ConflictError):
        NominateByMail(case=case, seen=2, address=DOE.address).perform(scene.office)
    assert scene.office.ledger.entries(TEAM_FILE) == ()
    assert len(scene.office.ledger.entries(case)) == 3


def lines(scene: Scene, standing: str) -> list[TeamLine]:
    return [line for line in ReadTeam().perform(scene.office).lines if line.standing == standing]


def test_the_screen_is_told_who_lacks_what_which_key_can_be_used_and_which_seat_is_empty(scene: Scene) -> None:
    Nominate(seen=0, address=YEJIN, name="Ye-jin Park", company="Hanok", why="ships it", key="AB" * 20).perform(scene.office)
    OpenSeat(seen=1, vendor="Hanok").perform(scene.office)
    (nominee,) = lines(scene, "nominee")
    assert nominee.state == "lacks vouch, pledge"
    assert nominee.key == "claimed"
    (seat,) = lines(scene, "seat")
    assert seat.state == "empty; nominated: Ye-jin Park"
    alice, bob = lines(scene, "member")
    assert (alice.key, bob.key) == ("usable", "no key")
    (own,) = lines(scene, "own")
    assert own.address == "security@team.example.org"
    Leave(seen=2, address="bob@team.example.org", why="gone", rotate=("list password",)).perform(scene.office)
    (former,) = lines(scene, "former")
    assert ("rotate", "list password", "warn") in former.said
