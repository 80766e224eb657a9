"""The trailers of a case's fix, and a commit or patch checked against them (features, F3). Writes nothing."""

from typing import ClassVar

import msgspec

from seccon.core.branch_events import fault_ids
from seccon.core.case import Case
from seccon.core.errors import RepositoryError
from seccon.core.known_commits import fault_commits, fix_commits
from seccon.core.patch_check import Flaw, check
from seccon.core.policy import Policy
from seccon.core.repository import Message, Repositories
from seccon.core.trailers import Fault, Trailer, trailers, unknown_trailers
from seccon.desk.look_in_git import repository_of
from seccon.desk.office import Office
from seccon.desk.request import Request, load, policy_of


class Wanted(msgspec.Struct, frozen=True):
    """The lines, those that the embargo holds back told apart, and what nobody here can fill."""

    now: tuple[Trailer, ...]
    held: tuple[Trailer, ...] = ()
    unknown: tuple[str, ...] = ()


class Checked(msgspec.Struct, frozen=True):
    """What was checked, and what is not as it should be."""

    messages: tuple[Message, ...]
    flaws: tuple[Flaw, ...]


class AskTrailers(Request, frozen=True, kw_only=True):
    """Ask which trailers the fix of a case should bear."""

    beside: ClassVar[bool] = True

    case: int

    def perform(self, office: Office) -> Wanted:
        """Give them. A clone that cannot be read only leaves a subject out."""
        case = load(office, self.case)
        policy = policy_of(office, case)
        faults = faults_of(office, case, policy)
        found = trailers(case, policy, faults)
        return Wanted(
            now=tuple(one for one in found if not one.held),
            held=tuple(one for one in found if one.held),
            unknown=unknown_trailers(case, policy, faults),
        )


class CheckPatch(Request, frozen=True, kw_only=True):
    """Check a patch, by its bytes, or a commit in a clone."""

    beside: ClassVar[bool] = True

    case: int
    patch: bytes | None = None
    commit: str = ""
    repository: str = ""
    """The clone to look in; empty: each of them."""

    def perform(self, office: Office) -> Checked:
        """Give what is missing, wrong and telling. Raises RepositoryError when there is no such commit, or it is no patch."""
        case = load(office, self.case)
        policy = policy_of(office, case)
        messages = self._messages(office)
        return Checked(messages, check(case, policy, messages, faults_of(office, case, policy)))

    def _messages(self, office: Office) -> tuple[Message, ...]:
        if self.patch is not None:
            if office.patches is None:
                raise RepositoryError("Patches cannot be read here.")
            return office.patches.messages(self.patch)
        port = office.repositories
        for name in () if port is None else (self.repository,) if self.repository else port.names:
            found = port.commit(name, self.commit) if port is not None else None
            if found is not None and port is not None:
                return (port.message(found),)
        where = "no clone is configured" if port is None else f"not in {', '.join(port.names)}"
        raise RepositoryError(f"There is no file and no commit '{self.commit[:80]}': {where}.", "See [repositories].")


def faults_of(office: Office, case: Case, policy: Policy) -> tuple[Fault, ...]:
    """Give the commits that brought the fault, with their subjects where a clone has them."""
    port = office.repositories
    ids = fault_commits(case, policy)
    if port is None:
        return tuple(map(Fault, ids))
    try:
        return tuple(_fault(port, case, policy, one) for one in ids or _named_by_fix(port, case, policy))
    except RepositoryError:
        return tuple(map(Fault, ids))


def _fault(port: Repositories, case: Case, policy: Policy, ident: str) -> Fault:
    for name in _clones(port, case, policy):
        found = port.commit(name, ident)
        if found is not None:
            return Fault(found.id, found.subject)
    return Fault(ident)


def _named_by_fix(port: Repositories, case: Case, policy: Policy) -> tuple[str, ...]:
    for name in _clones(port, case, policy):
        commits = (port.commit(name, one) for one in fix_commits(case, policy))
        found = [one for commit in commits if commit is not None for one in fault_ids(commit.message)]
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def _clones(port: Repositories, case: Case, policy: Policy) -> tuple[str, ...]:
    named = dict.fromkeys(repository_of(one, case, port) for one in policy.branch)
    return tuple(one for one in named if one in port.names)
