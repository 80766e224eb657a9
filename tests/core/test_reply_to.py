"""Whom an answer goes to where a list rewrote From, or the author asked for another address (I2, R1)."""

from typing import Any

from seccon.core.author import author
from seccon.core.circle import Circle
from seccon.core.guard import judge
from seccon.core.ids import MessageId
from seccon.core.letter import Letter, letter_from_json, letter_to_json
from seccon.core.policy import MailingList
from seccon.core.reply import plan_reply
from seccon.core.report import Address, Correspondent, Heading, Mail, Part, Warned
from seccon.core.team import Identity
from tests.story import at

LIST, TEAM = "security@lists.example.org", "team@example.org"
ROE, HOME, EVE = "roe@example.net", "roe@home.example.net", "eve@evil.example"
REPORT = MessageId("r1@example.net")


def planned(circle: Circle | None = None, **fields: Any) -> Letter:
    given: dict[str, Any] = {
        "message_id": REPORT, "digest": "d", "subject": "overflow", "sender": (Address("A. Roe", ROE),),
        "to": (Address("", LIST),), "date": at("2026-11-20 08:00"),
    }  # fmt: skip
    heading = Heading(**(given | fields))
    mail = Mail(heading, heading.subject, (Part("1", "text/plain", text="It overflows."),))
    reporter = author(heading, {LIST})
    return plan_reply("l", 1, mail, REPORT, reporter, circle or around(reporter), {}, (Identity(TEAM, "Team"),))


def around(reporter: Correspondent, **more: Any) -> Circle:
    return Circle(
        label="#1", reporters=frozenset({reporter.address}), clear_reporters=frozenset({reporter.address}),
        own=frozenset({TEAM}), lists=(MailingList(LIST, transport="clear"),), **more,
    )  # fmt: skip


def to(letter: Letter) -> list[tuple[str, str]]:
    return [(one.address, one.role) for one in letter.recipients if one.field == "to"]


def test_behind_a_list_that_rewrites_from_the_author_is_answered_not_the_list_twice() -> None:
    for claim in ("reply_to", "original_from"):
        made = planned(sender=(Address("A. Roe via Security", LIST),), list_post=LIST, **{claim: (Address("A. Roe", ROE),)})
        assert to(made) == [(ROE, "reporter")]
        assert [one.address for one in made.recipients if one.field == "cc"] == [LIST]


def test_a_list_that_sets_reply_to_to_itself_is_no_author() -> None:
    made = planned(reply_to=(Address("Security", LIST),), list_post=LIST)
    assert to(made) == [(ROE, "reporter")]
    other = "other-list@lists.example.com"
    assert to(planned(reply_to=(Address("", other),), list_post=other)) == [(ROE, "reporter")]


def test_an_author_who_asks_for_another_address_gets_it_there_and_here() -> None:
    """RFC 5322, 3.6.2; the reporter stays, since they are who is owed an acknowledgement."""
    assert to(planned(reply_to=(Address("A. Roe", HOME),))) == [(ROE, "reporter"), (HOME, "other")]
    assert to(planned(reply_to=(Address("A. Roe", ROE.upper()),))) == [(ROE, "reporter")]


def test_a_forged_reply_to_is_a_stranger_whom_the_guard_stops() -> None:
    """R6: that header is signed by nobody."""
    made = planned(reply_to=(Address("A. Roe", EVE),))
    found = judge(made, around(Correspondent("A. Roe", ROE)), {}, Address("Team", TEAM), None, at("2026-11-21"))
    assert (EVE, "stranger") in {(one.recipient, one.rule) for one in found.refusals}


def test_a_crowd_in_reply_to_is_not_drawn_in_and_said_in_one_sentence() -> None:
    """R4: hundreds of strangers would stand between a person and the line that matters."""
    crowd = tuple(Address("", f"p{number}@evil.example") for number in range(120))
    made = planned(reply_to=crowd)
    assert to(made) == [(ROE, "reporter")]
    (said,) = sheet_warnings(made)
    assert said.endswith("p0@evil.example, p1@evil.example, p2@evil.example and 117 more.")


def test_reply_to_brings_in_neither_us_nor_another_reporter() -> None:
    circle = around(Correspondent("A. Roe", ROE), others=frozenset({"doe@example.com"}))
    assert to(planned(circle, reply_to=(Address("", TEAM), Address("", "doe@example.com")))) == [(ROE, "reporter")]


def sheet_warnings(letter: Letter) -> tuple[str, ...]:
    found = judge(letter, around(Correspondent("A. Roe", ROE)), {}, Address("Team", TEAM), None, at("2026-11-21"))
    return tuple(one for one in found.warnings if "answer" in one)


def test_the_sheet_says_that_it_is_not_sure_whom_one_answers() -> None:
    """M7: the warning of the mail that is answered was not seen any more where it mattered."""
    assert sheet_warnings(planned()) == ()
    two = (Warned("many-from", "This mail has more than one From header."), Warned("charset", "A part is odd."))
    assert sheet_warnings(planned(warnings=two)) == ("Whom you answer is not sure: This mail has more than one From header.",)
    assert sheet_warnings(planned(sender=())) == ("Whom you answer is not sure: that mail names no sender.",)
    asks = planned(reply_to=(Address("A. Roe", EVE),))
    assert sheet_warnings(asks) == (f"That mail came from another address than it asks answers to: {EVE}.",)


def test_no_doubt_is_said_of_a_reply_to_that_names_the_sender_or_a_list() -> None:
    assert planned(reply_to=(Address("A. Roe", ROE.upper()), Address("", LIST))).doubts == ()
    rewritten = planned(sender=(Address("A. Roe via Security", LIST),), list_post=LIST, reply_to=(Address("A. Roe", ROE),))
    assert rewritten.doubts == ()


def test_a_doubt_about_a_letter_outlives_its_draft() -> None:
    letter = planned(sender=())
    assert letter_from_json(letter_to_json(letter)).doubts == letter.doubts != ()
