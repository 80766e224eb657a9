"""Short ways to write entries and policies in tests: literals that read like a history."""

from pathlib import Path

from seccon.adapters.shipped import read_policy
from seccon.core.instants import Instant, from_text
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import CaseOpened, MailArrived, ReportLinked
from seccon.core.policy import Policy
from seccon.core.report import Correspondent

POLICIES = Path(__file__).parent.parent / "data" / "policies"
ROE = Correspondent("A. Roe", "roe@example.net")


def at(text: str) -> Instant:
    """Write `2026-02-20` or `2026-02-20 12:00` for an instant in UTC."""
    return from_text(text.replace(" ", "T") + ("T00:00:00Z" if len(text) == 10 else ":00Z"))


def shipped(name: str) -> Policy:
    """Read a shipped policy by its file's name."""
    return read_policy(POLICIES / f"{name}.toml")


def tell(*events: tuple[str, Body], by: str = "alice", policy: str = "qemu@2020-12", case: int = 1) -> list[Entry]:
    """Number a history: pairs of a time and what happened then."""
    return [Entry(case, seq, at(when), by, policy, body) for seq, (when, body) in enumerate(events, 1)]


def received(when: str = "2026-02-20", report: str = "r1@example.net", reporter: Correspondent = ROE) -> list[tuple[str, Body]]:
    """A report came in: the three entries that intake writes."""
    arrived = at(when)
    mail = MailArrived(mail=report, digest="d1", report=report, sender=reporter, arrived=arrived)  # type: ignore[arg-type]
    linked = ReportLinked(report=report, reporter=reporter, subject="sdhci: out-of-bounds read", arrived=arrived)  # type: ignore[arg-type]
    return [(when, CaseOpened(project="qemu")), (when, linked), (when, mail)]
