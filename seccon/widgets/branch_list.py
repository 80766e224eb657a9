"""The branches of a case, a line each: state, name, whose, commits, tags."""

from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip

from seccon.core.branch_board import BranchRow
from seccon.widgets.fit import fit
from seccon.widgets.ink import ink
from seccon.widgets.line_list import LineList
from seccon.widgets.plain import plain, unmarked

_STATE, _NAME, _COMMIT = 23, 24, 16
_TONES = {"": "warn", "unknown": "warn", "vulnerable": "alarm", "conflict": "alarm", "written": "soon", "merged": "good",
          "released": "good", "not-affected": "quiet"}  # fmt: skip
_WORDS = {"not-affected": "not affected", "": "not looked at"}


class BranchList(LineList):
    """Draws branches; the choice of one and the cursor's move are messages."""

    class Chosen(Message):
        """The commits of a branch shall be seen."""

    class Moved(Message):
        """The cursor stands on another branch."""

    empty = "No branch is known. The policy names none, and none is recorded."

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[BranchRow, ...] = ()

    @property
    def total(self) -> int:
        """Number of branches."""
        return len(self.rows)

    @property
    def here(self) -> BranchRow | None:
        """The branch at the cursor."""
        return self.rows[self.cursor] if self.rows else None

    def show(self, rows: tuple[BranchRow, ...]) -> None:
        """Show these; the cursor stays on its branch."""
        before = self.here
        with self.changing():
            self.rows = rows
        self.settle()
        if before is not None:
            same = (at for at, row in enumerate(rows) if (row.branch, row.owner) == (before.branch, before.owner))
            self.cursor = next(same, self.cursor)
        self.post_message(self.Moved())

    def said(self, index: int) -> object:
        """Give what is to be read."""
        return self.rows[index]

    def moved(self) -> None:
        """Tell it: the details follow the cursor."""
        self.post_message(self.Moved())

    def action_choose(self) -> None:
        """See its commits."""
        if self.rows:
            self.post_message(self.Chosen())

    def draw(self, index: int, width: int, *, here: bool) -> Strip:
        """Draw one branch; the state first, and before anything that a stranger wrote."""
        row = self.rows[index]
        base = self.get_component_rich_style("list--cursor") if here else self.rich_style
        name = f"{row.branch} ({row.whose})" if row.owner else row.branch
        commit = f"{row.commits[0][:12]}{f' +{len(row.commits) - 1}' if len(row.commits) > 1 else ''}" if row.commits else ""
        wide = _NAME + max(0, min((width - 80) // 2, 24))
        left = max(width - 1 - _STATE - wide - _COMMIT, 0)
        return Strip(
            [
                Segment(f" {fit(state(row), _STATE)}", base + ink(self, _TONES[row.group])),
                Segment(fit(unmarked(plain(name, lines=False, limit=200)), wide - 1) + " ", base + ink(self, "strong")),
                Segment(fit(plain(commit, lines=False, limit=80), _COMMIT), base),
                Segment(fit(plain(tags(row), lines=False, limit=200), left), base + ink(self, "quiet")),
            ]
        ).adjust_cell_length(width, base)


def state(row: BranchRow) -> str:
    """Write where it stands: as recorded; behind an arrow what git proves instead."""
    before = _WORDS.get(row.state, row.state)
    if row.is_news:
        found = _WORDS.get(row.found, row.found) if row.found != row.state else "more"
        return f"{row.state and before} → {found}".strip() if row.state else f"→ {found}"
    return "unknown" if row.found == "unknown" and not row.state else before


def tags(row: BranchRow) -> str:
    """Write the first tag with the fault and the first with the fix; else the day."""
    parts = [f"since {row.vulnerable_tags[0]}"] if row.vulnerable_tags else []
    parts += [f"fixed in {row.fixed_tags[0]}"] if row.fixed_tags else []
    return ", ".join(parts) or (f"{row.when:%Y-%m-%d}" if row.when and row.state != "" else "")
