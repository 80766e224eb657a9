"""Announcing and telling the parties: what is drafted, for whom, and when it is refused (D1 F5)."""

from pathlib import Path

import msgspec
import pytest

from seccon.core.announcement import occasion
from seccon.core.case import Case, fold
from seccon.core.errors import RefusedError
from seccon.core.journal import Body
from seccon.core.journal.cases import CaseAccepted, CreditSet, PublicityFlagged
from seccon.core.journal.disclosure import AdvisorySet, LeakDismissed, LeakSuspected
from seccon.core.journal.embargoes import EmbargoSet
from seccon.core.journal.parties import PartyInvited
from seccon.core.journal.work import Announced, BranchSet, CveAssigned, PermissionRecorded
from seccon.core.policy import Announcing, Policy
from seccon.desk.announce import PrepareAnnouncement
from seccon.desk.leak import DismissLeak
from seccon.desk.party_letter import PrepareParty
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


def test_the_text_says_what_is_known_and_leaves_blanks_for_what_is_not(tmp_path: Path) -> None:
    scene = scene_of(tmp_path, shipped("libvirt"))
    case = opened(scene, "libvirt@2013-06")
    assert "<<what is wrong, and where>>" in PrepareAnnouncement(case=case).perform(scene.office).text
    words = AdvisorySet(title="It", description="One.\n\nTwo is long, and tells " + "more and " * 20 + "more.", impact="Files.")
    branch = BranchSet(
        branch="v9.1-maint",
        state="merged",
        commit="abc",
        further=("def",),
        vulnerable_tags=("v9.1.0", "v9.1.2"),
        fixed_tags=("v9.1.3",),
    )
    case = opened(scene, "libvirt@2013-06", words, branch, CveAssigned(cve="CVE-2026-1234", by="V"))  # type: ignore[arg-type]
    letter = PrepareAnnouncement(case=case).perform(scene.office)
    assert letter.subject == "CVE-2026-1234: It"
    for wanted in (
        "One.\n\nTwo",
        "- v9.1-maint: v9.1.0 to v9.1.2",
        "- v9.1-maint: abc, def (first in v9.1.3)",
        "CVERecord?id=CVE-2026-1234",
    ):
        assert wanted in letter.text
    assert "<<" not in letter.text
    assert "\n\n\n" not in letter.text
    assert max(map(len, letter.text.split("\n"))) <= 72
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
