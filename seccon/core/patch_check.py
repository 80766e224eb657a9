"""Checks what a commit or a patch says of itself against the case: what is missing, what is wrong, what tells too much (F3)."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from seccon.core.case import Case
from seccon.core.give_away import telling, unwanted
from seccon.core.policy import Policy
from seccon.core.repository import Message
from seccon.core.trailers import ABBREVIATED, BUG, Fault, credited, is_secret, trailers, unknown_trailers

_CVE = re.compile(r"\bCVE-\d{4}-\d{4,19}\b", re.IGNORECASE)
_FIXES = re.compile(r'([0-9a-f]{4,64})\b(?:\s*\((?:"|“)?(.*?)(?:"|”)?\))?\s*', re.IGNORECASE)


class Flaw(msgspec.Struct, frozen=True):
    """One thing that is not as it should be; `patch` counts from 1, 0 is all of them together."""

    kind: Literal["missing", "wrong", "telling"]
    sentence: str
    trailer: str = ""
    patch: int = 0


def check(case: Case, policy: Policy, messages: Sequence[Message], faults: tuple[Fault, ...] = ()) -> tuple[Flaw, ...]:
    """Say what is wrong with a fix, one patch or a series: each by itself, and all together for what is missing."""
    found = [flaw for place, one in enumerate(messages, 1) for flaw in _of_one(case, one, faults, place)]
    return (*_missing(case, policy, messages, faults), *found)


def _missing(case: Case, policy: Policy, messages: Sequence[Message], faults: tuple[Fault, ...]) -> Iterator[Flaw]:
    borne = [_parted(line) for message in messages for line in message.trailers]
    for one in trailers(case, policy, faults):
        if not one.held and not any(_bears(name, value, one.name, one.value) for name, value in borne):
            yield Flaw("missing", f"{one.name}: {one.value}", one.name)
    for name in unknown_trailers(case, policy, faults):
        kind = name.casefold()
        if not any(have.casefold() == kind for have, _ in borne) and not (is_secret(case) and kind in ("cve", "fixes", *BUG)):
            yield Flaw("missing", f"{name}: {_WHO.get(kind, 'its author knows')}", name)


_WHO = {
    "cve": "the case has no CVE id yet, C records it",
    "fixes": "the case has no CVE id, and knows no commit that brought the fault",
    "reported-by": "no reporter wants to be named",
    **dict.fromkeys(BUG, "the case has no bug yet, b records it"),
}


def _parted(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip(), value.strip()


def _bears(name: str, value: str, wanted: str, wanted_value: str) -> bool:
    """Say whether a trailer is the one that is wanted; of a commit the beginning of its id is enough."""
    if name.casefold() != wanted.casefold():
        return False
    found, asked = _FIXES.fullmatch(value), _FIXES.fullmatch(wanted_value)
    if wanted.casefold() == "fixes" and found and asked:
        return _alike(found[1], asked[1])
    return _plain(value) == _plain(wanted_value)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip("/")


def _alike(one: str, other: str) -> bool:
    short = min(len(one), len(other))
    return one[:short].lower() == other[:short].lower()


def _of_one(case: Case, message: Message, faults: tuple[Fault, ...], place: int) -> Iterator[Flaw]:
    for line in message.trailers:
        name, value = _parted(line)
        for sentence in _wrong(case, name.casefold(), value, faults):
            yield Flaw("wrong", sentence, name, place)
    for sentence in telling(case, message) if is_secret(case) else ():
        yield Flaw("telling", sentence, "", place)
    for sentence in unwanted(case, message):
        yield Flaw("telling", sentence, "", place)


def _wrong(case: Case, name: str, value: str, faults: tuple[Fault, ...]) -> Iterator[str]:
    ids = {one.upper() for one in _CVE.findall(value)} if name in ("cve", "fixes") else set()
    cve = case.work.cve
    for other in sorted(ids - {cve}):
        yield f"It bears {other}; the case {f'is {cve}' if cve else 'has no CVE id yet'}."
    if name in BUG and case.work.bug and _plain(value) != _plain(case.work.bug.url):
        yield f"It links {value}; the case's bug is {case.work.bug.url}."
    if name == "fixes" and not ids:
        yield from _wrong_commit(value, faults)
    if name == "reported-by":
        wanted = {_plain(one) for report in case.reports for one in credited(report)}
        if _plain(value) not in wanted and not _unnamed(case, value):
            said = "; ".join(one for report in case.reports for one in credited(report)) or "nobody"
            yield f"It names {value}; the case credits {said}."


def _unnamed(case: Case, value: str) -> bool:
    """Say whether that is somebody who wants no credit: told of by itself, in other words."""
    return any(True for _ in unwanted(case, Message("", value)))


def _wrong_commit(value: str, faults: tuple[Fault, ...]) -> Iterator[str]:
    found = _FIXES.fullmatch(value)
    if found is None or not faults:
        return
    named = next((one for one in faults if _alike(found[1], one.id)), None)
    if named is None:
        yield f"It names {found[1]}; the fault came with {', '.join(one.id[:ABBREVIATED] for one in faults)}."
    elif len(found[1]) < ABBREVIATED:
        yield f"It names {found[1]}: {ABBREVIATED} digits are wanted, {named.id[:ABBREVIATED]}."
    elif named.subject and found[2] is not None and _plain(found[2]) != _plain(named.subject):
        yield f"It calls {named.id[:ABBREVIATED]} “{found[2]}”; its subject is “{named.subject}”."
