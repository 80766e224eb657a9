"""`doctor`: each part is looked at by itself, says what is wrong and what to do, and hides no other."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from seccon.adapters.git import GitRepositories
from seccon.core.health import Examined
from seccon.core.team import Roster
from seccon.desk.examine import Examine
from seccon.desk.office import Office
from seccon.desk.sync import Sync
from tests.e2e.stage import Stage, staged
from tests.gitsmith import Clone


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A team that has its things in order."""
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        yield stage


def found(office: Office, part: str) -> list[Examined]:
    return [one for one in Examine().perform(office) if one.part == part]


def test_where_all_is_well_nothing_is_broken(stage: Stage) -> None:
    with stage.office() as office:
        Sync().perform(office)
        parts = Examine().perform(office)
    assert {one.part for one in parts} == {"policy", "store", "ledger", "gpg", "courier", "keyring", "roster"}
    assert [one for one in parts if one.condition == "broken"] == []


def test_a_store_that_is_gone_hides_nothing_else(stage: Stage) -> None:
    shutil.rmtree(stage.room.database)
    with stage.office() as office:
        (store,) = found(office, "store")
        assert store.condition == "broken"
        assert store.mend, "it says what to do"
        assert found(office, "ledger")[0].condition == "ok"


def test_a_courier_that_nobody_answers_is_broken(stage: Stage) -> None:
    port = stage.unserved()
    with stage.office() as office:
        (courier,) = found(office, "courier")
    assert courier.condition == "broken"
    assert str(port) in courier.sentence


def test_a_person_whom_the_roster_does_not_know_is_told_so(stage: Stage) -> None:
    with stage.office(person="mallory") as office:
        (roster,) = found(office, "roster")
        assert (roster.condition, "mallory" in roster.sentence) == ("warning", True)
        (empty,) = found(msgspec.structs.replace(office, roster=Roster(())), "roster")
        assert "empty" in empty.sentence


def test_an_identity_without_a_usable_key_is_named(stage: Stage) -> None:
    with stage.office() as office:
        bare = msgspec.structs.replace(office.identities[0], sign_key=None)
        strange = msgspec.structs.replace(office.identities[0], sign_key="A" * 40)  # type: ignore[arg-type]
        told = found(msgspec.structs.replace(office, identities=(bare, strange)), "gpg")
    assert [one.condition for one in told][:2] == ["warning", "broken"]
    assert "is not in the keyring" in told[1].sentence


def test_a_query_that_matches_nothing_or_that_notmuch_misunderstands_is_told(stage: Stage) -> None:
    """M11: notmuch takes both without a word."""
    with stage.office() as office:

        def store(query: str) -> list[tuple[str, str]]:
            project = msgspec.structs.replace(office.projects[0], reports=query)
            return [
                (one.condition, one.sentence)
                for one in found(msgspec.structs.replace(office, projects=(project,)), "store")
                if "query" in one.sentence
            ]

        ((condition, sentence),) = store("to:nobody@nowhere.example")
        assert (condition, "No mail at all matches" in sentence) == ("warning", True)
        ((condition, sentence),) = store("form:roe@reporter.example.net")
        assert (condition, "did you mean 'from'?" in sentence) == ("broken", True)
        ((condition, sentence),) = store("*")
        assert (condition, sentence.startswith("1 mail matches the report query")) == ("ok", True)


def test_a_clone_that_is_gone_is_told_before_the_day(stage: Stage, tmp_path: Path) -> None:
    """F4: on the day of disclosure it would be too late."""
    clone = Clone(tmp_path / "clone")
    clone.write("begin\n", code__c="1\n")
    clone.tag("v1.0.0")
    clones = GitRepositories({"here": str(clone.path), "gone": str(tmp_path / "gone"), "else": str(tmp_path)})
    with stage.office() as office:
        told = {one.condition: one for one in found(msgspec.structs.replace(office, repositories=clones), "clones")}
        assert told["ok"].sentence == "The clone of here can be read: 2 branches and tags."
        assert [one.condition for one in found(msgspec.structs.replace(office, repositories=clones), "clones")].count(
            "broken"
        ) == 2
        assert "[repositories]" in told["broken"].mend
