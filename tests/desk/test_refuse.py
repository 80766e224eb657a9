"""Needs info and the scope gate (I6 I7): what follows, follows from a mail that was sent, never against who wrote."""

from pathlib import Path

import msgspec
import pytest

from seccon.core.case import Case, fold
from seccon.core.errors import ConflictError, RefusedError
from seccon.core.ids import MessageId
from seccon.core.journal.cases import Acknowledged, CaseReopened
from seccon.core.journal.embargoes import EmbargoSet
from seccon.core.letter import Letter, Recipient
from seccon.core.post import OutState
from seccon.core.projection import projection, state_of
from seccon.desk.deliver import Deliver
from seccon.desk.prepare_reply import PrepareReply
from seccon.desk.presend import Presend
from seccon.desk.refuse import Dismiss, JudgeScope, unanswered
from seccon.desk.refuse_many import Prepared, PrepareRefusals, SendRefusals
from seccon.desk.send_reply import SendReply
from tests.outgoing import DOE, NOW, ROE, SUBJECT, TEAM, Scene, arrival, made_mail
from tests.story import at


def case_of(scene: Scene, case: int) -> Case:
    return fold(scene.office.ledger.entries(case))


def judge(scene: Scene, case: int, outcome: str = "out-of-scope", clause: str = "technical-assistance") -> None:
    seen = scene.office.ledger.entries(case)[-1].seq
    JudgeScope(case=case, seen=seen, outcome=outcome, clause=clause).perform(scene.office)  # type: ignore[arg-type]


def queue(scene: Scene, case: int, purpose: str, place: int = 0) -> None:
    """Queue a signed reply of a purpose to one of the case's reporters."""
    report = case_of(scene, case).reports[place]
    letter = Letter(
        id=f"letter{len(scene.office.ledger.items())}", case=case, identity=TEAM, subject=f"Re: {SUBJECT}", text="Hello.\n",
        protection="signed", recipients=(Recipient(report.reporter.address, role="reporter"),), report=report.id, wire=SUBJECT,
        purpose=purpose,
    )  # fmt: skip
    sheet = Presend(letter=letter).perform(scene.office)
    assert sheet.can_send, sheet.refusals
    SendReply(letter=letter, digest=sheet.digest).perform(scene.office)


def send(scene: Scene, case: int, purpose: str, place: int = 0) -> None:
    queue(scene, case, purpose, place)
    (moved,) = Deliver().perform(scene.office)
    assert moved.state is OutState.SENT


def writes(scene: Scene, case: int, name: str) -> None:
    """Let the reporter write."""
    report = case_of(scene, case).reports[0].id
    mail = made_mail(MessageId(name), ROE)
    scene.keep(mail)
    scene.add(case, arrival(mail, report, ROE))


def test_once_the_question_is_sent_the_case_waits_and_comes_back_with_the_answer(tmp_path: Path) -> None:
    """I6."""
    scene = Scene(tmp_path)
    case = scene.report()
    queue(scene, case, "needs-info")
    assert case_of(scene, case).work.waiting is None
    Deliver().perform(scene.office)
    waiting = case_of(scene, case)
    assert waiting.work.waiting
    assert waiting.work.waiting.whom == "reporter"
    assert state_of(waiting) == "waiting"
    row = projection(waiting, scene.policies).row
    assert row
    assert row.next == "waits for reporter, since 11-21"
    writes(scene, case, "answer@x")
    assert case_of(scene, case).work.waiting is None
    assert scene.kinds(case)[-5:-1] == ["reply-queued", "reply-sent", "acknowledged", "waiting-set"]


def test_who_answered_before_the_question_left_is_not_waited_for(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    queue(scene, case, "needs-info")
    writes(scene, case, "crossed@x")
    Deliver().perform(scene.office)
    assert case_of(scene, case).work.waiting is None


def test_asking_twice_waits_once(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    send(scene, case, "needs-info")
    send(scene, case, "needs-info")
    assert scene.kinds(case).count("waiting-set") == 1


def test_another_reply_makes_nobody_wait(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    send(scene, case, "acknowledge")
    assert case_of(scene, case).work.waiting is None


def test_a_reporter_without_an_answer_stands_before_any_waiting(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    send(scene, case, "needs-info")
    scene.report(DOE, case=case)
    row = projection(case_of(scene, case), scene.policies).row
    assert row
    assert row.next == "acknowledge"


def test_the_draft_asks_for_just_what_is_missing(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    letter = PrepareReply(case=case, purpose="needs-info", missing=("credit", "trace")).perform(scene.office)
    asked = [line for line in letter.text.split("\n") if line.startswith("- ")]
    assert asked == ["- whom we should acknowledge for reporting this issue", "- a stack trace or other details of the crash"]


def test_a_refusal_closes_with_its_clause_once_it_is_sent(tmp_path: Path) -> None:
    """I7."""
    scene = Scene(tmp_path)
    case = scene.report()
    judge(scene, case)
    judge(scene, case)
    assert scene.kinds(case).count("scope-judged") == 1
    letter = PrepareReply(case=case, purpose="out-of-scope", reason="technical-assistance").perform(scene.office)
    assert "You require technical assistance" in letter.text
    assert "When not to contact the QEMU Security List" in letter.text
    queue(scene, case, "out-of-scope")
    assert not case_of(scene, case).closed
    Deliver().perform(scene.office)
    closed = case_of(scene, case).closed
    assert closed
    assert (closed.outcome, closed.clause) == ("out-of-scope", "technical-assistance")


def test_a_refusal_without_a_judgement_closes_nothing(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    send(scene, case, "out-of-scope")
    assert not case_of(scene, case).closed


def test_a_reporter_who_wrote_meanwhile_is_read_before_the_case_closes(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    judge(scene, case)
    queue(scene, case, "out-of-scope")
    writes(scene, case, "but@x")
    Deliver().perform(scene.office)
    assert not case_of(scene, case).closed


def test_of_several_reporters_the_last_answer_closes(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    scene.report(DOE, case=case)
    judge(scene, case)
    first, second = (one.id for one in case_of(scene, case).reports)
    send(scene, case, "out-of-scope", 0)
    assert not case_of(scene, case).closed
    assert unanswered(scene.office.ledger.entries(case)) == (second,)
    send(scene, case, "out-of-scope", 1)
    assert case_of(scene, case).closed
    assert first != second


def test_a_question_is_answered_not_refused(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    judge(scene, case, "question", "")
    letter = PrepareReply(case=case, purpose="question").perform(scene.office)
    own = letter.text.split("wrote:")[0]
    assert "do not treat" not in own
    assert not Presend(letter=letter).perform(scene.office).can_send, "the answer itself is for a person to write"
    send(scene, case, "question")
    closed = case_of(scene, case).closed
    assert closed
    assert closed.outcome == "question"


def test_a_judgement_that_was_taken_back_by_reopening_closes_nothing_any_more(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    judge(scene, case)
    send(scene, case, "out-of-scope")
    scene.add(case, CaseReopened(why="the reporter explained"))
    send(scene, case, "out-of-scope")
    assert not case_of(scene, case).closed


def test_the_gate_refuses_what_would_lift_an_embargo_or_cites_nothing(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    with pytest.raises(RefusedError, match="Name the reason"):
        judge(scene, case, clause="because")
    scene.add(case, EmbargoSet(proposal="p1", until=at("2026-12-05 12:00")))
    with pytest.raises(RefusedError, match="embargo"):
        judge(scene, case)
    with pytest.raises(RefusedError, match="embargo"):
        Dismiss(case=case, seen=case_of(scene, case).seq, outcome="spam", why="spam").perform(scene.office)


def test_spam_is_closed_at_once_with_a_written_reason_only(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    seen = case_of(scene, case).seq
    with pytest.raises(RefusedError, match="Write why"):
        Dismiss(case=case, seen=seen, outcome="spam", why=" ").perform(scene.office)
    Dismiss(case=case, seen=seen, outcome="spam", why="sells lists of addresses").perform(scene.office)
    closed = case_of(scene, case).closed
    assert closed
    assert (closed.outcome, closed.why) == ("spam", "sells lists of addresses")


def prepare(scene: Scene, *cases: int) -> tuple[Prepared, ...]:
    return PrepareRefusals(cases=cases, outcome="out-of-scope", clause="upgrade").perform(scene.office)


def test_in_bulk_each_letter_has_its_sheet_and_what_is_not_ready_is_left_out(tmp_path: Path) -> None:
    """I7, in bulk: the encrypted report's reporter has no key here; the closed case gets no letter."""
    scene = Scene(tmp_path)
    clear, secret, closed = scene.report(), scene.report(DOE, encrypted=True), scene.report()
    Dismiss(case=closed, seen=case_of(scene, closed).seq, outcome="spam", why="spam").perform(scene.office)
    prepared = prepare(scene, clear, secret, closed)
    assert [one.is_ready for one in prepared] == [True, False, False]
    assert all(not kinds & {"scope-judged", "reply-queued"} for kinds in (set(scene.kinds(one)) for one in (clear, secret)))
    assert prepared[1].left_out
    assert "is closed" in prepared[2].left_out
    done = SendRefusals(prepared=prepared, outcome="out-of-scope", clause="upgrade").perform(scene.office)
    assert [bool(problem) for _, problem in done] == [False, True, True]
    Deliver().perform(scene.office)
    gone = case_of(scene, clear).closed
    assert gone
    assert gone.clause == "upgrade"
    assert not case_of(scene, secret).closed
    assert "reply-queued" not in scene.kinds(secret)


def test_in_bulk_nothing_leaves_that_is_not_what_its_sheet_showed(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    first, second = scene.report(), scene.report(DOE)
    prepared = prepare(scene, first, second)
    assert prepared[0].letter
    forged = msgspec.structs.replace(prepared[0], letter=msgspec.structs.replace(prepared[0].letter, text="Something else.\n"))
    done = SendRefusals(prepared=(forged, prepared[1]), outcome="out-of-scope", clause="upgrade").perform(scene.office)
    assert "not what the sheet showed" in done[0][1]
    assert done[1][1] == ""
    assert len(scene.office.ledger.items(OutState.WAITING)) == 1


def test_in_bulk_a_case_that_a_colleague_changed_meanwhile_is_left_out(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    prepared = prepare(scene, case)
    told = Acknowledged(report=case_of(scene, case).reports[0].id, member="Bob Bell", when=NOW, evidence="by phone")
    scene.add(case, told, by="bob")
    ((_, problem),) = SendRefusals(prepared=prepared, outcome="out-of-scope", clause="upgrade").perform(scene.office)
    assert problem == str(ConflictError(problem.split(" Look at")[0]))
    assert "reply-queued" not in scene.kinds(case)
