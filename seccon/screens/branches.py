"""Where the fix stands on each branch of a case: what is recorded, and what git proves beside it."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from seccon.core.branch_board import BranchRow, counts
from seccon.core.watch import Watch
from seccon.desk.branch_board import BranchBoard, ReadBranches
from seccon.desk.look_in_git import Looked, LookInGit
from seccon.screens.frame import Frame
from seccon.screens.place import top_of
from seccon.screens.request import Ask, Done, Refused
from seccon.screens.snap import Snap
from seccon.widgets.bar import Bar, TallBar
from seccon.widgets.branch_list import BranchList
from seccon.widgets.key_line import KeyLine
from seccon.widgets.line_view import Line, LineView
from seccon.widgets.plain import plain
from seccon.widgets.top_bar import TopBar

_UNSAID = "g looks in the local clones where the fix stands; s records it by hand."
"""Of a branch about which nobody said why it stands as it does."""
_BEAT = 0.3
"""Seconds between words on how far the look has come."""


class BranchVerb(Message):
    """Something shall be done about the branches, or the one at the cursor."""

    def __init__(self, verb: str, asker: "BranchesScreen", row: BranchRow | None) -> None:
        super().__init__()
        self.verb, self.asker, self.row = verb, asker, row


class BranchesScreen(Frame):
    """Shows the branches of one case."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "ask('look')", "look in git", id="branches.look", tooltip="find in the local clones where the fix stands"),
        Binding("r", "ask('record')", "record", id="branches.record", tooltip="record all that git proves, at once"),
        Binding("s", "ask('state')", "set", id="branches.state", tooltip="record where the fix stands on this branch"),
        Binding("p", "ask('party')", "party's", id="branches.party", tooltip="record a branch that a party answers for"),
        Binding("escape", "stop", "stop", show=False, id="branches.stop", tooltip="stop looking; nothing is recorded"),
        Binding("q,h,left", "leave", "back", id="branches.leave", tooltip="back to the case"),
    ]
    DEFAULT_CSS = """
    BranchesScreen {
        & #patch { background: $background; }
        & #about { height: 6; max-height: 35%; border-top: solid $panel; }
    }
    """

    def __init__(self, case: int, snap: Snap | None = None) -> None:
        super().__init__(snap)
        self.case = case
        self.board: BranchBoard | None = None
        self.looked: Looked | None = None
        self._watch: Watch | None = None
        self._fresh = False
        """What git said is about to be shown: from its top, where what needs work stands."""

    def compose(self) -> ComposeResult:
        """Lay out."""
        self._top, self._title, self._patch = TopBar(), Bar(id="title"), TallBar(id="patch")
        self._list, self._about = BranchList(), LineView(id="about")
        yield self._top
        yield self._title
        yield self._patch
        yield self._list
        yield self._about
        yield KeyLine()

    def on_mount(self) -> None:
        """Read the case."""
        self._top.top = top_of(self.snap, "")
        self._about.can_focus = False
        self._list.focus()
        self.set_interval(_BEAT, self._tell)
        self._read()

    def watch_snap(self, before: Snap, after: Snap) -> None:
        """Read again what others changed."""
        self._top.top = top_of(after, "")
        if before.ledger != after.ledger:
            self._read()

    def _read(self) -> None:
        self.post_message(Ask(self, ReadBranches(case=self.case, looked=self.looked), latest=True))

    def on_done(self, message: Done) -> None:
        """Show what was read, or found."""
        if isinstance(message.result, BranchBoard):
            self.board = message.result
            self._show()
        elif isinstance(message.result, Looked) and message.request is not None:
            self._watch, self.looked = None, message.result
            self._fresh = True
            self._read()
            for sentence in message.result.missing[:3]:
                self.app.say(sentence, wrong=True)  # type: ignore[attr-defined]

    def on_refused(self, message: Refused) -> None:
        """A look that failed, or was stopped, is over."""
        if isinstance(message.request, LookInGit):
            self._watch = None
            self._show()

    def _show(self) -> None:
        board = self.board
        if board is None:
            return
        parts = [f"{number} {word}" for word, number in counts(board.rows)]
        said = f" Branches of {board.label}: {' · '.join(parts) or 'none is known'}"
        self._title.say(((plain(said, lines=False, limit=300), "strong"),))
        self._list.show(board.rows)
        if self._fresh:
            self._fresh = False
            self._list.action_to(0)
        self._tell()
        self.refresh_bindings()

    def _tell(self) -> None:
        if self._watch is not None and self._watch.said:
            step = f" {self._watch.done + 1}/{self._watch.total}" if self._watch.done < self._watch.total else ""
            self._patch.say(((f" Looking in git{step}: {self._watch.said}. esc stops.", "here"),))
        elif self.board is not None:
            new = sum(row.is_news for row in self.board.rows)
            found = f" r records {new} that git proves. " if new else " "
            self._patch.say(((found, "here"), (plain(self.board.patch, lines=False, limit=400), "quiet")))

    def on_value_list_moved(self) -> None:
        """Say all of the branch at the cursor."""
        row = self._list.here
        self._about.show(branch_lines(row) if row is not None else ())
        self.refresh_bindings()

    def on_value_list_chosen(self) -> None:
        """See its commits."""
        self.action_ask("commits")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to record only what there is, and to look where there is a clone."""
        if action == "ask" and parameters == ("record",):
            return self.board is not None and any(row.is_news for row in self.board.rows)
        if action == "ask" and parameters == ("look",):
            return self._watch is None
        return action != "stop" or self._watch is not None

    def action_ask(self, verb: str) -> None:
        """Have something done."""
        if self.board is not None:
            self.post_message(BranchVerb(verb, self, self._list.here))

    def look(self, fixes: tuple[str, ...], faults: tuple[str, ...]) -> None:
        """Look into git for these commits."""
        self._watch = Watch()
        self._watch.tell("begun")
        self.post_message(Ask(self, LookInGit(case=self.case, fixes=fixes, faults=faults, watch=self._watch)))
        self._tell()
        self.refresh_bindings()

    def action_stop(self) -> None:
        """Stop looking."""
        if self._watch is not None:
            self._watch.stop()

    def action_leave(self) -> None:
        """Go back; nobody waits for git any longer."""
        self.action_stop()
        self.app.pop_screen()


def branch_lines(row: BranchRow) -> Iterator[Line]:
    """Write all that is known of a branch."""
    whose = f", answered for by {row.whose}" if row.owner else ""
    yield Line(_said(f"{row.branch}{whose}. {row.why or _UNSAID}"), "" if row.why else "strong")
    if row.commits or row.introduced:
        brought = f"   fault: {_ids(row.introduced)}" if row.introduced else ""
        yield Line(_said(f"fix: {_ids(row.commits) or 'none'}{brought}"))
    for name, tags in (("vulnerable", row.vulnerable_tags), ("fixed", row.fixed_tags)):
        if tags:
            yield Line(_said(f"{name}: {_range(tags)}"))
    for one in row.candidates:
        yield Line(_said(f"look at {one.id[:12]} {one.subject}"), "warn")


def _ids(commits: tuple[str, ...]) -> str:
    more = f" and {len(commits) - 4} more" if len(commits) > 4 else ""
    return ", ".join(one[:12] for one in commits[:4]) + more


def _range(tags: tuple[str, ...]) -> str:
    return tags[0] if len(tags) == 1 else f"{tags[0]} … {tags[-1]} ({len(tags)} tags)"


def _said(text: str) -> str:
    return plain(text, lines=False, limit=600)
