"""P19: the calendar's month with many embargoes and clocks against an empty one, key to painted, interleaved.

    python -m benchmarks.month [--cases 5000] [--embargoes 500] [--runs 15]

Every report that nobody has answered runs a clock; the embargoes end within the weeks that the month shows.
"""

import argparse
import statistics
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.queue_place import POLICY, command, make
from benchmarks.terminal import Terminal, environment
from seccon.adapters.ledger import Ledger
from seccon.adapters.shipped import policies_of
from seccon.core.ids import CaseId
from seccon.core.journal.cases import Assessed, CaseAccepted
from seccon.core.journal.embargoes import EmbargoAgreed, EmbargoProposed, EmbargoSet
from seccon.core.projection import projector
from seccon.wiring import clock

KEYS = {"open": b"2", "next month": b"]", "month before": b"["}
"""What is measured, in this order; `1` goes back to the queue."""


def embargo(path: Path, cases: int) -> None:
    """Put so many cases under an embargo that ends about now, spread over six weeks, of every severity."""
    now = clock()
    policy = policies_of({POLICY})[POLICY]
    ledger = Ledger(str(path), projector({POLICY: policy}))
    with ledger.writing("bench", now) as book:
        for place in range(cases):
            number, until = place + 1, now + timedelta(hours=2 * place % 1008 - 200)
            word = policy.severity.scale[place % len(policy.severity.scale)]
            book.append(
                number, 3, POLICY,
                CaseAccepted(id=CaseId(f"B-2026-{number:04}")),
                Assessed(genuine="yes", misuse="yes", severity=word, suggested=word),
                EmbargoProposed(proposal="p1", party="team", until=until),
                EmbargoAgreed(proposal="p1", party="team"),
                EmbargoSet(proposal="p1", until=until),
            )  # fmt: skip
    ledger.close()


def main() -> None:
    """Measure and print milliseconds and bytes: median over the runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--embargoes", type=int, default=500)
    parser.add_argument("--runs", type=int, default=15)
    given = parser.parse_args()
    with TemporaryDirectory(prefix="sec") as home:
        places = {"full": Path(home) / "full", "empty": Path(home) / "empty"}
        for kind, place in places.items():
            place.mkdir(mode=0o700)
            make(place, given.cases if kind == "full" else 1)
        embargo(places["full"] / "ledger.db", given.embargoes)
        open_ones = {}
        for kind, place in places.items():
            env = environment(XDG_STATE_HOME=f"{place}/state", XDG_DATA_HOME=f"{place}/data")
            open_ones[kind] = Terminal(command(place / "config.toml"), env)
        try:
            found = measure(open_ones, given.runs)
        finally:
            for terminal in open_ones.values():
                terminal.close()
    for name in KEYS:
        full, empty = found["full"][name], found["empty"][name]
        print(
            f"{name:13} full {full[0]:6.1f} ms {full[1]:6.0f} bytes   empty {empty[0]:6.1f} ms   ratio {full[0] / empty[0]:.2f}"
        )


def measure(open_ones: dict[str, Terminal], runs: int) -> dict[str, dict[str, tuple[float, float]]]:
    """Press the keys in both by turns; give medians of milliseconds and bytes."""
    taken: dict[str, dict[str, list[tuple[float, int]]]] = {kind: {name: [] for name in KEYS} for kind in open_ones}
    for terminal in open_ones.values():
        terminal.wait_for(rb"(?s)ZZCASE.*help")
        terminal.read(1.5)
    for turn in range(runs + 1):
        for kind, terminal in open_ones.items():
            for name, key in KEYS.items():
                cost = terminal.press(key, 0.25)
                if turn:  # the first loads the screen
                    taken[kind][name].append(cost)
            terminal.press(b"1", 0.25)
    return {
        kind: {
            name: (statistics.median(s * 1000 for s, _ in all_), statistics.median(b for _, b in all_))
            for name, all_ in by.items()
        }
        for kind, by in taken.items()
    }


if __name__ == "__main__":
    main()
