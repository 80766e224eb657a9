"""Who takes part from outside: invite a party, remove one (features, F5).

An invitation tells nobody anything: that is a mail of its own, and needs each reporter's permission.
"""

from collections.abc import Sequence

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId, address_key
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal.parties import PartyInvited, PartyRemoved, PartyRole
from seccon.core.letter import clean_line, is_address
from seccon.core.party import Party
from seccon.core.policy import Policy
from seccon.core.team import own_addresses
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, record, require_open
from seccon.desk.roster import roster_of

OUTSIDE = "a party is somebody outside who prepares a fix, or coordinates: vendors, downstreams, upstreams"
_LONGEST = 80


class InviteParty(CaseRequest, frozen=True, kw_only=True):
    """Let somebody outside take part; for one that does already, say something else of them."""

    party: str
    name: str = ""
    role: PartyRole = "vendor"
    agrees: bool = False
    proof: MessageId | None = None
    why: str = ""

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write it. What is the team's own, or what another process of this host announces on, is no party."""

        def decide(case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
            _require_none_of(self.party, office)
            return self.decide(case, policy, now)

        return record(office, self.case, self.seen, decide)

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Say what is to be written; a reporter, a list of the policy, one that is there already is no new party."""
        require_open(case)
        said = self._cleaned()
        if address_key(said.party) in {address_key(one.reporter.address) for one in case.reports}:
            raise RefusedError("party.reporter", f"{said.party} reported it: they know, and agree for themselves.", OUTSIDE)
        _require_no_list(said.party, policy)
        _require_new(said, case)
        return (said,)

    def _cleaned(self) -> PartyInvited:
        address, name = self.party.strip(), clean_line(self.name, _LONGEST)
        if not is_address(address):
            raise RefusedError("party.address", f"'{clean_line(address)}' is not an address.", "RFC 5321, 4.1.2")
        if set('@<>"') & set(name):
            sentence = f"'{name}' could be read as another address than {address}."
            raise RefusedError("party.name", sentence, hint="Write what the vendor is called, without @ < > and quotes.")
        return PartyInvited(party=address, name=name, role=self.role, agrees=self.agrees, proof=self.proof, why=self.why.strip())


def _require_none_of(address: str, office: Office) -> None:
    key = address_key(address)
    if key in own_addresses(office.identities) or roster_of(office).by_address(address) is not None:
        raise RefusedError("party.member", f"{address} is the team's own: members need no invitation.", OUTSIDE)
    for policy in office.policies.values():
        _require_no_list(address, policy, only_public=True)


def _require_no_list(address: str, policy: Policy, *, only_public: bool = False) -> None:
    found = next((one for one in policy.list if address_key(one.address) == address_key(address)), None)
    if found is None:
        return
    if found.public:
        sentence = f"{address} is a public list: whoever is told there tells everybody."
        raise RefusedError("party.public", sentence, found.source or OUTSIDE)
    if "reports" in found.purpose and not only_public:
        raise RefusedError("party.ours", f"{address} is the list that takes the reports: it knows.", found.source or OUTSIDE)


def _require_new(said: PartyInvited, case: Case) -> None:
    known = case.work.party(said.party)
    if known and (known.name, known.role, known.agrees) == (said.name, said.role, said.agrees):
        raise RefusedError("party.same", f"{known.label} takes part already.")
    twin = next((one for one in case.work.parties if said.name and one.name.casefold() == said.name.casefold()), None)
    if twin is not None and known is None:
        raise RefusedError(
            "party.twice",
            f"{twin.label} takes part already, as {twin.address}.",
            hint="Remove that one where the address is another now, or give this one a name of its own.",
        )


class RemoveParty(CaseRequest, frozen=True, kw_only=True):
    """Let a party take part no longer. What they were told they know: the case goes on showing that."""

    party: str
    why: str

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it, unless a mail to them is about to leave."""
        party = require_party(case, self.party)
        if not self.why.strip():
            raise RefusedError("party.why", f"Write why {party.label} takes part no longer.")
        waiting = any(address_key(party.address) in one.on_its_way for one in case.replies)
        if waiting:
            sentence = f"A mail to {party.label} lies in the outbox: it would still be sent."
            raise RefusedError("party.outbox", sentence, hint="Discard it first (3 Outbox).")
        return (PartyRemoved(party=party.address, why=self.why.strip()),)


def require_party(case: Case, address: str) -> Party:
    """Find a party. Raises RefusedError that says who takes part."""
    party = case.work.party(address)
    if party is not None:
        return party
    who = ", ".join(f"{one.label} <{one.address}>" if one.name else one.address for one in case.work.parties)
    raise RefusedError(
        "party.unknown",
        f"'{clean_line(address)}' is no party of case {case.label}.",
        OUTSIDE,
        f"Parties are: {who}." if who else "Invite them first: v, then i.",
    )
