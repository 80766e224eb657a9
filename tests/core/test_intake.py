"""Intake's decisions: files, reporters, acknowledgements, copies, conflicts, strangers."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from seccon.core.arrival import Arrival, Rules
from seccon.core.case import Case, fold, fold_from
from seccon.core.ids import MessageId
from seccon.core.instants import Instant
from seccon.core.intake import Filing, Known, plan_intake, wanted
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import (
    Acknowledged,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    MailArrived,
    MailConflict,
    ReporterSet,
    ReportLinked,
)
from seccon.core.journal.replies import ReplyQueued
from seccon.core.likeness import skeleton
from seccon.core.report import Address, Correspondent, Heading, StoredMail
from seccon.core.team import Member, Roster

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
LIST = "security@lists.example.org"
JANE, BOB, CAROL, EVE, ROLE = "jane@r.example", "bob@team.example", "carol@team.example", "eve@x.example", "team@role.example"
TWO = (Address("", BOB), Address("", EVE))
RULES = Rules(
    project="acme",
    policy="acme@1",
    now=START + timedelta(days=900),
    roster=Roster((Member("Bob", (BOB,)), Member("Carol", (CAROL, "carol@home.example")))),
    own=frozenset({ROLE}),
    lists=frozenset({LIST}),
)


def at(hours: float) -> Instant:
    """Give a time so many hours after the start."""
    return START + timedelta(hours=hours)


def mail(
    name: str,
    sender: str | tuple[Address, ...] = JANE,
    hours: float = 0,
    *,
    replies: str = "",
    references: Sequence[str] = (),
    to: Sequence[str] = (LIST,),
    thread: str = "t",
    matched: bool = True,
    raw: bytes | None = None,
    **more: object,
) -> Arrival:
    """Make one file of a mail that came in `hours` after the start."""
    senders = (Address("", sender),) if isinstance(sender, str) else sender
    given = {
        "digest": f"digest of {name}", "subject": "overflow", "sender": senders,
        "to": tuple(Address("", one) for one in to), "date": at(hours), "arrived": at(hours),
        "in_reply_to": (MessageId(replies),) if replies else (), "references": tuple(map(MessageId, references)), **more,
    }  # fmt: skip
    stored = StoredMail(MessageId(name), thread, 1, matched, (f"/{name}",))
    return Arrival(stored, Heading(MessageId(name), **given), None if raw is None else skeleton(raw))


class Books:
    """A ledger of nothing but cases: enough to write a plan down and ask for the next."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.cases: dict[int, Case] = {}
        self.rules = rules
        self.written: list[Body] = []

    def take(self, *arrivals: Arrival) -> list[Body]:
        """Plan and write; give what was written."""
        asked = wanted(arrivals)
        known = {
            number: case
            for number, case in self.cases.items()
            if asked & {*(one.mail for one in case.mails), *(one.queued.mail for one in case.replies)}
        }
        self.rules = msgspec.structs.replace(self.rules, now=self.rules.now + timedelta(minutes=1))
        found = [body for filing in plan_intake(arrivals, Known(known), self.rules) for body in self.write(filing)]
        self.written += found
        return found

    def write(self, filing: Filing) -> tuple[Body, ...]:
        """Write one filing."""
        number = filing.case or len(self.cases) + 1
        case = self.cases.get(number, Case())
        entries = [
            Entry(number, case.seq + 1 + index, self.rules.now, "seccon", "acme@1", body)
            for index, body in enumerate(filing.bodies)
        ]
        self.cases[number] = fold_from(case, entries)
        return filing.bodies


def kinds(bodies: Iterable[Body]) -> list[str]:
    """Name the kinds of what was written."""
    return [str(body.__struct_config__.tag) for body in bodies]


def only(bodies: Iterable[Body], kind: type[Body]) -> list[Body]:
    """Keep the bodies of one kind."""
    return [body for body in bodies if isinstance(body, kind)]


# --- files -----------------------------------------------------------------------------------------------------------


def test_a_new_thread_opens_a_file_with_its_reporter() -> None:
    books = Books()
    opened, linked, arrived = books.take(mail("a@x"))
    assert opened == CaseOpened(project="acme")
    assert linked == ReportLinked(report="a@x", reporter=Correspondent("", JANE), subject="overflow", arrived=at(0))
    assert isinstance(arrived, MailArrived)
    assert (arrived.direction, arrived.joined, arrived.report) == ("in", False, "a@x")


def test_every_thread_opens_one_file() -> None:
    books = Books()
    books.take(mail("a@x", thread="1"), mail("b@x", thread="2"), mail("c@x", replies="a@x", thread="1", hours=1))
    assert [[one.mail for one in case.mails] for case in books.cases.values()] == [["a@x", "c@x"], ["b@x"]]


def test_a_thread_that_only_shares_an_unknown_parent_opens_one_file() -> None:
    books = Books()
    books.take(mail("b@x", references=["lost@x"]), mail("c@x", references=["lost@x"], hours=1))
    assert len(books.cases) == 1


def test_files_are_numbered_by_arrival_whatever_the_order_given() -> None:
    books = Books()
    books.take(mail("late@x", thread="2", hours=5), mail("early@x", thread="1"))
    assert [case.reports[0].id for case in books.cases.values()] == ["early@x", "late@x"]


def test_taking_in_the_same_mail_again_adds_nothing_though_all_thread_ids_changed() -> None:
    """I2: identity is the Message-ID; a reindex loses and doubles nothing."""
    books = Books()
    books.take(mail("a@x"), mail("b@x", replies="a@x", hours=1), mail("c@x", thread="2"))
    assert books.take(mail("a@x", thread="9"), mail("b@x", replies="a@x", hours=1, thread="9"), mail("c@x", thread="8")) == []


def test_a_reply_goes_where_the_mail_it_answers_is_before_where_it_only_refers_to() -> None:
    books = Books()
    books.take(mail("a@x", thread="1"), mail("b@x", thread="2"))
    books.take(mail("c@x", replies="b@x", references=["b@x", "a@x"], thread="1", hours=1))
    assert [one.mail for one in books.cases[2].mails] == ["b@x", "c@x"]


def test_a_reply_to_an_unknown_mail_goes_to_the_nearest_reference() -> None:
    books = Books()
    books.take(mail("a@x", thread="1"), mail("b@x", thread="2"))
    books.take(mail("c@x", replies="lost@x", references=["a@x", "b@x", "lost@x"], thread="1", hours=1))
    assert [one.mail for one in books.cases[2].mails] == ["b@x", "c@x"]


def test_a_thread_mate_is_the_last_resort() -> None:
    books = Books()
    books.take(mail("a@x"))
    later = msgspec.structs.replace(mail("c@x", references=["lost@x"], thread="new", hours=1), mates=(MessageId("a@x"),))
    books.take(later)
    assert [one.mail for one in books.cases[1].mails] == ["a@x", "c@x"]


def test_an_older_mail_of_the_thread_that_comes_late_joins_its_file() -> None:
    books = Books()
    books.take(mail("b@x", replies="a@x", hours=1))
    books.take(msgspec.structs.replace(mail("a@x", thread="n"), mates=(MessageId("a@x"), MessageId("b@x"))))
    assert [one.mail for one in books.cases[1].mails] == ["b@x", "a@x"]


def test_the_store_s_name_of_a_mail_counts_not_its_header_s() -> None:
    """A mail without Message-ID has the one that notmuch made; only under that it is found again."""
    books = Books()
    odd = mail("a@x")
    stored = msgspec.structs.replace(odd.mail, message_id=MessageId("notmuch-sha1-0"))
    books.take(msgspec.structs.replace(odd, mail=stored))
    assert books.cases[1].reports[0].id == "notmuch-sha1-0"
    assert books.take(msgspec.structs.replace(odd, mail=stored)) == []


# --- reporters -------------------------------------------------------------------------------------------------------


def test_a_list_that_rewrites_from_leaves_a_claimed_author() -> None:
    """I2: from X-Original-From, Reply-To, Cc, in that order."""
    via = {"sender": (Address("Jane Doe via Security", LIST),), "list_post": LIST}
    jane, other = (Address("Jane Doe", JANE),), (Address("", "other@x"),)
    for headers in (
        {"original_from": jane, "reply_to": other, "cc": other},
        {"reply_to": (Address("", LIST), *jane), "cc": other},
        {"cc": (*other, *jane)},
    ):
        books = Books()
        books.take(mail("a@x", **via, **headers))
        assert books.cases[1].reports[0].reporter == Correspondent("Jane Doe", JANE, claimed=True)


def test_without_any_claim_the_list_s_address_stands_claimed() -> None:
    books = Books()
    books.take(mail("a@x", **{"sender": (Address("Jane via L", "l@lists.example"),), "list_post": "L@lists.example"}))
    assert books.cases[1].reports[0].reporter == Correspondent("Jane", "l@lists.example", claimed=True)


def test_reply_to_of_a_mail_that_no_list_rewrote_is_not_its_author() -> None:
    books = Books()
    books.take(mail("a@x", reply_to=(Address("", EVE),), original_from=(Address("", EVE),)))
    assert books.cases[1].reports[0].reporter == Correspondent("", JANE)


def test_two_mailboxes_in_from_are_a_claim_and_never_the_team() -> None:
    books = Books()
    books.take(mail("a@x", TWO))
    assert books.cases[1].reports[0].reporter.claimed
    assert books.cases[1].mails[0].direction == "in"


def test_a_mail_without_from_is_filed_all_the_same() -> None:
    books = Books()
    books.take(mail("a@x", **{"sender": ()}))
    assert books.cases[1].reports[0].reporter == Correspondent()


def test_a_thread_of_the_team_alone_has_that_person_as_reporter() -> None:
    books = Books()
    books.take(mail("a@x", BOB), mail("b@x", CAROL, 1, replies="a@x", to=(LIST,)))
    assert books.cases[1].reports[0].reporter.address == BOB
    assert books.cases[1].reports[0].acknowledged is None


def test_a_colleague_s_reply_that_arrives_before_the_report_takes_nothing_from_the_reporter() -> None:
    books = Books()
    books.take(mail("b@x", BOB, 0, replies="a@x", to=(LIST, JANE)), mail("a@x", JANE, 0.1))
    report = books.cases[1].reports[0]
    assert report.reporter.address == JANE
    assert report.acknowledged is not None
    assert (report.acknowledged.member, report.acknowledged.when) == ("Bob", at(0))


def test_a_report_that_was_acknowledged_keeps_its_reporter() -> None:
    books = Books()
    books.take(
        mail("a@x", BOB, to=(LIST, JANE)), mail("b@x", CAROL, 1, replies="a@x", to=(BOB,)), mail("c@x", JANE, 2, replies="a@x")
    )
    assert books.cases[1].reports[0].reporter.address == BOB
    assert not only(books.written, ReporterSet)


def test_a_stranger_never_becomes_the_reporter_of_the_team_s_own_thread() -> None:
    books = Books()
    books.take(mail("a@x", BOB, to=(LIST, CAROL)), mail("b@x", EVE, 1, replies="a@x"))
    assert books.cases[1].reports[0].reporter.address == BOB
    assert not only(books.written, ReporterSet)


# --- acknowledgements (A2) -------------------------------------------------------------------------------------------


def test_the_first_reply_of_a_rostered_person_to_the_reporter_acknowledges() -> None:
    """A2, also where it was sent before seccon saw the report."""
    books = Books()
    books.take(mail("a@x"), mail("b@x", BOB, 2, replies="a@x", to=(JANE,)), mail("c@x", CAROL, 3, replies="a@x", to=(JANE,)))
    assert only(books.written, Acknowledged) == [Acknowledged(report="a@x", member="Bob", when=at(2), mail="b@x")]


def test_the_clock_starts_when_it_was_written_if_that_is_believable() -> None:
    for date, when in ((at(2), at(2)), (at(-5), at(4)), (at(9), at(4)), (None, at(4))):
        books = Books()
        books.take(mail("a@x"), mail("b@x", BOB, 4, replies="a@x", to=(JANE,), date=date))
        assert [one.when for one in only(books.written, Acknowledged)] == [when]


def test_the_reporter_in_cc_is_told_too() -> None:
    books = Books()
    books.take(mail("a@x"), mail("b@x", BOB, 2, replies="a@x", cc=(Address("J", "JANE@R.example"),)))
    assert only(books.written, Acknowledged)


def test_what_does_not_reach_the_reporter_or_is_no_person_s_does_not_acknowledge() -> None:
    for reply in (
        mail("b@x", BOB, 2, replies="a@x", to=(LIST,)),
        mail("b@x", BOB, 2, replies="a@x", to=(JANE,), automatic=True),
        mail("b@x", EVE, 2, replies="a@x", to=(JANE,)),
        mail("b@x", TWO, 2, replies="a@x", to=(JANE,)),
        mail("b@x", hours=2, replies="a@x", to=(JANE,), **_via_list(BOB)),
    ):
        books = Books()
        books.take(mail("a@x"), reply)
        assert not only(books.written, Acknowledged), reply


def _via_list(address: str) -> dict[str, object]:
    return {"sender": (Address("Bob via L", LIST),), "reply_to": (Address("Bob", address),), "list_post": LIST}


def test_nobody_acknowledges_their_own_report_but_a_colleague_does() -> None:
    books = Books()
    books.take(mail("a@x", CAROL), mail("b@x", "carol@home.example", 1, replies="a@x", to=(CAROL,)))
    assert not only(books.written, Acknowledged)
    books.take(mail("c@x", BOB, 2, replies="a@x", to=(CAROL,)))
    assert [one.member for one in only(books.written, Acknowledged)] == ["Bob"]


def test_a_reply_from_our_own_address_acknowledges_and_says_that_no_person_is_known() -> None:
    books = Books()
    books.take(mail("a@x"), mail("b@x", ROLE, 1, replies="a@x", to=(JANE,), signed=True))
    (found,) = only(books.written, Acknowledged)
    assert isinstance(found, Acknowledged)
    assert (found.member, found.signature) == (ROLE, "unverified")
    assert "not known" in found.evidence


def test_a_claimed_reporter_is_acknowledged_under_the_claimed_address() -> None:
    books = Books()
    books.take(mail("a@x", **{**_via_list(JANE)}), mail("b@x", BOB, 1, replies="a@x", to=(JANE,)))
    assert only(books.written, Acknowledged)


def test_each_report_of_a_case_has_its_own_acknowledgement() -> None:
    books = Books()
    books.take(mail("a@x"))
    books.write(Filing(1, (ReportLinked(report="r@x", reporter=Correspondent("", EVE)), _arrived("r@x", EVE, "r@x"))))
    books.take(mail("b@x", BOB, 1, replies="a@x", to=(JANE,), references=["a@x"]))
    assert [report.acknowledged is not None for report in books.cases[1].reports] == [True, False]
    books.take(mail("c@x", BOB, 2, replies="r@x", to=(EVE,)))
    assert [report.acknowledged is not None for report in books.cases[1].reports] == [True, True]


def _arrived(name: str, sender: str, report: str) -> MailArrived:
    return MailArrived(mail=name, digest=f"digest of {name}", report=report, sender=Correspondent("", sender), arrived=at(0))


# --- strangers -------------------------------------------------------------------------------------------------------


def test_a_stranger_who_joins_by_references_is_marked() -> None:
    books = Books()
    books.take(mail("a@x", to=(LIST, "friend@x")), mail("b@x", EVE, 1, replies="a@x", subject="Re: overflow"))
    books.take(mail("c@x", "friend@x", 2, replies="a@x"), mail("d@x", BOB, 3, replies="a@x"))
    assert [one.joined for one in books.cases[1].mails] == [False, True, False, False]


def test_a_stranger_brings_nobody_in() -> None:
    books = Books()
    books.take(mail("a@x"), mail("b@x", EVE, 1, replies="a@x", to=(LIST, "ally@x")), mail("c@x", "ally@x", 2, replies="b@x"))
    assert [one.joined for one in books.cases[1].mails] == [False, True, True]


def test_a_report_that_hides_in_another_s_thread_is_owed_an_answer_of_its_own() -> None:
    """In the same file, since it is the same thread; as a report with its own reporter, so that nothing can swallow it."""
    books = Books()
    books.take(mail("a@x"), mail("b@x", EVE, 1, references=["a@x"], subject="[L] use after free"))
    books.take(mail("c@x", BOB, 2, replies="a@x", to=(JANE,)))
    assert [(one.id, one.reporter.address, bool(one.acknowledged)) for one in books.cases[1].reports] == [
        ("a@x", JANE, True),
        ("b@x", EVE, False),
    ]
    books.take(mail("d@x", BOB, 3, replies="b@x", to=(EVE,)))
    assert all(report.acknowledged for report in books.cases[1].reports)


def test_a_stranger_s_mail_that_is_no_report_stays_a_mail() -> None:
    books = Books()
    books.take(mail("a@x"), mail("b@x", EVE, 1, replies="a@x", subject="else", matched=False))
    assert len(books.cases[1].reports) == 1


# --- two files under one Message-ID (I2, I11) -------------------------------------------------------------------------

TEXT = b"Content-Type: text/plain\n\nHello,\nthere is an overflow.\n"
FOOTED = TEXT + b"_______________________________________________\nsecurity mailing list\nhttps://lists.example/\n"


def test_the_direct_and_the_list_copy_are_one_mail_quietly() -> None:
    books = Books()
    direct = mail("a@x", raw=TEXT)
    copy = mail("a@x", hours=0.1, raw=FOOTED, date=at(0), **{**_via_list(JANE), "digest": "2", "subject": "[Sec] overflow"})
    books.take(direct, copy)
    assert kinds(books.written) == ["case-opened", "report-linked", "mail-arrived"]
    assert books.take(direct, copy) == []


def test_the_direct_copy_speaks_for_the_author_also_when_it_came_second() -> None:
    books = Books()
    copy = mail("a@x", raw=FOOTED, **{**_via_list(JANE), "digest": "2"})
    books.take(copy, mail("a@x", hours=0.1, raw=TEXT, date=at(0)))
    assert books.cases[1].reports[0].reporter == Correspondent("", JANE)
    assert books.take(copy, mail("a@x", hours=0.1, raw=TEXT, date=at(0))) == []


def test_another_mail_under_the_same_message_id_is_a_conflict_and_is_kept() -> None:
    """I11: a way to hide a report."""
    books = Books()
    first = mail("a@x", raw=TEXT)
    books.take(first)
    second = mail("a@x", EVE, 1, raw=TEXT.replace(b"an overflow", b"nothing at all"), digest="2")
    written = books.take(first, second)
    assert kinds(written) == ["mail-arrived", "mail-conflict"]
    assert only(written, MailConflict) == [MailConflict(mail="a@x", digests=("digest of a@x", "2"))]
    assert books.take(first, second) == []


def test_the_same_body_under_another_name_or_subject_is_a_conflict() -> None:
    for changes in ({"sender": (Address("", EVE),)}, {"subject": "nothing to see"}, {"date": at(7)}):
        books = Books()
        books.take(mail("a@x", raw=TEXT), mail("a@x", hours=1, raw=TEXT, **{"date": at(0), **changes, "digest": "2"}))
        assert only(books.written, MailConflict), changes


def test_what_cannot_be_compared_is_a_conflict() -> None:
    books = Books()
    books.take(mail("a@x"))
    assert only(books.take(mail("a@x", digest="2")), MailConflict)


def test_what_is_too_large_to_be_compared_whole_is_a_conflict() -> None:
    books = Books()
    sizes = {"size": (1 << 20) + 1, "date": at(0)}
    books.take(mail("a@x", raw=TEXT, **sizes), mail("a@x", hours=1, raw=TEXT, digest="2", **sizes))
    assert only(books.written, MailConflict)


def test_a_conflict_raises_a_closed_case_again() -> None:
    books = Books()
    books.take(mail("a@x"))
    books.write(Filing(1, (CaseClosed(outcome="spam"),)))
    assert kinds(books.take(mail("a@x", digest="2"))) == ["case-reopened", "mail-arrived", "mail-conflict"]


# --- closed and quiet cases ------------------------------------------------------------------------------------------


def test_new_mail_from_outside_reopens_a_closed_case() -> None:
    books = Books()
    books.take(mail("a@x"))
    books.write(Filing(1, (CaseClosed(outcome="not-security"),)))
    assert kinds(books.take(mail("b@x", hours=1, replies="a@x"))) == ["case-reopened", "mail-arrived"]
    assert not books.cases[1].closed


def test_our_own_last_word_and_an_automatic_answer_leave_a_case_closed() -> None:
    books = Books()
    books.take(mail("a@x"))
    books.write(Filing(1, (CaseClosed(outcome="not-security"),)))
    books.take(mail("b@x", BOB, 1, replies="a@x", to=(JANE,)), mail("c@x", hours=2, replies="b@x", automatic=True))
    assert not only(books.written, CaseReopened)


def test_a_thread_that_is_all_older_than_the_day_is_quiet_until_new_mail_comes() -> None:
    books = Books(msgspec.structs.replace(RULES, quiet_before=at(10)))
    books.take(mail("old@x", thread="1"), mail("new@x", thread="2", hours=1), mail("r@x", thread="2", hours=11, replies="new@x"))
    assert [case.quiet for case in books.cases.values()] == [True, False]
    books.take(mail("again@x", hours=12, replies="old@x", thread="1"))
    assert [case.quiet for case in books.cases.values()] == [False, False]


def test_an_acknowledgement_in_a_quiet_thread_is_known() -> None:
    books = Books(msgspec.structs.replace(RULES, quiet_before=at(10)))
    books.take(mail("a@x"), mail("b@x", BOB, 1, replies="a@x", to=(JANE,)))
    assert books.cases[1].reports[0].acknowledged


# --- what we sent ourselves ------------------------------------------------------------------------------------------


def test_the_copy_of_a_reply_of_ours_is_filed_as_ours_though_it_refers_to_nothing_known() -> None:
    books = Books()
    books.take(mail("a@x"))
    queued = ReplyQueued(reply="1", mail="out@x", identity=ROLE, recipients=(), protection="clear", reports=("a@x",))
    books.write(Filing(1, (queued,)))
    books.take(mail("out@x", ROLE, 1, thread="other", to=(JANE,)))
    assert [(one.mail, one.direction) for one in books.cases[1].mails] == [("a@x", "in"), ("out@x", "out")]
    assert len(books.cases) == 1


# --- laws ------------------------------------------------------------------------------------------------------------

PEOPLE = (JANE, BOB, CAROL, EVE, ROLE)
DRAWN = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.integers(0, 30),
        st.sets(st.sampled_from(PEOPLE), max_size=2),
        st.sampled_from(("overflow", "Re: overflow", "use after free")),
        st.booleans(),
    ),
    max_size=14,
)


def _correspondence(drawn: Iterable[tuple[str, int, set[str], str, bool]]) -> list[Arrival]:
    """Mails in the order of arrival, each a reply to an earlier one or a new thread; thread ids as a store would give them."""
    found: list[Arrival] = []
    for number, (sender, answers, to, subject, automatic) in enumerate(drawn):
        parent = found[answers % len(found)] if found and answers < 24 else None
        thread = parent.mail.thread if parent else f"t{number}"
        name = parent.name if parent else ""
        told = (LIST, *sorted(to))
        found.append(
            mail(f"m{number}@x", sender, number, replies=name, to=told, thread=thread, subject=subject, automatic=automatic)
        )  # fmt: skip
    names: dict[str, list[MessageId]] = {}
    for one in found:
        names.setdefault(one.mail.thread, []).append(one.name)
    return [msgspec.structs.replace(one, mates=tuple(names[one.mail.thread])) for one in found]


@given(DRAWN, st.lists(st.integers(0, 14), max_size=4))
@settings(max_examples=150)
def test_it_does_not_matter_in_how_many_portions_mail_comes(
    drawn: list[tuple[str, int, set[str], str, bool]], cuts: list[int]
) -> None:
    arrivals = _correspondence(drawn)
    whole, parts = Books(), Books()
    whole.take(*arrivals)
    edges = sorted({0, *(min(cut, len(arrivals)) for cut in cuts), len(arrivals)})
    for start, end in pairwise(edges):
        parts.take(*arrivals[start:end])
    assert parts.cases.keys() == whole.cases.keys()
    for number, case in whole.cases.items():
        assert msgspec.structs.replace(parts.cases[number], happened={}) == msgspec.structs.replace(case, happened={})


@given(DRAWN)
@settings(max_examples=100)
def test_one_row_for_each_thread_no_mail_lost_none_twice_and_nothing_new_the_second_time(
    drawn: list[tuple[str, int, set[str], str, bool]],
) -> None:
    arrivals = _correspondence(drawn)
    books = Books()
    books.take(*arrivals)
    assert len(books.cases) == len({one.mail.thread for one in arrivals})
    assert sorted(one.mail for case in books.cases.values() for one in case.mails) == sorted(one.name for one in arrivals)
    assert books.take(*reversed(arrivals)) == []


@given(DRAWN)
@settings(max_examples=100)
def test_an_acknowledgement_is_by_one_of_us_to_the_reporter_and_not_before_the_report(
    drawn: list[tuple[str, int, set[str], str, bool]],
) -> None:
    arrivals = {one.name: one for one in _correspondence(drawn)}
    books = Books()
    books.take(*arrivals.values())
    for case in books.cases.values():
        for report in case.reports:
            if report.acknowledged:
                by = arrivals[MessageId(str(report.acknowledged.mail))]
                assert by.heading.sender[0].address in (BOB, CAROL, ROLE)
                assert report.reporter.address in by.told
                assert report.reporter.address != by.heading.sender[0].address
                assert not by.heading.automatic


def test_the_entries_alone_lead_to_the_planned_state() -> None:
    """The plan is made against the same fold that reads the journal later."""
    found = plan_intake([mail("a@x"), mail("b@x", BOB, 1, replies="a@x", to=(JANE,))], Known(), RULES)
    entries = [Entry(1, index + 1, RULES.now, "seccon", "acme@1", body) for index, body in enumerate(found[0].bodies)]
    assert [one.mail for one in fold(entries).mails] == ["a@x", "b@x"]
