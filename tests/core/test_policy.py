"""Policies are data: shipped ones are whole, a broken one tells all its problems at once."""

import tomllib

import pytest

from seccon.core.condition import FACTS, condition, holds
from seccon.core.glob import chosen, matches
from seccon.core.policy_reading import policy_from
from seccon.core.problems import Problem, ProblemsError
from tests.story import POLICIES, shipped


@pytest.mark.parametrize("name", sorted(path.stem for path in POLICIES.glob("*.toml")))
def test_every_rule_of_a_shipped_policy_carries_its_source(name: str) -> None:
    policy = shipped(name)
    rules = [*policy.clock, *policy.step, *policy.reason, *policy.item, *policy.embargo.limit, *policy.severity.consideration]
    assert [rule.id for rule in rules if not rule.source] == []


def test_the_four_considerations_and_eight_items_of_the_page_are_there() -> None:
    policy = shipped("qemu")
    assert len(policy.item) == 8
    assert {one.id for one in policy.severity.consideration} == {
        "feasible",
        "management",
        "management-access",
        "hypervisor",
        "production",
    }
    assert policy.severity.scale == ("Low", "Moderate", "Important", "Critical")


def test_a_broken_policy_tells_all_its_problems_at_once() -> None:
    given = tomllib.loads((POLICIES / "qemu.toml").read_text())
    given["revison"] = given.pop("revision")
    given["clock"][0]["length"] = "a while"
    given["clock"][1]["start"] = "acknowleged"
    given["step"][0]["when"] = ["not acknowledgd"]
    given["embargo"]["limit"][0]["strength"] = "firm"
    with pytest.raises(ProblemsError) as broken:
        policy_from("mine.toml", given)
    told = str(broken.value)
    assert "mine.toml" in told
    assert "revison: unknown key; did you mean 'revision'?" in told
    assert "revision: is missing" in told
    assert "clock[1].length" in told
    assert "did you mean 'acknowledged'" in told
    assert "embargo.limit[1].strength" in told


def test_references_to_what_is_not_defined_are_problems() -> None:
    given = tomllib.loads((POLICIES / "qemu.toml").read_text())
    given["clock"][1]["start"] = "acknowleged"
    given["step"][0]["clock"] = "first-anser"
    given["step"][1]["when"] = ["severity >= Hihg"]
    given["embargo"]["zone"] = "Europe/Nowhere"
    with pytest.raises(ProblemsError) as broken:
        policy_from("mine.toml", given)
    assert [problem.key for problem in broken.value.problems] == [
        "clock[2].start",
        "step[1].clock",
        "step[2].when",
        "embargo.zone",
    ]


def test_a_condition_compares_on_the_scale() -> None:
    scale = ("Low", "Moderate", "Important", "Critical")
    important = [condition("severity >= Important"), condition("not public")]
    assert holds(important, frozenset(), 2, scale)
    assert not holds(important, frozenset(), 1, scale)
    assert not holds(important, {"public"}, 3, scale)
    assert not holds([condition("severity >= Low")], frozenset(), -1, scale)


def test_an_unknown_fact_names_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean 'embargo-active'"):
        condition("not embargo-actve")
    assert all(condition(f"not {fact}").fact == fact for fact in FACTS)


@pytest.mark.parametrize(
    "form",
    ["{prefix.__class__}-{serial}", "{serial:999999999}", "{serial!r}", "{0}", "{prefix}-{year}", "{serial}\x1b[2J", "{", ""],
)
def test_a_form_of_case_ids_is_no_way_into_the_program(form: str) -> None:
    """Hostile input: a policy file is data, and a format string could reach into objects, or ask for a width of gigabytes."""
    given = tomllib.loads((POLICIES / "qemu.toml").read_text())
    given["case"]["form"] = form
    with pytest.raises(ProblemsError) as broken:
        policy_from("mine.toml", given)
    assert [problem.key for problem in broken.value.problems] == ["case.form"]


def test_a_branch_has_a_name_or_a_form_and_no_form_takes_long() -> None:
    given = tomllib.loads((POLICIES / "qemu.toml").read_text())
    given["branch"] = [{"source": "x"}, {"name": "a", "pattern": "b*"}, {"pattern": "*"}, {"pattern": "a*b*c*d*", "tags": ["!"]}]
    with pytest.raises(ProblemsError) as broken:
        policy_from("mine.toml", given)
    assert [problem.key for problem in broken.value.problems] == [
        "branch[1]", "branch[2]", "branch[3].pattern", "branch[4].pattern", "branch[4].tags",
    ]  # fmt: skip


def test_a_form_stops_at_a_slash_and_reads_nothing_but_its_stars() -> None:
    assert matches("v*-maint", "v1.0.5-maint")
    assert not matches("v*-maint", "v1/evil-maint")
    assert not matches("v1.0", "v1x0")
    assert chosen(("v*", "!v*-rc*"), "v9.0.0")
    assert not chosen(("v*", "!v*-rc*"), "v9.0.0-rc1")


def test_faults_of_form_hide_no_fault_of_meaning() -> None:
    """One slip in a key must not keep back what else is wrong: a person mends the file once."""
    given = tomllib.loads((POLICIES / "qemu.toml").read_text())
    given["revison"] = given.pop("revision")
    given["since"] = "2020-13-01"
    given["clock"][0]["length"] = "a while"
    given["clock"][1]["start"] = "acknowleged"
    given["clock"][1]["zone"] = "Europe/Berln"
    given["step"][0] |= {"clock": "first-anser", "when": ["acknowledgd", "severity > Medium"]}
    given["step"][1]["verb"] = "asses"
    given["embargo"]["hour"] = "25:00"
    given["embargo"]["limit"].append(given["embargo"]["limit"][0])
    given["severity"]["level"][0]["name"] = "Critcal"
    with pytest.raises(ProblemsError) as broken:
        policy_from("mine.toml", given)
    assert sorted(problem.key for problem in broken.value.problems) == sorted([
        "revison", "revision", "since", "clock[1].length", "clock[2].start", "clock[2].zone", "step[1].when[1]", "step[1].when",
        "step[1].clock", "step[2].verb", "embargo.hour", "embargo.limit", "severity.level[1].name",
    ])  # fmt: skip


@pytest.mark.parametrize("lost", ["severity", "clock", "step", "embargo", "intake", "case", "item", "list", "day", "branch"])
@pytest.mark.parametrize("instead", [None, 7, "x", [], ["x"], [7], {}, {"id": 7}])
def test_whatever_stands_in_a_table_is_told_and_is_no_crash(lost: str, instead: object) -> None:
    given = tomllib.loads((POLICIES / "qemu.toml").read_text()) | {lost: instead}
    told: tuple[Problem, ...] = ()
    try:
        policy_from("mine.toml", given)
    except ProblemsError as broken:
        told = broken.problems
    assert not [one for one in told if one.sentence.startswith("'' ")]
    assert lost != "severity" or not [one for one in told if "is not on the scale" in one.sentence]


def test_a_comparison_of_something_else_says_what_can_be_compared() -> None:
    with pytest.raises(ValueError, match="only 'severity' is compared"):
        condition("severty > Low")
