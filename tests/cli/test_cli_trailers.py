"""`seccon trailers`: as a person runs it, beside a real clone and with real patches."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Place
from tests.gitsmith import Clone


@pytest.fixture
def clone(place: Place, tmp_path: Path) -> Clone:
    made = Clone(tmp_path / "clone")
    made.write("begin\n", a__c="1\n")
    with place.config.open("a") as file:
        file.write(f'\n[repositories]\nqemu = "{made.path}"\n')
    return made


def test_the_lines_stand_on_standard_output_alone(place: Place) -> None:
    done = place.run("trailers", "1")
    assert done.exit_code == 0
    assert done.stdout.startswith("Reported-by: ")
    assert "the policy also wants CVE, Bug, Tested-by" in done.stderr
    assert place.json("trailers", "1")["unknown"] == ["CVE", "Bug", "Tested-by"]


def test_a_policy_that_wants_none_says_so_and_is_not_silent(place: Place) -> None:
    place.config.write_text(place.config.read_text().replace("qemu@2020-12", "libvirt@2013-06"))
    done = place.run("trailers", "1")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "seccon: the policy wants no trailers.\n")


def test_a_commit_and_its_patch_are_checked_alike(place: Place, clone: Clone, tmp_path: Path) -> None:
    line = place.run("trailers", "1").stdout.strip()
    bad = clone.write("hw: \x1b[31mfix\n\nCVE: CVE-2026-12345\n", a__c="2\n")
    first = place.run("trailers", "1", "--check", bad[:12])
    assert first.exit_code == 1
    assert "\x1b" not in first.stdout
    assert "wrong    It bears CVE-2026-12345; the case has no CVE id yet." in first.stdout
    patch = tmp_path / "0001.patch"
    patch.write_text(clone.git("format-patch", "-1", "--stdout"))
    assert [one["kind"] for one in json.loads(place.run("trailers", "1", "--check", str(patch), "--json").stdout)["flaws"]] == [
        "missing", "missing", "missing", "wrong",
    ]  # fmt: skip
    good = clone.write(f"hw: fix\n\n{line}\nTested-by: T <t@example.org>\n", a__c="3\n")
    told = place.run("trailers", "1", "--check", "-", input=clone.git("show", good))
    assert (told.exit_code, "missing  CVE" in told.stdout, "Reported-by" in told.stdout) == (1, True, False)


@pytest.mark.parametrize("words", [("999",), ("1", "--check", "0123456789"), ("1", "--check", "--all"), ("1", "--check", "-")])
def test_what_is_not_there_is_two(place: Place, clone: Clone, words: tuple[str, ...]) -> None:
    done = place.run("trailers", *words, input="no patch")
    assert done.exit_code == 2
    assert done.stderr.startswith("seccon: ")
