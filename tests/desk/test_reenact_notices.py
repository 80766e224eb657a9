"""Notices that were really published, carried through the desk's requests on a ledger, and compared field by field (D2 D3)."""

import json
import tomllib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml import etree

from seccon.core.case import Case, fold
from seccon.core.errors import RefusedError
from seccon.core.formats import FORMS
from seccon.core.gate import Finding, gate, stopping
from seccon.core.ids import CveId, MessageId
from seccon.core.journal.cases import Assessed
from seccon.core.journal.disclosure import AdvisorySet, Reference
from seccon.core.report import Correspondent
from seccon.core.team import Project
from seccon.desk.accept import Accept
from seccon.desk.advisory import PassFinding, SetAdvisory
from seccon.desk.annotate import FlagPublic
from seccon.desk.assess import Assess
from seccon.desk.assign_cve import AssignCve
from seccon.desk.credit import SetCredit
from seccon.desk.embargo import EndEmbargo, ProposeEmbargo, SetEmbargo
from seccon.desk.export import Export, taken
from seccon.desk.publish_cve import PublishCve
from seccon.desk.results import Announce, SetBranch
from tests.core.test_formats import grammar, judge
from tests.outgoing import Scene
from tests.story import at, shipped

DATA = tomllib.loads((Path(__file__).parent.parent / "data" / "notices.toml").read_text())
RELEASES = DATA["releases"].split()
NOTICES = {one["id"]: one for one in DATA["notice"]}
XMLNS = "http://security.libvirt.org/xmlns/security-notice/1.0"
AT = f"{{{XMLNS}}}"


class Line(msgspec.Struct, frozen=True):
    """A branch, as it was published."""

    name: str
    broken: tuple[str, ...]
    introduced: tuple[str, ...]
    mended: tuple[str, ...]
    fixes: tuple[str, ...]


def tags(text: str) -> tuple[str, ...]:
    """Write out `A..B`, and `v1.0.5.1..9`."""
    first, dots, last = text.strip().partition("..")
    if not dots:
        return tuple(text.split())
    if last.startswith("v"):
        return tuple(RELEASES[RELEASES.index(first) : RELEASES.index(last) + 1])
    stem, _, number = first.rpartition(".")
    return tuple(f"{stem}.{one}" for one in range(int(number), int(last) + 1))


def branches(notice: dict[str, Any]) -> Iterator[Line]:
    above: tuple[str, ...] = ()
    for line in notice["branches"].strip().splitlines():
        name, broken, introduced, mended, fixes = (part.strip() for part in line.split("|"))
        above = above if introduced == "=" else tuple(introduced.split())
        yield Line(name, tags(broken), above, tags(mended), tuple(fixes.split()))


class History:
    """One case on a ledger, with the clock set by hand."""

    def __init__(self, scene: Scene, policy: str, project: str) -> None:
        self.scene = scene
        self.policy = shipped(policy)
        scene.policies[self.policy.key] = self.policy
        scene.policy = self.policy
        scene.office = msgspec.structs.replace(scene.office, projects=(Project(project, self.policy.key),))
        self.number = 0

    @property
    def case(self) -> Case:
        return fold(self.scene.office.ledger.entries(self.number))

    def at(self, when: str) -> "History":
        """Set the clock; it never goes back."""
        self.scene.now = max(self.scene.now, at(when)) if self.number else at(when)
        return self

    def do(self, verb: Any, **asked: Any) -> None:
        seen = self.scene.office.ledger.entries(self.number)[-1].seq
        verb(case=self.number, seen=seen, **asked).perform(self.scene.office)
        self.scene.now += timedelta(minutes=1)

    def report(self, who: Correspondent) -> None:
        self.number = self.scene.report(who, case=self.number)

    def gate(self) -> dict[str, Finding]:
        found = gate(self.case, self.policy, self.scene.now, taken=taken(self.scene.office, self.case))
        return {one.id: one for one in found}

    def export(self, form: str, *, draft: bool = False) -> str:
        found = Export(case=self.number, form=form, draft=draft).perform(self.scene.office)
        assert found.document.lacks == (), [str(one) for one in found.document.lacks]
        return found.document.text


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """An office."""
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def people(given: Sequence[str]) -> list[Correspondent]:
    first = [one.split(";")[0] for one in given] or ["Somebody <finder@vendor.example>"]
    return [Correspondent(one.partition(" <")[0], one.partition("<")[2].strip(">")) for one in first]


def begin(history: History, facts: dict[str, Any]) -> None:
    """From the report to the words: rating, embargo or the flag that it is public, id, credits."""
    history.at(f"{facts['reported']} 09:00")
    for who in people(facts["reporters"]):
        history.report(who)
    history.do(Assess, rating=Assessed(genuine="yes", misuse="yes", severity="Moderate", apparent="Moderate", why="re-enacted"))
    history.do(Accept)
    if facts["published"] > facts["reported"]:
        history.do(ProposeEmbargo, until=at(f"{facts['published']} 12:00"), why="as it was")
        history.do(SetEmbargo, proposal="p1", why="re-enacted: all agreed by mail")
    else:
        history.do(FlagPublic, public=True, evidence="the bug tracker")
    if facts["cve"]:
        history.at(max(facts.get("reserved", f"{facts['cve'][4:8]}-01-01"), facts["reported"]) + " 10:00")
        history.do(AssignCve, cve=facts["cve"], by="Red Hat")
    for report, credit in zip(history.case.reports, facts["reporters"] or [""], strict=True):
        history.do(SetCredit, report=report.id, credit=credit, evidence="by mail")


def words(facts: dict[str, Any], **more: Any) -> AdvisorySet:
    trackers = shipped("libvirt").advisory.trackers
    bugs = [
        Reference(f"{trackers[name]}{number}" if name in trackers else f"{name}#{number}", "report")
        for name, number in facts.get("bugs", [])
    ]
    return AdvisorySet(
        title=facts["title"], description=facts.get("description", f"{facts['title']}."), impact=facts.get("impact", ""),
        workaround=facts.get("workaround", ""), notice=facts.get("id", ""), patchers=tuple(facts["patchers"]),
        references=tuple(bugs), **more,
    )  # fmt: skip


def merge(history: History, facts: dict[str, Any]) -> None:
    """Record each branch as it was published."""
    for line in branches(facts):
        state = "released" if line.mended else "merged" if line.fixes else "vulnerable"
        when = at(f"{facts['fixed']} 00:00") if line.name == "master" else None
        history.do(
            SetBranch, branch=line.name, state=state, commit=line.fixes[0] if line.fixes else "", further=line.fixes[1:],
            introduced=line.introduced, vulnerable_tags=line.broken, fixed_tags=line.mended, when=when,
        )  # fmt: skip


def carry(scene: Scene, facts: dict[str, Any]) -> History:
    """Carry one published notice from its report to its announcement."""
    history = History(scene, "libvirt", "libvirt")
    begin(history, facts)
    early = facts["published"] < facts["reported"]
    by_hand = {"published": at(f"{facts['published']} 00:00"), "dates_because": "the patches were on the list"} if early else {}
    history.do(SetAdvisory, words=words(facts, **by_hand))
    if history.case.embargo.active:
        history.at(f"{facts['published']} 12:00")
        history.do(EndEmbargo, reason="released")
    for one in ("devel@lists.libvirt.org", "announce@lists.libvirt.org"):
        history.do(Announce, list=one, mail=MessageId(f"announced.{facts['id']}@libvirt.example"))
    history.at(f"{facts['fixed']} 13:00")
    merge(history, facts)
    return history


def one(root: etree._Element, path: str) -> str | None:
    return root.findtext("/".join(AT + part for part in path.split("/")))


def every(root: etree._Element, path: str) -> list[etree._Element]:
    return root.findall("/".join(AT + part for part in path.split("/")))


@pytest.mark.parametrize("name", NOTICES)
def test_a_published_notice_comes_out_as_it_was_published(scene: Scene, name: str) -> None:
    facts = NOTICES[name]
    text = carry(scene, facts).export("lsn")
    root = etree.fromstring(text.encode())
    grammar(XMLNS).assertValid(root)
    assert (one(root, "id"), one(root, "summary")) == (name, facts["title"])
    assert one(root, "impact") == facts.get("impact")
    assert one(root, "workaround") == {"none": "No workaround is known."}.get(facts.get("workaround"), facts.get("workaround"))
    for day in ("reported", "published", "fixed"):
        assert one(root, f"lifecycle/{day}") == facts[day].replace("-", ""), day
    for role, key in (("reporter", "reporters"), ("patcher", "patchers")):
        wanted = [each.strip() for given in facts[key] for each in given.split(";")]
        told = [(one(each, "name"), one(each, "email")) for each in every(root, f"credits/{role}")]
        assert [f"{name} <{email}>" if email else name for name, email in told] == wanted
    ids = [facts["cve"].removeprefix("CVE-")] if facts["cve"] else []
    assert [each.get("id") for each in every(root, "reference/advisory")] == ids
    assert [[each.get("tracker"), each.get("id")] for each in every(root, "reference/bug")] == facts.get("bugs", [])
    assert one(root, "product/repository") == "libvirt.git"
    published = [
        Line(
            one(each, "name") or "",
            *(
                tuple(part.text or "" for part in every(each, tag) if part.get("state") == state)
                for state, tag in (("vulnerable", "tag"), ("vulnerable", "change"), ("fixed", "tag"), ("fixed", "change"))
            ),
        )
        for each in every(root, "product/branch")
    ]
    assert published == list(branches(facts))


@pytest.mark.parametrize("name", NOTICES)
def test_what_is_odd_in_real_notices_is_named_and_can_be_passed(scene: Scene, name: str) -> None:
    """D3: not every odd history is an error; a person says why, and it is on record."""
    history = carry(scene, NOTICES[name])
    odd = {each: found for each, found in history.gate().items() if found.open}
    assert set(odd) == {
        "2010-0002": {"dates.fixed-after-published"},
        "2010-0004": {"patchers"},
        "2015-0002": {"cve"},
        "2018-0005": {"impact", "workaround"},
        "2020-0002": {"dates.published-before-reported", "dates.fixed-before-reported"},
        "2012-0003": {"dates.published-before-reported", "dates.fixed-after-published"},
        "2013-0018": {"dates.fixed-after-published"},
        "2016-0001": {"dates.fixed-after-published"},
        "2019-0003": {"dates.published-before-reported", "dates.fixed-before-reported"},
        "2019-0008": {"dates.fixed-after-published", "impact", "workaround"},
        "2020-0001": {"dates.fixed-before-reported"},
        "2020-0003": {"dates.fixed-after-published"},
    }.get(name, set())
    for each in odd:
        history.do(PassFinding, finding=each, why="so it was")
    assert stopping(tuple(history.gate().values())) == ()
    assert {found.passed for found in history.gate().values() if found.stops} <= {"so it was"}


def test_two_notices_with_one_id_are_seen(scene: Scene) -> None:
    """2020-0003 was published with the CVE id of 2020-0001: here it is refused, and the gate names what the words repeat."""
    first = carry(scene, NOTICES["2020-0001"])
    with pytest.raises(RefusedError, match=r"CVE-2020-10703 is the id of case LV-2020-001\."):
        carry(scene, NOTICES["2020-0003"])
    third = carry(scene, NOTICES["2020-0003"] | {"cve": ""})
    said = msgspec.structs.replace(words(NOTICES["2020-0003"]), also=(CveId("CVE-2020-10703"),))
    third.do(SetAdvisory, words=said)
    assert {one for one, found in third.gate().items() if found.open} >= {"cve", "cve.taken:CVE-2020-10703"}
    for one in [one for one, found in third.gate().items() if found.open]:
        third.do(PassFinding, finding=one, why="it was published so, and is told as it was")
    assert '<advisory type="CVE" id="2020-10703" />' in third.export("lsn")
    assert stopping(tuple(third.gate().values())) == ()
    second = carry(scene, NOTICES["2020-0003"] | {"cve": "CVE-2020-14339"})
    assert set(second.gate()) & {"cve.taken:CVE-2020-10703", "notice.taken:2020-0001"} == set()
    both = words(NOTICES["2020-0003"], also=(CveId("CVE-2020-10703"),))
    second.do(SetAdvisory, words=msgspec.structs.replace(both, notice="2020-0001"))
    assert set(second.gate()) >= {"cve.taken:CVE-2020-10703", "notice.taken:2020-0001"}
    assert first.case.label in second.gate()["cve.taken:CVE-2020-10703"].sentence


@pytest.mark.parametrize("name", ["2014-0004", "2019-0008", "2020-0001"])
@pytest.mark.parametrize("form", [each.id for each in FORMS if each.id != "lsn"])
def test_a_published_notice_is_valid_in_every_other_form(scene: Scene, name: str, form: str) -> None:
    history = carry(scene, NOTICES[name])
    judge(form, history.export(form))


QEMU = {
    "CVE-2015-3456": {
        "cve": "CVE-2015-3456", "reported": "2015-04-30", "published": "2015-05-13", "fixed": "2015-05-13",
        "title": "fdc: some commands leave the index of the controller's buffer unbounded",
        "impact": "A guest crashes the process that runs it, and might run code there.",
        "reporters": ["Jason Geffner of CrowdStrike"], "patchers": ["Petr Matousek <pmatouse@redhat.com>"],
        "branches": "master | v2.3.0 | | v2.4.0 | e907746266721f305d67bc0718795fedee2e824c",
    },
    "CVE-2020-14364": {
        "cve": "CVE-2020-14364", "reported": "2020-08-10", "published": "2020-08-24", "fixed": "2020-08-31",
        "title": "usb: the length of a control transfer is kept before it is checked",
        "impact": "A guest reads and writes behind a buffer of its host's process.",
        "reporters": ["Xiao Wei; Ziming Zhang"], "patchers": ["Gerd Hoffmann <kraxel@redhat.com>"],
        "branches": "master | v5.1.0 | | v5.2.0 | b946434f2659a182afc17e155be6791ebfb302eb",
    },
    # Reserved in the year before its number's. The days of report and matter are made up.
    "CVE-2021-20181": {
        "cve": "CVE-2021-20181", "reserved": "2020-12-17", "reported": "2020-12-17", "published": "2021-02-09",
        "fixed": "2021-02-09", "recorded": "2021-05-13", "title": "9pfs: a race between two requests of a client",
        "impact": "A client of 9p uses freed memory of the host's process.",
        "reporters": ["anonymous"], "patchers": ["Greg Kurz <groug@kaod.org>"],
        "branches": "master | v5.2.0 | | v6.0.0 | 89fbea8737e8f7b954745a1ffc4238d377055305",
    },
    # Its record came two weeks after the matter; the day of the fix is made up.
    "CVE-2023-3354": {
        "cve": "CVE-2023-3354", "reserved": "2023-06-21", "reported": "2023-06-21", "published": "2023-06-28",
        "fixed": "2023-06-28", "recorded": "2023-07-11", "title": "vnc: a watch is removed twice during the TLS handshake",
        "impact": "Whoever reaches the VNC server crashes the process.",
        "reporters": ["jiangyegen (Huawei Vulnerability Management Center); yexiao7 (Huawei Vulnerability Management Center)"],
        "patchers": ["Daniel P. Berrangé <berrange@redhat.com>"],
        "branches": "master | v8.0.3 | | v8.1.0 | 10be627d2b5ec2d6b3dce045144aa739eef678b4",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", QEMU)
def test_a_cve_of_another_project_becomes_a_valid_record(scene: Scene, name: str) -> None:
    """By QEMU's process: a record, CSAF, OSV; a notice in XML it has none, and that is said."""
    facts = QEMU[name]
    history = History(scene, "qemu", "qemu")
    begin(history, facts)
    said = words(facts)
    history.do(SetAdvisory, words=msgspec.structs.replace(said, references=(Reference(f"https://www.openwall.com/{name}"),)))
    draft = Export(case=history.number, form="text", draft=True).perform(scene.office).document.text
    assert draft.startswith("*** DRAFT, TLP:RED")
    history.at(f"{facts['published']} 12:00")
    history.do(EndEmbargo, reason="released")
    history.at(f"{facts['fixed']} 13:00")
    merge(history, facts)
    for form in ("cve", "cna", "csaf", "osv", "md", "text"):
        text = history.export(form)
        judge(form, text)
        assert name in text or form == "cna"
        for finder in facts["reporters"][0].split("; "):
            assert finder in text
    recorded = facts.get("recorded", facts["fixed"])
    history.at(f"{recorded} 14:00")
    history.do(PublishCve)
    record = json.loads(history.export("cve"))
    judge("cve", json.dumps(record))
    assert record["cveMetadata"]["datePublished"].startswith(recorded)
    assert record["containers"]["cna"]["datePublic"].startswith(facts["published"])
    lacks = Export(case=history.number, form="lsn").perform(scene.office).document.lacks
    assert any("XML namespace" in str(each) for each in lacks)
    assert {each for each, found in history.gate().items() if found.open} <= {"dates.fixed-after-published", "branches:master"}
