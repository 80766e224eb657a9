"""Judge the team's file of a history by the policy's admission: nominations, vouches, pledges, approvals, leaving, seats.

A history does not tell with whom its host began (the configuration's members): whoever acts in the file and was not admitted by
it is taken for one of them, and so is an address that leaves without having been nominated.
"""

from collections.abc import Callable, Sequence
from typing import Any

from seccon.core.errors import RefusedError
from seccon.core.journal import Body, Entry
from seccon.core.journal import work as w
from seccon.core.policy import Policy
from seccon.core.roster_state import follow, roster_from, team_of
from seccon.core.team import Member, Roster
from seccon.desk import admit

_UNKNOWABLE = frozenset({"leave.last"})
"""Rules that ask how many the host's configuration names."""


def refusals(history: Sequence[Entry], policy: Policy) -> list[tuple[Entry, RefusedError]]:
    """Give each entry that the process would have refused, with its refusal; it counts all the same."""
    base = _founders(history)
    team, found = team_of(()), []
    for entry in history:
        make = _VERBS.get(type(entry.body))
        asked = admit.Asked(team, roster_from(base, team), entry.by, (policy.admission,))
        try:
            if make is not None:
                make(entry.body).decide(asked)
        except RefusedError as error:
            if error.rule not in _UNKNOWABLE:
                found.append((entry, error))
        team = follow(team, entry)
    return found


def roster_after(history: Sequence[Entry]) -> Roster:
    """Give who is a member in the end, and who was."""
    return roster_from(_founders(history), team_of(history))


def _founders(history: Sequence[Entry]) -> Roster:
    bodies = [entry.body for entry in history]
    admitted = {body.login for body in bodies if isinstance(body, w.MemberApproved) and body.login}
    logins = dict.fromkeys(entry.by for entry in history if entry.by not in admitted)
    nominated = {body.address.casefold() for body in bodies if isinstance(body, w.MemberNominated)}
    left = dict.fromkeys(
        body.address for body in bodies if isinstance(body, w.MemberLeft) and body.address.casefold() not in nominated
    )
    pledged = dict.fromkeys(
        body.address for body in bodies if isinstance(body, w.MemberPledged) and body.address.partition("@")[0] in logins
    )
    addresses = {address: address.partition("@")[0] for address in (*left, *pledged)}
    theirs = {login: tuple(one for one, local in addresses.items() if local == login) for login in logins}
    others = (Member(one, (one,)) for one, local in addresses.items() if local not in logins)
    return Roster((*(Member(login, theirs[login], login) for login in logins), *others))


_VERBS: dict[type[Body], Callable[[Any], admit.TeamRequest]] = {
    w.MemberNominated: lambda body: admit.Nominate(
        seen=0, address=body.address, name=body.name, company=body.company, role=body.role, key=body.fingerprint or "",
        mail=body.mail, why=body.why,
    ),
    w.MemberVouched: lambda body: admit.Vouch(seen=0, address=body.address, why=body.why),
    w.MemberPledged: lambda body: admit.RecordPledge(seen=0, address=body.address, proof=body.proof, why=body.why),
    w.MemberApproved: lambda body: admit.Approve(seen=0, address=body.address, login=body.login, why=body.why),
    w.MemberDeclined: lambda body: admit.Decline(seen=0, address=body.address, why=body.why),
    w.MemberLeft: lambda body: admit.Leave(seen=0, address=body.address, why=body.why, rotate=body.rotate),
    w.SeatOpened: lambda body: admit.OpenSeat(seen=0, vendor=body.vendor, why=body.why),
    w.SeatClosed: lambda body: admit.CloseSeat(seen=0, vendor=body.vendor, why=body.why),
}  # fmt: skip
"""Body of an entry of the team's file -> the verb that writes it."""
