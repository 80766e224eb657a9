"""Where the database's errors end: what it says becomes a sentence, or goes on as the sentence that it already was."""

import sqlite3
import threading
from pathlib import Path
from types import TracebackType

from peewee import PeeweeException

from seccon.core.errors import LedgerError, SecconError

_SENTENCES: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_FULL: (
        "The disk that holds the ledger {path} is full: nothing was written.",
        "Make room on it, then do it again.",
    ),
    sqlite3.SQLITE_READONLY: (
        "The ledger {path} cannot be written by you.",
        "Look at it and its directory with `ls -la {path} {directory}`, and whether the disk is mounted read-only.",
    ),
    sqlite3.SQLITE_BUSY: (
        "Another program has been writing to the ledger {path} for too long.",
        "See who has it open with `fuser -v {path}`, then do it again.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "The ledger {path} is damaged.",
        "Keep the file, and put your last copy in its place (README, 'Backup').",
    ),
    sqlite3.SQLITE_NOTADB: (
        "{path} is not a ledger: it is no SQLite file.",
        "Name another path in the configuration ([ledger] url), or put your last copy in its place (README, 'Backup').",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The ledger {path} cannot be opened.",
        "Look at it and its directory with `ls -la {directory}`.",
    ),
    sqlite3.SQLITE_IOERR: (
        "The disk fails at the ledger {path}.",
        "Look at the host's log; do not go on before the disk is sound.",
    ),
    sqlite3.SQLITE_CONSTRAINT: (
        "The ledger {path} refused what would have broken its order: nothing was written.",
        "Do it again; if it happens again, run `seccon doctor`.",
    ),
}


class Door:
    """Wraps whatever asks the database (`with door:`); may be used again, nested, and from several threads.

    It counts who is inside: a connection that is closed under a statement of another thread takes the whole program down.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._inside: dict[int, int] = {}
        self._moved = threading.Condition()
        self._shut = False

    def __enter__(self) -> None:
        """Come in. Raises LedgerError once the door is shut; who is inside may still go through again."""
        me = threading.get_ident()
        with self._moved:
            if self._shut and me not in self._inside:
                raise LedgerError(f"The ledger {self._path} is closed.")
            self._inside[me] = self._inside.get(me, 0) + 1

    def shut(self, seconds: float) -> None:
        """Let nobody in any more, and wait until all are out."""
        with self._moved:
            self._shut = True
            self._moved.wait_for(lambda: not self._inside, seconds)

    def _leave(self) -> None:
        me = threading.get_ident()
        with self._moved:
            self._inside[me] -= 1
            if not self._inside[me]:
                del self._inside[me]
                self._moved.notify_all()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._leave()
        if isinstance(error, PeeweeException | sqlite3.Error | UnicodeEncodeError):
            raise self.sentence(error) from error

    def sentence(self, error: BaseException) -> SecconError:
        """Say in words what the database, or what was asked before it fell over, meant."""
        causes = _causes(error)
        for cause in causes:  # a full disk makes SQLite roll back by itself; the rollback that follows then hides the reason
            if isinstance(cause, SecconError):
                return cause
            if (code := code_of(cause)) in _SENTENCES:
                sentence, hint = _SENTENCES[code]
                names = {"path": self._path, "directory": self._path.parent}
                return LedgerError(sentence.format(**names), hint.format(**names))
            if isinstance(cause, UnicodeEncodeError):
                return LedgerError("A text holds half a character (a lone surrogate) and cannot be kept.")
        return LedgerError(f"The ledger {self._path} cannot answer: {causes[0]}.")


def code_of(error: BaseException) -> int:
    """Give SQLite's own number for what went wrong (without its finer reasons); 0 where there is none."""
    return int(getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _causes(error: BaseException) -> list[BaseException]:
    """Give an error and all that it hides; peewee raises its own while the driver's is being handled."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop(0)
        if one is None or any(one is other for other in found):
            continue
        found.append(one)
        waiting += [one.__cause__, one.__context__]
    return found
