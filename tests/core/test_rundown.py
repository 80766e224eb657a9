"""The day of disclosure: what is done, what comes next, what stands in the way and why (D1 E9 E10)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seccon.core.announcing import announce_lists, archive_url
from seccon.core.case import Case, fold
from seccon.core.facts import facts
from seccon.core.ids import MessageId
from seccon.core.journal import Body
from seccon.core.journal.cases import Assessed, CaseAccepted, CaseClosed, CaseReopened, PublicityFlagged
from seccon.core.journal.disclosure import AdvisorySet, AnnouncementSeen
from seccon.core.journal.embargoes import EmbargoEnded, EmbargoSet
from seccon.core.journal.parties import PartyAnswered, PartyInvited, PartyReady, PartyTold
from seccon.core.journal.replies import ReplyQueued, ReplySent, SentTo
from seccon.core.journal.work import Announced, BranchSet, BugClosed, BugOpened, CveAssigned, FixProposed
from seccon.core.policy import MailingList
from seccon.core.projection import projection
from seccon.core.rundown import DayLine, Rundown, headline, rundown
from tests.story import POLICIES, at, received, shipped, tell

UNTIL = at("2026-03-06 12:00")
DAY = timedelta(days=1)
DEVEL, ANNOUNCE, OSS = "devel@lists.libvirt.org", "announce@lists.libvirt.org", "oss-security@lists.openwall.com"
RATED = Assessed(genuine="yes", misuse="yes", severity="Important")
TAKEN = CaseAccepted(id="LV-2026-001")  # type: ignore[arg-type]
SET = EmbargoSet(proposal="p1", until=UNTIL)
CVE = CveAssigned(cve="CVE-2026-1234", by="Vendor")  # type: ignore[arg-type]
FIX = FixProposed(version=1, commit="abc")
WRITTEN = BranchSet(branch="master", state="written", commit="abc")
MERGED = BranchSet(branch="master", state="merged", commit="abc")
WORDS = AdvisorySet(title="daemon follows a link", description="It does.")
RELEASED = EmbargoEnded(reason="released")
READY = (RATED, TAKEN, SET, CVE, FIX, WRITTEN, WORDS)
BOTH = (Announced(list=DEVEL, url="https://x/1"), Announced(list=ANNOUNCE, url="https://x/2"))


def case(*bodies: Body) -> Case:
    return fold(tell(*received(), *(("2026-02-22", body) for body in bodies), policy="libvirt@2013-06"))


def day(*bodies: Body, now=UNTIL - DAY, policy: str = "libvirt") -> Rundown:
    return rundown(case(*bodies), shipped(policy), now)


def states(found: Rundown) -> dict[str, str]:
    return {line.id: line.state for line in found.lines}


def line(found: Rundown, name: str) -> DayLine:
    return next(one for one in found.lines if one.id == name)


def test_before_the_date_it_says_what_must_be_ready_and_all_else_is_later() -> None:
    found = day(RATED, TAKEN, SET, CVE)
    assert states(found) == {
        "cve-ready": "done", "fixes-ready": "blocked", "advisory-ready": "now", "release": "later", "publish-fixes": "later",
        f"announce:{DEVEL}": "later", f"announce:{ANNOUNCE}": "later", "seen": "later", "cve-published": "later",
    }  # fmt: skip
    assert [one.id for one in found.lines if one.before and one.state != "done"] == ["fixes-ready", "advisory-ready"]
    assert day(*READY).next is None


def test_what_blocks_is_said_in_words() -> None:
    unwritten = "not yet so: a version of the patch exists, and no fault is known in the newest"
    assert line(day(RATED, TAKEN, SET, CVE), "fixes-ready").words == unwritten
    lapsed = day(RATED, TAKEN, SET, CVE, now=UNTIL)
    assert lapsed.next is not None
    assert lapsed.next.verb == "release", "it stands before what is not ready"
    assert line(lapsed, f"announce:{DEVEL}").words == "the date is in force until a person releases it"
    qemu = day(*READY, RELEASED, policy="qemu")
    assert line(qemu, "close-bug").words == "first: open the upstream bug"
    nothing = day(RATED, TAKEN)
    assert line(nothing, f"announce:{DEVEL}").words == "nobody has said that it may be public"


def test_the_day_of_the_one_process_goes_in_its_order() -> None:
    story: list[Body] = [*READY]
    for done, following in (
        ((), "release"), ((RELEASED,), "publish-fixes"), ((MERGED,), f"announce:{DEVEL}"),
        ((Announced(list=DEVEL, mail="a@x"),), f"announce:{ANNOUNCE}"), ((Announced(list=ANNOUNCE, mail="b@x"),), "seen"),
        ((AnnouncementSeen(list=DEVEL, mail="a@x"),), "seen"), ((AnnouncementSeen(list=ANNOUNCE, mail="b@x"),), "cve-published"),
    ):  # fmt: skip
        story += done
        found = day(*story, now=UNTIL + DAY)
        assert found.next is not None
        assert found.next.id == following


def test_the_day_of_the_other_process_opens_the_bug_and_closes_it_with_the_commit() -> None:
    story: list[Body] = [RATED, TAKEN, SET, CVE, FIX]
    for done, following in (
        ((), "release"), ((RELEASED,), "bug"), ((BugOpened(url="https://b/1"),), "merge"), ((MERGED,), "close-bug"),
        ((BugClosed(url="https://b/1", commit="abc"),), "cve-published"),
    ):  # fmt: skip
        story += done
        found = day(*story, now=UNTIL + DAY, policy="qemu")
        assert found.next is not None
        assert found.next.id == following


def test_a_list_is_owed_an_announcement_only_where_its_elder_was_told() -> None:
    elder = "linux-distros@vs.openwall.org"
    told = (PartyInvited(party=elder, name="linux-distros"), PartyTold(party=elder, when=at("2026-03-01")))
    assert [one.address for one in announce_lists(case(*READY), shipped("libvirt"))] == [DEVEL, ANNOUNCE]
    assert [one.address for one in announce_lists(case(*READY, *told), shipped("libvirt"))] == [DEVEL, ANNOUNCE, OSS]
    assert "announced" in facts(case(*READY, RELEASED, *BOTH), shipped("libvirt"))
    assert "announced" not in facts(case(*READY, *told, RELEASED, *BOTH), shipped("libvirt"))


def test_the_headline_is_loud_until_the_public_can_read_it() -> None:
    policy = shipped("libvirt")
    assert headline(case(*READY), policy, UNTIL - DAY) == ("the embargo ends in 24h", "warn")
    assert headline(case(*READY), policy, UNTIL + timedelta(hours=2)) == ("lapsed 2h ago, nothing announced", "alarm")
    assert headline(case(*READY, RELEASED), policy, UNTIL + DAY)[1] == "alarm"
    sent = Announced(list=DEVEL, mail="a@x"), Announced(list=ANNOUNCE, mail="b@x")
    assert headline(case(*READY, RELEASED, *sent), policy, UNTIL + DAY)[1] == "alarm"
    assert headline(case(*READY, RELEASED, *BOTH), policy, UNTIL + DAY) == ("the public was told", "good")


def test_a_released_embargo_that_nobody_published_is_red_and_dated() -> None:
    """E9: owed loudly, for everybody, until it can be read in public."""
    policies = {"libvirt@2013-06": shipped("libvirt")}

    def pressed(*bodies: Body) -> tuple[str, list[str]]:
        found = projection(case(*bodies), policies)
        assert found.row is not None
        return found.row.alarm, [one.name for one in found.dates if one.kind == "announcement"]

    assert pressed(*READY) == ("", [])
    assert pressed(*READY, RELEASED) == ("not published", ["publish"])
    assert pressed(*READY, RELEASED, Announced(list=DEVEL, url="https://x")) == ("not published", ["publish"])
    assert pressed(*READY, RELEASED, *BOTH) == ("", [])
    assert pressed(*READY, EmbargoEnded(reason="not-needed")) == ("", [])
    assert pressed(*READY, RELEASED, CaseClosed(outcome="published")) == ("", [])


BODIES: list[Body] = [
    *READY, RELEASED, *BOTH, MERGED, EmbargoEnded(reason="not-needed"), EmbargoEnded(reason="leaked"), BugOpened(url="https://b"),
    PublicityFlagged(public=True, evidence="x"), PublicityFlagged(), CaseClosed(outcome="published"), CaseReopened(),
    AnnouncementSeen(list=DEVEL, mail="a@x"), EmbargoSet(proposal="p2", until=UNTIL + 30 * DAY, change="extension"),
]  # fmt: skip
_TELLS = ("announce", "bug", "day", "cve-publish", "bug-closed", "close")


@given(
    st.lists(st.sampled_from(BODIES), max_size=20),
    st.integers(-60, 60),
    st.sampled_from(sorted(p.stem for p in POLICIES.glob("*.toml"))),
)
def test_nothing_that_tells_the_public_is_ever_now_while_a_date_is_in_force(bodies: list[Body], days: int, policy: str) -> None:
    """E10, of every shipped policy, over any history and any moment."""
    found = rundown(case(*bodies), shipped(policy), UNTIL + days * DAY)
    if case(*bodies).embargo.active:
        assert [one.id for one in found.lines if one.state == "now" and one.verb in _TELLS] == []
        assert all(one.before or one.verb == "release" for one in found.lines if one.state == "now")
    assert len({one.id for one in found.lines}) == len(found.lines)


@pytest.mark.parametrize("name", sorted(path.stem for path in POLICIES.glob("*.toml")))
def test_every_shipped_policy_describes_its_day(name: str) -> None:
    policy = shipped(name)
    assert any(one.publishes for one in policy.day)
    assert [one.id for one in policy.day if not (one.source and one.why)] == []
    assert [one.id for one in policy.day if one.verb == "release"] == ["release"]


def test_the_link_of_a_mail_is_computed_as_the_archives_do() -> None:
    """`<ant>` and its hash stand in Mailman 3's own tests of its archivers."""
    hyper = MailingList("a@b", archive="https://lists.example.org/archives/list/a@b/message/{hash}/")
    link = "https://lists.example.org/archives/list/a@b/message/MS6QLWERIJLGCRF44J7USBFDELMNT2BW/"
    assert archive_url(hyper, MessageId("ant")) == link
    lore = MailingList("a@b", archive="https://lore.example.org/a/{message_id}/")
    assert archive_url(lore, MessageId("a/b+c@x.org")) == "https://lore.example.org/a/a%2Fb%2Bc@x.org/"
    assert archive_url(MailingList("a@b"), MessageId("a@x")) == ""


def test_vendors_are_waited_for_and_told_to_publish_before_the_lists_are() -> None:
    """F5: simultaneous release; who is not affected need not be told."""
    vendors = tuple(PartyInvited(party=f"{name}@vendor.example") for name in ("a", "b"))
    unaffected = PartyAnswered(party="b@vendor.example", affected="no")
    found = day(*READY, *vendors, unaffected)
    assert states(found)["parties-ready"] == "now"
    assert [one.id for one in found.lines].index("go") < [one.id for one in found.lines].index(f"announce:{DEVEL}")
    ready = (*READY, *vendors, unaffected, PartyReady(party="a@vendor.example", patch=1))
    assert states(day(*ready))["parties-ready"] == "done"
    released = day(*ready, RELEASED, now=UNTIL + DAY)
    assert released.next is not None
    assert (released.next.id, released.next.verb) == ("go", "parties")
    told = ReplyQueued(
        reply="o1", mail="go@x", identity="t@x", recipients=(SentTo("A@vendor.example", "party"),), protection="clear",  # type: ignore[arg-type]
        purpose="party-go",
    )  # fmt: skip
    assert states(day(*ready, RELEASED, told, now=UNTIL + DAY))["go"] == "now", "it lies in the outbox still"
    sent = ReplySent(reply="o1", mail="go@x", when=UNTIL)  # type: ignore[arg-type]
    assert states(day(*ready, RELEASED, told, sent, now=UNTIL + DAY))["go"] == "done"


def test_a_released_case_is_due_since_its_release_whatever_else_has_time() -> None:
    """A queue that says "42d left" beside what the public waits for calms wrongly."""
    row = projection(case(*READY, RELEASED), {"libvirt@2013-06": shipped("libvirt")}).row
    assert row is not None
    assert row.due == UNTIL, "not the clock of sixty days, nor that of another step"
