"""Reserve an id at CVE Services with the team's own CNA credentials: asked of the service once, then written in one go.

Between the answer and the entry anything may end. A reserved id is not lost by that: the service lists it, and what no case has
is offered before another one is reserved.
"""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from seccon.core.case import Case, fold
from seccon.core.cve import ReservedCve, checked
from seccon.core.errors import ConfigError, ConflictError, RefusedError
from seccon.core.ids import CveId
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal.disclosure import CveRequested
from seccon.core.journal.work import CveAssigned
from seccon.core.policy import Policy
from seccon.core.ports import CveService
from seccon.core.unseen import news
from seccon.desk.assign_cve import record_free
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, Request, policy_of, require_member
from seccon.desk.request_cve import require_askable


class ReserveCve(CaseRequest, frozen=True, kw_only=True):
    """Reserve one id for a case, or with `take` use one that is reserved and unused."""

    beside: ClassVar[bool] = True
    away: ClassVar[bool] = True

    take: str = ""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Refuse what the process does not want; what is written depends on the answer."""
        require_askable(case, policy)
        require_own(policy)
        return ()

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Ask, then write. Raises RefusedError, ConflictError before anything is reserved; CveServiceError, SecretError."""
        require_member(office)
        service = service_of(office)
        entries = office.ledger.entries(self.case)
        case = fold(entries)
        policy, now = policy_of(office, case), office.clock()
        self.decide(case, policy, now)
        since = news([entry for entry in entries if entry.seq > self.seen], office.person)
        if since:
            raise ConflictError("The case has changed meanwhile. Nothing was reserved.", since)
        cve = self._taken(office, service, now) if self.take else service.reserve(now.year)
        return self._record(office, service, cve)

    def _taken(self, office: Office, service: CveService, now: Instant) -> CveId:
        """Use an id only if it is still reserved, and by nobody's case."""
        cve = checked(self.take, now)
        if cve not in [one.cve for one in service.reserved()]:
            raise RefusedError("cve.reserved", f"{cve} is not among the reserved ids of {service.org}.")
        return cve

    def _record(self, office: Office, service: CveService, cve: CveId) -> tuple[Entry, ...]:
        """Write both entries after whatever happened while the service answered, unless the case has an id by now."""
        bodies = (
            CveRequested(cna=service.org, how="service"),
            CveAssigned(cve=cve, by=service.org, proof="CVE Services"),
        )

        def decide(case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
            require_askable(case, policy)
            return bodies

        try:
            return record_free(office, self.case, lambda book: book.entries(self.case)[-1].seq, decide, cve)
        except RefusedError as error:
            hint = f"{cve} is reserved and no case has it: it is offered when an id is reserved next (C)."
            raise RefusedError(error.rule, error.sentence, error.source, hint) from None


class Unused(msgspec.Struct, frozen=True):
    """The org's ids that are reserved and that no case here has: own ones first."""

    org: str
    ids: tuple[ReservedCve, ...]


class ReadUnusedCves(Request, frozen=True, kw_only=True):
    """Ask CVE Services which ids are reserved, and leave out those that cases have."""

    beside: ClassVar[bool] = True

    def perform(self, office: Office) -> Unused:
        """Give them. Raises CveServiceError, SecretError, ConfigError."""
        require_member(office)
        service = service_of(office)
        used = used_cves(office)
        return Unused(service.org, tuple(one for one in service.reserved() if one.cve not in used))


class RememberCveKey(Request, frozen=True, kw_only=True):
    """Keep the API key that a person typed, in memory until the console ends."""

    key: str

    def perform(self, office: Office) -> None:
        """Keep it."""
        service_of(office).remember(self.key)


def used_cves(office: Office) -> frozenset[CveId]:
    """Give every id that a case has."""
    cases = (fold(office.ledger.entries(number)) for number in office.ledger.cases_recording("cve-assigned"))
    return frozenset(one.cve for case in cases for one in case.work.cves)


def service_of(office: Office) -> CveService:
    """Give the service. Raises ConfigError where the configuration has no credentials."""
    if office.cve is None:
        raise ConfigError("No credentials for CVE Services are configured.", "Set user and org in [cve] of the configuration.")
    return office.cve


def require_own(policy: Policy) -> None:
    """Refuse where the process has its ids allocated by others."""
    if not policy.cve.own:
        raise RefusedError(
            "cve.own",
            f"By this process ids are allocated by {policy.cve.cna or 'others'}, not by the team itself.",
            policy.cve.source,
            "Where the team is a CNA, a policy of its own says so: [cve] own = true.",
        )
