"""Announcing and telling the parties: what is drafted, for whom, and when it is refused (D1 F5)."""

from pathlib import Path

import msgspec
import pytest

from seccon.core.announcement import occasion
from seccon.core.case import Case, fold
from seccon.core.errors import RefusedError
from seccon.core.journal import Body
from seccon.core.journal.cases import CaseAccepted, CreditSet, PublicityFlagged
from seccon.core.journal.disclosure import AdvisorySet, LeakDismissed, LeakSuspected, Reference
from seccon.core.journal.embargoes import EmbargoSet
from seccon.core.journal.parties import PartyInvited
from seccon.core.journal.work import Announced, BranchSet, CveAssigned, PermissionRecorded
from seccon.core.policy import Announcing, Policy
from seccon.desk.announce import PrepareAnnouncement
from seccon.desk.export import Export
from seccon.desk.leak import DismissLeak
from seccon.desk.party_letter import PrepareParty
from seccon.desk.presend import Presend
from tests.outgoing import NOW, Scene
from tests.story import at, received, shipped, tell

DEVEL, ANNOUNCE = "devel@lists.libvirt.org", "announce@lists.libvirt.org"
VENDOR = "psirt@vendor.example"


def scene_of(home: Path, policy: Policy) -> Scene:
    """An office whose cases go by this policy."""
    scene = Scene(home)
    scene.office = msgspec.structs.replace(scene.office, policies={**scene.office.policies, policy.key: policy})
    return scene


def opened(scene: Scene, policy: str, *bodies: Body) -> int:
    with scene.office.ledger.writing("alice", NOW) as book:
        return book.open_file(policy, *(body for _, body in received()), *bodies)


def test_each_list_gets_a_mail_of_its_own_or_all_get_one(tmp_path: Path) -> None:
    libvirt = shipped("libvirt")
    together = msgspec.structs.replace(libvirt, revision="ours", announcement=Announcing(together=True))
    for policy, wanted in ((libvirt, [[DEVEL], [ANNOUNCE], []]), (together, [[DEVEL, ANNOUNCE], [], []])):
        scene = scene_of(tmp_path / policy.revision, policy)
        case = opened(scene, policy.key, CaseAccepted(id="LV-2026-001"), PublicityFlagged(public=True, evidence="x"))  # type: ignore[arg-type]
        for lists in wanted:
            if not lists:
                with pytest.raises(RefusedError) as refused:
                    PrepareAnnouncement(case=case).perform(scene.office)
                assert refused.value.rule == "announce.done"
                continue
            letter = PrepareAnnouncement(case=case).perform(scene.office)
            assert [one.address for one in letter.recipients] == lists
            assert letter.answers is letter.report is None
            assert letter.references == ()
            with scene.office.ledger.writing("alice", NOW) as book:
                book.append(case, len(book.entries(case)), policy.key, *(Announced(list=one, mail="a@x") for one in lists))  # type: ignore[arg-type]
        scene.close()


def test_a_list_that_is_none_of_the_policys_is_refused(tmp_path: Path) -> None:
    scene = scene_of(tmp_path, shipped("libvirt"))
    case = opened(scene, "libvirt@2013-06")
    with pytest.raises(RefusedError) as refused:
        PrepareAnnouncement(case=case, lists=("everybody@example.org",)).perform(scene.office)
    assert refused.value.rule == "announce.list"
    scene.close()


def folded(*bodies: Body) -> Case:
    return fold(tell(*received(), *(("2026-02-22", body) for body in bodies), policy="libvirt@2013-06"))


def test_nobody_is_named_but_as_they_asked_for_it(tmp_path: Path) -> None:
    """D4: a reporter whose wish is not known is not named, and nobody's address is told that they did not give for it."""
    policy = shipped("libvirt")
    assert occasion(folded(), policy, "")["credits"] == ()
    asked = CreditSet(report="r1@example.net", credit="Ada Roe; Example GmbH")  # type: ignore[arg-type]
    assert occasion(folded(asked), policy, "")["credits"] == ("Ada Roe", "Example GmbH")
    none = CreditSet(report="r1@example.net", credit="")  # type: ignore[arg-type]
    assert occasion(folded(none), policy, "")["credits"] == ()


def test_what_is_sent_is_what_is_exported_word_for_word(tmp_path: Path) -> None:
    """D1 D3: one text form, framed; what it lacks is a blank that the sheet refuses."""
    scene = scene_of(tmp_path, shipped("libvirt"))
    scene.office = msgspec.structs.replace(scene.office, weaknesses={"CWE-59": "Link Following"})
    case = opened(scene, "libvirt@2013-06", PublicityFlagged(public=True, evidence="x"))
    blank = PrepareAnnouncement(case=case).perform(scene.office)
    assert "<<the advisory has no description (E)>>" in blank.text
    link = "https://example.org/" + "a" * 80
    words = AdvisorySet(
        title="It {{ team }}", impact="Files.", cwe="CWE-59", references=(Reference(link),),
        description="One.\n\n* Two is long, and tells " + "more and " * 20 + "more.\n* Three",
    )  # fmt: skip
    branch = BranchSet(
        branch="v9.1-maint",
        state="merged",
        commit="abc",
        further=("def",),
        vulnerable_tags=("v9.1.0", "v9.1.2"),
        fixed_tags=("v9.1.3",),
    )
    public = PublicityFlagged(public=True, evidence="x")
    case = opened(scene, "libvirt@2013-06", public, words, branch, CveAssigned(cve="CVE-2026-1234", by="V"))  # type: ignore[arg-type]
    letter = PrepareAnnouncement(case=case).perform(scene.office)
    exported = Export(case=case, form="text").perform(scene.office).document.text
    assert letter.subject == "CVE-2026-1234: It {{ team }}"
    assert letter.text == f"{exported}\nSecurity Team\n"
    for wanted in ("CWE-59 Link Following", f"\n  {link}\n", "  * Two is long", "Fixed in: v9.1.3"):
        assert wanted in letter.text
    assert "<<" not in letter.text
    sheet = Presend(letter=letter).perform(scene.office)
    assert not [one for one in sheet.refusals if "does not say" in one.sentence]
    changed = msgspec.structs.replace(letter, text=letter.text.replace("v9.1.3", "v9.1.4"))
    refused = next(one for one in Presend(letter=changed).perform(scene.office).refusals if one.rule == "announce-gate")
    assert "The announcement does not say what the advisory says: branch v9.1-maint. L drafts it anew." in refused.sentence
    scene.close()


def test_an_id_that_another_case_has_is_not_announced_without_a_reason(tmp_path: Path) -> None:
    """D3: notice 2020-0003 was published with the CVE id of 2020-0001."""
    scene = scene_of(tmp_path, shipped("libvirt"))
    opened(scene, "libvirt@2013-06", CaseAccepted(id="LV-2026-001"), CveAssigned(cve="CVE-2026-1234", by="V"))  # type: ignore[arg-type]
    words = AdvisorySet(title="It", description="One.", also=("CVE-2026-1234",))  # type: ignore[arg-type]
    case = opened(scene, "libvirt@2013-06", PublicityFlagged(public=True, evidence="x"), words)
    sheet = Presend(letter=PrepareAnnouncement(case=case).perform(scene.office)).perform(scene.office)
    refused = next(one for one in sheet.refusals if one.rule == "announce-gate")
    assert "CVE-2026-1234 is the id of case LV-2026-001 too." in refused.sentence
    scene.close()


def test_a_party_is_told_to_publish_once_it_is_released(tmp_path: Path) -> None:
    scene = scene_of(tmp_path, shipped("libvirt"))
    permitted = PermissionRecorded(report="r1@example.net", whom=VENDOR, granted=True, why="by phone")  # type: ignore[arg-type]
    party = PartyInvited(party=VENDOR, name="Vendor")
    case = opened(scene, "libvirt@2013-06", permitted, party, EmbargoSet(proposal="p1", until=at("2026-11-30")))
    with pytest.raises(RefusedError) as refused:
        PrepareParty(case=case, party=VENDOR, purpose="party-go").perform(scene.office)
    assert refused.value.rule == "party.go"
    with scene.office.ledger.writing("alice", NOW) as book:
        book.append(case, len(book.entries(case)), "libvirt@2013-06", PublicityFlagged(public=True, evidence="x"))
    letter = PrepareParty(case=case, party=VENDOR, purpose="party-go").perform(scene.office)
    assert "Please publish your fix now." in letter.text
    scene.close()


def test_a_leak_is_dismissed_with_its_reason() -> None:
    leak = LeakSuspected(mail="x@y", list=DEVEL, sign="cve")  # type: ignore[arg-type]
    policy, request = shipped("libvirt"), {"case": 1, "seen": 4, "mail": "x@y"}
    assert list(DismissLeak(**request, why="another id").decide(folded(leak), policy, NOW)) == [
        LeakDismissed(mail="x@y", why="another id")
    ]  # type: ignore[arg-type]
    for why, state, rule in ((" ", folded(leak), "leak.why"), ("x", folded(), "leak.none")):
        with pytest.raises(RefusedError) as refused:
            DismissLeak(**request, why=why).decide(state, policy, NOW)  # type: ignore[arg-type]
        assert refused.value.rule == rule
