"""What public lists tell of a case: an announcement that came out, a leak, or nothing (E9)."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seccon.core.announcing import announced_on, claims, seen_on
from seccon.core.case import Case, fold
from seccon.core.facts import facts
from seccon.core.journal import Body
from seccon.core.journal.cases import CaseAccepted, PublicityFlagged
from seccon.core.journal.disclosure import AnnouncementSeen, AnnouncementUnproved, LeakSuspected
from seccon.core.journal.embargoes import EmbargoEnded, EmbargoSet
from seccon.core.journal.replies import ReplyQueued, ReplySent, SentTo
from seccon.core.journal.work import Announced, CveAssigned
from seccon.core.lookout import Watcher, meaning, query, signs
from seccon.core.report import Address, Heading
from seccon.core.team import Member, Roster
from tests.story import at, received, shipped, tell

DEVEL, ANNOUNCE, PRIVATE = "devel@lists.libvirt.org", "announce@lists.libvirt.org", "security@lists.libvirt.org"
BOB, TEAM = "bob@team.example.org", "security@team.example.org"
NOW, UNTIL = at("2026-03-07 12:00"), at("2026-03-06 12:00")
POLICY = shipped("libvirt")
WATCHER = Watcher(Roster((Member("Bob", (BOB,), "bob"),)), frozenset({TEAM}))
BASE: tuple[Body, ...] = (
    CaseAccepted(id="LV-2026-001"), CveAssigned(cve="CVE-2026-1234", by="V"), EmbargoSet(proposal="p1", until=UNTIL),  # type: ignore[arg-type]
)  # fmt: skip
RELEASED = EmbargoEnded(reason="released")
QUEUED = ReplyQueued(
    reply="o1", mail="ours@team.example.org", identity=TEAM, recipients=(SentTo(DEVEL, "list"),), protection="signed",  # type: ignore[arg-type]
    purpose="announcement", digest="sent",
)  # fmt: skip
SENT = ReplySent(reply="o1", mail="ours@team.example.org", when=NOW)  # type: ignore[arg-type]
COPY = Heading(
    message_id="ours@team.example.org", digest="copy", subject="CVE-2026-1234: it", sender=(Address("Team", TEAM),),  # type: ignore[arg-type]
    to=(Address("", DEVEL),), list_post=DEVEL, arrived=NOW,
)  # fmt: skip


def case(*bodies: Body) -> Case:
    return fold(tell(*received(), *(("2026-02-22", body) for body in (*BASE, *bodies)), policy="libvirt@2013-06"))


def told(heading: Heading, *bodies: Body, found: str | None = "cve", proved: tuple[str, ...] = ()) -> list[str]:
    means = meaning(heading.message_id, (heading,), found, case(*bodies), POLICY, WATCHER, NOW, proved)  # type: ignore[arg-type]
    return [type(one).__name__ for one in means]


def changed(**changes: object) -> Heading:
    return msgspec.structs.replace(COPY, **changes)


def test_the_lists_copy_of_ours_is_seen_and_what_we_filed_is_not() -> None:
    assert told(COPY, RELEASED, QUEUED, SENT) == ["Announced", "AnnouncementSeen"]
    assert told(COPY, RELEASED, QUEUED, SENT, Announced(list=DEVEL, mail=COPY.message_id)) == ["AnnouncementSeen"]
    assert told(changed(digest="sent"), RELEASED, QUEUED, SENT) == []
    both = meaning(COPY.message_id, (changed(digest="sent"), COPY), "cve", case(RELEASED, QUEUED, SENT), POLICY, WATCHER, NOW)
    assert [type(one) for one in both] == [Announced, AnnouncementSeen]


def test_a_list_that_rewrites_from_passes_ours_on() -> None:
    rewritten = changed(sender=(Address("Team via devel", DEVEL),), reply_to=(Address("Team", TEAM),))
    assert told(rewritten, RELEASED, QUEUED, SENT) == ["Announced", "AnnouncementSeen"]
    assert told(rewritten, RELEASED) == [], "of a mail that is not ours such a claim proves nothing"


@pytest.mark.parametrize(
    "changes",
    [
        {"sender": (Address("Eve", "eve@evil.example"),)},
        {"sender": (Address("Bob", BOB), Address("Eve", "eve@evil.example"))},
        {"sender": ()},
        {"list_post": ""},
        {"subject": "CVE-2026-12345: another"},
        {"subject": "XCVE-2026-1234"},
        {"subject": "it is public"},
        {"to": (Address("", PRIVATE),), "list_post": PRIVATE},
    ],
)
def test_what_is_forged_or_of_another_issue_is_no_announcement(changes: dict[str, object]) -> None:
    heading = msgspec.structs.replace(COPY, message_id="b@x", sender=(Address("Bob", BOB),))  # type: ignore[arg-type]
    assert told(heading, RELEASED, proved=("copy",)) == ["Announced", "AnnouncementSeen"]
    assert told(heading, RELEASED, proved=("another file",)) == ["AnnouncementUnproved"]
    assert told(msgspec.structs.replace(heading, **changes), RELEASED, proved=("copy",)) == []


def test_what_only_headers_claim_is_shown_once_and_clears_nothing() -> None:
    """E9: From and List-Post are anybody's to write; a signature, our own mail, or a person's word count."""
    heading = msgspec.structs.replace(COPY, message_id="b@x", sender=(Address("Bob", BOB),))  # type: ignore[arg-type]
    (claim,) = meaning("b@x", (heading,), "cve", case(RELEASED), POLICY, WATCHER, NOW)  # type: ignore[arg-type]
    assert isinstance(claim, AnnouncementUnproved)
    assert (claim.list, claim.sender, claim.url.startswith("https://")) == (DEVEL, BOB, True)
    assert told(heading, RELEASED, claim) == []
    assert told(heading, RELEASED, claim, proved=("copy",)) == ["Announced", "AnnouncementSeen"]
    after = case(RELEASED, claim)
    assert (seen_on(after.work), announced_on(after.work)) == (frozenset(), frozenset())
    assert not {"announced", "announcement-seen", "disclosed", "cve-disclosed"} & facts(after, POLICY)
    assert claims(after.work) == (claim,)
    assert claims(case(RELEASED, claim, Announced(list=DEVEL, url=claim.url)).work) == ()


def test_before_the_date_a_colleagues_mail_is_a_leak_and_on_it_an_announcement() -> None:
    heading = msgspec.structs.replace(COPY, message_id="b@x", sender=(Address("Bob", BOB),))  # type: ignore[arg-type]
    assert told(msgspec.structs.replace(heading, arrived=at("2026-03-06 11:59"))) == ["LeakSuspected"]
    later = msgspec.structs.replace(heading, arrived=UNTIL)
    assert told(later, proved=("copy",)) == ["Announced", "AnnouncementSeen"]
    assert told(later, PublicityFlagged(public=True, evidence="x"), proved=("copy",))[-1] == "AnnouncementSeen"


def test_what_is_public_leaks_no_more_and_one_mail_is_suspected_once() -> None:
    stranger = changed(message_id="x@y", sender=(Address("Eve", "eve@evil.example"),))
    assert told(stranger) == ["LeakSuspected"]
    assert told(stranger, found=None) == []
    assert told(stranger, LeakSuspected(mail="x@y", list=DEVEL, sign="cve")) == []  # type: ignore[arg-type]
    assert told(stranger, RELEASED) == []
    assert told(stranger, PublicityFlagged(public=True, evidence="x")) == []


def test_the_question_to_the_store_is_narrow_and_well_formed() -> None:
    asked = query([case(QUEUED, SENT)], POLICY)
    assert asked.startswith(f"(to:{DEVEL} or to:{ANNOUNCE} or to:oss-security@lists.openwall.com) and (")
    for part in ('"CVE-2026-1234"', '"LV-2026-001"', 'subject:"sdhci out of bounds read"', 'id:"ours@team.example.org"'):
        assert part in asked
    assert PRIVATE not in asked
    assert query([], POLICY) == ""


@given(st.text(max_size=80))
def test_no_subject_breaks_out_of_the_question(subject: str) -> None:
    history = received()
    history[1] = (history[1][0], msgspec.structs.replace(history[1][1], subject=subject))
    for some in signs(fold(tell(*history))).values():
        for one in some:
            assert one.count('"') == 2
            assert not set("()*:") & set(one.removeprefix("subject:"))
