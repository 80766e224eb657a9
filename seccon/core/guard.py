"""The guard: what may leave, to whom, and how protected. It fails closed: what no rule allows is refused.

Takes facts and keys as values, gives the pre-send sheet. Rules are named; each refusal says the rule, a sentence, its source,
and what can be done. Rules about keys and recipients are in `addressee`, those about the mail itself in `guard_rules`.
"""

from collections.abc import Iterator, Mapping

import msgspec

from seccon.core.addressee import Trust, lines_of
from seccon.core.circle import Circle
from seccon.core.guard_rules import RULES, Question
from seccon.core.ids import Fingerprint
from seccon.core.instants import Instant
from seccon.core.keys import Key, faults, warnings
from seccon.core.letter import (
    ANNOUNCEMENT,
    Choice,
    Letter,
    Refusal,
    Sheet,
    Way,
    digest_of,
    enclosed,
)
from seccon.core.preflight import Flight
from seccon.core.report import Address

_NO_FLIGHT = Flight()


def judge(
    letter: Letter,
    circle: Circle,
    trust: Mapping[str, Trust],
    sender: Address | None,
    signer: Key | None,
    now: Instant,
    flight: Flight = _NO_FLIGHT,
) -> Sheet:
    """Give the pre-send sheet of a letter. `trust` holds, by `address_key`, what is known of each address's key.

    `flight` is what lists outside want of it.
    """
    circle = msgspec.structs.replace(circle, outer=flight.outer(circle.outer))
    lines, found = lines_of(letter, circle, trust, now)
    found += flight.refusals
    asked = Question(letter, circle, lines, sender, signer, now)
    for rule in RULES:
        found += rule(asked)
    settled = tuple(one for one in found if _is_settled(one, letter.choices))
    sheet = Sheet(
        letter=letter.id,
        protection=letter.protection,
        sender=sender or Address(address=letter.identity),
        subject=letter.subject,
        outer=circle.outer if letter.protection == "encrypted" else letter.subject,
        signer=signer.fingerprint if signer and letter.protection != "clear" else None,
        lines=lines,
        refusals=tuple(one for one in found if one not in settled),
        settled=settled,
        warnings=(*flight.warnings, *_warnings(asked)),
        enclosed=enclosed(letter),
    )
    return msgspec.structs.replace(sheet, digest=digest_of(letter, sheet))


def encryption_keys(sheet: Sheet, signer: Key | None, now: Instant) -> tuple[Fingerprint, ...]:
    """Give the keys to encrypt to: the recipients', and the signer's where it can, so that we can read what we sent."""
    own = (signer.fingerprint,) if signer is not None and not faults(signer, now) else ()
    return tuple(dict.fromkeys((*sheet.keys, *own)))


def _is_settled(refusal: Refusal, choices: tuple[Choice, ...]) -> bool:
    """Only a rule that allows it is overridden, and only with a written reason."""
    return Way.OVERRIDE in refusal.ways and any(
        one.choice == "overridden" and one.rule == refusal.rule and one.recipient == refusal.recipient and one.why.strip()
        for one in choices
    )


def _warnings(asked: Question) -> Iterator[str]:
    yield from asked.letter.doubts
    if asked.clear:
        yield "This mail leaves in clear text: everybody on the way can read it, its subject too."
    if asked.letter.party:
        yield from _party_warnings(asked.letter)
    elif asked.letter.report and not any(line.recipient.role == "reporter" for line in asked.going):
        yield "Internal: the reporter does not get this mail."
    if asked.letter.purpose == ANNOUNCEMENT:
        yield from asked.circle.gaps
    if asked.signer is not None and asked.letter.protection != "clear":
        for fault in warnings(asked.signer, asked.now):
            yield f"The signing key {fault}."


def _party_warnings(letter: Letter) -> Iterator[str]:
    if letter.patch:
        yield f"Once it is handed over, it is on record that they hold version {letter.patch} of the patch."
    if letter.patch and not letter.attachments:
        yield "No file goes with it."
