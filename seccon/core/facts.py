"""Facts of a case: the words that a policy's conditions are made of (`condition.FACTS`)."""

from seccon.core.case import Case
from seccon.core.policy import Policy


def facts(case: Case, policy: Policy) -> frozenset[str]:
    """Give the facts that hold; none of them depends on the time of day."""
    rating = case.assessment.body if case.assessment else None
    embargo = case.embargo
    held = {
        "received": bool(case.reports),
        "acknowledged": bool(case.reports) and all(report.acknowledged for report in case.reports),
        "accepted": case.id is not None,
        "assessed": rating is not None,
        "rated": rating is not None and policy.rank(rating.severity) >= 0,
        "security": not (rating and not rating.severity),
        "encrypted": any(mail.encrypted and mail.direction == "in" for mail in case.mails),
        "public": case.public,
        "exploited": case.exploited,
        "embargo-proposed": embargo.state == "proposed",
        "embargo-active": embargo.active,
        "embargo-revised": embargo.state == "revised",
        "embargo-ended": embargo.state == "ended",
        "embargo-told": embargo.active and all(report.told == embargo.until for report in case.reports),
        "claimed": bool(case.owner),
        "closed": case.closed is not None,
    }
    return frozenset(name for name, true in held.items() if true)
