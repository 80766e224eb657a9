"""The embargo as a negotiation: none -> proposed -> active <-> revised -> ended (CERT/CC Vultron; features E1).

Owns the state and what each entry does to it; the policy's limits are in `limits`. A date that passes changes nothing here:
only a person's recorded release ends an embargo (E10).
"""

from typing import Literal

import msgspec

from seccon.core.ids import MessageId
from seccon.core.instants import Instant
from seccon.core.journal.body import Body
from seccon.core.journal.embargoes import (
    EmbargoAgreed,
    EmbargoEnded,
    EmbargoProposed,
    EmbargoRejected,
    EmbargoSet,
    EmbargoTakenBack,
)

EmbargoState = Literal["none", "proposed", "active", "revised", "ended"]

TRANSITIONS: dict[tuple[EmbargoState, str], EmbargoState] = {
    ("none", "embargo-proposed"): "proposed",
    ("proposed", "embargo-proposed"): "proposed",
    ("active", "embargo-proposed"): "revised",
    ("revised", "embargo-proposed"): "revised",
    ("ended", "embargo-proposed"): "proposed",
    ("proposed", "embargo-agreed"): "proposed",
    ("revised", "embargo-agreed"): "revised",
    ("proposed", "embargo-rejected"): "proposed",
    ("revised", "embargo-rejected"): "revised",
    ("none", "embargo-set"): "active",
    ("proposed", "embargo-set"): "active",
    ("active", "embargo-set"): "active",
    ("revised", "embargo-set"): "active",
    ("ended", "embargo-set"): "active",
    ("none", "embargo-ended"): "ended",
    ("proposed", "embargo-ended"): "ended",
    ("active", "embargo-ended"): "ended",
    ("revised", "embargo-ended"): "ended",
    ("active", "embargo-taken-back"): "none",
    ("revised", "embargo-taken-back"): "none",
    ("proposed", "embargo-taken-back"): "none",
}
"""(state, kind of entry) -> state; what is not here changes nothing, and the desk refuses to write it."""


class Proposal(msgspec.Struct, frozen=True):
    """One date on the table. The party that proposed it agrees to it."""

    id: str
    party: str
    until: Instant
    at: Instant
    zone: str = "UTC"
    typed: str = ""
    why: str = ""
    restart: bool = False
    proof: MessageId | None = None
    agreed: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Nobody rejected it so far."""
        return not self.rejected


class Window(msgspec.Struct, frozen=True):
    """One run of the embargo: limits are counted from `start`; a restart opens the next."""

    start: Instant
    until: Instant
    change: str


class Embargo(msgspec.Struct, frozen=True):
    """Where the negotiation stands."""

    state: EmbargoState = "none"
    proposals: tuple[Proposal, ...] = ()
    until: Instant | None = None
    """The date in force, or that was in force when it ended."""
    zone: str = "UTC"
    windows: tuple[Window, ...] = ()
    settled: frozenset[str] = frozenset()
    """The proposals that left the table when a date was last put in force: all, but the longer ones beside the first date."""
    overrides: tuple[str, ...] = ()
    why: str = ""
    ended: EmbargoEnded | None = None
    ended_at: Instant | None = None

    @property
    def active(self) -> bool:
        """A date is in force."""
        return self.state in ("active", "revised")

    @property
    def table(self) -> tuple[Proposal, ...]:
        """The proposals that are still open, the shortest first: of two, the shorter holds first (Vultron)."""
        if self.state not in ("proposed", "revised"):
            return ()
        fresh = [one for one in self.proposals if one.open and one.id not in self.settled]
        return tuple(sorted((one for one in fresh if not self._settled(one)), key=lambda one: one.until))

    def _settled(self, proposal: Proposal) -> bool:
        return self.active and proposal.until == self.until

    def proposal(self, name: str) -> Proposal | None:
        """Find a proposal by its id."""
        return next((one for one in self.proposals if one.id == name), None)

    @property
    def next_name(self) -> str:
        """The id for the next proposal."""
        return f"p{len(self.proposals) + 1}"


def follow(embargo: Embargo, body: Body, at: Instant) -> Embargo:
    """Give the embargo after one entry; an entry that does not fit the state leaves it as it was."""
    state = TRANSITIONS.get((embargo.state, str(body.__struct_config__.tag)))
    if state is None:
        return embargo
    match body:
        case EmbargoProposed():
            return _proposed(embargo, state, body, at)
        case EmbargoAgreed():
            return _change(embargo, state, body.proposal, agreed=body.party)
        case EmbargoRejected():
            return _change(embargo, state, body.proposal, rejected=body.party)
        case EmbargoSet():
            return _set(embargo, body, at)
        case EmbargoTakenBack():
            return Embargo(proposals=tuple(msgspec.structs.replace(one, rejected=("team",)) for one in embargo.proposals))
        case EmbargoEnded():
            return msgspec.structs.replace(embargo, state=state, ended=body, ended_at=at)
        case _:
            return embargo


def _proposed(embargo: Embargo, state: EmbargoState, body: EmbargoProposed, at: Instant) -> Embargo:
    if body.counters:
        embargo = _change(embargo, embargo.state, body.counters, rejected=body.party)
    made = Proposal(
        id=body.proposal,
        party=body.party,
        until=body.until,
        at=at,
        zone=body.zone,
        typed=body.typed,
        why=body.why,
        restart=body.restart,
        proof=body.proof,
        agreed=(body.party,),
    )
    others = tuple(one for one in embargo.proposals if one.id != made.id)
    return msgspec.structs.replace(embargo, state=state, proposals=(*others, made), settled=embargo.settled - {made.id})


def _change(embargo: Embargo, state: EmbargoState, name: str, agreed: str = "", rejected: str = "") -> Embargo:
    def changed(one: Proposal) -> Proposal:
        if one.id != name:
            return one
        yes = [party for party in one.agreed if party != rejected]
        no = [party for party in one.rejected if party != agreed]
        if agreed and agreed not in yes:
            yes.append(agreed)
        if rejected and rejected not in no:
            no.append(rejected)
        return msgspec.structs.replace(one, agreed=tuple(yes), rejected=tuple(no))

    proposals = tuple(changed(one) for one in embargo.proposals)
    after = msgspec.structs.replace(embargo, state=state, proposals=proposals)
    # Once every proposal on the table is rejected, the negotiation is where it was before: nothing, the old date, or its end.
    if rejected and not after.table:
        before: EmbargoState = "active" if state == "revised" else "ended" if embargo.ended else "none"
        after = msgspec.structs.replace(after, state=before if state in ("revised", "proposed") else state)
    return after


def _set(embargo: Embargo, body: EmbargoSet, at: Instant) -> Embargo:
    opens = body.change in ("initial", "restart") or not embargo.windows
    window = Window((body.opened or at) if opens else embargo.windows[-1].start, body.until, body.change)
    earlier = embargo.windows if opens else embargo.windows[:-1]
    longer = _still_wished(embargo, body)
    return msgspec.structs.replace(
        embargo,
        state="revised" if longer else "active",
        until=body.until,
        zone=body.zone,
        windows=(*earlier, window),
        settled=frozenset(one.id for one in embargo.proposals) - longer,
        overrides=body.overrides,
        why=body.why,
        ended=None,
        ended_at=None,
    )


def _still_wished(embargo: Embargo, body: EmbargoSet) -> frozenset[str]:
    """Of two proposals the shorter holds first, and the longer one is a revision from then on (Vultron).

    Only beside the first date, and where its party proposed nothing since: who proposes anew has taken back what they said.
    """
    if embargo.state != "proposed" or body.change != "initial":
        return frozenset()
    chosen = embargo.proposal(body.proposal)
    last = {one.party: one for one in embargo.proposals}
    others = [one for party, one in last.items() if chosen is None or party != chosen.party]
    return frozenset(one.id for one in others if one.open and one.until > body.until)


def total_days(embargo: Embargo) -> int:
    """Give the days in all, from the first window's start to the date in force: restarts hide nothing."""
    if not embargo.windows or embargo.until is None:
        return 0
    return -(-int((embargo.until - embargo.windows[0].start).total_seconds()) // 86400)
