"""T4: while a rating is sealed, nothing that anybody else is shown tells what was rated. Property tests over whole answers."""

from collections.abc import Sequence

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from seccon.cli.rows import row_json, row_line
from seccon.core.case import Case, fold
from seccon.core.case_card import case_card
from seccon.core.clocks import readings
from seccon.core.facts import facts
from seccon.core.journal import Body, Entry, entry_to_json
from seccon.core.journal.cases import Acknowledged, Answer, Assessed, CaseAccepted, CaseClosed, CaseReopened, NoteAdded
from seccon.core.journal.embargoes import EmbargoProposed, EmbargoSet
from seccon.core.journal.work import RatingShown, SecondRated, WaitingSet
from seccon.core.policy import Policy, SecondRule
from seccon.core.projection import projection
from seccon.core.second import SEALED, difference, veil, veiled, would_be_blind
from seccon.core.steps import seen_by, steps
from seccon.core.team import Roster
from seccon.screens.history import history_lines
from seccon.screens.row_card import row_card
from seccon.widgets.columns import cells, columns
from tests.story import at, received, shipped

NOW = at("2026-02-23 09:00")
POLICIES = {name: shipped(name) for name in ("qemu", "libvirt", "generic", "psrt", "kubernetes")}
SCALE = ("Low", "Moderate", "Important", "Critical")
ACK = Acknowledged(report="r1@example.net", member="Bob", when=at("2026-02-20"))

words = st.sampled_from(("", *SCALE))
answers = st.sampled_from(("yes", "no", "unknown"))
ratings = st.builds(
    Assessed, genuine=answers, misuse=answers, impact=st.text(max_size=20), apparent=words, suggested=words, severity=words,
    answers=st.dictionaries(st.sampled_from(("exploit", "hypervisor")), st.builds(Answer, answer=answers), max_size=2),
    why=st.text(max_size=20), cvss=st.sampled_from(("", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H")), second=st.just("blind"),
)  # fmt: skip
around = st.lists(
    st.sampled_from((
        ACK, CaseAccepted(id="Q-2026-001"), NoteAdded(text="looked at it"), WaitingSet(whom="reporter"),
        EmbargoProposed(proposal="p1", party="team", until=at("2026-03-06")), EmbargoSet(proposal="p1", until=at("2026-03-06")),
    )),
    max_size=4,
)  # fmt: skip


def story(*events: tuple[str, Body]) -> list[Entry]:
    """Number a history: pairs of who did it and what."""
    first = [("seccon", body) for _, body in received()]
    made = enumerate((*first, *events), 1)
    return [Entry(1, seq, at("2026-02-21"), by, "qemu@2020-12", body) for seq, (by, body) in made]


def everything(entries: Sequence[Entry], policy: Policy, person: str) -> list[object]:
    """Give all that a person is shown of a case, by every reader there is."""
    seen = veil(entries, person)
    case = fold(seen)
    row = projection(fold(entries), {"qemu@2020-12": policy})
    assert row.row is not None
    layout = columns(160)
    return [
        seen, [entry_to_json(one) for one in seen], [msgspec.to_builtins(one) for one in row.dates], row.row,
        row_json(row.row, NOW), row_line(row.row, NOW, Roster()), row_card(row.row, NOW), cells(row.row, NOW, layout, 4),
        case_card(case, policy, Roster(), NOW, {}, (), person), list(map(str, history_lines(seen, {}))),
        seen_by(steps(case, policy, NOW), person, Roster()), readings(case, policy, NOW), facts(case, policy), case,
    ]  # fmt: skip


@given(ratings, ratings, around, around, st.sampled_from(sorted(POLICIES)), st.sampled_from(("bob", "", "carol")))
def test_nothing_that_a_colleague_is_shown_differs_between_two_sealed_ratings(
    one: Assessed, two: Assessed, before: list[Body], after: list[Body], name: str, person: str
) -> None:
    told = [
        everything(
            story(*(("alice", body) for body in before), ("alice", rating), *(("alice", body) for body in after)),
            POLICIES[name],
            person,
        )
        for rating in (one, two)
    ]
    assert told[0] == told[1]


@given(ratings, ratings, ratings)
def test_rating_again_keeps_the_earlier_sealed_rating_sealed(one: Assessed, two: Assessed, last: Assessed) -> None:
    policy = POLICIES["qemu"]
    told = [everything(story(("alice", rating), ("alice", last)), policy, "bob") for rating in (one, two)]
    assert told[0] == told[1]


@given(ratings, ratings)
def test_lists_tell_a_sealed_rating_to_nobody_not_even_to_who_made_it(one: Assessed, two: Assessed) -> None:
    rows = [projection(fold(story(("alice", rating))), {"qemu@2020-12": POLICIES["qemu"]}) for rating in (one, two)]
    assert rows[0] == rows[1]
    assert rows[0].row is not None
    assert rows[0].row.sealed
    assert rows[0].row.rank == -1
    assert rows[0].row.next == "acknowledge"


FIRST = Assessed(genuine="yes", misuse="yes", apparent="Critical", severity="Critical", why="worst", second="blind")
OTHER = Assessed(genuine="yes", misuse="yes", apparent="Low", severity="Low")


def seen(person: str, *events: tuple[str, Body]) -> Case:
    return fold(veil(story(*events), person))


def test_whoever_rated_sees_their_own_and_nobody_else_does() -> None:
    assert not veiled(seen("alice", ("alice", FIRST)))
    assert seen("bob", ("alice", FIRST)).assessments[0].body == SEALED
    assert veiled(seen("", ("alice", FIRST)))


def test_an_unsealed_rating_is_nobodys_secret() -> None:
    assert not veiled(seen("bob", ("alice", OTHER)))
    assert not would_be_blind(seen("bob", ("alice", OTHER)), "bob")


def test_after_the_second_rating_both_are_shown_and_a_difference_wants_settling() -> None:
    both = (("seccon", ACK), ("alice", FIRST), ("bob", SecondRated(rating=OTHER)))
    case, policy = seen("carol", *both), POLICIES["qemu"]
    assert case.severity == "Critical"
    assert difference(case, str) == "alice rated Critical, bob Low: s settles it."
    assert "settled" not in facts(case, policy)
    assert ("settle", "assess") in [(one.id, one.verb) for one in steps(case, policy, NOW)]
    after = seen("carol", *both, ("bob", OTHER))
    assert "settled" in facts(after, policy)
    assert difference(after, str) == ""
    assert "settle" not in [one.id for one in steps(after, policy, NOW)]


def test_ratings_of_one_second_are_settled_by_their_order() -> None:
    """The journal counts whole seconds: what was rated after both is told by its place."""
    agreed = seen("carol", ("alice", FIRST), ("bob", SecondRated(rating=OTHER)), ("alice", OTHER))
    assert "settled" in facts(agreed, POLICIES["qemu"])


def test_the_step_while_it_is_sealed_is_the_second_rating_alone() -> None:
    policy = POLICIES["generic"]
    case = seen("bob", ("seccon", ACK), ("alice", FIRST))
    (step, *later) = steps(case, policy, NOW)
    assert (step.id, step.verb, step.title) == ("second", "second", "second rating for alice")
    assert not {one.id for one in later} & {"triage", "accept", "propose-embargo", "not-security"}
    assert {"second-wanted"} <= facts(case, policy)
    assert not {"assessed", "rated", "second-rated"} & facts(case, policy)
    mine = seen_by(steps(seen("alice", ("seccon", ACK), ("alice", FIRST)), policy, NOW), "alice", Roster())
    assert mine[0].title == "colleague rates"


def test_who_chose_to_see_it_sees_it_and_does_not_rate_blind() -> None:
    shown = (("alice", FIRST), ("bob", RatingShown(why="the reporter is on the telephone")))
    assert not veiled(seen("bob", *shown))
    assert veiled(seen("carol", *shown))
    assert not would_be_blind(seen("bob", *shown), "bob")
    assert would_be_blind(seen("carol", *shown), "carol")


def test_who_saw_an_earlier_rating_does_not_rate_blind() -> None:
    case = seen("bob", ("alice", OTHER), ("alice", FIRST))
    assert veiled(case)
    assert not would_be_blind(case, "bob")


def test_closing_takes_the_seal_off_for_good() -> None:
    closed = (("alice", FIRST), ("alice", CaseClosed(outcome="spam")), ("alice", CaseReopened()))
    assert seen("bob", *closed).severity == "Critical"


def test_the_process_asks_by_its_conditions_and_an_unmarked_rating_owes_a_second_one_too() -> None:
    rule = SecondRule(how="blind", when=POLICIES["psrt"].severity.second.when, source="s")
    policy = msgspec.structs.replace(POLICIES["qemu"], severity=msgspec.structs.replace(POLICIES["qemu"].severity, second=rule))
    plain = msgspec.structs.replace(FIRST, second="")
    assert "second-wanted" in facts(seen("bob", ("alice", plain)), policy)
    assert "second-wanted" not in facts(seen("bob", ("alice", OTHER)), policy)
    assert "second-wanted" not in facts(seen("bob", ("alice", plain)), POLICIES["qemu"])
    ids = [one.id for one in steps(seen("bob", ("alice", plain)), policy, NOW)]
    assert "second" in ids
    assert ids.index("second") < ids.index("accept")
