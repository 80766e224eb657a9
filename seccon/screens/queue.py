"""The queue: everything that came in and is not closed, the most urgent first, and beside it the card of the case at hand."""

from typing import ClassVar

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.timer import Timer

from seccon.core.board import BoardQuery
from seccon.core.plural import count
from seccon.core.query import SORTS, read_filter, write_filter
from seccon.screens.frame import Frame
from seccon.screens.place import top_of
from seccon.screens.reading import Page, ReadBoard, ReadCard, ReadRows
from seccon.screens.request import Ask, CaseChosen, Done, Refused
from seccon.screens.snap import Snap
from seccon.screens.verbs import BULK_VERBS, CASE_VERBS, VerbChosen
from seccon.widgets.bar import Span
from seccon.widgets.board_list import BoardList
from seccon.widgets.card import Card
from seccon.widgets.filter_line import FilterLine
from seccon.widgets.key_line import KeyLine
from seccon.widgets.plain import plain
from seccon.widgets.top_bar import TopBar
from seccon.widgets.window import BLOCK

WIDE = 120
"""Columns from which the card stands beside the list."""
_CARD_DELAY = 0.08
"""Seconds that the cursor rests before the card is read: keys held down read none."""
_EMPTY = "Nothing here: nobody is waiting for you.\n\nNew reports show by themselves.   / state:all  shows closed cases too."
_NO_MATCH = "Nothing here matches.\n\n/ changes the filter, esc takes it away, state:all looks among closed cases too."


class Queue(Frame):
    """The list, its filter, and a card where there is room."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *CASE_VERBS,
        Binding(
            "slash", "filter", "filter", id="queue.filter", tooltip="show only what has these words; state:closed, sort:age …"
        ),
        Binding(
            "O", "order", "order", id="queue.order", tooltip="the next order: urgency, age, severity, activity, number, reporter"
        ),
        Binding("tab", "project", "project", id="queue.project", tooltip="only the next project, or all of them"),
        Binding("escape", "unfilter", "all", show=False, id="queue.unfilter", tooltip="away with filter and marks"),
    ]
    DEFAULT_CSS = """
    Queue {
        background: $background;
        & Card { display: none; width: 36%; max-width: 56; border-left: vkey $panel; }
        &.-wide Card { display: block; }
    }
    """

    def __init__(self, first: Page | None = None, snap: Snap | None = None, *, wide: bool = False) -> None:
        super().__init__(snap, "-wide" if wide else None)
        self.asked = self._shown = BoardQuery()
        """What the list shows, or is about to; what it does show."""
        self._first = first
        self._problem = ""
        self._overdue = 0
        """How many of the rows of the list are overdue."""
        self._resting: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out; the rows of `first` are there before the first painting."""
        self._top, self._line = TopBar(), FilterLine()
        self._list, self._card = BoardList(empty=_EMPTY, scale=self.snap.scale), Card()
        yield self._top
        yield self._line
        with Horizontal():
            yield self._list
            yield self._card
        yield KeyLine()

    def on_mount(self) -> None:
        """Show the first rows, or ask for them."""
        self.set_class(self.app.size.width >= WIDE, "-wide")
        if self._first is not None:
            self._show(self._first)
        else:
            self._read()

    def on_resize(self, event: events.Resize) -> None:
        """Put the card beside the list from `WIDE` columns on."""
        was = self.has_class("-wide")
        self.set_class(event.size.width >= WIDE, "-wide")
        if self.has_class("-wide") and not was:
            self._read_card()
        self._describe()

    def watch_snap(self, before: Snap, after: Snap) -> None:
        """Follow the ledger and the clock."""
        if not self.is_mounted:
            return
        if after.ledger != before.ledger:
            self._read()
        elif after.now != before.now:
            self._list.tick(after.now)
            self._read()
        self._describe()

    def _read(self) -> None:
        top = self._list.top - self._list.top % BLOCK
        starts = tuple(dict.fromkeys((0, top, top + BLOCK)))
        self.post_message(Ask(self, ReadBoard(self.asked, starts), latest=True))

    ACTS = ("verb(", "choose", "mark")

    @property
    def is_behind(self) -> bool:
        """What is done with a row waits for the row: the one under the cursor may be of the list before."""
        return self._list.has_focus and (self.asked != self._shown or (self._list.current is None and self._list.total > 0))

    def _show(self, page: Page) -> None:
        self._shown = self.asked
        default = BoardQuery(sort=self.asked.sort, reverse=self.asked.reverse)
        self._list.empty = _EMPTY if self.asked == default else _NO_MATCH
        self._overdue = page.overdue
        self._list.show(page.total, page.blocks, self.snap.now)
        self._describe()

    def _describe(self) -> None:
        """Say what the list shows, and the figures."""
        self._top.top = top_of(self.snap, "Queue")
        project = self.asked.project if len(self.snap.projects) > 1 else ""
        said = plain(write_filter(self.asked, project), lines=False, limit=60)
        problem: Span = (f"   {plain(self._problem, lines=False, limit=60)}" if self._problem else "", "warn")
        marked: Span = (f"{len(self._list.marked)} marked   " if self._list.marked else "", "warn")
        over = _late(self._overdue, self.snap.counts.overdue)
        figures: Span = (count(self._list.total, "case"), "quiet")
        self._line.tell(((f" {said}", "quiet"), problem), (marked, figures, (f"  {over}" if over else "", "alarm"), (" ", "")))

    def on_done(self, message: Done) -> None:
        """Show what was read, unless something else is wanted by now."""
        request, result = message.request, message.result
        if isinstance(request, ReadBoard) and request.query == self.asked and isinstance(result, Page):
            self._show(result)
        elif isinstance(request, ReadRows) and request.query == self.asked:
            self._list.fill(result, request.generation)  # type: ignore[arg-type]
        elif isinstance(request, ReadCard):
            self._card.put(result)  # type: ignore[arg-type]

    def on_refused(self, message: Refused) -> None:
        """Nothing else comes: keys go to what is on view."""
        if isinstance(message.request, ReadBoard):
            self._shown = self.asked

    def on_board_list_window_wanted(self, message: BoardList.WindowWanted) -> None:
        """Fetch rows that the list is about to show."""
        self.post_message(Ask(self, ReadRows(self.asked, message.starts, message.generation)))

    def on_board_list_highlighted(self, message: BoardList.Highlighted) -> None:
        """Read the card once the cursor rests."""
        if self._resting is not None:
            self._resting.stop()
        if self.has_class("-wide"):
            self._resting = self.set_timer(_CARD_DELAY, self._read_card)

    def _read_card(self) -> None:
        row = self._list.current
        if row is None:
            self._card.put(None)
        else:
            self.post_message(Ask(self, ReadCard(row.number, self.snap.now), latest=True))

    def on_board_list_chosen(self, message: BoardList.Chosen) -> None:
        """Open the case."""
        self.post_message(CaseChosen(message.row.number))

    def action_verb(self, verb: str) -> None:
        """Carry out a verb on the case at the cursor; a few verbs on all that are marked."""
        marked = tuple(sorted(self._list.marked)) if verb in BULK_VERBS else ()
        if self._list.current is not None:
            self.post_message(VerbChosen(verb, self._list.current.number, marked, self._list.unmark))

    def on_board_list_marked(self) -> None:
        """Say how many are marked."""
        self._describe()

    def _turn_to(self, query: BoardQuery) -> None:
        if query != self.asked:
            self.asked = query
            self._read()
        self._describe()

    def action_filter(self) -> None:
        """Type a filter."""
        said = write_filter(self.asked)
        self._line.edit("" if said == "state:open" else f"{said} ")

    def on_filter_line_typed(self, message: FilterLine.Typed) -> None:
        """Filter as one types."""
        query, self._problem = read_filter(message.text, self.asked)
        self._turn_to(query)

    def on_filter_line_closed(self) -> None:
        """Give the keys back to the list."""
        self._problem = ""
        self._list.focus()
        self._describe()

    def action_unfilter(self) -> None:
        """Show everything that is not closed; nothing stays marked."""
        self._list.unmark()
        self._turn_to(BoardQuery(project=self.asked.project, sort=self.asked.sort))

    def action_order(self) -> None:
        """Sort by the next thing."""
        following = SORTS[(SORTS.index(self.asked.sort) + 1) % len(SORTS)]
        self._turn_to(msgspec.structs.replace(self.asked, sort=following))

    def action_project(self) -> None:
        """Show the next project alone, after the last one all."""
        names = ("", *self.snap.projects)
        if len(names) > 2:
            at = names.index(self.asked.project) if self.asked.project in names else 0
            self._turn_to(msgspec.structs.replace(self.asked, project=names[(at + 1) % len(names)]))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer other projects where there are any."""
        return len(self.snap.projects) > 1 if action == "project" else True


def _late(shown: int, everywhere: int) -> str:
    """Say how many are overdue: of those on the list, and where the filter hides some, of how many in all."""
    if shown < everywhere:
        return f"{shown} of {everywhere} overdue"
    return f"{shown} overdue" if shown else ""
