"""Makes ledgers for tests, and is the other process there: `python -m tests.ledgersmith write|found|torment|serials …`.

The projector here is simpler than core's on purpose: a ledger must work with any.
"""

import os
import random
import select
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from seccon.adapters.ledger import Ledger
from seccon.core.board import Dated, MailRef, Projection, Row
from seccon.core.ids import MessageId
from seccon.core.instants import from_text
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import (
    CaseAccepted,
    CaseClosed,
    CaseOpened,
    MailArrived,
    MailConflict,
    NoteAdded,
    ReportLinked,
    ReportUnlinked,
)
from seccon.core.journal.embargoes import EmbargoSet
from seccon.core.report import Correspondent

ROOT = Path(__file__).parent.parent
NOW = from_text("2026-11-21T19:13:00Z")
QEMU = "qemu@2020-12"


def project(case: int, entries: Sequence[Entry]) -> Projection:
    """Project the little that tests look at."""
    bodies = [entry.body for entry in entries]
    reports = {one.report: one for one in bodies if isinstance(one, ReportLinked)}
    for one in bodies:
        if isinstance(one, ReportUnlinked):
            reports.pop(one.report, None)
    arrived = [one for one in bodies if isinstance(one, MailArrived) and one.report in reports]
    mails = tuple(MailRef(one.mail, one.digest, one.report, one.arrived, one.direction) for one in arrived)
    embargoes = [one for one in bodies if isinstance(one, EmbargoSet)][-2:]
    dates = tuple(Dated(case, "embargo", one.proposal, "embargo", entries[0].at, one.until) for one in embargoes)
    return Projection(_row(case, entries, list(reports.values()), mails), dates, mails)


def _row(case: int, entries: Sequence[Entry], reports: list[ReportLinked], mails: tuple[MailRef, ...]) -> Row | None:
    if not reports:
        return None
    bodies = [entry.body for entry in entries]
    ids = [one.id for one in bodies if isinstance(one, CaseAccepted)]
    closed = any(isinstance(one, CaseClosed) for one in bodies)
    return Row(
        number=case,
        id=ids[-1] if ids else "",
        project=next((one.project for one in bodies if isinstance(one, CaseOpened)), ""),
        state="closed" if closed else "open" if ids else "new",
        subject=reports[0].subject,
        reporter=reports[0].reporter.name,
        address=reports[0].reporter.address,
        report=reports[0].report,
        opened=reports[0].arrived,
        touched=max((one.arrived for one in mails if one.arrived), default=None),
        due=next((one.until for one in bodies if isinstance(one, EmbargoSet)), None),
        owner=next((entry.by for entry in entries if isinstance(entry.body, CaseAccepted)), ""),
        mails=len(mails),
        reporters=len(reports),
        alarm="two mails under one id" if any(isinstance(one, MailConflict) for one in bodies) else "",
    )


def report(name: str = "r1@example.org", subject: str = "sdhci: overflow", who: str = "A. Roe") -> tuple[Body, ...]:
    """Give what opens a file for a mail that came in."""
    mail, sender = MessageId(name), Correspondent(who, "roe@example.org")
    return (
        CaseOpened(project="qemu"),
        ReportLinked(report=mail, reporter=sender, subject=subject, arrived=NOW),
        MailArrived(mail=mail, digest=f"digest of {name}", report=mail, sender=sender, arrived=NOW),
    )


def follow_up(name: str, to: str = "r1@example.org") -> MailArrived:
    """Give one more mail on a report's thread."""
    return MailArrived(mail=MessageId(name), digest=f"digest of {name}", report=MessageId(to), sender=Correspondent("B", "b@example.org"), arrived=NOW)  # fmt: skip  # noqa: E501


def opened(ledger: Ledger, *bodies: Body) -> int:
    """Open a file, by default with one report."""
    with ledger.writing("alice", NOW) as book:
        return book.open_file(QEMU, *(bodies or report()))


def write(path: str, case: int, changes: int, by: str) -> None:
    """Append notes to one case that others write to as well."""
    ledger = Ledger(path, project)
    for change in range(changes):
        with ledger.writing(by, NOW) as book:
            book.append(case, len(book.entries(case)), QEMU, NoteAdded(text=f"{by} {change}"))


def serials(path: str, number: int) -> None:
    """Take serials and print them."""
    ledger = Ledger(path, project)
    for _ in range(number):
        with ledger.writing("alice", NOW) as book:
            serial = book.next_serial("qemu", 2026)
        print(serial, flush=True)  # noqa: T201


def found(home: str, rounds: int) -> None:
    """Again and again let eight children make one ledger at the same moment; print how many of them could not."""
    failed = 0
    for number in range(rounds):
        children = []
        for _ in range(8):
            child = os.fork()
            if child == 0:
                _take_one(f"{home}/{number}/ledger.db")
            children.append(child)
        failed += sum(os.waitpid(child, 0)[1] != 0 for child in children)
    print(failed)  # noqa: T201


def _take_one(path: str) -> None:
    status = 1
    try:
        ledger = Ledger(path, project)
        with ledger.writing("alice", NOW) as book:
            book.next_serial("qemu", 2026)
        ledger.close()
        status = 0
    finally:
        os._exit(status)


def torment(path: str, rounds: int, seed: int) -> None:
    """Again and again let a child write, telling each commit, and kill it at a random moment; pass on what it told."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    first = Ledger(path, project)  # what writing needs is loaded once, and not by each child until it is killed
    print(_scrawl(first, "first@example.org"), end="", flush=True)  # noqa: T201
    first.close()
    for number in range(rounds):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            _scribble(path, number, writing)
        os.close(writing)
        if number % 4:  # on a loaded machine else it would never come to write
            select.select([reading], [], [], 20)
        time.sleep(chance.uniform(0.002, 0.06))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reading) as told:
            print(told.read(), end="", flush=True)  # noqa: T201


def _scribble(path: str, number: int, told: int) -> None:
    ledger = Ledger(path, project)
    change = 0
    while True:
        os.write(told, _scrawl(ledger, f"{number}.{change}@example.org").encode())
        change += 1


def _scrawl(ledger: Ledger, mail: str) -> str:
    with ledger.writing("alice", NOW) as book:
        case = book.open_file(QEMU, *report(mail))
        book.append(case, 3, QEMU, NoteAdded(text="x" * 5000))
    return f"{case} {mail}\n"


if __name__ == "__main__":
    verb, *given = sys.argv[1:]
    if verb == "write":
        write(given[0], int(given[1]), int(given[2]), given[3])
    elif verb == "serials":
        serials(given[0], int(given[1]))
    elif verb == "found":
        found(given[0], int(given[1]))
    else:
        torment(given[0], int(given[1]), int(given[2]))
