"""Two people report one issue: the cases are joined, a later mail finds its way, and the joining is taken back; by keys alone."""

from pathlib import Path

from seccon.core.journal.cases import Assessed
from seccon.desk.accept import Accept
from seccon.desk.assess import Assess
from seccon.desk.join import MergeCases
from seccon.desk.sync import Sync
from tests.e2e.stage import LIST, REPORT, Stage, staged
from tests.mailroom import letter


def from_doe(stage: Stage) -> None:
    """Let the second reporter's mail come."""
    sender = "J. Doe <doe@other.example>"
    stage.room.deliver(letter("heap overflow in the ring", "It overflows.", message_id="doe-1@other", sender=sender, to=LIST))
    stage.room.new()


async def test_two_cases_of_one_issue_are_merged_and_taken_apart_again(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        async with stage.console(size=(120, 40)) as hand:
            await hand.sees("1 case")
            await hand.open_case()
            from_doe(stage)
            await hand.until(lambda: stage.case(2).reports, "the second case")
            await hand.press("I")
            await hand.until(lambda: hand.place == "FormScreen" and hand.typing, "the line to type in")
            await hand.write("2\n")
            await hand.sees("Join #1 and #2", "merge #1 into #2", "heap overflow in the ring")
            await hand.type_in("why", "both name the ring")
            await hand.press("ctrl+s")
            await hand.hears("Joined.")
            assert [one.reporter.address for one in stage.case(2).reports] == ["doe@other.example", "roe@reporter.example.net"]
            assert stage.case(1).merged_into == 2
            await hand.sees("merged into #2: its reports are there", "No mail.")
            assert "quokkaberry" not in hand.screen
            stage.from_reporter("More of it.", "roe-2@reporter", answers=REPORT)
            await hand.until(lambda: len(stage.case(2).mails) == 3, "the mail in the case that there is")
            assert not stage.case(1).mails
            await hand.press("q")
            await hand.at("Queue")
            await hand.sees("1 case")
            await hand.open_case()
            await hand.press("ctrl+z")
            await hand.sees("What is taken back", "merged the report of #1 into #2")
            await hand.until(lambda: hand.typing, "the line to type in")
            await hand.write("two rings, two bugs\n")
            await hand.hears("Taken back.")
            assert {mail.mail for mail in stage.case(1).mails} == {REPORT, "roe-2@reporter"}
            assert [one.id for one in stage.case(2).reports] == ["doe-1@other"]
            await hand.press("q")
            await hand.sees("2 cases")


async def test_the_case_that_has_an_id_is_the_one_that_stays(tmp_path: Path) -> None:
    """I3: what the form proposes is what the process takes; the other way round is refused, and not offered."""
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        from_doe(stage)
        with stage.office() as office:
            Sync().perform(office)
            mine = 1 if stage.case(1).reports[0].id == "doe-1@other" else 2  # two mails of one second have no order
            rated = Assessed(genuine="yes", misuse="yes", severity="Moderate", why="so")
            Assess(case=mine, seen=stage.case(mine).seq, rating=rated).perform(office)
            Accept(case=mine, seen=stage.case(mine).seq).perform(office)
        label, other = stage.case(mine).label, 3 - mine
        async with stage.console(size=(80, 24)) as hand:
            await hand.sees("2 cases", label)
            await hand.press("slash")
            await hand.write("doe\n")
            await hand.sees("state:open doe", "1 case")
            await hand.open_case()
            await hand.press("I")
            await hand.until(lambda: hand.place == "FormScreen" and hand.typing, "the line to type in")
            await hand.write(f"{other}\n")
            await hand.sees("what to do", f"merge #{other} into {label}")
            await hand.type_in("why", "both name the ring")
            await hand.press("ctrl+s")
            await hand.hears("Joined.")
        assert len(stage.case(mine).reports) == 2


async def test_a_mail_that_tells_of_two_issues_gets_a_second_case(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        async with stage.console(size=(80, 24)) as hand:
            await hand.sees("1 case")
            await hand.press("minus")
            await hand.sees("it stays here too")
            await hand.type_in("why", "the second overflow")
            await hand.press("ctrl+s")
            await hand.hears("It has a case of its own")
            await hand.sees("2 cases")
            stage.from_reporter("Of both.", "roe-2@reporter", answers=REPORT)
            await hand.until(lambda: all(len(stage.case(one).mails) == 2 for one in (1, 2)), "the mail in both cases")


async def test_what_is_typed_as_credit_of_one_reporter_never_becomes_anothers(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.report(encrypted=False)
        from_doe(stage)
        with stage.office() as office:
            Sync().perform(office)
            MergeCases(case=2, seen=stage.case(2).seq, into=1, why="one ring").perform(office)
        first, second = (report.id for report in stage.case(1).reports)
        async with stage.console(size=(80, 24)) as hand:
            await hand.sees("1 case")
            await hand.press("H")
            await hand.at("FormScreen")
            await hand.type_in("credit", "The Firsts")
            await hand.choose("report", second)
            await hand.until(lambda: not hand.fields.values["credit"], "nothing of the first one's")
            await hand.type_in("credit", "The Seconds")
            await hand.choose("report", first)
            await hand.until(lambda: hand.fields.values["credit"] == "The Firsts", "what was typed for the first")
            await hand.type_in("evidence", "on the telephone")
            await hand.press("ctrl+s")
            await hand.hears("The credit is recorded.")
        assert [report.credit for report in stage.case(1).reports] == ["The Firsts", None]
