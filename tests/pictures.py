"""Writes docs/pictures anew: `script/pictures [NAME …]`. Each is the real console on a fresh demo store, driven by keys.

rsvg-convert (librsvg2-bin) makes PNGs of what is drawn, pngquant makes them small. Times are told from now on, as the demo does.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from textual.pilot import Pilot

from seccon import wiring
from seccon.app import Console
from seccon.core.board import BoardQuery
from seccon.desk.office import Office
from seccon.desk.sync import Sync
from seccon.screens.request import CaseChosen
from seccon.settings import load
from tests.picture import picture

PLACE = Path(__file__).parent.parent / "docs" / "pictures"


class Shot(NamedTuple):
    """One picture: words of the case's subject or its reporter's name, the keys from there on, and the size of the terminal."""

    case: str
    keys: str
    size: tuple[int, int] = (100, 30)


SHOTS = {
    "case": Shot("鈴木", "", (132, 36)),
    "assess": Shot("sdhci: out-of-bounds", "s l j l j j l l j l j j l j j l j j l", (100, 34)),
    "embargo": Shot("virtlogd", "e"),
    "latest": Shot("virtlogd", "Z"),
    "sheet": Shot("Ferreira", "a ctrl+s", (100, 26)),
    "calendar": Shot("", "2", (132, 36)),
    "parties": Shot("鈴木", "v", (100, 24)),
    "branches": Shot("virtlogd", "F g ctrl+s", (100, 24)),
    "advisory": Shot("virtlogd", "E"),
    "day": Shot("lsi53c895a", "D", (100, 26)),
    "mail-confirmed": Shot("鈴木", "", (80, 18)),
    "mail-unconfirmed": Shot("lsi53c895a", "", (80, 18)),
    "mail-wrong-key": Shot("my new address", "", (80, 18)),
    "mail-hostile": Shot("heap overflow[/]", "", (80, 24)),
}


async def settled(app: Console) -> None:
    """Wait until nothing moves any more, for ten seconds at most."""
    same, before = 0, ""
    for _ in range(200):
        await asyncio.sleep(0.05)
        now = "\n".join(line.text for line in app.screen._compositor.render_strips())
        same = same + 1 if now == before and not app.desk._work_queue.qsize() else 0
        before = now
        if same > 8:
            return


async def drawn(office: Office, shot: Shot) -> str:
    """Open the console, go where the picture is taken, and draw it."""
    app = Console(office)
    async with app.run_test(size=shot.size) as pilot:
        await settled(app)
        if shot.case:
            app.post_message(CaseChosen(_case(office, shot.case)))
            await settled(app)
        await _press(app, pilot, shot.keys.split())
        drawing = picture(app)
    app.finish()
    return drawing


async def _press(app: Console, pilot: Pilot[Any], keys: list[str]) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(app)


def _case(office: Office, words: str) -> int:
    rows = office.ledger.rows(BoardQuery(), office.person, 0, -1, office.clock())
    return next(row.number for row in rows if words in row.subject or words in row.reporter)


def write(name: str, drawing: str) -> None:
    """Turn a drawing into a small PNG."""
    with tempfile.NamedTemporaryFile("w", suffix=".svg", encoding="utf-8") as svg:
        svg.write(drawing)
        svg.flush()
        png = subprocess.run(["rsvg-convert", svg.name], check=True, capture_output=True).stdout  # noqa: S607
    small = subprocess.run(["pngquant", "--strip", "32", "-"], input=png, check=True, capture_output=True).stdout  # noqa: S607
    (PLACE / f"{name}.png").write_bytes(small)


def main(names: list[str]) -> None:
    """Make a store, and the pictures of these names, or all; one after the other on the same store."""
    missing = [tool for tool in ("rsvg-convert", "pngquant") if not shutil.which(tool)]
    if missing or set(names) - set(SHOTS):
        sys.exit(f"Install {', '.join(missing)}." if missing else f"There are: {', '.join(SHOTS)}.")
    with tempfile.TemporaryDirectory(prefix="seccon-pictures-") as home, wiring.demo(Path(home) / "demo", _quiet) as demo:
        for name in [name for name in os.environ if name.startswith(("XDG_", "NOTMUCH", "SECCON"))]:
            del os.environ[name]
        os.environ.update(demo.environment(), TZ="UTC")
        for name in names or SHOTS:
            office = wiring.office(load(str(demo.config)), wiring.clock)
            try:
                Sync().perform(office)
                write(name, asyncio.run(drawn(office, SHOTS[name])))
            finally:
                wiring.close(office)


def _quiet(text: str, done: int, total: int) -> None:
    """Progress is nobody's concern here."""


if __name__ == "__main__":
    main(sys.argv[1:])
