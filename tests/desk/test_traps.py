"""The traps of time and of negotiation, each as a history that `seccon policy replay` judges."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from seccon.core.journal import Body
from seccon.core.journal.cases import Acknowledged, Assessed, CaseClosed, CaseMerged, PolicyMoved
from seccon.core.journal.embargoes import EmbargoAgreed, EmbargoEnded, EmbargoProposed, EmbargoRejected, EmbargoSet
from seccon.core.journal.work import WaitingEnded, WaitingSet
from seccon.core.spans import NoSuchTimeError, TwoSuchTimesError
from seccon.core.typed import typed_instant
from seccon.desk.replay import Replayed, replay
from tests.story import at, received, shipped, tell

Event = tuple[str, Body]
ACK = ("2026-02-20", Acknowledged(report="r1@example.net", member="Bob", when=at("2026-02-20")))
RATED = ("2026-02-20", Assessed(genuine="yes", misuse="yes", apparent="Important", severity="Important"))
ROE = "roe@example.net"


def told(*events: Event, now: str, policy: str = "libvirt") -> Replayed:
    (found,) = replay(tell(*received(), *events), shipped(policy), at(now))
    return found


def agreed(name: str, when: str, until: str, change: str = "initial", why: str = "", restart: bool = False) -> list[Event]:
    """Propose, agree, put in force."""
    return [
        (when, EmbargoProposed(proposal=name, party="team", until=at(until), why=why, restart=restart)),
        (when, EmbargoAgreed(proposal=name, party=ROE, proof="m@example.net")),
        (when, EmbargoSet(proposal=name, until=at(until), change=change, why=why)),  # type: ignore[arg-type]
    ]


def objections(found: Replayed) -> list[tuple[int, str]]:
    return [(one.seq, one.rule) for one in found.objections]


def test_two_weeks_from_2026_02_20() -> None:
    assert objections(told(ACK, RATED, *agreed("p1", "2026-02-20", "2026-03-06"), now="2026-03-01")) == []
    over = told(ACK, RATED, *agreed("p1", "2026-02-20", "2026-03-06 00:01"), now="2026-03-01")
    assert {rule for _, rule in objections(over)} == {"two-weeks"}


def test_one_month_from_2026_01_31_is_a_calendar_month() -> None:
    rated = ("2026-01-31", RATED[1])
    story = [*received("2026-01-31"), rated]
    fits = replay(tell(*story, *agreed("p1", "2026-01-31", "2026-02-28")), shipped("libvirt"), at("2026-02-01"))[0]
    assert {one.rule for one in fits.objections} == {"two-weeks"}
    over = replay(tell(*story, *agreed("p1", "2026-01-31", "2026-03-02")), shipped("libvirt"), at("2026-02-01"))[0]
    assert "one-month" in {one.rule for one in over.objections}, "thirty days are longer than this month"


def test_a_window_across_the_change_to_summer_time_keeps_the_wall_clock() -> None:
    policy = shipped("libvirt")
    berlin = policy.embargo.__class__(
        **{name: getattr(policy.embargo, name) for name in policy.embargo.__struct_fields__} | {"zone": "Europe/Berlin"}
    )
    here = policy.__class__(**{name: getattr(policy, name) for name in policy.__struct_fields__} | {"embargo": berlin})
    start, noon = "2026-03-20 11:00", "2026-04-03 10:00"  # noon in Berlin, both
    assert at(noon).astimezone(ZoneInfo("Europe/Berlin")).hour == 12
    for until, rules in ((noon, set()), ("2026-04-03 10:01", {"two-weeks"})):
        found = replay(tell(*received("2026-03-20"), *agreed("p1", start, until)), here, at("2026-03-21"))[0]
        assert {one.rule for one in found.objections} == rules


def test_an_hour_that_does_not_exist_is_refused_and_one_that_exists_twice_is_asked_about() -> None:
    with pytest.raises(NoSuchTimeError):
        typed_instant("2026-03-29 02:30", "Europe/Berlin", "12:00")
    with pytest.raises(TwoSuchTimesError) as twice:
        typed_instant("2026-10-25 02:30", "Europe/Berlin", "12:00")
    assert twice.value.second - twice.value.first == timedelta(hours=1)


def test_half_past_eleven_utc_is_the_next_day_in_tokyo() -> None:
    found = told(ACK, RATED, *agreed("p1", "2026-02-20", "2026-03-05 23:30"), now="2026-03-05 23:00")
    assert found.case.embargo.until is not None
    assert found.case.embargo.until.astimezone(ZoneInfo("Asia/Tokyo")).day == 6
    assert typed_instant("2026-03-06 08:30", "Asia/Tokyo", "12:00") == found.case.embargo.until


def test_a_restart_after_an_extension_counts_anew_and_hides_no_day() -> None:
    first = agreed("p1", "2026-02-20", "2026-03-06")
    longer = agreed("p2", "2026-03-01", "2026-03-12", "extension", "the fix is large")
    anew = agreed("p3", "2026-03-10", "2026-03-24", "restart", "a problem with the proposed patch", restart=True)
    found = told(ACK, RATED, *first, *longer, *anew, now="2026-03-11")
    assert objections(found) == []
    assert [(one.start, one.until, one.change) for one in found.case.embargo.windows] == [
        (at("2026-02-20"), at("2026-03-12"), "extension"), (at("2026-03-10"), at("2026-03-24"), "restart"),
    ]  # fmt: skip
    none = told(ACK, RATED, *first, *anew, now="2026-03-11", policy="qemu")
    assert {rule for _, rule in objections(none)} == {"embargo.restart"}


def test_the_sixty_days_when_two_people_acknowledged_run_from_the_first() -> None:
    late = ("2026-02-22", Acknowledged(report="r1@example.net", member="Carol", when=at("2026-02-22")))
    early = ("2026-02-23", Acknowledged(report="r1@example.net", member="Bob", when=at("2026-02-21")))
    clocks = {one.id: one for one in told(late, early, now="2026-03-01", policy="qemu").readings}
    assert (clocks["sixty-days"].start, clocks["sixty-days"].due) == (at("2026-02-21"), at("2026-04-22"))


def test_a_report_acknowledged_before_it_was_indexed_owes_no_acknowledgement() -> None:
    story = [("2026-02-27", body) for _, body in received("2026-02-20")]
    before = ("2026-02-27", Acknowledged(report="r1@example.net", member="Bob", when=at("2026-02-19 23:59")))
    found = replay(tell(*story, before), shipped("qemu"), at("2026-02-28"))[0]
    assert {one.id: one.state for one in found.readings}["first-answer"] == "met", "answered before the list's copy came"
    assert "acknowledge" not in [one.id for one in found.steps]


def test_a_ninety_day_wish_against_a_fourteen_day_list_is_refused_whatever_the_reason() -> None:
    wish = EmbargoProposed(proposal="p1", party=ROE, until=at("2026-05-21"), why="ninety days are our rule", proof="m@x")
    found = told(("2026-02-20", wish), now="2026-02-21", policy="linux-distros")
    assert objections(found) == [(4, "fourteen-days")]


def test_a_rating_before_the_acknowledgement_has_met_its_clock() -> None:
    late = ("2026-02-22", Acknowledged(report="r1@example.net", member="Carol", when=at("2026-02-22")))
    clocks = {one.id: one.state for one in told(RATED, late, now="2026-04-01", policy="qemu").readings}
    assert clocks["triage"] == "met"


def test_rating_once_more_does_not_miss_what_was_kept() -> None:
    again = ("2026-03-20", RATED[1])
    clocks = {one.id: one.state for one in told(ACK, RATED, again, now="2026-04-01", policy="qemu").readings}
    assert clocks["triage"] == "met"


def test_a_wait_is_over_on_its_date_and_clocks_go_on_from_it() -> None:
    waits = ("2026-02-21", WaitingSet(whom="reporter", until=at("2026-02-25")))
    assert told(ACK, RATED, waits, now="2026-02-24").case.work.waiting is not None
    over = told(ACK, RATED, waits, now="2026-02-26")
    assert over.case.work.waiting is None
    assert "waiting" not in over.facts
    ended = ("2026-02-25", WaitingEnded(why="Its date has come."))
    assert objections(told(ACK, RATED, waits, ended, now="2026-02-26")) == []
    assert objections(told(ACK, RATED, ended, now="2026-02-26")) == [(6, "wait.end")]


def test_a_rejected_revision_leads_back_to_the_date_in_force() -> None:
    first = agreed("p1", "2026-02-20", "2026-03-06")
    wish = ("2026-02-22", EmbargoProposed(proposal="p2", party=ROE, until=at("2026-03-12"), why="x", proof="m@x"))
    no = ("2026-02-23", EmbargoRejected(proposal="p2", party="team"))
    found = told(ACK, RATED, *first, wish, no, now="2026-02-24")
    assert (found.case.embargo.state, found.case.embargo.until) == ("active", at("2026-03-06"))


def test_what_was_on_the_table_before_a_date_was_put_in_force_is_off_it() -> None:
    first = agreed("p1", "2026-02-20", "2026-03-06")
    longer = agreed("p2", "2026-02-21", "2026-03-08", "extension", "x")
    shorter = agreed("p3", "2026-02-22", "2026-03-05", "shortening")
    wish = ("2026-02-23", EmbargoProposed(proposal="p4", party="team", until=at("2026-03-04")))
    found = told(ACK, RATED, *first, *longer, *shorter, wish, now="2026-02-24")
    assert [one.id for one in found.case.embargo.table] == ["p4"]
    stale = ("2026-02-24", EmbargoAgreed(proposal="p2", party=ROE, proof="m@x"))
    assert objections(told(ACK, RATED, *first, *longer, *shorter, wish, stale, now="2026-02-24")) == [(16, "embargo.proposal")]


def test_a_rejected_proposal_after_the_end_leaves_it_ended() -> None:
    first = agreed("p1", "2026-02-20", "2026-03-06")
    end = ("2026-02-21", EmbargoEnded(reason="public", why="a blog has it"))
    wish = ("2026-02-22", EmbargoProposed(proposal="p2", party="team", until=at("2026-03-12")))
    no = ("2026-02-23", EmbargoRejected(proposal="p2", party=ROE, proof="m@x"))
    assert told(ACK, RATED, *first, end, wish, no, now="2026-02-24").case.embargo.state == "ended"


def test_another_date_than_the_agreed_one_is_objected_to() -> None:
    propose, agree, _ = agreed("p1", "2026-02-20", "2026-03-06")
    other = ("2026-02-20", EmbargoSet(proposal="p1", until=at("2026-03-05")))
    assert objections(told(ACK, RATED, propose, agree, other, now="2026-02-21")) == [(8, "embargo.proposal")]
    twice = ("2026-02-25", EmbargoSet(proposal="p9", until=at("2026-03-05")))
    found = told(ACK, RATED, *agreed("p1", "2026-02-20", "2026-03-06"), twice, now="2026-02-26")
    assert objections(found) == [(9, "embargo.change")]


def test_a_policy_that_moves_in_the_middle_is_read_by_the_one_that_was_asked_for() -> None:
    found = told(ACK, ("2026-02-21", PolicyMoved(to="qemu@2026-06", why="x")), RATED, now="2026-02-24", policy="qemu")
    assert found.case.policy == "qemu@2026-06"
    assert "sixty-days" in {one.id for one in found.readings}


def test_a_merged_file_owes_nothing() -> None:
    assert told(ACK, ("2026-02-21", CaseMerged(into=2)), now="2026-02-24").steps == ()


def test_a_closed_case_owes_nothing_and_its_clocks_stand() -> None:
    found = told(ACK, RATED, ("2026-02-22", CaseClosed(outcome="not-security", why="x")), now="2026-12-24", policy="qemu")
    assert found.steps == ()
    assert {one.state for one in found.readings} == {"met"}


@pytest.mark.parametrize("now", ["2026-02-20", "9999-12-31 23:59", "1970-01-01"])
def test_any_moment_can_be_looked_at(now: str) -> None:
    story = tell(*received(), ACK, RATED, *agreed("p1", "2026-02-20", "2026-03-06"))
    for policy in ("qemu", "libvirt", "kubernetes", "linux-distros", "psrt", "xen", "kernel"):
        for one in replay(story, shipped(policy), at(now)):
            assert all(reading.left(at(now)) or not reading.open for reading in one.readings)
