"""Facts of a case: the words that a policy's conditions are made of (`condition.FACTS`)."""

from seccon.core.announcing import LISTED, announce_lists, announced_on, seen_on
from seccon.core.case import Case, Report, events, public_since
from seccon.core.condition import holds
from seccon.core.ids import address_key
from seccon.core.instants import Instant
from seccon.core.policy import Policy
from seccon.core.second import asked_by, settled
from seccon.core.work import Work


def facts(case: Case, policy: Policy) -> frozenset[str]:
    """Give the facts that hold; none of them depends on the time of day."""
    rating = case.assessment.body if case.assessment and not case.sealed else None
    embargo = case.embargo
    held = {
        "received": bool(case.reports),
        "acknowledged": bool(case.reports) and all(report.acknowledged for report in case.reports),
        "accepted": case.id is not None,
        "assessed": rating is not None,
        "rated": rating is not None and policy.rank(rating.severity) >= 0,
        "security": not (rating and not rating.severity),
        "encrypted": any(mail.encrypted and mail.direction == "in" and not mail.party for mail in case.mails),
        "public": case.public,
        "exploited": case.exploited,
        "embargo-proposed": embargo.state == "proposed",
        "embargo-active": embargo.active,
        "embargo-revised": embargo.state == "revised",
        "embargo-ended": embargo.state == "ended",
        "embargo-told": embargo.active and all(report.told == embargo.until for report in case.reports),
        "released": is_public(case),
        "claimed": bool(case.owner),
        "closed": case.closed is not None,
    }
    known = frozenset(name for name, true in (held | _work(case, policy)).items() if true)
    wanted = case.sealed or (
        rating is not None and (rating.second in ("open", "blind") or asked_by(policy, known, case.severity))
    )
    known |= {"second-wanted"} if wanted else frozenset()
    known |= _of_rules(policy, known, policy.rank(case.severity))
    return known | {"disclosed"} if _is_disclosed(case, policy, known) else known


def _of_rules(policy: Policy, known: frozenset[str], rank: int) -> frozenset[str]:
    """Give the facts that the policy makes of others: whether it wants an embargo, and a CVE id."""
    scale, rule = policy.severity.scale, policy.embargo
    refused = bool(rule.forbidden) and holds(rule.forbidden, known, rank, scale)
    made = {
        "embargo-wanted": bool(rule.wanted) and not refused and holds(rule.wanted, known, rank, scale),
        "cve-wanted": "cve" not in known and holds(policy.cve.when, known, rank, scale),
    }
    return frozenset(name for name, true in made.items() if true)


def _is_disclosed(case: Case, policy: Policy, known: frozenset[str]) -> bool:
    rank, scale = policy.rank(case.severity), policy.severity.scale
    telling = [one for one in policy.day if one.publishes and holds(one.when, known, rank, scale)]
    lists = bool(announce_lists(case, policy))
    done = [
        "announced" in known if one.verb == "announce" else holds(one.done, known, rank, scale)
        for one in telling
        if lists or one.verb not in LISTED
    ]
    return bool(done) and all(done)


def is_public(case: Case) -> bool:
    """Say whether everybody may know: a date that passes makes nothing public (E10), a person's recorded word does."""
    if case.public or (case.closed is not None and case.closed.outcome in _PUBLIC_ENDS):
        return True
    ended = case.embargo.ended if case.embargo.state == "ended" else None
    return ended is not None and ended.reason in ("released", "leaked", "public", "exploited")


def owes_publication(case: Case, policy: Policy) -> bool:
    """Say whether everybody may know of an issue and the policy's day of disclosure has not told them (features, E9)."""
    if case.closed or case.quiet or case.embargo.active or not is_public(case):
        return False
    if case.embargo.state == "none" and case.work.bug is not None and case.work.bug.public:
        return False  # it was handled in the open from the beginning, and its bug has told everybody
    known = facts(case, policy)
    return {"accepted", "security"} <= known and any(one.publishes for one in policy.day) and "disclosed" not in known


def freed_at(case: Case) -> Instant | None:
    """Give since when everybody may know: the released date, or when it was said that it is public."""
    embargo, said = case.embargo, case.happened.get("public")
    if embargo.state != "ended":
        return said.last if said else public_since(case)
    released = embargo.ended is not None and embargo.ended.reason == "released"
    return embargo.until if released and embargo.until else embargo.ended_at


_PUBLIC_ENDS = ("published", "public-bug")
GO = "party-go"
"""The purpose of mails that tell a party that it is released."""


def told_go(case: Case, party: str) -> bool:
    """Say whether a party was told that it is released."""
    return any(address_key(party) in one.got for one in case.replies if one.queued.purpose == GO)


def _work(case: Case, policy: Policy) -> dict[str, bool]:
    work = case.work
    ticks = [work.ticks.get((report.id, item.id)) for report in case.reports for item in policy.item]
    newest = work.fixes[-1] if work.fixes else None
    secret = {mail.report for mail in case.mails if mail.encrypted and mail.direction == "in" and not mail.party}
    wanted = {address_key(one.address) for one in announce_lists(case, policy)}
    return {
        "waiting": work.waiting is not None,
        "complete": all(tick is not None and tick.held for tick in ticks),
        "checked": all(tick is not None for tick in ticks),
        "second-rated": bool(work.seconds) and not case.sealed,
        "settled": settled(case),
        "permission": any(one.granted for one in work.permissions),
        "cve": work.cve is not None,
        "bug": work.bug is not None,
        "bug-closed": work.bug_closed is not None,
        "fix-written": newest is not None and not newest.faulty,
        "fix-faulty": newest is not None and bool(newest.faulty),
        "written": _are_in(work, policy, _WRITTEN),
        "fixed": _are_in(work, policy, _DONE),
        "party": bool(work.parties),
        "parties-permitted": all(may_tell(case, one.address) for one in work.parties),
        "parties-told": all(one.told for one in work.parties),
        "parties-date": all(one.until == case.embargo.until for one in work.parties) or not case.embargo.active,
        "parties-answered": all(one.answered for one in work.parties),
        "parties-hold": all(one.holds >= work.patch or one.affected == "no" for one in work.parties),
        "parties-ready": all(one.is_ready(work.patch) for one in work.parties),
        "cve-requested": work.requested is not None,
        "cve-published": work.cve is not None and work.cve in work.published,
        "cve-disclosed": "cve-disclosed" in events(case),
        "cve-own": policy.cve.own,
        "advisory": work.advisory is not None,
        "credited": all(report.credit is not None for report in case.reports),
        "parties-go": all(one.affected == "no" or told_go(case, one.address) for one in work.parties),
        "announcement-seen": bool(wanted) and wanted <= seen_on(work),
        "wish": bool(work.wishes),
        "announced": bool(wanted) and wanted <= announced_on(work),
        "archived": secret <= work.archived,
    }


def may_tell(case: Case, whom: str) -> bool:
    """Say whether every reporter of the case permitted it: what one of them permits does not bind the others (F7)."""
    return case.work.may_tell(whom, [report.id for report in case.reports])


def lacking(case: Case, whom: str) -> tuple[Report, ...]:
    """Give the reports whose reporters have not permitted that somebody is told; empty where all have."""
    return tuple(report for report in case.reports if not case.work.permits(whom, report.id))


_DONE = ("merged", "released", "not-affected")
_WRITTEN = ("written", *_DONE)


def _are_in(work: Work, policy: Policy, states: tuple[str, ...]) -> bool:
    """Every branch that the policy names, and every other one of the project that the case knows; parties answer for theirs.

    Branches on which the process publishes no fix are left out.
    """
    known = dict.fromkeys((*policy.branch_names, *(one.branch for one in work.branches.values() if not one.owner)))
    wanted = [name for name in known if (rule := policy.rule_of(name)) is None or rule.owed]
    return bool(wanted) and all(name in work.branches and work.branches[name].state in states for name in wanted)
