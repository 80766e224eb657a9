"""Whether anything changed: the ledger's revision and the minute, asked once a second beside the screens."""

from typing import TYPE_CHECKING

from seccon.screens.snap import Snap

if TYPE_CHECKING:
    from seccon.desk.guard import Guard
    from seccon.desk.office import Office


class Pulse:
    """Makes a `Snap`, counting anew only where the ledger or the minute moved."""

    def __init__(self, office: "Office", guard: "Guard | None" = None) -> None:
        self._office, self._guard = office, guard
        self._last: Snap | None = None
        policies = [office.policies[project.policy] for project in office.projects if project.policy in office.policies]
        self._title = "  ".join(f"{project.name} {project.policy.partition('@')[2]}".strip() for project in office.projects[:3])
        self._projects = tuple(project.name for project in office.projects)
        self._scale = max((len(policy.severity.scale) for policy in policies), default=4) or 4

    def look(self) -> Snap:
        """Look, on the ledger's own thread. Raises LedgerError."""
        revision = self._office.ledger.revision()
        now = self._office.clock().replace(second=0)
        altered = bool(self._guard and self._guard.breaks)
        last = self._last
        if last is not None and (last.ledger, last.now, last.altered) == (revision, now, altered):
            return last
        from seccon.desk.roster import roster_of

        person = roster_of(self._office).display(self._office.person)
        counts = self._office.ledger.counts(now, self._office.person)
        self._last = Snap(
            ledger=revision, now=now, counts=counts, person=person, title=self._title,
            projects=self._projects, scale=self._scale, altered=altered,
            pressing=self._office.ledger.pressing(now),
        )  # fmt: skip
        return self._last
