"""Lists: windows, orders, words, counts, dates, and that a rebuild changes nothing."""

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playhouse.test_utils import assert_query_count

from seccon.adapters.ledger import Ledger
from seccon.core.board import BoardQuery, Counts, Dated, MailRef, Projection, Row, Sort, State
from seccon.core.ids import MessageId
from seccon.core.instants import EPOCH
from seccon.core.instants import FAR as NEVER
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import CaseAccepted, CaseClosed, CaseOpened, MailArrived, NoteAdded, ReportUnlinked
from seccon.core.journal.embargoes import EmbargoSet
from seccon.core.post import Draft, OutItem, OutState
from tests.ledgersmith import NOW, QEMU, follow_up, opened, project, report

ALL: tuple[State, ...] = get_args(State)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.db", project)
    yield ledger
    ledger.close()


def board_of(path: Path, rows: Sequence[Row], dates: Sequence[Dated] = ()) -> Ledger:
    """Make a ledger whose lists hold exactly these rows, numbered from 1."""

    def given(case: int, _: Sequence[Entry]) -> Projection:
        mail = rows[case - 1].report
        mails = (MailRef(mail, "d", mail, NOW),) if mail else ()
        return Projection(rows[case - 1], tuple(one for one in dates if one.case == case), mails)

    ledger = Ledger(path, given)
    with ledger.writing("alice", NOW) as book:
        for _ in rows:
            book.open_file(QEMU, CaseOpened(project="qemu"))
    return ledger


def mixed(number: int) -> list[Row]:
    """Give rows of all sorts, with holes in every field that may have one."""
    chance = random.Random(number)  # noqa: S311  # no secret

    def some(value: object) -> object:
        return value if chance.random() < 0.7 else None

    rows = []
    for case in range(1, number + 1):
        day = NOW + timedelta(days=chance.randrange(-30, 30))
        rows.append(
            Row(
                case, some(f"Q-2026-{case:03}") or "", chance.choice(("qemu", "libvirt")), chance.choice(ALL), f"Bug {case}",
                chance.choice(("Zoë", "adam", "Ädam", "Bob")), rank=chance.randrange(-1, 4), opened=some(day), touched=some(day),
                due=some(day), embargo=some(day), alarm=chance.choice(("", "", "", "two mails")), encrypted=chance.random() < 0.5,
            )  # type: ignore[arg-type]
        )  # fmt: skip
    return rows


ORDERS = {
    "urgency": lambda row: (not row.alarm, row.due or NEVER, -row.rank, row.opened or NEVER, row.number),
    "age": lambda row: (row.opened or NEVER, row.number),
    "severity": lambda row: (-row.rank, row.due or NEVER, row.number),
    "activity": lambda row: (NEVER - (row.touched or EPOCH), row.number),
    "number": lambda row: row.number,
    "reporter": lambda row: (row.reporter.casefold(), row.number),
}


@pytest.mark.parametrize("sort", get_args(Sort))
@pytest.mark.parametrize("reverse", [False, True])
def test_windows_put_together_are_the_whole_list_in_its_order(tmp_path: Path, sort: Sort, reverse: bool) -> None:
    """Compared with the order written out in Python, window by window."""
    rows = mixed(60)
    ledger = board_of(tmp_path / "x.db", rows)
    for states in (BoardQuery().states, ALL, ("new",), ("open", "closed"), ()):
        query = BoardQuery(sort=sort, reverse=reverse, states=states)  # type: ignore[arg-type]
        wanted = sorted((row for row in rows if row.state in states), key=ORDERS[sort], reverse=reverse)
        found = [row for offset in range(0, 70, 7) for row in ledger.rows(query, "alice", offset, 7)]
        assert found == wanted
        assert ledger.count(query) == len(wanted)
    ledger.close()


def test_a_list_keeps_to_its_project(tmp_path: Path) -> None:
    rows = mixed(40)
    ledger = board_of(tmp_path / "x.db", rows)
    query = BoardQuery(project="libvirt", sort="number", states=ALL)
    assert ledger.rows(query, "") == tuple(row for row in rows if row.project == "libvirt")
    ledger.close()


def test_a_window_is_one_statement_and_so_is_every_other_question(ledger: Ledger) -> None:
    for number in range(30):
        opened(ledger, *report(f"{number}@example.org"))
    for query in (BoardQuery(), BoardQuery(words=("a", "b"), project="qemu", sort="reporter", reverse=True, states=("new",))):
        with assert_query_count(1):
            ledger.rows(query, "alice", 5, 20)
        with assert_query_count(1):
            ledger.count(query)
    for question in (
        lambda: ledger.counts(NOW, "a"),
        lambda: ledger.dates(NOW, NOW),
        lambda: ledger.mails(1),
        lambda: ledger.row(1, "a"),
    ):
        with assert_query_count(1):
            question()


@pytest.mark.parametrize("sort", get_args(Sort))
def test_each_order_is_an_index_that_is_walked_without_reading_rows(ledger: Ledger, sort: Sort) -> None:
    """What makes a window in the middle of 100,000 rows a matter of milliseconds."""
    plans: list[str] = []
    run = ledger._db.run

    def explain(sql: str, values: tuple[object, ...] = ()) -> object:
        plans.extend(row[3] for row in run("EXPLAIN QUERY PLAN " + sql, values))
        return run(sql, values)

    ledger._db.run = explain  # type: ignore[method-assign]
    for reverse in (False, True):
        for states in (BoardQuery().states, ("new",)):
            plans.clear()
            ledger.rows(BoardQuery(sort=sort, reverse=reverse, project="qemu", states=states), "alice")  # type: ignore[arg-type]
            assert f"SCAN board USING COVERING INDEX board_{sort}" in plans
            inner = plans[: plans.index("SCAN w")]
            assert not any("TEMP B-TREE" in line for line in inner)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (("strasse",), [1]),
        (("STRASSE", "über"), [1]),
        (("ÜBER",), [1, 4]),
        (("100%",), [2]),
        (("%",), [2]),
        (("_",), [3]),
        (("a_b",), [3]),
        (("\\",), [4]),
        (("roe@",), [1, 2, 3, 4]),
        (("a. roe", "#2"), [2]),
        (("q-2026",), [5]),
        (("dora",), [5]),
        (("important",), [5]),
        (("patch",), [5]),
        (("nowhere",), []),
        (("über", "100"), []),
        (("' OR 1=1 --",), []),
        (("\udc80",), []),
        (("",), [1, 2, 3, 4, 5]),
    ],
)
def test_words_are_found_as_they_stand_whatever_their_case(tmp_path: Path, words: tuple[str, ...], numbers: list[int]) -> None:
    base = Row(1, "", "qemu", "new", "", "A. Roe", address="Roe@example.org")
    subjects = ("Über die Straße", "100% of NULs \0 here", "a_b", "back\\slash u\u0308ber")
    rows = [msgspec.structs.replace(base, number=place, subject=subject) for place, subject in enumerate(subjects, 1)]
    rows.append(Row(5, "Q-2026-041", "qemu", "open", "x", "M", severity="Important", owner="dora", next="send the patch"))
    ledger = board_of(tmp_path / "x.db", rows)
    query = BoardQuery(words=words, sort="number")
    assert [row.number for row in ledger.rows(query, "")] == numbers
    assert ledger.count(query) == len(numbers)
    ledger.close()


def test_a_case_is_found_by_id_and_by_number(ledger: Ledger) -> None:
    case = opened(ledger, *report(), CaseAccepted(id="Q-2026-041"))  # type: ignore[arg-type]
    opened(ledger)
    for label in ("Q-2026-041", "q-2026-041", " Q-2026-041 ", "1", "#1"):
        assert ledger.find(label) == case
    for label in ("", "Q-2026", "0", "#0", "3", "#", "-1", "1.0", "²", "9" * 40):
        assert ledger.find(label) is None


def test_the_top_line_counts_what_is_open_overdue_waiting_and_written(tmp_path: Path) -> None:
    rows = [
        Row(1, "", "qemu", "new", "", "", due=NOW - timedelta(days=1)),
        Row(2, "", "qemu", "open", "", "", due=NOW),
        Row(3, "", "qemu", "closed", "", "", due=NOW - timedelta(days=1)),
        Row(4, "", "qemu", "embargo", "", ""),
    ]
    ledger = board_of(tmp_path / "x.db", rows)
    with ledger.writing("alice", NOW) as book:
        for state in OutState:
            if state is not OutState.SENDING:
                book.put_item(OutItem(str(state), 1, MessageId("m"), "a", ("b",), b"", state, NOW, "alice"))
    ledger.save_draft(Draft("d1", "alice", 1, NOW, b"", True))
    assert ledger.counts(NOW, "alice") == Counts(open=3, overdue=1, outbox=3, drafts=1)
    assert ledger.counts(NOW, "bob") == Counts(open=3, overdue=1, outbox=3, drafts=0)
    ledger.close()


def test_an_empty_ledger_answers_everything(ledger: Ledger) -> None:
    assert ledger.counts(NOW, "alice") == Counts()
    assert ledger.rows(BoardQuery(), "alice") == ()
    assert (ledger.count(BoardQuery()), ledger.dates(NOW, NOW), ledger.mails(1), ledger.rebuild()) == (0, (), (), 0)


def test_dates_are_those_that_touch_the_time_with_the_label_of_their_case(tmp_path: Path) -> None:
    """E5: one that spans three months stands in each of them."""
    day = timedelta(days=1)
    rows = [Row(1, "Q-2026-001", "qemu", "open", "", ""), Row(2, "", "qemu", "new", "", "")]
    spans = {"before": (-9, -1), "ends": (-9, 0), "within": (1, 2), "spans": (-90, 90), "begins": (10, 30), "after": (11, 12)}
    dates = [Dated(1, "clock", name, name, NOW + start * day, NOW + due * day) for name, (start, due) in spans.items()]
    dates.append(Dated(2, "embargo", "ended", "", NOW, NOW + day, open=False, hard=True))
    ledger = board_of(tmp_path / "x.db", rows, dates)
    found = ledger.dates(NOW, NOW + 10 * day)
    assert [one.name for one in found] == ["ends", "within", "begins", "spans"]
    assert found[1] == msgspec.structs.replace(dates[2], label="Q-2026-001")
    ended = ledger.dates(NOW, NOW + 10 * day, only_open=False)[1]
    assert ended == msgspec.structs.replace(dates[-1], label="#2")
    ledger.close()


def test_mails_are_told_by_arrival(ledger: Ledger) -> None:
    case = opened(ledger)
    late = msgspec.structs.replace(follow_up("late"), arrived=NOW + timedelta(hours=1))
    unknown = msgspec.structs.replace(follow_up("unknown"), arrived=None)
    early = msgspec.structs.replace(follow_up("early"), arrived=NOW - timedelta(hours=1))
    with ledger.writing("seccon", NOW) as book:
        book.append(case, 3, QEMU, unknown, late, early)
    assert [one.mail for one in ledger.mails(case)] == ["early", "r1@example.org", "late", "unknown"]
    assert ledger.mails(case)[0] == MailRef(early.mail, early.digest, early.report, early.arrived)


BODIES = st.one_of(
    st.integers(0, 3).map(
        lambda n: (MailArrived(mail=f"m{n}", digest=f"d{n}", report="r0", sender=report()[1].reporter, arrived=NOW),)
    ),  # type: ignore[arg-type, attr-defined]
    st.integers(0, 2).map(lambda n: report(f"r{n}")[1:]),
    st.integers(0, 2).map(lambda n: (ReportUnlinked(report=f"r{n}"),)),  # type: ignore[arg-type]
    st.integers(0, 2).map(lambda n: (CaseAccepted(id=f"Q-{n}"),)),  # type: ignore[arg-type]
    st.integers(0, 9).map(lambda n: (EmbargoSet(proposal=f"p{n}", until=NOW + timedelta(days=n)),)),
    st.just((CaseClosed(outcome="spam"),)),
    st.just((NoteAdded(text="x"),)),
)
STEPS = st.lists(st.lists(st.tuples(st.integers(1, 3), BODIES), min_size=1, max_size=4), max_size=8)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_a_rebuild_gives_what_was_projected_step_by_step(steps: list[list[tuple[int, tuple[Body, ...]]]]) -> None:
    """Whatever the history and however it was cut into transactions."""
    with TemporaryDirectory() as home:
        ledger = Ledger(Path(home, "ledger.db"), project)
        for _ in range(3):
            opened(ledger, CaseOpened(project="qemu"))
        for transaction in steps:
            with ledger.writing("alice", NOW) as book:
                for case, bodies in transaction:
                    book.append(case, len(book.entries(case)), QEMU, *bodies)
        before = everything(ledger)
        assert ledger.rebuild() == 3
        assert everything(ledger) == before
        for case in (1, 2, 3):
            projection = project(case, ledger.entries(case))
            assert ledger.row(case, "") == (
                projection.row and msgspec.structs.replace(projection.row, unread=projection.row.mails)
            )
            assert set(ledger.mails(case)) == set(projection.mails)
        ledger.close()


def everything(ledger: Ledger) -> list[list[tuple[object, ...]]]:
    """Read all that is projected, to the letter."""
    return [ledger._db.run(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in ("board", "dated", "mail")]  # noqa: S608


def test_a_list_counts_what_is_overdue_of_its_own_rows(tmp_path: Path) -> None:
    """M10: the figure beside a filtered list was that of the whole queue."""
    late, later = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
    things = (("sdhci", late), ("sdhci", later), ("nvme", late), ("sdhci", None))
    rows = [
        Row(number=at, id="", project="qemu", state="open", subject=subject, reporter="Roe", due=due)
        for at, (subject, due) in enumerate(things, 1)
    ]
    ledger = board_of(tmp_path / "ledger.db", rows)
    assert ledger.count(BoardQuery(due_by=NOW)) == 2
    assert ledger.count(BoardQuery(words=("sdhci",), due_by=NOW)) == 1
    ledger.close()


@pytest.mark.parametrize("sort", get_args(Sort))
@pytest.mark.parametrize("reverse", [False, True])
def test_what_presses_stands_first_in_every_order_and_in_every_window(tmp_path: Path, sort: Sort, reverse: bool) -> None:
    """E9: the date has come, or it leaks, and the public was not told."""
    rows = mixed(60)
    for number, alarm in ((7, "possible leak"), (9, "not published")):
        rows[number - 1] = msgspec.structs.replace(rows[number - 1], alarm=alarm, state="open", project="qemu")
    lapsed = msgspec.structs.replace(
        rows[10], state="waiting", project="qemu", due=NOW - timedelta(days=40), embargo=NOW - timedelta(days=1)
    )
    rows[10] = lapsed
    dated = Dated(11, "embargo", "active", "embargo", NOW - timedelta(days=9), NOW - timedelta(days=1))
    ledger = board_of(tmp_path / "x.db", rows, (dated,))
    query = BoardQuery(sort=sort, reverse=reverse, project="qemu")
    found = [row for offset in range(0, 70, 2) for row in ledger.rows(query, "alice", offset, 2, NOW)]
    assert {row.number for row in found[:3]} == {7, 9, 11}
    assert found[0].number == 11, "the longest overdue first"
    assert sorted(row.number for row in found) == sorted(row.number for row in ledger.rows(query, "alice", 0, -1))
    assert len(found) == ledger.count(query)
    assert ledger.rows(query, "alice", 0, -1, NOW) == tuple(found)
    assert {row.number for row in ledger.rows(query, "alice", 0, 2, NOW - timedelta(days=2))} == {7, 9}, "its date had not come"
    assert len(ledger.pressing(NOW)) == 3
    assert [row.number for row in ledger.rows(BoardQuery(states=("closed",)), "a", 0, -1, NOW) if row.number in (7, 9, 11)] == []
    ledger.close()
