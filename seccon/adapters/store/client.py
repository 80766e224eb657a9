"""The MailStore port over a notmuch database: asks the child, tries again where that helps, and says in words what is wrong.

It owns the translation between libnotmuch's bytes and the core's values, and every sentence about the store.
"""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from seccon.adapters.store.pipe import ChildDiedError, Pipe
from seccon.core.errors import StoreError
from seccon.core.ids import MessageId
from seccon.core.report import StoredMail, StoreRevision

_TRIES = 3
"""How often a database that stands still is asked; while others change it, asking goes on until the time is over."""
_PAUSE = 0.03
"""Seconds before another try: a commit is over by then."""
_BATCH = 500
"""Rows of one answer: some 20 ms of work, in which two commits of a writer are unlikely."""
_ESCAPED = re.compile(rb"\\x([89a-f][0-9a-f])")


class NotmuchStore:
    """A team's notmuch database at `root`, the directory that notmuch calls `database.path`. May be asked from any thread.

    `mail` is the directory that notmuch calls `database.mail_root`, where that is another one. `limit` is in seconds an answer.
    """

    def __init__(self, root: str | Path, mail: str | Path | None = None, limit: float = 60.0) -> None:
        self._root = Path(root).expanduser().absolute()
        self._mail = self._root if mail is None else Path(mail).expanduser().absolute()
        self.pipe = Pipe(limit)

    def start(self) -> None:
        """Start the child without waiting for it."""
        self.pipe.start()

    def revision(self) -> StoreRevision:
        """Say which database this is and how far it has moved."""
        uuid, number = self._ask("revision")
        return StoreRevision(uuid, number)

    def mails(self, query: str, since: int = 0) -> Iterator[StoredMail]:
        """Give every mail of every thread in which a mail matches, oldest first, changed after lastmod `since`.

        A thread that matches only since then is given whole. `lastmod` of each mail is the database's at the time of the
        answer: once the walk is through, everything up to it was seen. Other questions may be asked between two mails.
        """
        number, names, matched = self._ask("mails", _bytes(query), since, told=f" the query '{query[:200]}'")
        flags = dict(zip(names, matched, strict=True))
        for start in range(0, len(names), _BATCH):
            for row in self._ask("rows", names[start : start + _BATCH]):
                yield self._stored(row, number, bool(flags[row[0]]))

    def thread(self, mail: MessageId) -> tuple[StoredMail, ...]:
        """Give all mails of the thread that `mail` stands in now, oldest first; `matched` is not known, so False."""
        for name in _names(mail):
            number, rows = self._ask("thread", name)
            if rows:
                return tuple(self._stored(row, number, False) for row in rows)
        return ()

    def paths(self, mail: MessageId) -> tuple[str, ...]:
        """Give the files that bear this Message-ID and exist now, under the name that another program gave them meanwhile."""
        for name in _names(mail):
            if known := self._ask("paths", name):
                return tuple(dict.fromkeys(found for path in known if (found := _existing(self._placed(path)))))
        return ()

    def count(self, query: str) -> int:
        """Count the mails that match."""
        return int(self._ask("count", _bytes(query), told=f" the query '{query[:200]}'"))

    def search(self, query: str, limit: int = 50) -> tuple[MessageId, ...]:
        """Give the newest mails that match, newest first."""
        return tuple(map(_message_id, self._ask("search", _bytes(query), limit, told=f" the query '{query[:200]}'")))

    def close(self) -> None:
        """End the child."""
        self.pipe.close()

    def _ask(self, name: str, *arguments: Any, told: str = "") -> Any:
        until, tries, stood = time.monotonic() + self.pipe.limit, 0, None
        while True:
            try:
                return self._once(name, tries == _TRIES - 1, *arguments)
            except _AgainError as error:
                number = self._number()
                moving = number not in (None, stood) and time.monotonic() < until
                tries, stood = (tries if moving else tries + 1), number
                if tries >= _TRIES:
                    raise error.sentence(told) from None
            time.sleep(_PAUSE)

    def _number(self) -> int | None:
        try:
            return int(self._once("revision", False)[1])
        except _AgainError:
            return None

    def _once(self, name: str, lenient: bool, *arguments: Any) -> Any:
        try:
            kind, value = self.pipe.ask(name, os.fsencode(self._root), lenient, *arguments)
        except ChildDiedError:
            raise _AgainError("its process ended", self._root) from None
        if kind == "ok":
            return value
        if kind == "import":
            raise StoreError(
                f"The notmuch library cannot be used: {value}.", "Install libnotmuch and notmuch2; 'seccon doctor' tells."
            )
        if kind == "open":
            raise self._closed(value)
        raise _AgainError(value or "it changed meanwhile", self._root)

    def _stored(self, row: tuple[bytes, bytes, tuple[bytes, ...], tuple[bytes, ...]], number: int, matched: bool) -> StoredMail:
        name, thread, paths, tags = row
        return StoredMail(
            _message_id(name),
            thread.decode("ascii", "replace"),
            number,
            matched,
            tuple(map(self._placed, paths)),
            tuple(tag.decode("utf-8", "backslashreplace") for tag in tags),
        )

    def _placed(self, path: bytes) -> str:
        """Give a path as text; without its configuration libnotmuch takes the database's directory for that of the mail."""
        text, root = path.decode(*_CODEC), f"{self._root}/"
        return f"{self._mail}/{text.removeprefix(root)}" if self._mail is not self._root and text.startswith(root) else text

    def _closed(self, said: str) -> StoreError:
        if not self._root.is_dir():
            return StoreError(
                f"There is no directory {self._root} for the mail store.", "Set 'path' in [store] to the one notmuch uses."
            )
        home = self._root / ".notmuch"
        if not home.exists() and not (self._root / "xapian").exists():
            return StoreError(
                f"There is no notmuch database at {self._root}.",
                f"Run 'notmuch new' with database.path={self._root}, or set 'path' in [store].",
            )
        if not os.access(home if home.exists() else self._root, os.R_OK | os.X_OK):
            return StoreError(
                f"The notmuch database at {self._root} may not be read by you.", "Its directory needs your group's permission."
            )
        if "newer" in said or "version" in said or "feature" in said:
            return StoreError(
                f"The notmuch database at {self._root} is of a form this libnotmuch does not know: {said}",
                "Install a newer libnotmuch.",
            )
        return StoreError(
            f"The notmuch database at {self._root} cannot be opened: {' '.join(said.split())}",
            f"If it stays so, move {home} away and run 'notmuch new': it is made again out of the mail, and no case is lost.",
        )


class _AgainError(Exception):
    """The store could not answer this time."""

    def __init__(self, said: str, root: Path) -> None:
        super().__init__(said)
        self._said, self._root = said, root

    def sentence(self, told: str) -> StoreError:
        """Say so, after the last try."""
        return StoreError(
            f"The notmuch database at {self._root} could not answer{told}: {self._said}.",
            "Try 'notmuch count' with the same query; if that fails for every query, move .notmuch away and run 'notmuch new'.",
        )


_CODEC = ("utf-8", "surrogateescape")


def _bytes(query: str) -> bytes:
    if "\0" in query:
        raise StoreError("A query cannot hold a NUL.")
    return query.encode(*_CODEC)


def _message_id(name: bytes) -> MessageId:
    # A lone surrogate could be written neither to the ledger nor to JSON.
    return MessageId(name.decode("utf-8", "backslashreplace"))


def _names(mail: MessageId) -> tuple[bytes, ...]:
    name = mail.encode("utf-8", "surrogateescape")
    raw = _ESCAPED.sub(lambda found: bytes((int(found[1], 16),)), name)
    return (name,) if raw == name else (name, raw)


def _existing(path: str) -> str:
    """Give the file's name now: in a Maildir other programs move it from `new` to `cur` and change the flags at its end."""
    asked = Path(path)
    if asked.exists():
        return path
    bare = asked.name.partition(":2,")[0]
    for folder in (asked.parent.parent / "cur", asked.parent.parent / "new"):
        if folder.is_dir():
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.partition(":2,")[0] == bare:
                        return entry.path
    return ""
