"""A small office for tests of what leaves: a real ledger, real gpg, and mails that are values.

Reading and indexing mail are tested elsewhere: here a reader gives the mail it was told to.
"""

from pathlib import Path
from typing import Any

import msgspec

from seccon.adapters.couriers.maildir import Maildir
from seccon.adapters.gpg.cipher import GpgCipher
from seccon.adapters.keyring import GpgKeyring
from seccon.adapters.ledger import Ledger
from seccon.adapters.postroom import postroom_of
from seccon.adapters.secrets import KeyringSecrets
from seccon.adapters.store.memory import MemoryStore
from seccon.core.ids import Fingerprint, MessageId
from seccon.core.instants import Instant
from seccon.core.journal.cases import CaseOpened, MailArrived, ReportLinked
from seccon.core.keys import Pins
from seccon.core.ports import Courier, Unlock
from seccon.core.projection import projector
from seccon.core.report import Address, Correspondent, Heading, Mail, Part, Scope, Verdict
from seccon.core.team import Identity, Member, Project, Roster
from seccon.desk.office import Office
from tests.keysmith import GpgHome, shared, shared_key
from tests.story import at, shipped

NOW = at("2026-11-21 19:13")
TEAM = "security@team.example.org"
ALICE = "alice@team.example.org"
ROE = Correspondent("A. Roe", "roe@reporter.example.net")
DOE = Correspondent("J. Doe", "doe@other.example.com")
LIST = "qemu-security@nongnu.org"
SECRET = "The guest writes past the end of the descriptor ring."
SUBJECT = "vhost-user: use after free in descriptor handling"


class Reader:
    """Gives the mails that it was told, by path."""

    def __init__(self) -> None:
        self.mails: dict[str, Mail] = {}

    def heading(self, path: str) -> Heading:
        return self.mails[path].heading

    def read(self, path: str, pins: Pins, unlock: Unlock = Unlock.QUIET, passphrase: bytes | None = None) -> Mail:
        return self.mails[path]

    def source(self, path: str, limit: int = 1 << 20) -> bytes:
        return b""

    def attachment(self, path: str, part: str, unlock: Unlock = Unlock.QUIET, passphrase: bytes | None = None) -> bytes:
        return b""


class Scene:
    """The office at work, and the keys of everybody in it. `now` may be moved."""

    def __init__(self, home: Path, courier: Courier | None = None, team: str = "out-team", **changes: Any) -> None:
        self.now: Instant = NOW
        self.home = home
        self.gpg: GpgHome = shared(team)
        self.team_key = shared_key(team, f"Team <{TEAM}>")
        self.alice_key = shared_key(team, f"Alice Ames <{ALICE}>")
        self.reader, self.store = Reader(), MemoryStore()
        policy = msgspec.structs.replace(shipped("qemu"), outer_subject="...")
        self.policies = {policy.key: policy}
        self.policy = policy
        keyring = GpgKeyring(str(self.gpg.path))
        cipher = GpgCipher(str(self.gpg.path))
        self.sent = home / "mail" / "Sent"
        self.outbox = home / "outbox"
        alice = Member("Alice Ames", (ALICE,), "alice", self.alice_key)
        bob = Member("Bob Bell", ("bob@team.example.org",), "bob")
        fields: dict[str, Any] = {
            "ledger": Ledger(home / "ledger.db", projector(self.policies)),
            "store": self.store,
            "reader": self.reader,
            "cipher": cipher,
            "keyring": keyring,
            "courier": courier or Maildir(self.outbox),
            "secrets": KeyringSecrets(),
            "clock": lambda: self.now,
            "person": "alice",
            "roster": Roster((alice, bob)),
            "projects": (Project("qemu", policy.key),),
            "policies": self.policies,
            "identities": (Identity(TEAM, "Security Team", self.team_key),),
            "postroom": postroom_of(cipher, str(self.sent), str(home / "private")),
        }
        self.office = Office(**(fields | changes))

    def reporter_key(self, who: Correspondent = ROE, home: str = "out-reporter") -> Fingerprint:
        """Make the reporter's key in their own home and hand its public half to the team, unpinned."""
        key = shared_key(home, f"{who.name} <{who.address}>")
        self.gpg.take(shared(home).export(key))
        return key

    def report(
        self, who: Correspondent = ROE, *, encrypted: bool = False, case: int = 0, subject: str = SUBJECT, **more: Any
    ) -> int:
        """Let a report come in; give its case."""
        count = len(self.reader.mails) + 1
        name = MessageId(f"report{count}@{who.address.rpartition('@')[2]}")
        mail = made_mail(name, who, subject=subject, encrypted=encrypted, **more)
        self.keep(mail)
        outer = mail.heading.subject
        linked = ReportLinked(report=name, reporter=who, subject=outer, arrived=self.now)
        arrived = arrival(mail, name, who)
        with self.office.ledger.writing("seccon", self.now) as book:
            if not case:
                return book.open_file(self.policy.key, CaseOpened(project="qemu"), linked, arrived)
            book.append(case, book.entries(case)[-1].seq, self.policy.key, linked, arrived)
        return case

    def keep(self, mail: Mail) -> None:
        """Put a mail into the store and before the reader."""
        path = str(self.home / f"{mail.heading.message_id}.eml")
        Path(path).write_text("what the store holds is encrypted")
        self.reader.mails[path] = mail
        self.store.put(mail.heading, path)

    def add(self, case: int, *bodies: Any, by: str = "alice") -> None:
        """Write entries, as a colleague would."""
        with self.office.ledger.writing(by, self.now) as book:
            book.append(case, book.entries(case)[-1].seq, self.policy.key, *bodies)

    def kinds(self, case: int) -> list[str]:
        """List the kinds of what happened."""
        return [entry.kind for entry in self.office.ledger.entries(case)]

    def close(self) -> None:
        self.office.ledger.close()


def made_mail(
    name: MessageId,
    who: Correspondent,
    *,
    subject: str = SUBJECT,
    encrypted: bool = False,
    text: str = SECRET,
    to: tuple[str, ...] = (TEAM,),
    cc: tuple[str, ...] = (),
    references: tuple[MessageId, ...] = (),
) -> Mail:
    """Write a mail as the reader would give it."""
    heading = Heading(
        message_id=name,
        digest=f"digest-{name}",
        subject="..." if encrypted else subject,
        sender=(Address(who.name, who.address),),
        to=tuple(Address(address=one) for one in to),
        cc=tuple(Address(address=one) for one in cc),
        date=NOW,
        arrived=NOW,
        references=references,
        encrypted=encrypted,
    )
    verdict = Verdict(encrypted=Scope.WHOLE if encrypted else Scope.NO)
    return Mail(heading, subject, (Part("1", "text/plain", "utf-8", size=len(text), encrypted=encrypted, text=text),), verdict)


def arrival(mail: Mail, report: MessageId, who: Correspondent) -> MailArrived:
    """Write the entry by which intake records a mail."""
    told = tuple(one.address for one in (*mail.heading.to, *mail.heading.cc))
    return MailArrived(
        mail=mail.heading.message_id, digest=mail.heading.digest, report=report, sender=who, to=told, arrived=NOW,
        subject=mail.heading.subject, encrypted=mail.heading.encrypted,
    )  # fmt: skip
