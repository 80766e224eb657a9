"""Parts, saved and searched, by clause: who may, what is recorded, what is said of what could not be read (R1 R7 R11)."""

import os
from pathlib import Path

import msgspec
import pytest

from seccon.adapters.own_file import OwnFiles
from seccon.core.errors import ConfigError, MailNotFoundError, RefusedError, StoreError
from seccon.core.ids import MessageId
from seccon.core.journal.cases import NoteAdded
from seccon.core.letter import MAX_ATTACHED
from seccon.core.report import Part
from seccon.desk.attachments import AttachFile, PartOf, ReadPart, SavePart
from seccon.desk.search_case import MAX_HITS, SearchCase
from tests.eavesdrop import files_with
from tests.outgoing import ROE, SECRET, Scene, arrival, made_mail

REPORT = MessageId("report1@reporter.example.net")
WHERE = PartOf(REPORT, f"digest-{REPORT}", "2")


def scene_of(tmp_path: Path) -> Scene:
    scene = Scene(tmp_path)
    scene.reader.attachment = lambda *_: b"\x7fELF quokkaberry"  # type: ignore[method-assign]
    scene.office = msgspec.structs.replace(scene.office, files=OwnFiles(tmp_path / "own"))
    return scene


def test_saving_a_secret_is_noted_without_a_word_of_it(tmp_path: Path) -> None:
    scene = scene_of(tmp_path)
    case = scene.report(encrypted=True)
    save = SavePart(part=WHERE, case=case, name="quokkaberry.bin", secret=True)
    path = Path(save.perform(scene.office))
    assert path == tmp_path / "own" / "saved" / "quokkaberry.bin"
    (note,) = [entry for entry in scene.office.ledger.entries(case) if isinstance(entry.body, NoteAdded)]
    assert note.by == "alice"
    assert note.body == NoteAdded(text=f"Saved to disk in clear: part 2 (16 bytes) of the encrypted mail {REPORT}.")
    assert [Path(one) for one in files_with(b"quokkaberry", tmp_path)] == [path]


def test_saving_what_came_in_clear_is_not_noted(tmp_path: Path) -> None:
    scene = scene_of(tmp_path)
    case = scene.report()
    SavePart(part=WHERE, case=case, name="a").perform(scene.office)
    assert "note-added" not in scene.kinds(case)


def test_who_is_nobody_on_the_roster_saves_and_attaches_nothing(tmp_path: Path) -> None:
    scene = scene_of(tmp_path)
    case = scene.report(encrypted=True)
    stranger = msgspec.structs.replace(scene.office, person="mallory")
    for request in (SavePart(part=WHERE, case=case, name="a", secret=True), AttachFile(path="/etc/hostname")):
        with pytest.raises(RefusedError):
            request.perform(stranger)
    assert not (tmp_path / "own").exists()


def test_another_mail_under_the_same_id_is_not_read_for_it(tmp_path: Path) -> None:
    """I11."""
    scene = scene_of(tmp_path)
    scene.report()
    with pytest.raises(MailNotFoundError):
        ReadPart(part=PartOf(REPORT, "another digest", "1")).perform(scene.office)


def test_files_together_stay_within_ten_mebibytes(tmp_path: Path) -> None:
    scene = scene_of(tmp_path)
    file = tmp_path / "big"
    file.touch()
    os.truncate(file, MAX_ATTACHED)
    assert len(AttachFile(path=str(file)).perform(scene.office).data) == MAX_ATTACHED
    with pytest.raises(StoreError, match="larger than"):
        AttachFile(path=str(file), held=1).perform(scene.office)
    bare = msgspec.structs.replace(scene.office, files=None)
    with pytest.raises(ConfigError):
        AttachFile(path=str(file)).perform(bare)


def test_a_file_is_what_its_bytes_are(tmp_path: Path) -> None:
    scene = scene_of(tmp_path)
    for name, data, kind in (
        ("a.patch", b"+x\n", "text/x-patch"),
        ("a.html", b"<script>", "text/plain"),
        ("a.patch", b"\0\1", "application/octet-stream"),
        ("a.txt", b"\xff\xfe", "application/octet-stream"),
    ):
        (tmp_path / name).write_bytes(data)
        assert AttachFile(path=str(tmp_path / name)).perform(scene.office).type == kind


def test_a_search_looks_at_every_mail_of_the_case_and_at_no_other(tmp_path: Path) -> None:
    """R11: whatever the case of letters, all words in one line, names of attachments too; what is locked or gone is counted."""
    scene = scene_of(tmp_path)
    case = scene.report(encrypted=True)
    scene.report(text="descriptor ring of another case")
    for number, more in enumerate(({"locked": "No key."}, {"parts": (Part("1", "x/y", filename="Descriptor-RING.c"),)})):
        mail = msgspec.structs.replace(made_mail(MessageId(f"m{number}@x.example"), ROE, encrypted=True), **more)
        scene.keep(mail)
        scene.add(case, arrival(mail, REPORT, ROE), by="seccon")
    gone = made_mail(MessageId("gone@x.example"), ROE)
    scene.add(case, arrival(gone, REPORT, ROE), by="seccon")
    found = SearchCase(case=case, text=" RING descriptor ").perform(scene.office)
    assert [(hit.mail, hit.place, hit.line) for hit in found.hits] == [
        (REPORT, "text", SECRET),
        ("m0@x.example", "text", SECRET),
        ("m1@x.example", "attachment", "Descriptor-RING.c"),
    ]
    assert (found.locked, found.missing, found.more) == (1, 1, False)
    assert SearchCase(case=case, text="ring nowhere").perform(scene.office).hits == ()
    with pytest.raises(RefusedError):
        SearchCase(case=case, text="  ").perform(scene.office)


def test_letters_that_fold_to_more_are_found_and_long_lines_are_cut_around_the_word(tmp_path: Path) -> None:
    scene = scene_of(tmp_path)
    case = scene.report(text="x" * 5000 + " Straße " + "y" * 5000 + "\n" + "straße\n" * (MAX_HITS + 5))
    found = SearchCase(case=case, text="STRASSE").perform(scene.office)
    assert "Straße" in found.hits[0].line
    assert len(found.hits[0].line) < 400
    assert len(found.hits) == MAX_HITS
    assert found.more
