"""Intake of posts that a list holds back: one row, of the post's author, until and after the list's copy comes (I4)."""

from itertools import permutations

import msgspec
import pytest

from seccon.core.arrival import Arrival
from seccon.core.case import Case, fold_from
from seccon.core.ids import MessageId
from seccon.core.intake import Known, plan_intake, wanted
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import CaseReopened, MailArrived, ReporterSet, ReportLinked
from seccon.core.journal.work import PostHeld, PostReleased
from seccon.core.moderation import HeldPost
from seccon.core.projection import projection
from seccon.core.report import Address, Heading
from seccon.core.steps import steps
from seccon.core.team import Member, Roster
from tests.core.test_intake import BOB, EVE, JANE, LIST, RULES, at, mail
from tests.story import shipped

OWNER = "sec-owner@lists.example.org"
POST = MessageId("post@r.example")


def notice(
    name: str = "notice@lists",
    post: str = POST,
    sender: str = JANE,
    hours: float = 1,
    subject: str = "overflow",
    replies: str = "",
) -> Arrival:
    """Make a notice about a held post."""
    answered = (MessageId(replies),) if replies else ()
    inner = Heading(MessageId(post), "", subject, (Address("Jane", sender),), arrived=at(0.5), in_reply_to=answered)
    found = mail(name, OWNER, hours, to=(OWNER,), thread=name, subject=f"sec post from {sender} requires approval")
    return msgspec.structs.replace(found, held=HeldPost(MessageId(post), LIST, inner.sender[0], subject, inner))


def copy(hours: float = 5, sender: str = JANE, **more: object) -> Arrival:
    """Make the list's copy of the post."""
    return mail(POST, sender, hours, thread="copy", **more)  # type: ignore[arg-type]


class Files:
    """Cases by number; every question is answered with all of them."""

    def __init__(self) -> None:
        self.cases: dict[int, Case] = {}

    def take(self, *arrivals: Arrival) -> list[Body]:
        assert wanted(arrivals)
        found: list[Body] = []
        for filing in plan_intake(arrivals, Known(self.cases), RULES):
            number = filing.case or len(self.cases) + 1
            case = self.cases.get(number, Case())
            entries = [
                Entry(number, case.seq + 1 + at, RULES.now, "seccon", "acme@1", body) for at, body in enumerate(filing.bodies)
            ]
            self.cases[number] = fold_from(case, entries)
            found += filing.bodies
        return found

    def add(self, number: int, body: Body, by: str = "alice") -> None:
        case = self.cases[number]
        self.cases[number] = fold_from(case, [Entry(number, case.seq + 1, RULES.now, by, "acme@1", body)])


def of(bodies: list[Body], kind: type[Body]) -> list[Body]:
    return [body for body in bodies if isinstance(body, kind)]


def test_a_notice_is_a_report_of_the_posts_author_and_none_of_the_lists_owner() -> None:
    files = Files()
    written = files.take(notice())
    (linked,) = of(written, ReportLinked)
    assert isinstance(linked, ReportLinked)
    assert (linked.report, linked.reporter.address, linked.reporter.claimed) == (POST, JANE, True)
    assert linked.arrived == at(0.5), "the reporter has waited since they wrote"
    assert of(written, PostHeld) == [
        PostHeld(mail=POST, notice=MessageId("notice@lists"), list=LIST, sender=JANE, subject="overflow")
    ]


def test_the_row_says_that_it_is_held_and_the_process_wants_it_released() -> None:
    files = Files()
    files.take(notice())
    policy = shipped("qemu")
    case = msgspec.structs.replace(files.cases[1], policy=policy.key)
    made = projection(case, {policy.key: policy})
    assert made.row is not None
    assert (made.row.alarm, made.row.reporter, made.row.state) == ("held for moderation", "Jane", "new")
    assert POST in [one.mail for one in made.mails], "the list's copy is found by the post's id"
    assert steps(case, policy, RULES.now)[0].verb == "moderate"


def test_the_lists_copy_goes_on_in_the_same_row() -> None:
    files = Files()
    files.take(notice())
    written = files.take(copy())
    assert of(written, PostReleased) == [PostReleased(mail=POST)], "who released it is not known"
    assert list(files.cases) == [1]
    case = files.cases[1]
    assert [one.id for one in case.reports] == [POST]
    assert not case.reports[0].reporter.claimed
    assert not case.work.holding
    arrived = [one for one in case.mails if one.mail == POST]
    assert [(one.joined, one.direction) for one in arrived] == [(False, "in")]
    policy = shipped("qemu")
    made = projection(msgspec.structs.replace(case, policy=policy.key), {policy.key: policy})
    assert made.row is not None
    assert not made.row.alarm


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_and_portions_they_come_it_is_one_row_and_nothing_is_held(order: tuple[int, ...]) -> None:
    mails = (notice(), copy(), mail("re@team", BOB, 6, replies=POST, to=(JANE, LIST), thread="copy"))
    for portions in ([[one] for one in order], [list(order)], [list(order[:2]), [order[2]]]):
        files = Files()
        for portion in portions:
            files.take(*(mails[one] for one in portion))
        home = [case for case in files.cases.values() if case.report(POST) and any(one.mail == POST for one in case.mails)]
        assert len(home) == 1
        assert not home[0].work.holding
        if order[0] != 2 or len(portions) == 1:
            assert len(files.cases) == 1


def test_a_second_notice_of_the_same_post_holds_it_no_second_time() -> None:
    files = Files()
    files.take(notice())
    written = files.take(notice("reminder@lists", hours=20))
    assert of(written, PostHeld) == []
    assert list(files.cases) == [1]
    assert files.take(notice()) == [], "what was taken in adds nothing"


def test_who_released_it_stays_known_when_the_copy_comes() -> None:
    files = Files()
    files.take(notice())
    files.add(1, PostReleased(mail=POST, by="alice"))
    files.take(copy())
    assert files.cases[1].work.released[POST].by == "alice"


def test_a_post_that_was_discarded_and_comes_all_the_same_is_released() -> None:
    files = Files()
    files.take(notice())
    files.add(1, PostReleased(mail=POST, by="alice", discarded=True))
    written = files.take(copy())
    assert of(written, PostReleased)
    assert not files.cases[1].work.released[POST].discarded


def test_a_forged_notice_does_not_make_its_author_the_reporter_of_a_real_post() -> None:
    files = Files()
    files.take(notice(sender=EVE, subject="something else"))
    written = files.take(copy())
    (said,) = of(written, ReporterSet)
    assert isinstance(said, ReporterSet)
    assert said.reporter.address == JANE
    assert [one.reporter.address for one in files.cases[1].reports] == [JANE]


def test_a_notice_about_a_post_that_came_already_raises_nothing() -> None:
    files = Files()
    files.take(copy(hours=0))
    written = files.take(notice())
    assert of(written, ReportLinked) == []
    assert of(written, CaseReopened) == []
    assert not files.cases[1].work.holding
    assert [one.reporter.address for one in files.cases[1].reports] == [JANE]


def test_a_held_answer_of_the_reporter_stands_on_their_case() -> None:
    files = Files()
    files.take(mail("first@r", JANE, 0))
    written = files.take(notice(replies="first@r", post="answer@r", subject="Re: overflow"))
    assert list(files.cases) == [1]
    assert of(written, ReportLinked) == []
    assert [one.mail for one in files.cases[1].work.holding] == ["answer@r"]
    files.take(mail("answer@r", JANE, 3, replies="first@r"))
    assert not files.cases[1].work.holding


def test_a_strangers_held_post_hides_in_nobodys_case() -> None:
    files = Files()
    files.take(mail("first@r", JANE, 0))
    files.take(notice(sender=EVE, replies="first@r", subject="another matter"))
    assert len(files.cases) == 2


def test_a_notice_acknowledges_nothing_and_ends_no_waiting() -> None:
    files = Files()
    written = files.take(notice())
    (arrived,) = of(written, MailArrived)
    assert isinstance(arrived, MailArrived)
    assert (arrived.automatic, arrived.direction, arrived.joined) == (True, "in", False)
    assert not files.cases[1].reports[0].acknowledged


def test_mail_of_a_member_who_left_is_not_the_teams_and_acknowledges_nothing() -> None:
    """H1: who left writes as anybody else from then on; what they wrote before is the team's."""
    gone = Roster((Member("Carol", ("carol@team.example",)),), (Member("Bob", (BOB,), until=at(3)),))
    rules = msgspec.structs.replace(RULES, roster=gone)
    report = mail("r@x", JANE, 0)
    for hours, direction in ((2, "team"), (4, "in")):
        answer = mail("re@x", BOB, hours, replies="r@x", to=(JANE,))
        (filing,) = plan_intake([report, answer], Known(), rules)
        arrived = [body for body in filing.bodies if isinstance(body, MailArrived)]
        assert arrived[1].direction == direction
        kinds = [str(body.__struct_config__.tag) for body in filing.bodies]
        assert ("acknowledged" in kinds) is (direction == "team")
