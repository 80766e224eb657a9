"""What parties answer is found on their case, and is none of a reporter's; nor does it hide one's report (I2 F5)."""

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seccon.core.case import Case, events, fold
from seccon.core.circle import circle_of
from seccon.core.facts import facts, may_tell
from seccon.core.guard import judge
from seccon.core.ids import MessageId
from seccon.core.instants import Instant
from seccon.core.intake import Filing, Known, plan_intake
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import CaseMerged, CaseOpened, MailArrived, ReportLinked, ReportUnlinked
from seccon.core.journal.parties import PartyInvited, PartyRemoved, PartyTold
from seccon.core.journal.replies import ReplyQueued, ReplySent
from seccon.core.journal.work import PermissionRecorded, WaitingSet
from seccon.core.letter import Letter, Recipient
from seccon.core.party_thread import mails, party_of, root
from seccon.core.report import Correspondent
from seccon.core.team import Identity, Roster
from tests.core.test_intake import BOB, EVE, JANE, ROLE, RULES, Books, at, mail
from tests.core.test_party import POLICY

VENDOR, OTHER = "psirt@vendor.example", "security@other.example"
SENT = "ours@team.example"


def begun(*more: Body) -> Books:
    """A case with a report, a party, and our first mail to it, which left."""
    books = Books()
    books.take(mail("a@x"))
    queued = ReplyQueued(reply="1", mail=MessageId(SENT), identity=ROLE, recipients=(), protection="encrypted", party=VENDOR)
    sent = ReplySent(reply="1", mail=MessageId(SENT), when=at(2))
    books.write(Filing(1, (PartyInvited(party=VENDOR, name="Vendor"), queued, sent, *more)))
    return books


def arrived(books: Books, case: int = 1) -> MailArrived:
    return books.cases[case].mails[-1]


def test_an_answer_to_us_alone_is_found_and_belongs_to_the_party_s_own_thread() -> None:
    books = begun(WaitingSet(whom="reporter"))
    books.take(mail("v@v", VENDOR, 3, replies=SENT, to=(ROLE,), thread="v", subject="Re: ...", matched=False))
    found = arrived(books)
    assert (found.party, found.report, found.joined, found.direction) == (VENDOR, SENT, False, "in")
    case = books.cases[1]
    assert case.work.waiting is not None
    assert case.work.parties[0].wrote == ("v@v",)
    assert len(case.reports) == len(books.cases) == 1
    assert mails(case, VENDOR) == (SENT, "v@v")


def test_our_copy_stands_on_it_too_and_starts_no_promise_to_a_reporter() -> None:
    books = begun()
    books.take(mail(SENT, ROLE, 2, to=(VENDOR,), thread="v", subject="...", matched=False))
    assert (arrived(books).direction, arrived(books).party) == ("out", VENDOR)
    assert "mail-out" not in events(books.cases[1])
    assert books.cases[1].reports[0].acknowledged is None


def test_somebody_else_on_a_party_s_thread_is_not_the_party() -> None:
    books = begun(WaitingSet(whom=VENDOR))
    books.take(mail("e@e", EVE, 3, replies=SENT, to=(ROLE,), thread="v", subject="Re: ...", matched=False))
    assert (arrived(books).party, arrived(books).joined) == (VENDOR, True)
    assert books.cases[1].work.parties[0].wrote == ()
    assert books.cases[1].work.waiting is not None


def test_a_report_that_refers_to_a_party_s_mail_is_not_lost_in_its_thread() -> None:
    """Matched by the reports' query, from a stranger, of another subject: it gets an answer of its own."""
    books = begun()
    books.take(mail("new@e", EVE, 3, references=(SENT,), thread="n", subject="another overflow"))
    case = books.cases[1]
    assert [one.reporter.address for one in case.reports] == [JANE, EVE]
    assert arrived(books).party == ""


def test_a_party_s_mail_on_the_reporter_s_thread_is_not_the_reporter_s() -> None:
    books = begun(WaitingSet(whom="reporter"))
    books.take(mail("v@v", VENDOR.upper(), 3, replies="a@x", subject="Re: overflow"))
    assert (arrived(books).party, arrived(books).report, arrived(books).from_reporter) == (VENDOR, "a@x", False)
    assert books.cases[1].work.waiting is not None
    books.take(mail("j@x", JANE, 4, replies="a@x", subject="Re: overflow"))
    assert (arrived(books).party, arrived(books).from_reporter) == ("", True)
    assert books.cases[1].work.waiting is None


def test_whom_a_party_copies_is_nobody_of_the_case() -> None:
    books = begun()
    books.take(mail("v@v", VENDOR, 3, replies=SENT, to=(ROLE, EVE), thread="v", subject="Re: ...", matched=False))
    books.take(mail("e@e", EVE, 4, replies="a@x", subject="Re: overflow"))
    assert arrived(books).joined


def test_an_encrypted_answer_of_a_party_makes_no_report_an_encrypted_one() -> None:
    books = begun()
    books.take(mail("v@v", VENDOR, 3, replies=SENT, to=(ROLE,), thread="v", subject="...", matched=False, encrypted=True))
    assert "encrypted" not in facts(books.cases[1], POLICY)
    assert "archived" in facts(books.cases[1], POLICY)


def test_a_colleague_s_thread_does_not_make_a_party_its_reporter() -> None:
    books = Books()
    books.take(mail("a@x", BOB, subject="we found one"))
    books.write(Filing(1, (PartyInvited(party=VENDOR),)))
    books.take(mail("v@v", VENDOR, 1, replies="a@x", subject="Re: we found one"))
    assert books.cases[1].reports[0].reporter.address == BOB


def test_after_a_merge_a_party_s_answer_comes_to_the_case_that_goes_on() -> None:
    books = begun()
    books.take(mail("v@v", VENDOR, 3, replies=SENT, to=(ROLE,), thread="v", subject="Re: ...", matched=False))
    first = books.cases[1]
    other = ReportLinked(report=MessageId("b@y"), reporter=Correspondent("", EVE))
    books.write(Filing(None, (CaseOpened(project="acme"), other)))
    carried = msgspec.structs.replace(first.mails[-1])
    moved = ReportLinked(report=MessageId("a@x"), reporter=Correspondent("", JANE), from_case=1)
    books.write(Filing(2, (moved, PartyInvited(party=VENDOR, name="Vendor"), carried)))
    books.write(Filing(1, (ReportUnlinked(report=MessageId("a@x"), to_case=2), CaseMerged(into=2))))
    known = Known(books.cases)
    later = mail("w@v", VENDOR, 5, replies=SENT, to=(ROLE,), thread="v", subject="Re: ...", matched=False)
    (filing,) = plan_intake((later,), known, RULES)
    assert filing.case == 2
    (body,) = filing.bodies
    assert isinstance(body, MailArrived)
    assert (body.party, body.joined) == (VENDOR, False)
    assert party_of(books.cases[2], root(books.cases[2], VENDOR)) == VENDOR


# --- laws ------------------------------------------------------------------------------------------------------------

REPORTS = (MessageId("one@r.example"), MessageId("two@r.example"))
WHOM = (VENDOR, OTHER, "anyone", VENDOR.upper())
STEPS = st.lists(
    st.one_of(
        st.builds(PermissionRecorded, report=st.sampled_from(REPORTS), whom=st.sampled_from(WHOM),
                  granted=st.booleans(), why=st.just("x")),
        st.builds(PartyInvited, party=st.sampled_from((VENDOR, OTHER))),
        st.builds(PartyRemoved, party=st.sampled_from((VENDOR, OTHER))),
        st.builds(PartyTold, party=st.sampled_from((VENDOR, OTHER)), evidence=st.just("x")),
    ),
    max_size=12,
)  # fmt: skip


def _case(steps: list[Body]) -> Case:
    linked = [ReportLinked(report=one, reporter=Correspondent("", f"{one[:3]}@r.example")) for one in REPORTS]
    bodies: list[Body] = [CaseOpened(project="p"), *linked, *steps]
    return fold(Entry(1, seq, at(seq), "alice", "p@1", body) for seq, body in enumerate(bodies, 1))


def _refuses_by_name(whom: str, granted: bool, report: MessageId = REPORTS[0]) -> Body:
    return PermissionRecorded(report=report, whom=whom, granted=granted, why="x")


@given(STEPS)
@settings(max_examples=200)
@example([
    PartyInvited(party=VENDOR), _refuses_by_name("anyone", True), _refuses_by_name(VENDOR, False),
    _refuses_by_name("anyone", True, REPORTS[1]),
])  # fmt: skip
def test_no_mail_to_a_party_may_leave_while_one_reporter_has_not_permitted_it(steps: list[Body]) -> None:
    """Whatever happened before, and whatever reason is written on the sheet."""
    from seccon.core.letter import Choice

    case = _case(steps)
    now: Instant = at(100)
    circle = circle_of(case, POLICY, Roster(), (Identity(ROLE),), None)
    for address in (VENDOR, OTHER):
        rules = ("stranger", "party-permission", "party-apart", "clear-secret")
        letter = Letter(
            id="l", case=1, identity=ROLE, recipients=(Recipient(address),), subject="x", text="y", protection="clear",
            party=address, choices=tuple(Choice(rule, "overridden", address, "because") for rule in rules),
        )  # fmt: skip
        party = case.work.party(address)
        if party is not None and not may_tell(case, address):
            assert not judge(letter, circle, {}, None, None, now).can_send
            assert "party-permission" in [one.rule for one in judge(letter, circle, {}, None, None, now).refusals]


@given(STEPS)
def test_who_was_told_is_never_forgotten(steps: list[Body]) -> None:
    told = {body.party for body in steps if isinstance(body, PartyTold)}
    outside = _case(steps).work.outside
    assert told == {one.address for one in (*outside.parties, *outside.gone) if one.told}
    assert not {one.address for one in outside.parties} & {one.address for one in outside.gone}
