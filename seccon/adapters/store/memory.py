"""The store's twin in memory: for tests of the desk, and to say what the port means. Passes the same contract.

It understands the part of notmuch's query language that tests use: `*`, `id:`, `from:`, `to:`, `subject:`, `tag:`, bare
words of the subject, quotes, `and`, `or`, `not`, without parentheses.
"""

import shlex
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from seccon.core.ids import MessageId
from seccon.core.instants import EPOCH
from seccon.core.report import Heading, StoredMail, StoreRevision


class _Record(msgspec.Struct):
    heading: Heading
    paths: list[str]
    tags: set[str]
    thread: str
    lastmod: int


class MemoryStore:
    """Mails that were `put`, as a notmuch database would tell of them."""

    def __init__(self) -> None:
        self._records: dict[MessageId, _Record] = {}
        self._lastmod = 0
        self._threads = 0
        self._uuid = str(uuid.uuid4())

    def put(self, heading: Heading, path: str, tags: Sequence[str] = ("inbox",)) -> None:
        """Take in a mail; one under a Message-ID that is known only adds its file, as notmuch does."""
        self._lastmod += 1
        known = self._records.get(heading.message_id)
        if known is not None:
            known.paths.append(path)
            known.lastmod = self._lastmod
            return
        named = _named(heading)
        mates = [record for record in self._records.values() if named & _named(record.heading)]  # a shared unknown one, too
        self._records[heading.message_id] = _Record(heading, [path], set(tags), self._join(mates), self._lastmod)

    def tag(self, mail: MessageId, *tags: str) -> None:
        """Add tags to a mail."""
        self._lastmod += 1
        self._records[mail].tags.update(tags)
        self._records[mail].lastmod = self._lastmod

    def forget(self, mail: MessageId) -> None:
        """Lose a mail, without a trace in `lastmod`, as notmuch does."""
        del self._records[mail]

    def reindex(self) -> None:
        """Make the database anew: another uuid, other thread ids, the same mail."""
        records, self._records, self._lastmod, self._uuid = self._records, {}, 0, str(uuid.uuid4())
        for record in records.values():
            self.put(record.heading, record.paths[0])
            self._records[record.heading.message_id].paths = record.paths

    def revision(self) -> StoreRevision:
        """Say which database this is and how far it has moved."""
        return StoreRevision(self._uuid, self._lastmod)

    def mails(self, query: str, since: int = 0) -> Iterator[StoredMail]:
        """Give every mail of every thread in which a mail matches, oldest first, changed after `since`."""
        matched = {record.heading.message_id for record in self._matching(query)}
        since = 0 if since > self._lastmod else since
        fitting = {self._records[mail].thread for mail in matched}
        before = {self._records[mail].thread for mail in matched if self._records[mail].lastmod <= since}
        changed = {self._records[mail].thread for mail in matched if self._records[mail].lastmod > since}
        for record in self._by_date():
            fresh = record.thread in changed and record.thread not in before
            if record.thread in fitting and (record.lastmod > since or fresh):
                yield self._stored(record, record.heading.message_id in matched)

    def thread(self, mail: MessageId) -> tuple[StoredMail, ...]:
        """Give all mails of the thread that `mail` stands in now, oldest first."""
        found = self._records.get(mail)
        return tuple(self._stored(record, False) for record in self._by_date() if found and record.thread == found.thread)

    def paths(self, mail: MessageId) -> tuple[str, ...]:
        """Give the files that bear this Message-ID and exist now."""
        record = self._records.get(mail)
        return tuple(path for path in record.paths if Path(path).exists()) if record else ()

    def count(self, query: str) -> int:
        """Count the mails that match."""
        return len(self._matching(query))

    def search(self, query: str, limit: int = 50) -> tuple[MessageId, ...]:
        """Give the newest mails that match."""
        found = {record.heading.message_id for record in self._matching(query)}
        newest = [record.heading.message_id for record in reversed(self._by_date())]
        return tuple(mail for mail in newest if mail in found)[:limit]

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""

    def _by_date(self) -> list[_Record]:
        return sorted(self._records.values(), key=lambda record: record.heading.date or EPOCH)

    def _stored(self, record: _Record, matched: bool) -> StoredMail:
        tags = tuple(sorted(record.tags))
        return StoredMail(record.heading.message_id, record.thread, self._lastmod, matched, tuple(record.paths), tags)

    def _join(self, mates: Sequence[_Record]) -> str:
        threads = sorted({record.thread for record in mates})
        if not threads:
            self._threads += 1
            return f"{self._threads:016x}"
        for record in self._records.values():
            if record.thread in threads[1:]:
                record.thread, record.lastmod = threads[0], self._lastmod
        return threads[0]

    def _matching(self, query: str) -> list[_Record]:
        return [record for record in self._records.values() if _matches(query, record)]


def _named(heading: Heading) -> set[MessageId]:
    return {heading.message_id, *heading.in_reply_to, *heading.references}


def _matches(query: str, record: _Record) -> bool:
    words = shlex.split(query.replace('""', '\\"'))
    if words in ([], ["*"]):
        return True
    groups: list[list[bool]] = [[]]
    negative = False
    for word in words:
        if word == "or":
            groups.append([])
        elif word == "not":
            negative = True
        elif word != "and":
            groups[-1].append(_holds(word, record) is not negative)
            negative = False
    return any(all(group) for group in groups)


def _holds(term: str, record: _Record) -> bool:
    heading = record.heading
    field, colon, value = term.partition(":")
    if not colon:
        return term.casefold() in heading.subject.casefold()
    if field == "id":
        return value == heading.message_id
    if field == "tag":
        return value in record.tags
    texts = {"from": map(str, heading.sender), "to": map(str, (*heading.to, *heading.cc)), "subject": iter((heading.subject,))}[
        field
    ]
    return any(value.casefold() in text.casefold() for text in texts)
