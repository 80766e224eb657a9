"""Files mails into the demo's Maildirs, as of the day they came, and lets notmuch index them."""

import hashlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from seccon.adapters.demo.letter import Posted
from seccon.core.errors import StoreError


def make_maildir(path: Path) -> None:
    """Make an empty Maildir that nobody else can read."""
    for part in (path, path / "cur", path / "new", path / "tmp"):
        part.mkdir(mode=0o700, exist_ok=True)


def file_mail(folder: Path, posted: Posted) -> Path:
    """Write one mail into a Maildir; its file is as old as the mail."""
    stamp = int(posted.arrived.timestamp())
    word = hashlib.sha256(posted.message).hexdigest()[:10]
    path = folder / "cur" / f"{stamp}.{word}.triage:2,"
    path.touch(mode=0o600)
    path.write_bytes(posted.message)
    os.utime(path, (stamp, stamp))
    return path


def index_mail(environment: Mapping[str, str]) -> None:
    """Run `notmuch new`, and keep in the database itself that List-Id is indexed. Raises StoreError with its last words."""
    _notmuch(environment, "new", "--quiet")
    _notmuch(environment, "config", "set", "--database", "index.header.List", "List-Id")


def _notmuch(environment: Mapping[str, str], *words: str) -> None:
    command = ["notmuch", *words]
    try:
        done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, timeout=120, check=False)
    except FileNotFoundError:
        raise StoreError("notmuch is not installed.", "Run script/bootstrap (Debian: apt install notmuch).") from None
    except subprocess.TimeoutExpired:
        raise StoreError("notmuch did not index the demo's mail within two minutes.") from None
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it gave no reason"]
        raise StoreError(f"notmuch could not index the demo's mail: {last[0]}.")
