"""`seccon list`, `show`, `sync`, `due`, `doctor` on a store that they did not make."""

import json
import shlex
import time

import pytest

from seccon.core.instants import from_text
from tests.cli.conftest import Place
from tests.mailroom import LIST, letter

SUBJECTS = ("secret overflow", "frobnicator", "Jane", "Ravi", "example")


def test_the_queue_has_one_row_for_each_thread_of_the_query(place: Place) -> None:
    rows = place.json("list")["cases"]
    assert sorted(row["message_id"] for row in rows) == ["old@r.example", "two@r.example"]
    assert all(row["state"] == "new" and row["project"] == "qemu" and row["unread"] for row in rows)


def test_a_row_says_what_docs_json_promises(place: Place) -> None:
    answer = place.json("list")
    assert answer["seccon"] == 1
    assert list(answer["cases"][0]) == [
        "number", "id", "project", "state", "subject", "reporter", "reporters", "message_id", "severity", "opened", "last_mail",
        "next", "owner", "mails", "unread", "encrypted", "signed", "mark", "embargo", "alarm",
        "sealed",
    ]  # fmt: skip
    assert answer["cases"][0]["next"] == {
        "step": "acknowledge", "title": "acknowledge", "due": "2026-01-07T10:00:00Z", "overdue": True,
    }  # fmt: skip


def test_listing_twice_and_after_a_reindex_changes_nothing(place: Place) -> None:
    first = place.json("list", "--all")
    assert place.json("list", "--all") == first
    place.room.reindex()
    assert place.json("list", "--all") == first
    assert place.json("sync", "--anew")["entries"] == 0


def test_new_mail_is_in_the_next_answer(place: Place) -> None:
    before = len(place.json("list")["cases"])
    place.room.fill([letter(subject="a third one")])
    assert len(place.json("list", "--no-sync")["cases"]) == before
    assert len(place.json("list")["cases"]) == before + 1


def test_an_answer_by_a_rostered_person_is_the_acknowledgement(place: Place) -> None:
    """A2: by that person, at that time, and the 60 days run from it."""
    (number,) = [row["number"] for row in place.json("list")["cases"] if row["message_id"] == "two@r.example"]
    case = place.json("show", str(number))["case"]
    assert case["reports"][0]["acknowledged"] == {
        "by": "Alice", "at": "2026-01-06T12:00:00Z", "mail": "ack@r.example", "signature": "unsigned",
    }  # fmt: skip
    (clock,) = [one for one in case["clocks"] if one["id"] == "sixty-days"]
    assert (clock["start"], clock["due"]) == ("2026-01-06T12:00:00Z", "2026-03-07T12:00:00Z")


def test_since_lets_old_threads_owe_nothing(place: Place) -> None:
    done = place.run("sync", "--since", "2026-01-06", "--json")
    assert json.loads(done.stdout)["opened"] == 2
    owed = {row["message_id"]: row["next"]["step"] for row in place.json("list", "--all", "--no-sync")["cases"]}
    assert owed == {"old@r.example": "", "two@r.example": "triage"}
    time.sleep(1.1)  # the journal counts in seconds: what came with the opening and what came later must differ
    place.room.fill([letter(message_id="again@r.example", reply_to=["old@r.example"], date=from_text("2026-02-01T10:00:00Z"))])
    assert all(row["next"]["step"] for row in place.json("list", "--all")["cases"])


def test_two_projects_share_no_thread(place: Place) -> None:
    text = place.config.read_text().replace('policy = "qemu@2020-12"\n', "").replace(f'reports = "to:{LIST}"\n', "")
    projects = f"""
[projects.first]
policy = "qemu@2020-12"
reports = "subject:sdhci"
[projects.second]
policy = "libvirt@2013-06"
reports = "to:{LIST}"
"""
    place.config.write_text(text + projects)
    rows = place.json("list")["cases"]
    assert sorted((row["project"], row["message_id"]) for row in rows) == [
        ("first", "old@r.example"),
        ("second", "two@r.example"),
    ]
    assert [row["message_id"] for row in place.json("list", "project:second")["cases"]] == ["two@r.example"]
    done = place.run("list", "project:secnd")
    assert (done.exit_code, done.stderr) == (2, "seccon: There is no project 'secnd'; did you mean 'second'?\n")


def test_due_tells_by_its_exit_status_what_cron_must_know(place: Place) -> None:
    """E5 E8: 2 overdue; 0 nothing; 1 something within reach."""
    assert place.run("due").exit_code == 2
    place.room.fill([])
    with_nothing = place.room.home / "nothing.toml"
    ledger = place.room.home / "other" / "ledger.db"
    ledger.parent.mkdir(mode=0o700)
    nothing = place.config.read_text().replace(f"to:{LIST}", "to:nobody@nowhere.example")
    with_nothing.write_text(nothing.replace(str(place.room.home / "ledger" / "ledger.db"), str(ledger)))
    assert place.run("due", config=with_nothing).exit_code == 0
    place.room.fill([letter(to="nobody@nowhere.example")])
    assert place.run("due", "--within", "12h", config=with_nothing).exit_code == 0
    soon = place.run("due", "--within", "2 weeks", config=with_nothing)
    assert soon.exit_code == 1
    assert "Acknowledge" in soon.stdout


@pytest.mark.parametrize("words", [("due",), ("due", "--json"), ("due", "--mine"), ("due", "--within", "9 weeks")])
def test_due_is_mailed_around_and_holds_no_word_of_a_report(place: Place, words: tuple[str, ...]) -> None:
    done = place.run(*words)
    assert [word for word in SUBJECTS if word in done.stdout] == []
    assert "Acknowledge" in done.stdout or "--mine" in words


def test_a_case_is_shown_with_its_history(place: Place) -> None:
    place.run("sync")
    done = place.run("show", "#1")
    assert done.exit_code == 0
    for heading in ("Next", "Clocks", "Reports", "History"):
        assert f"\n{heading}\n" in done.stdout
    assert "␤" not in done.stdout


def test_entries_are_printed_as_the_journal_has_them(place: Place) -> None:
    place.run("sync")
    kinds = [json.loads(line)["kind"] for line in place.run("show", "1", "--entries").stdout.splitlines()]
    assert kinds == ["case-opened", "report-linked", "mail-arrived"]


def test_doctor_names_every_part_and_what_mends_it(place: Place) -> None:
    done = place.run("doctor", "--json")
    found = json.loads(done.stdout)["findings"]
    assert {one["part"] for one in found} >= {"configuration", "policy", "store", "ledger", "gpg", "courier", "keyring", "roster"}
    assert done.exit_code == (2 if any(one["condition"] == "broken" for one in found) else 1)
    assert [one for one in found if one["part"] == "store" and "List-Id is not indexed" in one["sentence"] and one["mend"]]


@pytest.mark.parametrize("where", [("--database",), ()], ids=["database", "own configuration"])
def test_doctor_finds_cleartext_in_the_index(place: Place, where: tuple[str, ...]) -> None:
    """notmuch keeps decrypted words for everybody who may read its database, where it is told to."""
    place.room.notmuch("config", "set", *where, "index.decrypt", "true")
    found = json.loads(place.run("doctor", "--json").stdout)["findings"]
    assert [one["condition"] for one in found if "decrypted text" in one["sentence"]] == ["broken"]


def test_what_doctor_says_mends_the_list_header_mends_it(place: Place) -> None:
    """The query of a report may then name the list, for what came by Bcc; it must be in the database: seccon reads no other."""
    found = json.loads(place.run("doctor", "--json").stdout)["findings"]
    (mend,) = [one["mend"] for one in found if "List-Id is not indexed" in one["sentence"]]
    for command in mend.split(";"):
        _notmuch, *words = shlex.split(command)
        place.room.notmuch(*words)
    place.room.fill([letter(message_id="bcc@r.example", to="undisclosed", headers=[("List-Id", "<team.lists.example.org>")])])
    place.config.write_text(place.config.read_text().replace(f"to:{LIST}", "List:team.lists"))
    assert [row["message_id"] for row in place.json("list")["cases"]] == ["bcc@r.example"]
    assert "List-Id is not indexed" not in place.run("doctor").stdout


def test_hostile_subjects_reach_no_terminal(place: Place) -> None:
    place.room.fill([letter(subject="\x1b]52;c;aGVsbG8=\x07 [/] \x9b31m \u202eevil", message_id="evil@r.example")])
    for words in (("list",), ("list", "--json"), ("show", "3"), ("show", "3", "--json"), ("show", "3", "--entries")):
        done = place.run(*words)
        assert done.exit_code == 0
        assert [char for char in done.output if (ord(char) < 32 and char not in "\n") or 0x7F <= ord(char) <= 0x9F] == []
        assert "\u202e" not in done.output
