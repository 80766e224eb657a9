"""The store's child process: what happens when it dies, hangs, or the database is gone, broken, moving."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from seccon.adapters.store.client import NotmuchStore
from seccon.core.errors import StoreError
from seccon.core.ids import MessageId
from tests.mailroom import LIST, Mailroom, letter, open_mailroom

QUERY = f"to:{LIST}"


@pytest.fixture
def room() -> Iterator[Mailroom]:
    """A mail room with two mails of one thread."""
    with open_mailroom() as room:
        room.fill([letter(message_id="a@x"), letter(message_id="b@x", reply_to=["a@x"])])
        yield room


@pytest.fixture
def store(room: Mailroom) -> Iterator[NotmuchStore]:
    """The store of that room."""
    store = NotmuchStore(room.root)
    yield store
    store.close()


def _fill(room: Mailroom, count: int) -> None:
    room.fill(letter(f"mail {number}", message_id=f"m{number}@x") for number in range(count))


def _gone(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_nothing_runs_before_the_first_question(room: Mailroom) -> None:
    store = NotmuchStore(room.root)
    assert store.pipe.pid is None
    store.start()
    assert store.pipe.pid is not None
    store.close()


def test_a_killed_child_is_replaced(store: NotmuchStore) -> None:
    store.revision()
    first = store.pipe.pid
    os.kill(first, signal.SIGKILL)
    assert store.count("*") == 2
    assert store.pipe.pid != first


def test_a_child_killed_in_the_middle_of_a_walk_loses_and_doubles_no_mail(room: Mailroom, store: NotmuchStore) -> None:
    _fill(room, 1200)
    found = []
    for mail in store.mails(QUERY):
        found.append(mail.message_id)
        if len(found) in (1, 600):
            os.kill(store.pipe.pid, signal.SIGKILL)
    assert len(found) == len(set(found)) == 1202


def test_a_walk_that_is_left_costs_nothing_more(room: Mailroom, store: NotmuchStore) -> None:
    _fill(room, 600)
    for _ in range(30):
        next(store.mails(QUERY))
    descriptors = list(Path(f"/proc/{store.pipe.pid}/fd").iterdir())
    assert len(descriptors) < 10


def test_close_ends_the_child_and_later_questions_are_refused(store: NotmuchStore) -> None:
    store.revision()
    pid = store.pipe.pid
    store.close()
    assert _gone(pid)
    with pytest.raises(StoreError, match="closed"):
        store.revision()


def test_close_does_not_wait_for_an_answer(store: NotmuchStore) -> None:
    store.revision()
    os.kill(store.pipe.pid, signal.SIGSTOP)
    said: list[str] = []

    def ask() -> None:
        try:
            store.revision()
        except StoreError as error:
            said.append(error.sentence)

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.1)
    start = time.monotonic()
    store.close()
    asking.join()
    assert time.monotonic() - start < 5
    assert said == ["The mail store was closed."]


def test_the_child_ends_when_its_parent_is_killed(room: Mailroom) -> None:
    code = (
        "import sys, time; from seccon.adapters.store.client import NotmuchStore\n"
        "store = NotmuchStore(sys.argv[1]); store.revision(); print(store.pipe.pid, flush=True); time.sleep(60)"
    )
    root = Path(__file__).parents[2]
    parent = subprocess.Popen(
        [shutil.which("python3") or "python3", "-c", code, str(room.root)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(root), *_paths()))},
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert _gone(pid)


def _paths() -> list[str]:
    import sys

    return [entry for entry in sys.path if entry]


def test_a_child_that_hangs_is_ended_and_said(store: NotmuchStore) -> None:
    store.revision()
    store.pipe.limit = 0.2
    os.kill(store.pipe.pid, signal.SIGSTOP)
    with pytest.raises(StoreError, match=r"did not answer within 0\.2 seconds"):
        store.revision()
    store.pipe.limit = 20
    assert store.count("*") == 2


def test_a_directory_that_is_not_there_is_named(tmp_path: Path) -> None:
    store = NotmuchStore(tmp_path / "none")
    with pytest.raises(StoreError, match=f"no directory {tmp_path / 'none'}"):
        store.revision()
    store.close()


def test_a_directory_without_a_database_says_to_run_notmuch_new(tmp_path: Path) -> None:
    store = NotmuchStore(tmp_path)
    with pytest.raises(StoreError, match=r"no notmuch database at .*Run 'notmuch new'"):
        store.revision()
    store.close()


@pytest.mark.parametrize("name", ["iamglass", "postlist.glass", "termlist.glass", "docdata.glass"])
@pytest.mark.parametrize("size", [0, 100])
def test_a_broken_database_is_a_sentence(room: Mailroom, store: NotmuchStore, name: str, size: int) -> None:
    """Whatever is cut off: an answer, or a StoreError that says what to do; never another end."""
    os.truncate(room.database / "xapian" / name, size)
    try:
        answer: object = {mail.message_id for mail in store.mails(QUERY)}
    except StoreError as error:
        answer = str(room.root) in error.sentence and "notmuch" in error.hint
    assert answer in (True, {"a@x", "b@x"})


def test_after_a_broken_database_a_new_one_is_read_without_a_new_store(room: Mailroom, store: NotmuchStore) -> None:
    os.truncate(room.database / "xapian" / "iamglass", 4)
    with pytest.raises(StoreError, match="cannot be opened"):
        store.revision()
    room.reindex()
    assert store.count("*") == 2


def test_a_query_that_cannot_be_read_is_named(store: NotmuchStore) -> None:
    with pytest.raises(StoreError, match=r"date:foo\.\.bar"):
        store.count("date:foo..bar")
    with pytest.raises(StoreError, match=r"date:foo\.\.bar"):
        list(store.mails("date:foo..bar"))
    assert store.count("*") == 2


def test_a_query_with_a_nul_is_refused(store: NotmuchStore) -> None:
    with pytest.raises(StoreError, match="NUL"):
        store.count("a\0b")


def test_a_message_id_is_not_cut_at_a_nul(store: NotmuchStore) -> None:
    assert store.paths(MessageId("a@x\0hidden")) == ()


def test_the_person_s_own_notmuch_settings_have_no_say(
    room: Mailroom, store: NotmuchStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "config"
    own.write_text(f"[database]\npath={tmp_path}\n[search]\nexclude_tags=inbox\n")
    for name in ("NOTMUCH_CONFIG", "NOTMUCH_DATABASE", "NOTMUCH_PROFILE", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME", "MAILDIR"):
        monkeypatch.setenv(name, str(own if name == "NOTMUCH_CONFIG" else tmp_path / "none"))
    assert sorted(mail.message_id for mail in store.mails(QUERY)) == ["a@x", "b@x"]


def test_a_vanished_file_leaves_the_mail_listed_without_a_path(room: Mailroom, store: NotmuchStore) -> None:
    path = Path(store.paths(MessageId("a@x"))[0])
    path.unlink()
    assert store.paths(MessageId("a@x")) == ()
    assert sorted(mail.message_id for mail in store.mails(QUERY)) == ["a@x", "b@x"]


def test_a_file_that_another_program_renamed_is_found_again(store: NotmuchStore) -> None:
    path = Path(store.paths(MessageId("a@x"))[0])
    renamed = path.with_name(path.name + "RS")
    path.rename(renamed)
    assert store.paths(MessageId("a@x")) == (str(renamed),)


def test_a_database_that_lies_apart_from_its_mail_gives_the_mail_s_own_paths(room: Mailroom, tmp_path: Path) -> None:
    base = tmp_path / "base"
    base.mkdir()
    room.config.write_text(f"[database]\npath={base}\nmail_root={room.root}\n")
    room.new()
    store = NotmuchStore(base, mail=room.root)
    paths = [path for mail in store.mails(QUERY) for path in mail.paths]
    assert len(paths) == 2
    assert all(Path(path).parent == room.root / "cur" and Path(path).exists() for path in paths)
    assert store.paths(MessageId("a@x"))[0] in paths
    store.close()


def test_a_message_id_that_is_no_utf_8_can_be_written_and_found_again(room: Mailroom, store: NotmuchStore) -> None:
    path = room.deliver(letter(message_id="raw@x").replace(b"raw@x", b"raw\xff\xfe@x"))
    room.new()
    (found,) = [mail.message_id for mail in store.mails(QUERY) if "raw" in mail.message_id]
    found.encode("utf-8")
    assert store.paths(found) == (str(path),)


def test_a_mail_without_a_message_id_has_one_given_by_notmuch(room: Mailroom, store: NotmuchStore) -> None:
    room.fill([letter(message_id="none@x").replace(b"Message-ID", b"X-Nothing")])
    (found,) = [mail.message_id for mail in store.mails(QUERY) if mail.message_id.startswith("notmuch-sha1-")]
    assert len(store.paths(found)) == 1


def test_many_threads_may_ask_at_once(room: Mailroom, store: NotmuchStore) -> None:
    _fill(room, 1100)
    found: list[int] = []

    def ask() -> None:
        found.extend(len(list(store.mails(QUERY))) + store.count("*") for _ in range(3))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2204] * 12


def test_the_store_is_read_whole_while_others_tag_and_index(room: Mailroom, store: NotmuchStore) -> None:
    """Writers change the database all the time; no read fails, none misses what was there before."""
    _fill(room, 1500)
    stop, rounds = threading.Event(), 0

    def disturb() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            room.tag(f"+t{number % 7}", "*")
            room.deliver(letter(message_id=f"late{number}@x"))
            room.new()

    writer = threading.Thread(target=disturb)
    writer.start()
    try:
        until = time.monotonic() + 6
        while time.monotonic() < until:
            found = [mail.message_id for mail in store.mails(QUERY)]
            assert len(found) == len(set(found))
            assert len(found) >= 1502
            assert len(store.thread(MessageId("b@x"))) == 2
            assert len(list(store.mails(QUERY, store.revision().lastmod - 3))) < 3000
            rounds += 1
    finally:
        stop.set()
        writer.join()
    assert rounds > 3
