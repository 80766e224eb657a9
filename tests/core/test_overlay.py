"""One policy file over another: entries of a list change one by one, and what is not there is told."""

from pathlib import Path

import pytest

from seccon.adapters.shipped import read_policy
from seccon.core.case import fold
from seccon.core.facts import facts
from seccon.core.journal.work import BranchSet
from seccon.core.overlay import laid_over
from seccon.core.policy import Policy
from seccon.core.problems import Problem, ProblemsError
from tests.story import received, shipped, tell


def laid(below: dict, above: dict) -> dict:
    problems: list[Problem] = []
    found = laid_over(below, above, problems)
    assert problems == []
    return found


def ours(tmp_path: Path, text: str) -> Policy:
    path = tmp_path / "ours.toml"
    path.write_text(f'extends = "qemu"\nrevision = "ours"\n{text}')
    return read_policy(path)


BASE = {"step": [{"id": "a", "why": "1", "title": "A"}, {"id": "b"}, {"id": "c"}], "embargo": {"limit": [{"id": "x"}]}}


def test_an_entry_of_the_same_id_is_changed_key_by_key_and_stays_where_it_is() -> None:
    assert laid(BASE, {"step": [{"id": "a", "why": "2"}]})["step"] == [{"id": "a", "why": "2", "title": "A"}, *BASE["step"][1:]]


def test_a_new_entry_comes_last_or_above_the_one_that_it_names() -> None:
    above = {"step": [{"id": "last"}, {"id": "first", "above": "a"}, {"id": "c", "above": "b"}]}
    assert [one["id"] for one in laid(BASE, above)["step"]] == ["first", "a", "c", "b", "last"]


def test_an_entry_can_be_dropped_and_a_list_replaced_whole_or_emptied() -> None:
    assert [one["id"] for one in laid(BASE, {"step": [{"id": "b", "drop": True}]})["step"]] == ["a", "c"]
    whole = laid(BASE, {"replaces": ["step", "embargo.limit"], "step": [{"id": "n"}], "embargo": {"limit": [{"id": "y"}]}})
    assert whole == {"step": [{"id": "n"}], "embargo": {"limit": [{"id": "y"}]}}
    assert laid(BASE, {"step": []})["step"] == []


def test_where_an_entry_has_no_id_its_address_or_name_is_what_it_is_known_by() -> None:
    below = {"list": [{"address": "a@x", "name": "A"}], "branch": [{"name": "master"}, {"pattern": "v*"}]}
    above = {"list": [{"address": "a@x", "public": True}], "branch": [{"pattern": "v*", "drop": True}, {"name": "next"}]}
    assert laid(below, above) == {
        "list": [{"address": "a@x", "name": "A", "public": True}],
        "branch": [{"name": "master"}, {"name": "next"}],
    }


def test_the_base_itself_is_left_as_it_was() -> None:
    before = repr(BASE)
    laid(BASE, {"step": [{"id": "a", "drop": True}, {"id": "b", "why": "2"}], "embargo": {"limit": [{"id": "x", "n": 1}]}})
    assert repr(BASE) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[step]]\nid = "fixx"\ndrop = true\n', "step[1].drop: the base has no 'fixx'; did you mean 'fix'?"),
        ('[[step]]\nid = "fix"\nabove = "relase"\n', "step[1].above: 'relase' is not in the list; did you mean 'release'?"),
        ('replaces = ["stpe"]\n', "replaces: 'stpe' is no list of the base; did you mean 'step'?"),
        ('[[step]]\nid = "fix"\ndrop = "yes"\n', "step[1].drop: must be true or false"),
        ("[[step]]\ndrop = true\n", "step[1].drop: needs the id, address, name or pattern of the entry"),
        ('replaces = "step"\n', "replaces: must be a list of names of lists"),
    ],
)
def test_what_the_base_does_not_have_is_told_with_the_nearest_word(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ProblemsError) as told:
        ours(tmp_path, text)
    assert said in str(told.value)


def test_an_entry_that_stands_twice_in_one_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProblemsError, match="'fix' is defined twice"):
        ours(tmp_path, 2 * '[[step]]\nid = "fix"\ntitle = "x"\nverb = "fix"\nwhen = []\n')


def test_a_file_of_ones_own_changes_one_step_and_keeps_every_other_rule(tmp_path: Path) -> None:
    mine, base = ours(tmp_path, '[[step]]\nid = "fix"\nwhy = "Ours."\n'), shipped("qemu")
    assert [one.id for one in mine.step] == [one.id for one in base.step]
    assert next(one for one in mine.step if one not in base.step).why == "Ours."
    assert mine.embargo == base.embargo


def test_where_fixes_go_to_master_alone_no_word_speaks_of_stable_branches_and_none_is_waited_for() -> None:
    policy, before = shipped("libvirt-2020s"), shipped("libvirt")
    assert [one.id for one in policy.step] == [one.id for one in before.step]
    assert [one.id for one in policy.day] == [one.id for one in before.day]
    assert not [one for one in (*policy.step, *policy.day) if "stable" in f"{one.title} {one.why} {one.source}"]
    day = "2026-02-22"
    case = fold(
        tell(
            *received(),
            (day, BranchSet(branch="master", state="merged", commit="a" * 40)),
            (day, BranchSet(branch="v1.2-maint", state="vulnerable")),
        )
    )
    assert {"written", "fixed"} <= facts(case, policy)
    assert not {"written", "fixed"} & facts(case, before)
