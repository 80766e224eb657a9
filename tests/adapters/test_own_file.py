"""Saving and attaching: new, private, never through a link, never over anything (R7, R1)."""

import os
import resource
import stat
from pathlib import Path

import pytest

from seccon.adapters.own_file import OwnFiles
from seccon.core.errors import StoreError


def test_a_file_is_saved_for_its_owner_alone_and_is_not_executable(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        files = OwnFiles(tmp_path / "state")
        path = Path(files.save("", "../../.evil.sh", b"#!/bin/sh\n"))
    finally:
        os.umask(before)
    assert path == tmp_path / "state" / "saved" / "evil.sh"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.read_bytes() == b"#!/bin/sh\n"


def test_nothing_is_written_over_or_through_a_link(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("kept")
    (tmp_path / "a.patch").symlink_to(victim)
    (tmp_path / "a-1.patch").symlink_to(tmp_path / "nowhere")
    (tmp_path / "a-2.patch").write_text("mine")
    path = OwnFiles(tmp_path).save(str(tmp_path), "a.patch", b"new")
    assert Path(path).name == "a-3.patch"
    assert victim.read_text() == "kept"
    assert not (tmp_path / "nowhere").exists()
    assert (tmp_path / "a-2.patch").read_text() == "mine"


def test_a_failure_is_a_sentence_and_leaves_no_part(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    for directory in (str(tmp_path / "file"), "relative/place", "/proc/none", "bad\0path"):
        with pytest.raises(StoreError):
            OwnFiles(tmp_path).save(directory, "x", b"data")


def test_a_disk_that_is_full_keeps_no_half_file(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))  # the host's own way to let a write fail half-way
    try:
        with pytest.raises(StoreError, match="too large"):
            OwnFiles(tmp_path).save(str(tmp_path / "place"), "x", b"data" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list((tmp_path / "place").iterdir()) == []


def test_only_a_plain_file_of_bounded_size_is_attached(tmp_path: Path) -> None:
    (tmp_path / "a b.txt").write_bytes(b"12345")
    files = OwnFiles(tmp_path)
    assert files.read(f"  {tmp_path}/a b.txt ", 5) == ("a b.txt", b"12345")
    with pytest.raises(StoreError, match="larger than 4 bytes"):
        files.read(str(tmp_path / "a b.txt"), 4)
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", ".", "absent"):
        with pytest.raises(StoreError):
            files.read(str(tmp_path / name), 100)
    with pytest.raises(StoreError):
        files.read("/dev/zero", 100)


def test_the_home_directory_may_be_written_as_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "x").write_bytes(b"1")
    assert OwnFiles(tmp_path).read("~/x", 10) == ("x", b"1")
