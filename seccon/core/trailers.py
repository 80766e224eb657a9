"""The trailers that the policy wants on a fix, as far as the case knows their values (features, F3). Pure.

While the embargo holds, a fix that is committed where others read it must not tell of it: what would is held back.
"""

import msgspec

from seccon.core.case import Case, Report
from seccon.core.credit import people
from seccon.core.policy import Policy

BUG = ("bug", "resolves", "closes", "buglink")
"""Trailers that bear the bug's link, in comparable form."""
ABBREVIATED = 12
"""Digits of a commit in `Fixes:`."""


class Trailer(msgspec.Struct, frozen=True):
    """One line: `Name: value`; `held` says why not yet."""

    name: str
    value: str
    held: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class Fault(msgspec.Struct, frozen=True):
    """A commit that brought the fault; its subject where a clone knows it."""

    id: str
    subject: str = ""

    def __str__(self) -> str:
        return f'{self.id[:ABBREVIATED]} ("{self.subject}")' if self.subject else self.id[:ABBREVIATED]


def trailers(case: Case, policy: Policy, faults: tuple[Fault, ...] = ()) -> tuple[Trailer, ...]:
    """Give every line that the case can fill, in the policy's order."""
    return tuple(Trailer(name, value, held) for name in policy.trailers for value, held in _values(case, policy, name, faults))


def is_secret(case: Case) -> bool:
    """Say whether a public commit could give away what an embargo holds, or soon will."""
    return not case.public and case.embargo.state in ("proposed", "active", "revised")


def unknown_trailers(case: Case, policy: Policy, faults: tuple[Fault, ...] = ()) -> tuple[str, ...]:
    """Give the names that the policy wants and the case cannot fill: the patch's author knows, or nobody yet."""
    return tuple(name for name in policy.trailers if not _values(case, policy, name, faults))


def known_trailers(case: Case, policy: Policy) -> tuple[str, ...]:
    """Give the lines that a patch bears which only those read who may know."""
    return tuple(map(str, trailers(case, policy)))


def lacking_trailers(case: Case, policy: Policy, borne: tuple[str, ...]) -> tuple[str, ...]:
    """Give the names of known trailers that a patch does not bear; what tells of the embargo need not stand in it yet."""
    have = {line.partition(":")[0].strip().casefold() for line in borne}
    wanted = dict.fromkeys(one.name for one in trailers(case, policy) if not one.held)
    return tuple(name for name in wanted if name.casefold() not in have)


def credited(report: Report) -> tuple[str, ...]:
    """Name a reporter as they want it: by what they asked for; not asked yet: as they wrote; nobody who wants no credit."""
    own = report.reporter
    if report.credit is None:
        return (f"{own.name} <{own.address}>".strip(),)
    named = [one for one in people(report.credit) if not one.anonymous]
    same = own.name.casefold()
    return tuple(f"{one.name} <{own.address}>" if one.name.casefold() == same and not one.address else one.label for one in named)


def _values(case: Case, policy: Policy, name: str, faults: tuple[Fault, ...]) -> list[tuple[str, str]]:
    kind = name.casefold()
    held = _held(case)
    issue = [(str(case.work.cve), held)] if case.work.cve else []
    if kind == "cve":
        return issue
    if kind == "fixes":
        has_own = any(one.casefold() == "cve" for one in policy.trailers)
        return [*([] if has_own else issue), *((str(one), "") for one in faults)]
    if kind in BUG:
        return [(case.work.bug.url, held)] if case.work.bug else []
    return [(one, "") for one in _people(case, kind)]


def _people(case: Case, kind: str) -> tuple[str, ...]:
    newest = max(case.work.fixes, key=lambda one: one.version, default=None)
    if kind == "reported-by":
        return tuple(dict.fromkeys(one for report in case.reports for one in credited(report)))
    if kind == "tested-by":
        return newest.testers if newest else ()
    return newest.reviewers if kind == "reviewed-by" and newest else ()


def _held(case: Case) -> str:
    if not is_secret(case):
        return ""
    until = case.embargo.until
    return f"the embargo holds until {until:%Y-%m-%d %H:%M}Z" if until else "an embargo is being agreed"
