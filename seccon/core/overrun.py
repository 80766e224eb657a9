"""A date in force that later events made too long: the fix came, a list outside was told, the rating or the policy changed."""

from seccon.core.case import Case, events
from seccon.core.limits import Finding, exceeded
from seccon.core.policy import Policy


def overrun(case: Case, policy: Policy) -> tuple[Finding, ...]:
    """Give the limits that the date in force exceeds as things stand now: hard ones, and aims that nobody gave a reason for."""
    embargo = case.embargo
    if not embargo.active or embargo.until is None or not embargo.windows:
        return ()
    over = exceeded(case, policy, embargo.until, "extension", embargo.windows[-1].start)
    none = {one.id for one in policy.embargo.limit if not one.length.count}
    """A limit of no length keeps a date from being set; one that is in force cannot be shortened to it: a step ends it."""
    return tuple(one for one in over if one.rule not in none and (one.strength == "hard" or not _has_reason(case, policy, one)))


def overrun_words(found: Finding) -> str:
    """Say of one limit that the date in force exceeds it, and what to do."""
    ways = "shorten it" if found.strength == "hard" else "shorten it, or agree on another date and write why"
    return f"The date in force exceeds what the process allows since {found.since}: {ways}. {found.sentence}"


def _has_reason(case: Case, policy: Policy, found: Finding) -> bool:
    """Say whether the date was knowingly set beyond this aim: a reason counts for what bound the date when it was written."""
    embargo = case.embargo
    if found.rule in embargo.overrides:
        return True
    proposed = [one.why for one in embargo.proposals if one.until == embargo.until]
    if not any(said.strip() for said in (embargo.why, *proposed)) or found.rule not in {one.id for one in policy.embargo.limit}:
        return False
    event = events(case).get(policy.embargo.counts_from) if policy.embargo.counts_from else None
    return event is None or event.first <= embargo.windows[-1].start
