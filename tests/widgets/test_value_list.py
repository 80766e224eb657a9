"""Lists whose lines come and go while a person's hand lies on the keys."""

from datetime import UTC, datetime, timedelta

from textual.app import App, ComposeResult

from seccon.core.ids import MessageId
from seccon.core.instants import instant
from seccon.core.post import OutItem, OutState
from seccon.core.team_view import TeamLine
from seccon.screens.outbox import OutboxList
from seccon.screens.team import TeamList
from seccon.widgets.line_list import LineList

NOW = instant(datetime(2026, 11, 22, 2, 0, tzinfo=UTC))


class Bare(App[None]):
    """One list, and nothing else."""

    def __init__(self, shown: LineList) -> None:
        super().__init__()
        self.shown = shown

    def compose(self) -> ComposeResult:
        yield self.shown


def item(name: str, state: OutState = OutState.WAITING) -> OutItem:
    return OutItem(
        id=name, case=1, mail=MessageId(f"{name}@v"), sender="t@example.org", recipients=("roe@example.net",), message=b"",
        state=state, queued=instant(NOW - timedelta(hours=1)), by="alice", label=name,
    )  # fmt: skip


async def test_the_cursor_of_the_outbox_goes_along_with_its_mail() -> None:
    """Another mail fails and stands first: `x` must not discard whatever moved under the cursor."""
    mails = OutboxList()
    async with Bare(mails).run_test():
        mails.show_at([item("a"), item("b"), item("c")], NOW)
        mails.cursor = 1
        mails.show_at([item("c", OutState.FAILED), item("a"), item("b")], NOW)
        assert mails.here is not None
        assert mails.here.id == "b"


async def test_the_cursor_stays_where_it_was_once_its_mail_is_gone() -> None:
    mails = OutboxList()
    async with Bare(mails).run_test():
        mails.show_at([item("a"), item("b"), item("c")], NOW)
        mails.cursor = 1
        mails.show_at([item("a"), item("c")], NOW)
        assert mails.here == item("c")
        mails.show_at([], NOW)
        assert mails.here is None


async def test_the_cursor_of_the_team_follows_a_nominee_who_was_admitted() -> None:
    people = TeamList()
    park, roe = (TeamLine(standing="nominee", name=name, address=f"{name}@v") for name in ("park", "roe"))
    async with Bare(people).run_test():
        people.show([roe, park])
        people.cursor = 1
        admitted = TeamLine(standing="member", name="park", address="park@v")
        people.show([admitted, roe])
        assert people.here == admitted
