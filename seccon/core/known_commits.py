"""Which commits a case knows: of the fix, and of what brought the fault. Pure."""

import re

from seccon.core.case import Case
from seccon.core.journal.work import BranchSet
from seccon.core.policy import Policy

_ID = re.compile(r"[0-9a-f]{7,64}")


def fix_commits(case: Case, policy: Policy) -> tuple[str, ...]:
    """Give the fix's commits as they stand on the main branch, else of the newest version of the patch without a known fault."""
    for one in _branches(case, policy):
        found = _ids((one.commit, *one.further)) if one.state in ("written", "merged", "released") else ()
        if found:
            return found
    sound = [one.commit for one in sorted(case.work.fixes, key=lambda one: one.version) if one.commit and not one.faulty]
    return _ids(sound[-1:])


def fault_commits(case: Case, policy: Policy) -> tuple[str, ...]:
    """Give the commits that brought the fault, as they are recorded of the main branch, else of any branch of the project."""
    return next((found for one in _branches(case, policy) if (found := _ids(one.introduced))), ())


def _branches(case: Case, policy: Policy) -> tuple[BranchSet, ...]:
    """Give the project's branches, those that the policy names before others."""
    own = [one for one in case.work.branches.values() if not one.owner]
    names = policy.branch_names
    return tuple(sorted(own, key=lambda one: names.index(one.branch) if one.branch in names else len(names)))


def _ids(given: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Leave out what is a link, or a name: a person may type either."""
    return tuple(dict.fromkeys(one.strip().lower() for one in given if _ID.fullmatch(one.strip().lower())))
