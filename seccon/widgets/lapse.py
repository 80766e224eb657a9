"""How long ago and how long still, in few cells: the greatest unit that says enough at a glance."""

from datetime import timedelta

from seccon.core.instants import Instant

SOON = timedelta(days=2)
"""From here on a due time is marked as near."""

_STEPS = (
    (timedelta(minutes=60), timedelta(minutes=1), "m"),
    (timedelta(hours=48), timedelta(hours=1), "h"),
    (timedelta(days=100), timedelta(days=1), "d"),
    (timedelta(weeks=104), timedelta(weeks=1), "w"),
)


def short(length: timedelta) -> str:
    """Write a length as `5m`, `22h`, `9d`, `30w`, `3y`: rounded down: nothing seems further off than it is."""
    length = abs(length)
    for below, unit, letter in _STEPS:
        if length < below:
            return f"{length // unit}{letter}"
    return f"{length // timedelta(days=365)}y"


def age(since: Instant | None, now: Instant) -> str:
    """Say how old something is; nothing where nobody knows, or where its clock was ahead of ours."""
    return "" if since is None else short(max(now - since, timedelta()))


def left(due: Instant | None, now: Instant) -> str:
    """Say `4d left` or `2d over`; nothing where nothing is due."""
    if due is None:
        return ""
    return f"{short(due - now)} {'over' if due <= now else 'left'}"
