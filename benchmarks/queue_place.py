"""Makes a place with a ledger of many cases and a small mail store, as a configuration of `seccon` names them."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from seccon.adapters.ledger import Ledger
from seccon.adapters.shipped import policies_of
from seccon.core.ids import MessageId
from seccon.core.journal.cases import CaseOpened, MailArrived, ReportLinked
from seccon.core.projection import projector
from seccon.core.report import Correspondent
from seccon.wiring import clock

POLICY = "qemu@2020-12"
_BATCH = 500


def make(place: Path, cases: int) -> Path:
    """Make it, where it is not there yet; give the configuration's path."""
    config = place / "config.toml"
    if config.exists():
        return config
    mail = place / "mail"
    for part in ("cur", "new", "tmp"):
        (mail / "in" / part).mkdir(parents=True, exist_ok=True)
    (place / "notmuch").write_text(f"[database]\npath={mail}\n[user]\nname=x\nprimary_email=x@example.org\n")
    environment = {**os.environ, "NOTMUCH_CONFIG": str(place / "notmuch")}
    subprocess.run(["notmuch", "new"], env=environment, check=True, capture_output=True)  # noqa: S607
    fill(place / "ledger.db", cases)
    config.write_text(
        f'policy = "{POLICY}"\n[store]\npath = "{mail}"\n[ledger]\nurl = "sqlite:///{place}/ledger.db"\n'
        f'[courier]\nkind = "maildir"\npath = "{place}/outbox"\n'
    )
    return config


def fill(path: Path, cases: int) -> None:
    """Open a file for each of so many reports, the newest with a subject that can be looked for."""
    now = clock()
    ledger = Ledger(str(path), projector(policies_of({POLICY})))
    for start in range(0, cases, _BATCH):
        with ledger.writing("bench", now) as book:
            for number in range(start, min(start + _BATCH, cases)):
                mail, sender = (
                    MessageId(f"m{number}@bench"),
                    Correspondent(f"Reporter {number % 97}", f"r{number % 97}@example.org"),
                )
                arrived = now - timedelta(minutes=cases - number)
                subject = f"ZZCASE {number} heap overflow in device {number % 53} of the machine"
                book.open_file(
                    POLICY,
                    CaseOpened(project="qemu"),
                    ReportLinked(report=mail, reporter=sender, subject=subject, arrived=arrived),
                    MailArrived(mail=mail, digest=f"{number:064x}", report=mail, sender=sender, arrived=arrived, subject=subject),
                )
    ledger.close()


def command(config: Path) -> list[str]:
    """Give the command line that opens the console there."""
    return [str(Path(sys.executable).parent / "seccon"), "--config", str(config)]
