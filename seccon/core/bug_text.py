"""When the process lets the upstream bug be public, and what it is closed with (features, F2). Pure."""

from collections.abc import Collection

from seccon.core.case import Case
from seccon.core.condition import Condition, holds
from seccon.core.errors import RefusedError
from seccon.core.facts import facts
from seccon.core.policy import Policy, StepRule

_BY_THE_WAY = ("bug", "fix-written", "cve")
"""Facts that say whether there is something left to do, not whether it is allowed."""


def require_bug(case: Case, policy: Policy) -> None:
    """Refuse a text for everybody before its time: low severity at once, else when the embargo has ended, as the policy says."""
    if case.embargo.active and not case.public:
        until = case.embargo.until
        raise RefusedError(
            "embargo.secret",
            f"A public bug would tell everybody; the embargo of case {case.label} holds until {until:%Y-%m-%d %H:%M}Z.",
            policy.embargo.source,
            "End the embargo first: e, then E.",
        )
    rules = [rule for rule in policy.step if rule.verb == "bug"]
    held, rank = facts(case, policy), policy.rank(case.severity)
    lacking = {rule.id: _lacking(rule, held, rank, policy) for rule in rules}
    if rules and all(lacking.values()):
        nearest = min(rules, key=lambda rule: len(lacking[rule.id]))
        ways = "; or ".join(dict.fromkeys(", ".join(map(str, lacking[rule.id])) for rule in rules))
        raise RefusedError("bug.early", f"The process opens no public bug yet. What lacks is: {ways}.", nearest.source)


def _lacking(rule: StepRule, held: Collection[str], rank: int, policy: Policy) -> list[Condition]:
    wanted = [one for one in rule.when if one.fact not in _BY_THE_WAY]
    return [one for one in wanted if not holds((one,), held, rank, policy.severity.scale)]


def fixed_in(case: Case, policy: Policy) -> tuple[str, tuple[str, ...]]:
    """Give the commit of the first branch that has the fix, as a link where the policy knows one; and the others by branch.

    Raises RefusedError while no branch has it.
    """
    names = policy.branch_names
    own = [one for one in case.work.branches.values() if not one.owner and one.state in ("merged", "released") and one.commit]
    own.sort(key=lambda one: names.index(one.branch) if one.branch in names else len(names))
    if not own:
        raise RefusedError("bug.unfixed", "No branch has the fix yet.", policy.source, "F records it, or finds it in git.")
    page = next((one.commits for one in policy.advisory.product if one.commits), "")
    first, rest = own[0], own[1:]
    whole = [f"{page}{one}" if page and "/" not in one else one for one in (first.commit, *first.further)]
    more = [f"{one.branch}: {', '.join((one.commit, *one.further))}" for one in rest]
    return whole[0], (*(f"{first.branch}: {one}" for one in whole[1:]), *more)
