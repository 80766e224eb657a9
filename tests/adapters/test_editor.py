"""The person's own editor: what it is given, what comes back, and that nothing stays behind (hostile input, 5)."""

import os
import pty
import select
import shutil
import signal
import stat
import time
from pathlib import Path

import pytest

from seccon.adapters.editor import OwnEditor
from seccon.core.errors import StoreError
from tests.eavesdrop import files_with

SECRET = "the quokkaberry ring"


def script(tmp_path: Path, body: str, name: str = "myedit") -> str:
    file = tmp_path / name
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return str(file)


def test_the_text_comes_back_and_every_copy_beside_it_goes_away(tmp_path: Path) -> None:
    watched = tmp_path / "watched"
    body = f'stat -c "%a" "$1" . > {watched}; cp "$1" "$1~"; cp "$1" ".$1.swp"; cp "$1" "$TMPDIR/tmp"; echo added >> "$1"'
    editor = OwnEditor(tmp_path / "state", {**os.environ, "EDITOR": script(tmp_path, body)})
    assert editor.edit(f"{SECRET}\n") == f"{SECRET}\nadded\n"
    assert watched.read_text().split() == ["600", "700"]
    assert files_with(SECRET.encode(), tmp_path) == []
    assert stat.S_IMODE((tmp_path / "state" / "editor").stat().st_mode) == 0o700
    assert editor.leftovers() == ()
    assert "myedit leaves copies" in editor.warning


def test_an_editor_that_fails_changes_nothing(tmp_path: Path) -> None:
    for body in ("echo x > $1; exit 3", 'rm "$1"', 'ln -sf /etc/passwd "$1"'):
        editor = OwnEditor(tmp_path, {**os.environ, "VISUAL": script(tmp_path, body)})
        with pytest.raises(StoreError):
            editor.edit(SECRET)
    for named in ("", "'", "no-such-editor-here"):
        with pytest.raises(StoreError):
            OwnEditor(tmp_path, {**os.environ, "VISUAL": named, "EDITOR": ""}).edit(SECRET)
    assert files_with(SECRET.encode(), tmp_path) == []


def test_what_an_editing_left_behind_is_found(tmp_path: Path) -> None:
    left = tmp_path / "editor" / "editing-999999999-abc"
    left.mkdir(parents=True)
    (tmp_path / "editor" / f"editing-{os.getpid()}-abc").mkdir()
    assert OwnEditor(tmp_path).leftovers() == (str(left),)


@pytest.mark.skipif(shutil.which("vim") is None, reason="vim is not installed")
@pytest.mark.parametrize("name", ["vim", "vi"])
def test_vim_leaves_no_swap_undo_backup_or_history_and_obeys_no_modeline(tmp_path: Path, name: str) -> None:
    """A person whose own vimrc asks for all of them, on a real terminal."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".vimrc").write_text(
        "set nocompatible undofile backup writebackup swapfile modeline modelines=5 viminfo='100,:100,h\n"
        f"set undodir={home} backupdir={home} directory={home}\n"
    )
    text = f"{SECRET}\n# vim: set tabstop=77 :\n"
    pid, master = pty.fork()
    if pid == 0:
        environment = {**os.environ, "HOME": str(home), "EDITOR": name, "VISUAL": "", "TERM": "xterm", "LC_ALL": "C.UTF-8"}
        made = OwnEditor(tmp_path / "state", environment).edit(text)
        (tmp_path / "made").write_text(made)
        os._exit(0)
    _type(master, b"oadded line\x1b", b":put =&tabstop\r", b'gg"ayy', b":wq\r")
    deadline = time.monotonic() + 15
    while not os.waitpid(pid, os.WNOHANG)[0]:
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            break
        _drain(master)
    os.close(master)
    made = (tmp_path / "made").read_text()
    assert "added line" in made
    assert "\n8\n" in made
    assert "77" not in made.replace("tabstop=77", ""), "a modeline of the text was obeyed"
    (tmp_path / "made").unlink()
    assert files_with(SECRET.encode(), tmp_path) == []
    assert sorted(one.name for one in home.iterdir()) == [".vimrc"]
    assert OwnEditor(tmp_path, {**os.environ, "EDITOR": name, "VISUAL": ""}).warning == ""


def _type(master: int, *keys: bytes) -> None:
    _drain(master, 1.0)
    for key in keys:
        os.write(master, key)
        _drain(master, 0.3)


def _drain(master: int, quiet: float = 0.1) -> None:
    while select.select([master], [], [], quiet)[0]:
        try:
            if not os.read(master, 65536):
                return
        except OSError:
            return


def test_an_interrupt_meant_for_the_editor_does_not_end_the_console(tmp_path: Path) -> None:
    body = f'kill -INT {os.getpid()}; sleep 0.2; echo on >> "$1"'
    editor = OwnEditor(tmp_path, {**os.environ, "EDITOR": script(tmp_path, body), "VISUAL": ""})
    before = signal.getsignal(signal.SIGINT)
    assert editor.edit("text\n") == "text\non\n"
    assert signal.getsignal(signal.SIGINT) is before
