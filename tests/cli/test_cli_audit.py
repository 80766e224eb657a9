"""`seccon audit` proves the journal or says where it breaks (H4), and doctor says the same."""

import json
import sqlite3

from tests.cli.conftest import Place


def alter(place: Place, statement: str) -> None:
    """Change the ledger as somebody does who goes behind seccon's back."""
    with sqlite3.connect(place.room.home / "ledger" / "ledger.db") as connection:
        connection.execute(statement)
    connection.close()


def test_a_journal_that_holds_is_proved_with_its_last_hash(place: Place) -> None:
    place.run("sync")
    done = place.run("audit")
    assert done.exit_code == 0, done.output
    assert "The journal holds: " in done.stdout
    answer = place.json("audit")
    assert (answer["holds"], answer["breaks"]) == (True, [])
    assert answer["entries"] > 3
    assert len(answer["head"]) == 64
    assert answer["head"] in done.stdout


def test_an_altered_journal_is_told_with_its_place_and_status_1(place: Place) -> None:
    place.run("sync")
    alter(place, "UPDATE entry SET \"by\" = 'mallory' WHERE id = 2")
    done = place.run("audit", "--json")
    assert done.exit_code == 1
    answer = json.loads(done.stdout)
    assert answer["holds"] is False
    assert "Row 2 (case #1, entry 2" in answer["breaks"][0]
    told = place.run("audit")
    assert told.exit_code == 1
    assert "Row 2" in told.stdout
    assert "THE JOURNAL WAS ALTERED: 1 place." in told.stdout
    assert "Row 2" in place.run("doctor").stdout
