"""Drafts and the outbox: replaced whole, taken once, and what a dead process was sending is never sent by itself."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from seccon.adapters.ledger import Ledger
from seccon.adapters.ledger.taker import lives, myself
from seccon.core.errors import ConflictError, LedgerError
from seccon.core.ids import MessageId
from seccon.core.post import Draft, OutItem, OutState
from tests.ledgersmith import NOW, ROOT, project

ITEM = OutItem(
    "i1", 1, MessageId("m@example.org"), "team@example.org", ("roe@example.org", "b@example.org"), b"\x00-----BEGIN",
    OutState.WAITING, NOW, "alice", label="acknowledge #1",
)  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.db", project)
    yield ledger
    ledger.close()


def put(ledger: Ledger, *items: OutItem) -> None:
    with ledger.writing("alice", NOW) as book:
        for item in items:
            book.put_item(item)


def changed(item: OutItem, **changes: object) -> OutItem:
    return msgspec.structs.replace(item, **changes)


def test_an_item_comes_back_as_it_was_put_and_is_replaced_by_id(ledger: Ledger) -> None:
    retry = changed(ITEM, tries=2, retry=NOW, problem="no route to host")
    put(ledger, ITEM, changed(ITEM, id="i0", queued=NOW + timedelta(hours=1)))
    put(ledger, retry)
    assert ledger.items()[0] == retry
    assert [one.id for one in ledger.items(OutState.WAITING, OutState.FAILED)] == ["i1", "i0"]
    assert ledger.items(OutState.SENT) == ()


def test_what_was_sent_long_ago_is_read_only_by_its_name(ledger: Ledger) -> None:
    """The outbox keeps every mail whole: to read years of them for one look at it takes minutes."""
    old, new = changed(ITEM, id="i0", state=OutState.SENT), changed(ITEM, state=OutState.SENT, queued=NOW + timedelta(days=20))
    put(ledger, old, new)
    assert ledger.items(OutState.SENT, since=NOW + timedelta(days=6)) == (new,)
    assert ledger.items(OutState.SENT) == (old, new)
    assert ledger.item("i0") == old
    assert ledger.item("nothing") is None


def test_an_item_is_taken_once_and_only_when_it_is_due(ledger: Ledger) -> None:
    put(ledger, changed(ITEM, retry=NOW + timedelta(minutes=5)))
    assert ledger.take_item("i1", NOW) is None
    taken = ledger.take_item("i1", NOW + timedelta(minutes=5))
    assert taken is not None
    assert taken.state is OutState.SENDING
    assert ledger.take_item("i1", NOW + timedelta(days=1)) is None
    assert ledger.take_item("nothing", NOW) is None


def other(path: Path, act: str) -> "subprocess.Popen[str]":
    """Start a process that takes item i1, tells what it got, does `act`, and lives on until its standard input ends."""
    code = f"""
import sys
from tests.ledgersmith import *
taken = Ledger({str(path)!r}, project).take_item("i1", NOW)
print(taken and taken.state, flush=True)
{act}
sys.stdin.read()
"""
    command, pipe = [sys.executable, "-c", code], subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)


def test_what_a_living_process_sends_is_left_alone_and_what_a_killed_one_sent_is_perhaps_sent(ledger: Ledger) -> None:
    """R8, issue 4: a crash between hand-over and record shows it as *perhaps sent* instead of sending twice."""
    put(ledger, ITEM)
    with other(ledger.path, "") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "sending\n"
        assert ledger.recover_items() == ()
        assert ledger.take_item("i1", NOW) is None
        for state in (OutState.WAITING, OutState.DISCARDED):
            with pytest.raises(ConflictError, match="being sent"):
                put(ledger, changed(ITEM, state=state))
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    (lost,) = ledger.recover_items()
    assert lost.state is OutState.PERHAPS
    assert ledger.items() == (lost,)
    assert ledger.recover_items() == ()
    assert ledger.take_item("i1", NOW) is None


def test_of_several_processes_one_gets_the_item(ledger: Ledger) -> None:
    put(ledger, ITEM)
    takers = [other(ledger.path, "sys.stdin.close(); sys.stdin = open('/dev/null')") for _ in range(4)]
    told = [one.communicate(timeout=30)[0].strip() for one in takers]
    assert sorted(told) == ["None", "None", "None", "sending"]


def test_a_mail_that_was_sent_does_not_wait_again(ledger: Ledger) -> None:
    put(ledger, ITEM)
    assert ledger.take_item("i1", NOW)
    put(ledger, changed(ITEM, state=OutState.SENT))
    for state in OutState:
        if state not in (OutState.SENT, OutState.SENDING):
            with pytest.raises(ConflictError, match="was sent meanwhile"):
                put(ledger, changed(ITEM, state=state))
    assert [one.state for one in ledger.items()] == [OutState.SENT]


def test_nothing_is_put_as_being_sent_by_nobody(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="nobody has taken it"):
        put(ledger, changed(ITEM, state=OutState.SENDING))


def test_a_process_lives_until_its_number_its_start_or_its_host_s_start_is_another() -> None:
    here = myself()
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    assert lives(here)
    assert not lives(msgspec.structs.replace(here, pid=dead.pid))
    assert not lives(msgspec.structs.replace(here, boot="an earlier one"))
    assert lives(msgspec.structs.replace(here, host="elsewhere", boot="x", pid=dead.pid))
    assert here.born == "" or not lives(msgspec.structs.replace(here, born="1"))
    assert lives(msgspec.structs.replace(here, born=""))
    assert here.pid == os.getpid()


def test_a_draft_is_replaced_whole_and_given_to_its_author_newest_first(ledger: Ledger) -> None:
    one = Draft("d1", "alice", 1, NOW, b"\x00old", True)
    two = Draft("d2", "alice", 2, NOW + timedelta(hours=1), b"two", False)
    for draft in (one, two, Draft("d3", "bob", 1, NOW, b"his", True)):
        ledger.save_draft(draft)
    new = msgspec.structs.replace(one, sealed=b"new", saved=NOW + timedelta(hours=2))
    ledger.save_draft(new)
    assert ledger.drafts("alice") == (new, two)
    assert ledger.drafts("alice", 2) == (two,)
    ledger.drop_draft("d1")
    with ledger.writing("alice", NOW) as book:
        book.drop_draft("d2")
        book.drop_draft("never there")
    assert (ledger.drafts("alice"), len(ledger.drafts("bob"))) == ((), 1)


def test_marks_are_remembered(ledger: Ledger) -> None:
    with ledger.writing("seccon", NOW) as book:
        assert book.mark("intake") == ""
        book.set_mark("intake", "uuid 7")
        book.set_mark("intake", "uuid 8")
        assert book.mark("intake") == "uuid 8"
    assert ledger.mark("intake") == "uuid 8"
