"""Who may be the true reporter of a mail that was handed on."""

import pytest

from seccon.core.ids import MessageId
from seccon.core.relay import suggestions
from seccon.core.report import Address, Heading, Mail, Part

VENDOR = Address("PSIRT", "psirt@vendor.example")


def mail(text: str, *parts: Part, reply_to: tuple[Address, ...] = ()) -> Mail:
    heading = Heading(MessageId("r@vendor.example"), "d", "Fwd: overflow", (VENDOR,), reply_to=reply_to)
    return Mail(heading, heading.subject, (Part("1", "text/plain", text=text), *parts))


@pytest.mark.parametrize(
    "text",
    [
        "---------- Forwarded message ----------\nFrom: Emeka Nwosu <emeka@host.example>\nSubject: x\n",
        "> From: Emeka Nwosu <emeka@host.example>\n> Hello",
        "Original report by Emeka Nwosu <emeka@host.example>, last week.",
        "Please treat\nEmeka Nwosu <emeka@host.example> as the reporter and copy us.",
        "Reported-by: Emeka Nwosu <emeka@host.example>",
    ],
)
def test_the_mail_names_the_reporter_and_says_where(text: str) -> None:
    (found,) = suggestions(mail(text))
    assert (found.who.name, found.who.address) == ("Emeka Nwosu", "emeka@host.example")
    assert found.who.claimed
    assert found.evidence


def test_the_author_of_an_attached_mail_comes_first() -> None:
    inner = Heading(MessageId("i@host.example"), "", "x", (Address("Emeka", "emeka@host.example"),))
    attached = Part("2", "message/rfc822", forwarded=inner)
    found = suggestions(mail("From: Other <other@x.example>", attached, reply_to=(Address("", "desk@vendor.example"),)))
    assert [one.who.address for one in found] == ["emeka@host.example", "other@x.example", "desk@vendor.example"]


def test_neither_the_sender_nor_our_own_addresses_are_suggested() -> None:
    text = "From: PSIRT <PSIRT@vendor.example>\nFrom: Team <security@team.example>\n"
    assert suggestions(mail(text), ours=["Security@team.example"]) == ()


def test_what_is_no_address_that_we_write_to_is_not_suggested() -> None:
    assert suggestions(mail("From: Eve <-oQ/tmp/x@host.example>\nFrom: Eve <a\x1b@x>")) == ()


def test_a_very_long_mail_is_looked_at_in_time() -> None:
    assert suggestions(mail("From: " + "a" * 200_000 + "\n" + "reported by " * 50_000)) == ()
