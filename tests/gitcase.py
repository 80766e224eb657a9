"""A case beside a real clone: an office with a ledger and repositories, and nothing that leaves or decrypts."""

from pathlib import Path
from typing import Any

from seccon.adapters.git import GitRepositories
from seccon.adapters.git_patch import GitPatches
from seccon.adapters.ledger import Ledger
from seccon.core.case import Case, fold
from seccon.core.instants import Instant
from seccon.core.journal import Body
from seccon.core.journal.cases import CaseOpened
from seccon.core.projection import projector
from seccon.core.team import Project, Roster
from seccon.desk.office import Office
from tests.gitsmith import Clone
from tests.story import at, received, shipped

NOW = at("2026-11-21 19:13")


class GitCase:
    """One case of a project with a clone. `now` may be moved."""

    def __init__(self, home: Path, clone: Clone | None, policy: str = "libvirt", **more: Any) -> None:
        self.now: Instant = NOW
        self.policy = shipped(policy)
        policies = {self.policy.key: self.policy}
        fields: dict[str, Any] = dict.fromkeys(("store", "reader", "cipher", "keyring", "courier", "secrets"))
        fields |= {
            "ledger": Ledger(home / "ledger.db", projector(policies)),
            "clock": lambda: self.now,
            "person": "alice",
            "roster": Roster(),
            "projects": (Project(self.policy.name, self.policy.key),),
            "policies": policies,
            "patches": GitPatches(),
            "repositories": GitRepositories({self.policy.name: str(clone.path)}) if clone else None,
        }
        self.office = Office(**(fields | more))
        with self.office.ledger.writing("seccon", self.now) as book:
            bodies = [body for _, body in received()][1:]
            self.number = book.open_file(self.policy.key, CaseOpened(project=self.policy.name), *bodies)

    @property
    def case(self) -> Case:
        """Its state."""
        return fold(self.office.ledger.entries(self.number))

    @property
    def at(self) -> dict[str, int]:
        """What every request about it bears."""
        return {"case": self.number, "seen": self.case.seq}

    def tell(self, *bodies: Body) -> None:
        """Let something have happened."""
        with self.office.ledger.writing("alice", self.now) as book:
            book.append(self.number, self.case.seq, self.policy.key, *bodies)
