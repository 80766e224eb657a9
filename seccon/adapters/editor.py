"""The person's own editor, in a private directory that goes away with all that was left in it. Fulfils `core.workplace.Editor`.

vim, nvim and nano are told to keep nothing elsewhere, and to obey nothing that stands in the text; of others that is not known.
"""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from seccon.core.errors import StoreError

_MODEST = "set nomodeline noswapfile nobackup nowritebackup noundofile"
_LARGEST = 4 << 20
"""Bytes of text that are taken back."""
_NAME = "reply.txt"
_PREFIX = "editing-"


def _vim(program: str) -> list[str]:
    """Open the file only after the options are set: a modeline in the text, or in the person's own files, comes too late."""
    return [program, "-n", "-i", "NONE", "-c", _MODEST, "-c", f"edit {_NAME}"]


def _nano(program: str) -> list[str]:
    """Without its rc files there are no backups and no history."""
    return [program, "-I", _NAME]


_KNOWN: Mapping[str, Callable[[str], list[str]]] = {"vim": _vim, "nvim": _vim, "nano": _nano}


class OwnEditor:
    """What VISUAL or EDITOR names; `environment` is the person's."""

    def __init__(self, private: str | Path, environment: Mapping[str, str] | None = None) -> None:
        self._place = Path(private).expanduser() / "editor"
        self._environment = os.environ if environment is None else environment

    @property
    def warning(self) -> str:
        """Say what an editor that is not known may do; nothing for one that is known, or none."""
        words = self._words()
        if not words or _kind(words[0]):
            return ""
        return (
            f"It is not known whether {Path(words[0]).name} leaves copies of the text elsewhere (backups, undo files, history)."
        )

    def edit(self, text: str) -> str:
        """Run it on this terminal until it ends. Raises StoreError where there is none, or it failed: then nothing changed."""
        words = self._words()
        program = shutil.which(words[0]) if words else None
        if program is None:
            said = f"There is no program '{words[0][:100]}'." if words else "No editor is named."
            raise StoreError(said, "Set VISUAL or EDITOR to one, such as vim.")
        with self._room() as room:
            file = room / _NAME
            file.touch(mode=0o600)
            file.write_text(text, encoding="utf-8", errors="backslashreplace")
            kind = _kind(words[0])
            command = [*_KNOWN[kind](program), *words[1:]] if kind else [program, *words[1:], _NAME]
            status = _run(command, room, self._environment)
            if status != 0:
                raise StoreError(f"The editor ended with status {status}: the text is what it was.")
            return _taken(file)

    def leftovers(self) -> tuple[str, ...]:
        """Give the directories of editings that did not end well."""
        try:
            return tuple(sorted(str(one) for one in self._place.iterdir() if one.name.startswith(_PREFIX) and not _is_alive(one)))
        except OSError:
            return ()

    def _words(self) -> list[str]:
        named = self._environment.get("VISUAL") or self._environment.get("EDITOR") or ""
        try:
            return shlex.split(named)
        except ValueError:
            return []

    @contextmanager
    def _room(self) -> Iterator[Path]:
        """Make a directory for this editing alone; whatever an editor leaves beside the file goes away with it."""
        try:
            self._place.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = self._place.lstat()
            if self._place.is_symlink() or found.st_uid != os.geteuid():
                raise StoreError(f"{self._place} is not yours: no text is written there.", "Look who made it.")
            self._place.chmod(0o700)
            room = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=self._place))
        except OSError as error:
            raise StoreError(f"The text cannot be written below {self._place}: {error.strerror}.") from None
        try:
            yield room
        except OSError as error:
            raise StoreError(f"The text could not be written or read in {room}: {error.strerror}.") from None
        finally:
            shutil.rmtree(room, ignore_errors=True)


def _kind(word: str) -> str:
    """Name the known editor that a program is, by what the name leads to (`vi` is often vim); empty for an unknown one."""
    found = shutil.which(word)
    names = (Path(word).name, Path(found).resolve().name if found else "")
    return next((known for name in names for known in _KNOWN if name.split(".")[0] == known), "")


def _run(command: Sequence[str], room: Path, environment: Mapping[str, str]) -> int:
    """Run it. Interrupts are the editor's: an empty handler, unlike ignoring, is not handed down to it."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGQUIT)}
    try:
        return subprocess.run(command, cwd=room, env={**environment, "TMPDIR": str(room)}, check=False).returncode
    except OSError as error:
        raise StoreError(f"The editor could not be started: {error.strerror}.") from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _taken(file: Path) -> str:
    """Read back what the person wrote."""
    handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as back:
        data = back.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise StoreError("The text is too long for a mail.", "Attach it as a file.")
    return data.decode("utf-8", "replace").replace("\r\n", "\n")


def _is_alive(room: Path) -> bool:
    """Say whether the console that made the directory still runs."""
    number = room.name.removeprefix(_PREFIX).partition("-")[0]
    return number.isdecimal() and Path(f"/proc/{number}").exists()
