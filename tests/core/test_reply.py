"""Planning a reply: recipients, thread, subject, quoting, protection (R1, R2)."""

from typing import Any

import msgspec
import pytest

from seccon.core.addressee import Trust
from seccon.core.case import fold
from seccon.core.circle import Circle, circle_of
from seccon.core.ids import Fingerprint, MessageId
from seccon.core.journal.cases import MailArrived, PublicityFlagged, ReportLinked
from seccon.core.journal.embargoes import EmbargoEnded, EmbargoProposed, EmbargoSet
from seccon.core.letter import Letter, clean_line, clean_text, is_address
from seccon.core.policy import MailingList
from seccon.core.reply import plan_reply, quote, reply_subject
from seccon.core.report import Address, Correspondent, Heading, Mail, Part, Scope, Signature, Verdict, Warned
from seccon.core.team import Identity, Member, Roster
from tests.story import at, received, shipped, tell

REPORT = MessageId("r1@example.net")
ROE = Correspondent("A. Roe", "roe@example.net")
TEAM, PERSONAL = Identity("security@team.example.org", "Team", Fingerprint("A" * 40)), Identity("alice@team.example.org", "Alice")
CLEAR_LIST = MailingList("list@team.example.org", transport="clear")
CIRCLE = Circle(
    label="#1",
    reporters=frozenset({"roe@example.net"}),
    clear_reporters=frozenset({"roe@example.net"}),
    others=frozenset({"doe@example.com"}),
    told=frozenset({"friend@example.net", "security@team.example.org"}),
    members=(Member("Bob", ("bob@team.example.org",)),),
    own=frozenset({"security@team.example.org", "alice@team.example.org"}),
    lists=(CLEAR_LIST, MailingList("devel@lists.example.org", public=True)),
    foreign=frozenset({MessageId("foreign@example.com")}),
)


def mail(**changes: Any) -> Mail:
    heading = Heading(
        message_id=REPORT, digest="d", subject="sdhci: overflow", sender=(Address("A. Roe", "roe@example.net"),),
        to=(Address("", "Security@team.example.org"),), date=at("2026-11-20 08:00"),
    )  # fmt: skip
    heading = msgspec.structs.replace(heading, **changes)
    return Mail(heading, heading.subject, (Part("1", "text/plain", text="Hello,\nit overflows.\n"),))


def plan(given: Mail | None = None, circle: Circle = CIRCLE, trust: dict[str, Trust] | None = None, **more: Any) -> Letter:
    return plan_reply("l1", 1, given or mail(), REPORT, ROE, circle, trust or {}, (PERSONAL, TEAM), **more)


def addresses(letter: Letter) -> list[tuple[str, str]]:
    return [(one.field, one.address) for one in letter.recipients]


def test_it_answers_the_reporter_from_the_identity_that_was_written_to() -> None:
    letter = plan()
    assert addresses(letter) == [("to", "roe@example.net")]
    assert letter.identity == "security@team.example.org"


def test_reply_all_keeps_who_was_copied_and_drops_us_the_other_reporter_and_public_lists() -> None:
    copied = (
        "friend@example.net",
        "ALICE@team.example.org",
        "doe@example.com",
        "bob@team.example.org",
        "devel@lists.example.org",
    )
    given = mail(cc=tuple(Address(address=one) for one in (*copied, "list@team.example.org")))
    assert addresses(plan(given)) == [
        ("to", "roe@example.net"),
        ("cc", "friend@example.net"),
        ("cc", "bob@team.example.org"),
        ("cc", "list@team.example.org"),
    ]
    assert addresses(plan(given, reach="reporter")) == [("to", "roe@example.net")]
    assert addresses(plan(given, reach="internal")) == [("cc", "bob@team.example.org"), ("cc", "list@team.example.org")]


def test_an_encrypted_reply_does_not_go_to_a_list_that_cannot_decrypt() -> None:
    given = mail(cc=(Address(address="list@team.example.org"),), encrypted=True)
    assert addresses(plan(given)) == [("to", "roe@example.net")]


def test_the_reporter_of_a_list_that_rewrites_from_is_answered_not_the_list() -> None:
    given = mail(sender=(Address("A. Roe via LIST", "list@team.example.org"),))
    assert addresses(plan(given, reach="reporter")) == [("to", "roe@example.net")]


def test_encryption_is_proposed_wherever_it_must_or_can_be() -> None:
    """R3: an encrypted mail is answered encrypted even where that will be refused for want of a key."""
    assert plan().protection == "signed"
    assert plan(trust={"roe@example.net": Trust(Fingerprint("B" * 40), "phone")}).protection == "encrypted"
    assert plan(mail(encrypted=True)).protection == "encrypted"
    assert plan(circle=msgspec.structs.replace(CIRCLE, encrypted=True)).protection == "encrypted"
    assert plan(circle=msgspec.structs.replace(CIRCLE, clear_reporters=frozenset())).protection == "encrypted"


def test_references_continue_this_thread_and_name_no_other() -> None:
    """Threads of a case's several reports are never mixed."""
    given = mail(references=(MessageId("a@x"), MessageId("foreign@example.com"), MessageId("b@x"), MessageId("bad <id>\n@x")))
    assert plan(given).references == ("a@x", "b@x", REPORT)
    assert plan(given).answers == REPORT


def test_long_references_keep_the_first_and_the_newest() -> None:
    given = mail(references=tuple(MessageId(f"{count}@x") for count in range(200)))
    kept = plan(given).references
    assert len(kept) == 30
    assert (kept[0], kept[-2], kept[-1]) == ("0@x", "199@x", REPORT)


@pytest.mark.parametrize(
    ("subject", "answer"),
    [
        ("overflow", "Re: overflow"),
        ("Re: RE: Aw: overflow", "Re: overflow"),
        ("Re[2]: overflow", "Re: overflow"),
        ("over\r\nBcc: eve@example.org", "Re: over Bcc: eve@example.org"),
        ("\x1b]52;c;AAAA\x07 \u202eevil", "Re: ]52;c;AAAA evil"),
        ("", "Re:"),
    ],
)
def test_the_subject_is_one_clean_line_with_one_re(subject: str, answer: str) -> None:
    assert reply_subject(subject) == answer


def test_the_inner_subject_of_an_encrypted_mail_stays_inside() -> None:
    given = msgspec.structs.replace(
        mail(encrypted=True, subject="..."), subject="sdhci: overflow", verdict=Verdict(encrypted=Scope.WHOLE)
    )
    letter = plan(given)
    assert letter.subject == "Re: sdhci: overflow"
    assert letter.wire == "..."
    assert letter.secret
    assert letter.secret_marks


def test_a_quote_names_its_author_and_holds_no_control_character() -> None:
    given = msgspec.structs.replace(mail(), parts=(Part("1", "text/plain", text="one\r\n> two\x1b[2J\x00\u2028three\n"),))
    text = quote(given, Address("A.\nRoe\x9b", "roe@example.net"))
    assert text.startswith("On 2026-11-20 08:00 UTC, A. Roe wrote:\n> one\n>> two")
    assert not set(text) & {"\x1b", "\x00", "\r", "\x9b"}
    assert all(line.startswith(">") for line in text.split("\n")[1:-1])


def test_decrypted_parts_of_a_mail_that_is_not_whole_are_not_quoted() -> None:
    """A reply must not carry out what an attacker smuggled in beside his own text (EFAIL)."""
    parts = (Part("1", "text/plain", text="please quote"), Part("2.1", "text/plain", text="old secret", encrypted=True))
    given = msgspec.structs.replace(mail(), parts=parts, verdict=Verdict(encrypted=Scope.PART))
    assert "old secret" not in quote(given, ROE)
    assert "please quote" in quote(given, ROE)


@pytest.mark.parametrize(
    ("verdict", "warnings"),
    [
        (Verdict(Scope.WHOLE, Scope.WHOLE, Signature.GOOD, Fingerprint("E" * 40), "Doe", matches_from=False), ()),
        (Verdict(Scope.WHOLE), (Warned("from-differs", "The sender that was protected differs."),)),
    ],
)
def test_a_secret_that_another_wrote_is_not_read_out_to_who_sends_it_again(
    verdict: Verdict, warnings: tuple[Warned, ...]
) -> None:
    """A reply oracle: somebody's whole encrypted mail, sent by another under their own name, is not quoted to them."""
    parts = (Part("1", "text/plain", text="old secret", encrypted=True),)
    given = msgspec.structs.replace(mail(), parts=parts, verdict=verdict, warnings=warnings)
    assert "old secret" not in quote(given, ROE)
    assert "left out" in quote(given, ROE)
    own = msgspec.structs.replace(given, verdict=msgspec.structs.replace(verdict, matches_from=True), warnings=())
    assert "> old secret" in quote(own, ROE)


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\r", "\r\n", "\n"])
def test_no_line_end_sets_a_quotation_free(end: str) -> None:
    """The editor splits where Python does: a stranger's line must not become one that we seem to have written."""
    given = msgspec.structs.replace(mail(), parts=(Part("1", "text/plain", text=f"one{end}we pay you\u202e"),))
    assert all(line.startswith(">") for line in quote(given, ROE).splitlines()[1:])
    assert "\u202e" not in quote(given, ROE)


def test_a_later_mail_in_the_reporters_name_lets_nobody_in() -> None:
    """From is what anybody writes: whom such a mail copies stands in the reply, as a stranger who needs a person's decision."""
    policy, name = shipped("qemu"), MessageId("r3@example.net")
    first = MailArrived(mail=REPORT, digest="d1", report=REPORT, sender=ROE, to=("friend@example.net",))
    forged = MailArrived(mail=name, digest="d3", report=REPORT, sender=ROE, to=("eve@example.com",))
    case = fold(tell(*received()[:-1], ("2026-02-20", first), ("2026-02-24", forged)))
    circle = circle_of(case, policy, Roster(), (TEAM,), REPORT)
    assert "friend@example.net" in circle.told
    assert "eve@example.com" not in circle.told


def test_cleaning_is_idempotent_and_addresses_are_strict() -> None:
    dirty = "a\u200bb\x07\r\n c" + "x" * 200
    assert clean_line(clean_line(dirty)) == clean_line(dirty)
    assert len(clean_line(dirty)) <= 80
    assert clean_text("a\r\nb\rc\x0b") == "a\nb\nc\ufffd"
    assert is_address("a.b+c@example.org")
    for bad in ("a b@example.org", '"a"@example.org', "a@b,c@d", "a@[1.2.3.4]", "-f@example.org", "a@example.org\n", "a", ""):
        assert not is_address(bad), bad


def test_the_circle_of_a_case_follows_its_history() -> None:
    """E10: a date that passes makes nothing public; a recorded release does."""
    policy, roster = shipped("qemu"), Roster()
    until = at("2026-03-06")
    proposed = ("2026-02-21", EmbargoProposed(proposal="p1", party="team", until=until))
    agreed = ("2026-02-22", EmbargoSet(proposal="p1", until=until))
    doe = ("2026-02-23", ReportLinked(report=MessageId("r2@example.com"), reporter=Correspondent("", "doe@example.com")))
    name, who = MessageId("r2@example.com"), Correspondent("", "doe@example.com")
    other = MailArrived(mail=name, digest="d2", report=name, sender=who, encrypted=True)
    events = [*received(), proposed, agreed, doe, ("2026-02-23", other)]

    def circle(*more: Any, report: str = "r1@example.net") -> Circle:
        return circle_of(fold(tell(*events, *more)), policy, roster, (TEAM,), MessageId(report))

    found = circle()
    assert (found.embargoed, found.public, found.encrypted) == (True, False, False)
    assert found.clear_reporters == {"roe@example.net"}
    assert found.others == {"doe@example.com"}
    assert found.is_of_another(MessageId("r2@example.com"))
    assert circle(report="r2@example.com").encrypted
    assert circle(report="r2@example.com").clear_reporters == frozenset()
    assert circle(("2026-03-06", EmbargoEnded(reason="released"))).public
    assert not circle(("2026-03-06", EmbargoEnded(reason="not-needed"))).public
    assert circle(("2026-03-01", PublicityFlagged(public=True))).public
