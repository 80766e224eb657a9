"""P18: opening a mail (read, decrypt, verify, judge) against gpg alone doing the same, by turns.

    python -m benchmarks.open_mail [--runs 40]

The peer is one gpg process that reads the armour from standard input, as a person would run it by hand. The first opening
asks gpg for the keys too; what is then kept is asked of nobody again, so it is measured apart.
"""

import argparse
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from seccon.adapters.keyring import GpgKeyring
from seccon.adapters.reader import Reader
from seccon.core.ids import address_key
from seccon.core.keys import Pins
from tests import envelope
from tests.keysmith import GpgHome

_TEXT = "I found an out-of-bounds read in the device model. See below.\n" * 60


def timed(act: Callable[[], object]) -> float:
    """Give the milliseconds of one run."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=40)
    given = parser.parse_args()
    with GpgHome() as home, tempfile.TemporaryDirectory(prefix="sec") as place:
        author, ours = home.make_key("A. Roe <roe@example.org>"), home.make_key("Team <team@example.com>")
        entity = envelope.plain(_TEXT)
        secret = home.run("--armor", "--trust-model", "always", "-r", ours, "-u", author, "--sign", "--encrypt", input=entity)
        text = entity.replace(b"\n", b"\r\n")
        seal = envelope.signature(home, author, entity)
        (Path(place) / "seal").write_bytes(seal)
        mails = {"decrypt and verify": envelope.sealed(secret), "verify": envelope.wrapped(entity, seal)}
        raw = {
            "decrypt and verify": (["--decrypt"], secret),
            "verify": (["--verify", str(Path(place) / "seal"), "-"], text),
        }
        pins = Pins({address_key("roe@example.org"): author})
        for name, made in mails.items():
            path = Path(place) / name.replace(" ", "-")
            path.write_bytes(envelope.mail(made))
            args, data = raw[name]
            command = ["gpg", "--homedir", str(home.path), "--batch", "--no-tty", "--status-fd", "2", *args]

            def peer(command: list[str] = command, data: bytes = data) -> None:
                subprocess.run(command, input=data, capture_output=True, check=True)

            fresh = Reader(str(home.path), GpgKeyring(str(home.path)))
            first = timed(lambda: fresh.read(str(path), pins))  # noqa: B023  # called at once
            if not fresh.read(str(path), pins).verdict.trusted:
                raise SystemExit(f"{name}: the mail was not trusted, so nothing was measured")
            pairs = [(timed(lambda: fresh.read(str(path), pins)), timed(peer)) for _ in range(given.runs)]  # noqa: B023
            mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
            print(f"{name:19} seccon {mine:6.1f} ms (first {first:.1f})   gpg {theirs:6.1f} ms   ratio {mine / theirs:.2f}")


if __name__ == "__main__":
    main()
