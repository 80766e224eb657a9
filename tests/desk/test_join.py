"""Several reports of one issue, several issues in one mail: link, part, merge, and each taken back (features, I3)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from seccon.core.board import BoardQuery
from seccon.core.case import Case, events, fold
from seccon.core.embargo import total_days
from seccon.core.errors import ConflictError, LedgerError, RefusedError
from seccon.core.ids import CveId
from seccon.core.journal.cases import Acknowledged, CaseAccepted, CaseClosed, CreditSet
from seccon.core.journal.embargoes import EmbargoCommunicated, EmbargoEnded, EmbargoProposed, EmbargoSet, EmbargoWished
from seccon.core.journal.parties import PartyInvited, PartyTold
from seccon.core.journal.work import BugOpened, CveAssigned, ItemTicked, PermissionRecorded, WaitingSet
from seccon.core.steps import steps
from seccon.desk.join import LinkReport, MergeCases
from seccon.desk.part import PartReport
from seccon.desk.undo import LastJoint, TakeBack
from tests.outgoing import DOE, NOW, ROE, Scene

UNTIL = NOW + timedelta(days=10)
WHY = "both name the same line"


def state(scene: Scene, case: int) -> Case:
    return fold(scene.office.ledger.entries(case))


def seen(scene: Scene, case: int) -> int:
    return scene.office.ledger.entries(case)[-1].seq


def merge(scene: Scene, case: int, into: int, why: str = WHY) -> None:
    MergeCases(case=case, seen=seen(scene, case), into=into, why=why).perform(scene.office)


def back(scene: Scene, case: int) -> None:
    scene.now += timedelta(hours=1)
    TakeBack(case=case, seen=seen(scene, case), why="they are two after all").perform(scene.office)


def refused(request: Any, scene: Scene) -> str:
    with pytest.raises(RefusedError) as caught:
        request.perform(scene.office)
    return caught.value.rule


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def own(scene: Scene, case: int) -> None:
    """Give the reporter of a case what is theirs alone."""
    report = state(scene, case).reports[0].id
    scene.add(
        case,
        Acknowledged(report=report, member="Alice Ames", when=NOW - timedelta(days=3), mail=None, evidence="by phone"),
        CreditSet(report=report, credit="J. Doe of Other"),
        EmbargoWished(report=report, length="90 days", why="their policy"),
        PermissionRecorded(report=report, whom="security@vendor.example", why="their mail"),
        ItemTicked(report=report, item="version", held=True, evidence="9.1.0"),
    )


def test_a_merge_moves_every_report_with_what_is_its_reporter_s_alone(scene: Scene) -> None:
    first, second = scene.report(ROE), scene.report(DOE)
    own(scene, second)
    before = state(scene, second)
    merge(scene, second, first)
    after, gone = state(scene, first), state(scene, second)
    assert [one.reporter.name for one in after.reports] == ["A. Roe", "J. Doe"]
    theirs = after.reports[1]
    assert (theirs.credit, theirs.acknowledged) == (before.reports[0].credit, before.reports[0].acknowledged)
    assert after.work.wishes[theirs.id].length == "90 days"
    assert after.work.ticks[theirs.id, "version"].evidence == "9.1.0"
    assert [one.report for one in after.work.permissions] == [theirs.id]
    assert {one.mail for one in after.mails} == {after.reports[0].id, theirs.id}
    assert (gone.reports, gone.mails, gone.merged_into) == ((), (), first)


def test_what_was_merged_away_owes_nothing_and_stands_in_no_list(scene: Scene) -> None:
    first, second = scene.report(ROE), scene.report(DOE)
    merge(scene, second, first)
    assert steps(state(scene, second), scene.policy, scene.now) == ()
    assert scene.office.ledger.row(second) is None
    row = scene.office.ledger.row(first)
    assert row is not None
    assert row.reporters == 2


def test_a_search_finds_the_issue_by_whoever_reported_it_and_by_its_cve_id(scene: Scene) -> None:
    first, second = scene.report(), scene.report(DOE, subject="the same, seen from the driver")
    merge(scene, second, first)
    scene.add(first, CveAssigned(cve=CveId("CVE-2026-4321")))
    for word in (*DOE.name.lower().split(), DOE.address, "driver", "cve-2026-4321"):
        found = scene.office.ledger.rows(BoardQuery(words=(word,)), "alice", 0, 9, scene.now)
        assert [row.number for row in found] == [first], word


def test_mail_of_a_merged_report_is_looked_for_where_it_is_now(scene: Scene) -> None:
    first, second = scene.report(ROE), scene.report(DOE)
    mail = state(scene, second).reports[0].id
    merge(scene, second, first)
    assert scene.office.ledger.cases_of(mail) == (first,)


def test_a_merge_is_taken_back_with_all_that_came_since(scene: Scene) -> None:
    first, second = scene.report(ROE), scene.report(DOE)
    merge(scene, second, first)
    report = state(scene, first).reports[1].id
    scene.add(first, CreditSet(report=report, credit="as they said later"))
    back(scene, first)
    assert [one.reporter.name for one in state(scene, first).reports] == ["A. Roe"]
    again = state(scene, second)
    assert [one.credit for one in again.reports] == ["as they said later"]
    assert again.merged_into is None
    assert scene.office.ledger.row(second) is not None
    assert scene.office.ledger.cases_of(report) == (second,)


def test_a_merge_is_taken_back_from_the_signpost_too(scene: Scene) -> None:
    first, second = scene.report(ROE), scene.report(DOE)
    merge(scene, second, first)
    back(scene, second)
    assert (len(state(scene, first).reports), len(state(scene, second).reports)) == (1, 1)


def test_a_clock_runs_from_the_earliest_report_that_the_case_has(scene: Scene) -> None:
    old = scene.report(ROE)
    scene.now += timedelta(days=5)
    young = scene.report(DOE)
    received = events(state(scene, young))["received"].first
    merge(scene, old, young)
    assert events(state(scene, young))["received"].first == received - timedelta(days=5)
    back(scene, young)
    assert events(state(scene, young))["received"].first == received


def test_an_old_mail_that_comes_along_ends_no_waiting(scene: Scene) -> None:
    first, second = scene.report(ROE), scene.report(DOE)
    scene.add(first, WaitingSet(whom="reporter", why="asked"))
    merge(scene, second, first)
    assert state(scene, first).work.waiting is not None


def embargo(scene: Scene, case: int, until: Any = UNTIL) -> None:
    scene.add(case, EmbargoProposed(proposal="p1", party="team", until=until), EmbargoSet(proposal="p1", until=until))


def test_an_embargo_comes_along_with_its_window(scene: Scene) -> None:
    """What was promised to a reporter holds in the other case; its days are counted from where they began."""
    first, second = scene.report(ROE), scene.report(DOE)
    embargo(scene, second)
    scene.now += timedelta(days=4)
    merge(scene, second, first)
    after = state(scene, first).embargo
    assert (after.until, after.windows[0].start, total_days(after)) == (UNTIL, NOW, 10)
    back(scene, first)
    assert state(scene, first).embargo.state == "none"
    assert state(scene, second).embargo.until == UNTIL


@pytest.mark.parametrize(("days", "on_table"), [(3, 10), (20, 20)])
def test_of_two_dates_the_earlier_holds_and_the_later_is_on_the_table(scene: Scene, days: int, on_table: int) -> None:
    """CERT/CC Vultron: the shorter holds first, the longer is then a revision."""
    first, second = scene.report(ROE), scene.report(DOE)
    embargo(scene, first)
    embargo(scene, second, NOW + timedelta(days=days))
    scene.now += timedelta(hours=1)
    merge(scene, second, first)
    after = state(scene, first).embargo
    assert after.until == NOW + timedelta(days=min(days, 10))
    assert [one.until for one in after.table] == [NOW + timedelta(days=on_table)]
    assert after.state == "revised"


def test_taking_a_merge_back_leaves_a_date_that_was_agreed_since(scene: Scene) -> None:
    first, second = scene.report(ROE), scene.report(DOE)
    embargo(scene, second)
    merge(scene, second, first)
    later = UNTIL + timedelta(days=2)
    scene.add(
        first,
        EmbargoProposed(proposal="p7", party="team", until=later),
        EmbargoSet(proposal="p7", until=later, change="extension"),
    )
    back(scene, first)
    assert state(scene, first).embargo.until == later


def test_a_secret_case_is_not_merged_into_one_that_was_released(scene: Scene) -> None:
    first, second = scene.report(ROE), scene.report(DOE)
    embargo(scene, first)
    scene.add(first, EmbargoEnded(reason="released"))
    embargo(scene, second)
    assert refused(MergeCases(case=second, seen=seen(scene, second), into=first, why=WHY), scene) == "merge.embargo"


def test_who_knows_of_the_one_knows_of_the_other(scene: Scene) -> None:
    first, second = scene.report(ROE), scene.report(DOE)
    scene.add(
        second, PartyInvited(party="v@vendor.example", name="V"), PartyTold(party="v@vendor.example", patch=3, evidence="call")
    )
    scene.add(
        second, CveAssigned(cve=CveId("CVE-2026-4711"), by="the vendor"), BugOpened(url="https://bugs.example/1", public=False)
    )
    merge(scene, second, first)
    after = state(scene, first)
    assert [(one.label, bool(one.told), one.holds) for one in after.work.parties] == [("V", True, 0)]
    assert after.work.cve == "CVE-2026-4711"
    assert "the bug https://bugs.example/1" in after.notes[-1][2]
    back(scene, first)
    assert (state(scene, first).work.parties, state(scene, first).work.cve) == ((), None)


def test_two_cve_ids_are_not_merged_into_one_case(scene: Scene) -> None:
    first, second = scene.report(ROE), scene.report(DOE)
    for case, number in ((first, 1), (second, 2)):
        scene.add(case, CveAssigned(cve=CveId(f"CVE-2026-100{number}"), by="cna"))
    assert refused(MergeCases(case=second, seen=seen(scene, second), into=first, why=WHY), scene) == "merge.cve"


def test_the_case_with_the_id_stays(scene: Scene) -> None:
    first, second = scene.report(ROE), scene.report(DOE)
    scene.add(second, CaseAccepted(id="Q-2026-001"))  # type: ignore[arg-type]
    assert refused(MergeCases(case=second, seen=seen(scene, second), into=first, why=WHY), scene) == "merge.id"
    merge(scene, first, second)
    assert len(state(scene, second).reports) == 2


def test_one_mail_with_three_bugs_is_in_three_cases(scene: Scene) -> None:
    """I3: n:m. A later mail of the thread belongs to all of them."""
    case = scene.report(ROE)
    report = state(scene, case).reports[0].id
    embargo(scene, case)
    for why in ("the second overflow", "the leak"):
        scene.now += timedelta(minutes=1)
        PartReport(case=case, seen=seen(scene, case), report=report, keep=True, why=why).perform(scene.office)
    cases = scene.office.ledger.cases_of(report)
    assert len(cases) == 3
    assert all(state(scene, one).embargo.until == UNTIL for one in cases)
    back(scene, cases[2])
    assert scene.office.ledger.cases_of(report) == cases[:2]


def test_a_part_takes_its_report_and_can_be_taken_back(scene: Scene) -> None:
    case = scene.report(ROE)
    scene.report(DOE, case=case)
    embargo(scene, case)
    report = state(scene, case).reports[1].id
    scene.add(case, EmbargoCommunicated(report=report, until=UNTIL))
    PartReport(case=case, seen=seen(scene, case), report=report, why="another device").perform(scene.office)
    (new,) = scene.office.ledger.cases_of(report)
    assert new != case
    parted = state(scene, new)
    assert (parted.reports[0].told, parted.embargo.until, parted.project) == (UNTIL, UNTIL, "qemu")
    joint = LastJoint(case=new).perform(scene.office)
    assert joint is not None
    assert joint.sentence == f"moved the report from #{case} to #{new}"
    back(scene, new)
    assert scene.office.ledger.cases_of(report) == (case,)
    assert state(scene, new).merged_into == case
    assert len(state(scene, case).reports) == 2


def test_a_case_is_never_left_without_its_report(scene: Scene) -> None:
    case = scene.report(ROE)
    report = state(scene, case).reports[0].id
    assert refused(PartReport(case=case, seen=seen(scene, case), report=report, why=WHY), scene) == "part.last"


def test_a_report_can_be_linked_to_a_case_that_is_there(scene: Scene) -> None:
    first, second = scene.report(ROE), scene.report(DOE)
    report = state(scene, first).reports[0].id
    link = LinkReport(case=first, seen=seen(scene, first), report=report, to=second, why="names both")
    link.perform(scene.office)
    assert scene.office.ledger.cases_of(report) == (first, second)
    assert refused(link, scene) == "join.same"
    back(scene, second)
    assert scene.office.ledger.cases_of(report) == (first,)


def test_what_makes_no_sense_is_refused(scene: Scene) -> None:
    first, second = scene.report(ROE), scene.report(DOE)
    at = seen(scene, first)
    assert refused(MergeCases(case=first, seen=at, into=first, why=WHY), scene) == "join.self"
    assert refused(MergeCases(case=first, seen=at, into=second, why="  "), scene) == "join.why"
    assert refused(TakeBack(case=first, seen=at, why=WHY), scene) == "undo.none"
    with pytest.raises(LedgerError, match="no case #99"):
        MergeCases(case=first, seen=at, into=99, why=WHY).perform(scene.office)
    scene.add(second, CaseClosed(outcome="spam"))
    assert refused(MergeCases(case=first, seen=at, into=second, why=WHY), scene) == "closed"


def test_a_colleague_who_changed_the_case_meanwhile_is_heard_first(scene: Scene) -> None:
    first, second = scene.report(ROE), scene.report(DOE)
    stale = seen(scene, second)
    scene.add(second, CreditSet(report=state(scene, second).reports[0].id, credit="x"), by="bob")
    with pytest.raises(ConflictError, match="bob changed"):
        MergeCases(case=second, seen=stale, into=first, why=WHY).perform(scene.office)
    assert len(state(scene, first).reports) == 1, "nothing was written to the other case either"
