"""Intake over a real store: files on disk, the real reader's headings, notmuch's own threads."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from seccon.adapters.reader import Reader
from seccon.adapters.store.client import NotmuchStore
from seccon.core.arrival import Arrival, Rules
from seccon.core.case import fold
from seccon.core.intake import Filing, Known, plan_intake
from seccon.core.journal import Entry
from seccon.core.journal.cases import MailArrived, MailConflict
from seccon.core.likeness import skeleton
from seccon.core.ports import Keyring
from tests.mailroom import LIST, Mailroom, letter, open_mailroom

ARCHIVE = Path(__file__).parents[1] / "data" / "archive"
RULES = Rules(project="acme", policy="acme@1", now=datetime(2027, 1, 1, tzinfo=UTC), lists=frozenset({LIST}))


@pytest.fixture
def room() -> Iterator[Mailroom]:
    """An empty mail room."""
    with open_mailroom() as room:
        yield room


@pytest.fixture
def store(room: Mailroom) -> Iterator[NotmuchStore]:
    """The store of that room."""
    store = NotmuchStore(room.root)
    yield store
    store.close()


def _arrivals(store: NotmuchStore) -> list[Arrival]:
    reader = Reader(None, cast("Keyring", None))  # headings ask no keyring
    return [
        Arrival(mail, reader.heading(path), skeleton(reader.source(path))) for mail in store.mails("*") for path in mail.paths
    ]  # fmt: skip


def _known(plan: tuple[Filing, ...]) -> Known:
    cases = {}
    for number, filing in enumerate(plan, 1):
        entries = [Entry(number, at, RULES.now, "seccon", "acme@1", body) for at, body in enumerate(filing.bodies, 1)]
        cases[number] = fold(entries)
    return Known(cases)


def test_an_archive_has_one_file_a_thread_and_no_mail_is_lost(room: Mailroom, store: NotmuchStore) -> None:
    """Mail with the oddities of public archives, as notmuch itself counts it."""
    room.fill(path.read_bytes() for path in sorted(ARCHIVE.glob("*.eml")))
    plan = plan_intake(_arrivals(store), Known(), RULES)
    filed = {body.mail for filing in plan for body in filing.bodies if isinstance(body, MailArrived)}
    assert len(plan) == int(room.notmuch("count", "--output=threads", "--exclude=false", "*"))
    assert len(filed) == int(room.notmuch("count", "--exclude=false", "*"))
    assert len(filed) > 20


def test_a_database_made_anew_adds_nothing(room: Mailroom, store: NotmuchStore) -> None:
    """I2: new uuid, new thread ids, the same cases."""
    room.fill(path.read_bytes() for path in sorted(ARCHIVE.glob("*.eml")))
    known, before = _known(plan_intake(_arrivals(store), Known(), RULES)), store.revision()
    room.deliver(letter(message_id="first@x"), name="0:2,")
    room.reindex()
    again = plan_intake(_arrivals(store), known, RULES)
    assert store.revision().uuid != before.uuid
    assert [filing.case for filing in again] == [None]


def test_a_mail_that_hides_behind_a_known_message_id_is_told_though_it_is_tagged_deleted(
    room: Mailroom, store: NotmuchStore
) -> None:
    """I11: it inherits the first one's tags, and notmuch announces no new mail."""
    room.fill([letter(message_id="a@x", body="nothing\n")])
    room.tag("+deleted -inbox", "id:a@x")
    known = _known(plan_intake(_arrivals(store), Known(), RULES))
    before = store.revision().lastmod
    room.fill([letter(message_id="a@x", body="a guest can escape\n")])
    assert [mail.message_id for mail in store.mails("*", before)] == ["a@x"]
    (filing,) = plan_intake(_arrivals(store), known, RULES)
    assert [type(body) for body in filing.bodies] == [MailArrived, MailConflict]


def test_the_list_s_copy_beside_the_direct_one_is_quiet(room: Mailroom, store: NotmuchStore) -> None:
    """I2: footer, From and headers are the list's."""
    footer = f"{'_' * 47}\nsecurity mailing list\n{LIST}\n"
    direct = letter(message_id="a@x", body="an overflow\n", date=RULES.now)
    listed = letter(
        "[security] heap overflow in the frobnicator",
        "an overflow\n" + footer,
        message_id="a@x",
        sender=f"Jane Doe via security <{LIST}>",
        date=RULES.now,
        headers=[("Reply-To", "Jane Doe <jane@reporter.example>"), ("List-Post", f"<mailto:{LIST}>")],
    )
    room.fill([direct, listed])
    (filing,) = plan_intake(_arrivals(store), Known(), RULES)
    assert not [body for body in filing.bodies if isinstance(body, MailConflict)]
    assert plan_intake(_arrivals(store), _known((filing,)), RULES) == ()
