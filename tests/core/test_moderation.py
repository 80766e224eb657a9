"""Held posts out of list notices; cookies that are never shown (I4)."""

import base64
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seccon.core.ids import MessageId
from seccon.core.moderation import MASK, cookies, held_post, masked, masked_bytes, masked_heading, masked_mail, masked_source
from seccon.core.report import Address, Heading, Mail, Part

COOKIE = "61c3f0e4b7a2d98855aa1f20c9be47d3010f6e2c"
KINDS = ("mailman2", "mailman3")
POST = Heading(MessageId("post@uni.example"), "", "megasas: read", (Address("Helena", "helena@uni.example"),))
CONFIRM = Heading(MessageId("confirm@lists.example"), "", f"confirm {COOKIE}", (Address("", "sec-request@lists.example"),))
TEXT = """As list administrator, your authorization is requested for the
following mailing list posting:

    List:    Sec@lists.example
    From:    helena@uni.example
    Subject: megasas: read
     of a frame
    Reason:  Post by non-member
"""


def notice(subject: str, *parts: Part) -> Mail:
    heading = Heading(MessageId("notice@lists.example"), "d", subject, (Address("", "sec-owner@lists.example"),))
    return Mail(heading, subject, (Part("1", "text/plain", text=TEXT), *parts))


def embedded(heading: Heading, path: str = "2") -> Part:
    return Part(path, "message/rfc822", text=f"Forwarded mail\nSubject: {heading.subject}\n", forwarded=heading)


@pytest.mark.parametrize("listed", ["sec", "sec@lists.example"])
def test_a_notice_names_the_held_posts_own_id_and_author(listed: str) -> None:
    mail = notice(f"{listed} post from helena@uni.example requires\n approval", embedded(POST), embedded(CONFIRM, "3"))
    held = held_post(mail, KINDS)
    assert held is not None
    assert (held.mail, held.sender, held.subject) == ("post@uni.example", POST.sender[0], "megasas: read")
    assert held.list == "Sec@lists.example"


def test_the_mail_that_carries_the_cookie_is_not_the_post() -> None:
    mail = notice("sec post from a@b.example requires approval", embedded(CONFIRM), embedded(POST, "3"))
    held = held_post(mail, KINDS)
    assert held is not None
    assert held.mail == "post@uni.example"


def test_a_notice_that_embeds_nothing_names_the_post_in_its_text() -> None:
    text = "List: sec@lists.example\nFrom: a@b.example\nSubject: x\nMessage-ID: <only@b.example>\n"
    heading = Heading(MessageId("n@l"), "d", "sec@lists.example post from a@b.example requires approval")
    held = held_post(Mail(heading, heading.subject, (Part("1", "text/plain", text=text),)), KINDS)
    assert held is not None
    assert (held.mail, held.sender.address) == ("only@b.example", "a@b.example")


def test_kinds_and_subjects_that_are_none_of_a_notice_stay_mail() -> None:
    two = notice("sec post from helena@uni.example requires approval", embedded(POST))
    assert held_post(two, ("mailman3",)) is None
    assert held_post(notice("megasas: read", embedded(POST)), KINDS) is None
    assert held_post(notice("sec post from helena@uni.example requires approval"), KINDS) is None, "it names no post"


FORMS = (
    f"confirm {COOKIE}",
    f"Subject: confirm {COOKIE}",
    f"Subject: Confirm\n {COOKIE}",
    f"> Subject: Re: confirm {COOKIE}",
    f"From: sec-confirm+{COOKIE}@lists.example",
    f"https://lists.example/mailman/confirm/sec/{COOKIE}",
)


@pytest.mark.parametrize("form", FORMS)
def test_no_form_of_the_cookie_is_shown(form: str) -> None:
    shown = masked(f"before\n{form}\nafter {COOKIE.upper()}\n")
    assert COOKIE not in shown.lower()
    assert MASK in shown
    assert shown.startswith("before")


def test_no_text_of_the_mail_shows_the_cookie_wherever_it_stands() -> None:
    mail = notice(
        "sec post from helena@uni.example requires approval",
        embedded(POST),
        embedded(CONFIRM, "3"),
        Part("4", "text/plain", filename=f"{COOKIE}.txt", text=f"token={COOKIE}"),
    )
    assert COOKIE in repr(mail)
    assert COOKIE not in repr(masked_mail(mail))
    assert held_post(masked_mail(mail), KINDS) == held_post(mail, KINDS)
    assert COOKIE not in repr(masked_heading(CONFIRM))


def test_the_raw_source_shows_no_cookie_in_any_encoding() -> None:
    plain = f"Subject: confirm {COOKIE}\n\ntext\n"
    quoted = quopri.encodestring(plain.encode() * 1).decode().replace(COOKIE, f"{COOKIE[:20]}=\n{COOKIE[20:]}")
    encoded = base64.encodebytes(plain.encode()).decode()
    for source in (plain, quoted, f"Content-Transfer-Encoding: base64\n\n{encoded}\n--edge--\n"):
        shown = masked_source(source)
        assert COOKIE not in shown.replace("=\n", "")
        assert encoded not in shown
        assert MASK in shown
    assert masked_bytes(f"x {COOKIE}".encode(), [plain]) == f"x {MASK}".encode()


def test_ordinary_mail_stays_as_it_is() -> None:
    text = f"I can confirm that commit {COOKIE} is the one.\nWe confirm\nthat it is.\nSee https://git.example/{COOKIE}\n"
    assert masked(text) == text
    assert masked_source(text) == text


@given(st.text(max_size=300))
def test_masking_twice_changes_nothing_and_hides_all_that_it_finds(text: str) -> None:
    once = masked(text + f"\nconfirm {COOKIE}\n")
    assert masked(once) == once
    assert not cookies([once])
