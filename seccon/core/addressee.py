"""One recipient on the pre-send sheet: which key is trusted for them, and whether they may know.

A pinned full fingerprint is the trust; a roster's key counts for its member, our own identity's key for its address.
"""

from collections.abc import Iterator, Mapping

import msgspec

from seccon.core.circle import Circle
from seccon.core.ids import Fingerprint, address_key
from seccon.core.instants import Instant
from seccon.core.keys import Key, faults, warnings
from seccon.core.letter import Letter, Line, Recipient, Refusal, Way, clean_line, is_address

_SHEET = "missing, expired, revoked keys stop it"
_CIRCLE = "a recipient who is not in the case"
_PERMISSION = "nobody outside is told without the permission of each reporter"


class Trust(msgspec.Struct, frozen=True):
    """What is known of one address's key: the trusted one (fingerprint, how verified, the key if we hold it), and claims."""

    fingerprint: Fingerprint | None = None
    how: str = ""
    key: Key | None = None
    offered: tuple[Fingerprint, ...] = ()
    disputed: Fingerprint | None = None
    """Another key that is also said to be theirs: the roster and the pin disagree."""


def lines_of(letter: Letter, circle: Circle, trust: Mapping[str, Trust], now: Instant) -> tuple[tuple[Line, ...], list[Refusal]]:
    """Give a line for each recipient, and for each member behind a list that is encrypted to its members; with refusals."""
    lines: list[Line] = []
    refusals: list[Refusal] = []
    seen: set[str] = set()
    for recipient in letter.recipients:
        key = address_key(recipient.address)
        if key in seen:
            continue
        seen.add(key)
        line, against = _line(recipient, letter, circle, trust.get(key, Trust()), now)
        lines.append(line)
        refusals += against
    behind = {address_key(member.recipient.address): member for line in lines for member in _members(line, letter, circle)}
    for key, made in behind.items():
        if key in seen:
            continue
        line, against = _keyed(made, letter, trust.get(key, Trust()), now)
        lines.append(line)
        refusals += against
    return tuple(lines), refusals


def _line(recipient: Recipient, letter: Letter, circle: Circle, trust: Trust, now: Instant) -> tuple[Line, list[Refusal]]:
    if not is_address(recipient.address):
        sentence = f"'{clean_line(recipient.address)}' is not an address that mail is sent to."
        return Line(recipient), [Refusal("bad-address", sentence, "RFC 5321, 4.1.2", recipient.address)]
    may_know, because = standing(recipient.address, circle)
    if recipient.role == "other" and address_key(recipient.address) in circle.reporters:
        recipient = msgspec.structs.replace(recipient, role="reporter")  # typed by hand: a letter to them is an answer to them
    line = Line(recipient, may_know=may_know, because=because)
    refusals = list(_circle(line, circle))
    mailing = circle.list_at(recipient.address)
    if letter.protection == "encrypted" and mailing is not None and mailing.transport == "clear":
        line, left = _left_out(line, letter)
        if not left:
            sentence = f"The list {recipient.address} cannot decrypt: its readers would get what they cannot read."
            refusals.append(Refusal("list-clear", sentence, mailing.source or _SHEET, recipient.address, _ways(recipient)))
    elif not (mailing is not None and mailing.transport == "members"):
        line, against = _keyed(line, letter, trust, now)
        refusals += against
    return line, [] if line.left_out else refusals


def _circle(line: Line, circle: Circle) -> Iterator[Refusal]:
    if line.may_know:
        return
    address = line.recipient.address
    ways = (Way.MEND, Way.OVERRIDE)
    if address_key(address) in circle.unpermitted:
        # No written reason takes the place of the reporters' word: it is theirs alone.
        yield Refusal("party-permission", untold(address, circle), _PERMISSION, address)
    elif address_key(address) in circle.others:
        sentence = f"{address} reported the same issue on another thread: the reporters are not told of each other."
        yield Refusal("other-reporter", sentence, "issue of several reporters", address, ways)
    elif circle.list_at(address) is None:
        yield Refusal("stranger", f"{address} is not in {circle.label}: {line.because}.", _CIRCLE, address, ways)


def untold(address: str, circle: Circle) -> str:
    """Say who has not permitted that a party is told, and what to do."""
    key = address_key(address)
    who = circle.unpermitted[key]
    lacking = f"{' and '.join(who)} {'has' if len(who) == 1 else 'have'} not permitted it" if who else "no reporter permitted it"
    return f"{circle.invited[key]} <{address}> may not be told: {lacking}. P records each permission, with its mail."


def _is_anyone(key: str, circle: Circle) -> bool:
    return circle.permitted and key not in (circle.others | circle.refused | circle.unpermitted.keys())


def standing(address: str, circle: Circle) -> tuple[bool, str]:
    """Say whether whoever reads at an address may know of the case, and why."""
    key = address_key(address)
    mailing = circle.list_at(address)
    member = circle.member_at(address)
    reasons = (
        (circle.public, "the case is public"),
        (key in circle.reporters and circle.claimed, "the reporter, as headers claim that a list passed on"),
        (key in circle.reporters, "the reporter"),
        (key in circle.own, "our own address"),
        (member is not None, "a member of the team"),
        (mailing is not None and not mailing.public, "a private list of the policy"),
        (key in circle.parties, "a party that may be told"),
        (_is_anyone(key, circle) and mailing is None, "the reporter permits that anyone is told"),
        (key in circle.told and key not in circle.others, "the reporter wrote to them too"),
    )
    reason = next((words for holds, words in reasons if holds), "")
    if reason:
        return True, reason
    if key in circle.unpermitted:
        return False, "a party, and not every reporter has permitted it"
    if key in circle.removed:
        return False, "they took part, and were removed"
    if mailing is not None:
        return False, "a public list"
    return False, "another report's reporter" if key in circle.others else "nobody of the case knows them"


def _members(line: Line, letter: Letter, circle: Circle) -> Iterator[Line]:
    """Give a line for each member behind a list whose mail is encrypted to each of them."""
    mailing = circle.list_at(line.recipient.address)
    if letter.protection != "encrypted" or line.left_out or mailing is None or mailing.transport != "members":
        return
    for member in circle.members:
        if member.addresses:
            recipient = Recipient(member.addresses[0], member.name, "member", "cc")
            yield Line(recipient, may_know=True, because="a member of the team", via=mailing.address)


def _keyed(line: Line, letter: Letter, trust: Trust, now: Instant) -> tuple[Line, list[Refusal]]:
    """Put the key on a line; refuse what cannot be used, unless this recipient was left out."""
    key = trust.key
    line = msgspec.structs.replace(
        line,
        fingerprint=trust.fingerprint if letter.protection == "encrypted" else None,
        expires=key.expires if key else None,
        how=trust.how,
        notes=warnings(key, now) if key else (),
        offered=trust.offered if trust.fingerprint is None else (),
        disputed=trust.disputed if letter.protection == "encrypted" else None,
    )
    if letter.protection != "encrypted":
        return line, []
    refusals = list(_key_faults(line, trust, now))
    if refusals:
        line, left = _left_out(line, letter)
        return line, [] if left else refusals
    return line, []


def _key_faults(line: Line, trust: Trust, now: Instant) -> Iterator[Refusal]:
    address, ways = line.recipient.address, _ways(line.recipient)
    if trust.fingerprint is None and trust.offered:
        sentence = f"No key is confirmed for {address}. A key that claims it is here: compare its fingerprint, then pin it."
        yield Refusal("key-unpinned", sentence, "an unpinned key asks for one explicit pin", address, (Way.PIN, *ways))
    elif trust.fingerprint is None:
        sentence = f"There is no key for {address}."
        yield Refusal("key-missing", sentence, _SHEET, address, (Way.PIN, *ways))
    elif trust.disputed is not None:
        sentence = f"Two keys are said to be that of {address}: one is pinned, the roster names another. p says which is right."
        yield Refusal("key-disputed", sentence, "a key change is loud", address, (Way.PIN, *ways))
    elif trust.key is None:
        sentence = f"The key of {address} ({trust.fingerprint}) is not in the keyring."
        yield Refusal("key-missing", sentence, _SHEET, address, (Way.PIN, *ways))
    else:
        for fault in faults(trust.key, now):
            yield Refusal("key-unusable", f"The key of {address} {fault}.", _SHEET, address, (Way.PIN, *ways))


def _ways(recipient: Recipient) -> tuple[Way, ...]:
    """A reporter is never left out, nor whom the mail is addressed to."""
    may_leave = recipient.field == "cc" and recipient.role != "reporter"
    return (Way.LEAVE_OUT,) if may_leave else (Way.MEND,)


def _left_out(line: Line, letter: Letter) -> tuple[Line, bool]:
    if Way.LEAVE_OUT not in _ways(line.recipient):
        return line, False
    wanted = address_key(line.recipient.address)
    chosen = any(one.choice == "left-out" and address_key(one.recipient) == wanted for one in letter.choices)
    return (msgspec.structs.replace(line, left_out=True), True) if chosen else (line, False)
