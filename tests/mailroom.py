"""A real mail store for tests: a temporary Maildir, a notmuch database and a configuration of its own.

`notmuch` is run as the program that a team runs. Nothing of the person's own mail, configuration or environment is touched.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email.utils import format_datetime, make_msgid
from pathlib import Path
from tempfile import TemporaryDirectory

from seccon.core.instants import Instant

LIST = "security@lists.example.org"
_CONFIG = """\
[database]
path={root}
[user]
name=Team
primary_email=team@example.org
[new]
tags=inbox;unread
ignore=
[search]
exclude_tags=deleted;spam
[maildir]
synchronize_flags=false
"""


class Mailroom:
    """One Maildir with its notmuch database. `root` is the mail root; `env` is the environment in which notmuch runs."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.root = home / "mail"
        self.config = home / "notmuch-config"
        self._count = 0
        for folder in ("cur", "new", "tmp"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        self.config.write_text(_CONFIG.format(root=self.root))
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("NOTMUCH", "XDG_", "MAILDIR"))}
        self.env = {**kept, "HOME": str(home), "NOTMUCH_CONFIG": str(self.config)}

    def deliver(self, mail: bytes, arrived: Instant | None = None, name: str = "") -> Path:
        """Put a mail into the Maildir, not yet indexed; `arrived` sets the file's time. Give its path."""
        self._count += 1
        name = name or f"{1_700_000_000 + self._count}.M{self._count:06}P{os.getpid()}.host:2,"
        waiting, path = self.root / "tmp" / name, self.root / "cur" / name
        waiting.write_bytes(mail)
        if arrived is not None:
            os.utime(waiting, (arrived.timestamp(), arrived.timestamp()))
        waiting.rename(path)
        return path

    def notmuch(self, *arguments: str) -> str:
        """Run notmuch; give what it wrote. Raises CalledProcessError where it failed."""
        done = subprocess.run(  # the program is the one on PATH, on purpose
            ["notmuch", *arguments],  # noqa: S607
            env=self.env,
            capture_output=True,
            timeout=60,
        )
        done.check_returncode()
        return done.stdout.decode("utf-8", "replace")

    def new(self) -> str:
        """Index what was delivered."""
        return self.notmuch("new", "--quiet")

    def fill(self, mails: Iterable[bytes]) -> list[Path]:
        """Deliver several mails, then index them."""
        paths = [self.deliver(mail) for mail in mails]
        self.new()
        return paths

    def tag(self, changes: str, query: str) -> None:
        """Change tags, such as `tag("+deleted -inbox", "id:a@b")`."""
        self.notmuch("tag", *changes.split(), "--", query)

    @property
    def database(self) -> Path:
        """The directory that holds the database."""
        return self.root / ".notmuch"

    def reindex(self) -> None:
        """Delete the database and make it anew: another uuid, other thread ids, the same mail."""
        shutil.rmtree(self.database)
        self.new()


@contextmanager
def open_mailroom() -> Iterator[Mailroom]:
    """Make a mail room with an empty database in a temporary directory; everything is deleted afterwards."""
    with TemporaryDirectory(prefix="mailroom-") as home:
        room = Mailroom(Path(home))
        room.new()
        yield room


def letter(
    subject: str = "heap overflow in the frobnicator",
    body: str = "Hello,\n\nthere is an overflow.\n",
    *,
    message_id: str = "",
    sender: str = "Jane Doe <jane@reporter.example>",
    to: str = LIST,
    date: Instant | None = None,
    reply_to: Iterable[str] = (),
    references: Iterable[str] = (),
    headers: Iterable[tuple[str, str]] = (),
) -> bytes:
    """Write a plain mail as bytes. Message-IDs are given without angle brackets; `headers` come last, as they stand.

    `reply_to` becomes In-Reply-To and the end of References; `references` come before it.
    """
    replied = list(reply_to)
    lines = [
        ("From", sender),
        ("To", to),
        ("Subject", subject),
        ("Message-ID", f"<{message_id}>" if message_id else make_msgid(domain="mailroom.example")),
    ]
    if date is not None:
        lines.append(("Date", format_datetime(date)))
    if replied:
        lines.append(("In-Reply-To", " ".join(f"<{item}>" for item in replied)))
    if referred := [*references, *replied]:
        lines.append(("References", " ".join(f"<{item}>" for item in referred)))
    lines += headers
    head = "".join(f"{name}: {value}\n" for name, value in lines)
    return f"{head}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{body}".encode("utf-8", "surrogateescape")
