"""Look into the local clones where the fix stands: asks git, lets the core judge, writes nothing; and record what was found."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

import msgspec

from seccon.core.branch_board import as_told, is_news
from seccon.core.branch_events import Key, Sought, counting, fault_ids, names_issue
from seccon.core.branch_find import Finding, Gathered, Line, find
from seccon.core.case import Case
from seccon.core.errors import ConfigError, RefusedError, RepositoryError
from seccon.core.instants import Instant
from seccon.core.journal import Body
from seccon.core.known_commits import fault_commits, fix_commits
from seccon.core.policy import Branch, Policy
from seccon.core.repository import Commit, Ref, Repositories
from seccon.core.watch import Watch
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, Request, load, policy_of
from seccon.desk.results import SetBranch

MOST = 300
"""Branches of one clone that are looked at."""


class Looked(msgspec.Struct, frozen=True):
    """What was found, and what could not be looked for."""

    findings: tuple[Finding, ...]
    fixes: tuple[Commit, ...] = ()
    faults: tuple[Commit, ...] = ()
    missing: tuple[str, ...] = ()
    """Sentences: commits that no clone has, branches that are not there."""


class LookInGit(Request, frozen=True, kw_only=True):
    """Look where the fix stands on every branch of the policy that the clones have."""

    beside: ClassVar[bool] = True

    case: int
    fixes: tuple[str, ...] = ()
    """The fix's commits as they stand on the main branch; none: those that the case knows, else such as name its CVE id."""
    faults: tuple[str, ...] = ()
    """The commits that brought the fault; none: those that the case knows, else those that the fix names."""
    watch: Watch | None = None

    def perform(self, office: Office) -> Looked:
        """Give what git proves. Raises RepositoryError, ConfigError; StoppedError when nobody waits any longer."""
        case = load(office, self.case)
        policy = policy_of(office, case)
        watch = self.watch or Watch()
        port = repositories(office).watched(watch)
        found: list[Looked] = []
        for name in dict.fromkeys(repository_of(one, case, port) for one in policy.branch):
            rules = tuple(one for one in policy.branch if repository_of(one, case, port) == name)
            found.append(
                _Look(port, name, watch, msgspec.structs.replace(policy, branch=rules)).look(case, self.fixes, self.faults)
            )
        if not found:
            raise RefusedError("branch.none", "The policy names no branch.", policy.source)
        return Looked(
            findings=tuple(one for each in found for one in each.findings),
            fixes=tuple(one for each in found for one in each.fixes),
            faults=tuple(one for each in found for one in each.faults),
            missing=tuple(dict.fromkeys(one for each in found for one in each.missing)),
        )


class RecordFound(CaseRequest, frozen=True, kw_only=True):
    """Record all that git proved, in one go; what it did not prove, and what stands so already, is left alone."""

    found: tuple[Finding, ...]

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write each branch as a person would. Raises RefusedError where there is nothing to write."""
        bodies: list[Body] = []
        for request in proposals(case, self.found, now):
            bodies += request.decide(case, policy, now)
        if not bodies:
            raise RefusedError("branch.found", "Nothing of what git proves is new.", hint="s records a branch by hand.")
        return bodies


class ShowCommit(Request, frozen=True, kw_only=True):
    """Read one commit."""

    beside: ClassVar[bool] = True

    repository: str
    commit: str

    def perform(self, office: Office) -> Commit:
        """Give it. Raises RepositoryError when there is none."""
        port = repositories(office)
        for name in [self.repository] if self.repository else port.names:
            found = port.commit(name, self.commit)
            if found is not None:
                return found
        raise RepositoryError(f"No clone has the commit {self.commit[:60]}.", "Fetch it: git fetch, in the clone.")


def proposals(case: Case, found: Iterable[Finding], now: Instant) -> tuple[SetBranch, ...]:
    """Give the requests that record what is proved and new."""
    told = (as_told(case, one) for one in found)
    return tuple(_proposal(case, one, now) for one in told if is_news(one, case.work.branches.get(one.branch)))


def _proposal(case: Case, one: Finding, now: Instant) -> SetBranch:
    return SetBranch(
        case=case.number,
        seen=case.seq,
        branch=one.branch,
        state=one.state if one.state != "unknown" else "vulnerable",
        commit=one.commits[0] if one.commits else "",
        further=one.commits[1:],
        introduced=one.introduced,
        vulnerable_tags=one.vulnerable_tags,
        fixed_tags=one.fixed_tags,
        when=min(one.when, now) if one.when else None,
        proof=f"git, {one.repository}: {one.why}",
    )


def repositories(office: Office) -> Repositories:
    """Give the clones. Raises ConfigError where none is configured."""
    if office.repositories is None:
        raise ConfigError("No local clone is configured.", 'Write [repositories] NAME = "/path" into the configuration.')
    return office.repositories


def repository_of(rule: Branch, case: Case, port: Repositories) -> str:
    """Name the clone that a branch is in: the policy's word, else the project's, else the policy's own name."""
    names = (rule.repository, case.project, case.policy.partition("@")[0])
    return next((one for one in names if one and one in port.names), next(filter(None, names), ""))


class _Look:
    """One look into one clone; `policy` names the branches that it has."""

    def __init__(self, port: Repositories, name: str, watch: Watch, policy: Policy) -> None:
        self._port, self._name, self._watch, self._policy = port, name, watch, policy
        self._missing: list[str] = []

    def look(self, case: Case, fixes: Sequence[str], faults: Sequence[str]) -> Looked:
        """Ask git step by step, and judge."""
        self._watch.tell("Reading branches and tags", 0, 6)
        refs = self._port.refs(self._name)
        main, lines = self._lines(refs, case)
        sought = self._sought(case, main, fixes, faults)
        self._watch.tell(f"Reading {len(lines) + 1} branches", 1, 6)
        gathered = self._gather(refs, main, lines, sought)
        self._watch.tell("Judging", 6, 6)
        return Looked(find(gathered), sought.fixes, sought.faults, tuple(self._missing))

    def _lines(self, refs: Sequence[Ref], case: Case) -> tuple[Line, list[Line]]:
        """Find the branches: as the public has them where the clone knows (origin), else the clone's own."""
        heads = {one.name.removeprefix("refs/heads/"): one for one in refs if one.name.startswith("refs/heads/")}
        heads |= {one.name.removeprefix(_ORIGIN): one for one in refs if one.name.startswith(_ORIGIN)}
        known = {one.branch: Branch() for one in case.work.branches.values() if not one.owner}
        rules = {name: self._policy.rule_of(name) or known.get(name) for name in heads}
        lines = [Line(name, heads[name], rule.tags) for name, rule in rules.items() if rule is not None]
        named = self._policy.branch_names
        self._missing += [f"The repository '{self._name}' has no branch '{name}'." for name in named if name not in heads]
        first = next((line for name in named for line in lines if line.name == name), None)
        if first is None:
            raise RepositoryError(f"The repository '{self._name}' has none of the branches {', '.join(named) or '(none named)'}.")
        if len(lines) > MOST:
            raise RepositoryError(f"{len(lines)} branches have the policy's forms; more than {MOST} are not looked at.")
        return first, [line for line in lines if line != first]

    def _sought(self, case: Case, main: Line, fixes: Sequence[str], faults: Sequence[str]) -> Sought:
        cve = str(case.work.cve or "")
        found = self._commits(fixes or fix_commits(case, self._policy))
        if not found and cve:
            named = self._port.log(self._name, [main.ref.commit], mentions=[cve])
            found = tuple(one for one in named if names_issue(one, cve))
        brought = faults or fault_commits(case, self._policy) or [one for fix in found for one in fault_ids(fix.message)]
        return Sought(found, self._commits(brought), cve)

    def _commits(self, ids: Iterable[str]) -> tuple[Commit, ...]:
        found = {}
        for one in dict.fromkeys(ids):
            commit = self._port.commit(self._name, one)
            if commit is None:
                self._missing.append(
                    f"The repository '{self._name}' has no commit {one[:60]}: git fetch brings it, or it is mistyped."
                )
            else:
                found[commit.id] = commit
        return tuple(found.values())

    def _gather(self, refs: Sequence[Ref], main: Line, lines: Sequence[Line], sought: Sought) -> Gathered:
        port, name, watch = self._port, self._name, self._watch
        tips, trunk_tip = [one.ref.commit for one in lines], [main.ref.commit]
        fixes, faults = [one.id for one in sought.fixes], [one.id for one in sought.faults]
        own = port.log(name, tips, trunk_tip)
        since = port.log(name, trunk_tip, fixes) if fixes else ()
        watch.tell("Comparing patches", 2, 6)
        fix_paths, fault_paths = port.paths(name, fixes), port.paths(name, faults)
        near_fix = dict(port.touching(name, tips, trunk_tip, fix_paths))
        watch.tell("Comparing patches", 3, 6)
        near_fix |= port.touching(name, trunk_tip, fixes, fix_paths) if fixes else {}
        near_fault = port.touching(name, tips, trunk_tip, fault_paths)
        watch.tell("Asking who contains what", 4, 6)
        patch_of, undo_of = self._patches(sought)
        trunk = counting(sought, (*sought.faults, *sought.fixes, *since), near_fix, patch_of, undo_of)
        holding = {one.id: port.holding(name, one.id) for one in trunk}
        watch.tell("Reading tags", 5, 6)
        return Gathered(
            repository=name, main=main, lines=tuple(lines), tags=tuple(one for one in refs if one.name.startswith("refs/tags/")),
            on_main=port.within(name, main.ref.commit), sought=sought, trunk=trunk, own=own, holding=holding,
            near_fix=near_fix, near_fault=near_fault, patch_of=patch_of, undo_of=undo_of,
        )  # fmt: skip

    def _patches(self, sought: Sought) -> tuple[dict[Key, str], dict[Key, str]]:
        kinds: dict[str, Key] = {one.id: ("fix", at) for at, one in enumerate(sought.fixes)}
        kinds |= {one.id: ("fault", at) for at, one in enumerate(sought.faults)}
        there = self._port.patch_ids(self._name, tuple(kinds))
        back = self._port.patch_ids(self._name, tuple(kinds), reverse=True)
        return {kinds[one]: patch for one, patch in there.items()}, {kinds[one]: patch for one, patch in back.items()}


_ORIGIN = "refs/remotes/origin/"
