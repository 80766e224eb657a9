"""Lists outside, whose rules count from the first mail to them: when that was, and from where limits count (features, E7)."""

from collections.abc import Collection, Iterator

from seccon.core.case import Case, events
from seccon.core.condition import holds
from seccon.core.facts import facts
from seccon.core.ids import address_key
from seccon.core.instants import Instant
from seccon.core.outward import Limit, Outside
from seccon.core.policy import Policy

"""States of a reply that is on its way, arrived, or may have."""


def addresses(outside: Outside) -> frozenset[str]:
    """Give every address of a list, in the form in which they are compared."""
    return frozenset(map(address_key, (outside.address, *outside.also)))


def outside_at(policy: Policy, wanted: Collection[str]) -> tuple[Outside, ...]:
    """Find the lists outside that have one of these addresses."""
    keys = frozenset(map(address_key, wanted))
    return tuple(one for one in policy.outside if addresses(one) & keys)


def first_post(case: Case, outside: Outside) -> Instant | None:
    """Give when the list was first written to: by us, on record as told, or in a mail that we saw; None: never."""
    return first_told(case, addresses(outside))


def first_told(case: Case, wanted: frozenset[str]) -> Instant | None:
    """Give when one of these addresses was first told of the case.

    What we wrote and what is on record counts. A header of a mail from outside counts until a person says when, or that it never
    was: lists refuse mail, and anybody can write any To.
    """
    said = [case.work.lists_told[address] for address in wanted if address in case.work.lists_told]
    word, at = max(said, key=lambda one: one[1], default=(None, None))
    found = [*_ours(case, wanted), *(one for one in _claimed(case, wanted) if at is None or one > at)]
    if word is not None and at is not None and word.told:
        found.append(word.when or at)
    return min(found, default=None)


def _ours(case: Case, wanted: frozenset[str]) -> Iterator[Instant]:
    for reply in case.replies:
        yield from (when for address, when in reply.got.items() if address in wanted)
        if (reply.perhaps | reply.on_its_way) & wanted:
            yield reply.at
    for mail in case.mails:
        if mail.direction != "in" and mail.arrived and any(address_key(one) in wanted for one in mail.to):
            yield mail.arrived
    for party in (*case.work.parties, *case.work.outside.gone):  # what they know they know
        if party.told_at and address_key(party.address) in wanted:
            yield party.told_at


def _claimed(case: Case, wanted: frozenset[str]) -> Iterator[Instant]:
    for mail in case.mails:
        # Who came to the thread by its References alone took no part before: what their header names starts no clock.
        if mail.direction == "in" and not mail.joined and mail.arrived and any(address_key(one) in wanted for one in mail.to):
            yield mail.arrived


def public_lists(policy: Policy, case: Case | None = None) -> tuple[str, ...]:
    """Give the public lists to which whoever writes to a list outside must post too; of a case, those that are owed it."""
    lists = [one for one in policy.outside if case is None or first_post(case, one)]
    return tuple(dict.fromkeys(rule.list for one in lists for rule in one.preflight if rule.check == "also"))


def counts_from(case: Case, outside: Outside, post: Instant) -> Instant | None:
    """Give from where its limits count if the list was first written to at `post`; None while its own event has not happened.

    `received` is what the list received: our mail. Another event, such as `fix-proposed`, counts from when both had happened.
    """
    event = outside.embargo.counts_from
    if event in ("", "received"):
        return post
    happened = events(case).get(event)
    return max(post, happened.first) if happened else None


def limits(case: Case, policy: Policy, outside: Outside) -> tuple[Limit, ...]:
    """Give the limits of a list that hold for this case."""
    known, rank = facts(case, policy), policy.rank(case.severity)
    return tuple(one for one in outside.embargo.limit if holds(one.when, known, rank, policy.severity.scale))
