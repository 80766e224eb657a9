"""One open notmuch database, as plain values. Runs in the child only: it owns the handle, and knows no questions.

Only `notmuch2._capi` is imported, not the package around it: the child starts in 16 ms instead of 30, a row costs 20 µs
instead of 49, and no object with a finaliser outlives its database. Fields are read inside the loop, `threads()` is never
called, no collection of messages is kept: each of these was seen to end the program.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # the child imports as little as it can
    from collections.abc import Iterator, Sequence
    from typing import Any

    Row = tuple[bytes, bytes, tuple[bytes, ...], tuple[bytes, ...]]
    """Message-ID, thread, paths, tags: bytes, as libnotmuch keeps them."""


class MovedError(Exception):
    """The database changed or gave nonsense while it was read: to be opened and asked again."""


class ClosedError(Exception):
    """The database cannot be opened; the text is libnotmuch's."""


def load_capi(entries: Sequence[str]) -> Any:
    """Import the C interface out of `entries` of a module path. Raises ImportError."""
    package = type(sys)("notmuch2")
    package.__path__ = [f"{entry}/notmuch2" for entry in entries]
    sys.modules["notmuch2"] = package
    sys.path += [entry for entry in entries if entry not in sys.path]
    from notmuch2 import _capi

    return _capi


class Database:
    """A database opened for one question. Raises ClosedError when it cannot be opened; MovedError, RuntimeError in reading.

    A `lenient` one gives what it can of a damaged record instead of raising, so that one record cannot hide all others.
    """

    def __init__(self, capi: Any, root: bytes, lenient: bool = False) -> None:
        self._ffi, self._lib, self._lenient = capi.ffi, capi.lib, lenient
        self._text = self._ffi.string  # a RuntimeError where there is none, as in a damaged record
        self._queries: list[Any] = []
        handle, text = self._ffi.new("notmuch_database_t **"), self._ffi.new("char **")
        # An empty configuration: neither the person's own nor the environment's has a say in what counts as a report.
        status = self._lib.notmuch_database_open_with_config(root, 0, b"", self._ffi.NULL, handle, text)
        said = b""
        if text[0]:
            said = self._ffi.string(text[0])
            self._lib.free(text[0])
        if status:
            raise ClosedError(said.decode("utf-8", "replace").strip() or self._status(status))
        self._handle = handle[0]

    def close(self) -> None:
        """Let go of the database and of everything that came out of it; a second time is harmless."""
        for query in self._queries:
            self._lib.notmuch_query_destroy(query)
        self._queries = []
        if self._handle is not None:
            self._lib.notmuch_database_destroy(self._handle)
        self._handle = None

    def revision(self) -> tuple[str, int]:
        """Give the database's uuid and the number of its last change."""
        uuid = self._ffi.new("char **")
        number = self._lib.notmuch_database_get_revision(self._handle, uuid)
        return self._text(uuid[0]).decode("ascii", "replace"), int(number)

    def count(self, text: bytes) -> int:
        """Count the mails that match."""
        number = self._ffi.new("unsigned int *")
        self._check(self._lib.notmuch_query_count_messages(self._query(text, newest=False), number))
        return int(number[0])

    def walk(self, text: bytes, *, newest: bool = False) -> Iterator[Any]:
        """Give each mail that matches, oldest first unless told otherwise; each is good until the next one is asked for."""
        lib, found = self._lib, self._ffi.new("notmuch_messages_t **")
        self._check(lib.notmuch_query_search_messages(self._query(text, newest=newest), found))
        mails = found[0]
        while lib.notmuch_messages_valid(mails):
            mail = lib.notmuch_messages_get(mails)
            if not mail:
                raise MovedError("a mail vanished while it was read")
            yield mail
            lib.notmuch_message_destroy(mail)
            lib.notmuch_messages_move_to_next(mails)

    def find(self, name: bytes) -> Any:
        """Find a mail by its Message-ID, whatever that holds; None where it is not indexed."""
        if b"\0" in name:  # C would look for what stands before it
            return None
        found = self._ffi.new("notmuch_message_t **")
        self._check(self._lib.notmuch_database_find_message(self._handle, name, found))
        mail = found[0]
        if mail == self._ffi.NULL or self._lib.notmuch_message_get_flag(mail, self._lib.NOTMUCH_MESSAGE_FLAG_GHOST):
            return None
        return mail

    def name(self, mail: Any) -> bytes:
        """Give the Message-ID: from among the values, where a damaged record still has it, and four times as fast."""
        value: bytes = self._text(self._lib.notmuch_message_get_header(mail, b"message-id"))
        return value or self._text(self._lib.notmuch_message_get_message_id(mail))

    def thread(self, mail: Any) -> bytes:
        """Give the thread's id; empty for a damaged record, where that is allowed."""
        value = self._lib.notmuch_message_get_thread_id(mail)
        return self._text(value) if value or not self._lenient else b""

    def date(self, mail: Any) -> int:
        """Give the time of the Date header, in seconds."""
        date: int = self._lib.notmuch_message_get_date(mail)
        return date

    def paths(self, mail: Any) -> tuple[bytes, ...]:
        """Give the files that bear this mail's Message-ID, as the database knows them."""
        lib, found = self._lib, []
        names = lib.notmuch_message_get_filenames(mail)
        while lib.notmuch_filenames_valid(names):
            found.append(self._text(lib.notmuch_filenames_get(names)))
            lib.notmuch_filenames_move_to_next(names)
        return tuple(found)

    def row(self, mail: Any) -> Row:
        """Give what is asked of a mail; of a damaged record, where that is allowed, the Message-ID alone."""
        thread = self.thread(mail)
        return self.name(mail), thread, self.paths(mail) if thread else (), self._tags(mail) if thread else ()

    def forget(self, mail: Any) -> None:
        """Let go of a mail that `find` gave."""
        self._lib.notmuch_message_destroy(mail)

    def _tags(self, mail: Any) -> tuple[bytes, ...]:
        lib, found = self._lib, []
        tags = lib.notmuch_message_get_tags(mail)
        while lib.notmuch_tags_valid(tags):
            found.append(self._text(lib.notmuch_tags_get(tags)))
            lib.notmuch_tags_move_to_next(tags)
        return tuple(found)

    def _query(self, text: bytes, *, newest: bool) -> Any:
        query = self._lib.notmuch_query_create(self._handle, text)
        if query == self._ffi.NULL:
            raise MovedError("libnotmuch is out of memory")
        self._queries.append(query)
        # Nothing is excluded: a mail that inherited `deleted` from another one with its Message-ID is a report all the same.
        self._lib.notmuch_query_set_omit_excluded(query, self._lib.NOTMUCH_EXCLUDE_FALSE)
        order = self._lib.NOTMUCH_SORT_NEWEST_FIRST if newest else self._lib.NOTMUCH_SORT_OLDEST_FIRST
        self._lib.notmuch_query_set_sort(query, order)
        return query

    def _status(self, status: int) -> str:
        text: bytes = self._text(self._lib.notmuch_status_to_string(status))
        return text.decode("utf-8", "replace")

    def _check(self, status: int) -> None:
        if status:
            raise MovedError(self._status(status))
