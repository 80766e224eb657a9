"""Where the ledger lies, and who may read it: modes and groups, whatever the umask."""

import grp
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from seccon.adapters.ledger import Ledger
from seccon.adapters.ledger.place import path_from, prepare
from seccon.core.errors import LedgerError
from tests.ledgersmith import opened, project

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="gives files to another group")


@pytest.fixture(params=[0o077, 0o000])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.fixture
def group() -> str:
    """Give a group that is not our own."""
    return next(one.gr_name for one in grp.getgrall() if one.gr_gid not in (os.getgid(), 0))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("umask")
def test_a_ledger_of_ones_own_is_closed_to_others_whatever_the_umask(tmp_path: Path) -> None:
    """H6."""
    ledger = Ledger(tmp_path / "deep" / "seccon" / "ledger.db", project)
    opened(ledger)
    files = list(ledger.path.parent.iterdir())
    assert {one.name for one in files} == {"ledger.db", "ledger.db-wal", "ledger.db-shm"}
    assert {mode(one) for one in files} == {0o600}
    assert mode(ledger.path.parent) == 0o700
    ledger.close()


@root_only
@pytest.mark.usefixtures("umask")
def test_a_ledger_of_a_group_is_open_to_it_alone_whatever_the_umask(tmp_path: Path, group: str) -> None:
    """H6, hostile-input §5: SQLite alone makes 0644, and a colleague can read but not write."""
    ledger = Ledger(tmp_path / "team" / "ledger.db", project, group)
    opened(ledger)
    files = list(ledger.path.parent.iterdir())
    assert len(files) == 3
    assert {mode(one) for one in files} == {0o660}
    assert {one.stat().st_gid for one in (*files, ledger.path.parent)} == {grp.getgrnam(group).gr_gid}
    assert mode(ledger.path.parent) == 0o2770
    ledger.close()


@pytest.mark.parametrize(
    ("name", "wrong"), [("ledger.db", 0o644), ("ledger.db", 0o640), ("ledger.db", 0o400), (".", 0o755), ("ledger.db-wal", 0o644)]
)
def test_wrong_modes_are_refused_with_the_command_that_mends_them(tmp_path: Path, name: str, wrong: int) -> None:
    """H6: the hint is run as it stands, and then it opens."""
    path = tmp_path / "with space" / "ledger.db"
    Ledger(path, project).close()
    target = path.parent / name
    target.touch()
    target.chmod(wrong)
    with pytest.raises(LedgerError, match=f"{wrong:04o}") as caught:
        Ledger(path, project)
    command = caught.value.hint.split("`")[1]
    subprocess.run(command, shell=True, check=True)  # noqa: S602  # as a person would
    Ledger(path, project).close()


@root_only
@pytest.mark.parametrize(("name", "wrong"), [("ledger.db", 0o600), ("ledger.db", 0o664), (".", 0o770), (".", 0o2775)])
def test_wrong_modes_of_a_group_are_refused_with_the_command_that_mends_them(
    tmp_path: Path, group: str, name: str, wrong: int
) -> None:
    path = tmp_path / "team" / "ledger.db"
    Ledger(path, project, group).close()
    (path.parent / name).chmod(wrong)
    with pytest.raises(LedgerError) as caught:
        Ledger(path, project, group)
    subprocess.run(caught.value.hint.split("`")[1], shell=True, check=True)  # noqa: S602
    Ledger(path, project, group).close()


def test_a_group_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="'triaje'") as caught:
        Ledger(tmp_path / "ledger.db", project, "triaje")
    assert "groupadd triaje" in caught.value.hint


@root_only
def test_who_is_not_in_the_group_or_owns_nothing_there_is_told_so(tmp_path: Path, group: str) -> None:
    """As a user without rights, in a process of its own."""
    theirs = tmp_path / "ledger.db"
    Ledger(theirs, project).close()
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, 65534, 65534)
    tmp_path.chmod(0o711)
    for above in tmp_path.parents[:-2]:  # all below /tmp
        above.chmod(0o711)
    code = f"""
import os
import tempfile
from seccon.adapters.ledger import Ledger
os.setgroups([]); os.setgid(65534); os.setuid(65534)
for place, group in (("{home}/a.db", {group!r}), ("{theirs}", None), ("{tmp_path}/new/x.db", None)):
    try:
        Ledger(place, None, group)
    except Exception as error:
        print(type(error).__name__, error)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=child_path())
    not_in_group, not_ours, no_directory = run.stdout.splitlines()
    assert group in not_in_group
    assert "open to others" in not_ours or "another user" in not_ours
    assert "Permission denied" in no_directory
    assert all(line.startswith("LedgerError ") for line in run.stdout.splitlines())


def child_path() -> dict[str, str]:
    """Let a bare python find what this one has imported."""
    return {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PATH": os.environ["PATH"]}


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("sqlite:////srv/triage/ledger.db", Path("/srv/triage/ledger.db")),
        ("sqlite:////srv/with%20space/ledger.db", Path("/srv/with space/ledger.db")),
        ("sqlite:///ledger.db", Path("ledger.db").resolve()),
        ("/srv/ledger.db", Path("/srv/ledger.db")),
        ("~/ledger.db", Path("~/ledger.db").expanduser()),
    ],
)
def test_urls_and_paths_name_files(given: str, path: Path) -> None:
    assert path_from(given) == path


@pytest.mark.parametrize(
    "given", ["postgresql://me:secret@host/seccon", "mysql://host/x", "sqlite://", "sqlite:x.db", ":memory:", "sqlite:///"]
)
def test_other_places_are_refused_in_words_that_tell_no_password(given: str) -> None:
    with pytest.raises(LedgerError) as caught:
        path_from(given)
    assert "sqlite:////" in caught.value.hint
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("kind", ["pipe", "link to a device", "link elsewhere", "directory"])
def test_what_was_put_in_the_ledgers_place_is_never_opened(tmp_path: Path, kind: str) -> None:
    """Hostile input: a pipe would hold the console for ever, a link could lead into a directory that is open to others."""
    place = tmp_path / "own"
    place.mkdir(mode=0o700)
    file = place / "ledger.db"
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    match kind:
        case "pipe":
            os.mkfifo(file, 0o600)
        case "link to a device":
            file.symlink_to("/dev/null")
        case "link elsewhere":
            (open_to_all / "trap.db").touch(mode=0o600)
            file.symlink_to(open_to_all / "trap.db")
        case _:
            file.mkdir()
    with pytest.raises(LedgerError):
        prepare(path_from(str(file)), None)
