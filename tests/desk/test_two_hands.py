"""Two people, two threads, two processes and one mail: it is handed over once, and each is told what became of it (R8, H3)."""

import asyncio
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from threading import Event
from typing import Any

import msgspec
import pytest
from aiosmtpd.smtp import Envelope

from seccon.adapters.couriers.smtp import Smtp
from seccon.core.errors import ConflictError
from seccon.core.journal import Entry
from seccon.core.journal.cases import Acknowledged
from seccon.core.letter import Letter, Sheet
from seccon.core.post import OutState
from seccon.desk.deliver import Deliver
from seccon.desk.hand_over import HandOver
from seccon.desk.office import Office
from seccon.desk.prepare_reply import PrepareReply
from seccon.desk.presend import Presend
from seccon.desk.refuse_many import Prepared, PrepareRefusals, SendRefusals
from seccon.desk.send_reply import SendReply
from tests.desk.test_outbox import queue
from tests.outgoing import NOW, Scene
from tests.postbox import Postbox, running

_ANOTHER_CONSOLE = """\
    import sys
    from pathlib import Path
    from seccon.adapters.couriers.smtp import Smtp
    from seccon.desk.hand_over import HandOver
    from tests.outgoing import Scene
    scene = Scene(Path(sys.argv[1]), Smtp("127.0.0.1", int(sys.argv[2]), security="none"))
    sys.stdin.readline()
    print(*(f"{one.id}:{one.state}" for one in HandOver().perform(scene.office)))
"""


class Slow(Postbox):
    """A server that answers when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.let = Event()
        self.has_it = Event()

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        self.has_it.set()
        while not self.let.is_set():
            await asyncio.sleep(0.01)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def box() -> Iterator[Slow]:
    with running(Slow()) as made:
        assert isinstance(made, Slow)
        yield made
        made.let.set()


def another_console(home: Path, port: int) -> "subprocess.Popen[str]":
    root = Path(__file__).parents[2]
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(_ANOTHER_CONSOLE), str(home), str(port)],
        cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def told_by(process: "subprocess.Popen[str]") -> str:
    return process.communicate("\n", timeout=60)[0].strip()


def test_two_processes_hand_a_mail_over_once_and_who_comes_second_is_told_who_has_it(tmp_path: Path, box: Slow) -> None:
    scene = Scene(tmp_path, Smtp("127.0.0.1", box.port, security="none"))
    item = queue(scene, scene.report())
    other = another_console(tmp_path, box.port)
    with ThreadPoolExecutor(1) as threads:
        mine = threads.submit(HandOver(items=(item.id,)).perform, scene.office)
        assert box.has_it.wait(30)
        assert told_by(other) == f"{item.id}:sending", "the slow server has not answered yet"
        box.let.set()
        ((state, _),) = [(one.state, one.problem) for one in mine.result()]
    assert state is OutState.SENT
    assert len(box.taken) == 1
    assert scene.kinds(item.case).count("reply-sent") == 1
    scene.close()


def test_of_many_mails_and_two_processes_each_leaves_once(tmp_path: Path) -> None:
    with running(Postbox(slow=0.05)) as box:
        scene = Scene(tmp_path, Smtp("127.0.0.1", box.port, security="none"))
        items = [queue(scene, scene.report()) for _ in range(12)]
        others = [another_console(tmp_path, box.port) for _ in range(2)]
        for one in others:
            assert one.stdin
            one.stdin.write("\n")
            one.stdin.flush()
        for one in others:
            one.communicate(timeout=60)
        HandOver().perform(scene.office)
        assert {one.state for one in scene.office.ledger.items()} == {OutState.SENT}
        assert len(box.taken) == len(items)
        assert sum(scene.kinds(item.case).count("reply-sent") for item in items) == len(items)
        assert scene.office.ledger.verify() == ()
        scene.close()


def test_who_asks_while_another_thread_hands_over_hears_what_became_of_it(tmp_path: Path, box: Slow) -> None:
    """`s` in the outbox, while the console sends by itself: it was told that nothing waits, also where it failed."""
    scene = Scene(tmp_path, Smtp("127.0.0.1", box.port, security="none"))
    item = queue(scene, scene.report())
    with ThreadPoolExecutor(2) as threads:
        by_itself = threads.submit(Deliver().perform, scene.office)
        assert box.has_it.wait(30)
        by_word = threads.submit(HandOver().perform, scene.office)
        wait([by_word], timeout=0.1)
        box.let.set()
        assert [(one.id, one.state) for one in by_word.result()] == [(item.id, OutState.SENT)]
        by_itself.result()
    assert len(box.taken) == 1
    scene.close()


def bob(scene: Scene) -> Office:
    return msgspec.structs.replace(scene.office, person="bob")


def acknowledgement(office: Office, case: int) -> tuple[Letter, Sheet]:
    letter = PrepareReply(case=case, purpose="acknowledge").perform(office)
    return letter, Presend(letter=letter).perform(office)


def send(office: Office, letter: Letter, sheet: Sheet, seen: int | None) -> None:
    SendReply(letter=letter, digest=sheet.digest, seen=seen).perform(office)


def test_two_people_who_answer_at_once_send_one_answer_until_the_second_has_looked(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    seen = scene.office.ledger.entries(case)[-1].seq
    mine, theirs = acknowledgement(scene.office, case), acknowledgement(bob(scene), case)
    send(scene.office, *mine, seen)
    with pytest.raises(ConflictError, match="Alice Ames wrote to them meanwhile") as caught:
        send(bob(scene), *theirs, seen)
    assert [entry.kind for entry in caught.value.since if isinstance(entry, Entry)] == ["reply-queued"]
    assert len(scene.office.ledger.items()) == 1
    send(bob(scene), *theirs, scene.office.ledger.entries(case)[-1].seq)
    assert len(scene.office.ledger.items()) == 2, "who looked once more may send"


def test_an_acknowledgement_that_a_colleague_gave_elsewhere_crosses_only_an_acknowledgement(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    entries = scene.office.ledger.entries(case)
    mine = acknowledgement(scene.office, case)
    free = msgspec.structs.replace(mine[0], id="free", purpose="")
    report = mine[0].report
    assert report
    scene.add(case, Acknowledged(report=report, member="Bob Bell", when=NOW, evidence="by phone"), by="bob")
    with pytest.raises(ConflictError):
        send(scene.office, *mine, entries[-1].seq)
    send(scene.office, free, Presend(letter=free).perform(scene.office), entries[-1].seq)


def test_a_letter_that_lies_in_the_outbox_is_not_sent_again(tmp_path: Path) -> None:
    """One's own second console had the same draft open."""
    scene = Scene(tmp_path)
    case = scene.report()
    letter, sheet = acknowledgement(scene.office, case)
    send(scene.office, letter, sheet, None)
    with pytest.raises(ConflictError, match="in the outbox already"):
        send(scene.office, letter, sheet, None)
    assert scene.kinds(case).count("reply-queued") == 1


def test_in_bulk_a_reporter_whom_a_colleague_refused_meanwhile_gets_no_second_refusal(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()

    def prepared(office: Office) -> tuple[Prepared, ...]:
        return PrepareRefusals(cases=(case,), outcome="out-of-scope", clause="upgrade").perform(office)

    def sent(office: Office, letters: tuple[Prepared, ...]) -> str:
        ((_, problem),) = SendRefusals(prepared=letters, outcome="out-of-scope", clause="upgrade").perform(office)
        return problem

    mine, theirs = prepared(scene.office), prepared(bob(scene))
    assert sent(scene.office, mine) == ""
    assert "Alice Ames wrote to them meanwhile" in sent(bob(scene), theirs)
    assert len(scene.office.ledger.items()) == 1
