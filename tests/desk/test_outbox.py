"""The outbox: handed over once, tried again later, nothing typed is lost (R8)."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from seccon.adapters.backoff import MOST
from seccon.adapters.couriers.smtp import Smtp
from seccon.core.case import fold
from seccon.core.errors import ConflictError, CourierError, LedgerError, RefusedError, SecconError, SecretError
from seccon.core.journal.embargoes import EmbargoSet
from seccon.core.letter import Letter, Recipient
from seccon.core.ports import Receipt
from seccon.core.post import OutItem, OutState
from seccon.desk.deliver import Deliver
from seccon.desk.hand_over import HandOver
from seccon.desk.outbox import ConfirmSent, Discard, SendAgain
from seccon.desk.presend import Presend
from seccon.desk.send_reply import SendReply
from tests.keysmith import homes_of_a_child
from tests.outgoing import NOW, ROE, SUBJECT, TEAM, Scene
from tests.postbox import Postbox, running
from tests.story import at

BOB = "bob@team.example.org"


class Told:
    """A courier that does as it is told, call by call: a real one cannot be made to fail so at will."""

    def __init__(self, *answers: Receipt | SecconError) -> None:
        self.answers = list(answers)
        self.calls = 0

    def deliver(self, message: bytes, sender: str, recipients: Sequence[str]) -> Receipt:
        self.calls += 1
        answer = self.answers.pop(0) if self.answers else Receipt("told")
        if isinstance(answer, SecconError):
            raise answer
        return answer

    def check(self) -> tuple[str, ...]:
        return ()


def ended(code: str) -> int:
    """Run it in a process of its own; say how that ended."""
    root = Path(__file__).parents[2]
    with homes_of_a_child() as homes:
        environment = {**os.environ, **homes, "PYTHONPATH": str(root)}
        return subprocess.run([sys.executable, "-c", textwrap.dedent(code)], cwd=root, env=environment).returncode


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
    assert not scene.sent.exists()
    done = ConfirmSent(item=item.id, evidence="the reporter answered it").perform(scene.office)
    assert fold(scene.office.ledger.entries(case)).reports[0].acknowledged is not None
    assert [copy.read_bytes() for copy in (scene.sent / "cur").iterdir()] == [item.message], "the thread shows it"
    assert done.problem == ""
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


def test_a_copy_that_cannot_be_filed_of_a_confirmed_mail_is_told(tmp_path: Path) -> None:
    scene = Scene(tmp_path, Told(CourierError("It broke.", final=True, perhaps_sent=True)))
    item = queue(scene, scene.report())
    Deliver().perform(scene.office)
    scene.sent.parent.mkdir()
    scene.sent.write_text("a file where the Maildir should be")
    done = ConfirmSent(item=item.id, evidence="they answered").perform(scene.office)
    assert done.state is OutState.SENT
    assert "copy could not be filed" in done.problem
    assert scene.office.ledger.items() == (done,)


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
    assert ended(CHILD.format(home=str(tmp_path))) == -signal.SIGKILL
    (lost,) = Deliver().perform(scene.office)
    assert lost.state is OutState.PERHAPS
    assert "perhaps" in lost.problem
    assert scene.kinds(case)[-1] == "reply-failed"
    assert Deliver().perform(scene.office) == ()
    assert courier.calls == 0
    assert scene.office.ledger.verify() == ()


def test_a_mail_of_which_nothing_could_be_recorded_is_perhaps_sent_as_soon_as_there_is_room(tmp_path: Path) -> None:
    """R8, H7: the disk is full when the server has taken it; the same console says so, and hands nothing over again."""
    courier = Told(Receipt("a very long answer " * 50_000))
    scene = Scene(tmp_path, courier)
    case = scene.report()
    queue(scene, case)
    database = scene.office.ledger._db  # type: ignore[attr-defined]
    database.run("PRAGMA max_page_count = 1")  # as few as there are
    with pytest.raises(LedgerError, match="is full"):
        Deliver().perform(scene.office)
    assert [item.state for item in scene.office.ledger.items()] == [OutState.SENDING]
    database.run("PRAGMA max_page_count = 100000")
    (lost,) = Deliver().perform(scene.office)
    assert (lost.state, courier.calls) == (OutState.PERHAPS, 1)
    assert "not recorded" in lost.problem
    assert Deliver().perform(scene.office) == ()


def queue_with_copy(scene: Scene, case: int) -> OutItem:
    """Queue a reply to the reporter with a copy to a colleague."""
    report = fold(scene.office.ledger.entries(case)).reports[0]
    letter = Letter(
        id="both", case=case, identity=TEAM, subject=f"Re: {SUBJECT}", text="Thank you.\n", protection="signed",
        recipients=(Recipient(ROE.address, role="reporter"), Recipient(BOB, role="team")), report=report.id, wire=SUBJECT,
    )  # fmt: skip
    sheet = Presend(letter=letter).perform(scene.office)
    assert sheet.can_send, sheet.refusals
    return SendReply(letter=letter, digest=sheet.digest).perform(scene.office)


@contextmanager
def greylisting(home: Path) -> Iterator[tuple[Scene, Postbox, int]]:
    """Queue a mail at a real server that puts the reporter off and takes it for the colleague."""
    with running(Postbox({ROE.address: "451 greylisted"})) as box:
        scene = Scene(home, Smtp("localhost", box.port, "none"))
        case = scene.report()
        queue_with_copy(scene, case)
        yield scene, box, case
        scene.close()


def handed_to(box: Postbox) -> list[list[str]]:
    return [one.rcpt_tos for one in box.taken]


def later(scene: Scene) -> tuple[OutItem, ...]:
    """Let the next time come at which something is tried."""
    (item,) = scene.office.ledger.items()
    assert item.retry is not None
    scene.now = item.retry
    return Deliver().perform(scene.office)


def test_who_was_put_off_is_tried_again_and_nobody_else(tmp_path: Path) -> None:
    """R8 A2: the colleague has it once; the reporter counts as acknowledged from when they got it."""
    with greylisting(tmp_path) as (scene, box, case):
        (item,) = Deliver().perform(scene.office)
        assert item.state is OutState.WAITING
        assert item.retry is not None
        said = f"taken for 1 of 2; {ROE.address} is tried again at {item.retry:%H:%M}Z: 451 greylisted"
        assert item.problem == said
        assert fold(scene.office.ledger.entries(case)).reports[0].acknowledged is None
        assert Deliver().perform(scene.office) == ()
        (again,) = later(scene)
        assert again.retry is not None
        assert again.problem.startswith(f"taken for 1 of 2; {ROE.address} is tried again at {again.retry:%H:%M}Z: ")
        assert handed_to(box) == [[BOB]]
        box.refuse.clear()
        (sent,) = later(scene)
        assert (sent.state, sent.late, sent.problem, sent.retry) == (OutState.SENT, (), "", None)
        assert handed_to(box) == [[BOB], [ROE.address]]
        assert box.taken[0].content == box.taken[1].content
        state = fold(scene.office.ledger.entries(case))
        assert state.reports[0].acknowledged is not None
        assert state.reports[0].acknowledged.when == scene.now
        assert scene.kinds(case)[-3:] == ["reply-sent", "reply-sent", "acknowledged"]
        assert state.replies[0].got == {BOB: NOW, ROE.address: scene.now}
        assert Deliver().perform(scene.office) == ()


def test_what_was_put_off_and_then_refused_for_good_failed_for_them_alone(tmp_path: Path) -> None:
    with greylisting(tmp_path) as (scene, box, case):
        Deliver().perform(scene.office)
        box.refuse[ROE.address] = "550 no such user"
        (failed,) = later(scene)
        assert failed.state is OutState.FAILED
        assert failed.problem == f"taken for 1 of 2; not for {ROE.address}: The server refused {ROE.address}: 550 no such user."
        (reply,) = fold(scene.office.ledger.entries(case)).replies
        assert (reply.state, list(reply.got), reply.late) == ("sent", [BOB], ())
        box.refuse.clear()
        SendAgain(item=failed.id).perform(scene.office)
        (sent,) = Deliver().perform(scene.office)
        assert sent.state is OutState.SENT
        assert handed_to(box) == [[BOB], [ROE.address]]


def test_who_is_discarded_while_put_off_never_gets_it_and_the_others_have_it(tmp_path: Path) -> None:
    with greylisting(tmp_path) as (scene, box, case):
        (item,) = Deliver().perform(scene.office)
        gone = Discard(item=item.id, why="said by phone").perform(scene.office)
        assert gone.problem == f"taken for 1 of 2; not for {ROE.address}"
        (reply,) = fold(scene.office.ledger.entries(case)).replies
        assert (reply.state, list(reply.got), reply.on_its_way) == ("sent", [BOB], frozenset())
        scene.now += timedelta(days=1)
        assert Deliver().perform(scene.office) == ()
        assert handed_to(box) == [[BOB]]


def test_a_refusal_for_good_stays_told_while_another_recipient_is_tried_again(tmp_path: Path) -> None:
    with greylisting(tmp_path) as (scene, box, _case):
        (item,) = scene.office.ledger.items()
        third = "left@team.example.org"
        box.refuse[third] = "550 no such user"
        with scene.office.ledger.writing("alice", scene.now) as book:
            book.put_item(msgspec.structs.replace(item, recipients=(*item.recipients, third)))
        (waiting,) = Deliver().perform(scene.office)
        assert waiting.problem.startswith(f"taken for 1 of 3; {ROE.address} is tried again")
        assert waiting.problem.endswith(f"; refused {third}: 550 no such user")
        box.refuse.pop(ROE.address)
        (sent,) = later(scene)
        assert sent.state is OutState.SENT
        assert sent.problem == f"refused {third}: 550 no such user"
        assert handed_to(box) == [[BOB], [ROE.address]]


def test_after_the_last_try_who_was_put_off_is_given_up_and_told(tmp_path: Path) -> None:
    with greylisting(tmp_path) as (scene, _box, case):
        (item,) = scene.office.ledger.items()
        with scene.office.ledger.writing("alice", scene.now) as book:
            book.put_item(msgspec.structs.replace(item, tries=MOST))
        (failed,) = Deliver().perform(scene.office)
        assert failed.state is OutState.FAILED
        assert failed.problem == f"taken for 1 of 2; not for {ROE.address}: 451 greylisted"
        assert scene.kinds(case)[-2:] == ["reply-sent", "reply-failed"]


LATE = """
import os, signal
from datetime import timedelta
from pathlib import Path
from tests.outgoing import Scene
from seccon.adapters.couriers.smtp import Smtp
from seccon.desk.deliver import Deliver

class Deadly(Smtp):
    def deliver(self, message, sender, recipients):
        if {after}:
            super().deliver(message, sender, recipients)
        os.kill(os.getpid(), signal.SIGKILL)

scene = Scene(Path({home!r}), Deadly("localhost", {port}, "none"))
scene.now += timedelta(days=1)
Deliver().perform(scene.office)
"""


@pytest.mark.parametrize("after", [True, False])
def test_a_console_killed_while_it_tries_again_hands_nothing_over_twice(tmp_path: Path, after: bool) -> None:
    """R8: kill -9 before or after the server took it for the late one: perhaps sent to them, certainly to the other."""
    with greylisting(tmp_path) as (scene, box, case):
        Deliver().perform(scene.office)
        box.refuse.clear()
        assert ended(LATE.format(home=str(tmp_path), port=box.port, after=after)) == -signal.SIGKILL
        scene.now += timedelta(days=1)
        (lost,) = Deliver().perform(scene.office)
        assert lost.state is OutState.PERHAPS
        assert lost.problem.startswith(f"taken for 1 of 2; {ROE.address} perhaps has it: ")
        (reply,) = fold(scene.office.ledger.entries(case)).replies
        assert (reply.state, list(reply.got), reply.perhaps) == ("sent", [BOB], {ROE.address})
        assert Deliver().perform(scene.office) == ()
        assert handed_to(box) == [[BOB], *([[ROE.address]] if after else [])]
        ConfirmSent(item=lost.id, evidence="they answered").perform(scene.office)
        state = fold(scene.office.ledger.entries(case))
        assert state.reports[0].acknowledged is not None
        assert set(state.replies[0].got) == {BOB, ROE.address}
        assert scene.office.ledger.verify() == ()


def test_what_was_tried_while_the_password_was_typed_does_not_wait_for_its_next_time(tmp_path: Path) -> None:
    """The console tries by itself while a person types; their word then hands it over, and says what became of it."""
    scene = Scene(tmp_path, Told(SecretError("There is no password.")))
    item = queue(scene, scene.report())
    Deliver().perform(scene.office)
    (sent,) = HandOver(items=(item.id,)).perform(scene.office)
    assert sent is not None
    assert sent.state is OutState.SENT
    assert HandOver(items=(item.id,)).perform(scene.office) == (sent,), "what another thread sent is told too"
