"""What the ledger costs: opening it, a window of its lists, adding and folding entries, many writers at once.

    python benchmarks/ledger.py [--rows 100000] [--entries 100000] [--writers 12 50]

Prints milliseconds, unless it says otherwise; the worst of several runs counts (performance goals P4, P12, P17, P20).
"""

import argparse
import contextlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import get_args

from seccon.adapters.ledger import Ledger
from seccon.core.board import BoardQuery, Dated, MailRef, Projection, Row, Sort
from seccon.core.ids import MessageId
from seccon.core.instants import EPOCH, from_text
from seccon.core.journal import Entry
from seccon.core.journal.cases import CaseOpened, MailArrived, NoteAdded, ReportLinked
from seccon.core.report import Correspondent

NOW = from_text("2026-11-21T19:13:00Z")
WORDS = (
    "virtio",
    "net",
    "heap",
    "overflow",
    "sdhci",
    "OOB",
    "read",
    "vhost",
    "user",
    "use",
    "after",
    "free",
    "slirp",
    "qxl",
    "über",
)


def project(case: int, entries: Sequence[Entry]) -> Projection:
    """Stand in for core's projector: a row that depends on the case's number, so that orders are mixed."""
    chance = random.Random(case)  # noqa: S311  # no secret
    mails = [
        MailRef(one.body.mail, one.body.digest, one.body.report, one.body.arrived)
        for one in entries
        if isinstance(one.body, MailArrived)
    ]
    opened = NOW - timedelta(minutes=chance.randrange(2_000_000))
    due = opened + timedelta(days=chance.randrange(90)) if chance.random() < 0.7 else None
    row = Row(
        case, f"Q-{2000 + case % 26}-{case}" if case % 3 else "", "qemu",
        chance.choice(("new", "open", "embargo", "waiting", "closed")),
        " ".join(chance.choices(WORDS, k=7)), f"{chance.choice(WORDS).title()} Reporter {case % 997}", f"r{case}@example.org",
        mails[0].mail if mails else None, "important", chance.randrange(-1, 4), opened, opened, "triage", "triage", due,
        chance.choice(("", "alice", "bob")), len(mails), alarm="two mails under one id" if case % 5000 == 0 else "",
    )  # fmt: skip
    return Projection(row, (Dated(case, "clock", "ack", "acknowledge", opened, due or opened),), tuple(mails))


def fill(ledger: Ledger, cases: int, batch: int = 1000) -> None:
    """Open files of four entries each, as intake does."""
    for first in range(0, cases, batch):
        with ledger.writing("seccon", NOW) as book:
            for number in range(first, min(first + batch, cases)):
                mail = MessageId(f"{number}@bench")
                someone = Correspondent("A. Roe", "roe@example.org")
                book.open_file(
                    "qemu@2020-12",
                    CaseOpened(project="qemu"),
                    ReportLinked(report=mail, reporter=someone, subject="a subject", arrived=NOW),
                    MailArrived(
                        mail=mail, digest=f"{number:064x}", report=mail, sender=someone, arrived=NOW, subject="a subject"
                    ),
                    NoteAdded(text="seen"),
                )


@contextlib.contextmanager
def timed(what: str, per: int = 1, unit: str = "") -> Iterator[None]:
    """Print how long a block took."""
    start = time.perf_counter()
    yield
    spent = time.perf_counter() - start
    rate = f"  ({per / spent:,.0f} {unit}/s)" if unit else ""
    print(f"{what:<58}{spent * 1000:>10.2f} ms{rate}", flush=True)


def worst(what: str, act: Callable[[], object], times: int = 7) -> None:
    """Print median and worst of several runs."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        spent.append((time.perf_counter() - start) * 1000)
    print(f"{what:<58}{statistics.median(spent):>10.2f} ms  worst {max(spent):.2f}", flush=True)


def starts(path: Path) -> None:
    """Measure a process that opens the ledger and reads one screen."""
    code = (
        "import time, sys; a = time.perf_counter(); from seccon.adapters.ledger import Ledger; b = time.perf_counter()\n"
        f"l = Ledger({str(path)!r}, None); c = time.perf_counter()\n"
        "from seccon.core.board import BoardQuery; l.rows(BoardQuery(), 'me', 0, 40); d = time.perf_counter()\n"
        "print(f'import {(b - a) * 1000:.1f}  open {(c - b) * 1000:.2f}  first window {(d - c) * 1000:.2f}')"
    )
    for _ in range(3):
        print(
            "new process, ms:",
            subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip(),
        )


def lists(ledger: Ledger, rows: int) -> None:
    """Measure windows at the top, in the middle, at the end, and with words."""
    for sort in get_args(Sort):
        for reverse in (False, True):
            query = BoardQuery(sort=sort, reverse=reverse)
            worst(
                f"window of 50 in the middle, {sort}{' reversed' * reverse}",
                lambda query=query: ledger.rows(query, "me", rows // 2, 50),
            )
    query = BoardQuery()
    worst("window of 50 at the top", lambda: ledger.rows(query, "me", 0, 50), 50)
    worst("window of 50 at the end", lambda: ledger.rows(query, "me", ledger.count(query) - 50, 50))
    worst("count of the list", lambda: ledger.count(query))
    worst("counts of the top line", lambda: ledger.counts(NOW, "me"))
    for words in (("overflow",), ("reporter 99", "slirp"), ("nothing-like-it",), ("ü",)):
        found = BoardQuery(words=words)
        worst(f"first window with words {words}", lambda found=found: ledger.rows(found, "me", 0, 50))
        worst(f"count with words {words}", lambda found=found: ledger.count(found))
    worst("one row", lambda: ledger.row(rows // 2, "me"), 50)
    worst("find by id", lambda: ledger.find("q-2001-1"), 50)
    worst("dates of a month", lambda: ledger.dates(NOW, NOW + timedelta(days=30)))
    worst("revision", ledger.revision, 1000)


def journal(ledger: Ledger, entries: int) -> None:
    """Measure single commits, folding and the walk over the chain."""
    case = ledger.find("#1") or 0

    def commit() -> None:
        seen = len(ledger.entries(case))
        with ledger.writing("me", NOW) as book:
            book.append(case, seen, "qemu@2020-12", NoteAdded(text="a note"))

    worst("one entry, committed and on the disk", commit, 100)
    with timed("reading all entries, file by file", entries, "entries"):
        for number in range(1, entries // 4 + 1):
            ledger.entries(number)
    with timed("rebuilding all projections", entries, "entries"):
        ledger.rebuild()
    with timed("verifying the chain", entries, "entries"):
        assert ledger.verify() == ()


def write(path: Path, seconds: float, seed: int) -> None:
    """Be one of many writers: 0.2 s of thought, then one entry; print how long each change took, in ms."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    ledger = Ledger(path, project)
    case = 1 + seed
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.1, 0.3))
        start = time.perf_counter()
        with ledger.writing(f"w{seed}", NOW) as book:
            book.append(case, len(book.entries(case)), "qemu@2020-12", NoteAdded(text="x" * 200))
        print((time.perf_counter() - start) * 1000)


def writers(path: Path, number: int, seconds: float = 10) -> None:
    """Measure how long a change takes when many write at once, each in its own process."""
    command = [sys.executable, __file__, "--write", str(path), str(seconds)]
    running = [subprocess.Popen([*command, str(seed)], stdout=subprocess.PIPE, text=True) for seed in range(number)]
    spent = sorted(float(line) for one in running for line in (one.communicate()[0]).split())
    failed = sum(one.returncode != 0 for one in running)
    times = f"p50 {spent[len(spent) // 2]:.0f} ms, p99 {spent[int(len(spent) * 0.99)]:.0f}, worst {spent[-1]:.0f}"
    print(f"{number} writers: {len(spent)} changes, {failed} failed, {times}")


def main() -> None:
    """Run it all in a temporary directory (TMPDIR says on which disk)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--writers", type=int, nargs="*", default=[12, 50])
    parser.add_argument("--write", nargs=3)
    given = parser.parse_args()
    if given.write:
        path, seconds, seed = given.write
        return write(Path(path), float(seconds), int(seed))
    assert NOW > EPOCH
    with tempfile.TemporaryDirectory() as home:
        path = Path(home, "ledger.db")
        ledger = Ledger(path, project)
        with timed(f"{given.entries // 4} files of 4 entries, in transactions of 1,000", given.entries, "entries"):
            fill(ledger, given.entries // 4)
        journal(ledger, given.entries)
        if given.rows > given.entries // 4:
            fill(ledger, given.rows - given.entries // 4)
        print(f"{os.path.getsize(path) / 1e6:.0f} MB")  # noqa: PTH202
        starts(path)
        lists(ledger, given.rows)
        ledger.close()
        for number in given.writers:
            writers(path, number)
    return None


if __name__ == "__main__":
    main()
