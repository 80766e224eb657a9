"""Rate a case (features, T1 T2), and ask a colleague to rate it too (T4)."""

from collections.abc import Sequence

import msgspec

from seccon.core.case import Assessment, Case
from seccon.core.errors import RefusedError
from seccon.core.facts import facts
from seccon.core.instants import Instant
from seccon.core.journal import Body
from seccon.core.journal.cases import Assessed
from seccon.core.policy import Policy
from seccon.core.second import WORDS, asked_by, veiled, weaker
from seccon.core.severity import check
from seccon.desk.request import CaseRequest, require_open


class Assess(CaseRequest, frozen=True, kw_only=True):
    """Record a rating; the suggestion in it is worked out anew here, never taken from the asker."""

    rating: Assessed
    """Its `second` empty: as the process asks."""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write the rating as the policy's questions judge it."""
        require_open(case)
        if veiled(case):
            raise sealed(case, policy)
        return (_with_wish(check(policy, self.rating), case, policy, now),)


def sealed(case: Case, policy: Policy) -> RefusedError:
    """Say that a colleague's rating is sealed for this person, and the ways on."""
    who = case.assessment.by if case.assessment else "A colleague"
    said = f"{who} has rated it: {WORDS}."
    source = policy.severity.second.source or "features T4"
    return RefusedError("second.sealed", said, source, "S rates it unseen; U shows the first rating, and that is on record.")


def _with_wish(rating: Assessed, case: Case, policy: Policy, now: Instant) -> Assessed:
    """Say in the rating whether a colleague is asked. Raises RefusedError for asking less than the process, without a reason."""
    bare = msgspec.structs.replace(rating, second="")
    rated = msgspec.structs.replace(case, assessments=(*case.assessments, Assessment("", now, bare)))
    asked = "" if case.work.seconds else asked_by(policy, facts(rated, policy), rating.severity)
    if not rating.second:
        return msgspec.structs.replace(rating, second=asked)
    rule = policy.severity.second
    if weaker(rating.second, asked) and not rating.why.strip():
        said = rule.sentence or f"The process asks for a second rating here ({asked})."
        raise RefusedError("severity.second", said, rule.source, "Write why it is not asked for.")
    return rating if asked or rating.second != "none" else bare
