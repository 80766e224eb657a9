"""`seccon demo`: a private place that prints its queue where there is no terminal, and leaves nothing behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def start(temporary: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start a demo whose temporary place lies in `temporary`."""
    home = temporary / "home"
    home.mkdir(exist_ok=True)
    env = {**os.environ, "HOME": str(home), "TMPDIR": str(temporary), "SECCON_CONFIG": "/nosuch", "GNUPGHOME": "/nosuch"}
    return subprocess.Popen(
        [sys.executable, "-m", "seccon", "demo", *words], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def agents(temporary: Path) -> list[str]:
    """Find the programs that still run and have this place on their command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if str(temporary) in words:
            found.append(words)
    return found


def left(temporary: Path) -> list[str]:
    """Name what is left, beside the empty home."""
    return [str(path.relative_to(temporary)) for path in temporary.rglob("*") if path != temporary / "home"]


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory for temporary files, with a short path: sockets want one."""
    return tmp_path_factory.mktemp("t")


def test_without_a_terminal_it_prints_the_queue_and_leaves_nothing(temporary: Path) -> None:
    running = start(temporary)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (0, b"")
    assert len(out.splitlines()) >= 20
    assert (left(temporary), agents(temporary)) == ([], [])


def test_it_answers_in_json(temporary: Path) -> None:
    running = start(temporary, "--json")
    out, _err = running.communicate(timeout=60)
    cases = json.loads(out)["cases"]
    assert len(cases) >= 20
    assert {row["state"] for row in cases} >= {"new", "open", "embargo"}


@pytest.mark.parametrize(
    ("number", "after"), [(signal.SIGTERM, 0), (signal.SIGHUP, 0.1), (signal.SIGINT, 0.2), (signal.SIGTERM, 0.5)]
)
def test_a_signal_ends_it_and_leaves_nothing(temporary: Path, number: signal.Signals, after: float) -> None:
    """At whatever moment since there is something to take away: `after` seconds later."""
    running = start(temporary)
    until = time.monotonic() + 60
    while not any("seccon-demo-" in name for name in left(temporary)) and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(after)
    running.send_signal(number)
    _out, err = running.communicate(timeout=60)
    assert b"Traceback" not in err
    assert running.returncode in (128 + number, 0)
    assert (left(temporary), agents(temporary)) == ([], [])


def test_what_was_built_is_found_again_by_any_command(temporary: Path) -> None:
    place = temporary / "place"
    running = start(temporary, str(place), "--build-only", "--json")
    out, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (0, b"")
    environment = json.loads(out)["environment"]
    listed = subprocess.run(
        [sys.executable, "-m", "seccon", "list", "--json"], env={**os.environ, **environment}, capture_output=True
    )
    assert (listed.returncode, listed.stderr) == (0, b"")
    assert len(json.loads(listed.stdout)["cases"]) >= 20
    due = subprocess.run([sys.executable, "-m", "seccon", "due"], env={**os.environ, **environment}, capture_output=True)
    assert due.returncode == 2
    subprocess.run([shutil.which("gpgconf") or "gpgconf", "--homedir", environment["GNUPGHOME"], "--kill", "all"], check=False)
