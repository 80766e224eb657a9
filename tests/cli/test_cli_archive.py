"""A store of a few hundred mails that was not written for seccon: every thread of the query is a row, every mail is read."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.corpus import LIST, write_corpus
from tests.cli.conftest import Place, make_place
from tests.mailroom import open_mailroom

ARCHIVE = Path(__file__).parent.parent / "data" / "archive"
QUERY = f"to:{LIST} or path:archive/**"


@pytest.fixture(scope="module")
def archive() -> Iterator[Place]:
    """Public archives' oddities beside a list's ordinary traffic."""
    with open_mailroom() as room:
        write_corpus(room.root / "list", 240, seed=3)
        write_corpus(room.root / "list", 60, seed=4, tag="b", newest=1_700_000_000)
        for folder in ("cur", "new", "tmp"):
            (room.root / "archive" / folder).mkdir(parents=True)
        for number, path in enumerate(sorted(ARCHIVE.glob("*.eml"))):
            shutil.copy(path, room.root / "archive" / "cur" / f"1760000{number:03}.public:2,S")
        room.new()
        place = make_place(room)
        place.config.write_text(
            place.config.read_text().replace('reports = "to:security@lists.example.org"', f'reports = "{QUERY}"')
        )
        yield place


def threads(place: Place, query: str = QUERY) -> int:
    """Count the threads as notmuch does."""
    return int(place.room.notmuch("count", "--output=threads", query))


def test_every_thread_of_the_query_is_one_row(archive: Place) -> None:
    rows = archive.json("list", "--all")["cases"]
    assert threads(archive) > 60
    assert len(rows) == threads(archive)
    assert len({row["message_id"] for row in rows}) == len(rows)


def test_every_mail_of_the_query_stands_in_a_case(archive: Place) -> None:
    rows = archive.json("list", "--all")["cases"]
    assert sum(row["mails"] for row in rows) == int(archive.room.notmuch("count", QUERY))


def test_a_reindex_changes_no_row(archive: Place) -> None:
    before = archive.json("list", "--all")
    archive.room.reindex()
    assert archive.json("list", "--all") == before


def test_each_case_can_be_shown_and_each_root_read(archive: Place) -> None:
    for row in archive.json("list", "--all")["cases"][::5]:
        case = archive.json("show", str(row["number"]), "--no-sync")["case"]
        assert case["reports"][0]["message_id"] == row["message_id"]
        assert archive.json("read", f"id:{row['message_id']}")["message_id"] == row["message_id"]


def test_several_projects_share_out_the_threads(archive: Place) -> None:
    """A thread that two queries match is one case: of the project that stands first."""
    text = archive.config.read_text().replace('policy = "qemu@2020-12"\n', "").replace(f'reports = "{QUERY}"\n', "")
    queries = {"list": f"to:{LIST}", "archive": "path:archive/**", "race": "subject:race"}
    tables = "".join(f'[projects.{name}]\npolicy = "libvirt"\nreports = "{query}"\n' for name, query in queries.items())
    several = archive.room.home / "several.toml"
    ledger = archive.room.home / "several"
    ledger.mkdir(mode=0o700)
    several.write_text(text.replace(str(archive.room.home / "ledger"), str(ledger)) + tables)
    done = archive.run("list", "--all", config=several)
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) == threads(archive, " or ".join(f"({query})" for query in queries.values()))
    first = archive.run("list", "--all", "--no-sync", "project:list", config=several)
    assert len(first.stdout.splitlines()) == threads(archive, queries["list"])
