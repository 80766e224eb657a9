"""What is done about branches: look in git, record what was found, set a state by hand, read commits."""

from collections.abc import Callable
from datetime import UTC, datetime

from seccon.core.branch_board import BranchRow
from seccon.core.errors import RefusedError
from seccon.core.instants import Instant, instant
from seccon.core.repository import Commit
from seccon.desk.look_in_git import RecordFound, ShowCommit
from seccon.desk.open_case import CaseView
from seccon.desk.request import Request
from seccon.desk.results import SetBranch
from seccon.screens.branches import BranchesScreen
from seccon.screens.commits import Commits
from seccon.screens.flows.frame import Desk, fill, record
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field

_STATES = ("vulnerable", "not-affected", "written", "merged", "released")


async def look(desk: Desk, asker: BranchesScreen, row: BranchRow | None) -> None:
    """Ask which commits are sought, then look."""
    board = asker.board
    if board is None:
        return
    known = ", ".join(board.clones) or "none: see [repositories] in the configuration"
    about_fix = "Its commits on the main branch, with ; between them. Empty: those that name the CVE id."
    about_fault = (
        "Commits, with ; between them. Empty: those that the fix names (Fixes: …). Without one nothing is “not affected”."
    )
    fixes = Field("fixes", "the fix", value="; ".join(board.fixes), help=f"{about_fix} Clones: {known}.")
    faults = Field("faults", "what brought the fault", value="; ".join(board.faults), help=about_fault)
    given = await desk.wait_for(FormScreen(f"Look for the fix of {board.label}", (fixes, faults), does="look"))
    if given is not None:
        asker.look(_several(given["fixes"]), _several(given["faults"]))


async def record_found(desk: Desk, asker: BranchesScreen, row: BranchRow | None) -> None:
    """Record all that git proves."""
    if asker.board is None or asker.looked is None:
        return
    seen, found = asker.board.seen, asker.looked.findings
    new = sum(one.is_news for one in asker.board.rows)
    said = f"{new} {'branch is' if new == 1 else 'branches are'} recorded."
    await record(desk, lambda: RecordFound(case=asker.case, seen=seen, found=found), said)


async def state(desk: Desk, asker: BranchesScreen, row: BranchRow | None) -> None:
    """Record where the fix stands on the branch at the cursor."""
    await _set(desk, asker.case, row)


async def party(desk: Desk, asker: BranchesScreen, row: BranchRow | None) -> None:
    """Record a branch that a party answers for."""
    await _set(desk, asker.case, row if row is not None and row.owner else None, theirs=True)


async def commits(desk: Desk, asker: BranchesScreen, row: BranchRow | None) -> None:
    """Read the commits of a branch: the fix's, the fault's, those to look at."""
    if row is None:
        return
    wanted = [*((one, "fix") for one in row.commits), *((one, "fault") for one in row.introduced)]
    if not wanted and not row.candidates:
        raise RefusedError("branch.commits", f"No commit is known of {row.branch}.", hint="g looks for one.")
    found: list[tuple[str, Commit]] = [("look at", one) for one in row.candidates]
    found += [(word, await desk.ask(ShowCommit(repository=row.repository, commit=one))) for one, word in wanted[:12]]
    await desk.wait_for(Commits(row.branch, tuple(found)))


async def _set(desk: Desk, case: int, row: BranchRow | None, *, theirs: bool = False) -> None:
    form = _form(row, theirs=theirs)

    def request(view: CaseView, given: Values) -> Request:
        found = _several(given["commit"])
        return SetBranch(
            case=case,
            seen=view.case.seq,
            branch=given["branch"],
            owner=given.get("owner", row.owner if row else ""),
            state=given["state"],  # type: ignore[arg-type]
            commit=found[0] if found else "",
            further=found[1:],
            introduced=_several(given["introduced"]),
            vulnerable_tags=_several(given["vulnerable"]),
            fixed_tags=_several(given["fixed"]),
            when=_day(given["when"]),
            proof=given["proof"],
        )

    await fill(desk, case, form, request, "The branch is recorded.")


_BOTH = "with ; between them"


def _form(row: BranchRow | None, *, theirs: bool) -> Callable[[CaseView, Values], FormScreen]:
    old = row or BranchRow("")

    def form(view: CaseView, values: Values) -> FormScreen:
        def text(name: str, label: str, value: str, about: str) -> Field:
            return Field(name, label, value=values.get(name, value), help=about)

        names = () if theirs else view.policy.branch_names
        state = values.get("state", old.state or "merged")
        fields = [
            Field("state", "is", "choice", state, _STATES, help="Where does the fix stand on it?"),
            text("branch", "branch", old.branch or next(iter(names), ""), "Its name."),
            text("commit", "commits of the fix", "; ".join(old.commits), f"On that branch, {_BOTH}."),
            text("introduced", "brought by", "; ".join(old.introduced), f"The commits that brought the fault, {_BOTH}."),
            text(
                "vulnerable",
                "vulnerable tags",
                "; ".join(old.vulnerable_tags),
                f"Releases with the fault, oldest first, {_BOTH}.",
            ),
            text("fixed", "fixed tags", "; ".join(old.fixed_tags), f"Releases with the fix, oldest first, {_BOTH}."),
            text("when", "since", f"{old.when:%Y-%m-%d}" if old.when else "", "The day, such as 2026-05-21; empty: today."),
            text("proof", "how you know", "", "A link, or in words."),
        ]
        if theirs:
            known = [one.address for one in view.case.work.parties]
            about = f"The party that answers for it. Takes part: {', '.join(known) or 'nobody yet (v)'}."
            fields.insert(1, text("owner", "whose", old.owner or next(iter(known), ""), about))
        return FormScreen(f"{'A party’s branch' if theirs else 'A branch'} of {view.case.label}", fields)

    return form


def _several(given: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in given.replace(",", ";").split(";") if one.strip())


def _day(given: str) -> Instant | None:
    """Read a day. Raises ValueError with a sentence."""
    if not given.strip():
        return None
    try:
        return instant(datetime.strptime(given.strip(), "%Y-%m-%d").replace(tzinfo=UTC))
    except ValueError:
        raise ValueError(f"'{given[:40]}' is no day, such as 2026-05-21.") from None
