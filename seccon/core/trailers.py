"""The trailers that the policy wants on a fix, as far as the case knows their values (features, F3)."""

from seccon.core.case import Case
from seccon.core.policy import Policy


def known_trailers(case: Case, policy: Policy) -> tuple[str, ...]:
    """Give the lines that the fix must bear: who reported it, its CVE id, its bug, in the policy's order.

    What the policy wants beside these (who tested it) only the patch's author knows: it is asked for, not proposed.
    """
    values = {
        "reported-by": [f"{one.reporter.name} <{one.reporter.address}>".strip() for one in case.reports],
        "cve": [str(case.work.cve)] if case.work.cve else [],
        "bug": [case.work.bug.url] if case.work.bug else [],
    }
    return tuple(f"{name}: {value}" for name in policy.trailers for value in values.get(name.casefold(), []))


def lacking_trailers(case: Case, policy: Policy, trailers: tuple[str, ...]) -> tuple[str, ...]:
    """Give the names of known trailers that a patch does not bear."""
    have = {line.partition(":")[0].strip().casefold() for line in trailers}
    wanted = dict.fromkeys(line.partition(":")[0] for line in known_trailers(case, policy))
    return tuple(name for name in wanted if name.casefold() not in have)
