"""The history in sentences: nothing raw where a colleague reads, and no stranger's text outside quotes (U5)."""

import re

from seccon.core.ids import CaseId, CveId, Fingerprint, MessageId
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import (
    CaseAccepted,
    CaseClaimed,
    CaseClosed,
    CaseUnmerged,
    MailArrived,
    PublicityFlagged,
    ReportLinked,
    ReportUnlinked,
)
from seccon.core.journal.disclosure import AdvisorySet, AnnouncementSeen, AnnouncementUnproved, LeakDismissed, LeakSuspected
from seccon.core.journal.embargoes import EmbargoAgreed, EmbargoCommunicated, EmbargoProposed, EmbargoSet, EmbargoTakenBack
from seccon.core.journal.entry import KINDS
from seccon.core.journal.parties import PartyAnswered, PartyInvited, PartyReady, PartyRemoved, PartyTold
from seccon.core.journal.replies import KeyPinned, ReplyDiscarded, ReplyFailed, ReplyQueued, ReplySent, SentTo
from seccon.core.journal.work import BranchSet, CveAssigned, ItemTicked, PermissionRecorded, WaitingSet
from seccon.core.report import Correspondent
from seccon.core.telling import SENTENCES, Telling
from tests.story import at

REPORT = MessageId("r1@example.net")
ROE = Correspondent("A. Roe", "roe@example.net")
NAMES = {"alice": "Alice Ames", "bob": "Bob Bell"}


def told(*bodies: Body) -> list[str]:
    entries = [Entry(1, seq, at("2026-11-21 19:13"), "alice", "p@1", body) for seq, body in enumerate(bodies, 1)]
    telling = Telling(
        entries, lambda login: NAMES.get(login, login), lambda when: f"{when:%d %b %H:%M}Z", lambda text: f"“{text}”"
    )
    return [" / ".join((telling.sentence(entry), *telling.reasons(entry))) for entry in entries]


def test_entries_are_sentences() -> None:
    assert told(
        CaseClaimed(owner="alice"),
        CaseClaimed(owner="bob", why="he knows sdhci"),
        CaseAccepted(id=CaseId("Q-2026-001")),
        CaseClosed(outcome="out-of-scope", clause="not-english", other=7),
        ItemTicked(report=REPORT, item="command-line", held=False),
        WaitingSet(whom="reporter", until=at("2026-12-01 08:00")),
        PublicityFlagged(public=True),
    ) == [
        "took the case",
        "wrote down who answers for the case: Bob Bell / Why: “he knows sdhci”",
        "accepted the report as “Q-2026-001”",
        "closed the case: out of scope, by the clause “not-english”, the same as case #7",
        "ticked “command line”: the report lacks it",
        "set it to wait for the reporter until 01 Dec 08:00Z",
        "flagged it as public, not exploited",
    ]


def test_what_an_entry_refers_to_is_told_and_not_its_id() -> None:
    _, proposed, agreed, put, queued, sent, unlinked = told(
        ReportLinked(report=REPORT, reporter=ROE, arrived=at("2026-11-20 08:00")),
        EmbargoProposed(proposal="p1", party="team", until=at("2026-12-01 14:00")),
        EmbargoAgreed(proposal="p1", party=ROE.address, proof=REPORT),
        EmbargoSet(proposal="p1", until=at("2026-12-01 14:00")),
        ReplyQueued(
            reply="3f2a", mail=MessageId("m@x"), identity="t@example.org", recipients=(SentTo(ROE.address),),
            protection="encrypted", purpose="date-set",
        ),
        ReplySent(reply="3f2a", mail=MessageId("m@x"), when=at("2026-11-21 19:13")),
        ReportUnlinked(report=REPORT),
    )  # fmt: skip
    assert proposed == "recorded that the team proposes 01 Dec 14:00Z"
    assert agreed == (
        "recorded that “roe@example.net” agrees to 01 Dec 14:00Z, proposed by the team"
        " / Proved by: the mail from “A. Roe” of 20 Nov 08:00Z"
    )
    assert put == "set the embargo until 01 Dec 14:00Z (the first)"
    assert queued == "approved a reply (date set) to “roe@example.net”, encrypted"
    assert sent == "handed over the reply (date set) to “roe@example.net”"
    assert unlinked == "took the mail from “A. Roe” of 20 Nov 08:00Z out of the case"


def test_of_several_reporters_it_is_said_which() -> None:
    first, second = (MessageId(f"r{number}@example.net") for number in (1, 2))
    doe = Correspondent("J. Doe", "doe@example.net")
    date = EmbargoCommunicated(report=second, until=at("2026-12-01 08:00"))
    assert (
        told(ReportLinked(report=second, reporter=doe), date)[1] == "recorded that the reporter was told the date, 01 Dec 08:00Z"
    )
    both = (ReportLinked(report=first, reporter=ROE), ReportLinked(report=second, reporter=doe))
    assert told(*both, date, PermissionRecorded(report=first, whom="anyone", why="by phone"))[2:] == [
        "recorded that “J. Doe” was told the date, 01 Dec 08:00Z",
        "recorded that “A. Roe” permits that “anyone” is told / Why: “by phone”",
    ]


def test_our_own_copy_does_not_come_in() -> None:
    ours = MailArrived(
        mail=MessageId("o@example.net"), digest="d", report=REPORT, sender=ROE, direction="out", party="v@example.net"
    )
    assert told(PartyInvited(party="v@example.net", name="Vendor"), ours)[1] == (
        "saw a mail of ours, from “A. Roe”, on the thread with “Vendor”"
    )


def test_who_got_a_reply_later_or_not_at_all_is_told() -> None:
    late, other = "late@x.example", "gone@x.example"
    people = tuple(map(SentTo, (ROE.address, late, other, "behind.the.list@x.example")))
    queued = ReplyQueued(reply="1", mail=MessageId("m@x"), identity="t@x", recipients=people, protection="clear")
    when, retry = at("2026-11-21 12:01"), at("2026-11-21 12:03")
    _, first, second, failed, perhaps, gone = told(
        queued,
        ReplySent(
            reply="1",
            mail=queued.mail,
            when=when,
            refused=(other,),
            put_off=(late,),
            retry=retry,
            problem="451 greylisted",
            recipients=(ROE.address, late, other),
        ),
        ReplySent(reply="1", mail=queued.mail, when=retry, recipients=(late,)),
        ReplyFailed(reply="1", problem="550 no", recipients=(late,)),
        ReplyFailed(reply="1", problem="it broke", recipients=(late,), perhaps_sent=True),
        ReplyDiscarded(reply="1", recipients=(late,)),
    )
    assert first == (
        "handed over the reply to “roe@example.net”, “late@x.example”, “gone@x.example”; taken for 1 of 3;"
        " the server refused “gone@x.example”; “late@x.example” is tried again at 21 Nov 12:03Z: “451 greylisted”"
    )
    assert second == "handed over the reply to “late@x.example”"
    assert failed == "could not hand over the reply to “late@x.example”: “550 no”"
    assert perhaps == "could not hand over the reply to “late@x.example”: “it broke” (it may have left)"
    assert gone == "took the reply to “late@x.example” out of the outbox"


def test_a_proof_that_is_no_mail_is_called_none() -> None:
    """A branch is proved by git, an id by whoever allocated it; a Message-ID that nobody knows is still a mail's."""
    branch, by_words, by_mail = told(
        BranchSet(branch="master", state="merged", proof="git, here: picked from a@b"),
        CveAssigned(cve=CveId("CVE-2026-12345"), by="Carol", proof="telephone"),
        CveAssigned(cve=CveId("CVE-2026-12345"), by="Carol", proof="id@cna.example"),
    )
    assert branch == "recorded the branch “master” as merged / Proved by: “git, here: picked from a@b”"
    assert by_words.endswith(" / Proved by: “telephone”")
    assert by_mail.endswith(" / Proved by: the mail “id@cna.example”")


def test_a_fingerprint_is_grouped() -> None:
    (said,) = told(KeyPinned(address="roe@example.net", fingerprint=Fingerprint("AB12" * 10), how="by phone"))
    assert "AB12 AB12 AB12" in said


def test_nothing_in_a_strangers_text_is_filled_in() -> None:
    hostile = "[{mail}] {digest} {sender:person}[x]"
    (said,) = told(MailArrived(mail=REPORT, digest="secret", report=REPORT, sender=ROE, subject=hostile))
    assert f"“{hostile}”" in said
    assert "secret" not in said


def test_every_kind_has_a_sentence_and_it_names_fields_that_the_kind_has() -> None:
    assert set(SENTENCES) == set(KINDS)
    for tag, sentence in SENTENCES.items():
        named = set(re.findall(r"\{(\w+)", sentence))
        assert named <= set(KINDS[tag].__struct_fields__), tag


def test_what_the_day_leaves_behind_reads_as_it_would_be_said() -> None:
    """I3: the history of a case that was joined, announced and suspected of a leak is read years later."""
    mail = MessageId("copy@list.example")
    assert told(
        AdvisorySet(title="a title", description="long words", notice="2026-0001"),
        AdvisorySet(title="a title", passed={"cvss": "nobody scored it"}),
        AnnouncementSeen(list="devel@list.example", mail=mail, when=at("2026-11-20 08:00"), url="https://list.example/1"),
        AnnouncementUnproved(list="devel@list.example", mail=mail, sender="bob@team.example"),
        LeakSuspected(mail=mail, list="devel@list.example", sign="cve", sender="A. Roe"),
        LeakDismissed(mail=mail, why="another issue"),
        CaseUnmerged(why="two issues"),
        EmbargoTakenBack(),
    ) == [
        "wrote the words of the advisory, “a title”, with the number “2026-0001”",
        "wrote the words of the advisory, “a title”; let pass: cvss: “nobody scored it”",
        "saw that “devel@list.example” sent the announcement out on 20 Nov 08:00Z, see “https://list.example/1”",
        "found the mail “copy@list.example” on “devel@list.example” by “bob@team.example”, which looks like the announcement; "
        "nothing proves it",
        "saw the mail “copy@list.example” on “devel@list.example”, which may tell of the issue; it names itself as from “A. Roe”",
        "judged that the mail “copy@list.example” tells nothing of the issue / Why: “another issue”",
        "took the merging back: the reports are here again / Why: “two issues”",
        "took back the embargo that had come with a report of another case",
    ]


def test_what_is_recorded_of_parties_reads_as_it_would_be_said() -> None:
    vendor, sent = "psirt@vendor.example", MessageId("ours@team.example")
    queued = ReplyQueued(reply="l1", mail=sent, identity="us", recipients=(SentTo(vendor, "party"),), protection="encrypted")
    found = told(
        PartyInvited(party=vendor, name="Vendor B", agrees=True),
        queued,
        PartyTold(party=vendor, when=at("2026-11-20 08:00"), mail=sent, patch=1, until=at("2026-12-01 14:00")),
        PartyTold(party=vendor, evidence="by phone"),
        PartyAnswered(party=vendor.upper(), affected="no", mail=sent, signature="unproved"),
        PartyReady(party=vendor, ready=False, patch=2, why="the build fails"),
        PartyRemoved(party=vendor, why="they ship it no longer"),
    )
    ours = "our mail to “psirt@vendor.example”"
    assert found[:1] + found[2:] == [
        "invited “Vendor B” to take part as vendor, who must agree to the date",
        f"recorded that “Vendor B” was told on 20 Nov 08:00Z, by {ours}, with version 1 of the fix, of the date 01 Dec 14:00Z",
        "recorded that “Vendor B” was told / Evidence: “by phone”",
        f"recorded that “Vendor B” is not affected, by {ours}, of which nothing proves that it is theirs",
        "recorded that “Vendor B” cannot publish with version 2 of the fix / Why: “the build fails”",
        "let “Vendor B” take part no longer: what they were told they know / Why: “they ship it no longer”",
    ]
