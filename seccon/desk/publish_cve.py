"""The record of an id becomes public: recorded, or published with the team's own CNA credentials (features, F1)."""

from collections.abc import Sequence
from typing import ClassVar

from seccon.core.advisory import advisory
from seccon.core.case import Case, events, fold
from seccon.core.cve import record_url
from seccon.core.errors import RefusedError
from seccon.core.formats import cna
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal.disclosure import CvePublished
from seccon.core.policy import Policy
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, policy_of, record, require_member
from seccon.desk.reserve_cve import require_own, service_of
from seccon.desk.results import is_link, require_free


class PublishCve(CaseRequest, frozen=True, kw_only=True):
    """Record that the CVE Record is public: where, and when if not now."""

    url: str = ""
    when: Instant | None = None

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it; a record tells everybody, so not while the embargo holds."""
        cve = case.work.cve
        if cve is None:
            raise RefusedError("cve.none", f"Case {case.label} has no CVE id.", policy.cve.source, "Record the id first (C).")
        require_free(case, policy, "A CVE Record")
        url = self.url.strip() or record_url(cve)
        if not is_link(url):
            raise RefusedError("cve.url", f"Give the link of the record, such as {record_url(cve)}.")
        if self.when is not None and self.when > now:
            raise RefusedError("cve.when", "That is in the future: record it when the record is public.")
        return (CvePublished(cve=cve, when=self.when, url=url),)


class PublishCveRecord(PublishCve, frozen=True, kw_only=True):
    """Publish a CVE Record at CVE Services with the team's own credentials, and record that."""

    beside: ClassVar[bool] = True
    away: ClassVar[bool] = True

    record: bytes = b""
    """The record as JSON, such as `seccon export --format cve` writes; empty: what the advisory of the case comes to."""

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Publish, then write: what was published and not recorded is put there again by asking once more.

        Raises RefusedError before anything is published; CveServiceError, SecretError; ConflictError.
        """
        require_member(office)
        service = service_of(office)
        case = fold(office.ledger.entries(self.case))
        policy = policy_of(office, case)
        require_own(policy)
        if "cve-disclosed" not in events(case):
            raise RefusedError(
                "cve.first",
                f"Nothing on record tells the public of case {case.label}: the record would be the first to do so.",
                "A CVE Record MUST NOT be the first Public Disclosure of a Vulnerability (CNA Operational Rules 5.3.1)",
                "Announce it, or record where it is public (p).",
            )
        self.decide(case, policy, office.clock())
        if case.work.cve is not None:
            service.publish(case.work.cve, self.record or _record_of(case, policy))
        seen = office.ledger.entries(self.case)[-1].seq
        return record(office, self.case, seen, self.decide)


def _record_of(case: Case, policy: Policy) -> bytes:
    """Write the record out of the case. Raises RefusedError with what it lacks."""
    told = advisory(case, policy)
    lacking = cna.missing(told)
    if lacking:
        said = ", ".join(map(str, lacking))
        raise RefusedError(
            "cve.record",
            f"The CVE Record cannot be written, it lacks {said}.",
            "CNA Operational Rules 5.1",
            "E writes the advisory.",
        )
    return cna.write(told).encode()
