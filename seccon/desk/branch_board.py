"""What the screen of branches shows, read in one go."""

import msgspec

from seccon.core.branch_board import BranchRow, patch_line, rows
from seccon.core.case import fold
from seccon.core.errors import LedgerError
from seccon.core.known_commits import fault_commits, fix_commits
from seccon.desk.look_in_git import Looked
from seccon.desk.office import Office
from seccon.desk.request import Request, policy_of


class BranchBoard(msgspec.Struct, frozen=True):
    """The branches of a case at one moment."""

    label: str
    seen: int
    rows: tuple[BranchRow, ...]
    patch: str
    fixes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    clones: tuple[str, ...] = ()


class ReadBranches(Request, frozen=True, kw_only=True):
    """Read the branches of a case; `looked` is what git said of them."""

    case: int
    looked: Looked | None = None

    def perform(self, office: Office) -> BranchBoard:
        """Gather; nothing is decided. Raises LedgerError."""
        entries = office.ledger.entries(self.case)
        if not entries:
            raise LedgerError(f"There is no case #{self.case}.", "See the queue.")
        case = fold(entries)
        policy = policy_of(office, case)
        return BranchBoard(
            label=case.label,
            seen=case.seq,
            rows=rows(case, policy, self.looked.findings if self.looked else ()),
            patch=patch_line(case),
            fixes=fix_commits(case, policy),
            faults=fault_commits(case, policy),
            clones=office.repositories.names if office.repositories is not None else (),
        )
