"""Who may join, by what, and what follows when somebody leaves: decisions about the team's file (features, H1).

Several projects may have several processes; one console shows them all, so whoever joins must fulfil each. Every function
returns what is to be written, or refuses with rule, sentence and source; none looks at a clock or a store.
"""

from collections.abc import Iterable, Sequence

from seccon.core.errors import RefusedError
from seccon.core.ids import Fingerprint, MessageId
from seccon.core.journal.work import (
    MemberApproved,
    MemberDeclined,
    MemberLeft,
    MemberNominated,
    MemberPledged,
    MemberVouched,
    SeatClosed,
    SeatOpened,
)
from seccon.core.letter import clean_line, is_address
from seccon.core.plural import count
from seccon.core.policy import Admission
from seccon.core.roster_state import Person, Team, seat_key
from seccon.core.team import Member, Roster

_SOURCE = "features H1"
Rules = Sequence[Admission]
"""What each project's process asks of whoever joins."""


def nominate(
    team: Team,
    roster: Roster,
    address: str,
    *,
    name: str = "",
    company: str = "",
    role: str = "",
    fingerprint: Fingerprint | None = None,
    mail: MessageId | None = None,
    why: str = "",
) -> MemberNominated:
    """Let somebody be considered: by their own mail, or by a member's word."""
    address = address.strip()
    if not is_address(address):
        raise RefusedError("nominate.address", f"'{clean_line(address)}' is not an address.", "RFC 5321, 4.1.2")
    member = roster.by_address(address)
    if member is not None:
        raise RefusedError("nominate.member", f"{clean_line(member.name)} is a member already.", _SOURCE)
    if team.nominee(address) is not None:
        raise RefusedError("nominate.twice", f"{address} is nominated already.", _SOURCE, "Vouch, or decline it first.")
    if mail is None and not why.strip():
        raise RefusedError("nominate.why", "Name the mail that asks for it, or write why they shall join.", _SOURCE)
    return MemberNominated(
        address=address, name=name.strip(), company=company.strip(), role=role.strip(), fingerprint=fingerprint, mail=mail,
        why=why.strip(),
    )  # fmt: skip


def vouch(team: Team, roster: Roster, address: str, by: str, why: str, rules: Rules) -> MemberVouched:
    """Give a member's word for a nominee: never one's own."""
    person = _nominee(team, address)
    member = _member(roster, by, "vouch")
    rule = _wanting(rules)
    if member.writes_from(address) or (person.login and person.login == by):
        raise RefusedError("vouch.self", "Nobody vouches for themselves.", rule.source or _SOURCE)
    if any(one.by == by for one in person.vouches):
        raise RefusedError("vouch.twice", f"You vouched for {_called(person)} already.", rule.source or _SOURCE)
    if not why.strip():
        raise RefusedError("vouch.why", "Write how you know them.", rule.source or _SOURCE)
    return MemberVouched(address=person.address, why=why.strip())


def pledge(team: Team, roster: Roster, address: str, proof: MessageId | None, why: str, rules: Rules) -> MemberPledged:
    """Record the promise to honour embargoes: of a nominee, or of a member who was there before it was recorded."""
    if team.nominee(address) is None and roster.by_address(address) is None:
        raise RefusedError("pledge.whom", f"Nobody of the address {clean_line(address)} is nominated, or a member.", _SOURCE)
    if proof is None and not why.strip():
        raise RefusedError(
            "pledge.proof", "Name the mail that says so, or write how they promised it.", _pledging(rules).source or _SOURCE
        )
    return MemberPledged(address=address.strip(), proof=proof, why=why.strip())


def standing_vouches(person: Person, roster: Roster) -> tuple[str, ...]:
    """Give the logins of those who vouched and are members now: the word of who left does not admit anybody."""
    return tuple(one.by for one in person.vouches if (by := roster.by_login(one.by)) and not by.writes_from(person.address))


def lacking(team: Team, roster: Roster, person: Person, rules: Rules) -> tuple[RefusedError, ...]:
    """Say what stands between a nominee and their approval, each with the sentence of the process that asks for it."""
    found = []
    vouched = len(standing_vouches(person, roster))
    for rule in _distinct(rules):
        if vouched < rule.vouches:
            need = f"{count(rule.vouches, 'member')} must vouch for {_called(person)}; {vouched} did."
            found.append(RefusedError("approve.vouched", need, rule.source or _SOURCE, rule.sentence))
        if rule.pledge and team.pledge(person.address) is None:
            need = f"{_called(person)} did not promise to honour embargoes."
            found.append(RefusedError("approve.pledged", need, rule.source or _SOURCE, rule.sentence))
    return tuple(found)


def approve(team: Team, roster: Roster, address: str, by: str, login: str, why: str, rules: Rules) -> MemberApproved:
    """Admit a nominee who fulfils what every process asks. `login`: who they are on this host, if they are anybody."""
    person = _nominee(team, address)
    member = _member(roster, by, "approve")
    if member.writes_from(address):
        raise RefusedError("approve.self", "Nobody approves their own membership.", _SOURCE)
    for refusal in lacking(team, roster, person, rules)[:1]:
        raise refusal
    login = login.strip()
    taken = roster.by_login(login)
    if taken is not None:
        raise RefusedError("approve.login", f"The login '{clean_line(login)}' is {clean_line(taken.name)}'s already.", _SOURCE)
    return MemberApproved(address=person.address, login=login, why=why.strip())


def decline(team: Team, address: str, why: str) -> MemberDeclined:
    """Do not admit a nominee, or record that they declined."""
    person = _nominee(team, address)
    if not why.strip():
        raise RefusedError("decline.why", f"Write why {_called(person)} does not join.", _SOURCE)
    return MemberDeclined(address=person.address, why=why.strip())


def leave(roster: Roster, address: str, why: str, rotate: Iterable[str]) -> MemberLeft:
    """Record that a member left, with what must be rotated now."""
    member = roster.by_address(address)
    if member is None:
        raise RefusedError("leave.whom", f"Nobody of the address {clean_line(address)} is a member.", _SOURCE)
    if len(roster.members) == 1:
        raise RefusedError(
            "leave.last",
            f"{clean_line(member.name)} is the last member: nobody could act any more.",
            _SOURCE,
            "Admit another first.",
        )
    if not why.strip():
        raise RefusedError("leave.why", f"Write why {clean_line(member.name)} leaves.", _SOURCE)
    return MemberLeft(address=member.addresses[0], why=why.strip(), rotate=tuple(one.strip() for one in rotate if one.strip()))


def rotation(rules: Rules) -> tuple[str, ...]:
    """Give everything that the processes want rotated when somebody leaves."""
    return tuple(dict.fromkeys(item for rule in rules for item in rule.rotate))


def open_seat(team: Team, vendor: str, why: str) -> SeatOpened:
    """Give a vendor a seat, also before anybody sits on it."""
    vendor = clean_line(" ".join(vendor.split()))
    if not vendor:
        raise RefusedError("seat.vendor", "Name the vendor.", _SOURCE)
    if seat_key(vendor) in team.seats:
        raise RefusedError("seat.twice", f"{vendor} has a seat already.", _SOURCE)
    return SeatOpened(vendor=vendor, why=why.strip())


def close_seat(team: Team, vendor: str, why: str) -> SeatClosed:
    """Take a vendor's seat away; who sits there stays a member until they leave."""
    seat = team.seats.get(seat_key(vendor))
    if seat is None:
        raise RefusedError("seat.none", f"{clean_line(vendor)} has no seat.", _SOURCE)
    if not why.strip():
        raise RefusedError("seat.why", f"Write why {seat.vendor} has no seat any more.", _SOURCE)
    return SeatClosed(vendor=seat.vendor, why=why.strip())


def _nominee(team: Team, address: str) -> Person:
    found = team.nominee(address)
    if found is None:
        raise RefusedError(
            "nominee", f"Nobody of the address {clean_line(address)} is nominated.", _SOURCE, "Nominate them first."
        )
    return found


def _member(roster: Roster, login: str, verb: str) -> Member:
    found = roster.by_login(login)
    if found is None:
        hint = "The first members stand in the host's configuration, as [[member]]."
        raise RefusedError(f"{verb}.member", "Only a member may do that.", _SOURCE, hint)
    return found


def _distinct(rules: Rules) -> tuple[Admission, ...]:
    return tuple(rule for place, rule in enumerate(rules) if rule not in rules[:place])


def _wanting(rules: Rules) -> Admission:
    return max(rules, key=lambda rule: rule.vouches, default=Admission())


def _pledging(rules: Rules) -> Admission:
    return next((rule for rule in rules if rule.pledge), Admission())


def _called(person: Person) -> str:
    return clean_line(person.name) or person.address
