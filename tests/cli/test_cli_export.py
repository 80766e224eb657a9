"""`seccon export` (D2): refused before it is public, complete or not written at all, a draft for one person alone."""

import json
import stat
from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest

from seccon.adapters.ledger import Ledger
from seccon.cli.main import cli
from seccon.core.ids import CveId, MessageId
from seccon.core.instants import from_text
from seccon.core.journal import Body
from seccon.core.journal.cases import Assessed, CaseAccepted, CreditSet
from seccon.core.journal.disclosure import AdvisorySet, Reference
from seccon.core.journal.embargoes import EmbargoEnded, EmbargoSet
from seccon.core.journal.work import BranchSet, CveAssigned
from tests.cli.conftest import Place, make_place
from tests.core.test_cve_format import BUNDLED, CveRecord
from tests.ledgersmith import project
from tests.mailroom import letter, open_mailroom

NOW = from_text("2026-11-21T12:00:00Z")
WORDS = AdvisorySet(
    title="usb: overflow", description="A length is trusted.", impact="Memory is written.", cwe="CWE-787",
    references=(Reference("https://example.org/x"),), patchers=("P <p@example.org>",),
)  # fmt: skip
FIX = BranchSet(branch="master", state="merged", commit="a" * 40, introduced=("b" * 40,), vulnerable_tags=("v1",))


@pytest.fixture
def place() -> Iterator[Place]:
    """One report, read in."""
    with open_mailroom() as room:
        room.fill([letter(message_id="one@r.example")])
        place = make_place(room)
        assert place.run("sync").exit_code == 0
        yield place


def record(place: Place, *bodies: Body) -> None:
    """Write entries as a colleague would."""
    ledger = Ledger(_ledger(place), project)
    with ledger.writing("alice", NOW) as book:
        book.append(1, book.entries(1)[-1].seq, "qemu@2020-12", *bodies)
    ledger.close()


def _ledger(place: Place) -> str:
    line = next(one for one in place.config.read_text().splitlines() if one.startswith("url"))
    return line.partition("sqlite:///")[2].rstrip('"')


SECRET: tuple[Body, ...] = (
    Assessed(genuine="yes", misuse="yes", severity="Important"),
    CaseAccepted(id="Q-2026-001"),  # type: ignore[arg-type]
    EmbargoSet(proposal="p1", until=NOW + timedelta(days=3)),
    CveAssigned(cve=CveId("CVE-2026-12345"), by="V"),
    CreditSet(report=MessageId("one@r.example"), credit="R"),
    WORDS,
)
PUBLIC: tuple[Body, ...] = (EmbargoEnded(reason="released"), FIX)


def test_before_it_is_public_it_is_refused_with_the_rule(place: Place) -> None:
    record(place, *SECRET)
    done = place.run("export", "Q-2026-001", "--format", "text")
    assert done.exit_code == 3
    assert done.stdout == ""
    assert "The embargo of case Q-2026-001 holds until 2026-11-24 12:00Z" in done.stderr
    assert "--draft" in done.stderr


def test_a_case_without_an_embargo_is_not_public_by_that(place: Place) -> None:
    assert place.run("export", "1", "--format", "md").exit_code == 3


def test_a_draft_says_so_and_is_for_one_person_alone(place: Place, tmp_path) -> None:
    record(place, *SECRET)
    path = tmp_path / "draft.txt"
    path.write_text("what was there")
    path.chmod(0o644)
    done = place.run("export", "1", "--format", "text", "--draft", "--output", str(path))
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    assert path.read_text().startswith("*** DRAFT, TLP:RED")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["draft.txt"]


def test_what_is_missing_is_named_and_nothing_half_is_written(place: Place, tmp_path) -> None:
    record(place, *SECRET)
    path = tmp_path / "record.json"
    path.write_text("what was there")
    done = place.run("export", "1", "--format", "cve", "--draft", "--output", str(path))
    assert done.exit_code == 1
    assert done.stderr == "seccon: cve: no branch tells what is affected: its commits or tags. In the console: F.\n"
    assert path.read_text() == "what was there"
    assert [one.name for one in tmp_path.iterdir()] == ["record.json"]


@pytest.mark.parametrize("form", ["text", "md", "cve", "cna", "csaf", "osv"])
def test_what_is_public_is_written_whole(place: Place, tmp_path, form: str) -> None:
    record(place, *SECRET, *PUBLIC)
    path = tmp_path / "new"
    printed = place.run("export", "1", "--format", form)
    assert printed.exit_code == 0, printed.stderr
    assert place.run("export", "1", "--format", form, "--output", str(path)).exit_code == 0
    assert path.read_text() == printed.stdout
    assert "usb: overflow" in printed.stdout
    assert "DRAFT" not in printed.stdout


def test_the_names_of_weaknesses_are_known(place: Place) -> None:
    record(place, *SECRET, *PUBLIC)
    told = json.loads(place.run("export", "1", "--format", "csaf").stdout)
    assert told["vulnerabilities"][0]["cwe"] == {"id": "CWE-787", "name": "Out-of-bounds Write"}


def test_each_id_of_a_case_has_a_record_of_its_own_and_that_is_said(place: Place, tmp_path) -> None:
    """Kind and score were found for the case's own id: they are not told of another."""
    record(place, *SECRET, *PUBLIC, msgspec.structs.replace(WORDS, also=(CveId("CVE-2026-54321"),)))
    own = place.run("export", "1", "--format", "cve")
    assert json.loads(own.stdout)["cveMetadata"]["cveId"] == "CVE-2026-12345"
    assert own.exit_code == 0
    assert own.stderr == "seccon: cve: the record of one id. CVE-2026-54321: each has one of its own, --cve writes it.\n"
    assert place.json("export", "1", "--format", "cve")["others"] == ["CVE-2026-54321"]
    other = place.run("export", "1", "--format", "cve", "--cve", "cve-2026-54321")
    told = json.loads(other.stdout)
    CveRecord.validate(told, BUNDLED)
    assert (told["cveMetadata"]["cveId"], other.stderr) == ("CVE-2026-54321", "")
    assert "problemTypes" not in told["containers"]["cna"]
    osv = json.loads(place.run("export", "1", "--format", "osv", "--cve", "CVE-2026-54321").stdout)
    assert (osv["id"], osv["related"]) == ("CVE-2026-54321", ["CVE-2026-12345"])
    for form, cve, said in (
        ("cve", "CVE-2026-1", "it has CVE-2026-12345, CVE-2026-54321"),
        ("csaf", "CVE-2026-54321", "all ids"),
    ):
        refused = place.run("export", "1", "--format", form, "--cve", cve)
        assert (refused.exit_code, refused.stdout, said in refused.stderr) == (3, "", True)
    assert place.run("export", "1", "--format", "csaf").stderr == ""


def test_a_file_that_cannot_be_written_is_a_sentence(place: Place) -> None:
    record(place, *SECRET, *PUBLIC)
    done = place.run("export", "1", "--format", "md", "--output", "/nowhere/x.md")
    assert done.exit_code == 2
    assert "/nowhere/x.md cannot be written: No such file or directory" in done.stderr


def test_the_answer_in_json_tells_document_and_lacks(place: Place) -> None:
    record(place, *SECRET, *PUBLIC)
    answer = place.json("export", "1", "--format", "md")
    assert list(answer) == ["seccon", "case", "format", "draft", "name", "file", "document", "lacks", "others"]
    assert (answer["name"], answer["file"], answer["lacks"]) == ("cve-2026-12345.md", None, [])
    lacking = json.loads(place.run("export", "1", "--format", "lsn", "--json").stdout)
    assert lacking["document"] is None
    assert {"what": "the notice has no number of twice four digits, such as 2026-0003", "key": "E"} in lacking["lacks"]


def test_no_such_case_and_no_such_form_are_told(place: Place) -> None:
    assert place.run("export", "99", "--format", "md").exit_code == 2
    assert place.run("export", "1", "--format", "pdf").exit_code == 2
    assert "export" in cli.list_commands(None)  # type: ignore[arg-type]
