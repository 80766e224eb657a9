"""What another user of the host could see of a secret: command lines while something runs, files afterwards.

`python -m tests.eavesdrop` is that other user: a process of its own, since a busy thread would hold up who is watched.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def watched_command_lines() -> Iterator[list[bytes]]:
    """Collect the command line of every process of the host while something runs; the list is filled at the end."""
    command = [sys.executable, "-m", "tests.eavesdrop"]
    found: list[bytes] = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]) as watch:
        assert watch.stdout is not None
        watch.stdout.readline()
        try:
            yield found
        finally:
            watch.terminate()
            found += watch.communicate()[0].split(b"\n")


def files_with(needle: bytes, *roots: Path) -> list[Path]:
    """Find the files below some directories that hold a text."""
    return [path for root in roots for path in root.rglob("*") if path.is_file() and needle in path.read_bytes()]


def _watch() -> None:
    seen: set[bytes] = set()
    ended: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: ended.append(number))
    sys.stdout.buffer.write(b"watching\n")
    sys.stdout.buffer.flush()
    while not ended:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                seen.add(path.read_bytes())
            except OSError:
                continue
        time.sleep(0.003)
    sys.stdout.buffer.write(b"\n".join(line.replace(b"\n", b" ") for line in seen))


if __name__ == "__main__":
    _watch()
