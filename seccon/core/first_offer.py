"""The date that the console offers first: within the policy's own length, and on a day on which somebody can deploy a fix."""

from collections.abc import Container
from datetime import date, timedelta

from seccon.core.instants import Instant
from seccon.core.limits import notes
from seccon.core.outward import EmbargoRule
from seccon.core.spans import after, zone
from seccon.core.typed import typed_instant

_BACK = 10
"""Days to look back over: a long weekend with holidays on both its sides."""


def first_offer(rule: EmbargoRule, now: Instant, holidays: Container[date]) -> str:
    """Give the latest day at the policy's hour within its length that is not warned of; where there is none, the latest."""
    where = zone(rule.zone)
    latest = after(now, rule.default, where)
    days = [latest.astimezone(where).date() - timedelta(days=back) for back in range(_BACK)]
    dated = [(day, _at(rule, day)) for day in days]
    within = [(day, until) for day, until in dated if until is not None and until <= latest]
    later = [(day, until) for day, until in within if day > now.astimezone(where).date() + timedelta(days=1)]
    fair = (day for day, until in later if not notes(until, rule.zone, holidays, rule.avoid))
    return f"{next(fair, within[0][0] if within else days[0])} {rule.hour}"


def _at(rule: EmbargoRule, day: date) -> Instant | None:
    try:
        return typed_instant(f"{day} {rule.hour}", rule.zone, rule.hour)
    except ValueError:  # an hour that this day has not, or has twice
        return None
