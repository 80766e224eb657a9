"""Preflight of a mail to a list outside (F6, R2, E7): each rule refuses and lets pass, with its sentence and source."""

from typing import Any

import msgspec
import pytest

from seccon.core.case import Case, fold
from seccon.core.circle import Circle
from seccon.core.guard import judge
from seccon.core.journal.cases import PublicityFlagged
from seccon.core.journal.embargoes import EmbargoProposed, EmbargoSet, EmbargoWished
from seccon.core.journal.work import Announced, BranchSet, BugOpened, FixProposed
from seccon.core.letter import Choice, Letter, Recipient, Way
from seccon.core.policy_reading import policy_from
from seccon.core.preflight import Flight, preflight
from seccon.core.problems import ProblemsError
from seccon.core.steps import steps
from tests.core.test_solver import DISTROS, KERNEL, posted
from tests.story import POLICIES, at, received, shipped, tell

NOW = at("2026-02-22")
LETTER = Letter(
    id="l1", case=1, identity="t@example.org", recipients=(Recipient(DISTROS),), subject="vhost-user: use after free",
    text="We propose 2026-03-04 as the date.\n",
)  # fmt: skip
PROPOSED = ("2026-02-21", EmbargoProposed(proposal="p1", party="team", until=at("2026-03-04 12:00")))
WISH = ("2026-02-20", EmbargoWished(report="r1@example.net", length="90 days", proof="r1@example.net"))


def case_with(*events: Any, policy: str = "qemu@2020-12") -> Case:
    return fold(tell(*received(), *events, policy=policy))


def fly(*events: Any, policy: str = "qemu", **letter: Any) -> Flight:
    return preflight(msgspec.structs.replace(LETTER, **letter), case_with(*events), shipped(policy), NOW)


def rules(flight: Flight) -> dict[str, tuple[Way, ...]]:
    return {one.rule: one.ways for one in flight.refusals}


def test_a_mail_that_fits_leaves_with_the_tag_on_its_outside() -> None:
    """R2: outer tags that a policy requires."""
    flight = fly(PROPOSED)
    assert flight.refusals == ()
    assert flight.outer("...") == "[vs] ..."
    assert flight.outer("[vs] ...") == "[vs] ...", "once"
    assert fly(PROPOSED, recipients=(Recipient("roe@example.net"),)) == Flight(), "the list's rules are for mails to it"


def test_the_tag_is_on_the_outer_subject_of_the_sheet_and_tells_nothing_else() -> None:
    case = case_with(PROPOSED)
    circle = Circle(label="Q-2026-001", parties=frozenset({DISTROS}))
    sheet = judge(LETTER, circle, {}, None, None, NOW, preflight(LETTER, case, shipped("qemu"), NOW))
    assert sheet.outer == "[vs] ..."
    assert any("starts their clock" in one for one in sheet.warnings)


def test_clear_text_to_the_list_is_refused_and_lacks_the_tag() -> None:
    found = rules(fly(PROPOSED, protection="signed"))
    assert found == {"linux-distros.tag": (Way.MEND,), "linux-distros.encrypted": (Way.MEND,)}
    assert "linux-distros.tag" not in rules(fly(PROPOSED, protection="signed", subject="[VS] vhost-user"))


def test_the_first_mail_names_the_date() -> None:
    assert "linux-distros.tentative-date" in rules(fly())
    found = fly(PROPOSED, text="The date is open.")
    assert "2026-03-04" in found.refusals[0].sentence
    assert found.refusals[0].source == "a tentative date in the first post"
    assert found.refusals[0].ways == (Way.MEND, Way.OVERRIDE)
    assert fly(PROPOSED, text="Public on 4 March 2026, noon.").refusals == ()
    assert fly(PROPOSED, *posted(), text="One more thing.").refusals == (), "only the first"


def test_a_date_beyond_the_lists_fortnight_is_refused_before_the_mail_starts_it() -> None:
    late = ("2026-02-21", EmbargoProposed(proposal="p1", party="team", until=at("2026-03-30"), why="wanted"))
    found = fly(late, text="2026-03-30")
    assert rules(found) == {"linux-distros.fourteen-days": (Way.MEND,)}
    assert "later than 2026-03-08" in found.refusals[0].sentence
    inside = ("2026-02-21", EmbargoSet(proposal="p1", until=at("2026-03-08")))
    assert fly(inside, text="2026-03-08").refusals == ()


@pytest.mark.parametrize(
    "event",
    [
        PublicityFlagged(public=True, evidence="https://example.org"),
        BranchSet(branch="master", state="merged", commit="abc"),
        BugOpened(url="https://bugs.example.org/1", public=True),
    ],
)
def test_what_is_public_goes_to_the_public_list_instead(event) -> None:
    found = fly(PROPOSED, ("2026-02-22", event))
    (refusal,) = found.refusals
    assert refusal.rule == "linux-distros.public"
    assert "oss-security instead" in refusal.sentence
    assert Way.OVERRIDE in refusal.ways


def test_a_private_bug_and_a_written_fix_are_no_publication() -> None:
    private = ("2026-02-22", BugOpened(url="https://bugs.example.org/1", public=False))
    assert fly(PROPOSED, private, ("2026-02-22", BranchSet(branch="master", state="written"))).refusals == ()


def test_the_sheet_warns_before_the_mail_starts_the_clock() -> None:
    """E7: warned of before a post starts a clock."""
    first, *others = fly(PROPOSED, WISH).warnings
    assert first == (
        "linux-distros: This mail starts their clock: 14 days from the first mail to it. The latest date becomes 2026-03-08"
        " (before: no hard limit). A. Roe wishes 2026-05-21, 74 days later. “the maximum acceptable embargo period is 14 days”"
    )
    assert any("also post to oss-security on the date" in one for one in others)
    assert any("kernel's security team comes first" in one for one in others)
    again = fly(PROPOSED, WISH, *posted()).warnings
    assert not any("starts their clock" in one for one in again)


def test_a_sheet_reads_the_same_a_minute_later() -> None:
    """What was approved is the sheet's digest: a sentence that moved with the clock would never be approved."""
    later = preflight(LETTER, case_with(PROPOSED, WISH), shipped("qemu"), at("2026-02-22 00:01"))
    assert later == fly(PROPOSED, WISH)


def test_a_mail_to_the_kernels_team_starts_nothing_before_there_is_a_fix() -> None:
    (said,) = fly(PROPOSED, recipients=(Recipient(KERNEL),)).warnings
    assert "starts as soon as that happens" in said
    fixed = fly(PROPOSED, ("2026-02-22", FixProposed(version=1, commit="abc")), recipients=(Recipient(KERNEL),)).warnings
    assert "The latest date becomes 2026-03-08" in fixed[0]


def test_kernel_matters_reach_the_distributions_only_after_a_fix() -> None:
    case = case_with(PROPOSED, policy="kernel@2026")
    flight = preflight(LETTER, case, shipped("kernel"), NOW)
    assert "linux-distros.needs" in rules(flight)
    case = case_with(PROPOSED, ("2026-02-22", FixProposed(version=1, commit="abc")), policy="kernel@2026")
    assert "linux-distros.needs" not in rules(preflight(LETTER, case, shipped("kernel"), NOW))
    told = fly(PROPOSED, *posted(KERNEL), ("2026-02-22", FixProposed(version=1, commit="abc")))
    assert not any("comes first" in one for one in told.warnings), "they were told before"


def test_who_is_left_out_is_not_checked_for() -> None:
    choice = Choice("key-missing", "left-out", DISTROS)
    assert fly(recipients=(Recipient(DISTROS, field="cc"),), choices=(choice,)) == Flight()


def test_who_posts_there_owes_the_public_list_a_post_on_the_date() -> None:
    policy = shipped("libvirt")
    active = ("2026-02-21", EmbargoSet(proposal="p1", until=at("2026-03-04 12:00")))

    def owed(*events: Any) -> list[Any]:
        case = fold(tell(*received(), active, *events, policy="libvirt@2013-06"))
        return [one for one in steps(case, policy, NOW) if one.id == "linux-distros.oss-security"]

    assert owed() == []
    (step,) = owed(*posted())
    assert (step.verb, step.due, step.title) == ("announce", at("2026-03-04 12:00"), "post to oss-security")
    assert step.source == "who posts must also post to oss-security on the date"
    assert owed(*posted(), ("2026-03-04", Announced(list="oss-security@lists.openwall.com", url="https://x"))) == []


@pytest.mark.parametrize("check", ["tag", "also", "before"])
def test_a_check_that_looks_at_nothing_is_a_mistake_of_the_policy(check: str) -> None:
    import tomllib

    given = tomllib.loads((POLICIES / "qemu.toml").read_text())
    given["preflight"] = [{"id": "x", "check": check, "sentence": "s", "source": "s"}]
    with pytest.raises(ProblemsError, match="is missing: "):
        policy_from("mine.toml", given)
