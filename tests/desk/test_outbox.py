"""The outbox: handed over once, tried again later, nothing typed is lost (R8)."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from seccon.core.case import fold
from seccon.core.errors import ConflictError, CourierError, RefusedError
from seccon.core.journal.embargoes import EmbargoSet
from seccon.core.letter import Letter, Recipient
from seccon.core.ports import Receipt
from seccon.core.post import OutItem, OutState
from seccon.desk.deliver import Deliver
from seccon.desk.outbox import ConfirmSent, Discard, SendAgain
from seccon.desk.presend import Presend
from seccon.desk.send_reply import SendReply
from tests.outgoing import ROE, SUBJECT, TEAM, Scene
from tests.story import at


class Told:
    """A courier that does as it is told, call by call: a real one cannot be made to fail so at will."""

    def __init__(self, *answers: Receipt | CourierError) -> None:
        self.answers = list(answers)
        self.calls = 0

    def deliver(self, message: bytes, sender: str, recipients: Sequence[str]) -> Receipt:
        self.calls += 1
        answer = self.answers.pop(0) if self.answers else Receipt("told")
        if isinstance(answer, CourierError):
            raise answer
        return answer

    def check(self) -> tuple[str, ...]:
        return ()


def queue(scene: Scene, case: int, purpose: str = "") -> OutItem:
    """Queue a signed reply to a reporter who wrote in clear."""
    report = fold(scene.office.ledger.entries(case)).reports[0]
    letter = Letter(
        id=f"letter{len(scene.office.ledger.items())}", case=case, identity=TEAM, subject=f"Re: {SUBJECT}", text="Thank you.\n",
        protection="signed", recipients=(Recipient(ROE.address, role="reporter"),), report=report.id, wire=SUBJECT,
        purpose=purpose,
    )  # fmt: skip
    sheet = Presend(letter=letter).perform(scene.office)
    assert sheet.can_send, sheet.refusals
    return SendReply(letter=letter, digest=sheet.digest).perform(scene.office)


def test_clear_text_that_was_accepted_is_recorded_with_the_mail(tmp_path: Path) -> None:
    """R6."""
    scene = Scene(tmp_path, Told())
    case = scene.report()
    queue(scene, case)
    assert scene.kinds(case)[-2:] == ["send-decided", "reply-queued"]


def test_a_courier_that_is_down_is_tried_again_later_and_then_only_once(tmp_path: Path) -> None:
    courier = Told(CourierError("The server is down."))
    scene = Scene(tmp_path, courier)
    case = scene.report()
    queue(scene, case)
    (waiting,) = Deliver().perform(scene.office)
    assert (waiting.state, waiting.tries, waiting.problem) == (OutState.WAITING, 1, "The server is down.")
    assert waiting.retry is not None
    assert waiting.retry > scene.now
    assert Deliver().perform(scene.office) == ()
    assert courier.calls == 1
    scene.now = waiting.retry + timedelta(seconds=1)
    (sent,) = Deliver().perform(scene.office)
    assert sent.state is OutState.SENT
    assert Deliver().perform(scene.office) == ()
    assert courier.calls == 2
    assert scene.kinds(case)[-2:] == ["reply-sent", "acknowledged"]


def test_a_final_failure_is_recorded_and_can_be_sent_again_or_discarded(tmp_path: Path) -> None:
    courier = Told(CourierError("Refused.", final=True))
    scene = Scene(tmp_path, courier)
    case = scene.report()
    item = queue(scene, case)
    Deliver().perform(scene.office)
    assert scene.kinds(case)[-1] == "reply-failed"
    assert Deliver().perform(scene.office) == ()
    SendAgain(item=item.id).perform(scene.office)
    with pytest.raises(RefusedError):
        Discard(item=item.id, why=" ").perform(scene.office)
    Discard(item=item.id, why="said by phone").perform(scene.office)
    assert Deliver().perform(scene.office) == ()
    assert courier.calls == 1
    with pytest.raises(ConflictError):
        SendAgain(item=item.id).perform(scene.office)


def test_what_is_perhaps_sent_is_sent_again_only_when_a_person_insists(tmp_path: Path) -> None:
    courier = Told(CourierError("It broke.", final=True, perhaps_sent=True))
    scene = Scene(tmp_path, courier)
    case = scene.report()
    item = queue(scene, case)
    (perhaps,) = Deliver().perform(scene.office)
    assert perhaps.state is OutState.PERHAPS
    assert fold(scene.office.ledger.entries(case)).replies[0].state == "perhaps-sent"
    assert Deliver().perform(scene.office) == ()
    with pytest.raises(RefusedError, match="twice"):
        SendAgain(item=item.id).perform(scene.office)
    ConfirmSent(item=item.id, evidence="the reporter answered it").perform(scene.office)
    assert fold(scene.office.ledger.entries(case)).reports[0].acknowledged is not None
    assert courier.calls == 1


def test_a_refused_reporter_is_not_acknowledged(tmp_path: Path) -> None:
    """A2: only who got it."""
    scene = Scene(tmp_path, Told(Receipt("told", (f"{ROE.address}: 550 no such user",))))
    case = scene.report()
    queue(scene, case)
    (item,) = Deliver().perform(scene.office)
    assert item.problem == f"refused {ROE.address}: 550 no such user"
    state = fold(scene.office.ledger.entries(case))
    assert state.reports[0].acknowledged is None
    assert scene.kinds(case)[-1] == "reply-sent"


def test_a_mail_that_tells_the_date_tells_the_one_in_force_when_it_was_approved(tmp_path: Path) -> None:
    """E6: a revision while the mail waits is owed again."""
    scene = Scene(tmp_path, Told())
    case = scene.report()
    first, second = at("2026-12-01 12:00"), at("2026-12-03 12:00")
    scene.add(case, EmbargoSet(proposal="p1", until=first))
    queue(scene, case, "date-set")
    scene.add(case, EmbargoSet(proposal="p2", until=second, change="extension"), by="bob")
    Deliver().perform(scene.office)
    assert fold(scene.office.ledger.entries(case)).reports[0].told == first


def test_a_copy_that_cannot_be_filed_does_not_make_the_mail_unsent(tmp_path: Path) -> None:
    scene = Scene(tmp_path, Told())
    case = scene.report()
    queue(scene, case)
    scene.sent.parent.mkdir()
    scene.sent.write_text("a file where the Maildir should be")
    (item,) = Deliver().perform(scene.office)
    assert item.state is OutState.SENT
    assert "copy could not be filed" in item.problem


CHILD = """
import os, signal
from pathlib import Path
from tests.outgoing import Scene
from tests.desk.test_outbox import Told
from seccon.desk.deliver import Deliver

class Deadly(Told):
    def deliver(self, message, sender, recipients):
        os.kill(os.getpid(), signal.SIGKILL)

Deliver().perform(Scene(Path({home!r}), Deadly()).office)
"""


def test_a_console_killed_while_it_hands_over_leaves_perhaps_sent_and_no_second_mail(tmp_path: Path) -> None:
    """R8: kill -9 between hand-over and record."""
    courier = Told()
    scene = Scene(tmp_path, courier)
    case = scene.report()
    queue(scene, case)
    root = Path(__file__).parents[2]
    code = textwrap.dedent(CHILD).format(home=str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    (lost,) = Deliver().perform(scene.office)
    assert lost.state is OutState.PERHAPS
    assert "perhaps" in lost.problem
    assert scene.kinds(case)[-1] == "reply-failed"
    assert Deliver().perform(scene.office) == ()
    assert courier.calls == 0
    assert scene.office.ledger.verify() == ()
