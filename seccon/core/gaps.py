"""What an advisory lacks. Each gap has the name by which a policy says that it stops (`[advisory] needs`)."""

from collections.abc import Iterator

from seccon.core.advisory import Advisory, main_branch
from seccon.core.case import Case
from seccon.core.gate import Finding
from seccon.core.policy import Policy


def gaps(case: Case, policy: Policy, told: Advisory) -> list[Finding]:
    """Give every gap; those that the policy does not need only warn."""
    needs: tuple[str, ...] = policy.advisory.needs
    return [
        Finding(name, "gap", sentence, key, stops=name.partition(":")[0] in needs)
        for part in (_words(told), _ids(case, policy, told), _branches(case, policy, told), _people(case))
        for name, sentence, key in part
    ]


Gap = tuple[str, str, str]
"""Name, sentence, key."""


def _words(told: Advisory) -> Iterator[Gap]:
    for name in ("title", "description", "impact"):
        if not getattr(told, name):
            yield name, f"The advisory has no {name}.", "E"
    if not told.workaround and not told.no_workaround:
        yield "workaround", "Nothing is said of a workaround: write it, or 'none'.", "E"
    if not told.cwe:
        yield "cwe", "The kind of weakness is not named (CWE).", "E"
    if not told.patchers:
        yield "patchers", "Nobody is named who wrote the fix.", "E"


def _ids(case: Case, policy: Policy, told: Advisory) -> Iterator[Gap]:
    if not told.cve:
        yield "cve", "The issue has no CVE id.", "C"
    if not told.notice:
        yield "notice", "The notice has no number.", "E"
    if not told.severity:
        yield "severity", "The issue is not rated.", "s"
    if not told.cvss and policy.severity.cvss != "none":
        yield "cvss", "There is no CVSS vector.", "V"
    if not told.references:
        yield "references", "There is no reference that the public can open.", "E"
    if case.work.bug is None:
        yield "bug", "No upstream bug is recorded.", "b"


def _branches(case: Case, policy: Policy, told: Advisory) -> Iterator[Gap]:
    if not told.affected:
        yield "affected", "No branch tells what is affected: its commits or tags.", "F"
    if not any(one.state in ("written", "merged", "released") for one in told.places):
        yield "fixed", f"No branch has the fix, not even {main_branch(policy) or 'the main one'}.", "F"
    for name in policy.branch_names:
        if name not in case.work.branches:
            yield f"branches:{name}", f"Nobody looked at branch {name}.", "F"


def _people(case: Case) -> Iterator[Gap]:
    for report in case.reports:
        if report.credit is None:
            who = report.reporter.name or report.reporter.address
            yield f"credits:{report.id}", f"It is not known how {who} wants to be credited.", "H"
    for party in case.work.parties:
        if not party.is_ready(case.work.patch):
            yield f"parties:{party.address}", f"{party.label} is not ready to publish.", "v"
