"""What a row says for the person who asks: what they have not read, and the mark that its first mail has earned."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from seccon.adapters.ledger import Ledger
from seccon.core.board import BoardQuery
from seccon.core.ids import Fingerprint, MessageId
from seccon.core.journal import Body
from seccon.core.journal.cases import MailArrived, NoteAdded
from seccon.core.journal.replies import KeyPinned, KeyUnpinned
from seccon.core.report import Scope, Signature, Verdict
from tests.ledgersmith import NOW, QEMU, follow_up, opened, project, report

KEY = Fingerprint("A" * 40)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.db", project)
    yield ledger
    ledger.close()


def test_unread_counts_for_each_person_and_ends_when_they_saw_it(ledger: Ledger) -> None:
    case = opened(ledger)
    (row,) = ledger.rows(BoardQuery(), "alice")
    assert row.unread == 1
    ledger.saw("alice", case)
    moved = ledger.revision()
    ledger.saw("alice", case)
    assert ledger.revision() == moved  # nothing to tell anybody
    assert [ledger.row(case, who).unread for who in ("alice", "bob", "")] == [0, 1, 1]  # type: ignore[union-attr]
    with ledger.writing("seccon", NOW) as book:
        book.append(case, 3, QEMU, follow_up("f1"), follow_up("f2"))
    assert [ledger.row(case, who).unread for who in ("alice", "bob")] == [2, 3]  # type: ignore[union-attr]
    assert ledger.row(99, "alice") is None


GOOD = Verdict(Scope.NO, Scope.WHOLE, Signature.GOOD, KEY, "A. Roe", True, True)


@pytest.mark.parametrize(
    ("changes", "mark"),
    [
        ({}, "trusted"),
        ({"pinned": False}, "weak"),
        ({"signed": Scope.PART}, ""),
        ({"signed": Scope.PART, "pinned": False}, ""),
        ({"matches_from": False}, "bad"),
        ({"matches_from": False, "pinned": False}, "bad"),
        *(({"signature": one}, "bad") for one in Signature if one not in (Signature.GOOD, Signature.NONE, Signature.UNKNOWN_KEY)),
        ({"signature": Signature.UNKNOWN_KEY}, ""),
        ({"signature": Signature.NONE}, ""),
    ],
)
def test_the_mark_of_a_row_says_no_more_than_its_verdict(ledger: Ledger, changes: dict[str, object], mark: str) -> None:
    """R7: only a good signature over the whole mail, by the key that is pinned to its one sender, is trusted."""
    case = opened(ledger)
    verdict = msgspec.structs.replace(GOOD, **changes)
    mail = MessageId("r1@example.org")
    assert ledger.rows(BoardQuery(), "alice")[0].mark == ""
    ledger.keep_verdict(mail, "digest of r1@example.org", verdict)
    assert ledger.rows(BoardQuery(), "alice")[0].mark == ledger.row(case).mark == mark  # type: ignore[union-attr]
    assert ledger.verdict(mail, "digest of r1@example.org") == verdict


def test_a_verdict_on_another_mail_with_the_same_message_id_earns_no_mark(ledger: Ledger) -> None:
    """I11: two mails under one id, one of them signed."""
    case = opened(ledger)
    mail = MessageId("r1@example.org")
    ledger.keep_verdict(mail, "another digest", GOOD)
    assert ledger.row(case).mark == ""  # type: ignore[union-attr]
    ledger.keep_verdict(mail, "digest of r1@example.org", GOOD)
    assert ledger.row(case).mark == "trusted"  # type: ignore[union-attr]
    with ledger.writing("seccon", NOW) as book:
        book.append(case, 3, QEMU, MailArrived(mail=mail, digest="another digest", report=mail, sender=report()[1].reporter))  # type: ignore[attr-defined]
    assert ledger.row(case).mark == ""  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (KeyUnpinned(address="roe@example.org", fingerprint=KEY), ["other"]),
        (KeyPinned(address="roe@example.org", fingerprint=KEY), ["other"]),
        (KeyPinned(address="roe@example.org", fingerprint=Fingerprint("C" * 40), replaces=KEY), ["other"]),
        (KeyPinned(address="poe@example.org", fingerprint=Fingerprint("C" * 40)), ["mine", "other"]),
        (NoteAdded(text="nothing about keys"), ["claimed", "mine", "other"]),
    ],
)
def test_a_pin_that_changes_takes_the_verdicts_along_that_rested_on_it(ledger: Ledger, body: Body, kept: list[str]) -> None:
    """A key that is no longer trusted must not go on making trusted marks."""
    ledger.keep_verdict(MessageId("mine"), "d", GOOD)
    ledger.keep_verdict(MessageId("other"), "d", msgspec.structs.replace(GOOD, fingerprint=Fingerprint("B" * 40)))
    ledger.keep_verdict(MessageId("claimed"), "d", msgspec.structs.replace(GOOD, fingerprint=Fingerprint("D" * 40), pinned=False))
    with ledger.writing("alice", NOW) as book:
        book.append(0, 0, "", body)
    assert [name for name in ("claimed", "mine", "other") if ledger.verdict(MessageId(name), "d")] == kept
