"""The negotiation and its limits (E1 E2 E3 E10), by the two shipped processes."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seccon.core.case import Case, fold
from seccon.core.embargo import total_days
from seccon.core.errors import RefusedError
from seccon.core.journal.cases import PublicityFlagged
from seccon.core.journal.embargoes import EmbargoAgreed, EmbargoEnded, EmbargoProposed, EmbargoRejected, EmbargoSet
from seccon.core.limits import check, exceeded, notes
from seccon.core.spans import add_months
from tests.story import at, received, shipped, tell


def case_with(*events, policy: str = "qemu@2020-12") -> Case:
    return fold(tell(*received(), *events, policy=policy))


PROPOSED = ("2026-02-20", EmbargoProposed(proposal="p1", party="team", until=at("2026-03-06")))
SET = ("2026-02-20", EmbargoSet(proposal="p1", until=at("2026-03-06")))


def test_a_proposal_is_no_embargo() -> None:
    case = case_with(PROPOSED)
    assert case.embargo.state == "proposed"
    assert not case.embargo.active


def test_while_a_revision_is_proposed_the_old_date_holds() -> None:
    """Vultron: the old one stays in force until the new one is agreed."""
    case = case_with(PROPOSED, SET, ("2026-02-25", EmbargoProposed(proposal="p2", party="team", until=at("2026-03-16"))))
    assert case.embargo.state == "revised"
    assert case.embargo.until == at("2026-03-06")
    assert [one.id for one in case.embargo.table] == ["p2"]


def test_of_two_proposals_the_shorter_is_first_on_the_table() -> None:
    other = EmbargoProposed(proposal="p2", party="roe@example.net", until=at("2026-03-01"))
    assert [one.id for one in case_with(PROPOSED, ("2026-02-21", other)).embargo.table] == ["p2", "p1"]


def test_a_counter_proposal_rejects_what_it_answers() -> None:
    counter = EmbargoProposed(proposal="p2", party="roe@example.net", until=at("2026-03-20"), counters="p1")
    embargo = case_with(PROPOSED, ("2026-02-21", counter)).embargo
    assert embargo.proposal("p1").rejected == ("roe@example.net",)
    assert embargo.state == "proposed"


def test_rejecting_the_only_proposal_leads_back() -> None:
    rejected = ("2026-02-21", EmbargoRejected(proposal="p1", party="roe@example.net"))
    assert case_with(PROPOSED, rejected).embargo.state == "none"


def test_who_agrees_after_rejecting_has_agreed() -> None:
    story = [PROPOSED, ("2026-02-21", EmbargoProposed(proposal="p2", party="x@example.org", until=at("2026-03-01")))]
    story += [("2026-02-21", EmbargoRejected(proposal="p1", party="a@b.example"))]
    story += [("2026-02-22", EmbargoAgreed(proposal="p1", party="a@b.example"))]
    proposal = case_with(*story).embargo.proposal("p1")
    assert proposal.agreed == ("team", "a@b.example")
    assert proposal.open


def test_a_date_that_passes_lifts_nothing() -> None:
    """E10: only a person's recorded release does."""
    case = case_with(PROPOSED, SET)
    assert case.embargo.active
    released = ("2026-03-06", EmbargoEnded(reason="released"))
    assert not case_with(PROPOSED, SET, released).embargo.active


def test_a_restart_opens_a_new_window_and_hides_no_day() -> None:
    """E3, also after an extension: limits bind each window, the days in all are shown."""
    story = [PROPOSED, SET]
    story += [("2026-02-25", EmbargoSet(proposal="p2", until=at("2026-03-16"), change="extension"))]
    story += [("2026-03-10", EmbargoSet(proposal="p3", until=at("2026-03-24"), change="restart"))]
    embargo = case_with(*story).embargo
    assert [window.start for window in embargo.windows] == [at("2026-02-20"), at("2026-03-10")]
    assert embargo.windows[0].until == at("2026-03-16")
    assert total_days(embargo) == 32


def test_two_weeks_are_preferred_and_more_wants_a_reason() -> None:
    """E2: an aim is overridden with a written reason, which names the rule and its source."""
    case, policy, now = case_with(), shipped("qemu"), at("2026-02-20")
    assert check(case, policy, at("2026-03-06"), "initial", "", now) == ()
    with pytest.raises(RefusedError, match="preferred embargo period") as refused:
        check(case, policy, at("2026-03-07"), "initial", "", now)
    assert refused.value.rule == "two-weeks"
    assert "upto 2 weeks" in refused.value.source
    assert check(case, policy, at("2026-03-07"), "initial", "a fix is hard", now) == ("two-weeks",)


def test_one_month_is_an_aim_and_a_calendar_month() -> None:
    case, policy, now = case_with(policy="libvirt@2013-06"), shipped("libvirt"), at("2026-01-31")
    rules = [one.rule for one in exceeded(case, policy, at("2026-02-28"), "initial", now)]
    assert rules == ["two-weeks"]
    rules = [one.rule for one in exceeded(case, policy, at("2026-03-01"), "initial", now)]
    assert set(rules) == {"one-month", "two-weeks"}
    assert add_months(now.date(), 1).isoformat() == "2026-02-28"


def test_an_extension_counts_from_where_the_window_began() -> None:
    case, policy = case_with(PROPOSED, SET), shipped("qemu")
    assert exceeded(case, policy, at("2026-03-09"), "extension", at("2026-03-05"))
    assert not exceeded(case, policy, at("2026-03-09"), "restart", at("2026-03-05"))


def test_of_several_limits_the_hard_ones_are_told_first() -> None:
    policy, case = shipped("qemu"), fold(tell(*received()))
    first = policy.embargo.limit[0]
    soft, hard = (msgspec.structs.replace(first, id=word, strength=word, when=()) for word in ("aim", "hard"))
    rule = msgspec.structs.replace(policy.embargo, limit=(soft, hard))
    found = exceeded(case, msgspec.structs.replace(policy, embargo=rule), at("2030-01-01"), "initial", at("2026-03-01"))
    assert [one.strength for one in found] == ["hard", "aim"]


def test_only_a_process_that_knows_a_restart_has_one() -> None:
    case, now = case_with(PROPOSED, SET), at("2026-03-05")
    with pytest.raises(RefusedError, match="knows no restart"):
        check(case, shipped("qemu"), at("2026-03-10"), "restart", "the patch is wrong", now)
    with pytest.raises(RefusedError, match="proposed patch"):
        check(case, shipped("libvirt"), at("2026-03-10"), "restart", " ", now)
    assert check(case, shipped("libvirt"), at("2026-03-10"), "restart", "the patch is wrong", now) == ()


def test_what_is_public_has_no_embargo() -> None:
    case = case_with(("2026-02-21", PublicityFlagged(public=True, evidence="https://example.org")))
    for name in ("qemu", "libvirt"):
        with pytest.raises(RefusedError, match="public"):
            check(case, shipped(name), at("2026-03-01"), "initial", "please", at("2026-02-22"))


def test_a_past_date_is_refused() -> None:
    with pytest.raises(RefusedError, match="not in the future"):
        check(case_with(), shipped("qemu"), at("2026-02-20"), "initial", "x", at("2026-02-20"))


def test_fridays_and_weekends_are_warned_of_in_the_zone_of_the_date() -> None:
    """E4: 23:30 UTC on a Thursday is a Friday in Tokyo."""
    assert [one.rule for one in notes(at("2026-03-05 23:30"), "Asia/Tokyo")] == ["friday"]
    assert notes(at("2026-03-05 23:30"), "UTC") == ()
    assert [one.rule for one in notes(at("2026-03-07"), "UTC")] == ["weekend"]


@given(st.integers(1, 200), st.integers(0, 200), st.integers(0, 30))
def test_extending_never_shortens_and_limits_never_loosen_with_time(days: int, more: int, later: int) -> None:
    """E2 E3: a date that is beyond a limit stays beyond it when it is moved out, whenever within the window that is done."""
    policy, case = shipped("libvirt"), case_with(SET, policy="libvirt@2013-06")
    start = at("2026-02-20")
    until, further = start + timedelta(days=days), start + timedelta(days=days + more)
    now = start + timedelta(days=later)
    over = {one.rule for one in exceeded(case, policy, until, "extension", now)}
    assert over <= {one.rule for one in exceeded(case, policy, further, "extension", now)}
    extended = case_with(SET, ("2026-02-21", EmbargoSet(proposal="p2", until=further, change="extension")))
    assert extended.embargo.windows[0].start == case.embargo.windows[0].start
    assert total_days(extended.embargo) >= days


def test_of_two_proposals_the_longer_is_a_revision_once_the_shorter_is_in_force() -> None:
    """Vultron: the shorter holds first."""
    short = ("2026-02-20", EmbargoProposed(proposal="p1", party="team", until=at("2026-03-01")))
    long = ("2026-02-20", EmbargoProposed(proposal="p2", party="roe@example.net", until=at("2026-03-06")))
    in_force = ("2026-02-21", EmbargoSet(proposal="p1", until=at("2026-03-01")))
    embargo = case_with(short, long, in_force).embargo
    assert (embargo.state, embargo.until, [one.id for one in embargo.table]) == ("revised", at("2026-03-01"), ["p2"])
    no = ("2026-02-22", EmbargoRejected(proposal="p2", party="team"))
    assert case_with(short, long, in_force, no).embargo.state == "active"
    anew = ("2026-02-20", EmbargoProposed(proposal="p3", party="roe@example.net", until=at("2026-03-01")))
    assert case_with(short, long, anew, in_force).embargo.state == "active"
    assert case_with(long, short, ("2026-02-21", EmbargoSet(proposal="p2", until=at("2026-03-06")))).embargo.state == "active"
    own = ("2026-02-20", EmbargoProposed(proposal="p2", party="team", until=at("2026-03-06")))
    assert case_with(own, short, in_force).embargo.state == "active"
