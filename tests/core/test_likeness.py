"""What a mailing list changes on the way is no difference; anything else is."""

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seccon.core.author import base_subject
from seccon.core.likeness import same_body, skeleton

BODY = b"Hello,\nthere is an overflow.\n"
PLAIN = b"Subject: x\nContent-Type: text/plain; charset=utf-8\n\n" + BODY
FOOTER = b"_______________________________________________\nsecurity mailing list\nhttps://lists.example/security\n"


def _multipart(*parts: bytes, boundary: bytes = b"b1") -> bytes:
    inside = b"".join(b"--" + boundary + b"\n" + part + b"\n" for part in parts)
    return b'Content-Type: multipart/mixed;\n boundary="' + boundary + b'"\n\npreamble\n' + inside + b"--" + boundary + b"--\n"


def _part(text: bytes, kind: bytes = b"text/plain", coding: bytes = b"7bit") -> bytes:
    return b"Content-Type: " + kind + b"\nContent-Transfer-Encoding: " + coding + b"\n\n" + text


@pytest.mark.parametrize(
    "copy",
    [
        PLAIN,
        PLAIN.replace(b"\n", b"\r\n"),
        b"Received: from a\nList-Id: <l>\n" + PLAIN,
        PLAIN.replace(b"overflow.", b"overflow.  "),
        PLAIN + b"\n\n" + FOOTER,
        PLAIN + b"-- \nYou get this since you are on the list.\n",
        b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(BODY + FOOTER),
        b"Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\nHello,\nthere is an over=\nflow.\n",
        _multipart(_part(BODY), _part(FOOTER)),
        _multipart(_part(BODY)),
    ],
)
def test_a_copy_that_a_list_made_is_the_same(copy: bytes) -> None:
    assert same_body(skeleton(PLAIN), skeleton(copy))
    assert same_body(skeleton(copy), skeleton(PLAIN))


@pytest.mark.parametrize(
    "other",
    [
        PLAIN.replace(b"overflow", b"underflow"),
        PLAIN + b"One more line.\n",
        PLAIN + FOOTER + b"line\n" * 10,
        PLAIN[:-4],
        PLAIN.replace(b"\n\nHello", b"\n\n____\nHello"),
        PLAIN.replace(b"overflow.\n", b"overflow.____\nfooter\n"),
        PLAIN.replace(b"text/plain", b"text/html"),
        PLAIN + b"\n" + FOOTER.replace(b"____", b"see\n____", 1),
        _multipart(_part(BODY), _part(b"An attachment.\n")),
        _multipart(_part(BODY), _part(FOOTER, b"text/html")),
        _multipart(_part(BODY), _part(FOOTER), _part(FOOTER)),
        b"Content-Type: text/html\n" + PLAIN,
        b"Subject: nothing\n\n",
        b"",
    ],
)
def test_anything_else_is_different(other: bytes) -> None:
    assert not same_body(skeleton(PLAIN), skeleton(other))
    assert not same_body(skeleton(other), skeleton(PLAIN))


def test_an_attachment_that_differs_in_its_white_space_differs() -> None:
    one, two = (_multipart(_part(base64.encodebytes(data), b"application/octet-stream", b"base64")) for data in (b"a \n", b"a\n"))
    assert not same_body(skeleton(one), skeleton(two))


@given(st.binary(max_size=400))
def test_every_mail_is_like_itself(raw: bytes) -> None:
    assert same_body(skeleton(raw), skeleton(raw))


@pytest.mark.parametrize(
    "hostile",
    [
        _multipart(*([_part(b"x")] * 20_000)),
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 5_000,
        b"Content-Type: multipart/mixed; boundary=" + b'"' * 300_000 + b"\n\n",
        b"X:" + b" \n" * 400_000,
        b"a" * 5_000_000,
        b"\n" * 2_000_000,
    ],
    ids=["parts", "depth", "quotes", "folding", "one line", "empty lines"],
)
def test_hostile_mail_costs_little(hostile: bytes) -> None:
    start = time.process_time()
    assert same_body(skeleton(hostile), skeleton(hostile))
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: [Sec] RE: Fwd:  Heap  overflow", "heap overflow"),
        ("[Sec] [PATCH 1/2] x", "x"),
        ("Re[2]: x", "x"),
        ("regarding: x", "regarding: x"),
        ("", ""),
    ],
)
def test_a_subject_is_compared_without_what_replies_and_lists_add(subject: str, bare: str) -> None:
    assert base_subject(subject) == bare


def test_a_subject_of_a_megabyte_costs_little() -> None:
    start = time.process_time()
    base_subject("re: " * 300_000)
    base_subject(" " * 1_000_000)
    assert time.process_time() - start < 0.5
