"""The people behind a report: the true reporter, credit, staff told, and who released a held post (I4, D4, F7)."""

import msgspec
import pytest

from seccon.core.case import Case, fold
from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId
from seccon.core.journal.cases import Acknowledged, CaseOpened, MailArrived, ReportLinked
from seccon.core.journal.work import PostHeld
from seccon.core.report import Correspondent
from seccon.desk.case_card import ReadCaseCard
from seccon.desk.credit import SetCredit
from seccon.desk.moderate import Moderate
from seccon.desk.prepare_reply import PrepareReply
from seccon.desk.reporter import SetReporter
from seccon.desk.results import Permit
from seccon.desk.staff import TellStaff
from tests.outgoing import ALICE, DOE, NOW, ROE, TEAM, Scene

REPORT = MessageId("report1@reporter.example.net")
EMEKA = "emeka@host.example"
POST, NOTICE = MessageId("post@uni.example"), MessageId("notice@lists.example")


def state(scene: Scene, case: int) -> Case:
    return fold(scene.office.ledger.entries(case))


def test_the_true_reporter_is_owed_an_acknowledgement(scene: Scene) -> None:
    case = scene.report()
    scene.add(case, Acknowledged(report=REPORT, member="Alice Ames", when=NOW))
    SetReporter(case=case, seen=4, report=REPORT, name="Emeka", address=EMEKA, evidence="forwarded").perform(scene.office)
    (report,) = state(scene, case).reports
    assert report.reporter == Correspondent("Emeka", EMEKA, claimed=True)
    assert report.acknowledged is None
    card = ReadCaseCard(case=case, keys={}).perform(scene.office).card
    assert "acknowledge" in card.step.lower()


def test_a_mail_of_the_team_that_went_to_them_too_acknowledged_them(scene: Scene) -> None:
    case = scene.report()
    answer = MailArrived(
        mail=MessageId("re@team"), digest="d", report=REPORT, sender=Correspondent("Alice", ALICE), to=(ROE.address, EMEKA),
        arrived=NOW, direction="team",
    )  # fmt: skip
    scene.add(case, answer, Acknowledged(report=REPORT, member="Alice Ames", when=NOW, mail=MessageId("re@team")))
    SetReporter(case=case, seen=5, report=REPORT, name="Emeka", address=EMEKA, evidence="forwarded").perform(scene.office)
    seen = state(scene, case).reports[0].acknowledged
    assert seen is not None
    assert (seen.member, seen.mail) == ("Alice Ames", "re@team")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"evidence": " "}, "reporter.evidence"),
        ({"address": "no address"}, "reporter.address"),
        ({"address": ALICE}, "reporter.ours"),
        ({"address": TEAM}, "reporter.ours"),
        ({"address": ROE.address, "name": ROE.name}, "reporter.same"),
        ({"report": "other@x"}, "reporter.report"),
    ],
)
def test_a_reporter_is_not_named_without_reason(scene: Scene, changes: dict[str, str], rule: str) -> None:
    case = scene.report()
    asked = SetReporter(case=case, seen=3, report=REPORT, name="Emeka", address=EMEKA, evidence="forwarded")
    with pytest.raises(RefusedError) as refused:
        msgspec.structs.replace(asked, **changes).perform(scene.office)
    assert refused.value.rule == rule
    assert scene.kinds(case)[-1] == "mail-arrived"


def test_the_card_says_of_several_reporters_who_permits_whom(scene: Scene) -> None:
    """F7: what one of them permits does not bind the other."""
    case, office = scene.report(), scene.office
    scene.report(DOE, case=case)
    other = fold(office.ledger.entries(case)).reports[1].id
    Permit(case=case, seen=5, report=REPORT, whom="anyone", proof=REPORT).perform(office)
    Permit(case=case, seen=6, report=other, whom="a@vendor.example", why="by phone").perform(office)
    Permit(case=case, seen=7, report=other, whom="b@vendor.example", why="by phone").perform(office)
    facts = [one.text for one in ReadCaseCard(case=case, keys={}).perform(office).card.facts if one.name == "permission"]
    assert facts == [
        "anyone may be told, says A. Roe: mail of 2026-11-21 19:13Z",
        "a@vendor.example, b@vendor.example may be told, says J. Doe: by phone",
    ]


def test_the_card_says_credit_permission_and_who_was_told(scene: Scene) -> None:
    """D4, F7."""
    case, office = scene.report(), scene.office
    SetCredit(case=case, seen=3, report=REPORT, credit="", evidence="in the report").perform(office)
    Permit(case=case, seen=4, report=REPORT, whom="psirt@vendor.example", why="by phone").perform(office)
    TellStaff(case=case, seen=5, staff="Ben Build", why="builds the package").perform(office)
    facts = {(one.name, one.text) for one in ReadCaseCard(case=case, keys={}).perform(office).card.facts}
    assert ("credit", "none: A. Roe is not to be named") in facts
    assert ("permission", "psirt@vendor.example may be told: by phone") in facts
    assert ("staff", "Ben Build, told by Alice Ames: builds the package") in facts


def test_credit_needs_the_reporters_word_and_staff_a_reason(scene: Scene) -> None:
    case = scene.report()
    with pytest.raises(RefusedError, match="where the reporter says so"):
        SetCredit(case=case, seen=3, report=REPORT, credit="A. Roe", evidence="").perform(scene.office)
    with pytest.raises(RefusedError, match="minimal"):
        TellStaff(case=case, seen=3, staff="everybody", why="").perform(scene.office)
    with pytest.raises(RefusedError, match="Nobody on the roster is called"):
        TellStaff(case=case, seen=3, staff="Ben", why="builds", member="Mallory").perform(scene.office)


def held(scene: Scene) -> int:
    notice = MailArrived(mail=NOTICE, digest="n", report=POST, sender=Correspondent("", "owner@l"), arrived=NOW, automatic=True)
    linked = ReportLinked(report=POST, reporter=Correspondent("Helena", "helena@uni.example", claimed=True), arrived=NOW)
    with scene.office.ledger.writing("seccon", NOW) as book:
        post = PostHeld(mail=POST, notice=NOTICE, list="sec@l", sender="helena@uni.example")
        return book.open_file(scene.policy.key, CaseOpened(project="qemu"), linked, notice, post)


def test_who_released_a_post_is_the_moderators_own_entry(scene: Scene) -> None:
    case = held(scene)
    Moderate(case=case, seen=4, mail=POST, what="released").perform(scene.office)
    assert state(scene, case).work.released[POST].by == "alice"
    row = scene.office.ledger.row(case)
    assert row is not None
    assert not row.alarm
    with pytest.raises(RefusedError, match="alice said already"):
        Moderate(case=case, seen=5, mail=POST, what="discarded", why="spam").perform(scene.office)


def test_a_discarded_post_that_is_all_there_is_ends_as_spam(scene: Scene) -> None:
    case = held(scene)
    with pytest.raises(RefusedError, match="why it was discarded"):
        Moderate(case=case, seen=4, mail=POST, what="discarded").perform(scene.office)
    Moderate(case=case, seen=4, mail=POST, what="discarded", why="advertising").perform(scene.office)
    closed = state(scene, case).closed
    assert closed is not None
    assert closed.outcome == "spam"


def test_a_post_that_has_not_come_cannot_be_answered(scene: Scene) -> None:
    """And the notice, which bears the cookie, is not quoted in its place."""
    case = held(scene)
    with pytest.raises(RefusedError, match="held by its list"):
        PrepareReply(case=case).perform(scene.office)
    assert scene.office.ledger.find(f"#{case}") == case
    assert POST in [one.mail for one in scene.office.ledger.mails(case)]
    assert scene.office.ledger.cases_of(POST) == (case,)
