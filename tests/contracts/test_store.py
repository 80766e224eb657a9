"""What every mail store promises, asked of the real one and of its twin in memory alike."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from seccon.adapters.store.client import NotmuchStore
from seccon.adapters.store.memory import MemoryStore
from seccon.core.ids import MessageId
from seccon.core.instants import Instant
from seccon.core.ports import MailStore
from seccon.core.report import Address, Heading
from tests.mailroom import LIST, Mailroom, letter, open_mailroom

QUERY = f"to:{LIST}"
START = datetime(2026, 3, 1, 9, tzinfo=UTC)


class Stage(Protocol):
    """A store, and the ways in which the world changes it."""

    store: MailStore

    def put(self, name: str, *, to: str = LIST, subject: str = "overflow", replies: Sequence[str] = (), body: str = "") -> Path:
        """A mail comes in and is indexed."""
        ...

    def tag(self, name: str, tag: str) -> None:
        """Somebody tags a mail."""
        ...

    def reindex(self) -> None:
        """Somebody makes the database anew."""
        ...

    def lose(self, name: str, path: Path) -> None:
        """A mail is deleted, and the store is told."""
        ...


class _Real:
    def __init__(self, room: Mailroom, store: NotmuchStore) -> None:
        self.room, self.store, self._hours = room, store, 0

    def put(self, name: str, *, to: str = LIST, subject: str = "overflow", replies: Sequence[str] = (), body: str = "") -> Path:
        self._hours += 1
        mail = letter(subject, body or "x", message_id=name, to=to, reply_to=replies, date=_hour(self._hours))
        path = self.room.deliver(mail)
        self.room.new()
        return path

    def tag(self, name: str, tag: str) -> None:
        self.room.tag(f"+{tag}", f'id:"{name}"')

    def reindex(self) -> None:
        self.room.reindex()

    def lose(self, name: str, path: Path) -> None:
        path.unlink()
        self.room.new()


class _Twin:
    def __init__(self, home: Path) -> None:
        self.store, self._home, self._hours = MemoryStore(), home, 0

    def put(self, name: str, *, to: str = LIST, subject: str = "overflow", replies: Sequence[str] = (), body: str = "") -> Path:
        self._hours += 1
        path = self._home / f"{self._hours}.mail"
        path.write_text(body)
        given = tuple(map(MessageId, replies))
        to_list = (Address("", to),)
        date = _hour(self._hours)
        heading = Heading(MessageId(name), "", subject, to=to_list, date=date, in_reply_to=given[-1:], references=given)
        self.store.put(heading, str(path))
        return path

    def tag(self, name: str, tag: str) -> None:
        self.store.tag(MessageId(name), tag)

    def reindex(self) -> None:
        self.store.reindex()

    def lose(self, name: str, path: Path) -> None:
        path.unlink()
        self.store.forget(MessageId(name))


def _hour(number: int) -> Instant:
    return START + timedelta(hours=number)


@pytest.fixture(params=["notmuch", "memory"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """Each store in turn, empty."""
    if request.param == "memory":
        yield _Twin(tmp_path)
        return
    with open_mailroom() as room:
        store = NotmuchStore(room.root)
        yield _Real(room, store)
        store.close()


def _ids(stage: Stage, query: str = QUERY, since: int = 0) -> list[str]:
    return [mail.message_id for mail in stage.store.mails(query, since)]


def test_an_empty_store_has_a_revision_and_no_mails(stage: Stage) -> None:
    assert stage.store.revision().uuid
    assert _ids(stage) == []
    assert stage.store.count("*") == 0


def test_mails_come_oldest_first(stage: Stage) -> None:
    for name in ("c@x", "a@x", "b@x"):
        stage.put(name)
    assert _ids(stage) == ["c@x", "a@x", "b@x"]


def test_the_whole_thread_of_a_match_comes_and_says_which_mail_matched(stage: Stage) -> None:
    stage.put("a@x")
    stage.put("b@x", to="alone@example.org", replies=["a@x"])
    stage.put("other@x", to="alone@example.org")
    assert [(mail.message_id, mail.matched) for mail in stage.store.mails(QUERY)] == [("a@x", True), ("b@x", False)]


def test_a_star_matches_everything(stage: Stage) -> None:
    stage.put("a@x")
    stage.put("b@x", to="alone@example.org")
    assert [(mail.message_id, mail.matched) for mail in stage.store.mails("*")] == [("a@x", True), ("b@x", True)]


def test_since_a_revision_only_what_changed_after_it_comes(stage: Stage) -> None:
    stage.put("a@x")
    before = stage.store.revision().lastmod
    assert _ids(stage, since=before) == []
    stage.put("b@x", to="alone@example.org", replies=["a@x"])
    assert _ids(stage, since=before) == ["b@x"]
    assert all(mail.lastmod > before for mail in stage.store.mails(QUERY, before))


def test_a_thread_that_matches_only_now_comes_whole(stage: Stage) -> None:
    """A report that began beside the list belongs to its case from its first mail on."""
    stage.put("a@x", to="alone@example.org")
    stage.put("b@x", to="alone@example.org", replies=["a@x"])
    before = stage.store.revision().lastmod
    stage.put("c@x", replies=["a@x", "b@x"])
    assert _ids(stage, since=before) == ["a@x", "b@x", "c@x"]


def test_a_new_tag_is_a_change(stage: Stage) -> None:
    stage.put("a@x")
    before = stage.store.revision().lastmod
    stage.tag("a@x", "seen")
    assert ["seen" in mail.tags for mail in stage.store.mails(QUERY, before)] == [True]


@pytest.mark.parametrize("tag", ["deleted", "spam"])
def test_a_tag_that_searches_exclude_hides_no_report(stage: Stage, tag: str) -> None:
    """A mail inherits the tags of another one with its Message-ID: a way to hide a report."""
    stage.put("a@x")
    stage.tag("a@x", tag)
    assert _ids(stage) == ["a@x"]
    assert stage.store.count(QUERY) == 1
    assert stage.store.search(QUERY) == ("a@x",)


def test_a_second_file_under_a_message_id_is_a_change_and_gives_both_paths(stage: Stage) -> None:
    first = stage.put("a@x", body="one")
    before = stage.store.revision().lastmod
    second = stage.put("a@x", body="two")
    (mail,) = stage.store.mails(QUERY, before)
    assert set(mail.paths) == {str(first), str(second)}
    assert set(stage.store.paths(MessageId("a@x"))) == {str(first), str(second)}


def test_a_reindex_changes_the_uuid_and_keeps_every_mail(stage: Stage) -> None:
    stage.put("a@x")
    stage.put("b@x", replies=["a@x"])
    before = stage.store.revision()
    stage.reindex()
    assert stage.store.revision().uuid != before.uuid
    assert _ids(stage) == ["a@x", "b@x"]


def test_a_number_from_another_database_gives_everything(stage: Stage) -> None:
    stage.put("a@x")
    assert _ids(stage, since=1_000_000) == ["a@x"]


def test_a_deleted_mail_is_seen_by_count_alone(stage: Stage) -> None:
    path = stage.put("a@x")
    stage.put("b@x")
    assert stage.store.count(QUERY) == 2
    stage.lose("a@x", path)
    assert stage.store.count(QUERY) == 1
    assert _ids(stage) == ["b@x"]
    assert stage.store.paths(MessageId("a@x")) == ()


def test_a_thread_is_all_its_mails_oldest_first(stage: Stage) -> None:
    stage.put("a@x")
    stage.put("b@x", to="alone@example.org", replies=["a@x"])
    stage.put("c@x")
    assert [mail.message_id for mail in stage.store.thread(MessageId("b@x"))] == ["a@x", "b@x"]


def test_a_mail_that_joins_two_threads_makes_them_one(stage: Stage) -> None:
    stage.put("a@x")
    stage.put("b@x")
    before = stage.store.revision().lastmod
    stage.put("c@x", replies=["a@x", "b@x"])
    assert len({mail.thread for mail in stage.store.mails(QUERY)}) == 1
    assert "c@x" in _ids(stage, since=before)


def test_what_is_not_there_is_nothing(stage: Stage) -> None:
    assert stage.store.thread(MessageId("none@x")) == ()
    assert stage.store.paths(MessageId("none@x")) == ()
    assert stage.store.search("subject:nothing") == ()


def test_a_mail_that_others_only_refer_to_is_not_there(stage: Stage) -> None:
    stage.put("b@x", replies=["ghost@x"])
    assert stage.store.thread(MessageId("ghost@x")) == ()
    assert stage.store.paths(MessageId("ghost@x")) == ()


def test_search_gives_the_newest_first_up_to_the_limit(stage: Stage) -> None:
    for name in ("a@x", "b@x", "c@x"):
        stage.put(name)
    assert stage.store.search(QUERY, 2) == ("c@x", "b@x")


@pytest.mark.parametrize(
    "name", ['quo"te@x', 'a")or(id:"b@x', "par(en)@x", "{curly}@x", "[esc]\x1b[31m@x", "ünïcode@x", "it's@x", "a:b@x"]
)
def test_an_odd_message_id_is_found_by_itself(stage: Stage, name: str) -> None:
    """What a stranger put between the angle brackets is data, never a query."""
    path = stage.put(name)
    stage.put("b@x", replies=[name])
    assert _ids(stage) == [name, "b@x"]
    assert stage.store.paths(MessageId(name)) == (str(path),)
    assert [mail.message_id for mail in stage.store.thread(MessageId(name))] == [name, "b@x"]


def test_other_questions_may_be_asked_between_two_mails(stage: Stage) -> None:
    names = [f"m{number}@x" for number in range(3)]
    for name in names:
        stage.put(name)
    found = []
    for mail in stage.store.mails(QUERY):
        found.append(mail.message_id)
        assert stage.store.paths(mail.message_id)
    assert found == names


def test_two_walks_at_once_do_not_disturb_each_other(stage: Stage) -> None:
    for name in ("a@x", "b@x"):
        stage.put(name)
    pairs = zip(stage.store.mails(QUERY), stage.store.mails("*"), strict=True)
    assert [(one.message_id, two.message_id) for one, two in pairs] == [("a@x", "a@x"), ("b@x", "b@x")]


@pytest.mark.parametrize("query", [f'to:"{LIST}"', f"to:{LIST} or subject:nothing", f"to:{LIST} and not tag:none"])
def test_a_query_with_quotes_and_operators_keeps_its_meaning(stage: Stage, query: str) -> None:
    stage.put("a@x")
    stage.put("b@x", to="alone@example.org", replies=["a@x"])
    stage.put("c@x", to="alone@example.org", subject="else")
    assert [(mail.message_id, mail.matched) for mail in stage.store.mails(query)] == [("a@x", True), ("b@x", False)]
    assert [(mail.message_id, mail.matched) for mail in stage.store.mails(query, 1)] == [("b@x", False)]


_Question = Callable[[MailStore], object]


def test_asking_does_not_change_the_store(stage: Stage) -> None:
    stage.put("a@x")
    before = stage.store.revision()
    questions: list[_Question] = [
        lambda store: list(store.mails(QUERY)),
        lambda store: store.thread(MessageId("a@x")),
        lambda store: store.search(QUERY),
    ]
    for question in questions:
        question(stage.store)
    assert stage.store.revision() == before
