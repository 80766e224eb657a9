"""The stations of a CVE id at the desk (F1), on a real ledger, real gpg, and a service that speaks the published interface."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from seccon.adapters.cve_services import CveServices
from seccon.adapters.secrets import KeyringSecrets
from seccon.core.case import Case, fold
from seccon.core.clocks import readings
from seccon.core.errors import ConfigError, ConflictError, CveServiceError, RefusedError
from seccon.core.journal.cases import CaseClosed, CaseMerged, PublicityFlagged
from seccon.core.journal.disclosure import AdvisorySet, CvePublished, Reference
from seccon.core.journal.embargoes import EmbargoEnded, EmbargoSet
from seccon.core.journal.work import BranchSet, BugOpened, CveAssigned
from seccon.core.letter import Letter
from seccon.core.policy import Policy
from seccon.core.post import OutState
from seccon.core.steps import steps
from seccon.core.team import Member, Roster
from seccon.desk.assign_cve import AssignCve, WithdrawCve
from seccon.desk.deliver import Deliver
from seccon.desk.examine import Examine
from seccon.desk.open_cves import ReadOpenCves
from seccon.desk.presend import Presend
from seccon.desk.publish_cve import PublishCve, PublishCveRecord
from seccon.desk.request_cve import CveDraft, DraftCveRequest, RequestCve
from seccon.desk.reserve_cve import ReadUnusedCves, ReserveCve
from seccon.desk.send_reply import SendReply
from tests.adapters.test_cve_services import NAME, RECORD
from tests.cve_services import KEY, ORG, USER, Programme, running
from tests.outgoing import ALICE, LIST, NOW, Scene
from tests.story import at, shipped


@pytest.fixture
def programme() -> Iterator[Programme]:
    with running() as made:
        yield made


def own(scene: Scene, programme: Programme) -> Scene:
    """Make the team a CNA: its policy says so, and the configuration has the credentials."""
    rule(scene, own=True)
    secrets = KeyringSecrets((sys.executable, "-c", f"print({KEY!r})"), table="cve")
    scene.office = msgspec.structs.replace(scene.office, cve=CveServices(USER, ORG, secrets, NAME, url=programme.url))
    return scene


def rule(scene: Scene, **changes: Any) -> Policy:
    """Change what the policy says of CVE ids."""
    policy = msgspec.structs.replace(scene.policy, cve=msgspec.structs.replace(scene.policy.cve, **changes))
    scene.policy = scene.policies[policy.key] = policy
    return policy


def case_of(scene: Scene, number: int) -> Case:
    return fold(scene.office.ledger.entries(number))


def do(scene: Scene, number: int, kind: type, **fields: Any) -> Case:
    kind(case=number, seen=case_of(scene, number).seq, **fields).perform(scene.office)
    return case_of(scene, number)


def refused(scene: Scene, number: int, kind: type, **fields: Any) -> RefusedError:
    before = case_of(scene, number).seq
    with pytest.raises(RefusedError) as error:
        do(scene, number, kind, **fields)
    assert case_of(scene, number).seq == before
    return error.value


def test_an_id_of_another_case_is_refused_and_that_case_is_named(scene: Scene) -> None:
    one, two = scene.report(), scene.report()
    do(scene, one, AssignCve, cve="CVE-2026-1000", by="A vendor")
    error = refused(scene, two, AssignCve, cve="cve-2026-1000", by="A vendor")
    assert error.rule == "cve.taken"
    assert case_of(scene, one).label in error.sentence
    do(scene, one, WithdrawCve, why="meant for the other report")
    assert case_of(scene, one).work.cve is None
    assert do(scene, two, AssignCve, cve="CVE-2026-1000", by="A vendor").work.cve == "CVE-2026-1000"


def test_a_case_that_was_merged_away_has_no_id_to_defend(scene: Scene) -> None:
    one, two = scene.report(), scene.report()
    do(scene, one, AssignCve, cve="CVE-2026-1000", by="A vendor")
    scene.add(one, CaseMerged(into=two))
    assert do(scene, two, AssignCve, cve="CVE-2026-1000", by="A vendor").work.cve == "CVE-2026-1000"


def test_the_year_of_an_id_can_be(scene: Scene) -> None:
    number = scene.report()
    assert refused(scene, number, AssignCve, cve="CVE-2028-1000", by="V").rule == "cve.year"
    AssignCve(case=number, seen=3, cve="CVE-2027-1000", by="V").decide(case_of(scene, number), scene.policy, scene.now)
    scene.now = at("2026-09-30")
    assert refused(scene, number, AssignCve, cve="CVE-2027-1000", by="V").rule == "cve.year"
    assert refused(scene, number, AssignCve, cve="CVE-1998-1000", by="V").rule == "cve.year"
    assert do(scene, number, AssignCve, cve="CVE-2008-4405", by="V").work.cve == "CVE-2008-4405", "histories are old"


def test_withdrawing_needs_an_id_and_a_reason(scene: Scene) -> None:
    number = scene.report()
    assert refused(scene, number, WithdrawCve, why="wrong").rule == "cve.none"
    do(scene, number, AssignCve, cve="CVE-2026-1000", by="V")
    assert refused(scene, number, WithdrawCve, why=" ").rule == "cve.why"


def test_the_kernels_process_asks_only_once_the_fix_is_in_a_stable_tree(scene: Scene) -> None:
    policy = shipped("kernel")
    number = scene.report()
    request = RequestCve(case=number, seen=1)
    with pytest.raises(RefusedError) as error:
        request.decide(case_of(scene, number), policy, NOW)
    assert "stable tree" in error.value.sentence
    scene.add(number, *(BranchSet(branch=name, state="merged", commit="abc") for name in ("mainline", "stable")))
    assert request.decide(case_of(scene, number), policy, NOW)[0].cna == "the kernel's CVE team"


# --- asking -----------------------------------------------------------------------------------------------------------------


def test_a_request_to_the_teams_list_leaves_encrypted_and_is_on_record_once_delivered(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    alone = Roster((Member("Alice Ames", (ALICE,), "alice", scene.alice_key),))
    scene.office = msgspec.structs.replace(scene.office, roster=alone)
    number = scene.report(encrypted=True)
    words = AdvisorySet(
        title="use after free",
        description="The guest frees a ring twice.",
        cwe="CWE-416",
        references=(Reference("https://x.example/1"),),
    )
    scene.add(number, words, BranchSet(branch="master", state="vulnerable", vulnerable_tags=("v8.0.0",)))
    draft: CveDraft = DraftCveRequest(case=number).perform(scene.office)
    letter = draft.letter
    assert isinstance(letter, Letter)
    assert [one.address for one in letter.recipients] == [LIST]
    assert letter.answers is None
    assert letter.references == ()
    for said in ("QEMU", "CWE-416", "master: affected from v8.0.0", "The guest frees a ring twice.", "https://x.example/1"):
        assert said in letter.text
    sheet = Presend(letter=letter).perform(scene.office)
    assert sheet.can_send, sheet.refusals
    assert sheet.outer == "..."
    SendReply(letter=letter, digest=sheet.digest).perform(scene.office)
    assert case_of(scene, number).work.requested is None, "it has not left yet"
    (item,) = Deliver().perform(scene.office)
    assert item.state is OutState.SENT
    asked = case_of(scene, number).work.requested
    assert asked is not None
    assert (asked.how, asked.mail, asked.cna) == ("mail", item.mail, "a vendor security engineer on the list")
    mail = b"".join(one.read_bytes() for one in scene.outbox.rglob("*") if one.is_file())
    assert b"BEGIN PGP MESSAGE" in mail
    assert b"CWE-416" not in mail
    scene.close()


def test_what_is_not_known_stays_a_blank_that_stops_the_mail(scene: Scene) -> None:
    number = scene.report()
    text = DraftCveRequest(case=number).perform(scene.office).text
    assert "<<which versions are affected>>" in text
    assert "<<the kind of fault" in text


def test_an_address_that_may_not_know_gets_no_mail_but_a_text_to_take_there(scene: Scene) -> None:
    rule(scene, request_to="cve@outside.example", form="https://cveform.example/")
    number = scene.report()
    draft = DraftCveRequest(case=number).perform(scene.office)
    assert draft.letter is None
    assert "may not know" in draft.because
    assert draft.form == "https://cveform.example/"
    asked = do(scene, number, RequestCve, why="request 4711").work.requested
    assert asked is not None
    assert (asked.how, asked.why) == ("form", "request 4711")
    do(scene, number, AssignCve, cve="CVE-2026-1000", by="V")
    assert refused(scene, number, RequestCve).rule == "cve.one"


# --- reserving --------------------------------------------------------------------------------------------------------------


def test_an_id_is_reserved_and_both_entries_are_written_in_one_go(scene: Scene, programme: Programme) -> None:
    number = own(scene, programme).report()
    case = do(scene, number, ReserveCve)
    assert case.work.cve == "CVE-2026-1000"
    assert scene.kinds(number)[-2:] == ["cve-requested", "cve-assigned"]
    requested = case.work.requested
    assert requested is not None
    assert (requested.cna, requested.how) == (ORG, "service")
    assert case.work.cves[0].by == ORG
    assert refused(scene, number, ReserveCve).rule == "cve.one"
    assert len(programme.ids) == 1


def test_only_who_is_a_cna_reserves(scene: Scene, programme: Programme) -> None:
    number = own(scene, programme).report()
    rule(scene, own=False)
    assert refused(scene, number, ReserveCve).rule == "cve.own"
    rule(scene, own=True)
    scene.office = msgspec.structs.replace(scene.office, cve=None)
    with pytest.raises(ConfigError):
        do(scene, number, ReserveCve)
    assert programme.asked == []


@pytest.mark.parametrize("fault", ["lost", "500", "garbage"])
def test_an_answer_that_is_lost_loses_no_id(scene: Scene, programme: Programme, fault: str) -> None:
    """A crash or a time-out between reserving and recording: the id is listed as unused, and can be taken."""
    number = own(scene, programme).report()
    programme.fault = fault
    with pytest.raises(CveServiceError) as error:
        do(scene, number, ReserveCve)
    assert error.value.perhaps
    assert case_of(scene, number).work.cve is None
    programme.fault = ""
    unused = ReadUnusedCves().perform(scene.office)
    assert [one.cve for one in unused.ids] == ["CVE-2026-1000"]
    assert do(scene, number, ReserveCve, take="CVE-2026-1000").work.cve == "CVE-2026-1000"
    assert len(programme.ids) == 1, "no second one was reserved"
    assert ReadUnusedCves().perform(scene.office).ids == ()


def test_an_id_that_is_not_reserved_or_another_cases_is_not_taken(scene: Scene, programme: Programme) -> None:
    one = own(scene, programme).report()
    two = scene.report()
    assert refused(scene, one, ReserveCve, take="CVE-2026-4711").rule == "cve.reserved"
    do(scene, one, ReserveCve)
    error = refused(scene, two, ReserveCve, take="CVE-2026-1000")
    assert error.rule == "cve.taken"


def test_a_colleagues_id_that_came_meanwhile_stays_and_the_reserved_one_is_named(scene: Scene, programme: Programme) -> None:
    number = own(scene, programme).report()
    service = scene.office.cve
    assert service is not None

    class Slow:
        org = service.org

        def reserve(self, year: int) -> str:
            found = service.reserve(year)
            scene.add(number, CveAssigned(cve="CVE-2026-77777", by="A vendor"), by="bob")
            return found

    scene.office = msgspec.structs.replace(scene.office, cve=Slow())
    with pytest.raises(RefusedError) as error:
        do(scene, number, ReserveCve)
    assert "CVE-2026-1000 is reserved and no case has it" in error.value.hint
    assert [one.cve for one in case_of(scene, number).work.cves] == ["CVE-2026-77777"]
    scene.office = msgspec.structs.replace(scene.office, cve=service)
    assert [one.cve for one in ReadUnusedCves().perform(scene.office).ids] == ["CVE-2026-1000"]


def test_a_case_that_changed_before_is_looked_at_first(scene: Scene, programme: Programme) -> None:
    number = own(scene, programme).report()
    seen = case_of(scene, number).seq
    scene.add(number, PublicityFlagged(public=True, evidence="x"))
    with pytest.raises(ConflictError):
        ReserveCve(case=number, seen=seen).perform(scene.office)
    assert programme.ids == {}


# --- publishing -------------------------------------------------------------------------------------------------------------


def test_that_a_record_is_public_is_recorded_with_its_link_and_not_before_the_date(scene: Scene) -> None:
    number = scene.report()
    assert refused(scene, number, PublishCve).rule == "cve.none"
    do(scene, number, AssignCve, cve="CVE-2026-1000", by="V")
    scene.add(number, EmbargoSet(proposal="p1", until=at("2026-12-05")))
    assert refused(scene, number, PublishCve).rule == "embargo.secret"
    scene.add(number, EmbargoEnded(reason="public", why="leaked"), PublicityFlagged(public=True, evidence="https://x.example"))
    assert refused(scene, number, PublishCve, url="cve.org").rule == "cve.url"
    assert refused(scene, number, PublishCve, when=at("2027-01-01")).rule == "cve.when"
    published = do(scene, number, PublishCve, when=at("2026-11-20")).work.published
    assert published["CVE-2026-1000"].url == "https://www.cve.org/CVERecord?id=CVE-2026-1000"
    assert published["CVE-2026-1000"].when == at("2026-11-20")


def test_a_record_is_published_with_own_credentials_then_recorded(scene: Scene, programme: Programme) -> None:
    number = own(scene, programme).report()
    do(scene, number, ReserveCve)
    record = json.dumps(RECORD).encode()
    assert refused(scene, number, PublishCveRecord, record=record).rule == "cve.first", "a record is no first disclosure"
    scene.add(number, EmbargoSet(proposal="p1", until=at("2026-12-05")), BugOpened(url="https://b.example/1", public=True))
    assert refused(scene, number, PublishCveRecord, record=record).rule == "embargo.secret"
    assert programme.records == {}
    scene.add(number, EmbargoEnded(reason="public", why="leaked"), PublicityFlagged(public=True, evidence="https://x.example"))
    case = do(scene, number, PublishCveRecord, record=record)
    assert "CVE-2026-1000" in case.work.published
    assert programme.ids["CVE-2026-1000"]["state"] == "PUBLISHED"


def test_an_answer_that_is_lost_while_publishing_is_mended_by_asking_again(scene: Scene, programme: Programme) -> None:
    number = own(scene, programme).report()
    do(scene, number, ReserveCve)
    scene.add(number, PublicityFlagged(public=True, evidence="https://x.example"))
    programme.fault = "lost"
    with pytest.raises(CveServiceError):
        do(scene, number, PublishCveRecord, record=json.dumps(RECORD).encode())
    assert case_of(scene, number).work.published == {}
    programme.fault = ""
    assert "CVE-2026-1000" in do(scene, number, PublishCveRecord, record=json.dumps(RECORD).encode()).work.published


def test_the_record_of_the_advisory_is_what_is_published(scene: Scene, programme: Programme) -> None:
    """cvelib checks it against the published schema before it leaves."""
    number = own(scene, programme).report()
    do(scene, number, ReserveCve)
    scene.add(number, PublicityFlagged(public=True, evidence="https://x.example"))
    error = refused(scene, number, PublishCveRecord)
    assert error.rule == "cve.record"
    assert "lacks" in error.sentence
    words = AdvisorySet(
        title="use after free", description="The guest frees a ring twice.", cwe="CWE-416",
        references=(Reference("https://x.example/1", "advisory"),),
    )  # fmt: skip
    branch = BranchSet(branch="master", state="merged", commit="9" * 40, introduced=("1" * 40,), fixed_tags=("v9.0.0",),
                       vulnerable_tags=("v8.0.0",))  # fmt: skip
    scene.add(number, words, branch)
    do(scene, number, PublishCveRecord)
    published = programme.records["CVE-2026-1000"]
    assert published["descriptions"][0]["value"].startswith("The guest frees a ring twice.")


# --- clocks -----------------------------------------------------------------------------------------------------------------


def test_the_programmes_clocks_are_ours_only_with_credentials(scene: Scene) -> None:
    """24 and 72 hours from when the public reads of the id; another CNA's are told and make nothing overdue."""
    number = scene.report()
    do(scene, number, AssignCve, cve="CVE-2026-1000", by="V")
    scene.add(number, PublicityFlagged(public=True, evidence="https://x.example"))
    later = at("2026-11-30")
    case = case_of(scene, number)
    found = {one.id: one for one in readings(case, scene.policy, later) if one.id.startswith("cve-")}
    assert {name: one.due for name, one in found.items()} == {
        "cve-24": at("2026-11-22 19:13"),
        "cve-72": at("2026-11-24 19:13"),
    }
    assert all(one.informative and one.state == "overdue" for one in found.values())
    dates = [one.name for one in scene.office.ledger.dates(at("2026-11-01"), at("2026-12-30"))]
    assert not [name for name in dates if name.startswith("cve-")], "nothing that we owe"
    assert "cve-publish" not in [one.id for one in steps(case, scene.policy, later)]
    ours = rule(scene, own=True)
    mine = {one.id: one for one in readings(case, ours, later)}
    assert not mine["cve-72"].informative
    owed = {one.id: one for one in steps(case, ours, later)}
    due = owed["cve-publish"].due
    assert due is not None
    assert due <= at("2026-11-24 19:13"), "72 hours, or what comes after it"
    scene.add(number, CvePublished(cve="CVE-2026-1000"))
    case = case_of(scene, number)
    assert {one.state for one in readings(case, ours, later) if one.id.startswith("cve-")} == {"met"}
    assert "cve-publish" not in [one.id for one in steps(case, ours, later)]


def test_ids_whose_record_stays_away_are_found_also_in_closed_cases(scene: Scene) -> None:
    closed, dropped, held, done = (scene.report() for _ in range(4))
    for place, number in enumerate((closed, dropped, held, done)):
        do(scene, number, AssignCve, cve=f"CVE-2026-100{place}", by="A vendor")
    scene.add(closed, CaseClosed(outcome="published"))
    scene.add(dropped, CaseClosed(outcome="not-security"))
    scene.add(held, EmbargoSet(proposal="p1", until=at("2026-12-05")))
    scene.add(done, CvePublished(cve="CVE-2026-1003"), CaseClosed(outcome="published"))
    found = {one.cve: one for one in ReadOpenCves().perform(scene.office)}
    assert set(found) == {"CVE-2026-1000", "CVE-2026-1001"}
    assert "rejected by its CNA" in found["CVE-2026-1001"].why
    assert found["CVE-2026-1000"].allocated == "A vendor"
    scene.add(held, EmbargoEnded(reason="released"))
    assert "CVE-2026-1002" in {one.cve for one in ReadOpenCves().perform(scene.office)}
    told = [one.sentence for one in Examine().perform(scene.office) if one.part == "cve"]
    assert len(told) == 3
    assert any("CVE-2026-1000" in one for one in told)
