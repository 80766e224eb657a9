"""The branches of a case as a person looks at them: what needs work first, up to 70 of them legible. Pure."""

import re
from collections.abc import Iterable

import msgspec

from seccon.core.branch_find import Finding
from seccon.core.case import Case
from seccon.core.facts import freed_at
from seccon.core.instants import Instant
from seccon.core.journal.work import BranchSet
from seccon.core.party import Party
from seccon.core.policy import Policy
from seccon.core.repository import Commit

_ORDER = ("conflict", "unknown", "", "vulnerable", "written", "merged", "released", "not-affected")
_DONE = ("merged", "released", "not-affected")
_DIGITS = re.compile(r"(\d+)")


class BranchRow(msgspec.Struct, frozen=True):
    """One branch: what is recorded of it, and what git says."""

    branch: str
    owner: str = ""
    """The party's address; empty: the project's branch."""
    whose: str = ""
    """What the party is called."""
    state: str = ""
    """As recorded; empty: nothing is."""
    found: str = ""
    """What git proves; `unknown`: nothing; empty: it was not asked, or has no such branch."""
    commits: tuple[str, ...] = ()
    introduced: tuple[str, ...] = ()
    vulnerable_tags: tuple[str, ...] = ()
    fixed_tags: tuple[str, ...] = ()
    when: Instant | None = None
    why: str = ""
    candidates: tuple[Commit, ...] = ()
    repository: str = ""
    is_news: bool = False
    """Git proves what is not recorded: another state, commit, tag or day."""

    @property
    def group(self) -> str:
        """Under what it stands: what a person has to look at before anything else."""
        if self.is_news and self.state and self.found != self.state:
            return "conflict"
        return self.state or self.found

    @property
    def needs_work(self) -> bool:
        """Somebody has to do something about it."""
        return self.group not in _DONE


def rows(case: Case, policy: Policy, found: Iterable[Finding] = ()) -> tuple[BranchRow, ...]:
    """Give every branch that the policy names, the case knows or git has: what needs work first, the newest version first."""
    findings = {one.branch: as_told(case, one) for one in found}
    names = policy.branch_names
    recorded = {(one.branch, one.owner): one for one in case.work.branches.values()}
    keys = dict.fromkeys([*((name, "") for name in names), *recorded, *((name, "") for name in findings)])
    made = [_row(case, name, owner, recorded.get((name, owner)), None if owner else findings.get(name)) for name, owner in keys]
    by_version = sorted(made, key=lambda row: _version(row.branch), reverse=True)
    return tuple(sorted(by_version, key=lambda row: (_ORDER.index(row.group), bool(row.owner), row.branch not in names)))


def _row(case: Case, name: str, owner: str, before: BranchSet | None, git: Finding | None) -> BranchRow:
    party = case.work.party(owner) if owner else None
    news = git is not None and is_news(git, before)
    shown = git if git is not None and (news or before is None) else before
    commits: tuple[str, ...] = ()
    if isinstance(shown, Finding):
        commits = shown.commits
    elif shown is not None:
        commits = tuple(one for one in (shown.commit, *shown.further) if one)
    return BranchRow(
        branch=name,
        owner=owner,
        whose=party.label if party else owner,
        state=before.state if before else "",
        found=git.state if git else "",
        commits=commits,
        introduced=shown.introduced if shown else (),
        vulnerable_tags=shown.vulnerable_tags if shown else (),
        fixed_tags=shown.fixed_tags if shown else (),
        when=shown.when if shown else None,
        why=(git.why if git else "") if shown is git or before is None else before.proof,
        candidates=git.candidates if git else (),
        repository=git.repository if git else "",
        is_news=news,
    )


def as_told(case: Case, found: Finding) -> Finding:
    """Give what git found as the case tells it: while the embargo holds, a fix in a clone is written, not merged."""
    if found.state not in ("merged", "released"):
        return found
    if case.embargo.active and not case.public:
        return msgspec.structs.replace(found, state="written")
    return msgspec.structs.replace(found, when=_public_since(case, found))


def _public_since(case: Case, found: Finding) -> Instant | None:
    """Say since when the public has it. A commit bears the day it was made: what was secret then came with the release."""
    before = case.work.branches.get(found.branch)
    if found.when is None or before is None:
        return found.when
    same = before.commit in found.commits[:1] and before.state in ("merged", "released")
    first = freed_at(case) if before.state == "written" else before.when if same else None
    return max(found.when, first) if first else found.when


def is_news(found: Finding, before: BranchSet | None) -> bool:
    """Say whether git proves what is not recorded; in other words, or without a time, is no news."""
    if found.state == "unknown" or before is None:
        return found.state != "unknown"
    commits = tuple(one for one in (before.commit, *before.further) if one)
    recorded = (before.state, commits, before.introduced, before.vulnerable_tags, before.fixed_tags)
    proved = (found.state, found.commits, found.introduced, found.vulnerable_tags, found.fixed_tags)
    return proved != recorded or (found.when is not None and before.when is None)


def _version(name: str) -> tuple[tuple[int, int, str], ...]:
    """Order numbers as numbers: v1.10 is newer than v1.9."""
    parts = _DIGITS.split(name)
    return tuple((1, int(part[:12]), "") if part.isdigit() and part.isascii() else (0, 0, part) for part in parts if part)


def counts(shown: Iterable[BranchRow]) -> tuple[tuple[str, int], ...]:
    """Count for the headline: what needs work, and each state that is done."""
    kept = tuple(shown)
    found = [("need work" if sum(row.needs_work for row in kept) != 1 else "needs work", sum(row.needs_work for row in kept))]
    words = {"merged": "merged", "released": "released", "not-affected": "not affected"}
    found += [(word, sum(row.group == state for row in kept)) for state, word in words.items()]
    return tuple((word, number) for word, number in found if number)


def patch_line(case: Case) -> str:
    """Say which version of the patch there is, who looked at it, and who holds which."""
    work = case.work
    newest = max(work.fixes, key=lambda one: one.version, default=None)
    if newest is None:
        return "No version of the patch is recorded (f)."
    people = [f"{word} by {len(who)}" for who, word in ((newest.reviewers, "reviewed"), (newest.testers, "tested")) if who]
    said = f"Patch v{newest.version}, {' and '.join(people) or 'neither reviewed nor tested'}"
    said += ", faulty" if newest.faulty else ""
    holders: dict[int, list[str]] = {}
    for party in work.parties:
        holders.setdefault(party.holds, []).append(_holder(party, newest.version))
    held = [
        f"{f'v{version}' if version else 'none'} by {', '.join(who)}" for version, who in sorted(holders.items(), reverse=True)
    ]
    return f"{said}. Held: {'; '.join(held)}" if held else f"{said}."


def _holder(party: Party, newest: int) -> str:
    word = " (not affected)" if party.affected == "no" else " (ready)" if party.is_ready(newest) else ""
    return f"{party.label}{word}"
