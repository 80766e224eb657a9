"""Who joins, who leaves, and the roster that follows from it, clause by clause (H1)."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seccon.core import admission
from seccon.core.errors import RefusedError
from seccon.core.ids import Fingerprint, MessageId, fingerprint
from seccon.core.journal import Body, Entry
from seccon.core.journal.work import MemberApproved, MemberLeft, MemberNominated, MemberPledged, MemberVouched
from seccon.core.policy import Admission
from seccon.core.roster_state import follow, roster_from, team_of
from seccon.core.team import Member, Roster
from tests.story import at, shipped

ALICE = Member("Alice Ames", ("alice@team.example",), "alice")
BOB = Member("Bob Bell", ("bob@team.example", "bob@home.example"), "bob")
BASE = Roster((ALICE, BOB))
YEJIN, KEY = "yejin@vendor.example", fingerprint("AB" * 20)
RULES = (Admission(sentence="An existing member will have to vouch.", source="the page"),)


def history(*told: tuple[str, Body], since: str = "2026-03-01") -> list[Entry]:
    """Write the team's file: pairs of who wrote and what, a day each."""
    day = at(since)
    return [Entry(0, seq, day.replace(day=seq), by, "", body) for seq, (by, body) in enumerate(told, 1)]


NOMINATED = (
    "alice",
    MemberNominated(address=YEJIN, name="Ye-jin Park", company="Hanok", fingerprint=KEY, mail=MessageId("ask@v")),
)
VOUCHED = ("bob", MemberVouched(address=YEJIN, why="met at two conferences"))
PLEDGED = ("alice", MemberPledged(address=YEJIN, proof=MessageId("ask@v")))
APPROVED = ("alice", MemberApproved(address=YEJIN, login="yejin"))
LEFT = ("alice", MemberLeft(address=YEJIN, why="changed jobs", rotate=("list password",)))


def refusal(ask: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as refused:
        ask()
    return refused.value.rule


def approve(told: Sequence[tuple[str, Body]], by: str = "alice", login: str = "yejin", rules: admission.Rules = RULES) -> Body:
    team = team_of(history(*told))
    return admission.approve(team, roster_from(BASE, team), YEJIN, by, login, "", rules)


def test_nobody_joins_without_a_voucher_and_the_refusal_cites_the_process() -> None:
    with pytest.raises(RefusedError) as refused:
        approve([NOMINATED, PLEDGED])
    assert refused.value.rule == "approve.vouched"
    assert refused.value.source == "the page"
    assert "An existing member will have to vouch." in str(refused.value)


def test_nobody_joins_without_the_promise_to_honour_embargoes() -> None:
    assert refusal(lambda: approve([NOMINATED, VOUCHED])) == "approve.pledged"
    assert isinstance(approve([NOMINATED, VOUCHED], rules=(Admission(pledge=False),)), MemberApproved)


def test_who_fulfils_all_of_it_is_admitted() -> None:
    assert approve([NOMINATED, VOUCHED, PLEDGED]) == MemberApproved(address=YEJIN, login="yejin")


def test_the_strictest_of_several_processes_decides() -> None:
    rules = (*RULES, Admission(vouches=2, source="the other page"))
    with pytest.raises(RefusedError, match="2 members must vouch") as refused:
        approve([NOMINATED, VOUCHED, PLEDGED], rules=rules)
    assert refused.value.source == "the other page"
    second = ("alice", MemberVouched(address=YEJIN, why="reviewed her patches"))
    assert approve([NOMINATED, VOUCHED, second, PLEDGED], rules=rules)


def test_nobody_vouches_for_themselves_nor_twice() -> None:
    team = team_of(history(NOMINATED, VOUCHED))
    roster = Roster((*BASE.members, Member("Ye-jin Park", (YEJIN,), "yejin")))
    assert refusal(lambda: admission.vouch(team, roster, YEJIN, "yejin", "I am good", RULES)) == "vouch.self"
    assert refusal(lambda: admission.vouch(team, BASE, YEJIN, "bob", "again", RULES)) == "vouch.twice"
    assert refusal(lambda: admission.vouch(team, BASE, YEJIN, "alice", " ", RULES)) == "vouch.why"


def test_only_a_member_vouches_and_approves_and_never_on_an_empty_roster() -> None:
    team = team_of(history(NOMINATED, VOUCHED, PLEDGED))
    for roster in (BASE, Roster()):
        assert refusal(lambda roster=roster: admission.vouch(team, roster, YEJIN, "mallory", "x", RULES)) == "vouch.member"  # type: ignore[misc]
        assert refusal(lambda roster=roster: admission.approve(team, roster, YEJIN, "mallory", "", "", RULES)) == "approve.member"  # type: ignore[misc]


def test_the_word_of_a_member_who_left_admits_nobody() -> None:
    gone = ("alice", MemberLeft(address="bob@home.example", why="left"))
    assert refusal(lambda: approve([NOMINATED, VOUCHED, PLEDGED, gone])) == "approve.vouched"


def test_another_nomination_begins_anew() -> None:
    """Neither the word nor the promise of another time counts."""
    told = [NOMINATED, VOUCHED, PLEDGED, APPROVED, LEFT, NOMINATED]
    team = team_of(history(*told))
    rules = [one.rule for one in admission.lacking(team, roster_from(BASE, team), team.people[YEJIN], RULES)]
    assert rules == ["approve.vouched", "approve.pledged"]


def test_a_login_that_is_taken_is_refused() -> None:
    assert refusal(lambda: approve([NOMINATED, VOUCHED, PLEDGED], login="bob")) == "approve.login"


def test_an_admitted_member_is_on_the_roster_from_then_on_and_their_claimed_key_is_no_trust() -> None:
    team = team_of(history(NOMINATED, VOUCHED, PLEDGED, APPROVED))
    roster = roster_from(BASE, team)
    member = roster.by_login("yejin")
    assert member is not None
    assert member.key is None
    assert roster.by_address(YEJIN.upper(), at("2026-03-03")) is None, "her mail before it is not the team's"
    assert roster.by_address(YEJIN, at("2026-03-05")) == member
    pinned = roster_from(BASE, team, {YEJIN: Fingerprint(KEY)}).by_login("yejin")
    assert pinned is not None
    assert pinned.key == KEY


def test_who_left_may_not_act_and_keeps_their_name_on_what_they_did() -> None:
    for who, login in ((LEFT, "yejin"), (("alice", MemberLeft(address="bob@team.example", why="left")), "bob")):
        team = team_of(history(NOMINATED, VOUCHED, PLEDGED, APPROVED, who))
        roster = roster_from(BASE, team)
        assert roster.by_login(login) is None, "the journal has the last word, whatever the configuration says"
        assert roster.display(login) in ("Ye-jin Park", "Bob Bell")


def test_mail_of_who_left_is_the_teams_before_and_not_after() -> None:
    team = team_of(history(("alice", MemberLeft(address="bob@team.example", why="left"))))
    roster = roster_from(BASE, team)
    assert roster.by_address("bob@home.example", at("2026-02-28")) is not None
    assert roster.by_address("bob@home.example", at("2026-03-01")) is None
    assert roster.by_address("bob@home.example") is None


def test_a_member_of_the_configuration_who_left_comes_back_by_the_journal_alone() -> None:
    told = [
        ("alice", MemberLeft(address="bob@team.example", why="left")),
        ("alice", MemberNominated(address="bob@team.example", why="he is back")),
        ("alice", MemberApproved(address="bob@team.example")),
    ]
    roster = roster_from(BASE, team_of(history(*told)))
    assert [member.name for member in roster.members] == ["Alice Ames", "Bob Bell"]
    assert roster.by_address("bob@team.example", at("2026-03-02")) is None, "while he was away he was none of us"


def test_the_last_member_cannot_leave() -> None:
    assert refusal(lambda: admission.leave(Roster((ALICE,)), "alice@team.example", "tired", ())) == "leave.last"


def test_leaving_names_what_must_be_rotated_by_every_process() -> None:
    rules = tuple(shipped(name).admission for name in ("qemu", "libvirt"))
    rotate = admission.rotation(rules)
    assert any("passwords" in item for item in rotate)
    assert any("keys" in item for item in rotate)
    assert len(rotate) == len(set(rotate))
    assert admission.leave(BASE, "bob@home.example", "left", rotate).rotate == rotate


def test_a_seat_is_there_while_nobody_sits_on_it() -> None:
    team = team_of([Entry(0, 1, at("2026-03-01"), "alice", "", admission.open_seat(team_of([]), " Hanok  Linux ", ""))])
    assert [seat.vendor for seat in team.seats.values()] == ["Hanok Linux"]
    assert refusal(lambda: admission.open_seat(team, "HANOK linux", "")) == "seat.twice"
    closed = admission.close_seat(team, "hanok linux", "no longer ships it")
    assert not follow(team, Entry(0, 2, at("2026-03-02"), "alice", "", closed)).seats


@pytest.mark.parametrize("name", ["qemu", "libvirt", "generic"])
def test_the_shipped_processes_want_a_voucher_and_a_promise_and_say_where_it_stands(name: str) -> None:
    rule = shipped(name).admission
    assert (rule.vouches, rule.pledge) == (1, True)
    assert rule.source
    assert rule.rotate


@given(st.lists(st.sampled_from([NOMINATED, VOUCHED, PLEDGED, APPROVED, LEFT]), max_size=12))
def test_whatever_happens_nobody_is_a_member_and_gone_at_once_and_the_fold_goes_on(told: list[tuple[str, Body]]) -> None:
    entries = history(*told)
    team = team_of(entries)
    halfway = team_of(entries[: len(entries) // 2])
    for entry in entries[len(entries) // 2 :]:
        halfway = follow(halfway, entry)
    assert halfway == team
    roster = roster_from(BASE, team)
    logins = [member.login for member in roster.members if member.login]
    assert len(logins) == len(set(logins))
    assert all(member.until is None for member in roster.members)
