"""What the mail store costs: `python -m benchmarks.store [MAILS]`.

Prints the child's first answer, what a row costs, and incremental intake beside `notmuch new`, over a corpus of its own in
`benchmarks/out` (kept for the next run). Times are wall clock, CPU is user and system of both processes.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.corpus import LIST, NEWEST, write_corpus
from seccon.adapters.store.client import NotmuchStore

OUT = Path(__file__).parent / "out"
QUERY = f"to:{LIST}"
ROUNDS = 5


def main() -> None:
    """Measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    room = OUT / f"store-{count}"
    environment = _prepare(room, count)
    root = room / "mail"
    print(f"{count:,} mails, median of {ROUNDS}")
    print(f"  python -I -S -c pass                  {_median(lambda: _python('pass')):8.1f} ms")
    print(f"  child's start and first answer        {_median(lambda: _ask(root, lambda store: store.revision())):8.1f} ms")
    _warm(root, count)
    _first_intake(root, count)
    _incremental(room, environment, count)


def _prepare(room: Path, count: int) -> dict[str, str]:
    config = room / "notmuch-config"
    environment = {"PATH": os.environ["PATH"], "HOME": str(room), "NOTMUCH_CONFIG": str(config)}
    if not config.exists():
        write_corpus(room / "mail" / "list", count)
        config.write_text(f"[database]\npath={room / 'mail'}\n[new]\ntags=inbox\n")
        _notmuch(environment, "new", "--quiet")
    return environment


def _warm(root: Path, count: int) -> None:
    store = NotmuchStore(root)
    newest = store.revision().lastmod
    name = store.search(QUERY, 1)[0]
    for title, question in (
        ("revision", store.revision),
        ("nothing new", lambda: list(store.mails(QUERY, newest))),
        ("thread", lambda: store.thread(name)),
        ("paths", lambda: store.paths(name)),
        ("count", lambda: store.count(QUERY)),
        ("changed since 100 changes ago", lambda: list(store.mails(QUERY, newest - 100))),
    ):
        print(f"  {title:37} {_median(question):8.1f} ms")
    full = _median(lambda: sum(1 for _ in store.mails(QUERY)))
    print(f"  {'every mail of the query':37} {full:8.1f} ms, {full * 1000 / count:.1f} µs a row")
    store.close()


def _first_intake(root: Path, count: int) -> None:
    ours = _cpu(lambda: _ask(root, lambda store: sum(1 for _ in store.mails(QUERY))))
    walk = (
        "import sys, notmuch2; base = notmuch2.Database(sys.argv[1], config=notmuch2.Database.CONFIG.EMPTY)\n"
        "for thread in base.threads('*'): thread.subject"
    )
    theirs = _cpu(lambda: subprocess.run([sys.executable, "-c", walk, str(root)], check=True))
    print(f"  CPU, every mail / threads('*')        {ours:8.1f} / {theirs:.1f} ms = {ours / theirs:.2f}")


def _incremental(room: Path, environment: dict[str, str], count: int) -> None:
    store, ours, theirs = NotmuchStore(room / "mail"), [], []
    for number in range(ROUNDS):
        before = store.revision().lastmod
        tag = f"n{time.time_ns():x}"
        write_corpus(room / "mail" / tag, 100, seed=number + 2, tag=tag, newest=NEWEST + 60_000)
        theirs.append(_cpu(lambda: _notmuch(environment, "new", "--quiet")))
        start = time.perf_counter()
        found = list(store.mails(QUERY, before))
        ours.append((time.perf_counter() - start) * 1000)
        assert len(found) == 100
    store.close()
    new, asked = statistics.median(theirs), statistics.median(ours)
    print(f"  100 new mails, ours / notmuch new     {asked:8.1f} / {new:.1f} ms = {asked / new:.3f}")


def _ask(root: Path, question: Callable[[NotmuchStore], object]) -> None:
    store = NotmuchStore(root)
    question(store)
    store.close()


def _python(code: str) -> None:
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)


def _notmuch(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run(["notmuch", *arguments], env=environment, check=True)  # noqa: S607 - the one on PATH, on purpose


def _median(question: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        question()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def _cpu(question: Callable[[], object]) -> float:
    def used() -> float:
        both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(one.ru_utime + one.ru_stime for one in both)

    before = used()
    question()
    return (used() - before) * 1000


if __name__ == "__main__":
    main()
