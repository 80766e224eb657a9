"""A date in force that later events made too long is said loudly: as the first step, in the card, in a replay (E2, E7)."""

from seccon.core.case import Case, fold
from seccon.core.case_card import case_card
from seccon.core.journal.cases import Assessed, CaseAccepted, PublicityFlagged
from seccon.core.journal.embargoes import EmbargoSet, ListTold
from seccon.core.journal.work import FixProposed
from seccon.core.overrun import overrun, overrun_words
from seccon.core.steps import steps
from seccon.core.team import Roster
from seccon.desk.replay import replay
from tests.story import at, received, shipped, tell

RATED = ("2026-02-20", Assessed(genuine="yes", misuse="yes", severity="Critical"))
TAKEN = ("2026-02-20", CaseAccepted(id="X-1"))
LONG = ("2026-02-20", EmbargoSet(proposal="p1", until=at("2026-03-31"), why="the reporter's date", overrides=("two-weeks",)))
FIX = ("2026-02-24", FixProposed(version=1, mail="fix@example.net"))


def story(*events):
    return tell(*received(), RATED, TAKEN, *events)


def case_with(*events) -> Case:
    return fold(story(*events))


def first(case: Case, policy: str, now: str = "2026-02-25"):
    return steps(case, shipped(policy), at(now))[0]


def test_a_date_from_before_the_fix_is_judged_again_when_the_fix_comes() -> None:
    """The kernel's limits count from the fix: whatever date stood before, it is told of since when, by when."""
    step = first(case_with(LONG, FIX), "kernel")
    assert (step.id, step.verb) == ("shorten-embargo", "embargo")
    assert "The latest date is 2026-03-10 00:00Z." in step.why
    assert "since the fix of 2026-02-24: shorten it. At most 14 days from the fix" in step.why
    assert step.source == "extended to 14 calendar days if there are exceptional circumstances"


def test_a_list_that_was_told_later_makes_the_date_too_long() -> None:
    told = ("2026-02-22", ListTold(list="linux-distros@vs.openwall.org", when=at("2026-02-22"), why="by telephone"))
    assert first(case_with(LONG), "qemu").id != "shorten-embargo"
    case = case_with(LONG, told)
    assert [one.rule for one in overrun(case, shipped("qemu"))] == ["linux-distros.fourteen-days", "linux-distros.seven-days"]
    assert "since linux-distros was told on 2026-02-22" in first(case, "qemu").why


def test_an_aim_counts_until_somebody_wrote_the_reason_and_a_reason_from_before_the_fix_is_none() -> None:
    ten = EmbargoSet(proposal="p1", until=at("2026-03-06"), why="the reporter's date")
    assert [one.rule for one in overrun(case_with(("2026-02-20", ten), FIX), shipped("kernel"))] == ["seven-days"]
    assert overrun(case_with(FIX, ("2026-02-24", ten)), shipped("kernel")) == ()
    bare = EmbargoSet(proposal="p1", until=at("2026-03-31"))
    (found,) = overrun(case_with(("2026-02-20", bare)), shipped("qemu"))
    assert "shorten it, or agree on another date and write why" in overrun_words(found)


def test_a_date_that_ends_anyway_need_not_be_shortened() -> None:
    assert all(one.id != "shorten-embargo" for one in steps(case_with(LONG, FIX), shipped("kernel"), at("2026-04-01")))
    wild = ("2026-02-25", PublicityFlagged(exploited=True, evidence="x"))
    assert all(one.id != "shorten-embargo" for one in steps(case_with(LONG, FIX, wild), shipped("kernel"), at("2026-02-25")))


def test_card_and_replay_say_it() -> None:
    case, policy = case_with(LONG, FIX), shipped("kernel")
    card = case_card(case, policy, Roster(), at("2026-02-25"), {"embargo": "e"})
    assert any("exceeds what the process allows since the fix of 2026-02-24" in one for one in card.alarms)
    assert (card.step, card.step_key) == ("shorten embargo", "e")
    (replayed,) = replay(story(LONG, FIX), policy, at("2026-02-25"))
    assert replayed.over == overrun(case, policy)
