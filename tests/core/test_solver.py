"""The latest date and the rule that decides it (E7): a 90-day wish against a list of 14, the kernel's 7 and 14, properties."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seccon.core.case import Case, fold
from seccon.core.errors import RefusedError
from seccon.core.journal.cases import MailArrived
from seccon.core.journal.embargoes import EmbargoProposed, EmbargoSet, EmbargoWished, ListTold
from seccon.core.journal.parties import PartyInvited, PartyRemoved, PartyTold
from seccon.core.journal.replies import ReplyFailed, ReplyQueued, ReplySent, SentTo
from seccon.core.journal.work import FixProposed
from seccon.core.limits import check
from seccon.core.outside import first_post
from seccon.core.outward import EmbargoRule, Limit, Outside
from seccon.core.solver import Bounds, solve, would
from seccon.core.spans import Span
from seccon.desk.embargo import ProposeEmbargo, SetEmbargo
from seccon.desk.list_told import RecordListTold
from tests.story import ROE, at, received, shipped, tell

NOW = at("2026-02-22")
DISTROS, KERNEL = "linux-distros@vs.openwall.org", "security@kernel.org"
WISH = ("2026-02-20", EmbargoWished(report="r1@example.net", length="90 days", proof="r1@example.net"))


def posted(to: str = DISTROS, when: str = "2026-02-21", reply: str = "x1"):
    """Write what the journal holds of a reply that went out."""
    queued = ReplyQueued(
        reply=reply, mail=f"{reply}@team.example", identity="team@example.org", recipients=(SentTo(to),), protection="encrypted"
    )
    return (when, queued), (when, ReplySent(reply=reply, mail=f"{reply}@team.example", when=at(when), via="smtp"))


def case_with(*events, policy: str = "qemu@2020-12") -> Case:
    return fold(tell(*received(), *events, policy=policy))


def bound(bounds: Bounds, name: str):
    return next(one for one in bounds.rules if one.id == name)


def test_a_wish_of_ninety_days_against_a_list_of_fourteen() -> None:
    """The trap: the list's fortnight binds from the first mail to it, whatever the reporter wishes."""
    policy = shipped("qemu")
    before = solve(case_with(WISH), policy, NOW)
    assert before.hard is None
    assert before.wish is not None
    assert before.wish.latest == at("2026-05-21"), "90 days from the report"
    after = solve(case_with(WISH, *posted()), policy, NOW)
    assert after.binding is not None
    assert (after.binding.id, after.binding.whose) == ("linux-distros.fourteen-days", "linux-distros")
    assert after.binding.latest == at("2026-03-07"), "14 days from the mail, not from now"
    assert "14 days" in after.binding.counts
    assert after.binding.source == "the maximum acceptable embargo period is 14 days"


def test_what_a_mail_would_mean_is_told_before_it_leaves() -> None:
    policy = shipped("qemu")
    case = case_with(WISH)
    (distros, kernel) = would(case, policy, NOW)
    assert distros.binding is not None
    assert distros.binding.latest == at("2026-03-08")
    assert kernel.binding is None, "the kernel's clock waits for a fix"
    assert would(case_with(WISH, *posted(), *posted(KERNEL, reply="x2")), policy, NOW) == ()


def test_without_a_list_the_aim_decides_and_says_that_it_is_one() -> None:
    bounds = solve(case_with(), shipped("qemu"), NOW)
    assert bounds.binding is not None
    assert (bounds.binding.id, bounds.binding.strength) == ("two-weeks", "aim")
    assert bounds.binding.latest == NOW + timedelta(days=14)


def test_an_extension_counts_from_its_window_and_a_restart_anew() -> None:
    case = case_with(("2026-02-20", EmbargoSet(proposal="p1", until=at("2026-03-01"))))
    policy = shipped("qemu")
    assert bound(solve(case, policy, NOW), "two-weeks").latest == at("2026-03-06")
    assert bound(solve(case, policy, NOW, change="restart"), "two-weeks").latest == at("2026-03-08")


def test_no_restart_moves_the_clock_of_a_list() -> None:
    case = case_with(("2026-02-20", EmbargoSet(proposal="p1", until=at("2026-03-01"))), *posted())
    assert bound(solve(case, shipped("qemu"), NOW, change="restart"), "linux-distros.fourteen-days").latest == at("2026-03-07")


def test_the_kernels_week_counts_from_the_fix_and_from_when_they_know() -> None:
    """7 calendar days from the fix, exceptionally 14."""
    policy = shipped("qemu")
    told = case_with(*posted(KERNEL))
    assert bound(solve(told, policy, NOW), "kernel.seven-days").latest is None
    fix = ("2026-02-24", FixProposed(version=1, commit="abc"))
    fixed = solve(case_with(*posted(KERNEL), fix), policy, at("2026-02-25"))
    assert bound(fixed, "kernel.seven-days").latest == at("2026-03-03")
    assert bound(fixed, "kernel.seven-days").strength == "aim"
    assert bound(fixed, "kernel.fourteen-days").latest == at("2026-03-10")
    late = solve(case_with(fix, *posted(KERNEL, "2026-02-26")), policy, at("2026-02-27"))
    assert bound(late, "kernel.fourteen-days").latest == at("2026-03-12"), "they cannot count before they were told"
    own = solve(case_with(fix, policy="kernel@2026"), shipped("kernel"), at("2026-02-25"))
    assert (bound(own, "seven-days").latest, bound(own, "fourteen-days").latest) == (at("2026-03-03"), at("2026-03-10"))


def test_a_first_mail_is_seen_wherever_it_is_on_record() -> None:
    policy = shipped("qemu")
    distros = policy.outside[0]
    seen = MailArrived(
        mail="m2@x",
        digest="d2",
        report="r1@example.net",
        sender=ROE,
        arrived=at("2026-02-21 10:00"),
        to=("Distros@VS.openwall.org",),
    )
    joined = msgspec.structs.replace(seen, joined=True)
    told = (
        ("2026-02-20", PartyInvited(party=DISTROS, role="list")),
        ("2026-02-22", PartyTold(party=DISTROS, when=at("2026-02-19"), evidence="by hand")),
    )
    (queued, sent) = posted()
    failed = ("2026-02-21", ReplyFailed(reply="x1", problem="no", perhaps_sent=False))
    perhaps = ("2026-02-21", ReplyFailed(reply="x1", problem="no", perhaps_sent=True))
    assert first_post(case_with(), distros) is None
    assert first_post(case_with(("2026-02-21", seen)), distros) == at("2026-02-21 10:00")
    assert first_post(case_with(("2026-02-21", joined)), distros) is None, "a stranger's header starts no clock"
    assert first_post(case_with(*told), distros) == at("2026-02-19")
    assert first_post(case_with(queued), distros) == at("2026-02-21"), "it may leave at any moment"
    assert first_post(case_with(queued, failed), distros) is None
    assert first_post(case_with(queued, perhaps), distros) == at("2026-02-21")
    assert first_post(case_with(queued, sent, *posted(when="2026-02-25", reply="x2")), distros) == at("2026-02-21"), "the first"


def test_the_desk_refuses_what_a_started_list_does_not_allow() -> None:
    policy = shipped("qemu")
    late = at("2026-03-08")
    free = ProposeEmbargo(case=1, seen=1, until=late, why="wanted")
    assert free.decide(case_with(), policy, NOW), "no clock runs: the aim is all there is"
    with pytest.raises(RefusedError) as error:
        free.decide(case_with(*posted()), policy, NOW)
    assert error.value.rule == "linux-distros.fourteen-days"
    assert "linux-distros" in error.value.sentence
    assert "2026-03-07" in error.value.sentence
    assert error.value.source == "the maximum acceptable embargo period is 14 days"
    # Proposed before the mail, put in force after it.
    proposed = ("2026-02-20", EmbargoProposed(proposal="p1", party="team", until=late, why="wanted"))
    with pytest.raises(RefusedError) as error:
        SetEmbargo(case=1, seen=1, proposal="p1", why="agreed by phone").decide(case_with(proposed, *posted()), policy, NOW)
    assert error.value.rule == "linux-distros.fourteen-days"


def test_the_programmes_clock_is_told_and_bounds_nothing() -> None:
    bounds = solve(case_with(WISH), shipped("qemu"), NOW)
    note = bound(bounds, "cve-72")
    assert (note.strength, note.latest) == ("note", None)
    assert bounds.hard is None


SPANS = st.builds(Span, st.integers(1, 400), st.sampled_from(["hours", "days", "weeks", "months"]))
LIMITS = st.lists(st.tuples(SPANS, st.sampled_from(["hard", "aim"])), max_size=5)


def _limits(given) -> tuple[Limit, ...]:
    return tuple(Limit(f"l{place}", length, strength, "Said.", "x") for place, (length, strength) in enumerate(given))


@given(own=LIMITS, theirs=LIMITS, more=LIMITS, days=st.integers(0, 400))
def test_the_latest_date_exceeds_no_hard_limit_and_more_rules_never_make_it_later(own, theirs, more, days) -> None:
    policy = shipped("qemu")
    lists = (Outside("l", DISTROS, "x", embargo=EmbargoRule(limit=_limits(theirs))),)
    policy = msgspec.structs.replace(policy, outside=lists, embargo=msgspec.structs.replace(policy.embargo, limit=_limits(own)))
    case = case_with(WISH, *posted())
    bounds = solve(case, policy, NOW)
    hard = [one.latest for one in bounds.rules if one.strength == "hard" and one.latest]
    latest = bounds.hard.latest if bounds.hard else None
    assert (latest is None) == (not hard)
    assert all(latest <= one for one in hard if latest)
    if bounds.hard and bounds.eased and latest and bounds.eased.latest:
        assert bounds.eased.latest <= latest
    extra = (*lists, Outside("m", DISTROS, "y", embargo=EmbargoRule(limit=_limits(more))))
    then = solve(case, msgspec.structs.replace(policy, outside=extra), NOW)
    if latest:
        assert then.hard is not None
        assert then.hard.latest is not None
        assert then.hard.latest <= latest
    # What the solver allows the desk takes, and what it does not the desk refuses.
    until = NOW + timedelta(days=days + 1)
    refused = latest is not None and until > latest
    try:
        check(case, policy, until, "initial", "a reason", NOW)
    except RefusedError:
        assert refused
    else:
        assert not refused


def test_a_header_that_names_the_list_is_a_claim_that_a_person_can_correct() -> None:
    """Lists refuse mail, and anybody can write any To: but what we sent, or recorded as told, stays so."""
    distros = shipped("qemu").outside[0]
    seen = MailArrived(
        mail="m2@x", digest="d2", report="r1@example.net", sender=ROE, arrived=at("2026-02-21 10:00"), to=(DISTROS,)
    )
    ours = msgspec.structs.replace(seen, mail="m4@x", digest="d4", direction="team", arrived=at("2026-02-23"))
    again = msgspec.structs.replace(seen, mail="m3@x", digest="d3", arrived=at("2026-02-25"))
    never = ("2026-02-22", ListTold(list=DISTROS, told=False, why="the list sent it back"))
    then = ("2026-02-22", ListTold(list=DISTROS, when=at("2026-02-18"), why="their archive"))
    claimed = ("2026-02-21", seen)
    assert first_post(case_with(claimed), distros) == at("2026-02-21 10:00")
    assert first_post(case_with(claimed, never), distros) is None
    assert first_post(case_with(claimed, never, ("2026-02-23", ours)), distros) == at("2026-02-23")
    assert first_post(case_with(claimed, never, ("2026-02-25", again)), distros) == at("2026-02-25"), "a later mail counts again"
    assert first_post(case_with(claimed, never, *posted(when="2026-02-20")), distros) == at("2026-02-20")
    assert first_post(case_with(claimed, then), distros) == at("2026-02-18")
    assert first_post(case_with(never, then), distros) == at("2026-02-18"), "the latest word"
    gone = (
        ("2026-02-20", PartyInvited(party=DISTROS, role="list")),
        ("2026-02-21", PartyTold(party=DISTROS, evidence="by hand")),
        ("2026-02-22", PartyRemoved(party=DISTROS, why="no longer")),
    )
    assert first_post(case_with(*gone, never), distros) == at("2026-02-21"), "what they know they know"


def test_what_a_person_records_of_a_list_needs_its_proof() -> None:
    policy = shipped("qemu")

    def refused(**fields) -> str:
        with pytest.raises(RefusedError) as error:
            RecordListTold(case=1, seen=1, **fields).decide(case_with(), policy, NOW)
        return error.value.rule

    assert refused(list="list@nowhere.example", why="x") == "list.unknown"
    assert refused(list=DISTROS, when=at("2026-03-30"), why="x") == "list.when"
    assert refused(list=DISTROS, why=" ") == "list.proof"
    (told,) = RecordListTold(case=1, seen=1, list=DISTROS, when=at("2026-02-21"), why="their archive").decide(
        case_with(), policy, NOW
    )
    assert told == ListTold(list=DISTROS, when=at("2026-02-21"), why="their archive")
