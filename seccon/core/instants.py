"""Instants: aware, UTC, whole seconds, with one text form that sorts as time does."""

from datetime import UTC, datetime, timedelta

Instant = datetime
"""An aware datetime in UTC without a fraction of a second; only functions of this module make one from outside values."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FAR = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def instant(value: datetime) -> Instant:
    """Take an aware datetime of any zone. Raises ValueError where it has none."""
    if value.tzinfo is None:
        raise ValueError("a time without a zone is no instant")
    try:
        return value.astimezone(UTC).replace(microsecond=0)
    except OverflowError:  # 9999-12-31 -2359 is a date that mail has borne
        return FAR if value.year > 5000 else EPOCH


def from_timestamp(seconds: float) -> Instant:
    """Take seconds since 1970, kept within the years that can be written."""
    seconds = min(max(seconds, 0.0), FAR.timestamp())
    return EPOCH + timedelta(seconds=int(seconds))


def to_text(value: Instant) -> str:
    """Write `2026-11-21T19:13:00Z`: the only form in which an instant is stored."""
    return instant(value).replace(tzinfo=None).isoformat() + "Z"


def from_text(text: str) -> Instant:
    """Read what `to_text` wrote, and any ISO 8601 time that names its zone. Raises ValueError."""
    return instant(datetime.fromisoformat(text))
