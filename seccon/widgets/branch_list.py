"""The branches of a case, a line each: state, name, whose, commits, tags."""

from rich.segment import Segment
from textual.strip import Strip

from seccon.core.branch_board import BranchRow
from seccon.widgets.fit import fit
from seccon.widgets.ink import ink
from seccon.widgets.plain import plain, unmarked
from seccon.widgets.value_list import ValueList

_STATE, _NAME, _COMMIT = 23, 24, 16
_TONES = {"": "warn", "unknown": "warn", "vulnerable": "alarm", "conflict": "alarm", "written": "soon", "merged": "good",
          "released": "good", "not-affected": "quiet"}  # fmt: skip
_WORDS = {"not-affected": "not affected", "": "not looked at"}


class BranchList(ValueList[BranchRow]):
    """Draws branches; the choice of one and the cursor's move are messages."""

    empty = "No branch is known. The policy names none, and none is recorded."

    def identity(self, line: BranchRow) -> object:
        """Give the branch, and whose it is."""
        return line.branch, line.owner

    def draw(self, index: int, width: int, *, here: bool) -> Strip:
        """Draw one branch; the state first, and before anything that a stranger wrote."""
        row = self.lines[index]
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
