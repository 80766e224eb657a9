"""When to try again: waits that grow, by tenacity's reckoning; the time is written into the outbox, nobody sleeps."""

from datetime import timedelta

from seccon.core.instants import Instant, instant

FIRST = 60.0
LONGEST = 4 * 3600.0
CHANCE = 10.0
"""Seconds. With `MOST` tries this gives up after about four days, as mail servers do."""
MOST = 32


class GrowingBackoff:
    """A minute, two, four … four hours, each with a little chance added."""

    def __call__(self, tries: int, now: Instant) -> Instant | None:
        """Give when to try next after so many failures; None: give up."""
        if tries >= MOST:
            return None
        from tenacity import RetryCallState, Retrying, wait_exponential, wait_random

        state = RetryCallState(Retrying(), None, (), {})
        state.attempt_number = max(tries, 1)
        wait = wait_exponential(multiplier=FIRST, max=LONGEST) + wait_random(0, CHANCE)
        return instant(now + timedelta(seconds=wait(state)))
