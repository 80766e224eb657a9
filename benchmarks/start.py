"""P1, P3, P10, P16: from exec to the first usable queue, against a bare Textual with one Static, interleaved.

    python -m benchmarks.start [--cases 2000] [--runs 9]

Absolute times drift between machines and moments; the ratios of one run count.
"""

import argparse
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.queue_place import command, make
from benchmarks.terminal import Terminal, environment

BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("ZZREADY")
Bare().run()
"""


def measure(argv: list[str], ready: bytes, env: dict[str, str]) -> dict[str, float]:
    """Start once; give seconds, processor seconds, bytes until quiet, peak MiB."""
    terminal = Terminal(argv, env)
    try:
        seconds, cpu = terminal.wait_for(ready), terminal.cpu()
        memory = terminal.memory()
        terminal.read(0.7)
        return {"seconds": seconds, "cpu": cpu, "bytes": float(len(terminal.output)), "MiB": memory}
    finally:
        terminal.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=9)
    given = parser.parse_args()
    with TemporaryDirectory(prefix="sec") as home:
        config = make(Path(home), given.cases)
        env = environment(XDG_STATE_HOME=f"{home}/state", XDG_DATA_HOME=f"{home}/data")
        kinds = {"bare": ([sys.executable, "-c", BARE], b"ZZREADY"), "queue": (command(config), rb"(?s)ZZCASE.*help")}
        found: dict[str, list[dict[str, float]]] = {kind: [] for kind in kinds}
        for turn in range(given.runs + 1):
            for kind, (argv, ready) in kinds.items():
                result = measure(argv, ready, env)
                if turn:  # the first fills the caches of bytecode and files
                    found[kind].append(result)
    medians = {kind: {what: statistics.median(each[what] for each in runs) for what in runs[0]} for kind, runs in found.items()}
    for kind, values in medians.items():
        print(f"{kind:6}", "  ".join(f"{what} {value:.3f}" for what, value in values.items()))
    print("ratio ", "  ".join(f"{what} {medians['queue'][what] / medians['bare'][what]:.2f}" for what in medians["bare"]))


if __name__ == "__main__":
    main()
