"""The negotiation of an embargo: propose, agree, reject, set (features, E1 E2 E3)."""

from collections.abc import Sequence
from typing import Literal

from seccon.core.case import Case
from seccon.core.embargo import Proposal, follow
from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId, address_key
from seccon.core.instants import Instant
from seccon.core.journal import Body
from seccon.core.journal.embargoes import EmbargoAgreed, EmbargoEnded, EmbargoProposed, EmbargoRejected, EmbargoSet
from seccon.core.limits import check
from seccon.core.policy import Policy
from seccon.desk.request import CaseRequest, require_open

Change = Literal["initial", "extension", "shortening", "restart"]


def parties(case: Case, policy: Policy) -> tuple[str, ...]:
    """Give everybody who must agree: by the policy `team` and each reporter's address, the parties; and who has spoken."""
    wanted = ["team"] if "team" in policy.embargo.agree else []
    if "reporters" in policy.embargo.agree:
        wanted += [report.reporter.address for report in case.reports if report.reporter.address]
    if "parties" in policy.embargo.agree:
        wanted += [party.address for party in case.work.parties]
    else:
        wanted += [party.address for party in case.work.parties if party.agrees]
    known = {address_key(party) for party in wanted}
    for proposal in case.embargo.table:
        wanted += [party for party in (proposal.party, *proposal.agreed) if address_key(party) not in known]
    return tuple(dict.fromkeys(wanted))


def missing(case: Case, policy: Policy, proposal: Proposal) -> tuple[str, ...]:
    """Give the parties that have not agreed to a proposal yet."""
    agreed = {address_key(party) for party in proposal.agreed}
    return tuple(party for party in parties(case, policy) if address_key(party) not in agreed)


def change_of(case: Case, proposal: Proposal) -> Change:
    """Say what putting a proposal in force would be."""
    if not case.embargo.active or case.embargo.until is None:
        return "initial"
    if proposal.restart:
        return "restart"
    return "extension" if proposal.until > case.embargo.until else "shortening"


class ProposeEmbargo(CaseRequest, frozen=True, kw_only=True):
    """Put a date on the table, in the name of a party; with `counters`, in answer to a proposal."""

    until: Instant
    zone: str = "UTC"
    typed: str = ""
    party: str = "team"
    restart: bool = False
    counters: str = ""
    proof: MessageId | None = None
    why: str = ""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write the proposal if the limits allow it."""
        require_open(case)
        change = _change(case, self.until, self.restart)
        check(case, policy, self.until, change, self.why, now)
        if self.counters and not case.embargo.proposal(self.counters):
            raise RefusedError("embargo.counter", f"There is no proposal '{self.counters}'.")
        return (
            EmbargoProposed(
                proposal=case.embargo.next_name,
                party=self.party,
                until=self.until,
                zone=self.zone,
                typed=self.typed,
                restart=self.restart,
                counters=self.counters,
                proof=self.proof,
                why=self.why,
            ),
        )


class AgreeEmbargo(CaseRequest, frozen=True, kw_only=True):
    """Record that a party agrees; when it was the last one, the date is in force."""

    proposal: str
    party: str
    proof: MessageId | None = None
    why: str = ""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write the agreement, and the date with it if nobody is missing."""
        proposal = _on_table(case, self.proposal)
        _require_proof(self.party, self.proof, self.why)
        agreed = EmbargoAgreed(proposal=self.proposal, party=self.party, proof=self.proof, why=self.why)
        after = follow(case.embargo, agreed, now).proposal(self.proposal) or proposal
        if missing(case, policy, after):
            return (agreed,)
        return (agreed, _put_in_force(case, policy, after, after.why, now))


class RejectEmbargo(CaseRequest, frozen=True, kw_only=True):
    """Record that a party rejects a proposal."""

    proposal: str
    party: str
    proof: MessageId | None = None
    why: str = ""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it."""
        _on_table(case, self.proposal)
        _require_proof(self.party, self.proof, self.why)
        return (EmbargoRejected(proposal=self.proposal, party=self.party, proof=self.proof, why=self.why),)


class SetEmbargo(CaseRequest, frozen=True, kw_only=True):
    """Put a proposal in force before all have agreed: only with a written reason."""

    proposal: str
    why: str = ""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it; who has not agreed is on record."""
        require_open(case)
        proposal = _on_table(case, self.proposal)
        absent = missing(case, policy, proposal)
        if absent and not self.why.strip():
            raise RefusedError(
                "embargo.agreement",
                f"Not agreed yet: {', '.join(absent)}.",
                policy.embargo.source,
                "Wait for them, or write why the date holds without them.",
            )
        why = "; ".join(filter(None, (proposal.why, self.why)))
        return (_put_in_force(case, policy, proposal, why, now, tuple(f"agreement:{party}" for party in absent)),)


class EndEmbargo(CaseRequest, frozen=True, kw_only=True):
    """Release it on or after its date, or end it early because it lost its object."""

    reason: Literal["released", "leaked", "public", "exploited", "not-needed"]
    why: str = ""
    url: str = ""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it: before the date only for a reason that the process knows (E10)."""
        embargo = case.embargo
        if embargo.state in ("none", "ended"):
            raise RefusedError("embargo.end", f"Case {case.label} has no embargo.")
        if self.reason == "released" and embargo.until and now < embargo.until:
            raise RefusedError(
                "embargo.date",
                f"The date is {embargo.until:%Y-%m-%d %H:%M}Z and has not come.",
                policy.embargo.source,
                "Agree on an earlier date, or end it with another reason.",
            )
        if self.reason != "released" and not self.why.strip():
            raise RefusedError("embargo.end", "Write why it ends before its date.")
        return (EmbargoEnded(reason=self.reason, why=self.why, url=self.url),)


def _change(case: Case, until: Instant, restart: bool) -> Change:
    return change_of(case, Proposal("", "", until, until, restart=restart))


def _on_table(case: Case, name: str) -> Proposal:
    proposal = case.embargo.proposal(name)
    if proposal is None or case.embargo.state not in ("proposed", "revised"):
        raise RefusedError("embargo.proposal", f"There is no proposal '{name}' on the table.")
    if name in case.embargo.settled:
        raise RefusedError("embargo.proposal", f"Since proposal '{name}' another date was put in force: propose it anew.")
    if not proposal.open:
        raise RefusedError("embargo.proposal", f"Proposal '{name}' was rejected by {', '.join(proposal.rejected)}.")
    return proposal


def _require_proof(party: str, proof: MessageId | None, why: str) -> None:
    if party != "team" and not proof and not why.strip():
        raise RefusedError("embargo.proof", f"Name the mail in which {party} says so, or write how you know.")


def _put_in_force(
    case: Case, policy: Policy, proposal: Proposal, why: str, now: Instant, absent: tuple[str, ...] = ()
) -> EmbargoSet:
    change = change_of(case, proposal)
    over = check(case, policy, proposal.until, change, why, now)
    return EmbargoSet(
        proposal=proposal.id, until=proposal.until, change=change, zone=proposal.zone, why=why, overrides=(*over, *absent)
    )
