"""The program of the store's child process: answers questions from standard input on standard output.

It is a process of its own because libnotmuch ends the program that hosts it when the database changes under its feet; whoever
asked then starts another one. It ends when its input does. Each question opens the database anew: an open one is stale.

A frame is four bytes of length (big-endian) and a marshalled tuple. A question is `(name, root, lenient, *arguments)`. An
answer is `("ok", value)`, or a kind and libnotmuch's words: `open` (it cannot be opened), `again` (it moved, or is damaged),
`import` (no libnotmuch here).

Nothing is kept between two questions. A long walk is asked for in two steps, first the names (9 µs each), then the rows of a
few hundred names at a time (40 µs each): a database stays open for some 20 ms, which a busy writer leaves it, and not for as
long as somebody takes to look at 100,000 mails.
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

    Named = tuple[int, bool, bytes]
    """Time of the Date header, matched, Message-ID."""

_NAMED = 200
"""Threads that one query names."""
_ALL = (b"", b"*")


def _date(named: Named) -> int:
    return named[0]


def _walk(base: Database, query: bytes, *, matched: bool) -> Iterator[Named]:
    for mail in base.walk(query):
        yield base.date(mail), matched, base.name(mail)


def _thread_terms(threads: Iterable[bytes]) -> Iterator[bytes]:
    """Give queries that name these threads, a limited number each."""
    rest = sorted(threads)
    for start in range(0, len(rest), _NAMED):
        yield b"(" + b" or ".join(b"thread:" + thread for thread in rest[start : start + _NAMED]) + b")"


def whole(base: Database, query: bytes) -> Iterator[Named]:
    """Give every mail of every thread in which a mail matches, oldest first."""
    if query.strip() in _ALL:
        return _walk(base, b"*", matched=True)
    if not base.count(b"not (" + query + b")"):  # a store of this list alone: asking for the others would take as long again
        return _walk(base, query, matched=True)
    mates = b'thread:"{' + query.replace(b'"', b'""') + b'}" and not (' + query + b")"
    return merge(_walk(base, query, matched=True), _walk(base, mates, matched=False), key=_date)


def changed(base: Database, query: bytes, since: int, now: int) -> Iterator[Named]:
    """Give the mails that changed after `since` in threads that match, and the whole of threads that match only since then."""
    span = b"lastmod:%d..%d" % (since + 1, now)
    fits = b"" if query.strip() in _ALL else b"(" + query + b") and "
    moved = [(base.date(mail), base.name(mail), base.thread(mail)) for mail in base.walk(span)]
    matched = {base.name(mail): base.thread(mail) for mail in base.walk(fits + span)}
    before = {
        base.thread(mail)
        for terms in _thread_terms({thread for _date, _name, thread in moved if thread})
        for mail in base.walk(fits + terms + b" and not " + span)
    }
    now_fitting = set(matched.values())
    found = [
        (date, name in matched, name)
        for date, name, thread in moved
        if name in matched or (thread and (thread in before or thread in now_fitting))
    ]
    for terms in _thread_terms(now_fitting - before - {b""}):
        found.extend(_walk(base, terms + b" and not " + span, matched=False))
    return iter(sorted(found, key=_date))


def _mails(base: Database, query: bytes, since: int) -> tuple[int, list[bytes], bytes]:
    """Give the database's number, and the names, with one byte each that says whether it matched."""
    number = base.revision()[1]
    fresh = since <= 0 or since > number  # a number from the future is one of another database: all is new
    named = [] if since == number else list(whole(base, query) if fresh else changed(base, query, since, number))
    return number, [name for _date, _matched, name in named], bytes(matched for _date, matched, _name in named)


def _rows(base: Database, names: list[bytes]) -> list[Row]:
    """Give the rows of these mails, in their order, without those that are no longer there."""
    found = []
    for name in names:
        mail = base.find(name)
        if mail is not None:
            found.append(base.row(mail))
            base.forget(mail)
    return found


def _search(base: Database, query: bytes, limit: int) -> list[bytes]:
    return [base.name(mail) for mail in islice(base.walk(query, newest=True), limit)]


def _thread(base: Database, name: bytes) -> tuple[int, list[Row]]:
    mail = base.find(name)
    thread = b"" if mail is None else base.thread(mail)
    return base.revision()[1], [base.row(mate) for mate in base.walk(b"thread:" + thread)] if thread else []


def _paths(base: Database, name: bytes) -> tuple[bytes, ...]:
    mail = base.find(name)
    return () if mail is None else base.paths(mail)


_QUESTIONS: dict[str, Any] = {
    "revision": Database.revision,
    "count": Database.count,
    "mails": _mails,
    "rows": _rows,
    "search": _search,
    "thread": _thread,
    "paths": _paths,
}


def _answer(capi: Any, question: bytes) -> tuple[Any, ...]:
    name, root, lenient, *arguments = marshal.loads(question)  # noqa: S302 - from the parent, over a pipe of its own
    try:
        base = Database(capi, root, lenient)
        try:
            return "ok", _QUESTIONS[name](base, *arguments)
        finally:
            base.close()
    except ClosedError as error:
        return "open", str(error)
    except (MovedError, RuntimeError) as error:
        return "again", str(error) if isinstance(error, MovedError) else "a record is damaged, or was changed meanwhile"


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


def main(entries: list[str]) -> None:
    """Serve until the input ends."""
    target = os.dup(1)
    os.dup2(2, 1)  # what libnotmuch prints must not get between the frames
    try:
        capi = load_capi(entries)
    except ImportError as error:
        _read(0, 4)
        _write(target, ("import", str(error)))
        return
    while True:
        question = _read(0, int.from_bytes(_read(0, 4), "big"))
        _write(target, _answer(capi, question))


if __name__ == "__main__":
    main(sys.argv[1:])
