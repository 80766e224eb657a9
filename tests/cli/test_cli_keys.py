"""`seccon keys`: list, import, pin, check, as scripts use them (design, 8)."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from seccon.cli.main import cli
from tests.e2e.stage import ROE, TEAM, Stage, staged


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path, bob_has_a_key=False) as made:
        made.gpg.run("--yes", "--delete-keys", made.reporter_key, ok=(0, 2))
        yield made


def run(stage: Stage, *words: str, input: bytes | None = None) -> Result:
    return CliRunner(env=dict(os.environ)).invoke(cli, ["--config", str(stage.config), "keys", *words], input=input)


def answer(stage: Stage, *words: str, input: bytes | None = None, code: int = 0) -> Any:
    done = run(stage, *words, "--json", input=input)
    assert done.exit_code == code, done.output
    found = json.loads(done.stdout)
    assert found["seccon"] == 1
    return found


def test_a_key_is_imported_pinned_and_then_listed(stage: Stage) -> None:
    """R5."""
    (taken,) = answer(stage, "import", "-", input=stage.reporter.export(stage.reporter_key))["taken"]
    assert (taken["fingerprint"], taken["faults"], taken["secret"]) == (stage.reporter_key, [], False)
    assert ROE not in {one["address"] for one in answer(stage, "list")["keys"]}
    spaced = " ".join(stage.reporter_key[at : at + 4] for at in range(0, 40, 4))
    done = answer(stage, "pin", ROE, spaced, "--how", "read out by phone")
    assert done["pinned"]["fingerprint"] == stage.reporter_key
    (listed,) = [one for one in answer(stage, "list")["keys"] if one["address"] == ROE]
    assert listed["role"] == "pinned"
    assert listed["verified"].startswith("read out by phone")


def test_pinning_wants_how_and_a_whole_fingerprint_of_a_key_that_is_here(stage: Stage) -> None:
    key = stage.reporter_key
    assert "--how" in run(stage, "pin", ROE, key).stderr
    short = run(stage, "pin", ROE, key[-16:], "--how", "by phone")
    assert (short.exit_code, "not a full fingerprint" in short.stderr) == (2, True)
    absent = run(stage, "pin", ROE, key, "--how", "by phone")
    assert (absent.exit_code, "not in the keyring" in absent.stderr) == (2, True)


def test_another_key_replaces_the_pinned_one_only_when_that_is_named(stage: Stage) -> None:
    stage.gpg.take(stage.reporter.export(stage.reporter_key))
    stage.pin_reporter()
    refused = run(stage, "pin", ROE, stage.team_key, "--how", "by phone")
    assert (refused.exit_code, "Another key is pinned" in refused.stderr) == (3, True)
    answer(stage, "pin", ROE, stage.team_key, "--how", "by phone", "--replaces", stage.reporter_key)
    (listed,) = [one for one in answer(stage, "list")["keys"] if one["address"] == ROE]
    assert listed["former"][0].replace(" ", "").startswith(stage.reporter_key)


def test_check_says_what_is_wrong_with_what_to_do_and_an_exit_status(stage: Stage) -> None:
    """H2: Bob has no key."""
    found = answer(stage, "check", code=2)
    (finding,) = found["findings"]
    assert (finding["name"], finding["said"], finding["condition"]) == ("Bob Bell", "has no key", "wrong")
    assert finding["todo"]
    said = run(stage, "check").stdout
    assert "WRONG" in said
    assert "Bob Bell: has no key" in said


@pytest.mark.parametrize("junk", [b"", b"junk", b"\x99\x01"])
def test_what_is_no_key_or_a_secret_one_is_refused(stage: Stage, junk: bytes) -> None:
    for data in (junk, stage.reporter.export_secret(stage.reporter_key)):
        done = run(stage, "import", "-", input=data)
        assert done.exit_code == 2
        assert "key" in done.stderr
        assert not done.stdout
    assert stage.reporter_key not in stage.gpg.run("--with-colons", "--list-keys").decode()


def test_a_file_of_several_keys_is_taken_and_each_is_told(stage: Stage) -> None:
    other = stage.reporter.make_key("Eve \x1b[2J\u202e <eve@example.net>")
    data = stage.reporter.run("--armor", "--export", stage.reporter_key, other)
    done = run(stage, "import", "-", input=data)
    assert done.exit_code == 0
    assert "trusted for nobody" in done.stdout
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    assert "eve@example.net" in done.stdout
    stage.gpg.run("--yes", "--delete-keys", other)


def test_our_own_key_is_listed_as_ours(stage: Stage) -> None:
    (ours,) = [one for one in answer(stage, "list")["keys"] if one["role"] == "ours"]
    assert (ours["address"], ours["fingerprint"], ours["key"]["secret"]) == (TEAM, stage.team_key, True)
