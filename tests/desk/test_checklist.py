"""The checklist (I5): evidence is found in the thread's own mails, told without the secret; only a person ticks."""

from pathlib import Path

import msgspec
import pytest

from seccon.core.case import fold
from seccon.core.case_card import case_card
from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId
from seccon.core.journal.entry import body_to_json
from seccon.desk.checklist import Tick
from seccon.desk.find_evidence import Checked, FindEvidence, missing
from tests.outgoing import DOE, NOW, ROE, Scene, arrival, made_mail

TEXT = "QEMU 9.1.0 on x86_64\n> Please credit nobody\nqemu-system-x86_64 -M q35 \\\n  -qtest stdio\n"


def report_of(scene: Scene, case: int) -> MessageId:
    return fold(scene.office.ledger.entries(case)).reports[0].id


def find(scene: Scene, case: int) -> Checked:
    return FindEvidence(case=case, report=report_of(scene, case)).perform(scene.office)


def tick(scene: Scene, case: int, checked: Checked, **held: bool) -> None:
    seen = scene.office.ledger.entries(case)[-1].seq
    evidence = {item: checked.told(item) for item in held if checked.told(item)}
    Tick(case=case, seen=seen, report=checked.report, held=held, evidence=evidence).perform(scene.office)


def test_what_the_reporter_wrote_is_found_and_nothing_is_ticked_by_itself(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report(text=TEXT)
    checked = find(scene, case)
    assert set(checked.found) == {"version", "architecture", "command-line", "reproducer", "configuration"}
    assert checked.told("version") == "line 1: QEMU 9.1.0 on x86_64"
    assert "credit" not in checked.found
    assert fold(scene.office.ledger.entries(case)).work.ticks == {}


def test_out_of_an_encrypted_mail_the_journal_gets_the_place_alone(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report(text=TEXT, encrypted=True)
    checked = find(scene, case)
    assert checked.found["version"][0].text == "QEMU 9.1.0 on x86_64"
    tick(scene, case, checked, version=True, architecture=True, credit=False)
    stored = b"".join(body_to_json(entry.body) for entry in scene.office.ledger.entries(case))
    assert b"in the encrypted mail, part 1, line 1" in stored
    assert b"9.1.0" not in stored
    assert b"x86_64" not in stored
    assert b"9.1.0" not in (tmp_path / "ledger.db").read_bytes() + (tmp_path / "ledger.db-wal").read_bytes()


def test_a_locked_mail_is_named_and_counts_for_nothing(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report(encrypted=True)
    path, mail = next(iter(scene.reader.mails.items()))
    scene.reader.mails[path] = msgspec.structs.replace(mail, locked="The key is locked.", parts=())
    checked = find(scene, case)
    assert checked.found == {}
    assert checked.unread == ("Mail 1 was not searched: The key is locked.",)


def test_what_the_reporter_adds_later_is_found_and_what_others_say_is_not(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report(text="Hello")
    report = report_of(scene, case)
    for name, who, text, changes in (
        ("later@x", ROE, "It is QEMU 9.1.0", {}),
        ("team@x", ROE, "commit 9201bb9", {"direction": "team"}),
        ("joined@x", DOE, "Please credit me", {"joined": True}),
    ):
        mail = made_mail(MessageId(name), who, text=text)
        scene.keep(mail)
        scene.add(case, msgspec.structs.replace(arrival(mail, report, who), **changes))
    assert find(scene, case).told("version") == "mail 2, line 1: It is QEMU 9.1.0"
    assert set(find(scene, case).found) == {"version"}


def test_another_file_under_the_same_id_is_no_evidence(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report(text=TEXT)
    path, mail = next(iter(scene.reader.mails.items()))
    scene.reader.mails[path] = msgspec.structs.replace(mail, heading=msgspec.structs.replace(mail.heading, digest="another"))
    checked = find(scene, case)
    assert checked.found == {}
    assert "has gone from the store" in checked.unread[0]


def test_missing_is_what_was_ticked_no_or_neither_found_nor_ticked(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report(text=TEXT)
    checked = find(scene, case)
    tick(scene, case, checked, version=False, trace=True)
    lacking = [one.id for one in missing(fold(scene.office.ledger.entries(case)), scene.policy, checked)]
    assert "version" in lacking
    assert "credit" in lacking
    assert not {"trace", "architecture", "command-line"} & set(lacking)


def test_the_card_shows_the_checklist_as_a_person_ticked_it(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report(text=TEXT)
    tick(scene, case, find(scene, case), version=True, credit=False)
    card = case_card(fold(scene.office.ledger.entries(case)), scene.policy, scene.office.roster, NOW, {})
    assert len(card.checklist) == 8
    first, last = card.checklist[0], card.checklist[-1]
    assert (first.ticked, first.evidence) == (True, "line 1: QEMU 9.1.0 on x86_64")
    assert (last.ticked, last.evidence) == (False, "missing")


def test_a_report_of_another_case_is_refused(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    with pytest.raises(RefusedError, match="no such report"):
        FindEvidence(case=case, report=MessageId("other@x")).perform(scene.office)
