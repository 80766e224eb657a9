"""Intake at the desk, on a real store: nothing twice, nothing lost, whatever happens between two looks (I2, I3, I11)."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seccon.core.board import BoardQuery
from seccon.core.case import fold
from seccon.core.instants import instant
from seccon.desk.office import Office
from seccon.desk.sync import Sync
from tests.e2e.stage import ROE, SUBJECT, Stage, plain_report, staged

OLD = instant(datetime.now(UTC) - timedelta(days=400))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A team with an empty mail store."""
    with staged(tmp_path) as stage:
        yield stage


def subjects(office: Office) -> list[str]:
    return sorted(row.subject for row in office.ledger.rows(BoardQuery(), office.person, 0, -1))


def owing(office: Office) -> list[str]:
    return [row.subject for row in office.ledger.rows(BoardQuery(), office.person, 0, -1) if row.step]


def reports(stage: Stage, number: int, since: int = 0) -> None:
    for at in range(since, since + number):
        stage.room.deliver(plain_report(f"r{at}@reporter.example.net", f"matter number {at}"))
    stage.room.new()


def test_every_thread_of_the_query_has_one_row_and_a_second_look_adds_nothing(stage: Stage) -> None:
    reports(stage, 3)
    stage.room.deliver(plain_report("chat@x", "lunch").replace(b"To: qemu-security@nongnu.org", b"To: friends@example.org"))
    stage.room.new()
    with stage.office() as office:
        taken = Sync().perform(office)
        assert (taken.mails, taken.opened, taken.complete, taken.missing) == (3, 3, True, 0)
        assert subjects(office) == ["matter number 0", "matter number 1", "matter number 2"]
        assert Sync().perform(office).entries == 0
        assert office.ledger.verify() == ()


def test_a_database_made_anew_adds_nothing_but_what_is_new(stage: Stage) -> None:
    """I2: other uuid, other thread ids, the same Message-IDs."""
    reports(stage, 2)
    with stage.office() as office:
        Sync().perform(office)
        stage.room.deliver(plain_report("late@reporter.example.net", "late"))
        stage.room.reindex()
    with stage.office() as office:
        assert Sync().perform(office).opened == 1
        assert len(subjects(office)) == 3


def test_two_consoles_at_once_take_each_mail_in_once(stage: Stage) -> None:
    reports(stage, 12)
    done = []

    def take() -> None:
        with stage.office() as office:
            done.append(Sync().perform(office).opened)

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 12
    with stage.office() as office:
        assert len(subjects(office)) == 12
        assert office.ledger.verify() == ()


def test_an_intake_that_is_stopped_goes_on_the_next_time(stage: Stage) -> None:
    """Nothing that was written is written again, nothing that was not is forgotten."""
    reports(stage, 4)
    with stage.office() as office:
        first = Sync(as_of_arrival=True, tell=lambda done, total: done < 2).perform(office)
        assert not first.complete
        assert len(subjects(office)) == 2
        assert Sync().perform(office).opened == 2
        assert len(subjects(office)) == 4


def test_old_threads_owe_nothing_until_new_mail_comes(stage: Stage) -> None:
    """`sync --since`: a store with years of history does not become a queue of years."""
    stage.room.deliver(plain_report("old@reporter.example.net", SUBJECT, date=OLD), OLD)
    reports(stage, 1)
    with stage.office() as office:
        Sync(since=instant(datetime.now(UTC) - timedelta(days=30))).perform(office)
        assert owing(office) == ["matter number 0"]
        stage.ahead = timedelta(hours=1)
        stage.reply(
            f"A. Roe <{ROE}>", "qemu-security@nongnu.org", "again@x", datetime.now(UTC), answers="old@reporter.example.net"
        )
        Sync().perform(office)
        assert SUBJECT in owing(office)


def test_a_file_that_vanishes_while_it_is_read_is_counted_and_comes_again(stage: Stage) -> None:
    reports(stage, 2)
    path = sorted((stage.room.root / "cur").iterdir())[0]
    content = path.read_bytes()
    path.unlink()
    with stage.office() as office:
        assert Sync().perform(office).missing == 1
        assert len(subjects(office)) == 1
        path.with_name("back:2,").write_bytes(content)
        stage.room.new()
        Sync().perform(office)
        assert len(subjects(office)) == 2


def test_another_mail_under_a_known_message_id_is_a_warning_and_never_hidden(stage: Stage) -> None:
    """I11: notmuch announces it as nothing new."""
    reports(stage, 1)
    with stage.office() as office:
        Sync().perform(office)
        stage.room.deliver(
            plain_report("r0@reporter.example.net", "another matter", "quite another text, and a report of its own")
        )
        stage.room.new()
        Sync().perform(office)
        case = fold(office.ledger.entries(1))
        assert [one.mail for one in case.conflicts] == ["r0@reporter.example.net"]
        row = office.ledger.row(1)
        assert row is not None
        assert row.alarm


def test_an_encrypted_report_shows_its_lock_without_anybody_being_asked(stage: Stage) -> None:
    """I1, R9: the first look proves what it can."""
    stage.report()
    with stage.office() as office:
        Sync().perform(office)
        row = office.ledger.row(1)
        assert row is not None
        assert row.encrypted
        assert row.subject == "...", "what was sealed is kept nowhere in clear"
