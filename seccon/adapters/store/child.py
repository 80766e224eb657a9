"""The program of the store's child process: answers questions from standard input on standard output.

It is a process of its own because libnotmuch ends the program that hosts it when the database changes under its feet; whoever
asked then starts another one. It ends when its input does. Each question opens the database anew: an open one is stale.

A frame is four bytes of length (big-endian) and a marshalled tuple. A question is `(name, root, lenient, *arguments)`. An
answer is `("ok", value)`, or a kind and libnotmuch's words: `open` (it cannot be opened), `again` (it moved, or is damaged),
`gone` (that walk is not under way), `import` (no libnotmuch here).
"""

from __future__ import annotations

import marshal
import os
import sys
from heapq import merge
from itertools import islice

from seccon.adapters.store.database import ClosedError, Database, MovedError, load_capi

TYPE_CHECKING = False
if TYPE_CHECKING:  # the child imports as little as it can
    from collections.abc import Iterable, Iterator
    from typing import Any

    from seccon.adapters.store.database import Row

_BATCH = 500
"""Rows of one answer: some 20 ms of work."""
_NAMED = 200
"""Threads that one query names."""


def _date(row: Row) -> int:
    return row[2]


def _thread_terms(threads: Iterable[bytes]) -> Iterator[bytes]:
    """Give queries that name these threads, a limited number each."""
    rest = sorted(threads)
    for start in range(0, len(rest), _NAMED):
        yield b"(" + b" or ".join(b"thread:" + thread for thread in rest[start : start + _NAMED]) + b")"


def whole(base: Database, query: bytes) -> Iterator[Row]:
    """Give every mail of every thread in which a mail matches, oldest first, without holding them."""
    if query.strip() in (b"", b"*"):
        return base.rows(b"*", matched=True)
    quoted = query.replace(b'"', b'""')
    mates = b'thread:"{' + quoted + b'}" and not (' + query + b")"
    return merge(base.rows(query, matched=True), base.rows(mates, matched=False), key=_date)


def changed(base: Database, query: bytes, since: int, now: int) -> Iterator[Row]:
    """Give the mails that changed after `since` in threads that match, and the whole of threads that match only since then."""
    span = b"lastmod:%d..%d" % (since + 1, now)
    query = b"*" if query.strip() in (b"", b"*") else b"(" + query + b")"
    rows = list(base.rows(span, matched=False))
    threads = {row[1] for row in rows if row[1]}
    fits = b"" if query == b"*" else query + b" and "
    matched = {base.name(mail): base.thread(mail) for mail in base.walk(fits + span)}
    before = {base.thread(mail) for named in _thread_terms(threads) for mail in base.walk(fits + named + b" and not " + span)}
    fresh = set(matched.values()) - before - {b""}
    fitting = before | set(matched.values())
    found = [(*row[:3], row[0] in matched, *row[4:]) for row in rows if row[1] in fitting or row[0] in matched]
    for named in _thread_terms(fresh):
        found.extend(base.rows(named + b" and not " + span, matched=False))
    return iter(sorted(found, key=_date))


class Desk:
    """Answers one question at a time. A walk stays open between its batches, so that other questions can be asked meanwhile."""

    def __init__(self, capi: Any) -> None:
        self._capi = capi
        self._walks: dict[int, tuple[Database, int, Iterator[Row]]] = {}
        self._last = 0

    def answer(self, name: str, root: bytes, lenient: bool, arguments: tuple[Any, ...]) -> Any:
        """Answer a question. Raises ClosedError, MovedError, KeyError for a walk that is not under way."""
        if name == "more":
            return self._batch(arguments[0])
        if name == "drop":
            return self._drop(arguments[0])
        base = Database(self._capi, root, lenient)
        if name == "mails":
            return self._start(base, *arguments)
        try:
            return getattr(self, f"_{name}")(base, *arguments)
        finally:
            base.close()

    def _start(self, base: Database, query: bytes, since: int) -> Any:
        self._last += 1
        number = base.revision()[1]
        fresh = since <= 0 or since > number  # a number from the future is one of another database: all is new
        rows = iter(()) if since == number else whole(base, query) if fresh else changed(base, query, since, number)
        self._walks[self._last] = base, number, rows
        return self._batch(self._last)

    def _batch(self, walk: int) -> Any:
        _base, number, rows = self._walks[walk]
        try:
            batch = list(islice(rows, _BATCH))
        except (MovedError, RuntimeError):
            self._drop(walk)
            raise
        if len(batch) < _BATCH:
            self._drop(walk)
            walk = 0
        return walk, number, batch

    def _drop(self, walk: int) -> None:
        base, _number, rows = self._walks.pop(walk)
        del rows
        base.close()

    @staticmethod
    def _revision(base: Database) -> tuple[str, int]:
        return base.revision()

    @staticmethod
    def _count(base: Database, query: bytes) -> int:
        return base.count(query)

    @staticmethod
    def _search(base: Database, query: bytes, limit: int) -> list[bytes]:
        return [base.name(mail) for mail in islice(base.walk(query, newest=True), limit)]

    @staticmethod
    def _thread(base: Database, name: bytes) -> Any:
        number, mail = base.revision()[1], base.find(name)
        thread = b"" if mail is None else base.thread(mail)
        return number, list(base.rows(b"thread:" + thread, matched=False)) if thread else []

    @staticmethod
    def _paths(base: Database, name: bytes) -> tuple[bytes, ...]:
        mail = base.find(name)
        return () if mail is None else base.paths(mail)


def _read(source: int, size: int) -> bytes:
    found = b""
    while len(found) < size:
        piece = os.read(source, size - len(found))
        if not piece:
            raise SystemExit(0)
        found += piece
    return found


def _write(target: int, answer: tuple[Any, ...]) -> None:
    data = marshal.dumps(answer)
    view = memoryview(len(data).to_bytes(4, "big") + data)
    while view:
        view = view[os.write(target, view) :]


def _answers(desk: Desk, question: bytes) -> tuple[Any, ...]:
    name, root, lenient, *arguments = marshal.loads(question)  # noqa: S302 - from the parent, over a pipe of its own
    try:
        return "ok", desk.answer(name, root, lenient, tuple(arguments))
    except ClosedError as error:
        return "open", str(error)
    except KeyError:
        return "gone", ""
    except (MovedError, RuntimeError) as error:
        return "again", str(error)


def main(entries: list[str]) -> None:
    """Serve until the input ends."""
    target = os.dup(1)
    os.dup2(2, 1)  # what libnotmuch prints must not get between the frames
    try:
        desk = Desk(load_capi(entries))
    except ImportError as error:
        _read(0, 4)
        _write(target, ("import", str(error)))
        return
    while True:
        question = _read(0, int.from_bytes(_read(0, 4), "big"))
        _write(target, _answers(desk, question))


if __name__ == "__main__":
    main(sys.argv[1:])
