"""P5, P7, P8, P9, P11: what a key costs in the queue, in milliseconds and bytes, and what idling costs.

python -m benchmarks.list_keys [--cases 5000] [--size 120x40]
"""

import argparse
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.queue_place import command, make
from benchmarks.terminal import Terminal, environment

IDLE = 10.0
PAGE_DOWN = b"\x1b[6~"


def keys(terminal: Terminal, key: bytes, times: int) -> str:
    """Press a key so many times; give what one press cost."""
    taken = [terminal.press(key) for _ in range(times)]
    seconds, sizes = [each[0] * 1000 for each in taken], [each[1] for each in taken]
    return (
        f"p50 {statistics.median(seconds):6.2f} ms  max {max(seconds):6.2f} ms  "
        f"bytes median {statistics.median(sizes):6.0f}  mean {statistics.mean(sizes):6.0f}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--size", default="120x40")
    given = parser.parse_args()
    width, height = map(int, given.size.split("x"))
    with TemporaryDirectory(prefix="sec") as home:
        config = make(Path(home), given.cases)
        env = environment(XDG_STATE_HOME=f"{home}/state", XDG_DATA_HOME=f"{home}/data")
        terminal = Terminal(command(config), env, (width, height))
        try:
            terminal.wait_for(rb"(?s)ZZCASE.*help")
            terminal.read(1.0)
            print("start             bytes", len(terminal.output))
            print("down, in sight   ", keys(terminal, b"j", 20))
            print("down, 200 times  ", keys(terminal, b"j", 200))
            print("page down        ", keys(terminal, PAGE_DOWN, 20))
            print("end              ", keys(terminal, b"G", 1))
            print("filter, a letter ", keys(terminal, b"/", 1), "| then", keys(terminal, b"9", 1))
            terminal.press(b"\r")
            terminal.read(1.5)
            before, cpu = len(terminal.output), terminal.cpu()
            time.sleep(IDLE)
            terminal.read(0.1)
            spent = (terminal.cpu() - cpu) * 1000 / IDLE
            print(f"idle {IDLE:.0f} s         bytes {len(terminal.output) - before}  {spent:.2f} ms CPU/s")
        finally:
            terminal.close()


if __name__ == "__main__":
    main()
