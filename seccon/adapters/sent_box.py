"""Copies of what was sent: filed in a Maildir, and then indexed by the command that the team names, such as `notmuch new`."""

import subprocess
from collections.abc import Sequence

from seccon.adapters.couriers.maildir import Maildir
from seccon.core.errors import CourierError

_LIMIT = 60.0
"""Seconds that indexing may take: a writer of the index waits for another."""


class SentBox:
    """Files a copy; without a command it is indexed whenever somebody runs `notmuch new`."""

    def __init__(self, path: str, index: Sequence[str] = ()) -> None:
        self._maildir = Maildir(path)
        self._index = tuple(index)

    def file(self, name: str, message: bytes) -> None:
        """File a copy, the same name twice is one; then index it. Raises CourierError, also when only the index failed."""
        self._maildir.file(name, message)
        if not self._index:
            return
        try:
            done = subprocess.run(self._index, stdin=subprocess.DEVNULL, capture_output=True, timeout=_LIMIT, check=False)
        except OSError as error:
            raise CourierError(f"It is filed, but '{self._index[0]}' cannot be run: {error.strerror}.") from None
        except subprocess.TimeoutExpired:
            raise CourierError(f"It is filed, but '{self._index[0]}' was not done after {_LIMIT:.0f} seconds.") from None
        if done.returncode:
            raise CourierError(f"It is filed, but '{self._index[0]}' ended with status {done.returncode}.", "Run it by hand.")
