"""The team's file -> nominees, members, who left, vendors' seats; and the roster that follows from it and the configuration.

The configuration names the members with whom a host begins; the journal goes on from there, and has the last word: who left
by the journal has left, whatever the configuration still says. What may be written is `admission`'s to decide.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from seccon.core.ids import Fingerprint, MessageId, address_key
from seccon.core.instants import Instant
from seccon.core.journal import Entry
from seccon.core.journal.body import Body
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
from seccon.core.team import Member, Roster

Stage = Literal["nominee", "member", "declined", "left"]


class Vouch(msgspec.Struct, frozen=True):
    """A member's word for a nominee; `by` is their login."""

    by: str
    at: Instant
    why: str = ""


class Pledge(msgspec.Struct, frozen=True):
    """The promise to honour embargoes."""

    at: Instant
    by: str
    """Login of who recorded it."""
    proof: MessageId | None = None
    why: str = ""


class Person(msgspec.Struct, frozen=True):
    """Somebody whom the journal knows by a nomination. `fingerprint` is what they say of themselves: a claim."""

    address: str
    name: str = ""
    company: str = ""
    role: str = ""
    fingerprint: Fingerprint | None = None
    mail: MessageId | None = None
    why: str = ""
    by: str = ""
    """Login of who nominated them."""
    at: Instant | None = None
    stage: Stage = "nominee"
    vouches: tuple[Vouch, ...] = ()
    login: str = ""
    since: Instant | None = None
    """When they were approved."""
    approved_by: str = ""
    said: str = ""
    """Why they were declined or left."""


class Departure(msgspec.Struct, frozen=True):
    """Somebody left: when, by whom that was recorded, what had to be rotated."""

    address: str
    at: Instant
    by: str
    why: str = ""
    rotate: tuple[str, ...] = ()


class Seat(msgspec.Struct, frozen=True):
    """A vendor's place on the team."""

    vendor: str
    at: Instant
    why: str = ""


class Team(msgspec.Struct, frozen=True):
    """What the team's file says of people; keys are `address_key`s, of seats the folded name of the vendor."""

    people: Mapping[str, Person] = {}
    pledges: Mapping[str, Pledge] = {}
    departures: tuple[Departure, ...] = ()
    seats: Mapping[str, Seat] = {}

    def person(self, address: str) -> Person | None:
        """Find who was nominated under an address."""
        return self.people.get(address_key(address))

    def nominee(self, address: str) -> Person | None:
        """Find a nominee who waits for a decision."""
        found = self.person(address)
        return found if found and found.stage == "nominee" else None

    def pledge(self, *addresses: str) -> Pledge | None:
        """Find the promise of whoever has one of these addresses."""
        return next((self.pledges[key] for key in map(address_key, addresses) if key in self.pledges), None)

    def departure(self, *addresses: str) -> Departure | None:
        """Find when whoever has one of these addresses left last."""
        keys = set(map(address_key, addresses))
        return next((one for one in reversed(self.departures) if address_key(one.address) in keys), None)


def seat_key(vendor: str) -> str:
    """Give the form in which two vendors' names are compared."""
    return " ".join(vendor.split()).casefold()


def team_of(entries: Iterable[Entry]) -> Team:
    """Fold the team's file; entries of other kinds (pinned keys) leave it as it is."""
    team = Team()
    for entry in entries:
        team = follow(team, entry)
    return team


def follow(team: Team, entry: Entry) -> Team:
    """Give the team after one more entry."""
    body = entry.body
    match body:
        case SeatOpened():
            seat = Seat(body.vendor, entry.at, body.why)
            return msgspec.structs.replace(team, seats={**team.seats, seat_key(body.vendor): seat})
        case SeatClosed():
            seats = {key: seat for key, seat in team.seats.items() if key != seat_key(body.vendor)}
            return msgspec.structs.replace(team, seats=seats)
        case MemberPledged():
            pledge = Pledge(entry.at, entry.by, body.proof, body.why)
            return msgspec.structs.replace(team, pledges={**team.pledges, address_key(body.address): pledge})
        case MemberLeft():
            left = Departure(body.address, entry.at, entry.by, body.why, body.rotate)
            pledges = {key: one for key, one in team.pledges.items() if key != address_key(body.address)}
            team = msgspec.structs.replace(team, departures=(*team.departures, left), pledges=pledges)
    return _person(team, entry, body)


def _person(team: Team, entry: Entry, body: Body) -> Team:
    match body:
        case MemberNominated():
            made = Person(
                body.address, body.name, body.company, body.role, body.fingerprint, body.mail, body.why, entry.by, entry.at
            )
            # Another nomination begins anew: nobody is admitted on what was promised or vouched for before.
            pledges = {key: one for key, one in team.pledges.items() if key != address_key(body.address)}
            return _put(msgspec.structs.replace(team, pledges=pledges), made)
        case MemberVouched(address=address) if known := team.person(address):
            others = tuple(one for one in known.vouches if one.by != entry.by)
            return _put(team, msgspec.structs.replace(known, vouches=(*others, Vouch(entry.by, entry.at, body.why))))
        case MemberApproved(address=address) if known := team.person(address):
            changes = {"stage": "member", "login": body.login, "since": entry.at, "approved_by": entry.by, "said": ""}
            return _put(team, msgspec.structs.replace(known, **changes))
        case MemberDeclined(address=address) if known := team.person(address):
            return _put(team, msgspec.structs.replace(known, stage="declined", said=body.why))
        case MemberLeft(address=address) if known := team.person(address):
            return _put(team, msgspec.structs.replace(known, stage="left", said=body.why))
    return team


def _put(team: Team, person: Person) -> Team:
    return msgspec.structs.replace(team, people={**team.people, address_key(person.address): person})


def roster_from(base: Roster, team: Team, pinned: Mapping[str, Fingerprint] | None = None) -> Roster:
    """Give the roster in force: the configuration's members and those whom the journal admitted, without those who left.

    `pinned`: `address_key` -> key. Whom the journal admitted has the key that a person confirmed for their address; what a
    nominee says of their own key is no trust.
    """
    members, former = [], []
    for member in base.members:
        here, gone = _base_member(member, team)
        members += here
        former += gone
    theirs = {address_key(address) for member in base.members for address in member.addresses}
    logins = {member.login for member in members}
    for key, person in team.people.items():
        if key in theirs:
            continue
        member = Member(
            person.name or person.address, (person.address,), person.login, (pinned or {}).get(key), person.company, person.role
        )
        if person.stage == "member":
            login = member.login if member.login not in logins else ""
            members.append(msgspec.structs.replace(member, login=login, since=person.since))
        former += [
            msgspec.structs.replace(member, until=one.at) for one in team.departures if address_key(one.address) == key
        ]  # fmt: skip
    return Roster(tuple(members), tuple(former))


def _base_member(member: Member, team: Team) -> tuple[list[Member], list[Member]]:
    """Say whether one of the configuration's members is here, and was before."""
    left = team.departure(*member.addresses)
    if left is None:
        return [member], []
    gone = [msgspec.structs.replace(member, until=left.at)]
    back = next((found for one in member.addresses if (found := team.person(one)) and found.stage == "member"), None)
    if back is None or back.since is None or back.since < left.at:
        return [], gone
    return [msgspec.structs.replace(member, since=back.since)], gone
