"""A mail to a list outside, from the sheet to the server and what follows (E7 F6 R2), with real gpg and a real SMTP server."""

import email
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from seccon.adapters.couriers.smtp import Smtp
from seccon.core.case import Case, fold
from seccon.core.errors import ConflictError, RefusedError
from seccon.core.journal.cases import PublicityFlagged
from seccon.core.journal.embargoes import EmbargoEnded, EmbargoWished
from seccon.core.letter import Choice, Letter, Recipient
from seccon.core.report import Correspondent
from seccon.core.solver import solve
from seccon.core.steps import steps
from seccon.desk.deliver import Deliver
from seccon.desk.embargo import ProposeEmbargo
from seccon.desk.pin_key import PinKey
from seccon.desk.prepare_reply import PrepareReply
from seccon.desk.presend import Presend
from seccon.desk.results import Announce, Permit
from seccon.desk.send_reply import SendReply
from tests.outgoing import NOW, Scene
from tests.postbox import Postbox, running

DISTROS = Correspondent("linux-distros", "linux-distros@vs.openwall.org")
OSS = "oss-security@lists.openwall.com"


@pytest.fixture
def box() -> Iterator[Postbox]:
    with running(Postbox()) as made:
        yield made


class Host:
    """A case that came encrypted, a list whose key is pinned, and a letter to it."""

    def __init__(self, home: Path, box: Postbox) -> None:
        self.scene = Scene(home, Smtp("127.0.0.1", box.port, "none"))
        self.number = self.scene.report(encrypted=True)
        self.report = self.case.reports[0].id
        key = self.scene.reporter_key(DISTROS, "out-distros")
        PinKey(address=DISTROS.address, fingerprint=key, compared=key, how="the list's page").perform(self.scene.office)

    @property
    def case(self) -> Case:
        return fold(self.scene.office.ledger.entries(self.number))

    def do(self, kind: type, **fields: object) -> None:
        kind(case=self.number, seen=self.case.seq, **fields).perform(self.scene.office)

    def letter(self, text: str) -> Letter:
        letter = PrepareReply(case=self.number, quoted=False).perform(self.scene.office)
        to = (Recipient(DISTROS.address, "", "party"),)
        return msgspec.structs.replace(letter, recipients=to, text=text, answers=None, references=())

    def send(self, letter: Letter) -> None:
        sheet = Presend(letter=letter).perform(self.scene.office)
        assert sheet.can_send, sheet.refusals
        self.scene.now += timedelta(minutes=7)  # the person reads the sheet
        SendReply(letter=letter, digest=sheet.digest).perform(self.scene.office)
        Deliver().perform(self.scene.office)


@pytest.fixture
def host(tmp_path: Path, box: Postbox) -> Iterator[Host]:
    made = Host(tmp_path, box)
    yield made
    made.scene.close()


def test_from_a_wish_of_ninety_days_to_the_fortnight_of_the_list(host: Host, box: Postbox) -> None:
    scene = host.scene
    host.do(Permit, report=host.report, whom=DISTROS.address, why="by phone")
    scene.add(host.number, EmbargoWished(report=host.report, length="90 days", proof=host.report))
    host.do(ProposeEmbargo, until=NOW + timedelta(days=90), why="the reporter wishes it")
    sheet = Presend(letter=host.letter("Public on 2027-02-19.")).perform(scene.office)
    (refusal,) = sheet.refusals
    assert refusal.rule == "linux-distros.fourteen-days"
    assert "later than 2026-12-05" in refusal.sentence
    assert "A. Roe wishes 2027-02-19, 76 days later" in sheet.warnings[0]
    host.do(ProposeEmbargo, until=NOW + timedelta(days=13), counters="p1")
    letter = host.letter("We propose 2026-12-04 as the date.")
    host.send(letter)
    (envelope,) = box.taken
    outside = email.message_from_bytes(bytes(envelope.content or b""))
    assert outside["Subject"] == "[vs] ..."
    assert envelope.rcpt_tos == [DISTROS.address]
    assert b"descriptor" not in bytes(envelope.content or b"")
    found = solve(host.case, scene.policy, scene.now)
    assert found.binding is not None
    assert (found.binding.id, found.binding.latest) == ("linux-distros.fourteen-days", NOW + timedelta(days=14, minutes=7))
    with pytest.raises(RefusedError) as error:
        host.do(ProposeEmbargo, until=NOW + timedelta(days=15), why="the reporter wishes it")
    assert error.value.rule == "linux-distros.fourteen-days"


def test_the_sheet_that_was_approved_is_the_one_that_is_judged_again(host: Host) -> None:
    """A refusal set aside stays set aside; one that came since stops the mail."""
    host.do(Permit, report=host.report, whom=DISTROS.address, why="by phone")
    letter = host.letter("No date yet.")
    (refusal,) = Presend(letter=letter).perform(host.scene.office).refusals
    assert refusal.rule == "linux-distros.tentative-date"
    choice = Choice(refusal.rule, "overridden", refusal.recipient, "the date follows within the hour")
    letter = msgspec.structs.replace(letter, choices=(choice,))
    sheet = Presend(letter=letter).perform(host.scene.office)
    assert sheet.can_send
    host.scene.add(host.number, PublicityFlagged(public=True, evidence="https://x.example"))
    with pytest.raises(ConflictError):
        SendReply(letter=letter, digest=sheet.digest).perform(host.scene.office)
    rules = [one.rule for one in Presend(letter=letter).perform(host.scene.office).refusals]
    assert rules == ["linux-distros.public"]


def test_without_the_reporters_permission_no_list_is_told(host: Host) -> None:
    rules = [one.rule for one in Presend(letter=host.letter("x")).perform(host.scene.office).refusals]
    assert "stranger" in rules


def test_the_post_to_the_public_list_is_owed_and_recorded(host: Host) -> None:
    host.do(Permit, report=host.report, whom=DISTROS.address, why="by phone")
    host.do(ProposeEmbargo, until=NOW + timedelta(days=13))
    host.send(host.letter("We propose 2026-12-04 as the date."))
    policy = msgspec.structs.replace(host.scene.policy, list=tuple(one for one in host.scene.policy.list if one.address != OSS))
    host.scene.policies[policy.key] = host.scene.policy = policy
    owed = [one.title for one in steps(host.case, policy, host.scene.now)]
    assert "post to oss-security" in owed
    host.scene.add(host.number, EmbargoEnded(reason="public", why="x"), PublicityFlagged(public=True, evidence="x"))
    host.do(Announce, list=OSS, url="https://www.openwall.com/lists/oss-security/2026/12/04/1")
    assert "post to oss-security" not in [one.title for one in steps(host.case, policy, host.scene.now)]
