"""The guard on R10's letter: to the private list and nowhere else; in clear text only by a written decision."""

from typing import Any

import msgspec
import pytest

from seccon.core.circle import Circle
from seccon.core.guard import judge
from seccon.core.keys import Key
from seccon.core.letter import ARCHIVE, Attachment, Choice, Letter, Recipient, Sheet, Way, marks
from seccon.core.policy import MailingList
from seccon.core.report import Address
from tests.core.test_guard import BOB, CIRCLE, LETTER, NOW, PUBLIC, ROE, TEAM, TEAM_KEY, TRUST

SECRET = "The guest writes past the end of the descriptor ring."
MEMBERS, CLEAR = "archive@team.example.org", "clear-archive@team.example.org"
LISTS = (
    MailingList(MEMBERS, transport="members", purpose=("archive",)),
    MailingList(CLEAR, transport="clear", purpose=("archive",)),
    MailingList(PUBLIC, public=True, purpose=("archive",)),
    MailingList("reports@team.example.org", transport="members", purpose=("reports",)),
)
SEALED = msgspec.structs.replace(CIRCLE, lists=LISTS, encrypted=True)


def letter(*to: str, **more: Any) -> Letter:
    recipients = tuple(Recipient(one, role="list") for one in to)
    made = msgspec.structs.replace(
        LETTER, recipients=recipients, text=f"From: A. Roe\n\n{SECRET}\n", purpose=ARCHIVE, secret=True,
        secret_marks=tuple(marks(SECRET)), subject="Archive of an encrypted report",
    )  # fmt: skip
    return msgspec.structs.replace(made, **more)


def judged(given: Letter, circle: Circle = SEALED, signer: Key | None = TEAM_KEY) -> Sheet:
    return judge(given, circle, TRUST, Address("Team", TEAM), signer, NOW)


def rules(found: Sheet) -> set[str]:
    return {refusal.rule for refusal in found.refusals}


def test_it_may_go_encrypted_to_the_members_behind_the_archive() -> None:
    found = judged(letter(MEMBERS))
    assert found.can_send, found.refusals
    assert [line.recipient.address for line in found.lines if line.via == MEMBERS] == [BOB]


@pytest.mark.parametrize("other", [ROE, BOB, "reports@team.example.org", PUBLIC])
def test_it_goes_nowhere_else_and_nobody_can_override_that(other: str) -> None:
    found = judged(letter(MEMBERS, other))
    against = [one for one in found.refusals if one.rule == "archive-elsewhere"]
    assert [one.recipient for one in against] == [other]
    assert against[0].ways == (Way.MEND,)


@pytest.mark.parametrize("protection", ["signed", "clear"])
def test_a_list_that_reads_clear_text_only_needs_a_written_decision_for_each_rule(protection: Any) -> None:
    """R6: what arrived encrypted goes there only by R10's recorded decision."""
    given = letter(CLEAR, protection=protection)
    found = judged(given)
    assert rules(found) == {"clear-encrypted", "quoted-cleartext"}
    assert all(Way.OVERRIDE in one.ways for one in found.refusals)
    bare = tuple(Choice(one.rule, "overridden", one.recipient, " ") for one in found.refusals)
    assert not judged(msgspec.structs.replace(given, choices=bare)).can_send, "a decision without its reason is none"
    reasoned = tuple(Choice(one.rule, "overridden", one.recipient, "the list's host is ours") for one in found.refusals)
    decided = judged(msgspec.structs.replace(given, choices=reasoned))
    assert decided.can_send
    assert {one.rule for one in decided.settled} == {"clear-encrypted", "quoted-cleartext"}


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": ""},
        {"purpose": "progress"},
        {"recipients": (Recipient(CLEAR, role="list"), Recipient(ROE, role="reporter"))},
        {"recipients": (Recipient(CLEAR, role="list"), Recipient(PUBLIC, role="list"))},
        {"recipients": (Recipient(MEMBERS, role="list"),)},
    ],
)
def test_no_other_letter_in_clear_text_can_be_decided_so(changes: dict[str, Any]) -> None:
    given = (
        letter(CLEAR, protection="signed", **changes) if "recipients" not in changes else letter(protection="signed", **changes)
    )
    choices = tuple(Choice(rule, "overridden", "", "please") for rule in ("clear-encrypted", "quoted-cleartext"))
    found = judged(msgspec.structs.replace(given, choices=choices))
    assert rules(found) >= {"clear-encrypted", "quoted-cleartext"}


def test_the_archive_of_a_public_list_is_none() -> None:
    assert "archive-elsewhere" in rules(judged(letter(PUBLIC)))


def test_files_stand_on_the_sheet_and_too_many_bytes_are_refused() -> None:
    """R4: what is approved is what leaves."""
    small = judged(letter(MEMBERS, attachments=(Attachment("a.patch", b"1"),)))
    assert [(one.name, one.size, one.sha256[:8]) for one in small.enclosed] == [("a.patch", 1, "6b86b273")]
    assert small.digest != judged(letter(MEMBERS, attachments=(Attachment("a.patch", b"2"),))).digest
    large = judged(letter(MEMBERS, attachments=(Attachment("a", b"x" * (6 << 20)), Attachment("b", b"x" * (5 << 20)))))
    assert rules(large) == {"too-large"}
