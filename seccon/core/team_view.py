"""The team as its screen shows it: members, nominees, vendors' seats, our own addresses, who left."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from seccon.core.admission import Rules, lacking, standing_vouches
from seccon.core.card import Tone
from seccon.core.ids import Fingerprint
from seccon.core.instants import Instant
from seccon.core.keys import Key, faults, warnings
from seccon.core.roster_state import Person, Team, seat_key
from seccon.core.team import Identity, Member, Roster

Standing = Literal["nominee", "member", "seat", "own", "former"]


class TeamLine(msgspec.Struct, frozen=True):
    """One line of the list, and what is to be said under it. Texts may be a nominee's own: hostile."""

    standing: Standing
    name: str
    address: str = ""
    """By what the verbs know them; of a seat the vendor's name."""
    company: str = ""
    role: str = ""
    login: str = ""
    state: str = ""
    tone: Tone = ""
    key: str = ""
    key_tone: Tone = "quiet"
    pledge: str = ""
    said: tuple[tuple[str, str, Tone], ...] = ()
    """Name, text, tone of what is said under the list."""


class TeamView(msgspec.Struct, frozen=True):
    """The whole screen; `seen` is the last entry of the team's file."""

    seen: int
    lines: tuple[TeamLine, ...]
    rotate: tuple[str, ...] = ()
    """What the processes want rotated when somebody leaves."""
    person: str = ""


def team_lines(
    team: Team, roster: Roster, identities: Sequence[Identity], keys: Mapping[Fingerprint, Key | None], now: Instant, rules: Rules
) -> tuple[TeamLine, ...]:
    """List everybody: who waits for a decision first."""
    return (
        *(_nominee(one, team, roster, rules) for one in team.people.values() if one.stage == "nominee"),
        *(_member(one, team, keys, now, roster) for one in roster.members),
        *_seats(team, roster),
        *(_own(one, keys, now) for one in identities),
        *(_former(one, team, roster) for one in roster.former),
        *(_declined(one) for one in team.people.values() if one.stage == "declined"),
    )


def _nominee(person: Person, team: Team, roster: Roster, rules: Rules) -> TeamLine:
    wants = lacking(team, roster, person, rules)
    said: list[tuple[str, str, Tone]] = [("lacks", f"{one.sentence} ({one.source})", "warn") for one in wants]
    by = f"{roster.display(person.by)}, {person.at:%Y-%m-%d}" if person.at else roster.display(person.by)
    said.append(
        ("nominated", f"by {by}{f': {person.why}' if person.why else ''}{f', mail {person.mail}' if person.mail else ''}", "")
    )
    counted = standing_vouches(person, roster)
    for one in person.vouches:
        left = "" if one.by in counted else " (no member any more: it does not count)"
        said.append(("vouched", f"{roster.display(one.by)}, {one.at:%Y-%m-%d}: {one.why}{left}", "quiet" if left else "good"))
    said.append(("pledge", *_pledge(team, roster, person.address)))
    if person.fingerprint:
        said.append(("key", f"{spaced(person.fingerprint)}: what they say; compare it, then pin it", "warn"))
    short = {"approve.vouched": "vouch", "approve.pledged": "pledge"}
    state = "can be approved" if not wants else f"lacks {', '.join(dict.fromkeys(short[one.rule] for one in wants))}"
    return TeamLine(
        "nominee", person.name or person.address, person.address, person.company, person.role,
        state=state, tone="good" if not wants else "warn", key="claimed" if person.fingerprint else "no key",
        pledge="pledged" if team.pledge(person.address) else "–", said=tuple(said),
    )  # fmt: skip


def _member(member: Member, team: Team, keys: Mapping[Fingerprint, Key | None], now: Instant, roster: Roster) -> TeamLine:
    words, tone = key_state(member.key, keys, now)
    pledge = team.pledge(*member.addresses)
    said: list[tuple[str, str, Tone]] = [("address", ", ".join(member.addresses), "")]
    said.append(("login", member.login or "none on this host: they decide nothing here", "" if member.login else "quiet"))
    said.append(("key", f"{spaced(member.key)}: {words}" if member.key else words, tone))
    said.append(("pledge", *_pledge(team, roster, *member.addresses)))
    person = next((found for one in member.addresses if (found := team.person(one))), None)
    if member.since and person:
        said.append(("member", f"since {member.since:%Y-%m-%d}, approved by {roster.display(person.approved_by)}", ""))
        said += [("vouched", f"{roster.display(one.by)}, {one.at:%Y-%m-%d}: {one.why}", "") for one in person.vouches]
    else:
        said.append(("member", "by the host's configuration", "quiet"))
    return TeamLine(
        "member", member.name, member.addresses[0] if member.addresses else "", member.company, member.role, member.login,
        "member", "", words, tone, "pledged" if pledge else "–", tuple(said),
    )  # fmt: skip


def _pledge(team: Team, roster: Roster, *addresses: str) -> tuple[str, Tone]:
    found = team.pledge(*addresses)
    if found is None:
        return "no promise to honour embargoes is recorded", "quiet"
    proof = f"mail {found.proof}" if found.proof else found.why
    return f"promised to honour embargoes: {proof} ({roster.display(found.by)}, {found.at:%Y-%m-%d})", "good"


def _seats(team: Team, roster: Roster) -> Iterator[TeamLine]:
    for key, seat in team.seats.items():
        there = [member.name for member in roster.members if seat_key(member.company) == key]
        asked = [
            one.name or one.address for one in team.people.values() if one.stage == "nominee" and seat_key(one.company) == key
        ]
        state = f"taken by {', '.join(there)}" if there else f"empty; nominated: {', '.join(asked)}" if asked else "empty"
        said: tuple[tuple[str, str, Tone], ...] = (
            ("seat", f"since {seat.at:%Y-%m-%d}{f': {seat.why}' if seat.why else ''}", ""),
        )
        yield TeamLine(
            "seat", seat.vendor, seat.vendor, seat.vendor, "vendor seat", state=state, tone="" if there else "warn", said=said
        )


def _own(identity: Identity, keys: Mapping[Fingerprint, Key | None], now: Instant) -> TeamLine:
    words, tone = key_state(identity.sign_key, keys, now, "sign")
    shown = f"{spaced(identity.sign_key)}: {words}" if identity.sign_key else "nothing can be signed from it"
    return TeamLine(
        "own", identity.name or identity.address, identity.address, role="our address", state="we write from it", key=words,
        key_tone=tone, said=(("address", identity.address, ""), ("key", shown, tone)),
    )  # fmt: skip


def _former(member: Member, team: Team, roster: Roster) -> TeamLine:
    left = team.departure(*member.addresses)
    again = any(member.writes_from(address) for one in roster.members for address in one.addresses)
    said: list[tuple[str, str, Tone]] = []
    if left is not None:
        said.append(("left", f"{left.at:%Y-%m-%d}, recorded by {roster.display(left.by)}: {left.why}", ""))
        said += [("rotate", one, "quiet" if again else "warn") for one in left.rotate]
    until = f"left {member.until:%Y-%m-%d}" if member.until else "left"
    return TeamLine(
        "former", member.name, member.addresses[0] if member.addresses else "", member.company, member.role, member.login,
        f"{until}{', came back' if again else ''}", "quiet", said=tuple(said),
    )  # fmt: skip


def _declined(person: Person) -> TeamLine:
    return TeamLine(
        "former", person.name or person.address, person.address, person.company, person.role, state="was not admitted",
        tone="quiet", said=(("declined", person.said, ""),),
    )  # fmt: skip


def key_state(
    fingerprint: Fingerprint | None, keys: Mapping[Fingerprint, Key | None], now: Instant, use: str = "encrypt"
) -> tuple[str, Tone]:
    """Say in words whether a key can be used."""
    if fingerprint is None:
        return "no key", "warn"
    key = keys.get(fingerprint)
    if key is None:
        return "not in the keyring", "alarm"
    wrong = faults(key, now, use)
    if wrong:
        return wrong[0], "alarm"
    soon = warnings(key, now)
    return (soon[0], "warn") if soon else ("usable", "good")


def spaced(fingerprint: Fingerprint) -> str:
    """Write a fingerprint in groups of four, as people compare it."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, 40, 4))


def keys_of(roster: Roster, identities: Sequence[Identity]) -> frozenset[Fingerprint]:
    """Name the keys that the screen has to know of."""
    found = {one.key for one in roster.members} | {one.sign_key for one in identities}
    return frozenset(one for one in found if one)
