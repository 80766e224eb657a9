"""Examines the host: GnuPG's version and home, the notmuch index against the files, the terminal."""

import locale
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from seccon.core.health import Examined
from seccon.core.plural import count

_OLD = re.compile(r"\) ([01]\.|2\.[01]\.)")
_MAIL_FOLDERS = ("cur", "new")


def examine_host(mail_root: Path, gpg_home: Path | None, indexed: int | None) -> Iterator[Examined]:
    """Give the findings; `indexed` is how many mails the index knows, None where it does not answer."""
    parts: tuple[tuple[str, Callable[[], Iterator[Examined]]], ...] = (
        ("gpg", lambda: _gpg(gpg_home or Path(os.environ.get("GNUPGHOME") or os.path.expanduser("~/.gnupg")))),  # noqa: PTH111
        ("store", lambda: _files(mail_root, indexed)),
        ("store", lambda: _notmuch(mail_root)),
        ("terminal", _terminal),
    )
    for part, look in parts:
        try:
            yield from look()
        except OSError as error:
            yield Examined(part, "broken", f"It cannot be looked at: {error.strerror} ({error.filename}).")


def _gpg(home: Path) -> Iterator[Examined]:
    program = shutil.which("gpg")
    if program is None:
        yield Examined("gpg", "broken", "There is no gpg on the PATH.", "Install GnuPG 2.2 or newer.")
        return
    version = _asked(program, "--version").partition("\n")[0]
    if _OLD.search(version) or not version:
        yield Examined("gpg", "broken", f"{program} is too old, or no GnuPG: {version}", "Install GnuPG 2.2 or newer.")
    else:
        yield Examined("gpg", "ok", f"{version}, home {home}.")
    if not home.is_dir():
        yield Examined("gpg", "warning", f"{home} does not exist: no key is there.", "gpg --import KEYFILE")
    elif stat.S_IMODE(home.stat().st_mode) & 0o077:
        yield Examined("gpg", "broken", f"{home} is open to others.", f"chmod 700 {home}")


def _files(root: Path, indexed: int | None) -> Iterator[Examined]:
    """Mail without From, To and Subject, or with a garbage first line, is never indexed: it must be missed (hostile input, 3)."""
    files = sum(len(names) for folder, _, names in os.walk(root) if Path(folder).name in _MAIL_FOLDERS)
    if indexed is not None and files > indexed:
        more = f"{files - indexed} more, which are copies, not indexed yet, or no mail to it"
        sentence = f"{count(files, 'file')} in {root}, {count(indexed, 'mail')} in the index: {more}."
        yield Examined("store", "warning", sentence, "notmuch new --verbose   # names what it ignores")


def _notmuch(root: Path) -> Iterator[Examined]:
    if not root.is_dir():
        return  # that is said already
    if shutil.which("notmuch") is None:
        yield Examined(
            "store", "warning", "There is no notmuch on the PATH: nothing can index new mail from here.", "Install notmuch."
        )
        return
    # Who indexes does so by their own configuration, over the database's: either can put clear text into the index.
    decrypts = {_asked("notmuch", "config", "get", "index.decrypt", root=where).strip() for where in (root, None)}
    if decrypts & {"true", "nostash"}:
        sentence = "notmuch puts decrypted text into its index, which others on this host may read."
        mend = "notmuch config set index.decrypt auto, and once more with --database; then notmuch reindex '*'"
        yield Examined("store", "broken", sentence, mend)
    if not _asked("notmuch", "config", "get", "index.header.List", root=root).strip():
        sentence = "List-Id is not indexed: mail that was Bcc'd to the list escapes 'to:' queries."
        yield Examined(
            "store", "warning", sentence, "notmuch config set --database index.header.List List-Id; notmuch reindex '*'"
        )


def _terminal() -> Iterator[Examined]:
    encoding = locale.getpreferredencoding(False)
    if encoding.lower().replace("-", "") != "utf8":
        yield Examined("terminal", "warning", f"The locale's encoding is {encoding}.", "export LANG=C.UTF-8")
    elif os.environ.get("TERM", "dumb") == "dumb":
        yield Examined("terminal", "warning", "TERM is 'dumb' or unset: the console cannot draw here.", "ssh -t HOST seccon")
    else:
        yield Examined("terminal", "ok", f"UTF-8, TERM={os.environ['TERM']}.")


def _asked(*words: str, root: Path | None = None) -> str:
    # The database holds these settings; a personal file, or its absence, must not answer in its place.
    with tempfile.NamedTemporaryFile("w", suffix=".notmuch") as config:
        config.write(f"[database]\npath={root}\n" if root else "")
        config.flush()
        env = {**os.environ, **({"NOTMUCH_CONFIG": config.name} if root else {})}
        return _run(words, env)


def _run(words: tuple[str, ...], env: dict[str, str]) -> str:
    try:
        return subprocess.run(words, capture_output=True, text=True, env=env, timeout=20, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
